package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// LookKind is the kind of the rows of looks at personal data (查看个人信息留痕).
const LookKind = "look"

// Purpose is why somebody looks at personal data. The set is closed.
type Purpose string

// The purposes.
const (
	ToCallBack Purpose = "call-back" // 回访
	ToHandle   Purpose = "handle"    // 联系反映人
	ToCompare  Purpose = "compare"   // 查同一号码的历史诉求
)

// Purposes are all purposes.
var Purposes = []Purpose{ToCallBack, ToHandle, ToCompare}

// MostLooks is how many times one person is shown personal values within an hour: enough for whoever calls back all day, too
// few for whoever copies the list. Ours.
const MostLooks = 30

// mostEarlier is how many earlier matters one number shows.
const mostEarlier = 20

// lookBody is the body of the event of a look: whose data, which fields. What was seen does not stand in it.
type lookBody struct {
	Of     []name.ID `json:"of"`
	Fields []string  `json:"fields"`
	Why    Purpose   `json:"why"`
}

// Reveal returns personal values of a matter in the clear. The caller has to be allowed to read the matter up to its
// sensitive class, and to say what for; that they looked is appended to the log before anything is shown. Fields that hold
// nothing are left out. It refuses an unknown purpose, fields that are not personal, and more than [MostLooks] in an hour.
func (d *Desk) Reveal(ctx context.Context, who Caller, id name.ID, fields []string, why Purpose) (map[string]string, error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return nil, err
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return nil, err
	}
	o := d.object(&m)
	if err := d.allow(who, access.MatterRead, o); err != nil {
		return nil, fmt.Errorf("matter %s: %w", id, fault.ErrNotFound)
	}
	if !slices.Contains(Purposes, why) {
		return nil, fault.Refuse(fault.ErrInvalid, "purpose-missing", "why")
	}
	for _, key := range fields {
		f := field.Find(k.Fields, key)
		if f == nil || !f.Class.IsPersonal() {
			return nil, fault.Refuse(fault.ErrInvalid, "not-personal", key)
		}
		o.Class = max(o.Class, access.Class(f.Class.Rank()))
	}
	if err := d.allow(who, access.MatterRead, o); err != nil {
		return nil, err
	}
	if err := d.mayLookAgain(ctx, who); err != nil {
		return nil, err
	}
	values, err := d.personalOf(ctx, id)
	if err != nil {
		return nil, err
	}
	shown := map[string]string{}
	for _, v := range values {
		if slices.Contains(fields, v.Field) {
			shown[v.Field] = v.Value
		}
	}
	if len(shown) == 0 {
		return shown, nil
	}
	return shown, d.looked(ctx, who, lookBody{Of: []name.ID{id}, Fields: fields, Why: why})
}

// mayLookAgain refuses whoever has been shown as much within the last hour as one person may be.
func (d *Desk) mayLookAgain(ctx context.Context, who Caller) error {
	now := d.world.Now()
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: now, Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{LookKind},
		Person: who.Person, States: []string{string(ToCallBack), string(ToHandle)}, Opened: journal.Between{From: now - time.Hour.Microseconds()}, Order: journal.ByOpened, Limit: MostLooks})
	if err == nil && len(page.Rows) >= MostLooks {
		err = fault.Refuse(fault.ErrUnavailable, "looks-too-many", "", "limit", fmt.Sprint(MostLooks))
	}
	return err
}

// Earlier returns the matters that the caller may read in which somebody left the same value of a field, newest first, at
// most 20: the value is looked for by its blind index and is shown nowhere. That they looked is appended to the log.
func (d *Desk) Earlier(ctx context.Context, who Caller, key, typed string) ([]journal.Row, error) {
	if err := d.allow(who, access.MatterRead, access.Object{Type: access.Matter, Unit: who.Unit, Class: access.Sensitive}); err != nil {
		return nil, err
	}
	ids, err := d.store.Subjects(ctx, d.world.District, d.blind(key, typed), mostEarlier)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	page, err := d.Worklist(ctx, who, journal.Query{Streams: ids, Order: journal.ByOpened, Limit: mostEarlier})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	body := lookBody{Fields: []string{key}, Why: ToCompare}
	for _, r := range page.Rows {
		body.Of = append(body.Of, r.Stream)
	}
	return page.Rows, d.looked(ctx, who, body)
}

// looked appends that somebody looked, as a stream of its own: the matters stay as they were, so that nobody who has a form
// open is overtaken by a look.
func (d *Desk) looked(ctx context.Context, who Caller, body lookBody) error {
	b := d.Begin(ctx, d.NewCommand())
	id := d.NewID()
	at := b.At()
	by := who.actor(who.Roles...)
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
		j, err := json.Marshal(body)
		row := &journal.Row{Stream: id, Noun: ledger.Account, Kind: LookKind, State: string(body.Why), Unit: by.Unit, Person: by.Person, Opened: at, Body: j}
		for _, of := range body.Of {
			row.Facets = append(row.Facets, journal.Facet{Name: facetLink, Text: string(of)})
		}
		sortFacets(row)
		return row, err
	})
	if err := own.Add(by, "person.looked", string(body.Why), body); err != nil {
		return err
	}
	_, err := b.Commit()
	return err
}

// Look is one look at personal data of a matter.
type Look struct {
	At     int64 // µs
	Person name.Person
	Unit   name.Unit
	Why    Purpose
	Fields []string
}

// Looks returns who looked at personal data of a matter that the caller may read, newest first, at most 100.
func (d *Desk) Looks(ctx context.Context, who Caller, id name.ID) (all []Look, err error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := d.allow(who, access.MatterRead, d.object(&m)); err != nil {
		return nil, fmt.Errorf("matter %s: %w", id, fault.ErrNotFound)
	}
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{LookKind},
		Facets: []journal.Facet{{Name: facetLink, Text: string(id)}}, Order: journal.ByOpened, Limit: 100})
	for _, r := range page.Rows {
		var body lookBody
		if err := json.Unmarshal(r.Body, &body); err != nil {
			return nil, fmt.Errorf("look %s: %w", r.Stream, err)
		}
		all = append(all, Look{At: r.Opened, Person: r.Person, Unit: r.Unit, Why: body.Why, Fields: body.Fields})
	}
	return all, err
}
