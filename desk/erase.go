package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TypeErased is the event by which personal values of a stream were destroyed. What they were stands nowhere any more; the commitments in
// the log stay, and prove nothing without their salts.
const TypeErased = "personal.erased"

// Erasure is what is to be destroyed and why.
type Erasure struct {
	Subject name.ID
	Fields  []string // none: all that there are
	Why     string   // a code that pages put into words: asked, retention
	Rule    string   // of retention: the rule's key
}

// erasedBody is the event's body. On a matter it is a [matter.Change]: an empty commitment says that there is no value any more.
type erasedBody struct {
	Personal map[string]ledger.Commitment `json:"personal"`
	Rule     string                       `json:"rule,omitempty"`
}

// Erase destroys personal values of a subject: key, salts, values and indexes go in the transaction that appends the event.
// Where some fields stay, they are sealed under a new key, so that what goes cannot be read in older copies either. It returns the
// fields that went, none if nothing was there. Whether it may be done is asked before: it is the work of desk/personal.
//
// The old bytes are overwritten in the database at once, in its log file and the index of full text by who calls it, after the last of several.
func (d *Desk) Erase(ctx context.Context, by name.Actor, e Erasure) (gone []string, err error) {
	for try := 1; ; try++ {
		gone, err = d.erase(ctx, by, e)
		if err == nil || try == attempts || !errors.Is(err, fault.ErrConflict) {
			return gone, err
		}
	}
}

func (d *Desk) erase(ctx context.Context, by name.Actor, e Erasure) (gone []string, err error) {
	values, err := d.personalOf(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	b := d.Begin(ctx, d.NewCommand())
	body := erasedBody{Personal: map[string]ledger.Commitment{}, Rule: e.Rule}
	for _, v := range values {
		if len(e.Fields) == 0 || slices.Contains(e.Fields, v.Field) {
			gone = append(gone, v.Field)
			body.Personal[v.Field] = ""
			if matter.IsOriginal(v.Field) {
				key, envelope, _, err := parseOriginal(v.Value)
				if err != nil {
					return nil, err
				}
				key.Wipe()
				b.drop = append(b.drop, envelope)
			}
			continue
		}
		b.people = append(b.people, v)
	}
	if len(gone) == 0 {
		return nil, nil
	}
	b.erase = []name.ID{e.Subject}
	j, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	p, err := b.subjectPart(e.Subject)
	if err == nil {
		err = b.add(p, by, TypeErased, e.Why, j)
	}
	if err == nil {
		_, err = b.Commit()
	}
	return gone, err
}

// Lost records that values of a subject cannot be opened any more, since their key was destroyed and the record that says so is gone: after a copy from
// before was put back. What is left of them goes. It is called where two have agreed to put keys back, and at no other time: whoever takes a key away is
// found by verifying because there is no such record.
func (d *Desk) Lost(ctx context.Context, by name.Actor, subject name.ID, fields []string) error {
	b := d.Begin(ctx, d.NewCommand())
	body := erasedBody{Personal: map[string]ledger.Commitment{}}
	for _, f := range fields {
		body.Personal[f] = ""
	}
	b.erase = []name.ID{subject}
	j, err := json.Marshal(body)
	if err != nil {
		return err
	}
	p, err := b.subjectPart(subject)
	if err == nil {
		err = b.add(p, by, TypeErased, "restored", j)
	}
	if err == nil {
		_, err = b.Commit()
	}
	return err
}

// subjectPart takes the stream of a subject into the batch: a matter, or what a sub-room keeps itself, whose row stays as it is.
func (b *Batch) subjectPart(id name.ID) (*part, error) {
	row, err := b.d.store.Row(b.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("subject %s: %w", id, err)
	}
	if row.Noun == ledger.Matter {
		return b.matterPart(id)
	}
	return b.Own(id, row.Noun, row.Version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return &row, nil }).p, nil
}

// Subject is what retention and the data officer have to know of a subject, and nothing of what its values are.
type Subject struct {
	ID     name.ID
	Kind   string // the kind of the matter, or of the row that a sub-room keeps
	Number string
	Fields map[string]SubjectField
	Person name.Person // of what somebody who works here left of themselves
	Open   bool
	Opened int64 // µs
	Closed int64 // µs, 0 while it is open
}

// IsOwn reports whether the subject is what somebody left of themselves beside every matter, which they may take back at any time.
func (s *Subject) IsOwn() bool { return s.Person != "" }

// SubjectField is a field of a subject that holds a value.
type SubjectField struct {
	Class string // S or H, what a reporter asked for included
}

// Subject returns what is held of a subject. It wraps [fault.ErrNotFound] for a stream that there is none of.
func (d *Desk) Subject(ctx context.Context, id name.ID) (Subject, error) {
	row, err := d.store.Row(ctx, id)
	if err != nil {
		return Subject{}, fmt.Errorf("subject %s: %w", id, err)
	}
	s := Subject{ID: id, Kind: row.Kind, Number: row.Number, Fields: map[string]SubjectField{}, Open: row.Open, Opened: row.Opened, Closed: row.Closed}
	values, err := d.store.PersonalOf(ctx, id)
	if err != nil {
		return s, err
	}
	var m matter.Matter
	var k *matter.Kind
	if row.Noun == ledger.Matter {
		if m, err = d.loadMatter(ctx, id); err == nil {
			k, err = d.kindOf(&m)
		}
		if err != nil {
			return s, err
		}
		s.Open, s.Opened, s.Closed = m.IsOpen(), m.Opened, m.Closed
	}
	if row.Noun != ledger.Matter && row.Parent == "" {
		s.Person = row.Person
	}
	if row.Noun != ledger.Matter && row.Parent != "" { // such as who follows a report: as long as the report
		if parent, err := d.loadMatter(ctx, row.Parent); err == nil {
			s.Open, s.Closed = parent.IsOpen(), parent.Closed
		}
	}
	for _, v := range values {
		s.Fields[v.Field] = SubjectField{Class: classOf(k, &m, v.Field)}
	}
	return s, nil
}

// classOf is the class of a personal field, S where its kind does not say.
func classOf(k *matter.Kind, m *matter.Matter, key string) string {
	if k != nil && matter.IsOriginal(key) && isHigh(m, &sealedField) {
		return "H"
	}
	if k != nil {
		for i := range k.Fields {
			if f := &k.Fields[i]; f.Key == key && isHigh(m, f) {
				return "H"
			}
		}
	}
	return "S"
}

// MostSame is how many subjects one look for a value finds.
const MostSame = 200

// SameAs returns the subjects that hold the same value of a field, newest first, at most [MostSame], for the data officer who answers somebody's
// request about all that is held of them; that they looked is appended to the log. The value is looked for by its blind index and shown
// nowhere; a field that nobody looks for finds none.
func (d *Desk) SameAs(ctx context.Context, who Caller, field, value string) ([]name.ID, error) {
	if err := d.Allow(who, access.PersonErase, access.Object{Type: access.Person, Class: access.Internal}); err != nil {
		return nil, err
	}
	ids, err := d.subjectsOf(ctx, field, value, MostSame)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return ids, d.looked(ctx, who, lookBody{Of: ids, Fields: []string{field}, Why: ToAnswer}, nil)
}

// Held returns the personal values of a subject in the clear. The caller has seen to it that whoever reads them may: the person, whose
// they are, or somebody whose look is recorded.
func (d *Desk) Held(ctx context.Context, id name.ID) (map[string]string, error) {
	values, err := d.personalOf(ctx, id)
	if err != nil {
		return nil, err
	}
	held := map[string]string{}
	for _, v := range values {
		held[v.Field] = v.Value
	}
	return held, nil
}
