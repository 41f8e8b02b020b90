package atlas

import (
	"context"
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/engine/tile"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/kernel/journal"
)

// Part is a part of the map that is to be listed: what lies in a box, in an area by its division code, or all of it.
type Part struct {
	Box    geo.Box // the zero Box does not narrow
	Area   string
	Cursor string
	Limit  int
}

// Rows returns a page of the rows of what the map shows in a part: of what is open the nearest due time first, otherwise the
// newest first; for the public without what they may not read.
func (r *Room) Rows(ctx context.Context, who desk.Caller, a Ask, p Part) (journal.Page, error) {
	_, some := r.scope(who, &a)
	if !some {
		return journal.Page{}, nil
	}
	q := p.query(&a)
	if q.Open == nil || !*q.Open || a.Public {
		q.Order = journal.ByOpened
	}
	if a.Public {
		return r.desk.PublicMatters(ctx, q)
	}
	return r.desk.Worklist(ctx, who, q)
}

// Count returns how many matters the map shows in a part, also those whose place is not known if the part is an area.
func (r *Room) Count(ctx context.Context, who desk.Caller, a Ask, p Part) (n int64, err error) {
	_, some := r.scope(who, &a)
	if !some {
		return 0, nil
	}
	t := journal.Tally{Query: p.query(&a)}
	var buckets []journal.Bucket
	if a.Public {
		buckets, err = r.desk.PublicTally(ctx, t)
	} else {
		buckets, err = r.desk.Tally(ctx, who, t)
	}
	for _, b := range buckets {
		n += b.Count
	}
	return n, err
}

func (p Part) query(a *Ask) journal.Query {
	q := a.Query()
	q.Box, q.Area, q.Cursor, q.Limit = p.Box, p.Area, p.Cursor, p.Limit
	return q
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
