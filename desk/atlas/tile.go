package atlas

import (
	"context"
	"fmt"

	"bihuan/desk"
	"bihuan/engine/tile"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
)

// Limits of a tile.
const (
	MaxZoom     = 20   // deeper tiles are drawn from these
	maxOutlines = 4000 // of one tile, the largest first
)

// squares is how many squares a tile has each way, as a power of two: 32 pixels wide, and from streetZoom on, where houses can be
// told apart, so small that only what lies in the same spot is drawn as one.
func squares(z uint8) uint8 {
	if z >= streetZoom {
		return 7
	}
	return 4
}

const streetZoom = 17

// MattersLayer is the name of the layer of [Room.Matters].
const MattersLayer = "matters"

// Matters returns the vector tile of the matters that a caller may read. Each feature is a point with how many there are (n),
// the gravest shade among them (s), how many there are of each shade unless that is none, and the square that they lie in
// (at), whose box lists them. It wraps [fault.ErrNotFound] for a tile deeper than [MaxZoom].
func (r *Room) Matters(ctx context.Context, who desk.Caller, t tile.ID, a Ask) ([]byte, error) {
	if t.Z > MaxZoom {
		return nil, fmt.Errorf("tile %v: %w", t, fault.ErrNotFound)
	}
	l := tile.Layer{Name: MattersLayer}
	err := r.gather(ctx, who, t, a, func(c *tile.Cluster) { l.Features = append(l.Features, feature(c)) })
	return tile.Encode(l), err
}

func (r *Room) gather(ctx context.Context, who desk.Caller, t tile.ID, a Ask, each func(*tile.Cluster)) error {
	scope, some := r.scope(who, &a)
	if !some {
		return nil
	}
	clusters := tile.NewClusters(t, squares(t.Z))
	err := r.look(ctx, func(b *book, s *shelf) {
		v := b.sieve(&a, scope, r.desk.Now())
		s.within(t.Span(), func(sp *spot) {
			if sh, ok := v.shows(sp); ok {
				if a.Public && sh < Plain {
					sh = Plain
				}
				clusters.Add(sp.cell, uint8(sh), 0)
			}
		})
	})
	clusters.Each(each)
	return err
}

func feature(c *tile.Cluster) tile.Feature {
	f := tile.Feature{Geometry: tile.Points, Parts: [][]tile.XY{{c.At}}, Tags: []tile.Tag{{Key: "n", Value: tile.Int(int64(c.Count))}}}
	f.Tags = append(f.Tags, tile.Tag{Key: "s", Value: tile.Text(Shades[gravest(c)])}, tile.Tag{Key: "at", Value: tile.Text(c.Square.String())})
	for i, n := range c.By[:shades] {
		if n > 0 {
			f.Tags = append(f.Tags, tile.Tag{Key: Shades[i], Value: tile.Int(int64(n))})
		}
	}
	return f
}

func gravest(c *tile.Cluster) shade {
	for i, n := range c.By[:shades] {
		if n > 0 {
			return shade(i)
		}
	}
	return Done
}

// Mark is what lies in one square, for drawings made on the server.
type Mark struct {
	At      geo.Point
	Square  tile.ID
	Count   int
	Gravest string
	By      [shades]int
}

// mostTiles is how many tiles a drawing is gathered from.
const mostTiles = 4

// Marks returns what lies in a box, gathered into squares: as fine as four tiles show it.
func (r *Room) Marks(ctx context.Context, who desk.Caller, box geo.Box, a Ask) (marks []Mark, err error) {
	for _, t := range tilesOf(box) {
		err := r.gather(ctx, who, t, a, func(c *tile.Cluster) {
			m := Mark{At: onGround(t, c.At), Square: c.Square, Count: c.Count, Gravest: Shades[gravest(c)]}
			for i := range m.By {
				m.By[i] = int(c.By[i])
			}
			if box.Has(m.At) {
				marks = append(marks, m)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return marks, nil
}

// tilesOf returns the tiles of the deepest level of which at most [mostTiles] meet a box.
func tilesOf(box geo.Box) []tile.ID {
	corners := func(z uint8) (a, b tile.ID) {
		return tile.At(z, geo.Point{Lng: box.Min.Lng, Lat: box.Max.Lat}), tile.At(z, geo.Point{Lng: box.Max.Lng, Lat: box.Min.Lat})
	}
	z := uint8(0)
	for z < MaxZoom {
		a, b := corners(z + 1)
		if uint64(b.X-a.X+1)*uint64(b.Y-a.Y+1) > mostTiles {
			break
		}
		z++
	}
	a, b := corners(z)
	var all []tile.ID
	for y := a.Y; y <= b.Y; y++ {
		for x := a.X; x <= b.X; x++ {
			all = append(all, tile.ID{Z: z, X: x, Y: y})
		}
	}
	return all
}

// onGround returns where a place of a tile lies.
func onGround(t tile.ID, at tile.XY) geo.Point {
	n := float64(uint64(1) << t.Z)
	return geo.FromMercator((float64(t.X)+(float64(at.X)+0.5)/tile.Extent)/n, (float64(t.Y)+(float64(at.Y)+0.5)/tile.Extent)/n)
}
