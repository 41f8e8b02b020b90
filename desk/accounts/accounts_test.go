package accounts_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/desk"
	. "bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/ground/password"
	"bihuan/internal/bar"
	"bihuan/kernel/account"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

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
	r.now.Store(1_700_000_000_000_000)
	st, err := store.Open(filepath.Join(t.TempDir(), "a.db"), store.Options{})
	r.must(err)
	t.Cleanup(func() { st.Close() })
	w := desk.World{District: "220105", Now: r.now.Load, Chance: func(b []byte) { rand.Read(b) }}
	w.Policy, err = pack.ReadPolicy(packs.FS)
	r.must(err)
	w.Packs, err = pack.Load(packs.FS)
	r.must(err)
	_, err = desk.InstallPacks(t.Context(), st, w, w.Packs, name.System)
	r.must(err)
	r.desk, err = desk.Open(t.Context(), st, w)
	r.must(err)
	r.Room, err = New(Config{Desk: r.desk, Store: st, Policy: w.Policy, Chance: w.Chance, Key: []byte("a key of accounts for tests only"), Cost: cost, Limits: l, Vouched: true})
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

// TestBar_A06_NamesAreNotTold compares names that somebody has with names that nobody has: the refusals are the same, and the time
// they take differs by less than it differs among themselves.
func TestBar_A06_NamesAreNotTold(t *testing.T) {
	tries := 300
	if bar.Nightly() {
		tries = 1000
	}
	r := stand(t, password.Cost{Time: 1, Memory: 2 << 10}, Limits{Tries: 1 << 30, Network: 1 << 30})
	r.people("p112")
	var had, none []float64
	for range tries {
		for _, login := range []string{"p112", "p999"} {
			start := time.Now()
			if got := says(r.try(login, "wrong-Wrong-1", "123456", "192.0.2.7:1")); got != "sign-in-refused" {
				t.Fatalf("%s: %s", login, got)
			}
			took := float64(time.Since(start).Microseconds())
			if login == "p112" {
				had = append(had, took)
			} else {
				none = append(none, took)
			}
		}
	}
	slices.Sort(had)
	slices.Sort(none)
	mid := func(x []float64, q float64) float64 { return x[int(q*float64(len(x)-1))] }
	differ, noise := mid(had, .5)-mid(none, .5), max(mid(had, .9)-mid(had, .1), mid(none, .9)-mid(none, .1))
	if max(differ, -differ) > noise {
		t.Errorf("a name that somebody has takes %.0f µs longer, and the noise is %.0f µs", differ, noise)
	}
	bar.Report(t, "A-06", "%d tries each: one refusal for all, medians differ by %.0f µs within a noise of %.0f µs", tries, differ, noise)
}

// TestBar_A06_AStormIsBoundedInMemory has far more people sign in at once than can be hashed: memory stays below the bar, and whoever
// cannot be served is told to come again.
func TestBar_A06_AStormIsBoundedInMemory(t *testing.T) {
	r := stand(t, password.Usual, Limits{Tries: 1 << 30, Network: 1 << 30})
	r.people("p112")
	const storm = 500
	var shed, answered, most atomic.Int64
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			most.Store(max(most.Load(), resident()))
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for n := range storm {
		wg.Go(func() {
			_, err := r.Check(ctx, Typed{Login: "p112", Password: "wrong-Wrong-1", Code: "123456", Address: fmt.Sprintf("10.0.%d.%d:1", n/250, n%250)})
			if _, ok := errors.AsType[*doors.Busy](err); ok {
				shed.Add(1)
			} else if says(err) == "sign-in-refused" {
				answered.Add(1)
			}
		})
	}
	wg.Wait()
	close(stop)
	watch.Wait()
	mb := most.Load() >> 20
	if mb >= 512 || shed.Load()+answered.Load() != storm || shed.Load() == 0 || answered.Load() == 0 {
		t.Errorf("%d MB resident, %d shed, %d answered", mb, shed.Load(), answered.Load())
	}
	bar.Report(t, "A-06", "%d sign-ins at once: at most %d MB resident, %d answered, %d told to come again", storm, mb, answered.Load(), shed.Load())
}

// resident is the memory of this process in bytes; what the runtime has taken where the system does not tell.
func resident() int64 {
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := strings.Fields(string(b)); len(f) > 1 {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n * int64(os.Getpagesize())
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
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
			for range 40 {
				after := ended.Load()
				if in(secrets[n%len(secrets)]) && after {
					late.Add(1)
				}
			}
		})
	}
	start := time.Now()
	r.must(r.Disable(ctx, who, a.ID, "离职"))
	ended.Store(true)
	took := time.Since(start)
	wg.Wait()
	if late.Load() != 0 || took > time.Second {
		t.Errorf("%d requests were let in after the account was disabled, which took %v", late.Load(), took)
	}
	if _, err := r.ActAs(ctx, "p112"); err == nil {
		t.Error("a disabled account signs in")
	}
	bar.Report(t, "A-06", "sessions end after 15 min idle and 12 h, and %d of a disabled account within %v under %d readers, 0 let in afterwards", len(secrets), took.Round(time.Millisecond), many)
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
