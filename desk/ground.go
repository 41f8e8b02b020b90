package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/register"
)

// Level is a kind of place, from small to large; each is the register of that name, whichever pack brings it, and names
// the one above in a field of that one's name.
type Level string

// The levels.
const (
	Cell      Level = "cell"      // 单元网格
	Grid      Level = "grid"      // 网格
	Community Level = "community" // 社区、村
	StreetIn  Level = "street"    // 街道、镇、乡
)

// Levels are all levels, from small to large.
var Levels = []Level{Cell, Grid, Community, StreetIn}

// levelWords are the levels as reasons name them.
var levelWords = map[Level]name.Text{
	Cell: {ZH: "单元网格", EN: "cell"}, Grid: {ZH: "网格", EN: "grid"}, Community: {ZH: "社区（村）", EN: "community"}, StreetIn: {ZH: "街道乡镇", EN: "street"}}

// Area is one place of a level.
type Area struct {
	Level  Level
	Code   string
	Words  name.Text
	Unit   name.Unit   // who runs it, empty where its record says nothing
	Worker name.Person // a grid's worker
	Shape  geo.Shape
	within string // code of the place above
	from   int64  // µs
	until  int64  // µs, 0 for open
}

// Spot is where a point lies and whose it is. Levels that are not known are missing.
type Spot struct {
	At    geo.Point
	Areas map[Level]*Area
	By    Level // the level whose outline holds the point, empty where none does
}

// Code returns the code of a level, empty where it is not known.
func (s *Spot) Code(l Level) string {
	if a := s.Areas[l]; a != nil {
		return a.Code
	}
	return ""
}

// Codes returns the codes of all levels that are known, from small to large.
func (s *Spot) Codes() (all []string) {
	for _, l := range Levels {
		if c := s.Code(l); c != "" {
			all = append(all, c)
		}
	}
	return all
}

// Words says where the point lies, and by whose outline that is known.
func (s *Spot) Words() name.Text {
	if s.By == "" {
		return name.Text{ZH: fmt.Sprintf("位置 %s 不在任何已划的范围内", s.At), EN: fmt.Sprintf("%s lies in no outline that is known", s.At)}
	}
	var zh, en []string
	for i := len(Levels) - 1; i >= 0; i-- {
		if a := s.Areas[Levels[i]]; a != nil {
			zh, en = append(zh, levelName(a).ZH), append(en, levelName(a).EN)
		}
	}
	return name.Text{ZH: fmt.Sprintf("位置 %s 落在%s的范围内：%s", s.At, levelWords[s.By].ZH, strings.Join(zh, "、")),
		EN: fmt.Sprintf("%s lies in the outline of a %s: %s", s.At, levelWords[s.By].EN, strings.Join(en, ", "))}
}

// levelName is a place's name; where it is called by its code the level is said too.
func levelName(a *Area) name.Text {
	if a.Words.ZH != a.Code {
		return a.Words
	}
	w := levelWords[a.Level]
	return name.Text{ZH: w.ZH + a.Code, EN: w.EN + " " + a.Code}
}

// ground is every place that the registers know, on any day, ready to be asked. It does not change.
type ground struct {
	areas  map[Level][]Area
	index  map[Level]*geo.Index
	codes  map[Level]map[string][]int
	worked map[name.Person][]int // grids by worker
}

// Locate returns where a point lies on a day. What lies nowhere has no levels.
func (d *Desk) Locate(ctx context.Context, p geo.Point, on calendar.Date) (Spot, error) {
	g, err := d.theGround(ctx)
	if err != nil {
		return Spot{}, err
	}
	return g.locate(p, int64(on.Start())), nil
}

// AreaNamed returns the place of a level that has a code on a day, nil for none.
func (d *Desk) AreaNamed(ctx context.Context, l Level, code string, on calendar.Date) (*Area, error) {
	g, err := d.theGround(ctx)
	if err != nil {
		return nil, err
	}
	return g.named(l, code, int64(on.Start())), nil
}

// Within returns the places of a level that hold on a day and meet a box, by code: what a map's window shows.
func (d *Desk) Within(ctx context.Context, l Level, b geo.Box, on calendar.Date) (all []Area, err error) {
	g, err := d.theGround(ctx)
	if err != nil || g.index[l] == nil {
		return nil, err
	}
	for _, i := range g.index[l].Meeting(b) {
		if a := g.areas[l][i]; a.holds(int64(on.Start())) {
			all = append(all, a)
		}
	}
	slices.SortFunc(all, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	return all, nil
}

func (a *Area) holds(at int64) bool { return a.from <= at && (a.until == 0 || at < a.until) }

// locate finds the smallest outline that holds the point and climbs from there by what each place says it lies in; where
// that leads nowhere, the outlines of the next level are asked.
func (g *ground) locate(p geo.Point, at int64) Spot {
	s := Spot{At: p, Areas: map[Level]*Area{}}
	within := ""
	for _, l := range Levels {
		a := g.named(l, within, at)
		if a == nil {
			if a = g.holding(l, p, at); a != nil && s.By == "" {
				s.By = l
			}
		}
		if within = ""; a != nil {
			s.Areas[l] = a
			within = a.within
		}
	}
	return s
}

func (g *ground) named(l Level, code string, at int64) *Area {
	for _, i := range g.codes[l][code] {
		if a := &g.areas[l][i]; code != "" && a.holds(at) {
			return a
		}
	}
	return nil
}

// holding returns the first place by code whose outline holds the point.
func (g *ground) holding(l Level, p geo.Point, at int64) (first *Area) {
	if g.index[l] == nil {
		return nil
	}
	for _, i := range g.index[l].At(p) {
		if a := &g.areas[l][i]; a.holds(at) && (first == nil || a.Code < first.Code) {
			first = a
		}
	}
	return first
}

// theGround returns the places, read when they are asked for the first time and after one of them has changed.
func (d *Desk) theGround(ctx context.Context) (*ground, error) {
	if g := d.ground.Load(); g != nil {
		return g, nil
	}
	g := &ground{areas: map[Level][]Area{}, index: map[Level]*geo.Index{}, codes: map[Level]map[string][]int{}, worked: map[name.Person][]int{}}
	for i, l := range Levels {
		k := d.registerNamed(string(l))
		if k == nil {
			continue
		}
		above := ""
		if i+1 < len(Levels) {
			above = string(Levels[i+1])
		}
		if err := d.readLevel(ctx, g, l, k, above); err != nil {
			return nil, fmt.Errorf("places of %s: %w", k.Ref, err)
		}
	}
	d.ground.Store(g)
	return g, nil
}

func (d *Desk) readLevel(ctx context.Context, g *ground, l Level, k *register.Kind, above string) error {
	g.codes[l] = map[string][]int{}
	shapes := []geo.Shape{}
	outline := field.KeyOf(k.Fields, field.Shape)
	err := d.eachRow(ctx, journal.Query{Noun: "record", Kinds: []string{k.Ref}, Order: journal.ByNumber}, func(r *journal.Row) error {
		f := map[string]string{}
		if err := json.Unmarshal(r.Body, &f); err != nil {
			return err
		}
		a := Area{Level: l, Code: r.Number, Words: namedRecord(r).Words, Unit: name.Unit(f["unit"]), Worker: name.Person(f["worker"]), within: f[above], from: r.Opened, until: r.Closed}
		if v := f[outline]; v != "" {
			var err error
			if a.Shape, _, err = geo.ReadShape([]byte(v), geo.WGS); err != nil {
				return fmt.Errorf("outline of %s: %w", a.Code, err)
			}
		}
		g.codes[l][a.Code] = append(g.codes[l][a.Code], len(shapes))
		if l == Grid && a.Worker != "" {
			g.worked[a.Worker] = append(g.worked[a.Worker], len(shapes))
		}
		g.areas[l] = append(g.areas[l], a)
		shapes = append(shapes, a.Shape)
		return nil
	})
	g.index[l] = geo.NewIndex(shapes)
	return err
}

// forgetGround has the places, and the rules of dispatch, read anew if one of them was among what changed.
func (b *Batch) forgetGround() {
	for _, p := range b.parts {
		if p.record != nil && strings.HasSuffix(p.record.Register, "/"+RouteRegister) {
			b.d.routes.Store(nil)
		}
		if p.record != nil && slices.ContainsFunc(Levels, func(l Level) bool { return strings.HasSuffix(p.record.Register, "/"+string(l)) }) {
			b.d.ground.Store(nil)
			return
		}
	}
}

// IsPublicLevel reports whether anybody may read the places of a level.
func (d *Desk) IsPublicLevel(l Level) bool {
	k := d.registerNamed(string(l))
	return k != nil && k.Public
}
