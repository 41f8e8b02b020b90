package storetest

import (
	"cmp"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/rule"
	"bihuan/kernel/journal"
)

// This file draws batches and questions from small sets, so that they meet often.

const log = name.District("220105")

func stream(n int) name.ID {
	return name.NewID(log, [16]byte{0: 1, 14: byte(n >> 8), 15: byte(n)})
}

func oneOf[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

func someOf[T comparable](t *rapid.T, label string, values ...T) []T {
	if rapid.IntRange(0, 3).Draw(t, "narrow by "+label) != 0 {
		return nil
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 2, rapid.ID).Draw(t, label)
}

var (
	kinds   = []string{"works/site", "city/component", "goal"}
	states  = []string{"open", "handled", "closed"}
	units   = []name.Unit{"housing", "urban", "tax", ""}
	persons = []name.Person{"p1", "p2", ""}
	lights  = []string{"green", "yellow", "red", ""}
	areas   = []string{"", "220105", "220105002", "220105002003", "220105010"}
	titles  = []string{"口袋公园", "口袋公园", "吉林大路Ａ座", "50%_done\\", "", "zebra"}
	facets  = []string{journal.Involved, journal.Issuer, journal.Supervisor, journal.Took, journal.Lies, "street", "cost"}
	places  = []string{"220105001", "220105001/220105001002", "220105001/220105001002/G1", "220105001/220105001002/G10", "220105001/220105001002-1", "220105002"}
)

// spots are places some centimetres and some continents apart; the zero Point is none.
var spots = []geo.Point{{}, {Lng: 125.4, Lat: 43.86}, {Lng: 125.4, Lat: 43.8600001}, {Lng: 125.41, Lat: 43.87}, {Lng: -70.5, Lat: -33.4}, {Lng: 180, Lat: 90}, {Lng: -180, Lat: -89.9999999}}

// box draws one between two of the spots, or about one of them.
func box(t *rapid.T) geo.Box {
	a := oneOf(t, "corner", spots[1:]...)
	if rapid.Bool().Draw(t, "small box") {
		return geo.Around(a, oneOf(t, "metres", 0.005, 0.02, 50, 2000))
	}
	return geo.Nowhere().With(a).With(oneOf(t, "other corner", spots...))
}

// instant draws from few values, 0 (none) among them.
func instant(t *rapid.T, label string) int64 { return oneOf[int64](t, label, 0, 10, 20, 30, 40) }

func drawRow(t *rapid.T) journal.Row {
	r := journal.Row{
		Kind: oneOf(t, "kind", kinds...), Title: oneOf(t, "title", titles...), State: oneOf(t, "state", states...),
		Open: rapid.Bool().Draw(t, "open"), Unit: oneOf(t, "unit", units...), Person: oneOf(t, "person", persons...),
		Area: oneOf(t, "area", areas...), Opened: instant(t, "opened"), Closed: instant(t, "closed"), Due: instant(t, "due"), Yellow: instant(t, "yellow"),
		Wake: instant(t, "wake"), Light: oneOf(t, "light", lights...), Public: rapid.Bool().Draw(t, "public"), Body: []byte(`{"x":"007"}`),
	}
	if rapid.Bool().Draw(t, "has parent") {
		r.Parent = stream(rapid.IntRange(0, 3).Draw(t, "parent"))
	}
	r.Place = oneOf(t, "place", spots...)
	r.Facets = drawFacets(t)
	return r
}

// drawFacets draws them in the order that the store returns: by name, then by text.
func drawFacets(t *rapid.T) (out []journal.Facet) {
	for _, f := range []struct {
		name  string
		texts []string
	}{{"cost", []string{"1.5", "2"}}, {journal.Involved, []string{"housing", "tax"}}, {journal.Issuer, []string{"housing", "tax"}}, {journal.Supervisor, []string{"housing", "tax"}}, {journal.Took, []string{"p1", "p2"}}, {journal.Lies, places}, {"street", []string{"", "吉林大路"}}} {
		if f.name == "street" {
			f.texts = f.texts[rapid.IntRange(0, 1).Draw(t, "which street"):][:1]
		}
		for _, text := range f.texts {
			if rapid.Bool().Draw(t, f.name+" "+text) {
				out = append(out, journal.Facet{Name: f.name, Text: text, Number: oneOf[int64](t, "number", 0, 15000, -20000)})
			}
		}
	}
	// Facts that rules are about have one text each.
	for _, f := range []struct {
		name  string
		texts []string
	}{{"amount", []string{"1.5", "2", "-3.0001"}}, {"duties", []string{"housing tax", "tax", "taxi housing"}}} {
		if i := rapid.IntRange(-1, len(f.texts)-1).Draw(t, f.name); i >= 0 {
			n, _ := field.Scaled(f.texts[i])
			out = append(out, journal.Facet{Name: f.name, Text: f.texts[i], Number: n})
		}
	}
	slices.SortFunc(out, func(a, b journal.Facet) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Text, b.Text)) })
	return out
}

func event(kind string) ledger.Event {
	return ledger.Event{At: 1_697_414_400_000_000, Actor: name.Actor{Person: "p1", Unit: "housing", Role: "handler"},
		Type: kind, Schema: 1, Suite: ledger.SM3, Salt: [16]byte{1, 2, 3}, Reason: "现场已核实", Body: []byte(`{"note":"007"}`)}
}

// single is a batch of one event on one stream, with a row.
func single(command string, s name.ID, expected int64, row journal.Row) journal.Batch {
	return journal.Batch{Log: log, Command: command, Appends: []journal.Append{
		{Stream: s, Kind: ledger.Matter, Expected: expected, Events: []ledger.Event{event("matter.note")}, Row: &row}}}
}

func between(t *rapid.T, label string) journal.Between {
	if rapid.IntRange(0, 5).Draw(t, "narrow by "+label) != 0 {
		return journal.Between{}
	}
	return journal.Between{From: oneOf[int64](t, label+" from", 0, 10, 15, 30), Until: oneOf[int64](t, label+" until", 0, 10, 20, 35)}
}

func drawQuery(t *rapid.T) journal.Query {
	q := journal.Query{
		Log: log, Now: oneOf[int64](t, "now", 0, 10, 15, 25, 100), Scope: drawScope(t), Kinds: someOf(t, "kinds", kinds...), States: someOf(t, "states", states...),
		Units: someOf(t, "units", units...), Lights: someOf(t, "lights", lights...),
		Opened: between(t, "opened"), Closed: between(t, "closed"), Due: between(t, "due"), Wake: between(t, "wake"),
		Order: oneOf(t, "order", journal.ByDue, journal.ByOpened, journal.ByNumber, journal.ByTitle, journal.ByWake),
		Limit: rapid.IntRange(1, 5).Draw(t, "limit"),
	}
	few := func(label string) bool { return rapid.IntRange(0, 5).Draw(t, "narrow by "+label) == 0 }
	if few("noun") {
		q.Noun = oneOf(t, "noun", ledger.Matter, ledger.Record)
	}
	if few("open") {
		open := rapid.Bool().Draw(t, "open")
		q.Open = &open
	}
	if few("person") {
		q.Person = oneOf(t, "person", persons...)
	}
	q.Unnamed = few("nobody")
	if few("parent") {
		q.Parent = stream(rapid.IntRange(0, 3).Draw(t, "parent"))
	}
	if few("area") {
		q.Area = oneOf(t, "area", areas...)
	}
	if few("box") {
		q.Box = box(t)
	}
	if few("text") {
		q.Text = oneOf(t, "text", "公园", "%", "_", "\\", "ZEB", "0001", "大路")
	}
	if few("facet") {
		q.Facets = []journal.Facet{{Name: oneOf(t, "facet", facets...), Text: oneOf(t, "text", "", "吉林大路", "housing", "tax", "1.5")}}
	}
	if few("where") {
		p := drawPredicate(t, 3)
		q.Where = &p
	}
	if few("streams") {
		q.Streams = []name.ID{stream(0), stream(1), stream(2), stream(3000)}
	}
	if few("numbers") {
		q.Numbers = []string{oneOf(t, "number", "N00001", "n00001", "N0000", ""), "N00002"}
	}
	return q
}

// drawPredicate draws a rule over the columns and facets of drawRow, among them one that no row has.
func drawPredicate(t *rapid.T, depth int) rule.Predicate {
	if depth > 0 && rapid.Bool().Draw(t, "branch") {
		p := rule.Predicate{Op: oneOf(t, "op", rule.And, rule.Or, rule.Not)}
		n := rapid.IntRange(0, 3).Draw(t, "parts")
		if p.Op == rule.Not {
			n = 1
		}
		for range n {
			p.Args = append(p.Args, drawPredicate(t, depth-1))
		}
		return p
	}
	if rapid.IntRange(0, 2).Draw(t, "about numbers") == 0 {
		return leaf(t, field.Decimal, []string{"amount", "none"}, []string{"1.5", "2", "-3.0001", "1000000"})
	}
	p := leaf(t, field.Text, []string{"state", "unit", "area", "street", "duties", "none"},
		[]string{"open", "closed", "housing", "220105", "吉林大路", "吉林", "tax", "a%", "HOUSING"})
	if rapid.IntRange(0, 3).Draw(t, "part of a text") == 0 {
		p.Op, p.Other = oneOf(t, "op", rule.Has, rule.StartsWith), ""
	}
	return p
}

func leaf(t *rapid.T, k field.Kind, fields, values []string) rule.Predicate {
	p := rule.Predicate{Op: oneOf(t, "op", rule.Equal, rule.NotEqual, rule.Less, rule.AtMost, rule.Greater, rule.AtLeast, rule.In), Kind: k,
		Field: oneOf(t, "field", fields...)}
	switch {
	case p.Op == rule.In:
		p.Values = rapid.SliceOfNDistinct(rapid.SampledFrom(values), 0, 3, rapid.ID).Draw(t, "values")
	case rapid.IntRange(0, 3).Draw(t, "two facts") == 0:
		p.Other = oneOf(t, "other", fields...)
	default:
		p.Value = oneOf(t, "value", values...)
	}
	return p
}

func drawScope(t *rapid.T) journal.Scope {
	s := drawReasons(t, "")
	if rapid.IntRange(0, 2).Draw(t, "bound to places") == 0 {
		there := drawReasons(t, "there, ")
		s.Grids, s.There = someOf(t, "places", places...), &there
	}
	return s
}

func drawReasons(t *rapid.T, where string) journal.Scope {
	return journal.Scope{All: rapid.IntRange(0, 2).Draw(t, where+"all") == 0, Units: someOf(t, where+"own units", units[:3]...),
		Assist: someOf(t, where+"assisting units", units[:3]...), SetBy: someOf(t, where+"setting units", units[:3]...), Supervise: someOf(t, where+"supervising units", units[:3]...),
		Persons: someOf(t, where+"own persons", persons[:2]...), Took: someOf(t, where+"who took part", persons[1:]...),
		Public: rapid.IntRange(0, 3).Draw(t, where+"public") == 0}
}

func command(t *rapid.T) string { return fmt.Sprint("c", rapid.IntRange(0, 3000).Draw(t, "command")) }
