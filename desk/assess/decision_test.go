package assess_test

import (
	"testing"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/district"
)

// TestADecisionTakesNobodysTime: how long a leader takes to decide what the office asked for counts neither for nor against the unit that
// works on the task, whether it is decided late or waits still.
func TestADecisionTakesNobodysTime(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 8, 1))
	office, leader := x.As(t, "office", "issuer", 0), x.As(t, "government", "leader", 0)
	act := func(who desk.Caller, do desk.Do) {
		t.Helper()
		if _, err := x.Desk.Act(t.Context(), who, do); err != nil {
			t.Fatal(err)
		}
	}
	task := func(unit name.Unit) name.ID {
		done, err := x.Desk.Start(t.Context(), office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": string(unit), "due": "2023-12-31"}})
		if err != nil {
			t.Fatal(err)
		}
		hand := x.As(t, unit, "handler", 0)
		act(hand, desk.Do{Matter: done.Matter, Act: "acknowledge", With: map[string]string{"person": string(hand.Person)}})
		return done.Matter
	}
	plain, asked := task("landscape"), task("housing")
	ask := desk.Do{Matter: asked, Act: "ask-adjust", With: map[string]string{"due": "2024-01-31"}, Reason: "材料供应推迟"}
	act(office, ask)
	x.Forward(t, 10)
	m, err := x.Desk.Matter(t.Context(), leader, asked)
	if err != nil {
		t.Fatal(err)
	}
	act(leader, desk.Do{Matter: asked, Act: "decline-adjust", Reason: "年内完成", Version: m.Version})
	act(office, ask)
	x.Forward(t, 25)
	e, err := assess.New(x.Desk, x.Store).Month(t.Context(), x.As(t, "supervision", "supervisor", 0), "2023-08")
	if err != nil {
		t.Fatal(err)
	}
	kept := map[name.Unit][2]int{}
	for i := range e.Units {
		kept[e.Units[i].Unit] = timeliness(&e.Units[i])
	}
	if kept["housing"] != kept["landscape"] || kept["housing"][1] == 0 {
		t.Errorf("kept %v of its times where a decision waits, %v where nobody asked", kept["housing"], kept["landscape"])
	}
	if lights := [2]string{light(t, x, plain), light(t, x, asked)}; lights[0] != lights[1] {
		t.Errorf("the lights differ: %v", lights)
	}
}

func light(t *testing.T, x *district.District, id name.ID) string {
	t.Helper()
	m, err := x.Desk.Matter(t.Context(), x.As(t, "office", "issuer", 0), id)
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Light)
}
