package security_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bihuan/desk/security"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"context"
)

// tell writes so many different lines down, a flush each.
func tell(t *testing.T, r *security.Room, from, n int) {
	t.Helper()
	for i := range n {
		r.Tell(security.Event{Kind: security.Denied, Code: "denied", Person: "p101", Address: "203.0.113.9", Where: fmt.Sprint("GET /", from+i)})
		if err := r.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

func seal(t *testing.T, r *security.Room) {
	t.Helper()
	if err := r.Seal(ctx); err != nil {
		t.Fatal(err)
	}
}

// found verifies the record and says what is wrong with the security log, empty if nothing is.
func found(t *testing.T, x *district.District) string {
	t.Helper()
	var trial security.Trial
	replay := x.Desk.Replay()
	security.KeepSeals(replay)
	r, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error {
		trial.Take(&e.Event)
		return replay.Each(ctx, &e.Event)
	})
	if err != nil || r.Flaw != nil {
		t.Fatalf("the record: %v, %v", r.Flaw, err)
	}
	if seq, why, err := replay.End(ctx); seq != 0 || err != nil {
		t.Fatalf("record %d: %s, %v", seq, why, err)
	}
	err = trial.End(ctx, x.Store, x.Desk.District())
	var flaw *ledger.Flaw
	if err != nil && (!errors.As(err, &flaw) || flaw.Code != security.FlawSecurity) {
		t.Fatal(err)
	}
	if flaw == nil {
		return ""
	}
	return flaw.Text
}

// TestBar_V01_TheSecurityLogIsHeldByTheRecord has somebody with every right over the database alter, delete, add and move lines of the security log:
// verifying names the lines, and names none where nobody did.
func TestBar_V01_TheSecurityLogIsHeldByTheRecord(t *testing.T) {
	for _, c := range []struct{ what, sql, lines string }{
		{"nobody", "SELECT 1", ""},
		{"another count", "UPDATE security SET times = 1000 WHERE seq = 7", "lines 6 to 10 "},
		{"another person", "UPDATE security SET person = 'p102' WHERE seq = 1", "lines 1 to 1 "},
		{"another kind", "UPDATE security SET kind = 'sign-in' WHERE seq = 12", "lines 11 to 15 "},
		{"another code", "UPDATE security SET code = 'many' WHERE seq = 12", "lines 11 to 15 "},
		{"another network", "UPDATE security SET network = '' WHERE seq = 12", "lines 11 to 15 "},
		{"another route", "UPDATE security SET route = 'GET /' WHERE seq = 12", "lines 11 to 15 "},
		{"another record", "UPDATE security SET record = 3 WHERE seq = 12", "lines 11 to 15 "},
		{"another beginning", "UPDATE security SET since = since + 1 WHERE seq = 12", "lines 11 to 15 "},
		{"another end", "UPDATE security SET until = until + 1 WHERE seq = 12", "lines 11 to 15 "},
		{"one is gone", "DELETE FROM security WHERE seq = 8", "lines 6 to 10 "},
		{"the first are gone", "DELETE FROM security WHERE seq < 8", "lines 1 to 1 "},
		{"the last are gone", "DELETE FROM security WHERE seq > 13", "lines 11 to 15 "},
		{"all are gone", "DELETE FROM security", "lines 1 to 1 "},
		{"two change places", "UPDATE security SET seq = CASE seq WHEN 4 THEN 904 ELSE 905 END WHERE seq IN (4, 5)", "lines 2 to 5 "},
		{"one moves to the end", "UPDATE security SET seq = 18 WHERE seq = 3", "lines 2 to 5 "},
		{"the last is another, too new to be sealed by a process before", "UPDATE security SET person = 'p102' WHERE seq = 17", "lines 16 to 17 "},
	} {
		x, r, _ := stand(t)
		for i := range 3 {
			tell(t, r, 5*i, 5)
			x.Clock.Forward(time.Minute)
			seal(t, r)
		}
		tell(t, r, 15, 2) // not sealed yet
		x.Exec(t, c.sql)
		seal(t, r)
		if got := found(t, x); !strings.HasPrefix(got, c.lines) || c.lines == "" && got != "" {
			t.Errorf("%s: %q", c.what, got)
		}
	}
}

// TestSealsAreMadeInTime: what is written is sealed at once by a process that has sealed nothing, then once an hour, then when it ends; a process
// after it goes on where it was, and what somebody did between both is found.
func TestSealsAreMadeInTime(t *testing.T) {
	x, r, _ := stand(t)
	seals := func() (n int64) {
		t.Helper()
		page, err := x.Store.Rows(ctx, journal.Query{Log: x.Desk.District(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{security.SealKind}, Limit: 2})
		if err != nil || len(page.Rows) > 1 {
			t.Fatal(page.Rows, err)
		}
		for _, row := range page.Rows {
			n = row.Version
		}
		return n
	}
	for _, step := range []struct {
		after time.Duration
		lines int
		want  int64
	}{{0, 0, 0}, {0, 1, 1}, {59 * time.Minute, 3, 1}, {time.Minute, 0, 2}, {5 * time.Hour, 0, 2}, {0, 1, 3}, {time.Minute, 2, 3}} {
		x.Clock.Forward(step.after)
		tell(t, r, 0, step.lines)
		if err := r.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if got := seals(); got != step.want {
			t.Fatalf("%v later, after %d lines: %d seals, want %d", step.after, step.lines, got, step.want)
		}
	}
	seal(t, r)
	seal(t, r)
	if got := seals(); got != 4 {
		t.Errorf("%d seals at the end, want 4", got)
	}
	x.Exec(t, "DELETE FROM security WHERE seq = 7")
	next := security.New(x.Desk, x.Store, []byte("a key that is for tests alone, ok"))
	tell(t, next, 0, 2)
	if all, err := x.Store.SecurityLines(ctx, journal.SecurityAsk{Log: x.Desk.District(), Limit: 1}); err != nil || all[0].Seq != 9 {
		t.Errorf("a number was given again: %+v, %v", all, err)
	}
	if got := found(t, x); !strings.HasPrefix(got, "lines 6 to 7 ") {
		t.Errorf("found: %q", got)
	}
}

// TestOldLinesGoBySeal: what is dropped when its time is over is no flaw, also where the process was killed before the lines went or while somebody
// verifies; what is dropped sooner, or put back, is.
func TestOldLinesGoBySeal(t *testing.T) {
	x, r, _ := stand(t)
	tell(t, r, 0, 10)
	x.Clock.Forward(300 * 24 * time.Hour)
	tell(t, r, 10, 10)
	seal(t, r)
	x.Exec(t, "CREATE TABLE kept AS SELECT * FROM security")
	var early security.Trial // a verification that began before the drop
	if _, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error { early.Take(&e.Event); return nil }); err != nil {
		t.Fatal(err)
	}
	x.Clock.Forward(101 * 24 * time.Hour)
	tell(t, r, 20, 1)
	if all, err := x.Store.SecurityLines(ctx, journal.SecurityAsk{Log: x.Desk.District(), Rising: true, Limit: 1}); err != nil || all[0].Seq != 11 {
		t.Fatalf("the oldest line: %+v, %v", all, err)
	}
	if got := found(t, x); got != "" {
		t.Errorf("dropped in time: %q", got)
	}
	if err := early.End(ctx, x.Store, x.Desk.District()); err != nil {
		t.Errorf("dropped while somebody verifies: %v", err)
	}
	x.Exec(t, "INSERT INTO security SELECT * FROM kept WHERE seq <= 10")
	if got := found(t, x); got != "" {
		t.Errorf("killed before they went: %q", got)
	}
	x.Exec(t, "UPDATE security SET person = 'p102' WHERE seq = 4")
	if got := found(t, x); got == "" {
		t.Error("another old line in the place of a dropped one was not found")
	}
	next := security.New(x.Desk, x.Store, nil)
	tell(t, next, 0, 1) // it ends what the one before it did not
	if got := found(t, x); got != "" {
		t.Errorf("after the next start: %q", got)
	}
	x.Exec(t, "DELETE FROM security WHERE seq = 11")
	if got := found(t, x); !strings.HasPrefix(got, "lines 11 to ") {
		t.Errorf("one more is gone: %q", got)
	}
}

// TestLinesFromBeforeThereWereSeals are held from the first seal on.
func TestLinesFromBeforeThereWereSeals(t *testing.T) {
	x, r, _ := stand(t)
	now := x.Desk.Now()
	old := []journal.SecurityLine{{From: now, Until: now, Kind: "denied", Code: "denied", Count: 1}, {From: now, Until: now, Kind: "denied", Code: "other", Count: 2}}
	if _, err := x.Store.AddSecurity(ctx, x.Desk.District(), 40, old); err != nil {
		t.Fatal(err)
	}
	tell(t, r, 0, 1)
	if got := found(t, x); got != "" {
		t.Errorf("found: %q", got)
	}
	x.Exec(t, "DELETE FROM security WHERE seq = 41")
	if got := found(t, x); !strings.HasPrefix(got, "lines 41 to 43 ") {
		t.Errorf("found: %q", got)
	}
}

// failing writes and says that it did not.
type failing struct {
	*district.District
	security.Store
	times int
}

func (f *failing) AddSecurity(c context.Context, log name.District, after int64, lines []journal.SecurityLine) (int64, error) {
	last, err := f.Store.AddSecurity(c, log, after, lines)
	if f.times > 0 {
		f.times--
		return 0, errors.New("nobody knows whether it was written")
	}
	return last, err
}

// TestAWriteOfUnknownEndIsFollowed: lines that stand there though the store said that it failed are sealed as they stand.
func TestAWriteOfUnknownEndIsFollowed(t *testing.T) {
	x, _, _ := stand(t)
	f := &failing{District: x, Store: x.Store, times: 1}
	r := security.New(x.Desk, f, nil)
	r.Tell(security.Event{Kind: security.Denied, Code: "denied"})
	if err := r.Flush(ctx); err == nil {
		t.Fatal("the first write did not fail")
	}
	tell(t, r, 0, 3)
	seal(t, r)
	if got := found(t, x); got != "" {
		t.Errorf("found: %q", got)
	}
	if all := lines(t, r, x.As(t, "services", "secadmin", 0), journal.SecurityAsk{}); len(all) < 4 {
		t.Errorf("%d lines", len(all))
	}

}
