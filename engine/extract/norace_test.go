//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package extract

import (
	"strings"
	"testing"
)

// A clause without end is cut anywhere, also between a number and the bound behind it.
func TestCutAtTheBound(t *testing.T) {
	for _, unit := range []string{"10亿元以上5个、", "10亿元以上5个", "806人以上", "5%左右、"} {
		for lead := range 12 {
			text := strings.Repeat("甲", lead) + strings.Repeat(unit, 300)
			if _, err := Read(text, Options{Year: 2025}); err != nil {
				t.Fatal(err)
			}
		}
	}
}
