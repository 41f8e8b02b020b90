package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// This file keeps what people are told, and how far each message to them has come.

// maxNotices is the most that one question returns.
const maxNotices = 500

// Tell writes what a consumer of the log tells, and moves the consumer to seq, all at once: a notice that was told before, by
// its id, stays as it is. It wraps [fault.ErrConflict] if the consumer is there or further already; seq 0 moves no consumer. One that is said to be behind the end
// of the log, where nobody can have come, is moved back.
func (s *Store) Tell(ctx context.Context, log name.District, consumer string, seq int64, told notice.Told) error {
	return s.writer.write(ctx, func(t *txn) error {
		if seq > 0 {
			n, err := t.exec(`INSERT INTO cursor (log, name, seq) VALUES ($1, $2, $3) ON CONFLICT (log, name) DO UPDATE SET seq = excluded.seq
				WHERE cursor.seq < excluded.seq OR cursor.seq > $4 OR cursor.seq > (SELECT seq FROM head WHERE log = $1)`, string(log), consumer, seq, s.left.most(log, consumer))
			if err := s.moved(log, consumer, seq, n, err); err != nil {
				return err
			}
		}
		return t.tell(string(log), &told)
	})
}

func (t *txn) tell(log string, told *notice.Told) error {
	for i := range told.Notices {
		if err := t.notice(log, &told.Notices[i]); err != nil {
			return err
		}
	}
	for _, o := range told.Over {
		// The inner SELECT is what the index answers: asked for in one, SQLite walks through every notice of the log.
		if _, err := t.exec(`UPDATE notice SET read = $1 WHERE log = $2 AND (person, id) IN (SELECT person, id FROM notice WHERE log = $2 AND stream = $3 AND read = 0 AND todo = 1)
			AND at <= $1 AND substr(id, 1, $4) <> $5 AND ($6 = '' OR about = $6) AND about <> $7`,
			o.At, log, string(o.Stream), len([]rune(o.But)), o.But, string(o.About), string(o.Not)); err != nil {
			return err
		}
	}
	for _, p := range told.Postings {
		if _, err := t.exec(`INSERT INTO posting (log, person, channel, notice, at, due, state, tries, batch, why) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', '') ON CONFLICT DO NOTHING`,
			log, string(p.Person), string(p.Channel), p.Notice, p.At, p.Due, string(notice.Waiting)); err != nil {
			return err
		}
	}
	return t.lamps(log, told)
}

func (t *txn) notice(log string, n *notice.Notice) error {
	facts, err := json.Marshal(n.Facts)
	if err != nil {
		return err
	}
	occasion, _ := n.About.Find()
	if occasion.ToDo { // the latest that there is to do about a matter stands for what was said before of it
		if _, err := t.exec("UPDATE notice SET read = $1 WHERE log = $2 AND stream = $3 AND person = $4 AND read = 0 AND todo = 1 AND at <= $5 AND id <> $6",
			n.At, log, string(n.Stream), string(n.Person), n.At, n.ID); err != nil {
			return err
		}
	}
	_, err = t.exec(`INSERT INTO notice (log, person, id, about, at, stream, todo, facts, read) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT DO NOTHING`,
		log, string(n.Person), n.ID, string(n.About), n.At, string(n.Stream), num(occasion.ToDo), string(facts))
	return err
}

func (t *txn) lamps(log string, told *notice.Told) error {
	for _, r := range told.Lamps {
		if _, err := t.exec("DELETE FROM lamp WHERE log = $1 AND stream = $2", log, string(r.Stream)); err != nil {
			return err
		}
		for _, l := range r.Lamps {
			if _, err := t.exec("INSERT INTO lamp (log, stream, about, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", log, string(l.Stream), string(l.About), l.At); err != nil {
				return err
			}
		}
	}
	for _, l := range told.Gone {
		if _, err := t.exec("DELETE FROM lamp WHERE log = $1 AND stream = $2 AND about = $3 AND at = $4", log, string(l.Stream), string(l.About), l.At); err != nil {
			return err
		}
	}
	return nil
}

// Lamps returns the lamps that are lit by until, the earliest first, at most limit.
func (s *Store) Lamps(ctx context.Context, log name.District, until int64, limit int) (out []notice.Lamp, err error) {
	err = s.read(ctx, "lamps", func(c conn) error {
		return c.query("SELECT stream, about, at FROM lamp WHERE log = $1 AND at <= $2 ORDER BY at, stream LIMIT $3", []any{string(log), until, min(limit, maxNotices)}, func(r cells) error {
			out = append(out, notice.Lamp{Stream: name.ID(r.text(0)), About: notice.About(r.text(1)), At: r.int(2)})
			return nil
		})
	})
	return out, err
}

const noticeColumns = "n.person, n.id, n.about, n.at, n.stream, n.facts, n.read"

func readNotice(r cells, from int) (n notice.Notice, err error) {
	n = notice.Notice{Person: name.Person(r.text(from)), ID: r.text(from + 1), About: notice.About(r.text(from + 2)), At: r.int(from + 3), Stream: name.ID(r.text(from + 4)), Read: r.int(from + 6)}
	if facts := r.text(from + 5); facts != "" {
		err = json.Unmarshal([]byte(facts), &n.Facts)
	}
	return n, err
}

// Notices returns the notices of a person, the latest first.
func (s *Store) Notices(ctx context.Context, log name.District, a notice.Asked) (out []notice.Notice, err error) {
	sql, args := "SELECT "+noticeColumns+" FROM notice n WHERE n.log = $1 AND n.person = $2", []any{string(log), string(a.Person)}
	add := func(cond string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			cond = strings.Replace(cond, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		sql += cond
	}
	if a.Unread {
		add(" AND n.read = 0")
	}
	if len(a.About) > 0 {
		marks, values := strings.TrimSuffix(strings.Repeat("?, ", len(a.About)), ", "), make([]any, len(a.About))
		for i, about := range a.About {
			values[i] = string(about)
		}
		add(" AND n.about IN ("+marks+")", values...)
	}
	if a.Before != 0 {
		add(" AND (n.at < ? OR n.at = ? AND n.id < ?)", a.Before, a.Before, a.After)
	}
	add(" ORDER BY n.at DESC, n.id DESC LIMIT ?", int64(min(max(a.Limit, 1), maxNotices)))
	err = s.read(ctx, "notices", func(c conn) error {
		return c.query(sql, args, func(r cells) error {
			n, err := readNotice(r, 0)
			out = append(out, n)
			return err
		})
	})
	return out, err
}

// Unread returns how many notices of a person are unread, by what they are about.
func (s *Store) Unread(ctx context.Context, log name.District, p name.Person) (counts map[notice.About]int64, err error) {
	counts = map[notice.About]int64{}
	err = s.read(ctx, "unread notices", func(c conn) error {
		return c.query("SELECT about, COUNT(*) FROM notice WHERE log = $1 AND person = $2 AND read = 0 GROUP BY about", []any{string(log), string(p)}, func(r cells) error {
			counts[notice.About(r.text(0))] = r.int(1)
			return nil
		})
	})
	return counts, err
}

// SetRead marks notices of a person as read at an instant (µs), or as unread with 0; without ids all that were told by at.
func (s *Store) SetRead(ctx context.Context, log name.District, p name.Person, ids []string, at int64) error {
	if len(ids) > maxNotices {
		return fmt.Errorf("%d notices at once: %w", len(ids), fault.ErrInvalid)
	}
	return s.writer.write(ctx, func(t *txn) error {
		if len(ids) == 0 {
			_, err := t.exec("UPDATE notice SET read = $1 WHERE log = $2 AND person = $3 AND read = 0 AND at <= $4", at, string(log), string(p), at)
			return err
		}
		for _, id := range ids {
			if _, err := t.exec("UPDATE notice SET read = $1 WHERE log = $2 AND person = $3 AND id = $4", at, string(log), string(p), id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Postings returns postings with their notices, those due first first.
func (s *Store) Postings(ctx context.Context, log name.District, a notice.AskedPostings) (out []notice.Posting, err error) {
	sql := "SELECT p.notice, p.person, p.channel, p.at, p.due, p.state, p.tries, p.batch, p.why, COALESCE(n.person, ''), COALESCE(n.id, ''), COALESCE(n.about, ''), COALESCE(n.at, 0), COALESCE(n.stream, ''), COALESCE(n.facts, ''), COALESCE(n.read, 0) " +
		"FROM posting p LEFT JOIN notice n ON n.log = p.log AND n.person = p.person AND n.id = p.notice WHERE p.log = $1"
	args := []any{string(log)}
	if len(a.States) > 0 {
		marks := make([]string, len(a.States))
		for i, st := range a.States {
			args = append(args, string(st))
			marks[i] = "$" + strconv.Itoa(len(args))
		}
		sql += " AND p.state IN (" + strings.Join(marks, ", ") + ")"
	}
	if a.Until != 0 {
		args = append(args, a.Until)
		sql += " AND p.due <= $" + strconv.Itoa(len(args))
	}
	if a.Channel != "" {
		args = append(args, string(a.Channel))
		sql += " AND p.channel = $" + strconv.Itoa(len(args))
	}
	args = append(args, int64(min(max(a.Limit, 1), maxNotices)))
	sql += " ORDER BY p.due, p.person, p.channel, p.notice LIMIT $" + strconv.Itoa(len(args))
	err = s.read(ctx, "postings", func(c conn) error {
		return c.query(sql, args, func(r cells) (err error) {
			p := notice.Posting{Notice: r.text(0), Person: name.Person(r.text(1)), Channel: notice.Channel(r.text(2)), At: r.int(3), Due: r.int(4), State: notice.State(r.text(5)),
				Tries: int(r.int(6)), Batch: r.text(7), Why: r.text(8)}
			p.Of, err = readNotice(r, 9)
			out = append(out, p)
			return err
		})
	})
	return out, err
}

// CountPostings returns how many postings there are in each state.
func (s *Store) CountPostings(ctx context.Context, log name.District) (counts map[notice.State]int64, err error) {
	counts = map[notice.State]int64{}
	err = s.read(ctx, "count postings", func(c conn) error {
		return c.query("SELECT state, COUNT(*) FROM posting WHERE log = $1 GROUP BY state", []any{string(log)}, func(r cells) error {
			counts[notice.State(r.text(0))] = r.int(1)
			return nil
		})
	})
	return counts, err
}

// errTaken undoes a claim of which somebody else has a part.
var errTaken = fmt.Errorf("somebody else sends it: %w", fault.ErrConflict)

// Claim takes postings that wait for sending under the name of a batch, all or none. It wraps [fault.ErrConflict] if one of
// them does not wait any more.
func (s *Store) Claim(ctx context.Context, log name.District, batch string, all []notice.Posting) error {
	return s.writer.write(ctx, func(t *txn) error {
		for _, p := range all {
			n, err := t.exec("UPDATE posting SET state = $1, batch = $2, tries = tries + 1 WHERE log = $3 AND person = $4 AND channel = $5 AND notice = $6 AND state = $7",
				string(notice.Sending), batch, string(log), string(p.Person), string(p.Channel), p.Notice, string(notice.Waiting))
			if err == nil && n != 1 {
				err = errTaken
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// ofBatch holds of the postings of a batch, whose log is $4 and whose name is $5; see tell for why it asks twice.
const ofBatch = "(person, channel, notice) IN (SELECT person, channel, notice FROM posting WHERE log = $4 AND batch = $5 AND batch <> '')"

// Settle says what became of a batch: its state, when it is due again if it waits, and why.
func (s *Store) Settle(ctx context.Context, log name.District, batch string, state notice.State, due int64, why string) error {
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec("UPDATE posting SET state = $1, due = CASE WHEN $2 = 0 THEN due ELSE $2 END, why = $3 WHERE log = $4 AND "+ofBatch+" AND state = $6",
			string(state), due, why, string(log), batch, string(notice.Sending))
		return err
	})
}

// Unsettled turns what was being sent when its process ended into unsure, and returns how many there were. It is called by whoever
// has just got the lease of sending, when nobody can be sending.
func (s *Store) Unsettled(ctx context.Context, log name.District) (int64, error) {
	var n int64
	err := s.writer.write(ctx, func(t *txn) (err error) {
		n, err = t.exec("UPDATE posting SET state = $1 WHERE log = $2 AND (person, channel, notice) IN (SELECT person, channel, notice FROM posting WHERE log = $2 AND state = $3)", string(notice.Unsure), string(log), string(notice.Sending))
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// SendAgain has the postings of a batch that failed, or of which nobody knows, wait anew. It wraps [fault.ErrNotFound].
func (s *Store) SendAgain(ctx context.Context, log name.District, batch string, due int64) error {
	return s.writer.write(ctx, func(t *txn) error {
		n, err := t.exec("UPDATE posting SET state = $1, due = $2, tries = 0, why = $3 WHERE log = $4 AND "+ofBatch+" AND state IN ($6, $7)",
			string(notice.Waiting), due, "", string(log), batch, string(notice.Failed), string(notice.Unsure))
		if err == nil && n == 0 {
			err = fmt.Errorf("batch %q: %w", batch, fault.ErrNotFound)
		}
		return err
	})
}

// OldReaches returns preferences that were kept before each person had a key of their own, by person.
func (s *Store) OldReaches(ctx context.Context, log name.District) (all []notice.OldReach, err error) {
	err = s.read(ctx, "preferences", func(c conn) error {
		return c.query("SELECT person, body FROM reach WHERE log = $1 ORDER BY person", []any{string(log)}, func(r cells) error {
			all = append(all, notice.OldReach{Person: name.Person(r.text(0)), Body: r.bytes(1)})
			return nil
		})
	})
	return all, err
}

// DropOldReach drops one of them.
func (s *Store) DropOldReach(ctx context.Context, log name.District, p name.Person) error {
	return s.writer.write(ctx, func(t *txn) error {
		_, err := t.exec("DELETE FROM reach WHERE log = $1 AND person = $2", string(log), string(p))
		return err
	})
}

// DropTold drops notices that were read before an instant, messages that were sent before it, and nothing else; at most limit of each.
// They are looked for beside the writer, which would keep everybody waiting while it reads all that there are.
func (s *Store) DropTold(ctx context.Context, log name.District, before int64, limit int) (n int64, err error) {
	var read, sent [][]any
	err = s.read(ctx, "old notices", func(c conn) error {
		if err := c.query("SELECT person, id FROM notice WHERE log = $1 AND read <> 0 AND at < $2 LIMIT $3", []any{string(log), before, limit}, func(r cells) error {
			read = append(read, []any{string(log), r.text(0), r.text(1)})
			return nil
		}); err != nil {
			return err
		}
		return c.query("SELECT person, channel, notice FROM posting WHERE log = $1 AND state IN ($2, $3) AND at < $4 LIMIT $5", []any{string(log), string(notice.Sent), string(notice.Skipped), before, limit}, func(r cells) error {
			sent = append(sent, []any{string(log), r.text(0), r.text(1), r.text(2), string(notice.Sent), string(notice.Skipped)})
			return nil
		})
	})
	if err != nil || len(read)+len(sent) == 0 {
		return 0, err
	}
	err = s.writer.write(ctx, func(t *txn) error {
		n = 0
		for _, d := range []struct {
			sql  string
			rows [][]any
		}{
			{"DELETE FROM notice WHERE log = $1 AND person = $2 AND id = $3 AND read <> 0", read},
			{"DELETE FROM posting WHERE log = $1 AND person = $2 AND channel = $3 AND notice = $4 AND state IN ($5, $6)", sent},
		} {
			for _, row := range d.rows {
				gone, err := t.exec(d.sql, row...)
				if err != nil {
					return err
				}
				n += gone
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
