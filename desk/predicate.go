package desk

import (
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/field"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/ground/rule"
	"bihuan/kernel/indicator"
)

// builtins are what a rule over rows may speak of besides the facets of the kind.
var builtins = []field.Field{
	{Key: "state", Kind: field.Text, Class: field.P}, {Key: "unit", Kind: field.Unit, Class: field.P}, {Key: "area", Kind: field.Text, Class: field.P},
}

// predicate compiles a rule over the rows of a kind or register, nil for an empty one.
func (d *Desk) predicate(of, where string) (*rule.Predicate, error) {
	if where == "" {
		return nil, nil
	}
	key := of + "\x00" + where
	if p, ok := d.rules.Load(key); ok {
		return p.(*rule.Predicate), nil
	}
	schema, err := rule.NewSchema(d.facets(of))
	if err != nil {
		return nil, fmt.Errorf("facets of %s: %w", of, err)
	}
	r, err := rule.Compile(where, schema)
	if err != nil {
		return nil, fmt.Errorf("rule over %s: %w", of, err)
	}
	p, err := r.Predicate()
	if err != nil {
		return nil, fmt.Errorf("rule over %s: %w", of, err)
	}
	d.rules.Store(key, &p)
	return &p, nil
}

// facets returns the fields that rules over rows of a kind or register may speak of.
func (d *Desk) facets(of string) []field.Field {
	fields := append([]field.Field(nil), builtins...)
	add := func(all []field.Field, facets []string) {
		for _, key := range facets {
			if f := field.Find(all, key); f != nil && field.Find(fields, key) == nil {
				fields = append(fields, *f)
			}
		}
	}
	if k, ok := d.Packs().Kind(of); ok {
		add(k.Fields, k.Facets)
	} else if k, ok := d.Packs().Register(of); ok {
		add(k.Fields, k.Facets)
	}
	return fields
}

// FormulaWords says in words what a counted indicator counts.
func (d *Desk) FormulaWords(ref, lang string) string {
	def, ok := d.Packs().Indicator(ref)
	if !ok || def.Count == nil || def.Count.Where == "" {
		return ""
	}
	p, err := d.predicate(def.Count.Of, def.Count.Where)
	if err != nil || p == nil {
		return def.Count.Where
	}
	return p.Words(lang, rule.NamerOf(d.named(def.Count.Of), lang))
}

// named returns the facets of a kind with words for what every row has: its states, its unit, its area.
func (d *Desk) named(of string) []field.Field {
	fields := slices.Clone(d.facets(of))
	for i := range fields {
		if t, ok := builtinWords[fields[i].Key]; ok && fields[i].Words.ZH == "" {
			fields[i].Words = t
		}
	}
	k, ok := d.Packs().Kind(of)
	state := field.Find(fields, "state")
	if !ok || state == nil {
		return fields
	}
	for _, s := range k.States {
		state.Options = append(state.Options, field.Option{Key: s.Key, Words: s.Words})
	}
	return fields
}

// builtinWords name the builtins.
var builtinWords = map[string]name.Text{"state": {ZH: "状态", EN: "state"}, "unit": {ZH: "承办单位", EN: "unit"}, "area": {ZH: "所在区域", EN: "area"}}

// withoutState drops from a predicate whatever it says of the state: what is left tells which rows the figure is
// about, whether they count already or not.
func withoutState(p *rule.Predicate) *rule.Predicate {
	if p == nil || p.Field == "state" {
		return nil
	}
	if len(p.Args) == 0 {
		return p
	}
	left := *p
	left.Args = nil
	for i := range p.Args {
		if a := withoutState(&p.Args[i]); a != nil {
			left.Args = append(left.Args, *a)
		}
	}
	if len(left.Args) == 0 {
		return nil
	}
	return &left
}

// formula works out a derived indicator from the latest figures of its operands, by ref.
func formula(def *indicator.Definition, figures map[string]money.Decimal) (money.Decimal, error) {
	var fields []field.Field
	facts := rule.Facts{}
	for ref, v := range figures {
		_, key, _ := strings.Cut(ref, "/")
		fields = append(fields, field.Field{Key: key, Kind: field.Decimal, Class: field.P})
		facts[key] = v.String()
	}
	schema, err := rule.NewSchema(fields)
	if err != nil {
		return money.Decimal{}, err
	}
	f, err := rule.CompileFormula(def.Formula, schema)
	if err != nil {
		return money.Decimal{}, fmt.Errorf("formula of %s: %w", def.Ref, err)
	}
	return f.Eval(facts)
}
