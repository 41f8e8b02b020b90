package desk_test

import (
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
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
		{"E01002", "E01002-1", "2023-03-01T14:30", "working-hour", "《数字化城市管理立案、结案标准（事件类）》"}, // 4 working hours from 9:00
		{"C01003", "C01003-2", "2023-03-07T00:00", "working-day", "平台暂列"},                   // 3 working days
		{"E04004", "E04004-1", "2023-03-01T12:00", "emergency-hour", "外地数字化城市管理手册"},
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
