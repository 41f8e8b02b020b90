package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/field"
	"bihuan/kernel/account"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// GoalKind is the kind of the rows of goals.
const GoalKind = "goal"

// The facets that every matter has besides those of its pack.
const (
	facetLink = "link" // each stream that the matter is linked to
	facetFree = "free" // "yes" while the holder is a unit and no person of it is named
)

// project returns the row of a part after its events, nil for a stream that has none.
func (d *Desk) project(p *part) (*journal.Row, error) {
	switch {
	case p.own != nil:
		return p.own()
	case p.matter != nil:
		return matterRow(p.def, p.matter)
	case p.goal != nil:
		return d.goalRow(p.goal)
	case p.record != nil:
		k, ok := d.Packs().Register(p.record.Register)
		if !ok {
			return nil, fmt.Errorf("register %s is not installed", p.record.Register)
		}
		return recordRow(k, p.record)
	}
	return nil, nil
}

func matterRow(k *matter.Kind, m *matter.Matter) (*journal.Row, error) {
	r := &journal.Row{Stream: m.ID, Noun: "matter", Kind: m.Kind, Title: m.Title(), State: m.State, Open: m.IsOpen(),
		Unit: m.Holder.Unit, Person: m.Holder.Person, Area: m.Fields["area"], Opened: m.Opened, Closed: m.Closed,
		Due: m.Due(), Yellow: m.Yellow(), Wake: m.Wake(), Public: m.Public,
		Place: placeOf(k.Fields, m.Fields)}
	switch {
	case !r.Open:
		r.Due, r.Yellow = deadline(k, m), 0
	case r.Due == 0:
		r.Light = string(m.Light(m.Changed))
	}
	for _, key := range k.Facets {
		if v := m.Fields[key]; v != "" {
			r.Facets = append(r.Facets, facet(field.Find(k.Fields, key), key, v))
		}
	}
	if m.Issuer.Unit != "" {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Issuer, Text: string(m.Issuer.Unit)})
	}
	for _, u := range m.Supervisors() {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Supervisor, Text: string(u)})
	}
	if m.IsOpen() && m.Pending != nil {
		for _, party := range deciders(k, m) {
			r.Facets = append(r.Facets, journal.Facet{Name: facetDecides, Text: party})
		}
	}
	if m.IsOpen() && m.Holder.Person == "" {
		r.Facets = append(r.Facets, journal.Facet{Name: facetFree, Text: "yes"})
	}
	for _, u := range assisting(m) {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Involved, Text: string(u)})
	}
	for _, p := range m.DidWork {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Took, Text: string(p)})
	}
	if strings.HasPrefix(string(m.For), account.FirmPrefix) {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Firm, Text: string(m.For)})
	}
	if at := gridPath(m.Fields); at != "" {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Lies, Text: at})
	}
	for _, l := range m.Links {
		r.Facets = append(r.Facets, journal.Facet{Name: facetLink, Text: string(l.To)})
		if l.Kind == matter.Fulfils || r.Parent == "" {
			r.Parent = l.To
		}
	}
	body := matterBody(k, m)
	if k.Measured != "" {
		for key, v := range m.Measures(k.Measured) {
			body[measured+key] = v
			if key == matter.MeasureDue {
				r.Facets = append(r.Facets, journal.Facet{Name: key, Text: v})
			}
		}
	}
	sortFacets(r)
	var err error
	r.Body, err = json.Marshal(body)
	return r, err
}

// deadline is the time by which a matter that is closed had to be done: of its last clock that ends with a date, or
// that a law or a promise stands behind; 0 if it had none. By it a finished matter belongs to a cohort.
func deadline(k *matter.Kind, m *matter.Matter) int64 {
	for i := len(m.Clocks) - 1; i >= 0; i-- {
		if ck := k.Clock(m.Clocks[i].Key); ck != nil && !m.Clocks[i].Decision && (ck.Until != "" || ck.Term != matter.Internal) {
			return m.Clocks[i].Due
		}
	}
	return 0
}

// matterBody is what list columns may show: every field that is neither personal nor long.
func matterBody(k *matter.Kind, m *matter.Matter) map[string]string {
	body := map[string]string{}
	for _, f := range k.Fields {
		if v := m.Fields[f.Key]; v != "" && f.Kind != field.LongText && f.Kind != field.Table && f.Kind != field.Shape && !f.Class.IsPersonal() {
			body[f.Key] = v
		}
	}
	return body
}

func facet(f *field.Field, key, v string) journal.Facet {
	fc := journal.Facet{Name: key, Text: v}
	if f != nil && (f.Kind == field.Integer || f.Kind == field.Decimal || f.Kind == field.Money) {
		fc.Number, _ = field.Scaled(v)
	}
	return fc
}

func sortFacets(r *journal.Row) {
	slices.SortFunc(r.Facets, func(a, b journal.Facet) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return strings.Compare(a.Text, b.Text)
	})
	r.Facets = slices.Compact(r.Facets)
}

// goalRow projects a goal. What depends on the day is worked out when it is read.
func (d *Desk) goalRow(g *indicator.Goal) (*journal.Row, error) {
	r := &journal.Row{Stream: g.ID, Noun: "indicator", Kind: GoalKind, Title: g.Title, State: string(g.Shape), Open: g.Closed == 0,
		Unit: g.Lead, Person: g.Person, Parent: g.Parent, Opened: g.Opened, Closed: g.Closed, Light: string(g.Light), Public: g.Public}
	add := func(name, text string) {
		if text != "" {
			r.Facets = append(r.Facets, journal.Facet{Name: name, Text: text})
		}
	}
	add("year", fmt.Sprint(g.Year))
	add("domain", g.Domain)
	add("leader", string(g.Leader))
	add("report", string(g.Source.Report))
	add("mode", string(g.Feed.Mode))
	add("indicator", g.Feed.Indicator)
	if g.Pending != nil {
		add(facetDecides, string(g.Pending.Approver))
	}
	for _, u := range g.Assist {
		add(journal.Involved, string(u))
	}
	sortFacets(r)
	var err error
	r.Body, err = json.Marshal(map[string]string{"subject": g.Subject, "target": g.Target.Value.String(), "op": g.Target.Op, "target-unit": g.Target.Unit, "due": g.Due.String()})
	return r, err
}

func recordRow(k *register.Kind, rec *register.Record) (*journal.Row, error) {
	r := &journal.Row{Stream: rec.ID, Noun: "record", Kind: rec.Register, Number: rec.Key(k), Title: rec.Title(k), Open: rec.Until == 0,
		Area: rec.Fields["area"], Public: k.Public, Opened: int64(rec.From.Start()),
		Place: placeOf(k.Fields, rec.Fields)}
	if rec.From == 0 {
		r.Opened = 0
	}
	if rec.Until != 0 {
		r.Closed = int64(rec.Until.Start())
	}
	for _, key := range k.Facets {
		if v := rec.Fields[key]; v != "" {
			r.Facets = append(r.Facets, facet(field.Find(k.Fields, key), key, v))
		}
	}
	r.Facets = append(r.Facets, journal.Facet{Name: "key", Text: rec.Key(k)})
	sortFacets(r)
	var err error
	r.Body, err = json.Marshal(rec.Fields)
	return r, err
}

// measured stands before the measures in a row's body: no field's key begins with it.
const measured = "#"

// Measured returns what rules over a scorecard's matters may speak of: the fields and measures that the row keeps, its state,
// unit and area. A verb that was not counted is “no”.
func Measured(r *journal.Row) (map[string]string, error) {
	var body map[string]string
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return nil, fmt.Errorf("row of %s: %w", r.Stream, err)
	}
	facts := map[string]string{"state": r.State, "unit": string(r.Unit), "area": r.Area, matter.MeasureInTime: "none"}
	for _, verb := range matter.Counted() {
		facts[verb] = "no"
	}
	for key, v := range body {
		facts[strings.TrimPrefix(key, measured)] = v
	}
	return facts, nil
}
