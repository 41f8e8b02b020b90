package web

import (
	"testing"

	"bihuan/desk"
	"bihuan/ground/money"
	"bihuan/kernel/indicator"
)

// TestPaceIsOfWholeThings: nobody finishes a part of a site each day.
func TestPaceIsOfWholeThings(t *testing.T) {
	for _, c := range []struct{ per, unit, zh, en string }{
		{"0.13", "个", "每7个工作日需完成1个", "1 every 7 working days"},
		{"2.5", "个", "每个工作日需完成2.5个", "2.5 each working day"},
		{"0.13", "公里", "每个工作日需完成0.13公里", "0.13 km each working day"},
		{"1", "条", "每个工作日需完成1条", "1 each working day"},
	} {
		g := goalShown{GoalView: desk.GoalView{Reading: indicator.Reading{Required: money.MustParse(c.per)}}}
		g.Target.Unit = c.unit
		for lang, want := range map[string]string{"zh": c.zh, "en": c.en} {
			if g.lang = lang; g.PaceText() != want {
				t.Errorf("%s %s: %q, want %q", c.per, c.unit, g.PaceText(), want)
			}
		}
	}
}
