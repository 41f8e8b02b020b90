package rule

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

var small = Parameter{Key: "small-firm", Words: name.Text{ZH: "小型企业从业人员上限", EN: "staff of a small firm"}, Kind: field.Integer, Value: "300",
	Unit: "人", Authority: "某部", Source: "某文〔2011〕1号第四条", From: "2011-06-18", To: "2023-06-30", Confirmed: true}

func with(p Parameter, change func(*Parameter)) Parameter {
	change(&p)
	return p
}

func TestParameters(t *testing.T) {
	later := with(small, func(p *Parameter) { p.Value, p.From, p.To, p.Confirmed = "500", "2023-07-01", "", false })
	rate := Parameter{Key: "rate", Words: name.Text{ZH: "费率", EN: "rate"}, Kind: field.Decimal, Value: "2.5", Unit: "%", From: "2020-01-01"}
	table, err := NewParameters([]Parameter{later, rate, small})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key, day, zh, en string
		err              error
	}{
		{"small-firm", "2011-06-18", "300人", "300 people", nil},
		{"small-firm", "2023-06-30", "300人", "300 people", nil},
		{"small-firm", "2023-07-01", "500人（待核实）", "500 people (unconfirmed)", nil},
		{"small-firm", "2011-06-17", "", "", fault.ErrNotFound},
		{"rate", "2099-01-01", "2.5%（待核实）", "2.5% (unconfirmed)", nil},
		{"none", "2020-01-01", "", "", fault.ErrNotFound},
		{"rate", "2020-13-01", "", "", fault.ErrInvalid},
	} {
		p, err := table.At(c.key, c.day)
		if !errors.Is(err, c.err) || err == nil && (p.Format("zh") != c.zh || p.Format("en") != c.en) {
			t.Errorf("%s on %s: %q, %q, %v, want %q, %q, %v", c.key, c.day, p.Format("zh"), p.Format("en"), err, c.zh, c.en, c.err)
		}
	}
	if got, want := table.Facts("2015-01-01"), (Facts{"small-firm": "300"}); !reflect.DeepEqual(got, want) {
		t.Errorf("Facts = %v, want %v", got, want)
	}
	if h := table.History("small-firm"); len(h) != 2 || h[0].Value != "300" || h[1].Value != "500" {
		t.Errorf("History = %+v", h)
	}
}

func TestParametersInRules(t *testing.T) {
	table, err := NewParameters([]Parameter{small})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSchema(append([]field.Field{{Key: "staff", Kind: field.Integer}}, table.Fields()...))
	if err != nil {
		t.Fatal(err)
	}
	p, err := mustCompile(t, s, `staff <= small_firm`).Predicate()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := p.Bind(table.Facts("2020-01-01")), (Predicate{Op: AtMost, Field: "staff", Kind: field.Integer, Value: "300"}); !reflect.DeepEqual(got, want) {
		t.Errorf("Bind = %+v, want %+v", got, want)
	}
	v, err := p.Match(Facts{"staff": "5"})
	if err != nil || !reflect.DeepEqual(v, Verdict{Missing: []string{"small-firm"}}) {
		t.Errorf("without the parameter: %+v, %v", v, err)
	}
}

func TestParameterFaults(t *testing.T) {
	for _, c := range []struct {
		name string
		rows []Parameter
		want string
	}{
		{"rows that overlap", []Parameter{small, with(small, func(p *Parameter) { p.From, p.To = "2023-06-30", "" })}, "overlaps"},
		{"an earlier row that runs on", []Parameter{small, with(small, func(p *Parameter) { p.From, p.To = "2010-01-01", "" })}, "overlaps"},
		{"another unit", []Parameter{small, with(small, func(p *Parameter) { p.Unit, p.From, p.To = "户", "2023-07-01", "" })}, "unit differ"},
		{"a value of another kind", []Parameter{with(small, func(p *Parameter) { p.Value = "many" })}, "not of its kind"},
		{"no value", []Parameter{with(small, func(p *Parameter) { p.Value = "" })}, "not of its kind"},
		{"a kind that no parameter has", []Parameter{with(small, func(p *Parameter) { p.Kind, p.Value = field.Table, "[]" })}, "the kind must be"},
		{"no first day", []Parameter{with(small, func(p *Parameter) { p.From = "" })}, "first day"},
		{"it ends before it begins", []Parameter{with(small, func(p *Parameter) { p.To = "2000-01-01" })}, "before the first"},
		{"confirmed by nobody", []Parameter{with(small, func(p *Parameter) { p.Source = "" })}, "authority and source"},
		{"a reserved word", []Parameter{with(small, func(p *Parameter) { p.Key = "in" })}, "reserved"},
		{"no English", []Parameter{with(small, func(p *Parameter) { p.Words.EN = "" })}, "words"},
	} {
		_, err := NewParameters(c.rows)
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		var f RowFault
		if !errors.As(err, &f) || f.Row != len(c.rows)-1 || f.What.ZH == "" {
			t.Errorf("%s: fault %+v names the wrong row", c.name, f)
		}
	}
}
