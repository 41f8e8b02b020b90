package draw

import (
	"encoding/xml"
	"html/template"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/desk/atlas"
	"bihuan/ground/calendar"
	"bihuan/ground/geo"
	"bihuan/internal/htmlcheck"
	"bihuan/kernel/indicator"
)

// nasty is what a person might type to break out of a picture.
const nasty = `<script>alert("1")</script> & ' "`

// gallery draws every picture once with the given words in every place that takes words.
func gallery(words string) map[string]template.HTML {
	day := calendar.NewDate(2023, 3, 1)
	return map[string]template.HTML{
		"badge":         Badge(indicator.Red, words),
		"lamp":          Lamp(indicator.Yellow),
		"bar":           Bar(BarView{Actual: 62, Plan: 79, HasPlan: true, Light: indicator.Yellow, Title: words}),
		"bar beyond":    Bar(BarView{Actual: 134, Plan: 79, HasPlan: true, Light: indicator.Green, Title: words}),
		"bar below":     Bar(BarView{Actual: -90, Plan: 20, HasPlan: true, Light: indicator.Red, Title: words}),
		"series":        Series(exampleSeries(words, 720)),
		"series narrow": Series(exampleSeries(words, 340)),
		"wall":          WallCell(WallView{Light: indicator.Red, Actual: 30, Has: true, Plan: 70, HasPlan: true, Title: words}),
		"race":          RaceBar(RaceView{Value: -12, Low: -20, High: 15, Title: words}),
		"change":        Change(indicator.Place{Rank: 2, Change: 3}, words, words),
		"new":           Change(indicator.Place{Rank: 2, New: true}, words, words),
		"map": Map([]Tile{{Name: words, Link: "/x?a=" + words, Light: indicator.Red, Total: 7, Words: words,
			Counts: []Count{{indicator.Red, 2}, {indicator.Yellow, 1}, {indicator.Green, 4}}}, {Name: "东盛街道", Words: "东盛街道"}, {Name: "Rongguang Subdistrict", Words: "R"}, {Name: "吉林街道", Words: "吉林", Light: indicator.Green, Total: 3}}, words, words, words),
		"flow": Flow([]FlowNode{{"issued", "已下达", "", "dispatched", 2}, {"doing", words, words, "handling", 3}, {"reported", "申请完成", "", "reported", 5},
			{"verified", "已核验", "", "verified", 6}, {"closed", "已销号", "", "closed", 7}, {"stopped", "已终止", "", "stopped", 8}},
			[]FlowEdge{{"", "issued", "下达", ""}, {"issued", "doing", "签收", ""}, {"doing", "reported", words, ""}, {"reported", "verified", "核验通过", ""}, {"reported", "doing", "返工", ""},
				{"verified", "closed", "销号", ""}, {"closed", "doing", "重开", ""}, {"doing", "stopped", "终止", ""}, {"issued", "stopped", "撤回", ""}, {"verified", "doing", "退回", ""}}, words, words),
		"ladder": Ladder([]LadderRung{{words, words, words, true}, {"催办", "逾期当天", "区住建局主要负责人", true}, {"督办", "亮红灯满 5 个工作日", "分管副区长", false}, {"通报", "逾期 10 个工作日", "全区", false}}, words),
		"gantt": Gantt(GanttView{Rows: []GanttRow{{Words: words, Link: "/" + words, From: day, To: day + 90, Due: day + 100, Title: words}, {Words: "安乐小区改造", From: day + 40, Due: day + 160, Light: indicator.Red, Child: true, Title: "x"}},
			From: calendar.NewDate(2023, 1, 1), To: calendar.NewDate(2023, 12, 31), Today: calendar.NewDate(2023, 10, 16), TodayWords: words, Title: words, Desc: words, Width: 760,
			Month: func(d calendar.Date) string { _, m, _ := d.Civil(); return strconv.Itoa(m) + "月" }}),
		"gantt narrow": Gantt(GanttView{Rows: []GanttRow{{Words: words, Link: "/" + words, From: day, Due: day + 100, Light: indicator.Red, Title: words}, {Words: words, From: day, To: day + 9, Child: true}},
			From: day - 30, To: day + 150, Today: day + 90, TodayWords: words, Title: words, Desc: words, Width: 320, Month: func(d calendar.Date) string { return d.String()[5:7] }}),
		"atlas": exampleAtlas(words),
		"strip": Strip(map[indicator.Light]int{indicator.Red: 3, indicator.Yellow: 8, indicator.Green: 40, indicator.Grey: 6}, words),
	}
}

// exampleAtlas is a map with an area, marks of one and of many, and a point.
func exampleAtlas(words string) template.HTML {
	box := geo.Box{Min: geo.Point{Lng: 125.3, Lat: 43.8}, Max: geo.Point{Lng: 125.5, Lat: 43.9}}
	ring := geo.Ring{{Lng: 125.3, Lat: 43.8}, {Lng: 125.5, Lat: 43.8}, {Lng: 125.5, Lat: 43.9}, {Lng: 125.3, Lat: 43.9}, {Lng: 125.3, Lat: 43.8}}
	p := NewAtlas(box)
	p.Area("street", geo.Shape{{ring}}, words, "/map?box="+words)
	p.Area("new", geo.Shape{{ring}}, words, "")
	p.Area("cell", nil, words, words)
	p.Dot(box.Center())
	for i, gravest := range atlas.Shades {
		p.Mark(box.Center(), i*i*20+1, gravest, words, "/map/list?at="+words)
	}
	return p.Done(words, words, words)
}

func exampleSeries(words string, width float64) SeriesView {
	months := []string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}
	v := SeriesView{Width: width, Height: 300, Title: words, Desc: words, Unit: "个", Months: months, Today: 9.5, TodayWords: "今天", FromZero: true,
		PlanWords: "计划", ActualWords: words, Levels: []SeriesLevel{{21, "目标 21 个", "target"}, {24, "原目标 24 个", "original"}, {4, "基数 4 个", "base"}}}
	for i := range 13 {
		v.Plan = append(v.Plan, SeriesPoint{At: float64(i), Value: 21 * float64(i) / 12})
	}
	for i, n := range []float64{0, 0, 1, 2, 4, 5, 7, 8, 11, 12} {
		v.Actual = append(v.Actual, SeriesPoint{At: math.Min(float64(i+1), 9.5), Value: n, Label: strconv.Itoa(int(n))})
	}
	return v
}

// TestDrawingsEscape holds every picture against words that want to be markup.
func TestDrawingsEscape(t *testing.T) {
	for called, drawn := range gallery(nasty) {
		s := string(drawn)
		if strings.Contains(s, "<script") || strings.Contains(s, `alert("`) {
			t.Errorf("%s lets markup through: %s", called, s)
		}
		wellFormed(t, called, s)
		if strings.Contains(s, "style=") {
			t.Errorf("%s has a style attribute, which the content policy drops", called)
		}
	}
}

// wellFormed reads a drawing as XML: each tag is closed, each attribute quoted.
func wellFormed(t interface{ Errorf(string, ...any) }, called, s string) {
	dec := xml.NewDecoder(strings.NewReader(s))
	for {
		if _, err := dec.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%s is not well formed: %v\n%s", called, err, s)
			return
		}
	}
}

func TestDrawingsHaveNames(t *testing.T) {
	for called, drawn := range gallery("图") {
		if called == "lamp" { // stands beside its word
			continue
		}
		p := htmlcheck.Fragment(t, string(drawn))
		if called == "badge" || called == "change" || called == "new" {
			p.Contains("span", "图")
			continue
		}
		if got := p.First("svg").Attr("aria-label"); got != "图" {
			t.Errorf("%s is called %q", called, got)
		}
	}
}

func TestAxis(t *testing.T) {
	for _, c := range []struct {
		name      string
		low, high float64
		count     int
		want      string
	}{
		{"a plan of twenty-one in fives", 0, 21, 4, "0 10 20 30"},
		{"a rate around nothing", -90, 12, 5, "-100 -50 0 50"},
		{"a small rate", 0, 0.6, 5, "0 0.2 0.4 0.6"},
		{"equal ends are widened", 5, 5, 4, "4.5 5 5.5"},
		{"nothing but nought", 0, 0, 4, "0 0.5 1"},
		{"large amounts", 0, 2_300_000, 4, "0 1000000 2000000 3000000"},
	} {
		var got []string
		for _, s := range axis(c.low, c.high, c.count) {
			got = append(got, tick(s))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: axis(%v, %v, %d) = %s, want %s", c.name, c.low, c.high, c.count, s, c.want)
		}
	}
}

func TestAxisCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(-1e9, 1e9).Draw(t, "a")
		b := rapid.Float64Range(-1e9, 1e9).Draw(t, "b")
		low, high := math.Min(a, b), math.Max(a, b)
		steps := axis(low, high, rapid.IntRange(1, 12).Draw(t, "count"))
		slack := (high - low + 1) * 1e-6
		if steps[0] > low+slack || steps[len(steps)-1] < high-slack || len(steps) > 40 {
			t.Fatalf("axis(%v, %v) = %v does not cover", low, high, steps)
		}
	})
}

// TestSeriesStaysInside draws random figures and looks that no point leaves the picture.
func TestSeriesStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := SeriesView{Width: 640, Height: 280, Months: make([]string, rapid.IntRange(0, 24).Draw(t, "months")), Today: rapid.Float64Range(-3, 30).Draw(t, "today"),
			FromZero: rapid.Bool().Draw(t, "zero")}
		for i := range rapid.IntRange(0, 14).Draw(t, "points") {
			v.Actual = append(v.Actual, SeriesPoint{At: float64(i), Value: rapid.Float64Range(-1e6, 1e6).Draw(t, "v")})
		}
		v.Levels = []SeriesLevel{{Value: rapid.Float64Range(-1e6, 1e6).Draw(t, "target"), Words: "目标", Class: "target"}}
		dots := regexp.MustCompile(`<circle[^>]* cx="([^"]*)" cy="([^"]*)"`).FindAllStringSubmatch(string(Series(v)), -1)
		if len(dots) != len(v.Actual) {
			t.Fatalf("%d dots for %d figures", len(dots), len(v.Actual))
		}
		for _, d := range dots {
			x, _ := strconv.ParseFloat(d[1], 64)
			y, _ := strconv.ParseFloat(d[2], 64)
			if x < 0 || x > v.Width || y < 0 || y > v.Height {
				t.Fatalf("a point at %v, %v leaves the picture", x, y)
			}
		}
	})
}

// TestTheValueAxisIsWrittenAsTold: large numbers as the reader writes them, with room for them beside the axis.
func TestTheValueAxisIsWrittenAsTold(t *testing.T) {
	v := SeriesView{Width: 640, Height: 280, Months: make([]string, 12), Today: -1, Actual: []SeriesPoint{{At: 1, Value: 100000}, {At: 2, Value: 110000}}}
	plain := string(Series(v))
	v.Tick = func(number string) string { return strings.TrimSuffix(number, "0000") + "万" }
	told := string(Series(v))
	if !strings.Contains(plain, ">110000<") || !strings.Contains(told, ">11万<") || strings.Contains(told, ">110000<") {
		t.Errorf("as it is: %s\nas told: %s", plain, told)
	}
}

func TestBars(t *testing.T) {
	for _, c := range []struct {
		name string
		bar  BarView
		has  string
		not  string
	}{
		{"half way is half of the scale", BarView{Actual: 50, Light: indicator.Green}, `width="80"`, "bar-break"},
		{"more than all is drawn behind a break", BarView{Actual: 134, Light: indicator.Green}, "bar-break", "NaN"},
		{"less than nothing points to the left", BarView{Actual: -90, Light: indicator.Red}, "M0 10L9 3V17z", "bar-break"},
		{"nothing reported has no bar", BarView{Empty: true, Plan: 40, HasPlan: true}, "bar-plan", "bar-fill"},
		{"a plan above all stays in the picture", BarView{Actual: 10, Plan: 400, HasPlan: true}, "M158.5 0V20", "bar-break"},
	} {
		got := string(Bar(c.bar))
		if !strings.Contains(got, c.has) || strings.Contains(got, c.not) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func TestChange(t *testing.T) {
	for _, c := range []struct {
		name  string
		place indicator.Place
		want  string
	}{
		{"places gained point up", indicator.Place{Rank: 1, Change: 3}, "▲3"},
		{"places lost point down", indicator.Place{Rank: 4, Change: -2}, "▼2"},
		{"a place kept is a dash", indicator.Place{Rank: 4}, "–"},
		{"a newcomer is called new", indicator.Place{Rank: 4, New: true}, "新"},
	} {
		if got := htmlcheck.Fragment(t, string(Change(c.place, "说明", "新"))).First("span span").Text(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestRingsAreApart looks that no two tiles of a map lie on each other, for any number of streets.
func TestRingsAreApart(t *testing.T) {
	places := rings(200)
	for i, a := range places {
		for _, b := range places[:i] {
			if math.Hypot(a[0]-b[0], a[1]-b[1]) < tileRadius*math.Sqrt(3)-0.01 {
				t.Fatalf("tiles at %v and %v touch", a, b)
			}
		}
	}
	if len(rings(0)) != 0 || len(rings(1)) != 1 {
		t.Error("no street has no tile, one street has one")
	}
}

// TestFlowOrder follows the loop: a step back changes nothing in the order of the states.
func TestFlowOrder(t *testing.T) {
	nodes := []FlowNode{{Key: "closed", Rank: 7}, {Key: "doing", Rank: 3}, {Key: "issued", Rank: 2}, {Key: "asked", Rank: 3}, {Key: "reported", Rank: 5}}
	edges := []FlowEdge{{From: "issued", To: "doing"}, {From: "doing", To: "asked"}, {From: "asked", To: "reported"}, {From: "reported", To: "doing"}, {From: "reported", To: "closed"}}
	var got []string
	for _, n := range flowOrder(nodes, edges) {
		got = append(got, n.Key)
	}
	if s := strings.Join(got, " "); s != "issued doing asked reported closed" {
		t.Errorf("the order is %s", s)
	}
	if first := flowOrder(nodes, append(edges, FlowEdge{To: "doing"}))[0].Key; first != "doing" {
		t.Errorf("the flow begins with %s, not with the state that a matter is opened into", first)
	}
}

// TestFlowNamesAreWhole: the name of a state is never cut, the note below it may be.
func TestFlowNamesAreWhole(t *testing.T) {
	const called = "Approved by the party leadership group, to be published"
	svg := string(Flow([]FlowNode{{Key: "a", Words: called, Note: strings.Repeat("another act that stays here, ", 6)}}, nil, "flow", ""))
	wellFormed(t, "flow", svg)
	if !strings.Contains(svg, called+"<") || !strings.Contains(svg, "…") {
		t.Errorf("the name or the note is not as wide as it should be: %s", svg)
	}
}

// TestFlowLanesAreApart draws random flows and looks that no two edges of a side share a lane over the same rows.
func TestFlowLanesAreApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := make([]FlowNode, rapid.IntRange(1, 12).Draw(t, "states"))
		for i := range nodes {
			nodes[i] = FlowNode{Key: strconv.Itoa(i), Words: "态", Rank: rapid.IntRange(0, 4).Draw(t, "rank")}
		}
		edges := make([]FlowEdge, rapid.IntRange(0, 25).Draw(t, "acts"))
		for i := range edges {
			edges[i] = FlowEdge{From: strconv.Itoa(rapid.IntRange(-1, len(nodes)).Draw(t, "from")), To: strconv.Itoa(rapid.IntRange(-1, len(nodes)).Draw(t, "to")), Words: "行"}
		}
		nodes = flowOrder(nodes, edges)
		routes := flowRoutes(nodes, edges)
		flowRows(nodes, routes)
		flowLanes(routes)
		for i, a := range routes {
			for _, b := range routes[:i] {
				if a.isStraight() || b.isStraight() || a.left != b.left || a.lane != b.lane {
					continue
				}
				if math.Min(a.out, a.in) <= math.Max(b.out, b.in) && math.Min(b.out, b.in) <= math.Max(a.out, a.in) {
					t.Fatalf("%v and %v share lane %d", a, b, a.lane)
				}
			}
		}
		wellFormed(t, "flow", string(Flow(nodes, edges, "图", "")))
	})
}

// TestNum keeps what is no number out of attributes.
func TestNum(t *testing.T) {
	for in, want := range map[float64]string{1.25: "1.3", -0.04: "0", math.Inf(1): "0", 12: "12"} {
		if got := num(in); got != want {
			t.Errorf("num(%v) = %s, want %s", in, got, want)
		}
	}
	if got := num(math.NaN()); got != "0" {
		t.Errorf("num(NaN) = %s", got)
	}
}

// TestGallery draws all pictures, and writes them into one page when asked to, for looking at them:
// BIHUAN_GALLERY=/tmp/gallery.html go test -run Gallery ./web
func TestGallery(t *testing.T) {
	page := `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="gallery.css"><body>`
	for called, drawn := range gallery("老旧小区改造") {
		if !strings.HasPrefix(string(drawn), "<") {
			t.Errorf("%s is not drawn: %.80q", called, drawn)
		}
		page += "<h3>" + called + "</h3>" + string(drawn)
	}
	to := os.Getenv("BIHUAN_GALLERY")
	if to == "" {
		return
	}
	if err := os.WriteFile(to, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestMarksOfAMapDoNotCoverEachOther: the count of each is read, and no mark covers the name of its street.
func TestMarksOfAMapDoNotCoverEachOther(t *testing.T) {
	box := geo.Box{Min: geo.Point{Lng: 125.3, Lat: 43.8}, Max: geo.Point{Lng: 125.5, Lat: 43.9}}
	for called, p := range map[string]*AtlasPicture{"wide": NewAtlas(box), "narrow": NewNarrowAtlas(box)} {
		t.Run(called, func(t *testing.T) { notCovered(t, p) })
	}
	if html := string(NewNarrowAtlas(box).Done("t", "", "")); !strings.Contains(html, `width="400"`) {
		t.Errorf("the map for a phone is drawn wider than it is shown: %.200s", html)
	}
}

// TestNamesOfAMapDoNotCoverEachOther: of two names at one place the first stays, and one that marks would drive far away is left out.
func TestNamesOfAMapDoNotCoverEachOther(t *testing.T) {
	p := NewNarrowAtlas(geo.Box{Min: geo.Point{Lng: 125.3, Lat: 43.8}, Max: geo.Point{Lng: 125.5, Lat: 43.9}})
	p.names = []drawnName{{100, 100, "东盛街道", "street"}, {110, 106, "八里堡街道", "street"}, {100, 120, "远达街道", "street"}, {300, 150, "长青街道", "street"}}
	p.marks = []drawnMark{{x: 300, y: 130, r: 38}}
	if got := p.clear(); len(got) != 2 || got[0].words != "东盛街道" || got[1].words != "远达街道" {
		t.Errorf("names drawn are %v", got)
	}
}

func notCovered(t *testing.T, p *AtlasPicture) {
	for i, count := range []int{27, 9, 2, 2, 1, 14} {
		p.Mark(geo.Point{Lng: 125.4 + float64(i/2)*0.001, Lat: 43.85}, count, "red", "", "")
	}
	x, y := p.at(geo.Point{Lng: 125.4, Lat: 43.85})
	p.names = []drawnName{{x, y, "荣光街道", "street"}}
	p.part()
	for i, a := range p.marks {
		for _, b := range p.marks[:i] {
			if far := math.Hypot(a.x-b.x, a.y-b.y); far < a.r+b.r {
				t.Errorf("marks of %d and %d are %.1f apart, with radii %.1f and %.1f", a.count, b.count, far, a.r, b.r)
			}
		}
		if far := math.Hypot(a.x-x, a.y-y); far > 120 {
			t.Errorf("the mark of %d went %.0f away", a.count, far)
		}
		if free := p.free(p.names[0]); math.Abs(a.x-x) < a.r && free > a.y-a.r && free-13 < a.y+a.r {
			t.Errorf("the name at %.0f is covered by the mark of %d", free, a.count)
		}
	}
}
