package desk

import (
	"context"
	"encoding/json"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

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
		if r := &page.Rows[i]; isValid(r, d.world.Now()) {
			all = append(all, namedRecord(r))
		}
	}
	return all, nil
}

func isValid(r *journal.Row, now int64) bool {
	return r.Opened <= now && (r.Closed == 0 || now < r.Closed)
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

// RoleWords returns a role's words, of the policy or of the pack that brings it; the key itself for an unknown one.
func (d *Desk) RoleWords(r name.Role) name.Text {
	for _, row := range d.world.Policy.Roles() {
		if row.Role == r {
			return row.Words
		}
	}
	if w, ok := d.Packs().Role(r); ok {
		return w
	}
	return name.Text{ZH: string(r), EN: string(r)}
}
