//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

// TestAReplayFindsTheRowThatWasEdited whether the rows are asked while the log is played or at its end, and finds none where nobody
// edited one, also when matters go on meanwhile. It holds no more than it has to.
func TestAReplayFindsTheRowThatWasEdited(t *testing.T) {
	x := district.New(t, day)
	var ids []name.ID
	for range 5 {
		ids = append(ids, promise(t, x, "housing"))
	}
	handler := x.As(t, "housing", "handler", 0)
	acknowledge := func(id name.ID) {
		t.Helper()
		x.Clock.Forward(1000)
		if _, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: "acknowledge", With: map[string]string{}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range ids[:3] {
		acknowledge(id)
	}
	var log []ledger.Entry
	if _, err := x.Store.Verify(ctx, x.Desk.District(), func(e *ledger.Entry) error { log = append(log, *e); return nil }); err != nil {
		t.Fatal(err)
	}
	places := map[name.ID][]int64{}
	for _, e := range log {
		places[e.Stream] = append(places[e.Stream], e.Seq)
	}
	of := places[ids[1]]
	if len(of) < 2 {
		t.Fatalf("%d events", len(of))
	}
	rows := &edited{Store: x.Store, stream: ids[1], edit: func(*journal.Row) error { return nil }}
	d, err := desk.Open(ctx, rows, district.World(t, day))
	if err != nil {
		t.Fatal(err)
	}
	play := func(unasked int, meanwhile func(), edit func(*journal.Row) error) (seq int64, why string, most int) {
		t.Helper()
		rows.edit = edit
		r := d.Replay()
		held := r.Hasty(unasked)
		for i := range log {
			if err := r.Each(ctx, &log[i].Event); err != nil {
				t.Fatal(err)
			}
			most = max(most, held())
		}
		meanwhile()
		if seq, why, err = r.End(ctx); err != nil {
			t.Fatal(err)
		}
		return seq, why, most
	}
	nothing, fine := func() {}, func(*journal.Row) error { return nil }
	streams := len(slices.CompactFunc(slices.SortedFunc(slices.Values(log), func(a, b ledger.Entry) int { return strings.Compare(string(a.Stream), string(b.Stream)) }),
		func(a, b ledger.Entry) bool { return a.Stream == b.Stream }))
	for _, unasked := range []int{0, 2, 4096} {
		if seq, why, most := play(unasked, nothing, fine); seq != 0 || unasked < 4096 && most > unasked+2*len(ids) || unasked < 4096 && most >= streams {
			t.Errorf("nobody edited a row: %d %s; %d of %d streams held", seq, why, most, streams)
		}
		for what, c := range map[string]struct {
			edit func(*journal.Row) error
			at   []int64 // where it may be found
			why  string
		}{
			"the title":         {func(r *journal.Row) error { r.Title = "别的"; return nil }, of[len(of)-1:], "别的"},
			"the number":        {func(r *journal.Row) error { r.Number = "9"; return nil }, of[len(of)-1:], "number 9"},
			"the row is gone":   {func(*journal.Row) error { return fault.ErrNotFound }, of, "it has none"},
			"it says to go on":  {func(r *journal.Row) error { r.Seq += 1000; return nil }, of[len(of)-1:], fmt.Sprintf("it ends with event %d", of[len(of)-1]+1000)},
			"it says to be old": {func(r *journal.Row) error { r.Seq, r.Version = of[0], 1; return nil }, of, "of"},
		} {
			seq, why, _ := play(unasked, nothing, c.edit)
			if !slices.Contains(c.at, seq) || !strings.Contains(why, c.why) || !strings.Contains(why, string(ids[1])) {
				t.Errorf("%s, %d unasked: %d %s; want one of %d, %q", what, unasked, seq, why, c.at, c.why)
			}
		}
	}
	for i, unasked := range []int{0, 4096} {
		if seq, why, _ := play(unasked, func() { acknowledge(ids[3+i]) }, fine); seq != 0 {
			t.Errorf("a matter that went on meanwhile: %d %s", seq, why)
		}
	}
}

// TestTheAuditorIsTold: what is closed is not shown, nor without a reason, nor to somebody whose unit has no part in it; whoever looks too much, or at a
// record that no task leads to, is told to the auditor.
func TestTheAuditorIsTold(t *testing.T) {
	x := district.New(t, day)
	op, auditor := x.As(t, "hotline-centre", "call-operator", 1), x.As(t, "audit", "auditor", 0)
	done := call(t, x, "13800000000", "路灯不亮")
	if _, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Why: desk.ToVerify, Reason: "  "}); code(err) != "reason-missing" {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := x.Desk.Reveal(ctx, x.As(t, "supervision", "supervisor", 0), desk.Unmask{Matter: done.Matter, Why: desk.ToVerify, Reason: "看看"}); code(err) != "no-purpose" {
		t.Errorf("without a task: %v", err)
	}
	for i := range desk.MostLooks + 3 {
		_, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Why: desk.ToVerify, Reason: fmt.Sprint("第", i)})
		if want := map[bool]string{true: "looks-too-many"}[i >= desk.MostLooks]; code(err) != want {
			t.Fatalf("look %d: %v", i, err)
		}
	}
	v, err := x.Desk.Matter(ctx, op, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Desk.SetHoney(ctx, op, v.Number); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("an operator plants honey: %v", err)
	}
	if err := x.Desk.SetHoney(ctx, auditor, "L-0000-00000"); code(err) != "no-such-number" {
		t.Errorf("honey nowhere: %v", err)
	}
	if err := x.Desk.SetHoney(ctx, auditor, v.Number); err != nil {
		t.Fatal(err)
	}
	x.Clock.Forward(time.Minute)
	other := x.As(t, "hotline-centre", "call-operator", 2)
	if _, err := x.Desk.Reveal(ctx, other, desk.Unmask{Matter: done.Matter, Why: desk.ToCallBack}); err != nil {
		t.Fatal(err)
	}
	alerts, err := x.Desk.Alerts(ctx, auditor)
	if err != nil || len(alerts) != 2 || alerts[0].Cause != desk.AlertHoney || alerts[0].Person != other.Person || alerts[1].Cause != desk.AlertBudget || alerts[1].Person != op.Person {
		t.Errorf("alerts %+v, %v", alerts, err)
	}
	if _, err := x.Desk.Alerts(ctx, op); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("an operator reads the alerts: %v", err)
	}
	if _, _, err := x.Desk.AllLooks(ctx, x.As(t, "services", "sysadmin", 0), desk.LookQuery{}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("the system administrator reads the looks: %v", err)
	}
	x.Verify(t)
	if err := x.Desk.Restrict(ctx, auditor.As("auditor"), done.Matter, "本人申请", true); err != nil {
		t.Fatal(err)
	}
	x.Verify(t)
	for _, c := range [][3]string{{desk.AlertKind, "person", "p1"}, {desk.HoneyKind, "parent", "x"}, {desk.RestrictKind, "open", "0"}, {desk.PackKind, "state", "gone"}} {
		if !x.Sees(t, c[0], c[1], c[2]) {
			t.Errorf("rows of kind %s say %s in %s, and nobody finds it", c[0], c[2], c[1])
		}
	}
	if err := x.Desk.Restrict(ctx, auditor.As("auditor"), done.Matter, "已核实", false); err != nil {
		t.Fatal(err)
	}
	x.Verify(t)
}
