package web

import (
	"fmt"
	"net/url"
	"strings"

	"bihuan/desk/reports"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// draftView is the form of one draft.
type draftView struct {
	Report  *reports.Report
	Draft   *reports.Draft
	Terms   indicator.Terms // as they stand or as they were typed
	Typed   map[string]string
	Before  string // the paragraph that the statement stands in, before the quotation, the quotation, and behind it
	Quote   string
	After   string
	Months  []monthPlan
	Preset  string
	Ops     []reports.Choice
	Presets []reports.Choice
	Shapes  []indicator.Shape
	Feeds   []*indicator.Definition
	Parts   []partForm
	Next    string // the next draft to look at, empty at the end
	Flaw    flaw
}

// monthPlan is one month of the plan curve.
type monthPlan struct{ Month, Value string }

// partForm is one line of a split, as typed.
type partForm struct{ N, Title, Value, Unit, Due string }

// splitLines is how many parts the form offers; more come by splitting a part again.
const splitLines = 6

// editDraft is the page of one draft.
func (s *server) editDraft(q *request) error {
	v, err := s.draft(q)
	if err != nil {
		return err
	}
	v.fill(v.Draft.Terms)
	return q.render(200, "report_draft", v)
}

// draft reads the draft that the address names, with the choices of its form.
func (s *server) draft(q *request) (*draftView, error) {
	rep, text, err := s.Reports.Report(q.Context(), q.Who, q.id())
	if err != nil {
		return nil, err
	}
	d := rep.Draft(q.PathValue("draft"))
	if d == nil {
		return nil, fmt.Errorf("draft %s: %w", q.PathValue("draft"), fault.ErrNotFound)
	}
	v := &draftView{Report: rep, Draft: d, Typed: map[string]string{}, Ops: reports.Ops(), Presets: reports.Presets(), Shapes: indicator.Shapes}
	for def := range s.Desk.Packs().Indicators() {
		if def.Mode != indicator.Reported {
			v.Feeds = append(v.Feeds, def)
		}
	}
	runes := []rune(text)
	from, until := lineStart(runes, d.Statement.Start), lineEnd(runes, min(len(runes), d.Statement.End))
	v.Before, v.Quote, v.After = string(runes[from:d.Statement.Start]), string(runes[d.Statement.Start:min(len(runes), d.Statement.End)]), string(runes[min(len(runes), d.Statement.End):until])
	for i := range rep.Drafts {
		if n := &rep.Drafts[i]; n.State == reports.Proposed && n.Statement.Start > d.Statement.Start {
			v.Next = n.ID
			break
		}
	}
	for i := range splitLines {
		v.Parts = append(v.Parts, partForm{N: fmt.Sprint(i)})
	}
	return v, nil
}

// fill writes terms into the form.
func (v *draftView) fill(t indicator.Terms) {
	v.Terms = t
	if t.Shape != indicator.Milestone {
		v.Typed["value"] = t.Target.Value.String()
	}
	if t.Target.Max != nil {
		v.Typed["max"] = t.Target.Max.String()
	}
	v.Typed["unit"] = t.Target.Unit
	if t.Base != nil {
		v.Typed["base"], v.Typed["base-unit"] = t.Base.Value.String(), t.Base.Unit
	}
	if t.Start != 0 {
		v.Typed["start"] = t.Start.String()
	}
	if t.Due != 0 {
		v.Typed["due"] = t.Due.String()
	}
	v.curve(t, nil)
}

// curve lists the months of the plan with what is planned by the end of each.
func (v *draftView) curve(t indicator.Terms, typed url.Values) {
	v.Preset, v.Months = string(reports.StraightLine), nil
	if len(t.Curve) > 0 {
		v.Preset = "own"
	}
	planned := map[string]string{}
	for _, p := range t.Curve {
		planned[p.Month] = p.Value.String()
	}
	for _, m := range indicator.Months(t.Start, t.Due) {
		value := planned[m]
		if typed != nil && value == "" {
			value = typed.Get("m." + m)
		}
		v.Months = append(v.Months, monthPlan{m, value})
	}
}

// saveDraft takes the form: saved and confirmed, the plan filled in from a preset, or split in parts.
func (s *server) saveDraft(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	v, err := s.draft(q)
	if err != nil {
		return err
	}
	t, err := v.read(q.Form)
	if err == nil && q.FormValue("do") == "preset" {
		t.Curve = reports.PlanCurve(reports.Preset(v.Preset), &t)
		v.Terms = t
		preset := v.Preset
		v.curve(t, nil)
		v.Preset = preset
		return q.render(200, "report_draft", v)
	}
	e := reports.Edit{Command: q.sentCommand(), What: "edit", Drafts: []string{v.Draft.ID}, Terms: &t}
	if err == nil && q.FormValue("do") == "split" {
		e.What, e.Terms = "split", nil
		e.Parts, err = v.split(q.Form, t)
	}
	if err == nil {
		_, err = s.Reports.Edit(q.Context(), q.Who, v.Report.ID, e)
	}
	if err != nil {
		v.Terms = t
		v.Months = nil
		v.curve(t, q.Form)
		v.Preset = q.FormValue("preset")
		return q.again(err, "report_draft", func(f flaw) any { v.Flaw = f; return v })
	}
	base := "/reports/" + string(v.Report.ID)
	if q.FormValue("do") == "save-next" && v.Next != "" {
		return q.redirect(base + "/drafts/" + url.PathEscape(v.Next))
	}
	return q.redirect(base + "?done=" + e.What + "&n=1#d-" + url.PathEscape(v.Draft.ID))
}

// read takes terms out of the form. What cannot be read is refused at its field; the rest stays as typed.
func (v *draftView) read(form url.Values) (t indicator.Terms, err error) {
	t = v.Draft.Terms
	for _, k := range []string{"value", "max", "unit", "base", "base-unit", "start", "due"} {
		v.Typed[k] = strings.TrimSpace(form.Get(k))
	}
	v.Preset = form.Get("preset")
	t.Title, t.Evidence, t.Domain = strings.TrimSpace(form.Get("title")), strings.TrimSpace(form.Get("evidence")), strings.TrimSpace(form.Get("domain"))
	t.Shape = indicator.Shape(form.Get("shape"))
	t.Lead, t.Leader, t.Person = name.Unit(form.Get("lead")), name.Person(form.Get("leader")), name.Person(form.Get("person"))
	t.Assist = nil
	for _, u := range unitsOf(form["assist"]) {
		if u != t.Lead {
			t.Assist = append(t.Assist, u)
		}
	}
	t.Weight = min(100, max(0, atoi(form.Get("weight"))))
	t.FeedBy(v.feed(form.Get("feed")))
	for _, step := range []func(*indicator.Terms, url.Values) error{v.readTarget, v.readTimes, v.readBase, v.readCurve} {
		if e := step(&t, form); e != nil && err == nil {
			err = e
		}
	}
	return t, err
}

// feed reads where the figures come from: reported, or the ref of an indicator.
func (v *draftView) feed(typed string) *indicator.Definition {
	for _, def := range v.Feeds {
		if def.Ref == typed {
			return def
		}
	}
	return nil
}

func (v *draftView) readTarget(t *indicator.Terms, form url.Values) error {
	if t.Shape == indicator.Milestone {
		t.Target = indicator.Target{Op: "reach", Value: money.Int(1)}
		return nil
	}
	t.Target = indicator.Target{Op: form.Get("op"), Unit: v.Typed["unit"]}
	var err error
	if t.Target.Value, err = decimal("value", v.Typed["value"]); err != nil {
		return err
	}
	if v.Typed["max"] != "" {
		upper, err := decimal("max", v.Typed["max"])
		if err != nil {
			return err
		}
		t.Target.Max = &upper
	}
	return nil
}

func decimal(field, typed string) (money.Decimal, error) {
	if typed == "" {
		return money.Decimal{}, fault.Refuse(fault.ErrInvalid, "field-missing", field)
	}
	v, err := money.Parse(typed)
	if err != nil {
		return v, fault.Refuse(fault.ErrInvalid, "not-decimal", field)
	}
	return v, nil
}

func (v *draftView) readTimes(t *indicator.Terms, _ url.Values) error {
	for _, d := range []struct {
		field string
		to    *calendar.Date
	}{{"start", &t.Start}, {"due", &t.Due}} {
		day, err := calendar.ParseDate(v.Typed[d.field])
		if err != nil {
			return fault.Refuse(fault.ErrInvalid, "not-date", d.field)
		}
		*d.to = day
	}
	if t.Year = t.Due.Year(); v.Draft.Terms.Year != 0 && t.Start.Year() <= v.Draft.Terms.Year {
		t.Year = v.Draft.Terms.Year
	}
	return nil
}

// readBase takes a base that a person knows; without one it is asked for where it is needed.
func (v *draftView) readBase(t *indicator.Terms, _ url.Values) error {
	if v.Typed["base"] == "" {
		t.Base = nil
		t.BaseAsked = t.NeedsBase()
		return nil
	}
	value, err := decimal("base", v.Typed["base"])
	if err != nil {
		return err
	}
	unit := v.Typed["base-unit"]
	if unit == "" {
		unit = t.Target.Unit
	}
	if old := v.Draft.Terms.Base; old != nil && old.Value == value && old.Unit == unit {
		t.Base = old
	} else {
		t.Base = &indicator.Base{Value: value, Unit: unit, Year: t.Year - 1, From: "editor"}
	}
	t.BaseAsked = false
	return nil
}

// readCurve takes the plan month by month; months left empty have no point.
func (v *draftView) readCurve(t *indicator.Terms, form url.Values) error {
	t.Curve = nil
	if v.Preset == string(reports.StraightLine) {
		return nil
	}
	if v.Preset != "own" && form.Get("do") != "preset" && !v.hasMonths(form) {
		t.Curve = reports.PlanCurve(reports.Preset(v.Preset), t)
		return nil
	}
	for _, m := range indicator.Months(t.Start, t.Due) {
		typed := strings.TrimSpace(form.Get("m." + m))
		if typed == "" {
			continue
		}
		value, err := decimal("m."+m, typed)
		if err != nil {
			return err
		}
		t.Curve = append(t.Curve, indicator.Point{Month: m, Value: value})
	}
	return nil
}

func (v *draftView) hasMonths(form url.Values) bool {
	for k, all := range form {
		if strings.HasPrefix(k, "m.") && strings.TrimSpace(all[0]) != "" {
			return true
		}
	}
	return false
}

// split reads the parts of a split: lines with a title; what a line leaves out is as in the whole.
func (v *draftView) split(form url.Values, whole indicator.Terms) (parts []indicator.Terms, err error) {
	for i := range v.Parts {
		p := &v.Parts[i]
		p.Title, p.Value, p.Unit, p.Due = strings.TrimSpace(form.Get("p.title."+p.N)), strings.TrimSpace(form.Get("p.value."+p.N)), form.Get("p.unit."+p.N), strings.TrimSpace(form.Get("p.due."+p.N))
		if p.Title == "" {
			continue
		}
		t := whole
		t.Title, t.Curve = p.Title, nil
		if p.Unit != "" {
			t.Lead = name.Unit(p.Unit)
			t.Assist = nil
		}
		if p.Value != "" && t.Shape != indicator.Milestone {
			if t.Target.Value, err = decimal("p.value."+p.N, p.Value); err != nil {
				return nil, err
			}
		}
		if p.Due != "" {
			if t.Due, err = calendar.ParseDate(p.Due); err != nil {
				return nil, fault.Refuse(fault.ErrInvalid, "not-date", "p.due."+p.N)
			}
		}
		parts = append(parts, t)
	}
	return parts, nil
}

// Assists reports whether a unit is among those that assist, for ticks.
func (v *draftView) Assists(u name.Unit) bool {
	for _, a := range v.Terms.Assist {
		if a == u {
			return true
		}
	}
	return false
}
