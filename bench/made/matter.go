package made

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/store"
)

// sort is a kind of matter with what the made ones of it have.
type sort struct {
	kind, clock, source, register, open string // open: the state while it is handled
	sources                             []string
	version                             string
	classes                             []string
}

var sorts = []sort{
	{kind: "urban/case", clock: "handle", source: "source", register: "urban/class", open: "handling", sources: []string{"collector", "hotline", "public"}},
	{kind: "grid/event", clock: "district", source: "source", register: "grid/class", open: "with-street", sources: []string{"grid-worker", "hotline", "snap"}},
	{kind: "hotline/call", clock: "handle", source: "channel", register: "grid/class", open: "handling", sources: []string{"phone", "web", "app"}},
}

// maker makes matters. A desk over what is in memory says what row a matter's events lead to.
type maker struct {
	r        *rand.Rand
	desk     *desk.Desk
	inHand   *inHand
	writer   *Writer
	spots    []geo.Point
	units    []desk.Unit
	handlers []matter.Hand
	streets  []desk.Street
	sorts    []sort
	n        int
	now      int64
	waiting  map[int64][]*life // by how long they take, the oldest first
}

// inHand is a store that knows the events of one matter more.
type inHand struct {
	*store.Store
	events []ledger.Event
}

func (h *inHand) Events(ctx context.Context, id name.ID, after int64) ([]ledger.Event, error) {
	if len(h.events) > 0 && h.events[0].Stream == id && after == 0 {
		return h.events, nil
	}
	return h.Store.Events(ctx, id, after)
}

func newMaker(ctx context.Context, st *store.Store, d *desk.Desk, n int, now int64) (*maker, error) {
	m := &maker{r: rand.New(rand.NewPCG(220105, 1)), inHand: &inHand{Store: st}, units: d.Directory().Units, streets: d.Directory().Streets, n: n, now: now, waiting: map[int64][]*life{}}
	m.spots, m.writer = hotspots(m.r, Ground), NewWriter(m.r)
	w, err := world(d.Packs(), now)
	if err != nil {
		return nil, err
	}
	if m.desk, err = desk.Open(ctx, m.inHand, w); err != nil {
		return nil, err
	}
	for _, p := range d.Directory().Persons {
		if slices.Contains(p.Roles, "handler") {
			m.handlers = append(m.handlers, matter.Hand{Unit: p.Unit, Person: p.Key})
		}
	}
	for _, s := range sorts {
		k, ok := d.Packs().Kind(s.kind)
		if !ok {
			return nil, fmt.Errorf("kind %s is not installed", s.kind)
		}
		s.version = k.Version
		for _, p := range d.Packs().Packs() {
			for _, r := range p.Records {
				if r.Register == s.register {
					s.classes = append(s.classes, r.Fields["code"])
				}
			}
		}
		m.sorts = append(m.sorts, s)
	}
	return m, nil
}

// life is what happens to a matter.
type life struct {
	first, end     *journal.Append // end is nil for one that is open
	opened, closed int64           // µs
}

// matter makes the i-th matter.
func (m *maker) matter(ctx context.Context, i int) (*life, error) {
	var raw [16]byte
	opened := m.now - year + int64(float64(year)*float64(i)/float64(m.n))
	binary.BigEndian.PutUint64(raw[:], uint64(opened/1000)<<16|0x7000)
	binary.BigEndian.PutUint64(raw[8:], uint64(i)|1<<63)
	id := name.NewID(District, raw)
	first, end, closed := m.year(opened)
	l := &life{opened: opened, closed: closed}
	m.inHand.events = nil
	var err error
	if l.first, err = m.step(ctx, id, i, opened, first); err == nil && end != nil {
		l.end, err = m.step(ctx, id, i, closed, end)
	}
	return l, err
}

// step makes the next change of the i-th matter, behind those in hand.
func (m *maker) step(ctx context.Context, id name.ID, i int, at int64, c *matter.Change) (*journal.Append, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	before := int64(len(m.inHand.events))
	e := ledger.Event{Stream: id, Kind: ledger.Matter, Version: before + 1, At: at, Actor: name.System, Type: "matter." + string(c.Verb), Schema: 1, Suite: ledger.SM3, Body: body}
	m.inHand.events = append(m.inHand.events, e)
	t, err := m.desk.TextsOf(ctx, id, before+1)
	if err != nil {
		return nil, err
	}
	row := t.Text.Row
	row.Number = fmt.Sprintf("M%07d", i)
	return &journal.Append{Stream: id, Kind: ledger.Matter, Expected: before, Events: []ledger.Event{e}, Row: &row}, nil
}

// await keeps a matter until it ends.
func (m *maker) await(l *life) {
	took := l.closed - l.opened
	m.waiting[took] = append(m.waiting[took], l)
}

// ended returns the ends up to an instant of the matters that were kept, in the order of time.
func (m *maker) ended(until int64) (ends []*journal.Append) {
	for {
		next := int64(0)
		for took, l := range m.waiting {
			if len(l) > 0 && l[0].closed <= until && (next == 0 || l[0].closed < m.waiting[next][0].closed) {
				next = took
			}
		}
		if next == 0 {
			return ends
		}
		ends, m.waiting[next] = append(ends, m.waiting[next][0].end), m.waiting[next][1:]
	}
}

const day = int64(86400e6)

// year makes what happens to a matter: it is opened and, three days later, done; one in fifty is open, and so are those of the last days.
// One in eight is done late, and one in three is with a unit and named to nobody.
func (m *maker) year(opened int64) (first, end *matter.Change, closed int64) {
	s := &m.sorts[m.r.IntN(len(m.sorts))]
	at := Anywhere(m.r, Ground)
	if m.r.IntN(3) > 0 {
		spot := m.spots[m.r.IntN(len(m.spots))]
		at = geo.Point{Lng: spot.Lng + m.r.NormFloat64()*0.002, Lat: spot.Lat + m.r.NormFloat64()*0.0015}
	}
	title, text := m.writer.Report(m.r)
	holder := m.handlers[m.r.IntN(len(m.handlers))]
	if m.r.IntN(3) == 0 {
		holder = matter.Hand{Unit: m.units[m.r.IntN(len(m.units))].Key}
	}
	due, took := opened+5*day, 3*day
	if m.r.IntN(8) == 0 {
		took = 7 * day
	}
	closed = opened + took
	isOpen := closed > m.now || m.r.IntN(50) == 0
	if isOpen {
		due = m.now + int64(m.r.IntN(20)-6)*day
	}
	first = &matter.Change{Kind: s.kind, Pack: s.version, Act: "made", Verb: matter.Register, To: s.open, Phase: matter.Handling, Holder: &holder, Public: m.r.IntN(3) > 0,
		Fields: map[string]string{"title": title, "text": text, s.source: s.sources[m.r.IntN(len(s.sources))], "class": s.classes[m.r.IntN(len(s.classes))],
			"area": m.streets[m.r.IntN(len(m.streets))].Code, "place": at.Round().String(), "address": fmt.Sprintf("示意大街%d号", m.r.IntN(900)), "unit": string(holder.Unit),
			"assist": string(m.units[m.r.IntN(len(m.units))].Key)},
		Clocks: []matter.ClockChange{{Op: matter.Start, Clock: s.clock, Length: 5, Due: due, Yellow: due - day}}}
	if !isOpen {
		end = &matter.Change{Act: "made", Verb: matter.Close, To: "closed", Phase: matter.Closed, Clocks: []matter.ClockChange{{Op: matter.Stop, Clock: s.clock}}}
	}
	return first, end, closed
}
