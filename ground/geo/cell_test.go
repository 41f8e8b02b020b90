package geo

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func drawPoint(t *rapid.T) Point {
	return Point{rapid.Float64Range(-180, 180).Draw(t, "lng"), rapid.Float64Range(-90, 90).Draw(t, "lat")}
}

func TestACellIsWithinCentimetresOfItsPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPoint(t)
		p.Lat = max(-MaxLat, min(MaxLat, p.Lat))
		x, y := p.Cell().XY()
		q := FromMercator((float64(x)+0.5)/(1<<CellBits), (float64(y)+0.5)/(1<<CellBits))
		if d := p.DistanceM(q); d > 0.02 {
			t.Fatalf("%v lies %v m from the middle %v of its cell", p, d, q)
		}
		if c := CellAt(x, y); c != p.Cell() || c < 0 {
			t.Fatalf("cell %d of %d, %d; that of the point is %d", c, x, y, p.Cell())
		}
	})
}

func TestSpansHoldEveryPointOfTheBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, wide, high := drawPoint(t), math.Pow(10, rapid.Float64Range(-6, 2).Draw(t, "width")), math.Pow(10, rapid.Float64Range(-6, 2).Draw(t, "height"))
		b := Box{a, Point{min(180, a.Lng+wide), min(90, a.Lat+high)}}
		most := rapid.IntRange(1, 40).Draw(t, "most")
		spans := b.Spans(most)
		if len(spans) == 0 || len(spans) > most {
			t.Fatalf("%d spans, at most %d are allowed", len(spans), most)
		}
		for i, s := range spans {
			if s.From >= s.Until || i > 0 && spans[i-1].Until >= s.From {
				t.Fatalf("spans %v are not ascending and apart", spans)
			}
		}
		p := Point{b.Min.Lng + rapid.Float64Range(0, 1).Draw(t, "x")*(b.Max.Lng-b.Min.Lng), b.Min.Lat + rapid.Float64Range(0, 1).Draw(t, "y")*(b.Max.Lat-b.Min.Lat)}
		c := p.Cell()
		for _, s := range spans {
			if s.From <= c && c < s.Until {
				return
			}
		}
		t.Fatalf("%v of %v is in none of %v", p, b, spans)
	})
}

func TestSpansOfASmallBoxAreNarrow(t *testing.T) {
	b := Around(Point{125.4, 43.87}, 500)
	var cells Cell
	for _, s := range b.Spans(16) {
		cells += s.Until - s.From
	}
	w, n := Point{b.Min.Lng, b.Max.Lat}.Mercator()
	e, s := Point{b.Max.Lng, b.Min.Lat}.Mercator()
	within := (e - w) * (s - n) * math.Pow(2, 2*CellBits)
	if got := float64(cells) / within; got > 2 {
		t.Errorf("sixteen spans hold %.1f times the cells of the box", got)
	}
	if Nowhere().Spans(4) != nil {
		t.Error("the empty box has spans")
	}
}

func ExampleBox_Spans() {
	district := Box{Point{125.32, 43.83}, Point{125.48, 43.9}}
	fmt.Println(len(district.Spans(8)) <= 8, Point{125.4, 43.86}.Cell())
	// Output: true 2087633607913241187
}
