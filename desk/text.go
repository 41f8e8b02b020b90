package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Text is what a matter or record can be found by: the texts of its fields as they stand now. Personal fields (S and H) have
// none: their values stand beside the log, are read with a purpose and leave a trace, and a list of what contains a name would
// tell it without either; what was written over or erased is in no text either.
type Text struct {
	Row   journal.Row
	Words []Words // in the order of the fields; title and number are the row's
}

// Words are the text of one field.
type Words struct {
	Label name.Text
	Text  string
}

// Texts are the texts of a matter: for those who may read it, and Open for anybody: of what its kind shows without login, masked. One
// that is not public has no text that is open: the stream of its row is empty.
type Texts struct{ Text, Open Text }

// TextsOf returns the texts of a matter after at least so many events. Walking past all matters with it leaves the memory of the desk
// as it is. It wraps [fault.ErrNotFound], also for a matter whose kind is not installed in the version that it was opened under: its
// fields have no meaning here.
func (d *Desk) TextsOf(ctx context.Context, id name.ID, version int64) (Texts, error) {
	m, err := d.glanceMatter(ctx, id, version) // the batch that led to it may be on the disk and not yet in the cache
	if err != nil {
		return Texts{}, err
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return Texts{}, fmt.Errorf("%w: %w", fault.ErrNotFound, err)
	}
	t, err := d.textOf(ctx, k, &m, m.Fields)
	if err != nil || !m.Public {
		return Texts{Text: t}, err
	}
	open, err := d.textOf(ctx, k, &m, d.PublicFields(k, m.Fields))
	if err == nil {
		err = d.OpenRow(&open.Row)
	}
	return Texts{t, open}, err
}

func (d *Desk) textOf(ctx context.Context, k *matter.Kind, m *matter.Matter, fields map[string]string) (Text, error) {
	row, err := matterRow(k, m)
	if err != nil {
		return Text{}, err
	}
	row.Number, row.Version = m.Number, m.Version
	t := Text{Row: *row}
	for i := range k.Fields {
		f := &k.Fields[i]
		if v := fields[f.Key]; v != "" && f.Key != "title" && !f.Class.IsPersonal() {
			t.add(f, d.spoken(ctx, f, v))
		}
	}
	return t, nil
}

// RecordTextOf returns the text of a record of a register. It wraps [fault.ErrNotFound], also for what a sub-room keeps that no
// pack has a register for.
func (d *Desk) RecordTextOf(ctx context.Context, id name.ID) (Text, error) {
	row, err := d.store.Row(ctx, id)
	if err != nil {
		return Text{}, err
	}
	k, ok := d.Packs().Register(row.Kind)
	if !ok {
		return Text{}, fmt.Errorf("register of %s: %w", id, fault.ErrNotFound)
	}
	fields := map[string]string{}
	if err := json.Unmarshal(row.Body, &fields); err != nil {
		return Text{}, fmt.Errorf("record %s: %w", id, err)
	}
	t := Text{Row: row}
	for i := range k.Fields {
		f := &k.Fields[i]
		if v := fields[f.Key]; v != "" && f.Key != k.Title && f.Key != k.Key && !f.Class.IsPersonal() {
			t.add(f, d.spoken(ctx, f, v))
		}
	}
	return t, nil
}

func (t *Text) add(f *field.Field, text string) {
	if text != "" {
		t.Words = append(t.Words, Words{f.Words, text})
	}
}

// spoken is a field's value as people would write what they look for; empty for what nobody looks for by words, such as
// numbers, places and files.
func (d *Desk) spoken(ctx context.Context, f *field.Field, v string) string {
	switch f.Kind {
	case field.Text, field.LongText, field.Month:
		if _, err := name.ParseID(v); err == nil {
			return "" // a reference, which nobody types
		}
		return v
	case field.Choice:
		o, _ := f.Option(v)
		return o.Words.ZH
	case field.Unit, field.Units:
		var units []string
		for _, u := range strings.Fields(v) {
			units = append(units, d.Directory().Unit(name.Unit(u)).Words.ZH)
		}
		return strings.Join(units, " ")
	case field.Record:
		return d.recordWords(ctx, f.Register, v)
	case field.Table:
		return d.cells(ctx, f, v)
	}
	return ""
}

// cells are the spoken cells of a table.
func (d *Desk) cells(ctx context.Context, f *field.Field, v string) string {
	var all []string
	for _, row := range field.Rows(v) {
		for i, cell := range row {
			if i < len(f.Columns) && cell != "" && !f.Columns[i].Class.IsPersonal() {
				all = append(all, d.spoken(ctx, &f.Columns[i], cell))
			}
		}
	}
	return strings.Join(all, " ")
}

// recordWords names a record, streets from memory.
func (d *Desk) recordWords(ctx context.Context, ref, key string) string {
	dir := d.Directory()
	if i := slices.IndexFunc(dir.Streets, func(s Street) bool { return s.Code == key }); i >= 0 {
		return dir.Streets[i].Words.ZH
	}
	return d.RecordName(ctx, ref, key).ZH
}

// indexed reports whether a [Finder] looks at all that a question asks.
func indexed(q *journal.Query) bool {
	known := journal.Query{Log: q.Log, Now: q.Now, Scope: q.Scope, Noun: q.Noun, Text: q.Text, Kinds: q.Kinds, States: q.States, Units: q.Units, Area: q.Area, Open: q.Open,
		Order: q.Order, Cursor: q.Cursor, Limit: q.Limit}
	return q.Text != "" && reflect.DeepEqual(*q, known)
}

// holding returns how many matters a list of the best would have, if the index alone can tell; otherwise ok is false. total is asked where
// the best are not looked for anyway.
func (d *Desk) holding(q *journal.Query, total func(*journal.Query) (int, error)) (n int64, ok bool, err error) {
	if d.finder == nil || !indexed(q) {
		return 0, false, nil
	}
	all, err := total(q)
	if errors.Is(err, fault.ErrInvalid) { // too short for the index
		return 0, false, nil
	}
	return int64(min(all, MostFound)), true, err
}
