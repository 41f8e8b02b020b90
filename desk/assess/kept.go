package assess

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/pack"
)

// kept is what the matters of some months add up to. Playing all matters of a month takes seconds where there are tens of thousands, so who looks again has
// only those played that something happened to since: what such a matter had added is taken away, and what it adds now is added.
type kept struct {
	turn   chan struct{}    // full while somebody plays, so that nobody else does meanwhile
	months map[int64]*month // by their beginnings
	looks  int64            // so far
}

// mostMonths is how many months are kept: the one that runs, the one that is about to be settled, and another. The one that was looked at least lately goes.
const mostMonths = 3

// ripe is how long after its end, in µs, nothing is appended to a month any more.
const ripe = 60_000_000

// moment is a place of the log, and an instant before which it is looked at.
type moment struct{ seq, until int64 }

// month is what the matters of a month add up to at a moment.
type month struct {
	span
	packs *pack.Set // by whose rules
	at    moment
	units map[name.Unit]*sum
	falls map[name.ID]int64 // of open matters: when the next of their clocks will be late
	first *first            // what is left to do until all matters are in, nil if they are
	final bool              // nothing is appended to it any more
	look  int64             // the last
}

// sum is what the matters of a month add up to for one unit.
type sum struct {
	events int                              // of what it had
	pieces map[indicator.PieceKind][2]int64 // done well, of how many
	count  map[string]int                   // by event that points are taken for
	causes map[cause]int
}

// played returns what the matters of a month add up to, which is the caller's, with the causes of some units, and the time that it covers. When ctx ends before all matters of the
// month were played, whoever asks next goes on from there.
func (k *kept) played(ctx context.Context, r *Room, whole span, behind func(name.Unit) bool) (map[name.Unit]*gathered, span, error) {
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, span{}, fmt.Errorf("%w: waiting for a month to be worked out: %w", fault.ErrUnavailable, context.Cause(ctx))
	}
	defer func() { <-k.turn }()
	m, err := k.month(ctx, r, whole)
	if err != nil {
		return nil, span{}, err
	}
	if err := m.bringUp(ctx, r); err != nil {
		return nil, span{}, err
	}
	units := make(map[name.Unit]*gathered, len(m.units))
	for unit, s := range m.units {
		if !s.none() {
			units[unit] = s.gathered(r.desk.District(), behind(unit))
		}
	}
	return units, span{m.from, m.at.until}, nil
}

// month returns a month that is kept, or begins one.
func (k *kept) month(ctx context.Context, r *Room, whole span) (*month, error) {
	k.looks++
	m, packs := k.months[whole.from], r.desk.Packs()
	if m == nil || m.packs != packs {
		seq, _, err := r.store.Head(ctx, r.desk.District())
		if err != nil {
			return nil, err
		}
		m = &month{span: whole, packs: packs, at: moment{seq, min(whole.until, r.desk.Now()+1)}, units: map[name.Unit]*sum{}, falls: map[name.ID]int64{},
			first: &first{in: map[name.ID]bool{}}}
		k.put(m)
	}
	m.look = k.looks
	return m, nil
}

func (k *kept) put(m *month) {
	if k.months[m.from] == nil && len(k.months) >= mostMonths {
		oldest := slices.MinFunc(slices.Collect(maps.Values(k.months)), func(a, b *month) int { return int(a.look - b.look) })
		delete(k.months, oldest.from)
	}
	k.months[m.from] = m
}

// bringUp brings a month to the present end of the log.
func (m *month) bringUp(ctx context.Context, r *Room) error {
	if m.first != nil {
		if err := m.first.play(ctx, r, m); err != nil {
			return err
		}
		m.first = nil
	}
	for !m.final {
		page, err := r.store.Log(ctx, r.desk.District(), m.at.seq, 0)
		if err != nil {
			return err
		}
		now := r.desk.Now()
		if err := m.advance(ctx, r, page, now); err != nil {
			return err
		}
		if len(page) == 0 {
			m.final = now >= m.span.until+ripe
			break
		}
	}
	return nil
}

// advance takes in the next entries of the log, and what has become late meanwhile.
func (m *month) advance(ctx context.Context, r *Room, page []ledger.Entry, now int64) error {
	to := moment{m.at.seq, max(m.at.until, now+1)}
	touched := map[name.ID]bool{}
	for i := range page {
		e := &page[i]
		to = moment{e.Seq, max(to.until, e.At+1)}
		if e.Kind == ledger.Matter && e.At < m.span.until {
			touched[e.Stream] = true
		}
	}
	to.until = min(to.until, m.span.until)
	for id, at := range m.falls {
		if at < to.until {
			touched[id] = true
		}
	}
	steps := make([]step, 0, len(touched))
	for id := range touched {
		s, err := r.step(ctx, m, id, to)
		if err != nil {
			return err
		}
		steps = append(steps, s)
	}
	for i := range steps {
		s := &steps[i]
		m.count(s.before, -1)
		m.count(s.after, 1)
		m.fall(s.id, s.next)
	}
	m.at = to
	return nil
}

// step is what a matter added to a month, and what it adds.
type step struct {
	id            name.ID
	before, after []deed
	next          int64
}

func (r *Room) step(ctx context.Context, m *month, id name.ID, to moment) (s step, err error) {
	t, err := r.tape(ctx, m.packs, id)
	if err != nil {
		return s, err
	}
	s.id = id
	if s.before, _, err = t.play(m.at, m.from); err != nil {
		return s, err
	}
	s.after, s.next, err = t.play(to, m.from)
	return s, err
}

// count adds what counts to the sums of its units, or takes it away.
func (m *month) count(deeds []deed, sign int) {
	for i := range deeds {
		d := &deeds[i]
		s := m.units[d.unit]
		if s == nil {
			s = &sum{pieces: map[indicator.PieceKind][2]int64{}, count: map[string]int{}, causes: map[cause]int{}}
			m.units[d.unit] = s
		}
		s.take(d, sign)
	}
}

func (s *sum) take(d *deed, sign int) {
	switch {
	case d.piece != "":
		n := s.pieces[d.piece]
		n[1] += int64(sign)
		if d.good {
			n[0] += int64(sign)
		} else {
			change(s.causes, d.cause, sign)
		}
		s.pieces[d.piece] = n
	case d.cause.line != "":
		change(s.count, d.cause.line, sign)
		change(s.causes, d.cause, sign)
	default:
		s.events += sign
	}
}

// change adds n to a count; of what is nothing nothing is kept.
func change[K comparable](counts map[K]int, key K, n int) {
	if counts[key] += n; counts[key] == 0 {
		delete(counts, key)
	}
}

// fall remembers when a matter will next become late without anything happening.
func (m *month) fall(id name.ID, next int64) {
	delete(m.falls, id)
	if next != 0 && next < m.span.until {
		m.falls[id] = next
	}
}

// gathered is a sum as a record of its own, with its causes or without.
func (s *sum) gathered(d name.District, behind bool) *gathered {
	g := &gathered{record: indicator.Record{Done: make(map[indicator.PieceKind]indicator.Share, len(s.pieces)), Count: maps.Clone(s.count)}}
	for piece, n := range s.pieces {
		if n[1] != 0 {
			g.record.Done[piece] = indicator.Share{Part: money.Int(n[0]), Whole: money.Int(n[1])}
		}
	}
	if behind {
		for c, n := range s.causes {
			one := Cause{Line: c.line, Of: name.NewID(d, c.of), At: c.at, Seq: c.seq}
			g.causes = append(g.causes, slices.Repeat([]Cause{one}, n)...)
		}
	}
	return g
}

// none reports whether nothing counts for the unit and nothing happened to what it had.
func (s *sum) none() bool {
	for _, n := range s.pieces {
		if n[1] != 0 {
			return false
		}
	}
	return s.events == 0 && len(s.count) == 0
}
