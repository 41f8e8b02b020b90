package desk_test

import (
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// handle returns the clock of the work on a case as its page shows it, and the acts that the page offers.
func handle(t *testing.T, x *district.District, who desk.Caller, done desk.Done) (c desk.ClockView, acts string) {
	t.Helper()
	v, err := x.Desk.Matter(ctx, who, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range v.Acts {
		acts += a.Act.Key + " "
	}
	for _, clock := range v.Clocks {
		if clock.Key == "handle" {
			c = clock
		}
	}
	return c, acts
}

// TestTheConditionGivesTheLimit: the record that the collector chooses stands in the event with its id; a case without stages
// is offered none.
func TestTheConditionGivesTheLimit(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	for _, c := range []struct{ class, condition, due, basis, source string }{
		{"E01002", "E01002-1", "2023-03-01T14:30", "working-hour", "外地公开手册一"}, // 4 working hours from 9:00
		{"C01003", "C01003-2", "2023-03-07T00:00", "working-day", "平台暂列"},     // 3 working days
		{"E04004", "E04004-1", "2023-03-01T12:00", "emergency-hour", "外地公开手册三"},
	} {
		id := filed(t, x, c.class, c.condition, manhole.String())
		act(t, x, x.As(t, "command-centre", "dispatcher", 0), id, "dispatch", "", "unit", "road-maintenance", "why-unit", "测试")
		handler := x.As(t, "road-maintenance", "handler", 0)
		act(t, x, handler, id, "sign", "", "person", string(handler.Person))
		clock, acts := handle(t, x, handler, desk.Done{Matter: id})
		row, err := x.Store.Rows(ctx, journal.Query{Log: x.Desk.District(), Now: x.Desk.Now(), Scope: journal.Scope{All: true}, Noun: "record", Kinds: []string{"urban/condition"},
			Facets: []journal.Facet{{Name: "key", Text: c.condition}}, Order: journal.ByOpened, Limit: 1})
		if err != nil || len(row.Rows) != 1 {
			t.Fatal(err)
		}
		if clock.Laid == nil || clock.Laid.Record != row.Rows[0].Stream || clock.Laid.Version != row.Rows[0].Version || !strings.HasPrefix(clock.Laid.Source, c.source) {
			t.Errorf("%s: laid down by %+v, want %s", c.condition, clock.Laid, row.Rows[0].Stream)
		}
		if got := calendar.Instant(clock.Due).String()[:16]; got != c.due || string(clock.Basis) != c.basis || !strings.Contains(clock.Derivation[0].ZH, c.condition) {
			t.Errorf("%s: due %s in %s, %v; want %s in %s", c.condition, got, clock.Basis, clock.Derivation, c.due, c.basis)
		}
		if strings.Contains(acts, "fenced") || strings.Contains(acts, "repaired") || !strings.Contains(acts, "feedback") {
			t.Errorf("%s: offered %s", c.condition, acts)
		}
	}
	x.Verify(t)
}

// TestABurstInTheDistrict: through the desk, the scheduler and the directory: each stage has its own clock, the head of the
// company is told by name, and nothing is reported done before its last stage.
func TestABurstInTheDistrict(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 4, 28)) // the eve of Labour Day, 9:00
	id := filed(t, x, "E05001", "E05001-1", manhole.String())
	act(t, x, x.As(t, "command-centre", "dispatcher", 0), id, "dispatch", "", "unit", "water-company", "why-unit", "测试")
	handler, head := x.As(t, "water-company", "handler", 0), x.As(t, "water-company", "head", 0)
	act(t, x, handler, id, "sign", "", "person", string(handler.Person))
	photo := paper("围护")
	do := func(key string) error {
		_, err := x.Desk.Act(ctx, handler, desk.Do{Matter: id, Act: key, With: map[string]string{"note": "已办"}, Files: []journal.File{photo},
			Evidence: []matter.Evidence{{Kind: matter.Photo, File: photo.Hash.String()}}})
		return err
	}
	if got := code(do("feedback")); got != "stage-open" {
		t.Errorf("done at once: %s", got)
	}
	x.Clock.Forward(4 * time.Hour) // one hour over
	if l, err := x.Watch.Tick(ctx); err != nil || l.Rungs == 0 {
		t.Fatalf("%+v, %v", l, err)
	}
	v, err := x.Desk.Matter(ctx, head, id)
	if err != nil {
		t.Fatal(err)
	}
	told := ""
	for _, e := range v.History {
		if r := e.Change.Rung; r != nil && r.Clock == "handle" && r.Rung == matter.RungUrge {
			told = string(r.To.Unit) + "/" + string(r.To.Person) + " as " + string(r.As)
		}
	}
	if want := "water-company/" + string(head.Person) + " as head"; told != want {
		t.Errorf("urged %q, want %q", told, want)
	}
	for _, stage := range []struct{ act, words, due string }{{"", "处置·围护", "2023-04-28T12:00"}, {"fenced", "处置·抢修", "2023-04-28T21:00"}, {"repaired", "处置·恢复", "2023-05-10T00:00"}} {
		if stage.act != "" {
			if err := do(stage.act); err != nil {
				t.Fatalf("%s: %v", stage.act, err)
			}
		}
		clock, _ := handle(t, x, handler, desk.Done{Matter: id})
		if got := calendar.Instant(clock.Due).String()[:16]; got != stage.due || clock.Words().ZH != stage.words {
			t.Errorf("%s due %s; want %s due %s", clock.Words().ZH, got, stage.words, stage.due)
		}
	}
	if err := do("feedback"); err != nil {
		t.Error(err)
	}
	x.Verify(t)
}
