package desk

import (
	"context"
	"strings"

	"bihuan/engine/classify"
	"bihuan/engine/redact"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

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

// Classed returns the texts of the newest matters of a kind that were brought to their end, with the class that they had
// then: what a classifier learns from, at most n. Fields that tell who reported are not asked for, and persons are masked in the texts: a guess says by
// which words it came, and is made at public doors too.
func (d *Desk) Classed(ctx context.Context, kind, text, class string, n int) (all []classify.Example, err error) {
	ended := false
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{kind}, Open: &ended,
		Order: journal.ByOpened, Limit: min(n, 500)}
	for len(all) < n {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			m, err := d.glanceMatter(ctx, r.Stream, r.Version)
			if err != nil {
				return nil, err
			}
			if m.Phase != matter.Stopped && m.Fields[class] != "" && m.Fields[text] != "" && len(all) < n {
				all = append(all, classify.Example{Text: redact.Mask(m.Fields[text]), Code: m.Fields[class]})
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	return all, nil
}
