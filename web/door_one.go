package web

import (
	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/kernel/matter"
)

// openMatterView is one report as anybody may read it.
type openMatterView struct {
	Matter   *desk.MatterView
	State    *matter.State
	Fields   []shownField
	Steps    []doors.Update
	Photos   []matter.Evidence
	Expected calendar.Date // 0 if nothing is known
	Step     bool
}

// showOpenMatter is the public page of one report: what its kind shows without login, how it went, and the photos that somebody has
// looked at and found fit.
func (s *server) showOpenMatter(q *request) error {
	v, way, err := s.Desk.PublicWay(q.Context(), q.id(), false)
	if err != nil {
		return err
	}
	view := openMatterView{Matter: &v, State: v.Def.State(v.State), Step: way.Step}
	if way.Expected != 0 && v.IsOpen() {
		view.Expected = calendar.Instant(way.Expected - 1).Date()
	}
	for i := range v.Def.Fields {
		if f := &v.Def.Fields[i]; v.Fields[f.Key] != "" && f.Key != "title" && f.Key != "place" {
			view.Fields = append(view.Fields, q.shown(f.Among(v.Def.Fields, v.Fields), v.Fields[f.Key]))
		}
	}
	for _, a := range []doors.Audience{doors.People, doors.Programs} { // one that came in by no door has no steps for the public
		if s.Desk.DoorOf(v.Kind, a) != nil {
			if view.Steps, err = s.Doors.Steps(q.Context(), a, v.ID); err != nil {
				return err
			}
			break
		}
	}
	if view.Photos, err = s.Desk.PublicPhotos(q.Context(), v.ID); err != nil {
		return err
	}
	return q.render(200, "door_one", view)
}

// openPhoto hands out a photo that anybody may see.
func (s *server) openPhoto(q *request) error {
	hash, err := ledger.ParseHash(q.PathValue("hash"))
	if err != nil {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	f, err := s.Desk.PublicPhoto(q.Context(), q.id(), hash)
	if err != nil {
		return err
	}
	q.w.Header().Set("Cache-Control", "public, max-age=60") // it may be taken back
	return q.bytes(f)
}
