package store

import (
	"context"

	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// This file keeps the security log. Lines are added and, when they are old, dropped; nothing changes one.

const securityColumns = "seq, since, until, kind, code, person, network, route, record, times"

// AddSecurity appends lines and returns the number of the last one. Numbers go on behind after, and behind those that stand there: a number that was
// given once is not given again, whatever was dropped or taken away.
func (s *Store) AddSecurity(ctx context.Context, log name.District, after int64, lines []journal.SecurityLine) (last int64, err error) {
	err = s.writer.write(ctx, func(t *txn) error {
		if _, err := one(t.c, "SELECT COALESCE(MAX(seq), 0) FROM security WHERE log = $1", []any{string(log)}, func(r cells) { last = max(after, r.int(0)) }); err != nil {
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

// OldSecurity returns the number of the last line of those that may go: all from the oldest on that ended before an instant (µs), and the oldest
// beyond so many. The newest never is among them, so that numbers go on. 0 means none.
func (s *Store) OldSecurity(ctx context.Context, log name.District, before, most int64) (through int64, err error) {
	err = s.read(ctx, "old lines of the security log", func(c conn) error {
		var last, fresh int64
		if _, err := one(c, "SELECT COALESCE(MAX(seq), 0) FROM security WHERE log = $1", []any{string(log)}, func(r cells) { last = r.int(0) }); err != nil {
			return err
		}
		if _, err := one(c, "SELECT seq FROM security WHERE log = $1 AND until >= $2 ORDER BY seq LIMIT 1", []any{string(log), before}, func(r cells) { fresh = r.int(0) }); err != nil {
			return err
		}
		if fresh == 0 {
			fresh = last
		}
		through = max(0, min(last-1, max(fresh-1, last-most)))
		return nil
	})
	return through, err
}

// DropSecurity drops the lines up to a number.
func (s *Store) DropSecurity(ctx context.Context, log name.District, through int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec("DELETE FROM security WHERE log = $1 AND seq <= $2", string(log), through)
		return err
	})
}
