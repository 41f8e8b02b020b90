package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// Records returns a page of a register's records.
func (d *Desk) Records(ctx context.Context, who Caller, q journal.Query) (journal.Page, error) {
	q.Log, q.Now, q.Noun = d.world.District, d.world.Now(), "record"
	q.Scope = d.Scope(who, access.RegisterRead, access.Register)
	return d.store.Rows(ctx, q)
}

// RegisterAsk is what somebody asks of a register.
type RegisterAsk struct {
	Text   string
	On     calendar.Date // only records valid on the day; 0 for all
	Facets map[string]string
	Cursor string
	Limit  int
}

// Register returns a page of the records of a register.
func (d *Desk) Register(ctx context.Context, who Caller, ref string, ask RegisterAsk) (journal.Page, error) {
	if _, ok := d.Packs().Register(ref); !ok {
		return journal.Page{}, fmt.Errorf("register %s: %w", ref, fault.ErrNotFound)
	}
	l := &PackList{Of: ref, Order: "number"}
	q := d.listQuery(l, ListAsk{Text: ask.Text, Facets: ask.Facets, Cursor: ask.Cursor, Limit: ask.Limit})
	if ask.On != 0 {
		q.Opened.Until = int64(ask.On.Start()) + 1
	}
	page, err := d.recordsOf(ctx, who, ref, q)
	if err != nil || ask.On == 0 {
		return page, err
	}
	day := int64(ask.On.Start())
	page.Rows = slices.DeleteFunc(page.Rows, func(r journal.Row) bool { return !r.HoldsAt(day) })
	return page, nil
}

// recordsOf is [Desk.Records] of one register, found by its text too.
func (d *Desk) recordsOf(ctx context.Context, who Caller, register string, q journal.Query) (journal.Page, error) {
	more, some, err := d.found(&q, d.bestRecords(ctx, who, register))
	if err != nil || !some {
		return journal.Page{}, err
	}
	page, err := d.Records(ctx, who, q)
	page.Found = more
	return page, err
}

// Record is one record of a register as it is read: its key, its names and its fields.
type Record struct {
	Key    string
	Words  name.Text
	Fields map[string]string
}

// ValidRecords returns the records of a register that are valid today, in the order of their keys. Registers that doors and
// routes read have hundreds of rows, not millions.
func (d *Desk) ValidRecords(ctx context.Context, ref string) (all []Record, err error) {
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record", Kinds: []string{ref}, Order: journal.ByNumber, Limit: 500}
	for {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range page.Rows {
			r := &page.Rows[i]
			if !r.HoldsAt(d.world.Now()) {
				continue
			}
			rec, err := readRecord(r)
			if err != nil {
				return nil, err
			}
			all = append(all, rec)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return all, nil
		}
	}
}

// ValidRecord returns one record of a register by its key, if it is valid today. It wraps [fault.ErrNotFound].
func (d *Desk) ValidRecord(ctx context.Context, ref, key string) (Record, error) {
	if key == "" {
		return Record{}, fmt.Errorf("record without a key of %s: %w", ref, fault.ErrNotFound)
	}
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record", Kinds: []string{ref},
		Numbers: []string{key}, Order: journal.ByNumber, Limit: 500})
	if err != nil {
		return Record{}, err
	}
	for i := range page.Rows {
		if r := &page.Rows[i]; r.HoldsAt(d.world.Now()) {
			return readRecord(r)
		}
	}
	return Record{}, fmt.Errorf("record %s of %s: %w", key, ref, fault.ErrNotFound)
}

func readRecord(r *journal.Row) (Record, error) {
	rec := Record{Key: r.Number, Words: namedRecord(r).Words}
	if err := json.Unmarshal(r.Body, &rec.Fields); err != nil {
		return rec, fmt.Errorf("record %s: %w", r.Stream, err)
	}
	return rec, nil
}

// inForce returns the record of a register under its natural key that is valid at an instant.
func (d *Desk) inForce(ctx context.Context, register, key string, at int64) (c matter.Chosen, ok bool, err error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: at, Scope: journal.Scope{All: true}, Noun: ledger.Record,
		Kinds: []string{register}, Facets: []journal.Facet{{Name: "key", Text: key}}, Order: journal.ByOpened, Limit: 100})
	if err != nil {
		return c, false, err
	}
	for _, r := range page.Rows {
		if r.Opened > at || r.Closed != 0 && r.Closed <= at {
			continue
		}
		c = matter.Chosen{Record: r.Stream, Version: r.Version, Key: key}
		return c, true, json.Unmarshal(r.Body, &c.Fields)
	}
	return c, false, nil
}

// Named is a value that a form offers, with its words.
type Named struct {
	Key   string
	Words name.Text
}

// mostChoices is how many records a form offers; a longer register is typed by key.
const mostChoices = 500

// RecordChoices returns the records of a register that are valid today, in the order of their keys, at most 500.
func (d *Desk) RecordChoices(ctx context.Context, ref string) (all []Named, err error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record",
		Kinds: []string{ref}, Order: journal.ByNumber, Limit: mostChoices})
	if err != nil {
		return nil, err
	}
	for i := range page.Rows {
		if r := &page.Rows[i]; r.HoldsAt(d.world.Now()) {
			all = append(all, namedRecord(r))
		}
	}
	return all, nil
}

// namedRecord reads a record's names out of its row; English where the register has a field for it.
func namedRecord(r *journal.Row) Named {
	fields := map[string]string{}
	if json.Unmarshal(r.Body, &fields) != nil {
		fields = nil
	}
	n := Named{Key: r.Number, Words: name.Text{ZH: r.Title, EN: r.Title}}
	if en := fields["name-en"]; en != "" {
		n.Words.EN = en
	}
	return n
}

// RecordName returns the words of one record by its key; the key itself for one that is not there.
func (d *Desk) RecordName(ctx context.Context, ref, key string) name.Text {
	return d.names.of(recordKey{ref, key}, func() (name.Text, bool) {
		page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record",
			Kinds: []string{ref}, Facets: []journal.Facet{{Name: "key", Text: key}}, Order: journal.ByOpened, Limit: 1})
		if err != nil || len(page.Rows) == 0 {
			return name.Text{ZH: key, EN: key}, false
		}
		return namedRecord(&page.Rows[0]).Words, true
	})
}

// registerNamed returns the register of that name, whichever pack brings it, nil for none.
func (d *Desk) registerNamed(called string) *register.Kind {
	for _, k := range d.Packs().Registers() {
		if strings.HasSuffix(k.Ref, "/"+called) {
			return k
		}
	}
	return nil
}
