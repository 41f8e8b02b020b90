package atlas

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/engine/tile"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Part is a part of the map that is to be listed: a square of it, what lies in a box, in an area by its division code, or all.
type Part struct {
	Square *Tile
	Box    geo.Box // to two centimetres; the zero Box does not narrow
	Area   string  // a prefix of the code
	Cursor string  // of the page before
	Limit  int     // 0 means 30, at most 500
}

// Rows returns a page of the rows of what the map shows in a part, and how many that are: of what is open the nearest due time first, otherwise
// the newest first; for the public without what they may not read. It takes as long as a tile, and the rows of one page.
func (r *Room) Rows(ctx context.Context, who desk.Caller, a Ask, p Part) (page journal.Page, count int64, err error) {
	p.Limit = min(cmp.Or(p.Limit, 30), 500)
	first := &listed{most: p.Limit + 1, byDue: a.Open != nil && *a.Open && !a.Public}
	if err := first.begin(p.Cursor); err != nil {
		return page, 0, err
	}
	err = r.each(ctx, who, &a, p, func(s *spot) {
		count++
		first.add(s)
	})
	if err != nil || len(first.list) == 0 {
		return page, count, err
	}
	if len(first.list) > p.Limit {
		first.list = first.list[:p.Limit]
		page.Next = first.list[p.Limit-1].cursor()
	}
	q := journal.Query{Limit: 500}
	for _, e := range first.list {
		q.Streams = append(q.Streams, name.NewID(r.desk.District(), e.id))
	}
	var found journal.Page
	if a.Public {
		q.Kinds = a.Kinds
		found, err = r.desk.PublicMatters(ctx, q)
	} else {
		found, err = r.desk.Worklist(ctx, who, q)
	}
	slices.SortFunc(found.Rows, func(x, y journal.Row) int {
		return cmp.Compare(slices.Index(q.Streams, x.Stream), slices.Index(q.Streams, y.Stream))
	})
	page.Rows = found.Rows
	return page, count, err
}

// CountAreas returns how many matters the map shows by the code of their area, as far as it goes.
func (r *Room) CountAreas(ctx context.Context, who desk.Caller, a Ask) (map[string]int64, error) {
	var by []int64 // by number of a place
	err := r.each(ctx, who, &a, Part{}, func(s *spot) {
		if n := int(s.lies) + 1 - len(by); n > 0 {
			by = append(by, make([]int64, n)...)
		}
		by[s.lies]++
	})
	out := map[string]int64{}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for i, n := range by {
		if area := r.book.places.list[i].area; n > 0 && area != "" {
			out[area] += n
		}
	}
	return out, err
}

// each calls f for every spot that the map shows in a part.
func (r *Room) each(ctx context.Context, who desk.Caller, a *Ask, p Part, f func(*spot)) error {
	scope, some := r.scope(who, a)
	if !some {
		return nil
	}
	return r.look(ctx, func(b *book, s *shelf) {
		v := b.sieve(a, scope, r.desk.Now())
		in := p.bounds(b)
		for _, span := range in.spans {
			s.within(span, func(sp *spot) {
				if !in.holds(sp) {
					return
				}
				if _, ok := v.shows(sp); ok {
					f(sp)
				}
			})
		}
	})
}

// bounds are a part in the numbers of the shelf.
type bounds struct {
	spans                    []geo.Span
	boxed                    bool
	west, north, east, south uint32
	areas                    []bool // by number of a place
}

// manySpans is how many intervals of cells a window is asked by.
const manySpans = 32

func (p Part) bounds(b *book) (in bounds) {
	switch {
	case p.Square != nil:
		in.spans = []geo.Span{p.Square.Span()}
	case p.Box != geo.Box{}:
		in.spans, in.boxed = p.Box.Spans(manySpans), true
		in.west, in.north = geo.Point{Lng: p.Box.Min.Lng, Lat: p.Box.Max.Lat}.Cell().XY()
		in.east, in.south = geo.Point{Lng: p.Box.Max.Lng, Lat: p.Box.Min.Lat}.Cell().XY()
	default:
		in.spans = []geo.Span{tile.ID{}.Span()}
	}
	if p.Area != "" {
		in.areas = make([]bool, len(b.places.list))
		for i, at := range b.places.list {
			in.areas[i] = strings.HasPrefix(at.area, p.Area)
		}
	}
	return in
}

func (in *bounds) holds(s *spot) bool {
	if in.areas != nil && !in.areas[s.lies] {
		return false
	}
	if !in.boxed {
		return true
	}
	x, y := s.cell.XY()
	return in.west <= x && x <= in.east && in.north <= y && y <= in.south
}

// entry is a place in a list: the smaller the earlier.
type entry struct {
	key uint64
	id  [16]byte
}

func (e *entry) compare(o *entry) int {
	return cmp.Or(cmp.Compare(e.key, o.key), bytes.Compare(e.id[:], o.id[:]))
}

func (e *entry) cursor() string {
	return hex.EncodeToString(append(binary.BigEndian.AppendUint64(nil, e.key), e.id[:]...))
}

// listed gathers the first entries behind a cursor.
type listed struct {
	most  int
	byDue bool
	after *entry
	list  []entry // in order
}

func (l *listed) begin(cursor string) error {
	if cursor == "" {
		return nil
	}
	b, err := hex.DecodeString(cursor)
	if err != nil || len(b) != 24 {
		return fmt.Errorf("a cursor of another list: %w", fault.ErrInvalid)
	}
	l.after = &entry{key: binary.BigEndian.Uint64(b), id: [16]byte(b[8:])}
	return nil
}

func (l *listed) add(s *spot) {
	key := math.MaxUint64 - uint64(s.opened)
	if l.byDue {
		if key = uint64(s.due); s.due == 0 {
			key = math.MaxUint64
		}
	}
	if len(l.list) == l.most && key > l.list[l.most-1].key { // nearly all
		return
	}
	e := entry{key, s.id}
	if l.after != nil && e.compare(l.after) <= 0 || len(l.list) == l.most && e.compare(&l.list[l.most-1]) >= 0 {
		return
	}
	i, _ := slices.BinarySearchFunc(l.list, &e, func(a entry, b *entry) int { return a.compare(b) })
	if l.list = slices.Insert(l.list, i, e); len(l.list) > l.most {
		l.list = l.list[:l.most]
	}
}

// Tile is the name of a tile, for faces.
type Tile = tile.ID

// ParseTile reads the three numbers of a tile's address.
func ParseTile(z, x, y string) (Tile, error) { return tile.Parse(z, x, y) }

// ParseSquare reads the square of a feature, z/x/y. It wraps [fault.ErrInvalid].
func ParseSquare(s string) (Tile, error) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return Tile{}, fmt.Errorf("square %.40q: %w", s, fault.ErrInvalid)
	}
	return tile.Parse(parts[0], parts[1], parts[2])
}

// MayRead reports whether somebody may read the places of a level: whoever may read registers, and of public ones anybody.
func (r *Room) MayRead(who desk.Caller, l desk.Level) bool {
	return r.desk.Holds(who, access.RegisterRead, access.Register) || r.desk.IsPublicLevel(l)
}
