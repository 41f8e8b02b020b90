package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"slices"
	"sort"
	"sync"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Table command says where the first event of each command stands, so that a command that comes again is told. It is written a lot of
// maxLate commands at a time, see decision 0022; those that came since the last lot are remembered here, and read from the end of
// the log when the database is opened.
//
// A command is found by a spot made from it, and told from others of that spot by the event that stands there. The places of a lot
// lie in pages by the first bits of their spots, in order: 8 bytes of the spot and 8 of the line each, big-endian.

// commands is what the table lacks, and a filter of all that was ever placed. The writer changes it, readers look into it.
type commands struct {
	mu     sync.Mutex
	late   map[int64]int64 // spot to line: placed since the last lot
	twins  []placed        // late ones whose spot another late one has
	bound  int             // of late
	lots   int64           // in the table
	filter *filter         // nil while it is being made
	making *filter
	count  int64         // spots in the filter
	full   chan struct{} // the filter holds as much as it should
}

// placed is a command's place: its spot, and the line of its first event.
type placed struct{ spot, line int64 }

const (
	maxLate  = 32768 // commands that the table lacks: some 2 MB here, and 0.1 s to read when the database is opened
	spotBits = 62
	pageBits = 8 // first bits of the spots that lie in one page of a lot: 128 places on average
)

// spotOf is the spot of a command.
func spotOf(log, command string) int64 {
	h := sm3.New()
	h.Write([]byte(log))
	h.Write([]byte{0})
	h.Write([]byte(command))
	var sum [32]byte
	return int64(binary.BigEndian.Uint64(h.Sum(sum[:0])) >> (64 - spotBits))
}

// pageOf is the key of the page of a lot that a spot lies in.
func pageOf(lot, spot int64) int64 { return lot<<pageBits | spot>>(spotBits-pageBits) }

func newCommands(bound int) *commands {
	return &commands{late: map[int64]int64{}, bound: bound, full: make(chan struct{}, 1)}
}

// find returns the line at which a command begins, 0 if it is new. own are the places of an open transaction.
func (m *commands) find(c conn, own []placed, spot int64, log, command string) (line int64, err error) {
	late, lots := m.remembered(spot)
	for _, at := range own {
		if at.spot == spot {
			late = append(late, at.line)
		}
	}
	for _, line := range late {
		if same, err := begins(c, line, log, command); same || err != nil {
			return line, err
		}
	}
	for lot := lots - 1; lot >= 0; lot-- {
		var places []byte
		if _, err := one(c, "SELECT places FROM command WHERE page = $1", []any{pageOf(lot, spot)}, func(r cells) { places = r.bytes(0) }); err != nil {
			return 0, err
		}
		for i := firstAt(places, spot); i < len(places)/16 && placeAt(places, i).spot == spot; i++ {
			line := placeAt(places, i).line
			if same, err := begins(c, line, log, command); same || err != nil {
				return line, err
			}
		}
	}
	return 0, nil
}

// remembered returns the lines at a spot that the table lacks, and in how many lots there may be more: none if the filter knows better.
func (m *commands) remembered(spot int64) (lines []int64, lots int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.filter != nil && !m.filter.has(spot) {
		return nil, 0
	}
	if line := m.late[spot]; line != 0 {
		lines = append(lines, line)
	}
	for _, at := range m.twins {
		if at.spot == spot {
			lines = append(lines, at.line)
		}
	}
	return lines, m.lots
}

// begins reports whether a command begins at a line.
func begins(c conn, line int64, log, command string) (same bool, err error) {
	found, err := one(c, "SELECT log, command FROM event WHERE line = $1", []any{line}, func(r cells) { same = r.text(0) == log && r.text(1) == command })
	if err == nil && !found {
		err = fmt.Errorf("the event of line %d is not there: verify the log", line)
	}
	return same, err
}

// firstAt returns the number of places of a page before a spot.
func firstAt(places []byte, spot int64) int {
	return sort.Search(len(places)/16, func(i int) bool { return placeAt(places, i).spot >= spot })
}

func placeAt(places []byte, i int) placed {
	return placed{int64(binary.BigEndian.Uint64(places[16*i:])), int64(binary.BigEndian.Uint64(places[16*i+8:]))}
}

// due returns the lot that the next transaction takes to the table, in order, nil if it is too small.
func (m *commands) due() []placed {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.late) <= m.bound {
		return nil
	}
	lot := slices.Clone(m.twins)
	for spot, line := range m.late {
		lot = append(lot, placed{spot, line})
	}
	slices.SortFunc(lot, func(a, b placed) int { return cmp.Or(cmp.Compare(a.spot, b.spot), cmp.Compare(a.line, b.line)) })
	return lot
}

// putLot writes a lot to the table, and up to where the table is complete with it.
func (m *commands) putLot(c conn, lot []placed) error {
	ends := map[int64]int64{}
	for len(lot) > 0 {
		page, n := pageOf(m.lots, lot[0].spot), 0
		var places []byte
		for ; n < len(lot) && pageOf(m.lots, lot[n].spot) == page; n++ {
			at := lot[n]
			places = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(places, uint64(at.spot)), uint64(at.line))
			ends[numberOf(at.line)] = max(ends[numberOf(at.line)], at.line)
		}
		if _, err := c.exec("INSERT INTO command (page, places) VALUES ($1, $2)", page, places); err != nil {
			return err
		}
		lot = lot[n:]
	}
	for log, line := range ends {
		if _, err := c.exec("UPDATE head SET commands = $1 WHERE number = $2", line-lineOf(log, 0), log); err != nil {
			return err
		}
	}
	return nil
}

// advance takes over what a transaction has done: it took the lot that was due to the table, if there was one, and gave fresh places.
func (m *commands) advance(lot bool, fresh []placed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if lot {
		m.lots, m.twins = m.lots+1, nil
		clear(m.late)
	}
	for _, at := range fresh {
		m.add(at)
	}
	if m.filter != nil && m.making == nil && m.count > m.filter.capacity {
		select {
		case m.full <- struct{}{}:
		default:
		}
	}
}

func (m *commands) add(at placed) {
	if m.late[at.spot] == 0 {
		m.late[at.spot] = at.line
	} else {
		m.twins = append(m.twins, at)
	}
	for _, f := range []*filter{m.filter, m.making} {
		if f != nil {
			f.add(at.spot)
		}
	}
	m.count++
}

// open reads how far the table has come, and what it lacks from the ends of the logs. More than fits here goes to the table at once.
func (m *commands) open(c conn, d Dialect) error {
	if _, err := one(c, "SELECT coalesce(max(page), -1) FROM command", nil, func(r cells) { m.lots = (r.int(0) >> pageBits) + 1 }); err != nil {
		return err
	}
	type part struct{ from, until int64 }
	var parts []part
	if err := c.query("SELECT number, seq, commands FROM head WHERE commands < seq", nil, func(r cells) error {
		parts = append(parts, part{lineOf(r.int(0), r.int(2)), lineOf(r.int(0), r.int(1))})
		return nil
	}); err != nil {
		return err
	}
	for _, p := range parts {
		for n := m.bound; n == m.bound; {
			n = 0
			if err := c.query("SELECT line, log, command FROM event WHERE line > $1 AND line <= $2 AND part = 0 ORDER BY line LIMIT $3", []any{p.from, p.until, m.bound}, func(r cells) error {
				n++
				p.from = r.int(0)
				m.add(placed{spotOf(r.text(1), r.text(2)), p.from})
				return nil
			}); err != nil {
				return err
			}
			if lot := m.due(); lot != nil {
				if err := transaction(c, d, func() error { return m.putLot(c, lot) }); err != nil {
					return err
				}
				m.advance(true, nil)
			}
		}
	}
	return nil
}

// keepFilter makes the filter of all commands, and a larger one whenever it is full, until ctx ends. Until it is made the first time the
// table is asked for each command.
func (s *Store) keepFilter(ctx context.Context) {
	m := s.writer.commands
	for ctx.Err() == nil {
		if err := s.makeFilter(ctx, m); err != nil {
			return // the store is closed, or cannot be read: asking the table goes on
		}
		select {
		case <-m.full:
		case <-ctx.Done():
		}
	}
}

// minFilter is how many commands a filter has room for at least.
const minFilter = 1 << 16

func (s *Store) makeFilter(ctx context.Context, m *commands) error {
	f, lots, known := m.begin()
	for lot := range lots {
		if err := s.read(ctx, "places of commands", func(c conn) error {
			return eachPlace(c, lot, func(at placed) { f.add(at.spot); known++ })
		}); err != nil {
			return err
		}
	}
	m.use(f, known)
	return nil
}

// eachPlace calls f for every place of a lot.
func eachPlace(c conn, lot int64, f func(placed)) error {
	return c.query("SELECT places FROM command WHERE page >= $1 AND page < $2 ORDER BY page", []any{lot << pageBits, (lot + 1) << pageBits}, func(r cells) error {
		places := r.bytes(0)
		for i := range len(places) / 16 {
			f(placeAt(places, i))
		}
		return nil
	})
}

// begin makes a filter that holds what the table lacks, and has what comes added to it. It returns how many lots are to
// be added, and how many places it holds.
func (m *commands) begin() (f *filter, lots, known int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.making = newFilter(max(2*(m.lots+1)*int64(m.bound), minFilter))
	for spot := range m.late {
		m.making.add(spot)
	}
	m.count = 0
	return m.making, m.lots, int64(len(m.late) + len(m.twins))
}

// use takes a filter that holds all places, known when it was begun or made since.
func (m *commands) use(f *filter, known int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.filter, m.making, m.count = f, nil, m.count+known
}

// placeSum is a sum of places, spots and the seqs of what stands there, in no order. Nobody who does not know the seed can change
// places so that it stays.
type placeSum struct {
	seed maphash.Seed
	sum  uint64
}

// comparePlaces compares the places of a log up to seq last with those that its events have, and looks for the first command
// that is lost if they differ.
func (s *Store) comparePlaces(ctx context.Context, log name.District, last int64, want *placeSum) error {
	m, sum, from := s.writer.commands, uint64(0), int64(0)
	if err := s.read(ctx, "log "+string(log), func(c conn) error {
		_, err := one(c, "SELECT number FROM head WHERE log = $1", []any{string(log)}, func(r cells) { from = lineOf(r.int(0), 0) })
		return err
	}); err != nil {
		return err
	}
	add := func(at placed) {
		if at.line > from && at.line <= from+last {
			sum ^= maphash.Comparable(want.seed, placed{at.spot, at.line - from})
		}
	}
	for lot := range m.each(add) {
		if err := s.read(ctx, "places of commands", func(c conn) error { return eachPlace(c, lot, add) }); err != nil {
			return err
		}
	}
	if sum == want.sum {
		return nil
	}
	return s.lost(ctx, log, last)
}

// each calls f for every place that the table lacks and returns how many lots there are besides.
func (m *commands) each(f func(placed)) (lots int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for spot, line := range m.late {
		f(placed{spot, line})
	}
	for _, at := range m.twins {
		f(at)
	}
	return m.lots
}

// lost names the first command of a log that is not found where it begins.
func (s *Store) lost(ctx context.Context, log name.District, last int64) error {
	command := ""
	for e, err := range s.Entries(ctx, log, 0) {
		if err != nil {
			return err
		}
		if e.Seq > last {
			break
		}
		if e.Command == command {
			continue
		}
		command = e.Command
		r, found, err := s.Receipt(ctx, log, command)
		if err != nil || !found || r.FirstSeq != e.Seq {
			return &ledger.Flaw{Seq: e.Seq, Code: FlawCommand, Text: fmt.Sprintf("command %s is not known to have been carried out", command)}
		}
	}
	return &ledger.Flaw{Seq: max(1, last), Code: FlawCommand, Text: "places of commands are known that no command has"}
}
