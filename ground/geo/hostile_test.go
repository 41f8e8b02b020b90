package geo_test

import (
	"fmt"
	"math"
	"strings"
)

// ring writes a ring of n corners on a circle, closed.
func ring(n int, lng, lat, r float64, turned bool) string {
	var all []string
	for i := range n + 1 {
		a := 2 * math.Pi * float64(i%n) / float64(n)
		if turned {
			a = -a
		}
		all = append(all, fmt.Sprintf("[%.7f,%.7f]", lng+r*math.Cos(a), lat+r*math.Sin(a)))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func polygon(rings ...string) string {
	return `{"type":"Polygon","coordinates":[` + strings.Join(rings, ",") + `]}`
}
