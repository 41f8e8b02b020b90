package web

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/http"
	"slices"

	"bihuan/desk"
	"bihuan/desk/imports"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/web/draw"
)

// placesView is the page on which outlines and points come into a register.
type placesView struct {
	Books    []choiceCount
	Datums   []choiceCount
	On       string
	Name     string
	Kept     string // the file for the second step, base64; empty where it is too large to be sent back
	Looked   bool   // Out tells what would come of it
	Out      imports.Outcome
	Faults   []placesFault
	Remarks  []placesFault
	Repaired []string
	Picture  template.HTML
	Narrow   template.HTML // drawn for a phone
	Flaw     flaw
	register string
	datum    string
}

// placesFault is what is wrong, or strange, about a feature of the file.
type placesFault struct {
	Feature int
	Says    string
}

// newPlaces asks for a file.
func (s *server) newPlaces(q *request) error {
	v := placesView{register: q.Asked("register"), On: q.Today().String()}
	v.choices(q)
	return q.render(200, "register_import", v)
}

func (v *placesView) choices(q *request) {
	v.Books, v.Datums = nil, nil
	for _, k := range q.s.Desk.Packs().Registers() {
		if slices.ContainsFunc(k.Fields, func(f field.Field) bool { return f.Kind == field.Shape || f.Kind == field.Place }) {
			v.Books = append(v.Books, choiceCount{Key: k.Ref, Words: k.Words.In(q.Lang), On: k.Ref == v.register})
		}
	}
	for _, d := range geo.Datums {
		v.Datums = append(v.Datums, choiceCount{Key: string(d), Words: q.Says("places.datum-" + string(d)), On: string(d) == v.datum})
	}
}

// importPlaces looks at the file, and takes it in when whoever sent it has seen what would come of it.
func (s *server) importPlaces(q *request) error {
	v := placesView{}
	in, err := v.read(q)
	if err == nil {
		in.Dry = q.FormValue("do") != "import"
		v.Out, err = s.Imports.Places(q.Context(), q.Who, in)
	}
	if err != nil {
		return q.again(err, "register_import", func(f flaw) any { v.Flaw = f; v.choices(q); return v })
	}
	if !in.Dry && len(v.Out.Faults) == 0 {
		return q.redirect(address("/registers/"+in.Register, map[string][]string{"done": {"import"}}))
	}
	if err := v.show(q, &in); err != nil {
		return err
	}
	status := 200
	if len(v.Out.Faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return q.render(status, "register_import", v)
}

// mostKept is the largest file that the form sends back for the second step.
const mostKept = 4 << 20

// read reads the form: the file, or what is kept of it from the step before.
func (v *placesView) read(q *request) (in imports.File, err error) {
	if err := q.parseForm(); err != nil {
		return in, err
	}
	v.register, v.datum, v.On, v.Name = q.FormValue("register"), q.FormValue("datum"), q.FormValue("on"), q.FormValue("name")
	in = imports.File{Register: v.register}
	if in.From, err = geo.ParseDatum(v.datum); err != nil || v.datum == "" {
		return in, fault.Refuse(fault.ErrInvalid, "places-datum", "datum")
	}
	if in.On, err = calendar.ParseDate(v.On); err != nil {
		return in, fault.Refuse(fault.ErrInvalid, "not-date", "on")
	}
	file, head, err := q.FormFile("file")
	switch {
	case err == nil:
		defer file.Close()
		v.Name = head.Filename
		in.Data, err = io.ReadAll(io.LimitReader(file, geo.MaxFile+1))
	case q.FormValue("kept") != "":
		in.Data, err = base64.StdEncoding.DecodeString(q.FormValue("kept"))
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
		err = fault.Refuse(fault.ErrInvalid, "places-file", "file")
	}
	if err == nil && len(in.Data) > geo.MaxFile {
		err = fault.Refuse(fault.ErrInvalid, "shape-too-large", "file", "limit", fmt.Sprint(geo.MaxFile>>20))
	}
	in.Name = v.Name
	return in, err
}

func (v *placesView) show(q *request, in *imports.File) error {
	v.Looked = true
	v.choices(q)
	told := func(flaws []imports.Flaw) (all []placesFault) {
		for _, f := range flaws {
			all = append(all, placesFault{f.Feature, words.Refusal(f.Refusal(), q.Lang)})
		}
		return all
	}
	v.Faults, v.Remarks = told(v.Out.Faults), told(v.Out.Remarks)
	for _, n := range slices.Sorted(maps.Keys(v.Out.Repaired)) {
		v.Repaired = append(v.Repaired, q.Says("import."+n, "n", v.Out.Repaired[n]))
	}
	if len(v.Faults) > 0 {
		return nil
	}
	if len(in.Data) <= mostKept {
		v.Kept = base64.StdEncoding.EncodeToString(in.Data)
	}
	return v.draw(q, in)
}

// mostDrawn is how many features the preview shows.
const mostDrawn = 2000

// draw shows the file's outlines over the streets as they are: a wrong datum lies beside them.
func (v *placesView) draw(q *request, in *imports.File) error {
	features, _ := geo.ReadFeatures(in.Data, in.From)
	box := geo.Nowhere()
	for i := range features {
		box = box.Union(groundOf(&features[i]))
	}
	if box.IsEmpty() {
		return nil
	}
	streets, err := q.s.Desk.Within(q.Context(), desk.StreetIn, box, q.Today())
	v.Picture, v.Narrow = q.preview(draw.NewAtlas(box), streets, features), q.preview(draw.NewNarrowAtlas(box), streets, features)
	return err
}

// preview draws the features of a file over the streets.
func (q *request) preview(p *draw.AtlasPicture, streets []desk.Area, features []geo.Feature) template.HTML {
	for i := range streets {
		p.Area("street", streets[i].Shape, streets[i].Words.In(q.Lang), "")
	}
	for i := range features[:min(len(features), mostDrawn)] {
		if f := &features[i]; len(f.Shape) > 0 {
			p.Area("new", f.Shape, q.Says("places.feature", "n", f.Number), "")
		} else {
			p.Dot(f.Point)
		}
	}
	return p.Done(q.Says("places.preview"), q.Says("places.preview-desc"), q.Says("places.preview-note"))
}

func groundOf(f *geo.Feature) geo.Box {
	if len(f.Shape) > 0 {
		return f.Shape.Box()
	}
	return geo.Nowhere().With(f.Point)
}
