package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Row returns what lists know of a stream, with the light that was given; see [journal.Row.LightAt]. It wraps [fault.ErrNotFound].
func (s *Store) Row(ctx context.Context, stream name.ID) (row journal.Row, err error) {
	if r := s.writer.behind.row(stream); r != nil {
		row = *r
		row.Facets, row.Body = slices.Clone(r.Facets), bytes.Clone(r.Body)
		return row, nil
	}
	err = s.read(ctx, "row "+string(stream), func(c conn) error {
		r, err := storedRow(c, stream)
		if err == nil && r == nil {
			err = fault.ErrNotFound
		}
		if err == nil {
			row = *r
		}
		return err
	})
	return row, err
}

// end returns a stream's row before a batch, nil if it is new, and refuses a stream that is not where the batch expects it.
func (t *txn) end(a *journal.Append) (*journal.Row, error) {
	old, err := t.rowBefore(a.Stream)
	if err != nil {
		return nil, err
	}
	version := int64(0)
	if old != nil {
		version = old.Version
	}
	switch {
	case version != a.Expected:
		return nil, fmt.Errorf("stream %s has version %d, not %d: %w", a.Stream, version, a.Expected, fault.ErrConflict)
	case old != nil && old.Noun != a.Kind:
		return nil, fmt.Errorf("stream %s is a %s, not a %s: %w", a.Stream, old.Noun, a.Kind, fault.ErrInvalid)
	}
	return old, nil
}

// rowBefore returns a stream's row as this transaction sees it, nil if there is none.
func (t *txn) rowBefore(stream name.ID) (*journal.Row, error) {
	if row := t.ends[stream]; row != nil {
		return row, nil
	}
	if row := t.behind.row(stream); row != nil {
		return row, nil
	}
	return storedRow(t.c, stream)
}

// without returns the facets of a that are not in b.
func without(a, b []journal.Facet) (out []journal.Facet) {
	for _, f := range a {
		if !slices.Contains(b, f) {
			out = append(out, f)
		}
	}
	return out
}

// prepareRow checks a row and returns a copy with its facets sorted, each name and text once.
func prepareRow(a *journal.Append) (*journal.Row, error) {
	r := *a.Row
	if r.Stream == "" {
		r.Stream = a.Stream
	}
	if r.Noun == "" {
		r.Noun = a.Kind
	}
	if r.Stream != a.Stream || r.Noun != a.Kind {
		return nil, fmt.Errorf("row of %s %s: %w", r.Noun, r.Stream, fault.ErrInvalid)
	}
	if r.Body = bytes.Clone(r.Body); len(r.Body) == 0 {
		r.Body = []byte("{}")
	}
	if err := object("body of the row", r.Body); err != nil {
		return nil, err
	}
	if len(r.Body) > ledger.MaxBody || len(r.Facets) > MaxFacets {
		return nil, fmt.Errorf("row with %d bytes and %d facets: %w", len(r.Body), len(r.Facets), fault.ErrInvalid)
	}
	if !r.Place.IsValid() {
		return nil, fmt.Errorf("row at %v: %w", r.Place, fault.ErrInvalid)
	}
	r.Place = r.Place.Round()
	if r.Opened < 0 || r.Closed < 0 || r.Due < 0 || r.Yellow < 0 || r.Wake < 0 {
		return nil, fmt.Errorf("row with an instant before 1970: %w", fault.ErrInvalid)
	}
	for _, f := range []struct {
		what, text string
		max        int
	}{
		{"title", r.Title, maxTitle}, {"number", r.Number, maxText}, {"kind", r.Kind, maxText}, {"state", r.State, maxText}, {"unit", string(r.Unit), maxText},
		{"person", string(r.Person), maxText}, {"area", r.Area, maxText}, {"parent", string(r.Parent), maxText},
		{"light", r.Light, maxText}, {"body", string(r.Body), ledger.MaxBody},
	} {
		if err := plain(f.what, f.text, f.max); err != nil {
			return nil, err
		}
	}
	var err error
	r.Facets, err = sortFacets(r.Facets)
	return &r, err
}

func sortFacets(facets []journal.Facet) ([]journal.Facet, error) {
	out := slices.Clone(facets)
	slices.SortFunc(out, func(a, b journal.Facet) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.Text, b.Text)
	})
	for i, f := range out {
		if f.Name == "" {
			return nil, fmt.Errorf("facet without name: %w", fault.ErrInvalid)
		}
		if i > 0 && out[i-1].Name == f.Name && out[i-1].Text == f.Text {
			return nil, fmt.Errorf("facet %s %q stands twice: %w", f.Name, f.Text, fault.ErrInvalid)
		}
		if err := plain("facet", f.Name+f.Text, maxText); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// plain checks that a text is UTF-8 without zero bytes, which PostgreSQL would refuse, and not too long.
func plain(what, s string, limit int) error {
	if len(s) > limit {
		return fmt.Errorf("%s has %d bytes, %d are allowed: %w", what, len(s), limit, fault.ErrInvalid)
	}
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return fmt.Errorf("%s is not UTF-8 or has a zero byte: %w", what, fault.ErrInvalid)
	}
	return nil
}
