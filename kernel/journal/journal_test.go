package journal

import "testing"

func TestLightAt(t *testing.T) {
	open := Row{Open: true, Due: 100, Yellow: 80, Light: "grey"}
	for name, c := range map[string]struct {
		row  Row
		now  int64
		want string
	}{
		"green before it turns yellow":          {open, 79, "green"},
		"yellow from then on":                   {open, 80, "yellow"},
		"yellow until it is due":                {open, 99, "yellow"},
		"red from the due time on":              {open, 100, "red"},
		"green until due without a yellow time": {Row{Open: true, Due: 100}, 99, "green"},
		"what has no due time keeps its light":  {Row{Open: true, Light: "grey"}, 1 << 60, "grey"},
		"what is closed keeps its light":        {Row{Due: 100, Yellow: 80, Light: ""}, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.row.LightAt(c.now); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
