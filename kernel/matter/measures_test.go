package matter_test

import (
	"maps"
	"testing"

	. "bihuan/kernel/matter"
)

func TestMeasures(t *testing.T) {
	running := doing(t)
	late := doing(t)
	late.must("tell", lin, "2023-03-20T09:00", photos(2))
	redone := told(t)
	redone.must("redo", qin, "2023-03-03T09:00", because("one photo is of another bridge"))
	paused := doing(t)
	paused.must("wait", lin, "2023-03-02T09:00", because("frost"), code("frost"))
	for _, c := range []struct {
		name string
		m    *Matter
		want map[string]string
	}{
		{"running", &running.m, map[string]string{MeasureDue: "2023-03", MeasureInTime: "running"}},
		{"done in time", &told(t).m, map[string]string{MeasureDue: "2023-03", MeasureInTime: "yes"}},
		{"done late", &late.m, map[string]string{MeasureDue: "2023-03", MeasureInTime: "no"}},
		{"done again", &redone.m, map[string]string{MeasureDue: "2023-03", MeasureInTime: "running", "reworks": "yes"}},
		{"paused, in no cohort", &paused.m, map[string]string{}},
		{"not opened", &Matter{}, map[string]string{}},
	} {
		if got := c.m.Measures("work"); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
