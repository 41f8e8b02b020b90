package web

import (
	"net/url"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// routesView is the page of the rules of dispatch, with a draft and what it would change.
type routesView struct {
	Rules    []ruleRow
	Inputs   []inputView
	Draft    map[string]string
	Withdraw bool
	Month    string
	Trial    *desk.RouteTrial
	Shifts   []shiftRow
	On       string
	Reason   string
	Command  string
	Done     bool
	Sent     bool // it was sent to be published, and refused
	Flaw     flaw
}

// ruleRow is one rule in words.
type ruleRow struct {
	desk.RouteRule
	Asks []string
	Goes string
}

// shiftRow is a matter that would go elsewhere.
type shiftRow struct {
	workRow
	Now, Then, Given string
	By               string
}

// listRoutes is the page of the rules: with try, also what the draft in the address would change about a month's matters.
func (s *server) listRoutes(q *request) error {
	v := routesView{Month: q.Asked("month"), Withdraw: q.Asked("withdraw") == "yes", Done: q.Asked("done") != "", Draft: map[string]string{}}
	for _, f := range s.routeFields() {
		v.Draft[f.Key] = typedValue(&f, "f."+f.Key, q.URL.Query())
	}
	return s.renderRoutes(q, 200, &v, q.Asked("try") != "")
}

// routeFields are the fields of a rule.
func (s *server) routeFields() []field.Field {
	for _, k := range s.Desk.Packs().Registers() {
		if strings.HasSuffix(k.Ref, "/"+desk.RouteRegister) {
			return k.Fields
		}
	}
	return nil
}

func (s *server) renderRoutes(q *request, status int, v *routesView, try bool) error {
	fields := s.routeFields()
	if len(fields) == 0 {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	rules, err := s.Desk.Routes(q.Context())
	if err != nil {
		return err
	}
	for i := range rules {
		v.Rules = append(v.Rules, q.ruleRow(&rules[i]))
	}
	if v.Command = q.FormValue("command"); v.Command == "" {
		v.Command = q.Command()
	}
	if edit := q.Asked("rule"); edit != "" && !try {
		if v.Draft, err = s.ruleFields(q, edit); err != nil {
			return err
		}
	}
	for i := range fields {
		f := &fields[i]
		if f.Key == "of" {
			f = q.kindChoice(f)
		}
		v.Inputs = append(v.Inputs, q.input(f, "f."+f.Key, v.Draft[f.Key], slices.Contains([]string{"code", "name", "order", "to"}, f.Key)))
	}
	if try && v.Flaw == (flaw{}) {
		if err := s.tryRoute(q, v); err != nil {
			f, ok := q.flaw(err)
			if !ok {
				return err
			}
			v.Flaw, status = f, 422
		}
	}
	if v.Month == "" {
		v.Month = monthBefore(q.Today()).String()[:7]
	}
	if v.On == "" {
		v.On = (q.Today() + 1).String()
	}
	return q.render(status, "routes", v)
}

// kindChoice is the field of a kind of matter as a choice among those there are, for nobody knows their keys.
func (q *request) kindChoice(f *field.Field) *field.Field {
	c, help := *f, q.Says("route.any-kind")
	c.Kind, c.Options, c.Help = field.Choice, nil, name.Text{ZH: help, EN: help}
	for _, k := range q.s.Desk.Packs().Kinds() {
		c.Options = append(c.Options, field.Option{Key: k.Ref, Words: k.Words})
	}
	return &c
}

// ruleFields returns the fields of a rule as they stand in its register.
func (s *server) ruleFields(q *request, key string) (map[string]string, error) {
	for _, k := range s.Desk.Packs().Registers() {
		if !strings.HasSuffix(k.Ref, "/"+desk.RouteRegister) {
			continue
		}
		records, err := s.Desk.ValidRecords(q.Context(), k.Ref)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			if r.Key == key {
				return r.Fields, nil
			}
		}
	}
	return map[string]string{}, nil
}

// monthBefore is the first day of the month before that of a day.
func monthBefore(d calendar.Date) calendar.Date {
	y, m, _ := d.Civil()
	return calendar.NewDate(y, m, 1).AddMonths(-1)
}

// tryRoute tries the draft on the matters of the month.
func (s *server) tryRoute(q *request, v *routesView) error {
	from := monthBefore(q.Today())
	if v.Month != "" {
		var err error
		if from, err = calendar.ParseDate(v.Month + "-01"); err != nil {
			return fault.Refuse(fault.ErrInvalid, "not-month", "month")
		}
	}
	v.Month = from.String()[:7]
	t, err := s.Desk.TryRoute(q.Context(), q.Who, v.Draft, v.Withdraw, from, from.AddMonths(1))
	if err != nil {
		return err
	}
	v.Trial = &t
	for _, m := range t.Matters {
		row := shiftRow{workRow: q.workRow(m.Row), Now: q.unitOrNobody(m.Now.Unit), Then: q.unitOrNobody(m.Then.Unit)}
		if m.Given != "" {
			row.Given = q.Unit(m.Given).Short.In(q.Lang)
		}
		if m.Then.Rule != nil {
			row.By = m.Then.Rule.Key
		}
		v.Shifts = append(v.Shifts, row)
	}
	return nil
}

func (q *request) unitOrNobody(u name.Unit) string {
	if u == "" {
		return q.Says("route.nobody")
	}
	return q.Unit(u).Short.In(q.Lang)
}

// UnitName is a unit's short name, or nobody's.
func (v routesView) UnitName(q *request, u name.Unit) string { return q.unitOrNobody(u) }

// ruleRow says what a rule asks for and where it leads.
func (q *request) ruleRow(r *desk.RouteRule) ruleRow {
	row := ruleRow{RouteRule: *r}
	fields := q.s.routeFields()
	add := func(key, v string) {
		if f := field.Find(fields, key); f != nil && v != "" {
			row.Asks = append(row.Asks, f.Words.In(q.Lang)+q.Says("form.colon")+q.valueText(f, v))
		}
	}
	classes := r.Classes
	if k, ok := q.s.Desk.Packs().Kind(r.Of); ok {
		row.Asks, classes = append(row.Asks, k.Words.In(q.Lang)), q.classNames(k.Fields, classes)
	}
	add("classes", strings.Join(classes, q.Says("form.comma")))
	add("line", r.Line)
	add("places", strings.Join(r.Places, q.Says("form.comma")))
	var spans []string
	for _, h := range r.Hours {
		spans = append(spans, h.String())
	}
	add("hours", strings.Join(spans, q.Says("form.comma")))
	add("days", string(r.Days))
	add("season", q.seasonText(r.Season.String()))
	if row.Goes = q.Unit(r.Unit).Short.In(q.Lang); r.To != desk.RouteNamed {
		row.Goes = q.valueText(field.Find(fields, "to"), string(r.To))
	}
	return row
}

// classNames are codes of classes with what they stand for behind them; the beginning of a code, which stands for several, has no name.
func (q *request) classNames(of []field.Field, codes []string) (all []string) {
	f := field.Find(of, "class")
	for _, code := range codes {
		if f != nil {
			if words := q.valueText(f, code); words != "" && words != code {
				code += " " + words
			} else {
				code = q.Says("route.beginning", "code", code)
			}
		}
		all = append(all, code)
	}
	return all
}

// seasonText writes 11-01~03-31 as people do: 11月1日至3月31日.
func (q *request) seasonText(season string) string {
	from, to, ok := strings.Cut(season, "~")
	if !ok {
		return season
	}
	return q.Says("route.season", "from", q.dayOfYear(from), "to", q.dayOfYear(to))
}

func (q *request) dayOfYear(v string) string {
	month, day, _ := strings.Cut(v, "-")
	return q.Says("route.day", "month", q.Says("month."+itoa(atoi(month))), "day", atoi(day))
}

// publishRoute makes the draft a rule, or ends the rule of its code.
func (s *server) publishRoute(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	v := routesView{On: q.FormValue("on"), Reason: strings.TrimSpace(q.FormValue("reason")), Withdraw: q.FormValue("withdraw") == "yes", Month: q.FormValue("month"), Draft: map[string]string{}}
	for _, f := range s.routeFields() {
		v.Draft[f.Key] = typedValue(&f, "f."+f.Key, q.Form)
	}
	on, err := calendar.ParseDate(v.On)
	switch {
	case err != nil:
		err = fault.Refuse(fault.ErrInvalid, "not-date", "on")
	case v.Reason == "":
		err = fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	case v.Withdraw:
		err = s.Desk.WithdrawRoute(q.Context(), q.Who, q.sentCommand(), v.Draft["code"], on, v.Reason)
	default:
		err = s.Desk.PublishRoute(q.Context(), q.Who, q.sentCommand(), v.Draft, on, v.Reason)
	}
	if err == nil {
		return q.redirect("/routes?done=" + url.QueryEscape(v.Draft["code"]))
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw, v.Sent = f, true
	return s.renderRoutes(q, 422, &v, false)
}
