package web

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/web/draw"
)

// atlasFilter is what the map is narrowed to, as it stands in addresses of pages, tiles and lists.
type atlasFilter struct{ Kind, State, Class, Unit, Light, Open, Month string }

func atlasFilterOf(v url.Values) atlasFilter {
	return atlasFilter{v.Get("kind"), v.Get("state"), v.Get("class"), v.Get("unit"), v.Get("light"), v.Get("open"), v.Get("month")}
}

// values are the filter as it stands in an address.
func (f atlasFilter) values() url.Values {
	v := url.Values{}
	for _, p := range [][2]string{{"kind", f.Kind}, {"state", f.State}, {"class", f.Class}, {"unit", f.Unit}, {"light", f.Light}, {"open", f.Open}, {"month", f.Month}} {
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	return v
}

// ask writes the filter as the map understands it. It refuses a month that is none.
func (f atlasFilter) ask(public bool) (a atlas.Ask, err error) {
	a = atlas.Ask{Unit: name.Unit(f.Unit), Class: f.Class, Public: public}
	if f.Kind != "" {
		a.Kinds = []string{f.Kind}
	}
	if f.State != "" {
		a.States = []string{f.State}
	}
	if f.Light != "" {
		a.Lights = []string{f.Light}
	}
	if f.Open == "yes" || f.Open == "no" {
		open := f.Open == "yes"
		a.Open = &open
	}
	if f.Month != "" {
		first, err := calendar.ParseDate(f.Month + "-01")
		if err != nil {
			return a, fault.Refuse(fault.ErrInvalid, "no-such-month", "month")
		}
		a.Opened = journal.Between{From: int64(first.Start()), Until: int64((first.MonthEnd() + 1).Start())}
	}
	return a, nil
}

// atlasView is the map of matters.
type atlasView struct {
	Public  bool
	Path    string // of the page
	Ask     atlasFilter
	Kinds   []choiceCount
	State   []choiceCount
	Classes []choiceCount
	Units   []choiceCount
	Light   []choiceCount
	Months  []choiceCount
	Streets []atlasStreet
	Zoomed  bool
	Total   int // on the picture
	Picture template.HTML
	Narrow  template.HTML // the same for a phone
	Map     atlasMap
}

// atlasMap is what the script of the map needs to know.
type atlasMap struct {
	Library  string       `json:"library"`
	Worker   string       `json:"worker"`
	Box      string       `json:"box"` // west,south,east,north
	Layers   []desk.Level `json:"layers"`
	Outlines string       `json:"outlines"` // where the tiles of a layer are: /LAYER/z/x/y.mvt
	Tiles    string       `json:"tiles,omitempty"`
	List     string       `json:"list,omitempty"`
	Query    string       `json:"query,omitempty"`
	Lang     string       `json:"lang"`
	Lamps    []lampSVG    `json:"lamps,omitempty"`
}

// lampSVG is the shape of a light, in a square of 16.
type lampSVG struct {
	Shade string `json:"shade"`
	Body  string `json:"body"`
	Sign  string `json:"sign"`
}

// atlasStreet is what lies in a street.
type atlasStreet struct {
	Words      string
	Count      int64
	Link, List string
}

// showAtlas is the map for who works here.
func (s *server) showAtlas(q *request) error { return s.atlas(q, false) }

// showOpenAtlas is the map for anybody.
func (s *server) showOpenAtlas(q *request) error { return s.atlas(q, true) }

func (s *server) atlas(q *request, public bool) error {
	v := atlasView{Public: public, Path: "/map", Ask: atlasFilterOf(q.URL.Query())}
	tiles := "/tiles/matters"
	if public {
		v.Path, tiles = "/open/map", "/tiles/open"
	}
	ask, err := v.Ask.ask(public)
	if err != nil {
		return err
	}
	extent, err := s.Atlas.Extent(q.Context(), q.Today())
	if err != nil {
		return err
	}
	box := q.boxAsked(extent)
	v.Zoomed = box != extent
	v.Map = q.mapOf(box)
	v.Map.Tiles, v.Map.List, v.Map.Query, v.Map.Lamps = tiles, v.Path+"/list", v.Ask.values().Encode(), lampSVGs()
	if err := v.draw(q, ask, box, extent); err != nil {
		return err
	}
	if err := v.choices(q); err != nil {
		return err
	}
	if err := v.streets(q, ask); err != nil {
		return err
	}
	return q.render(200, "atlas", v)
}

// mapOf is what every map on a page needs.
func (q *request) mapOf(box geo.Box) atlasMap {
	return atlasMap{Library: q.s.face.URL("maplibre-gl.mjs"), Worker: q.s.face.URL("maplibre-gl-worker.mjs"), Lang: q.Lang,
		Box: boxText(box), Layers: desk.Levels, Outlines: "/tiles"}
}

func lampSVGs() (all []lampSVG) {
	for _, shade := range atlas.Shades {
		if body, sign, ok := draw.LampPaths(indicator.Light(shade)); ok {
			all = append(all, lampSVG{shade, body, sign})
		}
	}
	return all
}

// boxAsked is the ground that the address names, as west,south,east,north; otherwise all of it.
func (q *request) boxAsked(all geo.Box) geo.Box {
	box, ok := parseBox(q.Asked("box"))
	if !ok {
		return all
	}
	return box
}

func parseBox(s string) (b geo.Box, ok bool) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return b, false
	}
	min, errMin := geo.ParsePoint(parts[0] + "," + parts[1])
	max, errMax := geo.ParsePoint(parts[2] + "," + parts[3])
	b = geo.Box{Min: min, Max: max}
	return b, errMin == nil && errMax == nil && min.Lng < max.Lng && min.Lat < max.Lat
}

func boxText(b geo.Box) string { return b.Min.String() + "," + b.Max.String() }

// at returns an address of the map's with the filter and more.
func (f atlasFilter) at(path string, kv ...string) string {
	v := f.values()
	for i := 0; i+1 < len(kv); i += 2 {
		v.Set(kv[i], kv[i+1])
	}
	return address(path, v)
}

// levelsShown are the kinds of place that a picture shows, by how large a part of the whole it is.
var levelsShown = []struct {
	part  float64
	level desk.Level
}{{9, desk.StreetIn}, {0.6, desk.Community}, {0.25, desk.Grid}, {0.12, desk.Cell}}

func (v *atlasView) draw(q *request, ask atlas.Ask, box, extent geo.Box) error {
	marks, err := q.s.Atlas.Marks(q.Context(), q.Who, box, ask)
	if err != nil {
		return err
	}
	wide, narrow := draw.NewAtlas(box), draw.NewNarrowAtlas(box)
	part := (box.Max.Lng - box.Min.Lng) / (extent.Max.Lng - extent.Min.Lng)
	for _, l := range levelsShown {
		if part > l.part || !q.s.Atlas.MayRead(q.Who, l.level) {
			continue
		}
		areas, err := q.s.Desk.Within(q.Context(), l.level, box, q.Today())
		if err != nil {
			return err
		}
		for i := range areas {
			a := &areas[i]
			for _, p := range [...]*draw.AtlasPicture{wide, narrow} {
				p.Area(string(l.level), a.Shape, a.Words.In(q.Lang), v.Ask.at(v.Path, "box", boxText(a.Shape.Box())))
			}
		}
	}
	for _, m := range marks {
		v.Total += m.Count
		for _, p := range [...]*draw.AtlasPicture{wide, narrow} {
			p.Mark(m.At, m.Count, m.Gravest, q.markWords(&m), v.Ask.at(v.Path+"/list", "at", m.Square.String()))
		}
	}
	v.Picture = wide.Done(q.Says("atlas.title"), q.Says("atlas.desc"), q.Says("atlas.note"))
	v.Narrow = narrow.Done(q.Says("atlas.title"), q.Says("atlas.desc"), q.Says("atlas.note"))
	return nil
}

// markWords says in full what lies in a square.
func (q *request) markWords(m *atlas.Mark) string {
	said := []string{q.Says("atlas.count", "n", m.Count)}
	for i, n := range m.By {
		if n > 0 {
			said = append(said, q.Says("atlas.shade-"+atlas.Shades[i])+" "+strconv.Itoa(n))
		}
	}
	return strings.Join(said, q.Says("comma"))
}

func (v *atlasView) choices(q *request) error {
	open := q.s.Desk.KindsWithPublicPlace()
	for _, k := range q.s.Desk.KindsWithPlace() {
		if !v.Public || slices.Contains(open, k.Ref) {
			v.Kinds = append(v.Kinds, choiceCount{Key: k.Ref, Words: k.Words.In(q.Lang), On: k.Ref == v.Ask.Kind})
		}
	}
	v.months(q)
	k, ok := q.s.Desk.Packs().Kind(v.Ask.Kind)
	if ok {
		if err := v.classes(q, k); err != nil {
			return err
		}
	}
	if v.Public {
		return nil
	}
	if ok {
		for _, st := range k.States {
			v.State = append(v.State, choiceCount{Key: st.Key, Words: st.Words.In(q.Lang), On: st.Key == v.Ask.State})
		}
	}
	for _, u := range q.Units() {
		v.Units = append(v.Units, choiceCount{Key: string(u.Key), Words: u.Short.In(q.Lang), On: string(u.Key) == v.Ask.Unit})
	}
	for _, l := range []matter.Light{matter.Red, matter.Yellow, matter.Green, matter.Grey} {
		v.Light = append(v.Light, choiceCount{Key: string(l), Words: q.Says("clock.light-" + string(l)), On: string(l) == v.Ask.Light})
	}
	return nil
}

// classes are those of a kind that has them.
func (v *atlasView) classes(q *request, k *matter.Kind) error {
	f := field.Find(k.Fields, "class")
	if f == nil || !slices.Contains(k.Facets, "class") {
		return nil
	}
	for _, o := range f.Options {
		v.Classes = append(v.Classes, choiceCount{Key: o.Key, Words: o.Words.In(q.Lang), On: o.Key == v.Ask.Class})
	}
	if f.Register == "" {
		return nil
	}
	all, err := q.s.Desk.RecordChoices(q.Context(), f.Register)
	for _, c := range all {
		v.Classes = append(v.Classes, choiceCount{Key: c.Key, Words: c.Words.In(q.Lang), On: c.Key == v.Ask.Class})
	}
	return err
}

// mostMonths is how far back the map goes month by month.
const mostMonths = 24

func (v *atlasView) months(q *request) {
	_, _, day := q.Today().Civil()
	first := q.Today() - calendar.Date(day-1)
	for i := range mostMonths {
		key := first.AddMonths(-i).String()[:7]
		v.Months = append(v.Months, choiceCount{Key: key, Words: q.MonthWords(key), On: key == v.Ask.Month})
	}
}

// streets counts what is asked for in each street, for who reads rather than looks.
func (v *atlasView) streets(q *request, ask atlas.Ask) error {
	world := geo.Box{Min: geo.Point{Lng: -180, Lat: -90}, Max: geo.Point{Lng: 180, Lat: 90}}
	areas, err := q.s.Desk.Within(q.Context(), desk.StreetIn, world, q.Today())
	if err != nil {
		return err
	}
	counts, err := q.s.Atlas.CountAreas(q.Context(), q.Who, ask)
	if err != nil {
		return err
	}
	for i := range areas {
		a, n := &areas[i], int64(0)
		for code, some := range counts {
			if strings.HasPrefix(code, a.Code) {
				n += some
			}
		}
		v.Streets = append(v.Streets, atlasStreet{a.Words.In(q.Lang), n, v.Ask.at(v.Path, "box", boxText(a.Shape.Box())), v.Ask.at(v.Path+"/list", "area", a.Code)})
	}
	return nil
}
