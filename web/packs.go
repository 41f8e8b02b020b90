package web

import (
	"fmt"

	"bihuan/desk"
	"bihuan/ground/fault"
)

// packFaces are the five faces that every pack has.
var packFaces = []string{"list", "chart", "handbook", "template", "mechanism"}

// packFrame is what each face of a pack shows around itself.
type packFrame struct {
	Pack *desk.PackOffer
	Face string
}

// Faces are the five faces, for the tabs.
func (packFrame) Faces() []string { return packFaces }

// packsView is all packs.
type packsView struct{ Packs []*desk.PackOffer }

// listPacks is the page of all packs.
func (s *server) listPacks(q *request) error {
	return q.render(200, "packs", packsView{s.Desk.Packs().Packs()})
}

// showPack leads to the first face of a pack.
func (s *server) showPack(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	return q.redirect("/packs/" + p.Name + "/list")
}

func (s *server) pack(q *request) (*desk.PackOffer, error) {
	p, ok := s.Desk.Packs().Pack(q.PathValue("pack"))
	if !ok {
		return nil, fmt.Errorf("pack %s: %w", q.PathValue("pack"), fault.ErrNotFound)
	}
	return p, nil
}
