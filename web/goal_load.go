package web

import (
	"cmp"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/goals"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/web/draw"
)

// loadFeed says where the figures come from: the formula in words, and the rows behind a counted one.
func (s *server) loadFeed(q *request, v *goalPage) error {
	v.Feeding = q.feed(&v.GoalView)
	if b, ok, err := s.Desk.BesideOf(q.Context(), &v.GoalView); err != nil {
		return err
	} else if ok && b.Month == "" {
		v.Feeding.Beside = q.Says("goal.beside-none", "name", b.Definition.Words.In(q.Lang))
	} else if ok {
		v.Feeding.Beside = q.Says("goal.beside", "name", b.Definition.Words.In(q.Lang), "value", money.Quantity{Value: b.Value, Unit: b.Definition.Unit}.Format(q.Lang), "month", monthWords(q.Lang, b.Month))
	}
	if v.Definition == nil || v.Definition.Count == nil {
		return nil
	}
	page, err := s.Desk.Behind(q.Context(), q.Who, v.ID, "", mostShown)
	if err != nil {
		return err
	}
	v.Feeding.Rows, v.Feeding.More = q.shownRows(page.Rows), page.Next != ""
	if v.Reading.Has {
		v.Feeding.Count = v.Reading.Figure.Rows
	}
	return q.shutUnread(v.Feeding.Rows)
}

// feed words a goal's feed.
func (q *request) feed(g *desk.GoalView) feedShown {
	f := feedShown{Mode: q.Says("mode." + string(g.Feed.Mode)), Formula: q.Says("feed.reported", "unit", q.unitShort(g.Lead))}
	d := g.Definition
	if d == nil {
		return f
	}
	f.Name, f.Source, f.Doubtful = d.Words.In(q.Lang), d.Source.In(q.Lang), !d.Confirmed
	switch {
	case d.Count != nil:
		where := q.s.Desk.FormulaWords(d.Ref, q.Lang)
		if where == "" {
			where = q.Says("feed.all")
		}
		f.Formula = q.Says("feed.counted-"+string(d.Count.Measure), "of", q.countedOf(d.Count.Of), "where", where, "cohort", q.Says("cohort."+string(d.Count.Cohort)), "sum", q.facetWords(d.Count))
	case d.Formula != "":
		f.Formula = q.Says("feed.derived", "formula", q.formulaWords(d))
	}
	return f
}

// countedOf names the kind of matter or register that is counted.
func (q *request) countedOf(ref string) string {
	packs := q.s.Desk.Packs()
	if k, ok := packs.Kind(ref); ok {
		return k.Words.In(q.Lang)
	}
	if k, ok := packs.Register(ref); ok {
		return k.Words.In(q.Lang)
	}
	return ref
}

// facetWords names the field that is added up.
func (q *request) facetWords(c *indicator.Count) string {
	k, ok := q.s.Desk.Packs().Kind(c.Of)
	if !ok {
		return c.Sum
	}
	for _, f := range k.Fields {
		if f.Key == c.Sum {
			return f.Words.In(q.Lang)
		}
	}
	return c.Sum
}

// identifiers are the names in a formula.
var identifiers = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// formulaWords writes a formula with the names of its indicators in place of their keys.
func (q *request) formulaWords(d *indicator.Definition) string {
	called := map[string]string{}
	for _, ref := range d.Operands {
		if op, ok := q.s.Desk.Packs().Indicator(ref); ok {
			_, key, _ := strings.Cut(ref, "/")
			called[strings.ReplaceAll(key, "-", "_")] = op.Words.In(q.Lang)
		}
	}
	text := identifiers.ReplaceAllStringFunc(d.Formula, func(s string) string { return cmp.Or(called[s], s) })
	return strings.NewReplacer("*", "×", "/", "÷", " - ", " − ").Replace(text)
}

// loadFamily finds the goal that this one is part of, and the parts that it was handed out in.
func (s *server) loadFamily(q *request, v *goalPage) error {
	children, cover, err := s.Goals.Children(q.Context(), q.Who, &v.Goal)
	if err != nil {
		return err
	}
	v.Children, v.Coverage = q.shownGoals(children), cover
	v.Covered = money.Quantity{Value: cover.Sum, Unit: v.GoalView.Target.Unit}.Format(q.Lang)
	if v.GoalView.Parent == "" {
		return nil
	}
	parent, err := s.Desk.Goal(q.Context(), q.Who, v.GoalView.Parent)
	if err == nil {
		v.Above = &goalShown{GoalView: parent, lang: q.Lang}
	}
	return nil // a parent that may not be seen is not shown
}

// loadMatters finds the matters that fulfil the goal, those that hold it back, and the evidence of its promise.
func (s *server) loadMatters(q *request, v *goalPage) error {
	rows, err := s.Desk.MattersOf(q.Context(), q.Who, v.ID)
	if err != nil {
		return err
	}
	holding, count, err := s.Desk.Holding(q.Context(), q.Who, &v.GoalView, mostShown)
	if err != nil {
		return err
	}
	v.Holding, v.Held = q.shownRows(holding), count
	rows = without(rows, holding)
	v.Matters = q.shownRows(rows)
	v.Papers = q.figurePapers(&v.GoalView)
	v.Gantt = q.goalGantt(v, append(holding, rows...))
	if v.GoalView.Matter == "" {
		return nil
	}
	if m, err := s.Desk.Matter(q.Context(), q.Who, v.GoalView.Matter); err == nil { // one that may not be read is not shown
		v.Papers = append(v.Papers, q.evidence(&m)...)
	}
	return nil
}

// without is the rows that are not among the others: what holds a goal back is not listed a second time under what fulfils it.
func without(rows, others []journal.Row) (rest []journal.Row) {
	for _, r := range rows {
		if !slices.ContainsFunc(others, func(o journal.Row) bool { return o.Stream == r.Stream }) {
			rest = append(rest, r)
		}
	}
	return rest
}

// evidenceShown is one piece of evidence.
type evidenceShown struct {
	Kind, Name, Text, Link string
}

func (q *request) evidence(m *desk.MatterView) (all []evidenceShown) {
	for _, e := range m.Evidence {
		shown := evidenceShown{Kind: q.Says("evidence." + string(e.Kind)), Name: e.Name, Text: e.Text}
		if e.File != "" {
			shown.Link = "/matters/" + string(m.ID) + "/files/" + e.File
		}
		all = append(all, shown)
	}
	return all
}

// figurePapers lists what was handed in with a goal's figures, for those who may read it.
func (q *request) figurePapers(g *desk.GoalView) (all []evidenceShown) {
	if !q.s.Desk.MayReadEvidence(q.Who, &g.Goal) {
		return nil
	}
	for _, f := range g.Figures {
		for i, hash := range f.Evidence {
			all = append(all, evidenceShown{Kind: q.Says("evidence.document"), Name: q.Says("evidence.of-figure", "month", q.MonthWords(f.Period), "n", i+1), Link: "/goals/" + string(g.ID) + "/files/" + hash})
		}
	}
	return all
}

// goalFile sends what was handed in with a figure.
func (s *server) goalFile(q *request) error {
	hash, err := ledger.ParseHash(q.PathValue("hash"))
	if err != nil {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	f, err := s.Desk.GoalFile(q.Context(), q.Who, name.ID(q.PathValue("id")), hash)
	if err != nil {
		return err
	}
	return q.file(f)
}

// goalGantt draws the matters around a goal over the time that it has.
func (q *request) goalGantt(v *goalPage, rows []journal.Row) template.HTML {
	g := draw.GanttView{From: v.Start.MonthStart(), To: v.Due.MonthEnd(), Today: q.Today(), TodayWords: q.Says("chart.today"), Width: 960,
		Title: q.Says("gantt.title", "goal", v.Title), Desc: q.Says("gantt.desc"), Month: func(d calendar.Date) string {
			_, m, _ := d.Civil()
			return q.Says("month." + itoa(m))
		}}
	seen := map[name.ID]bool{}
	for _, r := range rows {
		if seen[r.Stream] || r.Opened == 0 {
			continue
		}
		seen[r.Stream] = true
		shown := rowShown{Row: r, q: q}
		bar := draw.GanttRow{Words: r.Title, Link: shown.Address(), From: max(calendar.Instant(r.Opened).Date(), g.From), Light: indicator.Light(r.LightAt(q.s.Desk.Now())),
			Title: r.Title + " · " + shown.StateText() + " · " + shown.DueText(), Child: r.Stream != v.GoalView.Matter}
		if r.Closed != 0 {
			bar.To = calendar.Instant(r.Closed).Date()
		}
		if r.Due != 0 {
			bar.Due = calendar.Instant(r.Due - 1).Date()
		}
		g.Rows = append(g.Rows, bar)
	}
	if len(g.Rows) == 0 {
		return ""
	}
	return draw.Gantt(g)
}

// historyLine is one line of who changed what.
type historyLine struct {
	At     int64
	By     string
	What   string
	Why    string
	Seq    int64
	Matter name.ID
}

func (s *server) loadHistory(q *request, v *goalPage) error {
	entries, err := s.Goals.History(q.Context(), q.Who, v.ID)
	if err != nil {
		return err
	}
	seen := map[name.ID]bool{"": true}
	for i := len(entries) - 1; i >= 0; i-- {
		l := q.historyLine(v.goalShown, &entries[i])
		if _, asked := seen[l.Matter]; !asked {
			_, err := s.Desk.Matter(q.Context(), q.Who, l.Matter)
			seen[l.Matter] = err == nil
		}
		if !seen[l.Matter] {
			l.Matter = "" // one that may not be read is not named
		}
		v.History = append(v.History, l)
	}
	return nil
}

// historyLine words one event of a goal.
func (q *request) historyLine(g goalShown, e *goals.Entry) historyLine {
	l := historyLine{At: e.At, By: q.byline(e.Actor), Why: e.Reason, Seq: e.Seq}
	switch {
	case e.Terms != nil:
		l.What = q.Says("history.published", "target", targetText(q.Lang, e.Terms.Shape, e.Terms.Target), "due", date(q.Lang, e.Terms.Due), "unit", q.unitShort(e.Terms.Lead))
	case e.Type == indicator.Asked:
		l.What = q.Says("history.change-asked", "what", q.amendWords(g, e.Amend, false), "of", q.Person(e.Amend.Approver).Words.In(q.Lang))
	case e.Amend != nil && e.Amend.Cause != "":
		l.What, l.Matter = q.Says("history.changed-followed", "what", q.amendWords(g, e.Amend, false)), e.Amend.Cause
	case e.Amend != nil && e.Amend.Asked == 0: // of a log whose approvers were only named
		l.What = q.Says("history.changed-named", "what", q.amendWords(g, e.Amend, false), "approver", q.Person(e.Amend.Approver).Words.In(q.Lang))
	case e.Amend != nil:
		l.What = q.Says("history.changed", "what", q.amendWords(g, e.Amend, false))
	case e.Type == indicator.Declined || e.Type == indicator.Withdrawn:
		l.What = q.Says("history." + strings.TrimPrefix(e.Type, "goal."))
	case e.Figure != nil:
		l.What = q.Says("history.figure", "month", q.MonthWords(e.Figure.Period), "value", g.Value(e.Figure.Value), "standing", q.Says("standing."+string(e.Figure.Standing)))
		l.Matter = e.Figure.Cause
	case e.Base != nil:
		l.What = q.Says("history.base", "value", money.Quantity{Value: e.Base.Value, Unit: e.Base.Unit}.Format(q.Lang), "year", e.Base.Year)
	case e.Lamp != nil:
		key := "history.light"
		if e.Lamp.Was == "" {
			key = "history.first-light"
		}
		l.What = q.Says(key, "light", g.lightWord(e.Lamp.Light), "was", g.lightWord(e.Lamp.Was), "why", q.Says("why."+string(e.Lamp.Why)))
	case e.Press != nil:
		l.What, l.Matter = q.Says("history.press", "rung", q.rungWords(e.Press.Rung)), e.Press.Matter
	case e.Urge != nil:
		l.What = q.Says("history.change-urged", "rung", q.rungWords(e.Urge.Rung), "who", q.persons(e.Urge.To))
	case e.Join != nil:
		l.What, l.Matter = q.Says("history.joined"), e.Join.Matter
	default:
		l.What = q.Says("history.ended")
	}
	return l
}

// rungWords names a rung of the ladder.
func (q *request) rungWords(rung string) string {
	return q.Says("rung." + string(matter.RungKind(rung)))
}

// amendWords says what a change of terms changed; with now, what holds instead as long as nobody has decided it.
func (q *request) amendWords(g goalShown, a *indicator.Amend, now bool) string {
	var all []string
	add := func(key, value, was string) {
		said := q.Says("amend."+key, "v", value)
		if now && was != "" {
			said += q.Says("amend.now", "v", was)
		}
		all = append(all, said)
	}
	if a.Target != nil {
		add("target", targetText(q.Lang, g.Shape, *a.Target), targetText(q.Lang, g.Shape, g.GoalView.Target))
	}
	if a.Base != nil {
		was := ""
		if g.GoalView.Base != nil {
			was = money.Quantity{Value: g.GoalView.Base.Value, Unit: g.GoalView.Base.Unit}.Format(q.Lang)
		}
		add("base", money.Quantity{Value: a.Base.Value, Unit: a.Base.Unit}.Format(q.Lang), was)
	}
	if a.Due != nil {
		add("due", date(q.Lang, *a.Due), date(q.Lang, g.Due))
	}
	if a.Lead != nil {
		add("lead", q.unitShort(*a.Lead), q.unitShort(g.Lead))
	}
	if a.Person != nil {
		add("person", q.Person(*a.Person).Words.In(q.Lang), q.Person(g.GoalView.Person).Words.In(q.Lang))
	}
	if a.Leader != nil {
		add("leader", q.Person(*a.Leader).Words.In(q.Lang), q.Person(g.Leader).Words.In(q.Lang))
	}
	if a.Assist != nil {
		add("assist", q.unitNames(*a.Assist), q.unitNames(g.Assist))
	}
	if a.Curve != nil {
		add("curve", itoa(len(*a.Curve)), "")
	}
	if a.Feed != nil {
		add("feed", q.Says("mode."+string(a.Feed.Mode)), q.Says("mode."+string(g.Feed.Mode)))
	}
	return strings.Join(all, q.Says("comma"))
}

// quantityOf writes a number with its unit.
func quantityOf(number, unit, lang string) string {
	v, err := money.Parse(number)
	if err != nil {
		return number + unit
	}
	return money.Quantity{Value: v, Unit: unit}.Format(lang)
}
