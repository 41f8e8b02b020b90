package web

import (
	"context"
	"net/url"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/export"
	"bihuan/ground/access"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// assessView is the score sheet of a month.
type assessView struct {
	Edition assess.Edition
	Months  []monthTab
	Pieces  []indicator.Piece
	Groups  []assessGroup
	Unit    *assess.Unit // looked into, nil for none
	Lines   []sheetLine
	Appeals []assess.Appeal // of all units, or of the one looked into
	Ended   bool            // the month is over, so that it can be settled
	Mine    bool            // the unit looked into is the caller's
	Late    bool            // the window for appeals is over
	Waiting bool            // the month is being worked out: the page is asked for again by itself
	Flaw    flaw
	Typed   url.Values
}

// monthTab is a month that can be looked at.
type monthTab struct {
	Month   string
	Settled bool
	On      bool
}

// assessGroup is a peer group with its units by rank.
type assessGroup struct {
	Words string
	Units []assessRow
}

// assessRow is a unit's row: points by piece, then what was added and taken.
type assessRow struct {
	assess.Unit
	Pieces []indicator.Line
	Plus   money.Decimal
	Minus  money.Decimal
	Why    []string // in words: what cost points
}

// assessment is the page of a month's scores.
func (s *server) assessment(q *request) error { return s.showAssessment(q, 200, flaw{}) }

func (s *server) showAssessment(q *request, status int, f flaw) error {
	v, err := s.assessSoon(q)
	if err != nil {
		return err
	}
	v.Flaw, v.Typed = f, q.Form
	return q.render(status, "assessment", v)
}

// assessSoon reads a month for a page. One that takes longer to work out than the page waits is asked for again by itself.
func (s *server) assessSoon(q *request) (*assessView, error) {
	ctx, cancel := context.WithTimeout(q.Context(), s.Patience)
	defer cancel()
	v, err := s.assessView(ctx, q)
	if err != nil && ctx.Err() != nil && q.Context().Err() == nil {
		q.w.Header().Set("Refresh", "2")
		return &assessView{Edition: assess.Edition{Month: q.assessMonth()}, Waiting: true}, nil
	}
	return v, err
}

// assessMonth is the month that the address names, otherwise the one that runs.
func (q *request) assessMonth() string {
	if month := q.PathValue("month"); month != "" {
		return month
	}
	return indicator.Month(q.Today())
}

// assessView reads a month.
func (s *server) assessView(ctx context.Context, q *request) (*assessView, error) {
	month := q.assessMonth()
	e, err := s.Assess.Scores(ctx, q.Who, month, name.Unit(q.PathValue("unit")))
	if err != nil {
		return nil, err
	}
	v := &assessView{Edition: e, Pieces: s.Assess.Sheet().Pieces, Ended: month < indicator.Month(q.Today()), Appeals: e.Appeals, Late: e.Frozen != 0 && q.Today() > e.AppealUntil}
	months, settled, err := s.Assess.Months(ctx, q.Who, atoi(month[:4]))
	if err != nil {
		return nil, err
	}
	for _, m := range months {
		v.Months = append(v.Months, monthTab{m, settled[m], m == month})
	}
	for i := range e.Units {
		v.add(q, &e.Units[i])
	}
	if len(v.Groups) > 1 && len(e.Units) > 0 && e.Units[0].Group == "" { // who has no peers is not what one looks for first
		v.Groups = append(v.Groups[1:], v.Groups[0])
	}
	return v, nil
}

// add puts a unit into its group; units come by group and rank.
func (v *assessView) add(q *request, u *assess.Unit) {
	words := q.groupWords(u.Group)
	if n := len(v.Groups); n == 0 || v.Groups[n-1].Words != words {
		v.Groups = append(v.Groups, assessGroup{Words: words})
	}
	row := assessRow{Unit: *u}
	for _, l := range u.Score.Lines {
		switch {
		case l.Weight < 0:
			row.Minus, _ = row.Minus.Add(l.Points)
			row.Why = append(row.Why, q.Says("assess.times", "what", l.Words.In(q.Lang), "n", l.Part))
		case l.Key == "bonus":
			row.Plus = l.Points
		default:
			row.Pieces = append(row.Pieces, l)
			if cost, err := money.Int(int64(l.Weight)).Sub(l.Points); err == nil && cost.Sign() > 0 {
				row.Why = append(row.Why, q.Says("assess.lost", "piece", l.Words.In(q.Lang), "points", cost))
			}
		}
	}
	for _, veto := range u.Score.Vetoed {
		row.Why = append([]string{q.Says("assess.vetoed", "what", veto.In(q.Lang))}, row.Why...)
	}
	g := &v.Groups[len(v.Groups)-1]
	g.Units = append(g.Units, row)
}

// circular is the month's circular as a document to print.
func (s *server) circular(q *request) error {
	v, err := s.assessSoon(q)
	if err != nil {
		return err
	}
	if v.Waiting {
		return q.render(200, "assessment", v)
	}
	return q.render(200, "assessment_circular", v)
}

// LineWords are the words of a line of the sheet.
func (v *assessView) LineWords(key, lang string) string {
	for _, u := range v.Edition.Units {
		for _, l := range u.Score.Lines {
			if l.Key == key {
				return l.Words.In(lang)
			}
		}
	}
	return key
}

// settled answers a form of the assessment: back to a page, or the form once more with what is wrong.
func (s *server) settled(q *request, err error, to, done string, again func(*request, int, flaw) error) error {
	if err == nil {
		return q.redirect(to + "?done=" + done)
	}
	if f, ok := q.flaw(err); ok {
		return again(q, 422, f)
	}
	return err
}

// settleMonth settles a month as its circular.
func (s *server) settleMonth(q *request) error {
	month := q.PathValue("month")
	return s.settled(q, s.Assess.Freeze(q.Context(), q.Who, q.sentCommand(), month), "/assessment/"+month, "settled", s.showAssessment)
}

// grantBonus grants points to a unit.
func (s *server) grantBonus(q *request) error {
	month := q.PathValue("month")
	err := s.Assess.Bonus(q.Context(), q.Who, q.sentCommand(), month, name.Unit(q.FormValue("unit")), atoi(q.FormValue("points")), q.FormValue("reason"))
	return s.settled(q, err, "/assessment/"+month, "bonus", s.showAssessment)
}

// appeal objects to a line of the caller's own sheet.
func (s *server) appeal(q *request) error {
	month := q.PathValue("month")
	q.SetPathValue("unit", string(q.Who.Unit))
	err := s.Assess.Appeal(q.Context(), q.Who, q.sentCommand(), month, q.FormValue("line"), q.FormValue("reason"))
	return s.settled(q, err, "/assessment/"+month+"/units/"+string(q.Who.Unit), "appealed", s.showUnit)
}

// decideAppeal answers an appeal.
func (s *server) decideAppeal(q *request) error {
	month := q.PathValue("month")
	err := s.Assess.Decide(q.Context(), q.Who, q.sentCommand(), month, atoi(q.FormValue("appeal")), q.FormValue("points"), q.FormValue("answer"))
	return s.settled(q, err, "/assessment/"+month, "decided", s.showAssessment)
}

// downloadScores answers with a month's scores as a file.
func (s *server) downloadScores(q *request) error {
	v, err := s.assessView(q.Context(), q)
	if err != nil {
		return err
	}
	title := q.Says("assess.file", "month", v.Edition.Month)
	t := export.Table{Title: title, Columns: []export.Column{{Key: "group", Title: q.Says("assess.group")}, {Key: "rank", Title: q.Says("assess.rank"), Type: export.Number}, {Key: "unit", Title: q.Says("assess.unit")}}}
	for _, p := range v.Pieces {
		t.Columns = append(t.Columns, export.Column{Key: string(p.Key), Title: p.Words.In(q.Lang), Type: export.Number})
	}
	for _, key := range []string{"bonus", "minus", "total", "appeal", "settled"} {
		t.Columns = append(t.Columns, export.Column{Key: key, Title: q.Says("assess." + key), Type: export.Number})
	}
	var rows [][]string
	for _, g := range v.Groups {
		for _, u := range g.Units {
			row := []string{g.Words, itoa(u.Rank), q.Unit(u.Unit.Unit).Words.In(q.Lang)}
			for _, l := range u.Pieces {
				row = append(row, l.Points.String())
			}
			rows = append(rows, append(row, u.Plus.String(), u.Minus.String(), u.Score.Total.String(), u.Adjust.String(), u.Settled.String()))
		}
	}
	t.Rows = rowsOf(rows)
	return q.download(title, q.PathValue("format"), t)
}

// MayAppeal reports whether the caller may object for a unit.
func (q *request) MayAppeal(u name.Unit) bool {
	return q.Who.Unit == u && q.s.Desk.Allow(q.Who, access.AssessmentAppeal, access.Object{Type: access.Assessment, Unit: u, UnitPath: q.s.Desk.Directory().Path(u), Class: access.Internal}) == nil
}

// Scored are the units of the sheet, for choices.
func (v *assessView) Scored(q *request) (all []desk.Unit) {
	for _, u := range v.Edition.Units {
		all = append(all, q.Unit(u.Unit))
	}
	return all
}

// Supervision is the supervision office, which signs the circular.
func (q *request) Supervision() desk.Unit {
	return q.Unit(q.s.Desk.Directory().Supervision)
}
