package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/engine/routing"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// RouteRegister is the name of the register whose rows are the rules of dispatch, whichever pack brings it.
const RouteRegister = "route"

// Faces read the rules of dispatch by these names.
type (
	RouteRule  = routing.Rule  // RouteRule is a rule of dispatch
	RouteTried = routing.Tried // RouteTried is a rule that did not fit, and why
)

// RouteNamed is the target of a rule that names its unit.
const RouteNamed = routing.Named

// Routed is to whom the rules send a matter, and why, in words.
type Routed struct {
	routing.Choice
	Field string // the field of kind unit that the act asks for
	Words name.Text
}

// Routes returns the rules of dispatch that hold today, in the order in which they are asked.
func (d *Desk) Routes(ctx context.Context) (rules []routing.Rule, err error) {
	if kept := d.routes.Load(); kept != nil && kept.day == d.Today() {
		return kept.rules, nil
	}
	k := d.registerNamed(RouteRegister)
	if k == nil {
		return nil, nil
	}
	records, err := d.ValidRecords(ctx, k.Ref)
	if err != nil {
		return nil, err
	}
	for _, rec := range records {
		r, err := routing.ReadRule(rec.Fields, 0, 0)
		if err != nil {
			return nil, fmt.Errorf("rule %s of dispatch: %w", rec.Key, err)
		}
		rules = append(rules, r)
	}
	routing.Sort(rules)
	d.routes.Store(&routes{d.Today(), rules})
	return rules, nil
}

// routes are the rules of a day, kept until one of them is written.
type routes struct {
	day   calendar.Date
	rules []routing.Rule
}

// Route says to whom the rules would send a matter by an act that names a unit, at the present time. It reports false for an
// act that names none, and where the district has no rules.
func (d *Desk) Route(ctx context.Context, k *matter.Kind, act *matter.Act, fields map[string]string) (Routed, bool, error) {
	key := routedField(k, act)
	if key == "" || pointing(k.Fields, "class") == nil {
		return Routed{}, false, nil
	}
	rules, err := d.Routes(ctx)
	if err != nil || len(rules) == 0 {
		return Routed{}, false, err
	}
	f := d.facts(ctx)
	c, err := f.caseOf(k, fields, d.world.Now())
	if err != nil {
		return Routed{}, false, err
	}
	out := Routed{Choice: routing.Choose(rules, c), Field: key}
	out.Words = f.words(out.Choice)
	return out, true, nil
}

// routedVerbs are those by which a matter is given to a unit.
var routedVerbs = []matter.Verb{matter.Dispatch, matter.Arbitrate, matter.Reassign, matter.Transfer}

// routedField returns the field of kind unit by which an act gives the matter away, empty for an act that does not.
func routedField(k *matter.Kind, act *matter.Act) string {
	if !slices.Contains(routedVerbs, act.Verb) || act.Holder.To != matter.ToField {
		return ""
	}
	f := field.Find(k.Fields, act.Holder.Field)
	if f == nil || f.Kind != field.Unit || !slices.ContainsFunc(act.Form, func(in matter.Input) bool { return in.Field == f.Key }) {
		return ""
	}
	return f.Key
}

// routed returns the reason of an act that gives a matter to a unit: what the rules say, and whether the unit is theirs.
func (b *Batch) routed(p *part, act *matter.Act, with map[string]string) ([]matter.Reason, error) {
	fields := map[string]string{}
	for k, v := range p.matter.Fields {
		fields[k] = v
	}
	for k, v := range with {
		fields[k] = v
	}
	r, has, err := b.d.Route(b.ctx, p.def, act, fields)
	if err != nil || !has {
		return nil, err
	}
	out := matter.Reason{Field: r.Field, Value: string(r.Unit), Words: r.Words}
	if r.Rule != nil {
		out.Rule = r.Rule.Key
	}
	if to := name.Unit(strings.TrimSpace(with[r.Field])); r.Unit != "" && to != "" && to != r.Unit {
		u := b.d.Directory().Unit(to).Short
		out.Words = name.Text{ZH: "派遣人另选了" + u.ZH + "；" + r.Words.ZH, EN: u.EN + " was chosen instead. " + r.Words.EN}
	}
	return []matter.Reason{out}, nil
}

// facts looks up what rules ask of, each thing once.
type facts struct {
	d    *Desk
	ctx  context.Context
	rows map[string]map[string]string // fields of a record by register and key
}

func (d *Desk) facts(ctx context.Context) *facts {
	return &facts{d: d, ctx: ctx, rows: map[string]map[string]string{}}
}

// record returns the fields of a record that holds today, nil for none.
func (f *facts) record(ref, key string) (map[string]string, error) {
	if key == "" {
		return nil, nil
	}
	at := ref + "|" + key
	if r, known := f.rows[at]; known {
		return r, nil
	}
	page, err := f.d.store.Rows(f.ctx, journal.Query{Log: f.d.world.District, Now: f.d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record",
		Kinds: []string{ref}, Facets: []journal.Facet{{Name: "key", Text: key}}, Order: journal.ByOpened, Limit: 50})
	if err != nil {
		return nil, err
	}
	f.rows[at] = nil
	for i := range page.Rows {
		if r := &page.Rows[i]; r.HoldsAt(f.d.world.Now()) {
			fields := map[string]string{}
			if err := json.Unmarshal(r.Body, &fields); err != nil {
				return nil, fmt.Errorf("record %s: %w", r.Stream, err)
			}
			f.rows[at] = fields
			break
		}
	}
	return f.rows[at], nil
}

// pointing returns the first field of a kind that points into a register of that name, nil for none.
func pointing(fields []field.Field, called string) *field.Field {
	for i := range fields {
		if _, reg, _ := strings.Cut(fields[i].Register, "/"); fields[i].Kind == field.Record && reg == called {
			return &fields[i]
		}
	}
	return nil
}

// caseOf gathers what is known of a matter at a time: its class and whom that goes to first, its owner, and its place.
func (f *facts) caseOf(k *matter.Kind, fields map[string]string, at int64) (routing.Case, error) {
	c := routing.Case{Kind: k.Ref, At: calendar.Instant(at)}
	if cal := f.d.Env().Calendar; cal != nil {
		working, _ := cal.IsWorking(c.At.Date())
		c.DayOff = !working
	}
	if cf := pointing(k.Fields, "class"); cf != nil {
		c.Class = fields[cf.Key]
		row, err := f.record(cf.Register, c.Class)
		if err != nil {
			return c, err
		}
		c.Line = cmp.Or(row["line"], row["level"])
		if c.Owner, err = f.ownerOf(cf.Register, row); err != nil {
			return c, err
		}
	}
	if cf := pointing(k.Fields, "component"); cf != nil {
		row, err := f.record(cf.Register, fields[cf.Key])
		if err != nil {
			return c, err
		}
		c.Owner = cmp.Or(name.Unit(row["owner"]), c.Owner)
	}
	return c, f.place(k, fields, &c)
}

// ownerOf returns the unit in charge of a class: its own, or that of the class of another dictionary to which it says it is equal.
func (f *facts) ownerOf(ref string, row map[string]string) (name.Unit, error) {
	if u := row["unit"]; u != "" || row == nil {
		return name.Unit(u), nil
	}
	k, ok := f.d.Packs().Register(ref)
	if !ok {
		return "", nil
	}
	same := pointing(k.Fields, "class")
	if same == nil || same.Register == ref {
		return "", nil
	}
	other, err := f.record(same.Register, row[same.Key])
	return name.Unit(other["unit"]), err
}

// place gathers where a matter is: by its point as far as its own street agrees, otherwise by what was filled in.
func (f *facts) place(k *matter.Kind, fields map[string]string, c *routing.Case) error {
	g, err := f.d.theGround(f.ctx)
	if err != nil {
		return err
	}
	at := int64(c.At)
	said := ""
	if af := pointing(k.Fields, string(StreetIn)); af != nil {
		said = fields[af.Key]
	}
	if key := field.KeyOf(k.Fields, field.Place); key != "" && fields[key] != "" {
		if p, err := geo.ParsePoint(fields[key]); err == nil {
			if s := g.locate(p, at); said == "" || s.Code(StreetIn) == said {
				c.Places = s.Codes()
				for l, u := range map[Level]*name.Unit{StreetIn: &c.Street, Community: &c.Community} {
					if a := s.Areas[l]; a != nil {
						*u = a.Unit
					}
				}
			}
		}
	}
	if a := g.named(StreetIn, said, at); a != nil && c.Street == "" {
		c.Places, c.Street = append(c.Places, a.Code), a.Unit
	}
	for l, u := range map[Level]*name.Unit{StreetIn: &c.Street, Community: &c.Community} { // what was filled in as a unit
		if uf := field.Find(k.Fields, string(l)); uf != nil && uf.Kind == field.Unit && fields[uf.Key] != "" {
			*u = name.Unit(fields[uf.Key])
		}
	}
	return nil
}

// words says to whom a case goes and why, for the unit that receives it.
func (f *facts) words(ch routing.Choice) name.Text {
	if ch.Rule == nil {
		return name.Text{ZH: "没有对得上的派遣规则，由派遣人决定", EN: "No rule of dispatch fits; whoever dispatches decides."}
	}
	u := f.d.Directory().Unit(ch.Unit).Short
	why := map[routing.Target]name.Text{
		routing.Owner:     {ZH: "是权属或主管单位", EN: "it owns the thing or is in charge of its class"},
		routing.Street:    {ZH: "位置在其辖区", EN: "the place lies in its area"},
		routing.Community: {ZH: "位置在其辖区", EN: "the place lies in its area"},
		routing.Named:     {ZH: "规则指定", EN: "the rule names it"},
	}[ch.Rule.To]
	t := name.Text{ZH: fmt.Sprintf("按规则%s“%s”派给%s：%s", ch.Rule.Key, ch.Rule.Words.ZH, u.ZH, why.ZH),
		EN: fmt.Sprintf("By rule %s, “%s”, it goes to %s: %s", ch.Rule.Key, ch.Rule.Words.EN, u.EN, why.EN)}
	if ch.Rule.Basis != "" {
		t.ZH += "。依据：" + ch.Rule.Basis
		t.EN += ". Ground: " + ch.Rule.Basis
	}
	return t
}
