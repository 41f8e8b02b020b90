package reports

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/engine/extract"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Sheet is a list of goals that an office keeps in a spreadsheet: a header and the rows below it, each as long as
// the header or longer. How the file was read is left to whoever brings it.
type Sheet struct {
	Header []string
	Rows   [][]Cell
}

// Cell is one cell: what it shows, and what the spreadsheet program calls it, such as C7.
type Cell struct{ Text, Ref string }

// SheetRule is the rule of a statement that stands in a row instead of a sentence.
const SheetRule = "sheet"

// Limits of a sheet; a district has a few hundred goals a year.
const (
	maxSheetRows   = 2000
	maxSheetFaults = 500
)

// SheetFault is one thing wrong with a sheet: the row and column where it stands, what stands there, and why not.
type SheetFault struct {
	Ref     string // C7; empty for a fault of the sheet as a whole
	Row     int    // of the rows below the header, from 1; 0 for none
	Column  string // the heading, as the office wrote it
	Value   string
	Refusal *fault.Refusal
}

// SheetReading is a sheet as it was understood. With faults nothing of it may be brought in.
type SheetReading struct {
	Columns []SheetColumn // in the order of the sheet
	Goals   []SheetGoal   // in the order of the rows, also those of rows with faults
	Faults  []SheetFault
}

// SheetColumn is a heading with the column that it was taken for; Key is empty for one that nothing knows.
type SheetColumn struct {
	Heading string
	Key     string
	Words   name.Text
}

// SheetGoal is the goal that a row describes.
type SheetGoal struct {
	Row   int // of the rows below the header, from 1
	Ref   string
	Terms indicator.Terms
	Bad   bool // a fault stands in this row
}

// ReadSheet says what a sheet would bring in, and everything that is wrong with it, each fault with its cell. It
// keeps nothing. year is the year of goals whose row names none.
func ReadSheet(s Sheet, year int, dir *desk.Directory) SheetReading {
	r := sheetReader{dir: dir, year: year, seen: map[string]int{}}
	r.header(s.Header)
	if len(r.out.Faults) > 0 {
		return r.out
	}
	if len(s.Rows) == 0 {
		r.fault(SheetFault{Refusal: fault.Refuse(fault.ErrInvalid, "sheet-empty", "file")})
	}
	if len(s.Rows) > maxSheetRows {
		r.fault(SheetFault{Refusal: fault.Refuse(fault.ErrInvalid, "too-many-rows", "file", "limit", fmt.Sprint(maxSheetRows))})
		return r.out
	}
	for i, cells := range s.Rows {
		r.row(i+1, cells)
	}
	return r.out
}

// sheetReader reads one sheet.
type sheetReader struct {
	dir  *desk.Directory
	year int
	at   map[string]int // column of each known key
	seen map[string]int // row of each goal, by what makes it the same
	out  SheetReading
}

func (r *sheetReader) fault(f SheetFault) {
	if len(r.out.Faults) < maxSheetFaults {
		r.out.Faults = append(r.out.Faults, f)
	}
}

// header finds out which column is which. Title, lead unit and due date must be there.
func (r *sheetReader) header(header []string) {
	r.at = map[string]int{}
	columns := columnsOf(header)
	for i, h := range header {
		c := SheetColumn{Heading: h}
		if col := columns[i]; col != nil {
			if before, twice := r.at[col.key]; twice {
				r.fault(SheetFault{Column: h, Refusal: fault.Refuse(fault.ErrInvalid, "sheet-column-twice", "file", "column", h, "other", header[before])})
			} else {
				r.at[col.key] = i
			}
			c.Key, c.Words = col.key, col.words
		}
		r.out.Columns = append(r.out.Columns, c)
	}
	for _, col := range sheetColumns {
		if _, ok := r.at[col.key]; col.needed && !ok {
			r.fault(SheetFault{Refusal: fault.Refuse(fault.ErrInvalid, "sheet-column-missing", "file", "column-zh", col.words.ZH, "column-en", col.words.EN)})
		}
	}
}

// row reads one row into a goal.
func (r *sheetReader) row(n int, cells []Cell) {
	before := len(r.out.Faults)
	t := indicator.Terms{Year: r.year}
	for _, col := range sheetColumns {
		i, ok := r.at[col.key]
		if !ok || i >= len(cells) {
			continue
		}
		text := strings.TrimSpace(cells[i].Text)
		if text == "" && !col.needed {
			continue
		}
		err := fault.Refuse(fault.ErrInvalid, "sheet-cell-empty", col.key)
		if text != "" {
			err = col.read(r, &t, text)
		}
		if err != nil {
			r.fault(SheetFault{Ref: cells[i].Ref, Row: n, Column: r.out.Columns[i].Heading, Value: clip(text, 60), Refusal: err})
		}
	}
	ref := ""
	if len(cells) > 0 {
		ref = cells[0].Ref
	}
	r.whole(n, cells, &t, len(r.out.Faults) == before)
	r.out.Goals = append(r.out.Goals, SheetGoal{Row: n, Ref: ref, Terms: t, Bad: len(r.out.Faults) > before})
}

// whole completes a goal from what the row says and checks it as a whole; faults of single cells come first.
func (r *sheetReader) whole(n int, cells []Cell, t *indicator.Terms, clean bool) {
	if !clean {
		return
	}
	complete(t, r.dir)
	if err := t.Check(); err != nil {
		refusal, _ := err.(*fault.Refusal)
		f := SheetFault{Row: n, Refusal: refusal}
		if refusal != nil {
			if i, ok := r.at[refusal.Field]; ok && i < len(cells) {
				f.Ref, f.Column, f.Value = cells[i].Ref, r.out.Columns[i].Heading, clip(cells[i].Text, 60)
			}
		}
		r.fault(f)
		return
	}
	key := sheetID(t)
	if first, twice := r.seen[key]; twice {
		i := r.at["title"]
		r.fault(SheetFault{Ref: cells[i].Ref, Row: n, Column: r.out.Columns[i].Heading, Value: clip(t.Title, 60),
			Refusal: fault.Refuse(fault.ErrInvalid, "sheet-row-twice", "title", "row", fmt.Sprint(first))})
		return
	}
	r.seen[key] = n
}

// complete fills in what an office's list usually leaves out: the shape by the target, the beginning of the year, the
// leader in charge of the lead unit. A base is never made up: it is asked for.
func complete(t *indicator.Terms, dir *desk.Directory) {
	if t.Year == 0 && t.Due != 0 {
		t.Year = t.Due.Year()
	}
	if t.Shape == "" {
		t.Shape = sheetShape(t)
	}
	if t.Shape == indicator.Milestone && t.Target.Op == "" {
		t.Target = indicator.Target{Op: "reach", Value: money.Int(1)}
	}
	t.FeedBy(nil)
	if t.Start == 0 && t.Year >= 1990 {
		t.Start = calendar.NewDate(t.Year, 1, 1)
	}
	if t.Subject == "" {
		t.Subject = t.Title
	}
	if t.Evidence == "" {
		t.Evidence = evidence[t.Shape]
	}
	for _, u := range dir.Units {
		if t.Leader == "" && u.Key == t.Lead {
			t.Leader = u.Leader
		}
	}
	t.BaseAsked = t.NeedsBase()
}

// sheetShape tells the shape of a goal whose row does not: by the target, as of a statement.
func sheetShape(t *indicator.Terms) indicator.Shape {
	if t.Target.Op == "" {
		return indicator.Milestone
	}
	return shape(&Statement{Type: extract.Number, Op: t.Target.Op, Value: t.Target.Value.String(), Unit: t.Target.Unit, Text: t.Title})
}

// sheetID is the identity of a row's goal: the same row in next month's list is the same goal.
func sheetID(t *indicator.Terms) string {
	h := sum([]byte(strings.Join([]string{fmt.Sprint(t.Year), t.Title, string(t.Lead), t.Target.Op, t.Target.Value.String(), t.Target.Unit}, "\x00")))
	return hex.EncodeToString(h[:16])
}

// SheetUpload is a sheet as somebody brings it.
type SheetUpload struct {
	Command string
	Name    string // of the file
	Title   string // empty for the file's name
	Year    int    // of goals whose row names none; 0 for the year of their due date
	Sheet   Sheet
}

// ImportSheet keeps a sheet's goals as drafts, like those of a report: they are confirmed and published on the same
// page. It brings in everything or nothing: with any fault the reading comes back with the refusal sheet-faults. Rows
// that were published or dropped before are known and not proposed again. The same command returns the same report.
func (r *Room) ImportSheet(ctx context.Context, who desk.Caller, up SheetUpload) (*Report, SheetReading, error) {
	if err := r.desk.Allow(who, access.ReportImport, access.Object{Type: access.Report, Unit: who.Unit, UnitPath: r.desk.Directory().Path(who.Unit), Class: access.Internal}); err != nil {
		return nil, SheetReading{}, err
	}
	if up.Command == "" {
		up.Command = r.desk.NewCommand()
	}
	reading := ReadSheet(up.Sheet, up.Year, r.desk.Directory())
	if len(reading.Faults) > 0 {
		return nil, reading, fault.Refuse(fault.ErrInvalid, "sheet-faults", "file", "count", fmt.Sprint(len(reading.Faults)))
	}
	if receipt, done, err := r.store.Receipt(ctx, r.desk.District(), up.Command); err != nil {
		return nil, reading, err
	} else if done && len(receipt.Streams) > 0 {
		rep, err := r.load(ctx, receipt.Streams[0].Stream)
		return rep, reading, err
	}
	title := cmp.Or(up.Title, up.Name)
	text, drafts := sheetDrafts(up.Sheet, reading.Goals, title)
	if err := r.recognise(ctx, who, drafts); err != nil {
		return nil, reading, err
	}
	year := up.Year
	if year == 0 {
		year = drafts[0].Terms.Year
	}
	res := extract.Result{Title: title, PlanYear: year, Length: utf8.RuneCountInString(text)}
	rep, err := r.keep(ctx, who, Upload{Command: up.Command, Name: up.Name, Title: title, Text: text}, &res, drafts)
	return rep, reading, err
}

// sheetDrafts writes a sheet as the text of its record, a line a row, and makes a draft of each row's goal that
// quotes its line.
func sheetDrafts(s Sheet, goals []SheetGoal, title string) (string, []Draft) {
	var b strings.Builder
	at := 0
	write := func(cells []string) (start int) {
		start = at
		line := strings.Join(cells, "\t") + "\n"
		b.WriteString(line)
		at += utf8.RuneCountInString(line)
		return start
	}
	write(oneLine(s.Header))
	drafts := make([]Draft, 0, len(goals))
	for _, g := range goals {
		cells := make([]string, len(s.Rows[g.Row-1]))
		for i, c := range s.Rows[g.Row-1] {
			cells[i] = c.Text
		}
		start := write(oneLine(cells))
		span := extract.Span{Start: start, End: at - 1}
		t := g.Terms
		id := sheetID(&t)
		kind := extract.Number
		if t.Shape == indicator.Milestone {
			kind = extract.Milestone
		}
		t.Source = indicator.Source{Title: title, Quote: t.Title, Sentence: strings.Join(oneLine(cells), " "), Start: start, Statement: id}
		drafts = append(drafts, Draft{ID: id, State: Proposed, Terms: t, Statement: Statement{Type: kind, Kind: extract.Commitment, Year: t.Year,
			Subject: t.Subject, Op: t.Target.Op, Value: t.Target.Value.String(), Unit: t.Target.Unit, Text: t.Title, Start: start, End: span.End,
			Section: t.Domain, Rule: SheetRule, Confidence: 100, Sentence: span}})
	}
	return b.String(), drafts
}

func oneLine(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.Join(strings.Fields(c), " ")
	}
	return out
}
