package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
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
		err = d.Uncover(&open.Row)
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

// classFields are the fields by which matters are filed under a class, in the order in which they are looked for.
var classFields = []string{"class", "category", "service"}

// ClassOf returns the class that a matter's row is filed under, as a key that tells one register's or kind's classes from another's; empty
// where its kind has none. [Desk.ClassWords] names it.
func (d *Desk) ClassOf(r *journal.Row) string {
	k, ok := d.Packs().Kind(r.Kind)
	if !ok {
		return ""
	}
	for _, key := range classFields {
		f := field.Find(k.Fields, key)
		if f == nil || f.Kind != field.Record && f.Kind != field.Choice {
			continue
		}
		for _, fc := range r.Facets {
			switch {
			case fc.Name != key:
			case f.Kind == field.Record:
				return f.Register + ":" + fc.Text
			default:
				return r.Kind + "." + key + ":" + fc.Text
			}
		}
	}
	return ""
}

// ClassWords names a class by its key; the key itself for one that is not known.
func (d *Desk) ClassWords(ctx context.Context, class string) name.Text {
	of, value, _ := strings.Cut(class, ":")
	if ref, key, isChoice := strings.Cut(of, "."); isChoice {
		if k, ok := d.Packs().Kind(ref); ok {
			if f := field.Find(k.Fields, key); f != nil {
				if o, ok := f.Option(value); ok {
					return o.Words
				}
			}
		}
		return name.Text{ZH: value, EN: value}
	}
	return d.RecordName(ctx, of, value)
}

// Finder finds what holds a text. A room beside the desk keeps the index; see [Desk.FindBy].
type Finder interface {
	// Best returns the matters that the caller may read and that hold the text of a question, best first, at most n, and how many
	// there are. It narrows by kinds, states, units, area and whether they are open; what else the question asks is the list's.
	Best(ctx context.Context, who Caller, q journal.Query, n int) (streams []name.ID, total int, err error)
	// Holding returns how many there are for Best to find, without looking which are the best.
	Holding(ctx context.Context, who Caller, q journal.Query) (int, error)
	// BestRecords is Best over the records of a register.
	BestRecords(ctx context.Context, who Caller, register, text string, n int) (streams []name.ID, total int, err error)
	// BestOpen is Best over what anybody may read of public matters of some kinds.
	BestOpen(ctx context.Context, kinds []string, text string, n int) (streams []name.ID, total int, err error)
}

// FindBy lets lists look for texts in a full-text index. It is called before requests are served.
func (d *Desk) FindBy(f Finder) { d.finder = f }

// MostFound is how many rows a list that is narrowed by a text has at most: the best ones. [journal.Page.Found] says how many
// there are where there are more.
const MostFound = 500

// found narrows a question of a list to what holds its text, where there is an index; what is too short for it is looked for in
// title and number. It returns how many hold the text where the list has only the best of them, otherwise 0, and reports false
// when nothing can be found.
func (d *Desk) found(q *journal.Query, find best) (more int64, some bool, err error) {
	if d.finder == nil || q.Text == "" || len(q.Streams) > 0 {
		return 0, true, nil
	}
	streams, total, err := find(q)
	if errors.Is(err, fault.ErrInvalid) {
		return 0, true, nil
	}
	if q.Text, q.Streams = "", streams; total > len(streams) {
		more = int64(total)
	}
	return more, len(streams) > 0, err
}

// best finds the [MostFound] best of what a question narrows to, and how many there are.
type best func(q *journal.Query) (streams []name.ID, total int, err error)

// best finds matters that the caller may read.
func (d *Desk) best(ctx context.Context, who Caller) best {
	return func(q *journal.Query) ([]name.ID, int, error) { return d.finder.Best(ctx, who, *q, MostFound) }
}

// bestRecords finds records of a register.
func (d *Desk) bestRecords(ctx context.Context, who Caller, register string) best {
	return func(q *journal.Query) ([]name.ID, int, error) {
		return d.finder.BestRecords(ctx, who, register, q.Text, MostFound)
	}
}

// bestOpen finds what anybody may read.
func (d *Desk) bestOpen(ctx context.Context) best {
	return func(q *journal.Query) ([]name.ID, int, error) {
		return d.finder.BestOpen(ctx, q.Kinds, q.Text, MostFound)
	}
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

// once finds what it has found before for a question that is the same in all that a [Finder] looks at, and what is open of some units, kinds and
// states among all that is open, if all of that was found: the list narrows it. It may be asked by many goroutines.
func once(find best) best {
	type answer struct {
		streams []name.ID
		total   int
		err     error
	}
	var mu sync.Mutex
	asked := map[string]func() answer{}
	ask := func(q *journal.Query) answer {
		open := "both"
		if q.Open != nil {
			open = strconv.FormatBool(*q.Open)
		}
		key := fmt.Sprintf("%q %q %q %q %q %s", q.Text, q.Kinds, q.States, q.Units, q.Area, open)
		mu.Lock()
		f, ok := asked[key]
		if !ok {
			q := *q
			f = sync.OnceValue(func() (a answer) {
				a.streams, a.total, a.err = find(&q)
				return a
			})
			asked[key] = f
		}
		mu.Unlock()
		return f()
	}
	return func(q *journal.Query) ([]name.ID, int, error) {
		if q.Open != nil && *q.Open && len(q.Units)+len(q.Kinds)+len(q.States)+len(q.Area) > 0 {
			all := *q
			all.Units, all.Kinds, all.States, all.Area = nil, nil, nil, ""
			if a := ask(&all); a.err == nil && a.total <= len(a.streams) {
				return a.streams, a.total, nil
			}
		}
		a := ask(q)
		return a.streams, a.total, a.err
	}
}

// Shown returns the rows of streams that the caller may read, in the order of the streams: what a list shows of what was
// found. At most 500.
func (d *Desk) Shown(ctx context.Context, who Caller, noun ledger.StreamKind, streams []name.ID) ([]journal.Row, error) {
	if len(streams) == 0 {
		return nil, nil
	}
	q := journal.Query{Streams: streams, Limit: len(streams)}
	var page journal.Page
	var err error
	switch {
	case noun == ledger.Record:
		page, err = d.Records(ctx, who, q)
	case d.Holds(who, access.MatterRead, access.Matter):
		page, err = d.Worklist(ctx, who, q)
	default:
		page, err = d.PublicMatters(ctx, q)
	}
	rank := make(map[name.ID]int, len(streams))
	for i, s := range streams {
		rank[s] = i
	}
	slices.SortFunc(page.Rows, func(a, b journal.Row) int { return rank[a.Stream] - rank[b.Stream] })
	return page.Rows, err
}
