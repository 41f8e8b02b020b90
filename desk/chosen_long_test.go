//go:build long

package desk_test

import (
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

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
