package store

import (
	"context"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// This file keeps the security log. Lines are added and, when they are old, dropped; nothing changes one.

const securityColumns = "seq, since, until, kind, code, person, network, route, record, times"

// AddSecurity appends lines and returns the number of the last one. Numbers go on where they were, also after old lines were dropped.
func (s *Store) AddSecurity(ctx context.Context, log name.District, lines []journal.SecurityLine) (last int64, err error) {
	err = s.writer.write(ctx, func(t *txn) error {
		if _, err := one(t.c, "SELECT COALESCE(MAX(seq), 0) FROM security WHERE log = $1", []any{string(log)}, func(r cells) { last = r.int(0) }); err != nil {
			return err
		}
		for _, l := range lines {
			last++
			if _, err := t.exec("INSERT INTO security (log, "+securityColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
				string(log), last, l.From, l.Until, l.Kind, l.Code, string(l.Person), l.Network, l.Where, l.Record, l.Count); err != nil {
				return err
			}
		}
		return nil
	})
	return last, err
}

// SecurityLines returns lines of the security log, at most [MaxPage].
func (s *Store) SecurityLines(ctx context.Context, a journal.SecurityAsk) (out []journal.SecurityLine, err error) {
	b := &builder{}
	b.add("log = " + b.arg(string(a.Log)))
	if a.Kind != "" {
		b.add("kind = " + b.arg(a.Kind))
	}
	if a.Person != "" {
		b.add("person = " + b.arg(string(a.Person)))
	}
	if a.Time.From != 0 {
		b.add("until >= " + b.arg(a.Time.From))
	}
	if a.Time.Until != 0 {
		b.add("since < " + b.arg(a.Time.Until))
	}
	if a.Before != 0 {
		b.add("seq < " + b.arg(a.Before))
	}
	order := "seq DESC"
	if a.Rising || a.After != 0 {
		b.add("seq > " + b.arg(a.After))
		order = "seq"
	}
	err = s.read(ctx, "security log", func(c conn) error {
		return c.query("SELECT "+securityColumns+" FROM security WHERE "+b.where()+" ORDER BY "+order+" LIMIT "+b.arg(min(max(a.Limit, 1), MaxPage)), b.args, func(r cells) error {
			out = append(out, journal.SecurityLine{Seq: r.int(0), From: r.int(1), Until: r.int(2), Kind: r.text(3), Code: r.text(4), Person: name.Person(r.text(5)),
				Network: r.text(6), Where: r.text(7), Record: r.int(8), Count: r.int(9)})
			return nil
		})
	})
	return out, err
}

// DropSecurity drops lines that ended before an instant (µs), and the oldest beyond so many; the newest always stays, so that numbers
// go on. It returns how many were dropped.
func (s *Store) DropSecurity(ctx context.Context, log name.District, before, most int64) (n int64, err error) {
	err = s.writer.write(ctx, func(t *txn) error {
		var last int64
		if _, err := one(t.c, "SELECT COALESCE(MAX(seq), 0) FROM security WHERE log = $1", []any{string(log)}, func(r cells) { last = r.int(0) }); err != nil {
			return err
		}
		n, err = t.exec("DELETE FROM security WHERE log = $1 AND seq < $2 AND (until < $3 OR seq <= $4)", string(log), last, before, last-most)
		return err
	})
	return n, err
}
