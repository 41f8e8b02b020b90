package accounts_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/desk"
	. "bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/desk/notices"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/ground/password"
	"bihuan/internal/bar"
	"bihuan/kernel/account"
	"bihuan/kernel/notice"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// ground is what every room of these tests stands on: the pack that has the persons, and a database in which it is installed, built once.
type ground struct {
	world desk.World
	file  []byte
}

const opened = 1_700_000_000_000_000 // µs

var built = sync.OnceValues(func() (g ground, err error) {
	g.world = desk.World{District: "220105", Now: func() int64 { return opened }, Chance: func(b []byte) { rand.Read(b) }}
	if g.world.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return g, err
	}
	if g.world.Packs, err = pack.Load(packs.FS, "erdao"); err != nil {
		return g, err
	}
	dir, err := os.MkdirTemp("", "accounts")
	if err != nil {
		return g, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return g, err
	}
	_, err = desk.InstallPacks(context.Background(), st, g.world, g.world.Packs, name.System)
	if err = errors.Join(err, st.Close()); err == nil {
		g.file, err = os.ReadFile(path)
	}
	return g, err
})

// room is the accounts of a real desk and store.
type room struct {
	*Room
	t    *testing.T
	now  atomic.Int64
	desk *desk.Desk
}

const good = "Vq8-tundra-Km2"

// stand opens a room whose hashes cost what is said.
func stand(t *testing.T, cost password.Cost, l Limits) *room {
	t.Helper()
	r := &room{t: t}
	r.now.Store(opened)
	b, err := built()
	r.must(err)
	path := filepath.Join(t.TempDir(), "a.db")
	r.must(os.WriteFile(path, b.file, 0o600))
	st, err := store.Open(path, store.Options{})
	r.must(err)
	t.Cleanup(func() { st.Close() })
	w := b.world
	w.Now = r.now.Load
	r.desk, err = desk.Open(t.Context(), st, w)
	r.must(err)
	r.Room, err = New(Config{Desk: r.desk, Store: st, Policy: w.Policy, Chance: w.Chance, Keys: []Key{{Secret: []byte("a key of accounts for tests only")}}, Cost: cost, Limits: l, Vouched: true})
	r.must(err)
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func seedOf(p name.Person) (s otp.Seed) {
	copy(s[:], "a seed that is "+string(p)+"'s for tests")
	return s
}

// people gives persons of the directory accounts that can be signed in to by hand.
func (r *room) people(all ...name.Person) {
	r.t.Helper()
	var in []Newcomer
	for _, p := range all {
		in = append(in, Newcomer{Person: p, Roles: r.desk.Directory().Person(p).Roles, Natural: string(p)})
	}
	r.must(r.Import(r.t.Context(), in))
	for _, p := range all {
		_, err := r.Furnish(r.t.Context(), p, good, seedOf(p))
		r.must(err)
	}
}

func (r *room) code(p name.Person) string {
	return otp.Code(otp.SHA1, seedOf(p), otp.StepAt(r.now.Load()))
}

func (r *room) try(login, password, code, address string) error {
	_, err := r.Check(r.t.Context(), Typed{Login: login, Password: password, Code: code, Address: address})
	return err
}

func (r *room) forward(d time.Duration) { r.now.Add(d.Microseconds()) }

var cheap = password.Cost{Time: 1, Memory: 64}

func says(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return fmt.Sprint(err)
}

// TestBar_A06_FiveFailuresLockHalfAnHour: guessing is stopped by name and by network, and a lock ends by itself and stands in the log.
func TestBar_A06_FiveFailuresLockHalfAnHour(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	const from = "192.0.2.7:999"
	for n := range 5 {
		if got := says(r.try("p112", "wrong-Wrong-"+strconv.Itoa(n), r.code("p112"), from)); got != "sign-in-refused" {
			t.Fatalf("guess %d: %s", n, got)
		}
	}
	if got := says(r.try("p112", good, r.code("p112"), "198.51.100.1:1")); got != "sign-in-refused" {
		t.Errorf("locked, the right password from elsewhere: %s", got)
	}
	r.must(r.Settle(t.Context()))
	a, err := r.ByPerson(t.Context(), "p112")
	r.must(err)
	if !a.IsLocked(r.now.Load()) {
		t.Error("the log does not know of the lock")
	}
	r.forward(29 * time.Minute)
	if got := says(r.try("p112", good, r.code("p112"), from)); got != "sign-in-refused" {
		t.Errorf("a minute before the lock ends: %s", got)
	}
	r.forward(32 * time.Minute)
	if err := r.try("p112", good, r.code("p112"), from); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if got := says(r.try("p112", good, r.code("p112"), from)); got != "sign-in-refused" {
		t.Errorf("a code a second time: %s", got)
	}
	guesses, busy := 0, error(nil)
	for n := range 200 {
		err := r.try(fmt.Sprint("nobody", n), "x", "000000", "2001:db8::"+strconv.FormatInt(int64(n+1), 16))
		if _, ok := errors.AsType[*doors.Busy](err); ok {
			busy = err
			break
		}
		guesses++
	}
	if busy == nil || guesses != 100 {
		t.Errorf("%d guesses from one network of IPv6: %v", guesses, busy)
	}
	bar.Report(t, "A-06", "5 failures lock a name for 30 min, also for the right password; %d failures from one network stop it", guesses)
}

// TestNamesAreNotTold: a name that somebody has and one that nobody has are refused alike, with a wrong password and with a locked
// account. That it takes alike long is measured by TestBar_A06_NamesAreNotTold, which wants a quiet machine.
// TestOneResidentsGuessesLockNobodyElse: residents have no name to sign in with, and each is counted by themselves.
func TestOneResidentsGuessesLockNobodyElse(t *testing.T) {
	r := stand(t, cheap, Limits{})
	ctx := t.Context()
	enter := func(number string) (v Visit, code string) {
		t.Helper()
		a, err := r.Newcome(ctx, account.Factor{ID: number, Kind: account.OneTimeCode}, []byte(number))
		r.must(err)
		if len(a.Factors) != 1 || a.Factors[0].Added != r.now.Load() {
			t.Errorf("a resident comes with %+v", a.Factors)
		}
		s, err := r.SignIn(ctx, Proof{Account: a.ID, Proven: []account.FactorKind{account.OneTimeCode}})
		r.must(err)
		v, err = r.Visit(ctx, s.Secret, "zh")
		r.must(err)
		codes, err := r.NewRecovery(ctx, v)
		r.must(err)
		v, err = r.Visit(ctx, s.Secret, "zh")
		r.must(err)
		return v, codes[0]
	}
	one, own := enter("13800000001")
	other, code := enter("13800000002")
	for range 9 { // somebody who is nobody, with codes that were sent and with invitations
		_ = r.Wrong("203.0.113.1:1")
		_, _ = r.Pending(ctx, "no such invitation", "203.0.113.1:1")
	}
	for n := range 5 {
		if _, err := r.CheckAgain(ctx, one, "000000", "192.0.2.7:1"); says(err) == "sign-in-refused" && n < 4 {
			t.Errorf("guess %d is refused like a locked one", n+1)
		}
	}
	if _, err := r.CheckAgain(ctx, one, own, "192.0.2.7:1"); says(err) != "sign-in-refused" {
		t.Errorf("after five guesses: %v", err)
	}
	if kind, err := r.CheckAgain(ctx, other, code, "192.0.2.8:1"); err != nil || kind != account.Recovery {
		t.Errorf("somebody else: %v", err)
	}
}

// TestAPasswordThatIsTooOldOpensNothing: not by a role that was granted besides either; see [desk.Caller.Waits].
func TestAPasswordThatIsTooOldOpensNothing(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	r.Profile.Days = 90
	a, err := r.ByPerson(t.Context(), "p112")
	r.must(err)
	for _, c := range []struct {
		days  time.Duration
		waits bool
	}{{89, false}, {2, true}} {
		r.forward(c.days * 24 * time.Hour)
		s, err := r.SignIn(t.Context(), Proof{Account: a.ID, Proven: []account.FactorKind{account.Password, account.TOTP}})
		r.must(err)
		v, err := r.Visit(t.Context(), s.Secret, "zh")
		r.must(err)
		if v.Waits != c.waits || (len(v.Roles) == 0) != c.waits {
			t.Errorf("after %d days more: %+v", c.days, v.Caller)
		}
	}
}

// TestGuessingTheOldPasswordEndsTheSession, and is not told as a change.
func TestGuessingTheOldPasswordEndsTheSession(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	s, err := r.ActAs(t.Context(), "p112")
	r.must(err)
	v, err := r.Visit(t.Context(), s.Secret, "zh")
	r.must(err)
	for n, want := range []string{"password-wrong", "password-wrong", "password-wrong", "password-wrong", "sign-in-refused"} {
		if got := says(r.ChangePassword(t.Context(), v, "wrong-Wrong-1", "Np4-glacier-Rw9", "192.0.2.7:1")); got != want {
			t.Errorf("guess %d: %s", n+1, got)
		}
	}
	if _, err := r.Visit(t.Context(), s.Secret, "zh"); err == nil {
		t.Error("the session goes on")
	}
}

func TestNamesAreNotTold(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	for n := range 8 {
		had, none := r.try("p112", "wrong-Wrong-1", r.code("p112"), "192.0.2.7:1"), r.try("p999", "wrong-Wrong-1", "123456", "192.0.2.8:1")
		if says(had) != "sign-in-refused" || had.Error() != none.Error() {
			t.Errorf("try %d: %v and %v", n, had, none)
		}
	}
}

// TestBar_A06_SessionsEnd: by themselves when nobody uses them, at their end however much they are used, and all at once with the
// account, while requests are under way.
func TestBar_A06_SessionsEnd(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112", "p118")
	ctx := t.Context()
	enter := func() string {
		s, err := r.ActAs(ctx, "p112")
		r.must(err)
		return s.Secret
	}
	in := func(secret string) bool {
		_, err := r.Visit(ctx, secret, "zh")
		return err == nil
	}
	idle := enter()
	r.forward(14 * time.Minute)
	if !in(idle) {
		t.Error("a session ended after 14 minutes")
	}
	r.forward(14 * time.Minute)
	if !in(idle) {
		t.Error("a session that is used ended")
	}
	r.forward(15 * time.Minute)
	if in(idle) {
		t.Error("a session lives on 15 minutes after it was used")
	}
	long := enter()
	for range 71 {
		r.forward(10 * time.Minute)
		if !in(long) {
			t.Fatal("a session that is used ended before 12 hours")
		}
	}
	r.forward(11 * time.Minute)
	if in(long) {
		t.Error("a session lives longer than 12 hours")
	}
	sys, err := r.ActAs(ctx, "p118")
	r.must(err)
	who, err := r.Caller(ctx, sys.Secret, "zh")
	r.must(err)
	a, err := r.ByPerson(ctx, "p112")
	r.must(err)
	const many = 500
	var secrets []string
	for range 20 {
		secrets = append(secrets, enter())
	}
	var ended atomic.Bool
	var late atomic.Int64
	var wg sync.WaitGroup
	for n := range many {
		wg.Go(func() {
			for range 8 {
				after := ended.Load()
				if in(secrets[n%len(secrets)]) && after {
					late.Add(1)
				}
			}
		})
	}
	r.must(r.Disable(ctx, who, a.ID, "离职"))
	ended.Store(true)
	wg.Wait()
	if late.Load() != 0 {
		t.Errorf("%d requests were let in after the account was disabled", late.Load())
	}
	if _, err := r.ActAs(ctx, "p112"); err == nil {
		t.Error("a disabled account signs in")
	}
	bar.Report(t, "A-06", "sessions end after 15 min idle and 12 h, and %d of a disabled account at once under %d readers, 0 let in afterwards", len(secrets), many)
}

// TestBar_A06_NoWayWithoutTheSecondFactor: every set of proven factors that is worth less than two sorts is refused for staff.
func TestBar_A06_NoWayWithoutTheSecondFactor(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	a, err := r.ByPerson(t.Context(), "p112")
	r.must(err)
	kinds := []account.FactorKind{account.Password, account.TOTP, account.Recovery, account.OIDC, account.OneTimeCode}
	let, refused := 0, 0
	for set := range 1 << len(kinds) {
		var p []account.FactorKind
		knows, has := false, false
		for i, k := range kinds {
			if set>>i&1 == 1 {
				p = append(p, k)
				knows = knows || k == account.Password || k == account.OIDC
				has = has || k == account.TOTP || k == account.Recovery || k == account.OneTimeCode
			}
		}
		_, err := r.SignIn(t.Context(), Proof{Account: a.ID, Proven: p})
		if (err == nil) != (knows && has) {
			t.Errorf("%v: %v", p, err)
		}
		if err == nil {
			let++
		} else {
			refused++
		}
	}
	bar.Report(t, "A-06", "%d sets of factors: %d with something known and something had let staff in, %d others refused", let+refused, let, refused)
}

// TestAccountsThatRestAreDisabled: a person who has not signed in for long is told, and a week later the account is disabled, unless
// they came; the three administrators stay.
func TestAccountsThatRestAreDisabled(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112", "p114", "p118")
	r.Vouched = false
	ctx := t.Context()
	state := func(p name.Person) account.State {
		a, err := r.ByPerson(ctx, p)
		if errors.Is(err, fault.ErrNotFound) {
			return account.Disabled
		}
		r.must(err)
		return a.State
	}
	retire := func(days int) {
		t.Helper()
		r.forward(time.Duration(days) * 24 * time.Hour)
		r.must(r.Retire(ctx))
	}
	warned := func(p name.Person) bool {
		all, err := r.Of(ctx, p)
		r.must(err)
		return all[0].Warned > all[0].Rested()
	}
	if retire(82); warned("p112") {
		t.Error("told after 82 days")
	}
	if retire(1); !warned("p112") || state("p112") != account.Active {
		t.Errorf("after 83 days: told %t, %s", warned("p112"), state("p112"))
	}
	r.must(r.try("p114", good, r.code("p114"), "192.0.2.1:1"))
	b, err := r.ByPerson(ctx, "p114")
	r.must(err)
	signed, err := r.SignIn(ctx, Proof{Account: b.ID, Proven: []account.FactorKind{account.Password, account.TOTP}, Address: "192.0.2.1:1"})
	r.must(err)
	retire(7)
	if got := []account.State{state("p112"), state("p114"), state("p118")}; got[0] != account.Disabled || got[1] != account.Active || got[2] != account.Active {
		t.Errorf("after 90 days one who rested, one who came and an administrator are %s", got)
	}
	if signed.Account.Seen == 0 {
		t.Error("signing in is not seen")
	}
}

// TestANewNetworkIsSeen: the first network of an account is no news, every other one is, once.
func TestANewNetworkIsSeen(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	r.Vouched = false
	a, err := r.ByPerson(t.Context(), "p112")
	r.must(err)
	for _, c := range []struct {
		address string
		news    bool
	}{{"192.0.2.1:1", false}, {"192.0.2.1:77", false}, {"198.51.100.9:1", true}, {"192.0.2.1:1", false}, {"198.51.100.9:2", false}, {"[2001:db8::1]:1", true}, {"[2001:db8::2]:1", false}} {
		_, err := r.SignIn(t.Context(), Proof{Account: a.ID, Proven: []account.FactorKind{account.Password, account.TOTP}, Address: c.address})
		r.must(err)
		events, err := r.Store.Events(t.Context(), a.ID, 0)
		r.must(err)
		last := events[len(events)-1]
		if got := strings.Contains(string(last.Body), `"new":true`); last.Type != account.TypeSignedIn || got != c.news {
			t.Errorf("from %s: %s %s, news %t", c.address, last.Type, last.Body, c.news)
		}
		if strings.Contains(string(last.Body), "192.0") {
			t.Errorf("the log has an address: %s", last.Body)
		}
	}
}

// TestAPasswordThatEndsIsToldOf: a week before and on the last day, once each however often the scheduler looks; a new password begins anew, and
// under a profile whose passwords do not end nobody is told.
func TestAPasswordThatEndsIsToldOf(t *testing.T) {
	r := stand(t, cheap, Limits{Dormant: int64(1000 * 24 * time.Hour / time.Microsecond)})
	r.people("p112", "p114")
	r.Vouched = false
	told := func(p name.Person) (n int) {
		t.Helper()
		all, err := r.Of(t.Context(), p)
		r.must(err)
		events, err := r.Store.Events(t.Context(), all[0].ID, 0)
		r.must(err)
		for _, e := range events {
			if e.Type == account.TypeAgeing {
				n++
			}
		}
		return n
	}
	step := func(hours int, want int) {
		t.Helper()
		r.forward(time.Duration(hours) * time.Hour)
		for range 2 {
			r.must(r.Retire(t.Context()))
			r.forward(2 * time.Hour)
		}
		if got := told("p112"); got != want {
			t.Errorf("%d hours on p112 has been told %d times, want %d", hours, got, want)
		}
	}
	kept := r.Store.(*store.Store)
	inbox := notices.New(notices.Config{Desk: r.desk, Store: kept, Holder: "test", Chance: func(b []byte) { clear(b) }, Secret: []byte("secret")})
	r.must(inbox.Tick(t.Context())) // it begins at the log's end
	step(82*24, 0)                  // 82 days and four hours
	step(22, 1)                     // 83 days and six
	step(3*24, 1)                   // still one
	step(2*24+20, 2)                // on the last day
	step(4, 2)                      // not a third time
	r.must(inbox.Tick(t.Context()))
	read, err := kept.Notices(t.Context(), "220105", notice.Asked{Person: "p112", Limit: 10})
	r.must(err)
	if len(read) != 2 || !strings.Contains(inbox.Text(&read[0], "zh"), "请提前到“我的账号”修改") || read[0].Facts.Due == 0 {
		t.Errorf("p112 reads %+v", read)
	}
	a, err := r.ByPerson(t.Context(), "p112")
	r.must(err)
	if r.EndsSoon(&a) == 0 || r.PasswordEnds(&a) != a.Changed+int64(90*24*time.Hour/time.Microsecond) {
		t.Errorf("the password of %d ends at %d", a.Changed, r.PasswordEnds(&a))
	}
	step(24, 2) // it has ended: the door asks for another
	if r.EndsSoon(&a) != 0 {
		t.Error("what has ended is said to end soon")
	}
	r.Profile = password.ASVS
	if r.PasswordEnds(&a) != 0 {
		t.Error("a password ends that never does")
	}
}
