package reports

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/engine/extract"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Kind is the kind of a report's row.
const Kind = "report"

// Room is where reports become goals.
type Room struct {
	desk  *desk.Desk
	store desk.Store

	publishing sync.Mutex

	mu   sync.Mutex
	kept map[name.ID]*Report // reports used lately; a report is replaced, never changed
}

// most is how many reports are kept in memory.
const most = 32

// New returns the room over a desk and its store.
func New(d *desk.Desk, store desk.Store) *Room {
	return &Room{desk: d, store: store, kept: map[name.ID]*Report{}}
}

// Upload is a report as somebody brings it: its text, already decoded.
type Upload struct {
	Command  string
	Asked    ledger.Hash // of the request that the command stands for, see [desk.Do]
	Name     string      // of the file, empty if pasted
	Title    string      // empty for the report's own
	Year     int         // the year planned, 0 for what the text says
	Text     string      // UTF-8, lines ended by \n
	Progress func(done, total int)
}

// Import reads a report and keeps it with the drafts that its statements propose. A statement that was published or
// dropped from an earlier reading is known and not proposed again. The same command returns the same report.
func (r *Room) Import(ctx context.Context, who desk.Caller, up Upload) (*Report, error) {
	if err := r.desk.Allow(who, access.ReportImport, access.Object{Type: access.Report, Unit: who.Unit, UnitPath: r.desk.Directory().Path(who.Unit), Class: access.Internal}); err != nil {
		return nil, err
	}
	if up.Command == "" {
		up.Command = r.desk.NewCommand()
	}
	if receipt, done, err := r.store.Receipt(ctx, r.desk.District(), up.Command); err != nil {
		return nil, err
	} else if done && len(receipt.Streams) > 0 {
		return r.load(ctx, receipt.Streams[0].Stream)
	}
	res, err := extract.Read(up.Text, extract.Options{Year: up.Year, Progress: up.Progress})
	if err != nil {
		return nil, err
	}
	if len(res.Statements) == 0 {
		return nil, fault.Refuse(fault.ErrInvalid, "nothing-found", "text")
	}
	drafts := propose(res, []rune(up.Text), r.desk.Directory(), slices.Collect(r.desk.Packs().Indicators()))
	if err := r.recognise(ctx, who, drafts); err != nil {
		return nil, err
	}
	return r.keep(ctx, who, up, res, drafts)
}

// keep appends the first event of a report: what was read and, in files, its text and the drafts.
func (r *Room) keep(ctx context.Context, who desk.Caller, up Upload, res *extract.Result, drafts []Draft) (*Report, error) {
	found, err := json.Marshal(drafts)
	if err != nil {
		return nil, err
	}
	text := journal.File{Hash: sum([]byte(up.Text)), Name: cmp.Or(up.Name, "report.txt"), Media: "text/plain; charset=utf-8", Bytes: []byte(up.Text)}
	findings := journal.File{Hash: sum(found), Name: "findings.json", Media: "application/json", Bytes: found}
	body := reading{Title: clip(cmp.Or(up.Title, res.Title, firstLine(up.Text)), 120), File: clip(up.Name, 120), Text: text.Hash.String(), Findings: findings.Hash.String(),
		Year: res.PlanYear, Review: res.ReviewYear, Length: res.Length}
	rep := &Report{}
	b := r.desk.Begin(ctx, up.Command)
	b.Answers(up.Asked)
	b.Keep(text, findings)
	own := b.Own(r.desk.NewID(), ledger.Record, 0, func(e *ledger.Event) error { return rep.apply(e, drafts) }, func() (*journal.Row, error) { return row(rep) })
	if err := own.Add(actor(who), typeRead, "", body); err != nil {
		return nil, err
	}
	if _, err := b.Commit(); err != nil {
		return nil, err
	}
	r.hold(rep)
	return rep, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}

func sum(b []byte) (h ledger.Hash) {
	s := ledger.SM3.New()
	s.Write(b)
	s.Sum(h[:0])
	return h
}

func actor(who desk.Caller) name.Actor {
	role := name.Role("issuer")
	if !who.Has(role) && len(who.Roles) > 0 {
		role = who.Roles[0]
	}
	return name.Actor{Person: who.Person, Unit: who.Unit, Role: role}
}

// row projects a report.
func row(rep *Report) (*journal.Row, error) {
	body, err := json.Marshal(map[string]int{"statements": len(rep.Drafts), "proposed": rep.Count(Proposed), "confirmed": rep.Count(Confirmed),
		"published": rep.Count(Published), "known": rep.Count(Known), "dropped": rep.Count(Dropped), "facts": rep.Count(Fact), "year": rep.Year})
	return &journal.Row{Stream: rep.ID, Noun: ledger.Record, Kind: Kind, Title: rep.Title, Open: rep.Count(Proposed)+rep.Count(Confirmed) > 0,
		Unit: rep.By.Unit, Person: rep.By.Person, Opened: rep.At, Body: body, Facets: []journal.Facet{{Name: "year", Text: fmt.Sprint(rep.Year)}}}, err
}

// Files is where the texts and findings of reports lie.
type Files interface {
	File(ctx context.Context, h ledger.Hash) (journal.File, error)
}

// Keep returns what has a replay hold the rows of reports against what the log makes of them. What was found stands in a file, which the first event names by
// its hash.
func Keep(ctx context.Context, files Files) func(*desk.Replay) {
	return func(r *desk.Replay) {
		r.Keep(typeRead, func() desk.Kept {
			var rep Report
			return desk.Kept{Row: func() (*journal.Row, error) { return row(&rep) }, Apply: func(e *ledger.Event) error {
				var drafts []Draft
				var body reading
				if e.Type == typeRead {
					if err := json.Unmarshal(e.Body, &body); err != nil {
						return err
					}
					var err error
					if drafts, err = findingsIn(ctx, files, body.Findings); err != nil {
						return err
					}
				}
				return rep.apply(e, drafts)
			}}
		})
	}
}

// recognise marks the drafts whose statements were published or dropped from an earlier reading.
func (r *Room) recognise(ctx context.Context, who desk.Caller, drafts []Draft) error {
	earlier, err := r.List(ctx, who)
	if err != nil {
		return err
	}
	known := map[string]Draft{}
	for _, rw := range earlier {
		rep, err := r.load(ctx, rw.Stream)
		if err != nil {
			return err
		}
		for _, d := range rep.Drafts {
			if d.State == Published || d.State == Known || d.State == Dropped {
				known[d.ID] = d
			}
		}
	}
	for i := range drafts {
		if k, ok := known[drafts[i].ID]; ok && drafts[i].State == Proposed {
			drafts[i].State, drafts[i].Goal = Known, k.Goal
		}
	}
	return nil
}

// List returns the reports that were read in, the newest first, at most 100.
func (r *Room) List(ctx context.Context, who desk.Caller) ([]journal.Row, error) {
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: r.desk.Scope(who, access.ReportRead, access.Report),
		Noun: ledger.Record, Kinds: []string{Kind}, Order: journal.ByOpened, Limit: 100})
	return page.Rows, err
}

// Report returns a report that the caller may read, with its text.
func (r *Room) Report(ctx context.Context, who desk.Caller, id name.ID) (*Report, string, error) {
	rep, err := r.load(ctx, id)
	if err != nil {
		return nil, "", err
	}
	if err := r.desk.Allow(who, access.ReportRead, r.object(rep)); err != nil {
		return nil, "", fmt.Errorf("report %s: %w", id, fault.ErrNotFound)
	}
	text, err := r.store.File(ctx, rep.Text)
	return rep, string(text.Bytes), err
}

func (r *Room) object(rep *Report) access.Object {
	return access.Object{Type: access.Report, Unit: rep.By.Unit, UnitPath: r.desk.Directory().Path(rep.By.Unit), Holder: rep.By.Person, Class: access.Internal}
}

func (r *Room) load(ctx context.Context, id name.ID) (*Report, error) {
	r.mu.Lock()
	rep, ok := r.kept[id]
	r.mu.Unlock()
	if ok {
		return rep, nil
	}
	events, err := r.store.Events(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 || events[0].Type != typeRead {
		return nil, fmt.Errorf("report %s: %w", id, fault.ErrNotFound)
	}
	rep = &Report{}
	var body reading
	if err := json.Unmarshal(events[0].Body, &body); err != nil {
		return nil, err
	}
	findings, err := findingsIn(ctx, r.store, body.Findings)
	if err != nil {
		return nil, err
	}
	for i := range events {
		if err := rep.apply(&events[i], findings); err != nil {
			return nil, err
		}
	}
	r.hold(rep)
	return rep, nil
}

func findingsIn(ctx context.Context, files Files, hash string) (drafts []Draft, err error) {
	h, err := ledger.ParseHash(hash)
	if err != nil {
		return nil, err
	}
	f, err := files.File(ctx, h)
	if err != nil {
		return nil, err
	}
	return drafts, json.Unmarshal(f.Bytes, &drafts)
}

func (r *Room) hold(rep *Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) >= most {
		clear(r.kept)
	}
	r.kept[rep.ID] = rep
}

// let lets go of a report, so that it is read again.
func (r *Room) let(id name.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, id)
}

// change runs a command on a report, again when it lost a race. The report handed to do is its own copy.
func (r *Room) change(ctx context.Context, who desk.Caller, command string, id name.ID, do func(rep *Report, b *desk.Batch, own desk.Own) error) (*Report, error) {
	for try := 1; ; try++ {
		old, err := r.load(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := r.desk.Allow(who, access.GoalEdit, access.Object{Type: access.Goal, Unit: old.By.Unit, UnitPath: r.desk.Directory().Path(old.By.Unit), Class: access.Public}); err != nil {
			return nil, err
		}
		rep := *old
		rep.Drafts = slices.Clone(old.Drafts)
		if command == "" {
			command = r.desk.NewCommand()
		}
		if _, done, err := r.store.Receipt(ctx, r.desk.District(), command); err != nil || done {
			return old, err
		}
		b := r.desk.Begin(ctx, command)
		own := b.Own(id, ledger.Record, old.Version, func(e *ledger.Event) error { return rep.apply(e, nil) }, func() (*journal.Row, error) { return row(&rep) })
		if err := do(&rep, b, own); err != nil {
			return nil, err
		}
		if _, err = b.Commit(); err == nil {
			r.hold(&rep)
			return &rep, nil
		}
		r.let(id)
		if try == 4 || !errors.Is(err, fault.ErrConflict) {
			return nil, err
		}
	}
}

// MaxTitle is the longest title of a goal, in characters.
const MaxTitle = 200

func tooLong(s string, most int) bool { return utf8.RuneCountInString(s) > most }
