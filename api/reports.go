package api

import (
	"encoding/json"
	"errors"
	"mime"
	"strings"

	"bihuan/desk/doors"
	"bihuan/desk/reports"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// reportRequest is a report as text.
type reportRequest struct {
	Text  string `json:"text"`
	Title string `json:"title,omitempty"`
	Year  int    `json:"year,omitempty" doc:"the year planned, if the text does not say"`
	Name  string `json:"name,omitempty" doc:"of the file that it came from"`
}

// imported is a report that was read in, with what was found in it.
type imported struct {
	ID         name.ID     `json:"id"`
	Title      string      `json:"title"`
	Year       *int        `json:"year" doc:"planned"`
	Length     int         `json:"length" doc:"code points"`
	Count      int         `json:"count" doc:"of statements"`
	Statements []statement `json:"statements" doc:"in the order of the text"`
}

// statement is one measurable statement or milestone of a report, and how far it is on its way to a goal.
type statement struct {
	ID         string        `json:"id" doc:"stable: the same sentence of the same report has it again"`
	State      reports.State `json:"state" enum:"proposed confirmed dropped published known fact"`
	Type       string        `json:"type" enum:"number milestone"`
	Kind       string        `json:"kind" enum:"achievement commitment"`
	Year       *int          `json:"year"`
	Subject    string        `json:"subject"`
	Action     *string       `json:"action"`
	Op         *string       `json:"op"`
	Value      *number       `json:"value"`
	ValueMax   *number       `json:"value_max"`
	Unit       *string       `json:"unit"`
	Text       string        `json:"text"`
	Start      int           `json:"start" doc:"code points"`
	End        int           `json:"end"`
	Section    *string       `json:"section"`
	Rule       string        `json:"rule" doc:"that found it"`
	Confidence *number       `json:"confidence" doc:"0 to 1"`
	Goal       *name.ID      `json:"goal" doc:"that it became"`
}

// draft is a statement with the goal that it proposes.
type draft struct {
	statement
	Title    *string       `json:"title" doc:"of the goal proposed; null for a fact of the past"`
	Shape    *string       `json:"shape"`
	Target   *target       `json:"target"`
	Lead     *named        `json:"lead" doc:"suggested from the duties of units"`
	Assist   []named       `json:"assist"`
	Leader   *named        `json:"leader"`
	Person   *named        `json:"person"`
	Due      *string       `json:"due" format:"date"`
	Leads    []suggestion  `json:"leads" doc:"other units that the duties suggest, the best first, with the words found"`
	LastYear *lastYear     `json:"last_year" doc:"what the report says of the year before"`
	Problem  *draftProblem `json:"problem" doc:"why it cannot be published as it is"`
}

type suggestion struct {
	Unit  named    `json:"unit"`
	Score int      `json:"score"`
	Words []string `json:"words"`
}

type lastYear struct {
	Statement string  `json:"statement"`
	Text      string  `json:"text"`
	Value     *number `json:"value"`
	Unit      string  `json:"unit"`
	IsBase    bool    `json:"is_base" doc:"a level of the same quantity and unit"`
}

type draftProblem struct {
	Code   string `json:"code"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// reportFull is one report with its drafts.
type reportFull struct {
	ID      name.ID `json:"id"`
	Version int64   `json:"version"`
	Title   string  `json:"title"`
	File    *string `json:"file"`
	Year    *int    `json:"year"`
	Review  *int    `json:"review" doc:"the year looked back on"`
	Length  int     `json:"length"`
	By      *named  `json:"by"`
	At      string  `json:"at" format:"date-time"`
	Drafts  []draft `json:"drafts"`
}

// reportList is the reports that were read in, the newest first.
type reportList struct {
	Items []reportItem `json:"items"`
}

type reportItem struct {
	ID     name.ID        `json:"id"`
	Title  string         `json:"title"`
	By     *named         `json:"by"`
	At     *string        `json:"at" format:"date-time"`
	Open   bool           `json:"open" doc:"drafts are waiting"`
	Counts map[string]int `json:"counts" doc:"of statements by state"`
}

func (s *server) importReport(q *request) (answer, error) {
	in, err := q.reportRequest()
	if err != nil {
		return answer{}, err
	}
	command, err := q.command()
	if err != nil {
		return answer{}, err
	}
	if in.Year != 0 && (in.Year < 1990 || in.Year > 2200) {
		return answer{}, fault.Refuse(fault.ErrInvalid, "not-year", "year")
	}
	if err := s.Pace.AdmitFiles(q.Who.Person, doors.Address(q.RemoteAddr), []journal.File{{Bytes: []byte(in.Text)}}); err != nil {
		return answer{}, err
	}
	asked, err := q.asked(in, nil)
	if err != nil {
		return answer{}, err
	}
	if _, err := q.again(command, asked); err != nil {
		return answer{}, err
	}
	rep, err := s.Reports.Import(q.Context(), q.Who, reports.Upload{Command: command, Asked: asked, Name: in.Name, Title: in.Title, Year: in.Year, Text: in.Text})
	if err != nil {
		return answer{}, err
	}
	if rep.Text != hashOf([]byte(in.Text)) {
		return answer{}, reused()
	}
	out := imported{ID: rep.ID, Title: rep.Title, Year: orNone(rep.Year), Length: rep.Length, Count: len(rep.Drafts), Statements: make([]statement, 0, len(rep.Drafts))}
	for i := range rep.Drafts {
		out.Statements = append(out.Statements, statementOf(&rep.Drafts[i]))
	}
	return answer{body: out, location: Base + "/reports/" + string(rep.ID)}, nil
}

// reportRequest reads a report as JSON, as a form or as the file itself; the query may say title, year and name. The
// text comes out decoded.
func (q *request) reportRequest() (reportRequest, error) {
	in := reportRequest{Title: q.said("title"), Year: q.number("year"), Name: q.said("name")}
	media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err == nil && (media == "application/json" || strings.HasSuffix(media, "+json")) {
		if err := q.decode(&in); err != nil {
			return in, err
		}
		if strings.TrimSpace(in.Text) == "" {
			return in, fault.Refuse(fault.ErrInvalid, "nothing-found", "text")
		}
		in.Text, err = q.s.Decode(q.Context(), in.Name, strings.NewReader(in.Text))
		return in, err
	}
	file, err := q.reportFile(&in)
	if err != nil {
		return in, err
	}
	if in.Text, err = q.s.Decode(q.Context(), in.Name, file); err != nil {
		return in, err
	}
	return in, q.arrived()
}

func orNone(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func decimal(s string) *number {
	d, err := money.Parse(s)
	if s == "" || err != nil {
		return nil
	}
	return exact(d)
}

func statementOf(d *reports.Draft) statement {
	st := &d.Statement
	confidence, _ := money.Scaled(int64(st.Confidence), 2) // two is a scale
	return statement{ID: d.ID, State: d.State, Type: string(st.Type), Kind: string(st.Kind), Year: orNone(st.Year), Subject: st.Subject, Action: orNull(st.Action), Op: orNull(st.Op),
		Value: decimal(st.Value), ValueMax: decimal(st.ValueMax), Unit: orNull(st.Unit), Text: st.Text, Start: st.Start, End: st.End, Section: orNull(st.Section),
		Rule: st.Rule, Confidence: exact(confidence), Goal: orNull(d.Goal)}
}

func (s *server) reportList(q *request) (answer, error) {
	rows, err := s.Reports.List(q.Context(), q.Who)
	if err != nil {
		return answer{}, err
	}
	list := reportList{Items: make([]reportItem, 0, len(rows))}
	for _, r := range rows {
		item := reportItem{ID: r.Stream, Title: r.Title, By: q.person(r.Person), At: timeOf(r.Opened), Open: r.Open, Counts: map[string]int{}}
		if err := json.Unmarshal(r.Body, &item.Counts); err != nil {
			return answer{}, err
		}
		list.Items = append(list.Items, item)
	}
	return answer{body: list}, nil
}

func (s *server) report(q *request) (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	rep, _, err := s.Reports.Report(q.Context(), q.Who, id)
	if err != nil {
		return answer{}, err
	}
	out := reportFull{ID: rep.ID, Version: rep.Version, Title: rep.Title, File: orNull(rep.File), Year: orNone(rep.Year), Review: orNone(rep.Review), Length: rep.Length,
		By: q.person(rep.By.Person), At: moment(rep.At), Drafts: make([]draft, 0, len(rep.Drafts))}
	for i := range rep.Drafts {
		out.Drafts = append(out.Drafts, q.draft(&rep.Drafts[i]))
	}
	return answer{body: out, etag: etagOf(rep.Version)}, nil
}

func (q *request) draft(d *reports.Draft) draft {
	out := draft{statement: statementOf(d), Assist: []named{}, Leads: []suggestion{}}
	if d.State == reports.Fact {
		return out
	}
	t := &d.Terms
	out.Title, out.Shape, out.Target, out.Lead, out.Due = orNull(t.Title), orNull(string(t.Shape)), targetOf(t), q.unit(t.Lead), dateOf(t.Due)
	out.Assist, out.Leader, out.Person = q.unitsOf(t.Assist), q.person(t.Leader), q.person(t.Person)
	for _, l := range d.Leads {
		out.Leads = append(out.Leads, suggestion{*q.unit(l.Unit), l.Score, append([]string{}, l.Words...)})
	}
	if y := d.LastYear; y != nil {
		out.LastYear = &lastYear{y.Statement, y.Text, exact(y.Value), y.Unit, y.IsBase}
	}
	if d.State == reports.Proposed || d.State == reports.Confirmed {
		out.Problem = q.problemOf(t.Check())
	}
	return out
}

func (q *request) problemOf(err error) *draftProblem {
	var r *fault.Refusal
	if !errors.As(err, &r) {
		return nil
	}
	return &draftProblem{r.Code, r.Field, words.Of(err, q.Lang)}
}
