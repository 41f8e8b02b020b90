package web

import (
	"bihuan/desk/atlas"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
)

// atlasListView is what lies in a part of the map.
type atlasListView struct {
	Public bool
	Back   string // the map
	Count  int64
	Rows   []workRow
	Open   []rowShown // for anybody
	Next   string
}

// mostListed is how many matters are listed beside the map at once.
const mostListed = 30

// listAtlas lists what lies in a part of the map, for who works here.
func (s *server) listAtlas(q *request) error { return s.atlasList(q, false) }

// listOpenAtlas lists what lies in a part of the map, for anybody.
func (s *server) listOpenAtlas(q *request) error { return s.atlasList(q, true) }

func (s *server) atlasList(q *request, public bool) error {
	f := atlasFilterOf(q.URL.Query())
	ask, err := f.ask(public)
	if err != nil {
		return err
	}
	v := atlasListView{Public: public, Back: f.at(map[bool]string{false: "/map", true: "/open/map"}[public])}
	part := atlas.Part{Area: q.Asked("area"), Cursor: q.Asked("cursor"), Limit: mostListed}
	if part.Square, part.Box, err = q.partAsked(); err != nil {
		return err
	}
	page, count, err := s.Atlas.Rows(q.Context(), q.Who, ask, part)
	if err != nil {
		return err
	}
	v.Next, v.Count = page.Next, count
	if public {
		v.Open = q.shownRows(page.Rows)
	} else {
		for _, r := range page.Rows {
			v.Rows = append(v.Rows, q.plainRow(r))
		}
	}
	return q.render(200, "atlas_list", v)
}

// partAsked is the ground that is to be listed: a square of the map, a box, or neither.
func (q *request) partAsked() (t *atlas.Tile, b geo.Box, err error) {
	if at := q.Asked("at"); at != "" {
		square, err := atlas.ParseSquare(at)
		if err != nil {
			return nil, b, fault.Refuse(fault.ErrInvalid, "no-such-part", "")
		}
		return &square, b, nil
	}
	if typed := q.Asked("box"); typed != "" {
		box, ok := parseBox(typed)
		if !ok {
			return nil, b, fault.Refuse(fault.ErrInvalid, "no-such-part", "")
		}
		return nil, box, nil
	}
	return nil, b, nil
}
