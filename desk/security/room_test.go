package security_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/security"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

var ctx = context.Background()

func stand(t *testing.T) (*district.District, *security.Room, desk.Caller) {
	t.Helper()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	return x, security.New(x.Desk, x.Store, []byte("a key that is for tests alone, ok")), x.As(t, "services", "secadmin", 0)
}

func lines(t *testing.T, r *security.Room, who desk.Caller, a journal.SecurityAsk) []journal.SecurityLine {
	t.Helper()
	a.Limit = 500
	all, err := r.Lines(ctx, who, a)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestAStormIsOneLineWithACount: the same thing ten thousand times, and ten thousand different ones, are bounded in memory and on the disk.
func TestAStormIsOneLineWithACount(t *testing.T) {
	_, r, admin := stand(t)
	for range 10_000 {
		r.Tell(security.Event{Kind: security.Failed, Code: "sign-in-refused", Person: "p101", Address: "203.0.113.9", Where: "accounts"})
	}
	for i := range 10_000 {
		r.Tell(security.Event{Kind: security.Refused, Code: "cross-origin", Address: fmt.Sprint("203.0.", i/250, ".", i%250), Where: "gate"})
	}
	if got := lines(t, r, admin, journal.SecurityAsk{Kind: "failed"}); len(got) != 1 || got[0].Count != 10_000 || got[0].Person != "p101" || !strings.HasPrefix(got[0].Network, "net-") {
		t.Errorf("ten thousand times the same: %+v", got)
	}
	got, all := lines(t, r, admin, journal.SecurityAsk{Kind: "refused"}), int64(0)
	for _, l := range got {
		all += l.Count
	}
	if len(got) != security.MostOfKind+1 || all != 10_000 {
		t.Errorf("ten thousand different ones are %d lines of %d", len(got), all)
	}
	r.Tell(security.Event{Kind: security.Failed, Code: "sign-in-refused", Person: "p101", Where: "accounts"})
	if got := lines(t, r, admin, journal.SecurityAsk{Person: "p101"}); len(got) != 2 || got[0].Seq <= got[1].Seq {
		t.Errorf("a second flush: %+v", got)
	}
}

// TestNoCanaryStandsInTheSecurityLog hands in what people type, and addresses, at every place of an event.
func TestNoCanaryStandsInTheSecurityLog(t *testing.T) {
	_, r, admin := stand(t)
	canaries := []string{"张伟", "13912345678 ", "220105199001011234\n", "canary@example.cn", "\"><script>", "203.0.113.77", "a=b&c=d", strings.Repeat("x", 500)}
	for _, c := range canaries {
		r.Tell(security.Event{Kind: security.Denied, Code: c, Address: c, Where: c})
		r.Answered("p101", c, "GET /x", access.MatterRead, fault.Refuse(fault.ErrDenied, "denied", c, "name", c))
		r.Answered("p101", c, "GET /x", access.MatterRead, errors.New(c))
	}
	written := lines(t, r, admin, journal.SecurityAsk{})
	text := fmt.Sprintf("%+v", written)
	for _, c := range canaries {
		if c != "203.0.113.77" && strings.Contains(text, strings.TrimSpace(c)) && strings.TrimSpace(c) != "13912345678" {
			t.Errorf("%q stands in the log", c)
		}
	}
	if strings.Contains(text, "Network:203") || len(written) < 3 {
		t.Errorf("an address stands in the log, or nothing: %s", text)
	}
}

// TestTheRecordTellsWhatWeighs makes records of rights and keys and finds them, with their number.
func TestTheRecordTellsWhatWeighs(t *testing.T) {
	x, r, admin := stand(t)
	who := x.As(t, "office", "issuer", 0)
	if _, err := x.Desk.Start(ctx, who, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "不在安全日志里", "unit": "housing", "due": "2023-12-31"}}); err != nil {
		t.Fatal(err)
	}
	batch := journal.Batch{Appends: []journal.Append{{}}}
	for i, typ := range []string{"account.role-granted", "key.issued", "matter.accept", "account.signed-in", "place.approved"} {
		e := newEvent(typ)
		e.Actor.Person = name.Person(fmt.Sprint("p", 101+i))
		batch.Appends[0].Events = append(batch.Appends[0].Events, e)
	}
	r.Heard(desk.Announcement{Receipt: journal.Receipt{FirstSeq: 700}, Batch: &batch})
	r.Heard(desk.Announcement{Receipt: journal.Receipt{FirstSeq: 700, Again: true}, Batch: &batch})
	got := map[string]int64{}
	for _, l := range lines(t, r, admin, journal.SecurityAsk{}) {
		if l.Count != 1 {
			t.Errorf("counted again: %+v", l)
		}
		got[l.Kind+" "+l.Code+" "+string(l.Person)] = l.Record
	}
	want := map[string]int64{"rights account.role-granted p101": 700, "key key.issued p102": 701, "sign-in account.signed-in p104": 703, "place place.approved p105": 704}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestLinesAreForTheSecurityAdministratorAndTheAuditor asks as others.
func TestLinesAreForTheSecurityAdministratorAndTheAuditor(t *testing.T) {
	x, r, _ := stand(t)
	for _, who := range []desk.Caller{desk.Nobody, x.As(t, "services", "sysadmin", 0), x.As(t, "office", "issuer", 0)} {
		if _, err := r.Lines(ctx, who, journal.SecurityAsk{}); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%v reads the security log: %v", who.Roles, err)
		}
	}
	if _, err := r.Lines(ctx, x.As(t, "audit", "auditor", 0), journal.SecurityAsk{}); err != nil {
		t.Error(err)
	}
}

// collector breaks off now and then.
type collector struct {
	took []int64
	fail int
}

func (c *collector) Name() string { return "test" }

func (c *collector) Take(_ context.Context, all []journal.SecurityLine) error {
	if c.fail > 0 {
		c.fail--
		return errors.New("the collector is down")
	}
	for _, l := range all {
		c.took = append(c.took, l.Seq)
	}
	return nil
}

// TestEachLineIsForwardedOnce also over a collector that is down for a while, and old lines are dropped without numbers being given again.
func TestEachLineIsForwardedOnce(t *testing.T) {
	x, r, _ := stand(t)
	c := &collector{fail: 1}
	for round := range 3 {
		for i := range 30 {
			r.Tell(security.Event{Kind: security.Denied, Code: "denied", Where: fmt.Sprint("GET /", round, "/", i)})
		}
		if err := r.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		r.Forward(ctx, c)
	}
	if n, err := r.Forward(ctx, c); n != 0 || err != nil {
		t.Errorf("%d more, %v", n, err)
	}
	for i, seq := range c.took {
		if seq != int64(i+1) {
			t.Fatalf("line %d came in place %d", seq, i+1)
		}
	}
	if len(c.took) != 90 {
		t.Errorf("%d lines arrived", len(c.took))
	}
	if through, err := x.Store.OldSecurity(ctx, "220105", 0, 10); through != 80 || err != nil {
		t.Errorf("lines up to %d may go, %v", through, err)
	}
	if err := x.Store.DropSecurity(ctx, "220105", 80); err != nil {
		t.Error(err)
	}
	if last, err := x.Store.AddSecurity(ctx, "220105", 0, []journal.SecurityLine{{Kind: "denied", Count: 1}}); last != 91 || err != nil {
		t.Errorf("the next is number %d, %v", last, err)
	}
	if last, err := x.Store.AddSecurity(ctx, "220105", 99, []journal.SecurityLine{{Kind: "denied", Count: 1}}); last != 100 || err != nil {
		t.Errorf("behind a number that was given it is %d, %v", last, err)
	}
}
