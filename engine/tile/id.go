package tile

import (
	"fmt"
	"math"
	"strconv"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
)

// MaxZoom is the deepest level that has a name here; browsers enlarge its tiles beyond it.
const MaxZoom = 24

// ID names a square of the world in Web Mercator: at level Z there are 2 to the power of Z columns and rows, counted from the
// north-west. The zero ID is the world.
type ID struct {
	Z    uint8
	X, Y uint32
}

// Parse reads the three numbers of a tile. It wraps [fault.ErrInvalid] for what is no tile.
func Parse(z, x, y string) (ID, error) {
	var n [3]uint64
	for i, s := range []string{z, x, y} {
		v, err := strconv.ParseUint(s, 10, 32)
		if err != nil || s[0] == '+' || len(s) > 1 && s[0] == '0' {
			return ID{}, fmt.Errorf("tile %.12q/%.12q/%.12q: %w", z, x, y, fault.ErrInvalid)
		}
		n[i] = v
	}
	if n[0] > MaxZoom || n[1] >= 1<<n[0] || n[2] >= 1<<n[0] {
		return ID{}, fmt.Errorf("tile %s/%s/%s is off the map: %w", z, x, y, fault.ErrInvalid)
	}
	return ID{uint8(n[0]), uint32(n[1]), uint32(n[2])}, nil
}

// At returns the tile of a level that a point lies in.
func At(z uint8, p geo.Point) ID {
	x, y := p.Cell().XY()
	return ID{z, x >> (geo.CellBits - z), y >> (geo.CellBits - z)}
}

// String returns z/x/y.
func (t ID) String() string { return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y) }

// Box returns the ground that a tile shows, its edges included.
func (t ID) Box() geo.Box {
	n := math.Ldexp(1, int(t.Z))
	nw, se := geo.FromMercator(float64(t.X)/n, float64(t.Y)/n), geo.FromMercator(float64(t.X+1)/n, float64(t.Y+1)/n)
	return geo.Box{Min: geo.Point{Lng: nw.Lng, Lat: se.Lat}, Max: geo.Point{Lng: se.Lng, Lat: nw.Lat}}
}

// Span returns the cells that lie in a tile.
func (t ID) Span() geo.Span {
	down := geo.CellBits - t.Z
	from := geo.CellAt(t.X<<down, t.Y<<down)
	return geo.Span{From: from, Until: from + 1<<(2*down)}
}

// Extent is how many units a tile is wide and high; browsers show it at 512 pixels.
const Extent = 4096

// Rim is how far, in units, lines and areas reach beyond a tile, so that their edges are not seen at its border.
const Rim = 64

// XY is a place on a tile in its units: x from west to east, y from north to south.
type XY struct{ X, Y int32 }

// place is an XY that is not rounded yet.
type place struct{ x, y float64 }

func (t ID) project(p geo.Point) place {
	x, y := p.Mercator()
	n := math.Ldexp(1, int(t.Z))
	return place{(x*n - float64(t.X)) * Extent, (y*n - float64(t.Y)) * Extent}
}

// XY returns where a cell of the tile stands on it. Cells of other tiles have no place.
func (t ID) XY(c geo.Cell) XY {
	x, y := c.XY()
	down := geo.CellBits - int(t.Z) - 12 // Extent is 2 to the power of 12
	mask := uint32(1)<<(geo.CellBits-t.Z) - 1
	x, y = x&mask, y&mask
	if down < 0 {
		return XY{int32(x << -down), int32(y << -down)}
	}
	return XY{int32(x >> down), int32(y >> down)}
}
