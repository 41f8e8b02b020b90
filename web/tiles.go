package web

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"bihuan/desk"
	"bihuan/desk/atlas"
	"bihuan/ground/calendar"
)

// How long a browser may keep a tile without asking again. What somebody sees by their rights is asked for each time, and not
// sent again while it is the same.
const (
	keepMine     = "private, no-cache"
	keepOpen     = "public, max-age=60"
	keepOutlines = "private, max-age=300"
)

// matterTile answers with a tile of the matters that the caller may read.
func (s *server) matterTile(q *request) error { return s.mattersTile(q, false) }

// openTile answers with a tile of what anybody may read.
func (s *server) openTile(q *request) error { return s.mattersTile(q, true) }

func (s *server) mattersTile(q *request, public bool) error {
	t, err := q.tile()
	if err != nil {
		return err
	}
	ask, err := atlasFilterOf(q.URL.Query()).ask(public)
	if err != nil {
		return err
	}
	b, err := s.Atlas.Matters(q.Context(), q.Who, t, ask)
	if err != nil {
		return err
	}
	if public {
		return q.sendTile(b, keepOpen)
	}
	return q.sendTile(b, keepMine)
}

// outlineTile answers with a tile of cells, grids, communities or streets on a day.
func (s *server) outlineTile(q *request) error {
	t, err := q.tile()
	if err != nil {
		return err
	}
	on := q.Today()
	if typed := q.Asked("on"); typed != "" {
		if on, err = calendar.ParseDate(typed); err != nil {
			return err
		}
	}
	b, err := s.Atlas.Outlines(q.Context(), q.Who, desk.Level(q.PathValue("layer")), t, on)
	if err != nil {
		return err
	}
	return q.sendTile(b, keepOutlines)
}

// tile is the one that the address names: z/x/y.mvt.
func (q *request) tile() (atlas.Tile, error) {
	y, _ := strings.CutSuffix(q.PathValue("y"), ".mvt")
	return atlas.ParseTile(q.PathValue("z"), q.PathValue("x"), y)
}

func (q *request) sendTile(b []byte, keep string) error {
	sum := sha256.Sum256(b)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := q.w.Header()
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	h.Set("Cache-Control", keep)
	h.Set("ETag", tag)
	h.Set("Vary", "Cookie")
	q.done = true
	if q.Header.Get("If-None-Match") == tag {
		q.w.WriteHeader(304)
		return nil
	}
	_, err := q.w.Write(b)
	return err
}
