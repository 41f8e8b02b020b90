// Package audit is what the audit administrator does: reads the record and what was signed of it, and says what is wrong.
//
// [Room.State] tells how the log stands, [Room.Search] finds records by who, what and when, [Room.Open] and [Room.Settle] keep findings, and
// [Room.Reads] shows the system administrator what the auditor has read.
//
// It promises: the auditor sees who did what, when and why, but nothing of what the record is about: bodies are left out but for those of acts on
// accounts, rights, keys, packs and personal data, which are what is audited. Every question is a record itself, made before it
// is answered.
package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/proof"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Store is what the room asks of a store.
type Store interface {
	Trail(ctx context.Context, q journal.Trail) (journal.Trace, error)
	Rows(ctx context.Context, q journal.Query) (journal.Page, error)
}

// Room is the auditor's.
type Room struct {
	desk  *desk.Desk
	store Store
	proof *proof.Room
}

// New returns the room.
func New(d *desk.Desk, s Store, p *proof.Room) *Room { return &Room{d, s, p} }

var theLog = access.Object{Type: access.Log, Class: access.Internal}

// State tells how the log stands.
func (r *Room) State(ctx context.Context, who desk.Caller) (proof.State, error) {
	if err := r.desk.Allow(who, access.LogRead, theLog); err != nil {
		return proof.State{}, err
	}
	return r.proof.State(ctx)
}

// Sign has the log signed now, and the witnesses asked.
func (r *Room) Sign(ctx context.Context, who desk.Caller) error {
	if err := r.desk.Allow(who, access.LogSign, theLog); err != nil {
		return err
	}
	s, err := r.proof.Checkpoint(ctx, true)
	if err != nil {
		return err
	}
	return r.proof.Gather(ctx, s)
}

// Examine has the log verified now.
func (r *Room) Examine(ctx context.Context, who desk.Caller) (journal.Examination, error) {
	if err := r.desk.Allow(who, access.LogSign, theLog); err != nil {
		return journal.Examination{}, err
	}
	return r.proof.Examine(ctx)
}

// Topic is a family of records that is looked for often.
type Topic string

// The topics.
const (
	Everything Topic = ""
	Looks      Topic = "looks"    // who saw what
	Officers   Topic = "officers" // what the other two administrators did
	Accounts   Topic = "accounts"
	Rights     Topic = "rights"
	Matters    Topic = "matters"
	Figures    Topic = "figures"
	Packs      Topic = "packs"
)

// Topics are all topics in their order.
var Topics = []Topic{Everything, Looks, Officers, Accounts, Rights, Matters, Figures, Packs}

// narrows is how a topic narrows a trail.
var narrows = map[Topic]struct {
	types []string
	roles []name.Role
}{
	Everything: {},
	Looks:      {types: []string{"personal.", "person."}},
	Officers:   {roles: []name.Role{"sysadmin", "secadmin"}},
	Accounts:   {types: []string{"account."}},
	Rights:     {types: []string{"account.granted", "account.revoked", "role.", "delegation.", "glass.", "key.", "place."}},
	Matters:    {types: []string{"matter."}},
	Figures:    {types: []string{"goal.", "indicator."}},
	Packs:      {types: []string{"record.", "pack.", "register."}},
}

// open are the families of types whose bodies the auditor reads: what is audited, none of it business.
var open = []string{"account.", "role.", "delegation.", "glass.", "key.", "place.", "personal.", "person.", "audit."}

// Ask is a question of the auditor.
type Ask struct {
	Topic  Topic
	Person name.Person
	Unit   name.Unit
	Object string // a stream's id, or the number of a matter
	Type   string // of a record, or the beginning of one up to a full stop
	Time   journal.Between
	Before int64 // from a page before
	Limit  int
	Export string // the format in which the answer leaves the platform, empty if it does not
}

// Record is a record as the auditor sees it.
type Record struct {
	Seq    int64
	At     int64 // µs
	Actor  name.Actor
	Type   string
	Stream name.ID
	Kind   ledger.StreamKind
	Number string
	Reason string
	Body   string // of what is audited, otherwise empty
}

// Page is an answer.
type Page struct {
	Records []Record
	Before  int64 // of the next page, 0 if there is none
}

// typeRead is the type of the record that says what the auditor asked.
const typeRead = "audit.read"

// Search answers a question, after it has put the question itself on record. It refuses an unknown topic and an object that is none.
func (r *Room) Search(ctx context.Context, who desk.Caller, a Ask) (Page, error) {
	if err := r.desk.Allow(who, access.LogRead, theLog); err != nil {
		return Page{}, err
	}
	q, err := r.trail(ctx, &a)
	if err != nil {
		return Page{}, err
	}
	if err := r.remember(ctx, who, &a); err != nil {
		return Page{}, err
	}
	return r.page(ctx, q)
}

// trail translates a question.
func (r *Room) trail(ctx context.Context, a *Ask) (journal.Trail, error) {
	n, known := narrows[a.Topic]
	if !known {
		return journal.Trail{}, fault.Refuse(fault.ErrInvalid, "no-such-option", "topic", "value", string(a.Topic))
	}
	if len(a.Type) > 60 || len(a.Person) > 100 || len(a.Unit) > 100 || len(a.Object) > 100 {
		return journal.Trail{}, fault.Refuse(fault.ErrInvalid, "too-long", "type", "limit", "60")
	}
	q := journal.Trail{Log: r.desk.District(), Person: a.Person, Unit: a.Unit, Roles: n.roles, Types: n.types, Time: a.Time, Before: a.Before, Limit: a.Limit}
	if a.Type != "" {
		q.Types = []string{a.Type}
	}
	switch {
	case a.Object == "":
	case strings.HasPrefix(a.Object, string(r.desk.District())+"-"):
		q.Stream = name.ID(a.Object)
	default:
		page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Numbers: []string{a.Object}, Order: journal.ByNumber, Limit: 1})
		if err != nil {
			return q, err
		}
		if len(page.Rows) == 0 {
			return q, fault.Refuse(fault.ErrNotFound, "no-such-object", "object", "value", a.Object)
		}
		q.Stream = page.Rows[0].Stream
	}
	return q, nil
}

func (r *Room) page(ctx context.Context, q journal.Trail) (out Page, err error) {
	trace, err := r.store.Trail(ctx, q)
	if err != nil {
		return out, err
	}
	for i := range trace.Entries {
		out.Records = append(out.Records, record(&trace.Entries[i].Event))
	}
	out.Before = trace.Reached
	return out, nil
}

func record(e *ledger.Event) Record {
	out := Record{Seq: e.Seq, At: e.At, Actor: e.Actor, Type: e.Type, Stream: e.Stream, Kind: e.Kind, Number: e.Number, Reason: e.Reason}
	if slices.ContainsFunc(open, func(family string) bool { return strings.HasPrefix(e.Type, family) }) {
		out.Body = string(e.Body)
	}
	return out
}

// asked is the body of a record about a question.
type asked struct {
	Topic  Topic       `json:"topic,omitempty"`
	Person name.Person `json:"person,omitempty"`
	Unit   name.Unit   `json:"unit,omitempty"`
	Object string      `json:"object,omitempty"`
	Type   string      `json:"type,omitempty"`
	From   string      `json:"from,omitempty"` // days
	To     string      `json:"to,omitempty"`
	Before int64       `json:"before,omitempty"`
	Export string      `json:"export,omitempty"`
}

// day writes an instant as its day, empty for none.
func day(at int64) string {
	if at <= 0 {
		return ""
	}
	return calendar.Instant(at).Date().String()
}

// readKind is the kind of the row of a question on record.
const readKind = "audit/read"

// remember puts a question on record. Each is a stream of its own: nothing follows from one.
func (r *Room) remember(ctx context.Context, who desk.Caller, a *Ask) error {
	b := r.desk.Begin(ctx, r.desk.NewCommand())
	id := r.desk.NewID()
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
		return readRow(id, who.Person, who.Unit, b.At()), nil
	})
	err := own.Add(name.Actor{Person: who.Person, Unit: who.Unit, Role: "auditor"}, typeRead, "",
		asked{a.Topic, a.Person, a.Unit, a.Object, a.Type, day(a.Time.From), day(a.Time.Until - 1), a.Before, a.Export})
	if err == nil {
		_, err = b.Commit()
	}
	if err != nil {
		return fmt.Errorf("put the question on record: %w", err)
	}
	return nil
}

func readRow(id name.ID, p name.Person, u name.Unit, at int64) *journal.Row {
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: readKind, Unit: u, Person: p, Opened: at}
}

// Keep has a replay hold the rows of the auditor's questions against what the log makes of them.
func Keep(r *desk.Replay) {
	r.Keep(typeRead, desk.KeptRows(func(_ *journal.Row, e *ledger.Event) (*journal.Row, error) {
		return readRow(e.Stream, e.Actor.Person, e.Actor.Unit, e.At), nil
	}, nil))
}

// Reads returns what the auditor has asked, newest first: for the system administrator, who sees that it was read and not what was found.
func (r *Room) Reads(ctx context.Context, who desk.Caller, before int64) (Page, error) {
	if err := r.desk.Allow(who, access.AuditWatch, theLog); err != nil {
		return Page{}, err
	}
	return r.page(ctx, journal.Trail{Log: r.desk.District(), Types: []string{typeRead}, Before: before})
}

// Finding is a finding as it stands.
type Finding struct {
	journal.Row
	Facts, Answer, Verdict, Record, About string
}

// Findings returns findings, the open ones or all others, newest first.
func (r *Room) Findings(ctx context.Context, who desk.Caller, open bool) (all []Finding, err error) {
	if err := r.desk.Allow(who, access.FindingKeep, theLog); err != nil {
		return nil, err
	}
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Kinds: []string{desk.FindingKind}, Open: &open, Order: journal.ByOpened, Limit: 100})
	if err != nil {
		return nil, err
	}
	for _, row := range page.Rows {
		m, err := r.desk.Finding(ctx, who, row.Stream)
		if err != nil {
			return nil, err
		}
		all = append(all, Finding{Row: row, Facts: m.Fields["facts"], Answer: m.Fields["answer"], Verdict: m.Fields["verdict"], Record: m.Fields["record"], About: m.Fields["about"]})
	}
	return all, nil
}

// Open opens a finding from a form: title, unit, facts, record and about.
func (r *Room) Open(ctx context.Context, who desk.Caller, command string, with map[string]string) (desk.Done, error) {
	return r.desk.OpenFinding(ctx, who, desk.Do{Command: command, With: with})
}

// Settle closes a finding or sends it back, with the auditor's opinion.
func (r *Room) Settle(ctx context.Context, who desk.Caller, id name.ID, command, act, opinion string) (desk.Done, error) {
	do := desk.Do{Command: command, Matter: id, Act: act}
	switch act {
	case "close":
		do.With = map[string]string{"verdict": opinion}
	case "redo":
		do.Reason = opinion
	default:
		return desk.Done{}, fault.Refuse(fault.ErrInvalid, "no-such-option", "act", "value", act)
	}
	return r.desk.SettleFinding(ctx, who, do)
}
