package atlas

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bihuan/desk"
	"bihuan/engine/tile"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
)

// from is the level from which on the outlines of a kind of place are shown: further out they would be smaller than their names.
var from = map[desk.Level]uint8{desk.StreetIn: 0, desk.Community: 11, desk.Grid: 13, desk.Cell: 14}

// Outlines returns the vector tile of the places of a level as they are on a day: for each its outline, in the layer of that
// level's name, and a point within it for its name, in the layer NAME-names. Each has its code and its names in both
// languages. Who may read no register of the level gets [fault.ErrNotFound]. Tiles far out are empty for small places.
func (r *Room) Outlines(ctx context.Context, who desk.Caller, l desk.Level, t tile.ID, on calendar.Date) ([]byte, error) {
	if !slices.Contains(desk.Levels, l) || t.Z > MaxZoom || !r.MayRead(who, l) {
		return nil, fmt.Errorf("outlines %s of tile %v: %w", l, t, fault.ErrNotFound)
	}
	if t.Z < from[l] {
		return nil, nil
	}
	areas, err := r.desk.Within(ctx, l, rimmed(t), on)
	if err != nil {
		return nil, err
	}
	return tile.Encode(layersOf(t, l, areas)...), nil
}

func layersOf(t tile.ID, l desk.Level, areas []desk.Area) []tile.Layer {
	if len(areas) > maxOutlines {
		size := func(a *desk.Area) float64 {
			b := a.Shape.Box()
			return (b.Max.Lng - b.Min.Lng) * (b.Max.Lat - b.Min.Lat)
		}
		slices.SortStableFunc(areas, func(a, b desk.Area) int { return cmp.Compare(size(&b), size(&a)) })
		areas = areas[:maxOutlines]
	}
	shapes, names := tile.Layer{Name: string(l)}, tile.Layer{Name: string(l) + "-names"}
	for i := range areas {
		a := &areas[i]
		tags := []tile.Tag{{Key: "code", Value: tile.Text(a.Code)}, {Key: "zh", Value: tile.Text(a.Words.ZH)}, {Key: "en", Value: tile.Text(a.Words.In("en"))}}
		shapes.Features = append(shapes.Features, tile.Feature{Geometry: tile.Areas, Parts: t.Areas(a.Shape), Tags: tags})
		if at := t.Points(a.Shape.Inside()); len(at) > 0 {
			names.Features = append(names.Features, tile.Feature{Geometry: tile.Points, Parts: [][]tile.XY{at}, Tags: tags})
		}
	}
	return []tile.Layer{shapes, names}
}

// rimmed is the ground of a tile and its rim.
func rimmed(t tile.ID) geo.Box {
	b := t.Box()
	x, y := (b.Max.Lng-b.Min.Lng)*tile.Rim/tile.Extent, (b.Max.Lat-b.Min.Lat)*2*tile.Rim/tile.Extent
	return geo.Box{Min: geo.Point{Lng: b.Min.Lng - x, Lat: b.Min.Lat - y}, Max: geo.Point{Lng: b.Max.Lng + x, Lat: b.Max.Lat + y}}
}

// Extent returns the ground that the map is about: that of the outlines of streets, failing them of all that lies on it, on a day.
func (r *Room) Extent(ctx context.Context, on calendar.Date) (geo.Box, error) {
	world := geo.Box{Min: geo.Point{Lng: -180, Lat: -90}, Max: geo.Point{Lng: 180, Lat: 90}}
	streets, err := r.desk.Within(ctx, desk.StreetIn, world, on)
	box := geo.Nowhere()
	for i := range streets {
		box = box.Union(streets[i].Shape.Box())
	}
	if err != nil || !box.IsEmpty() {
		return box, err
	}
	err = r.look(ctx, func(_ *book, s *shelf) {
		s.within(tile.ID{}.Span(), func(sp *spot) {
			x, y := sp.cell.XY()
			box = box.With(geo.FromMercator(float64(x)/(1<<geo.CellBits), float64(y)/(1<<geo.CellBits)))
		})
	})
	return box, err
}
