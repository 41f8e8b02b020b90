package desk

import (
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// placed works out where the place on a form lies, and fills the fields of the form that ask for it: those that point into a
// level's register, and one named cell. What somebody filled in stays; where the outline says otherwise that is said. The
// reasons go into the event. A form without a place, or with one that cannot be read, is left as it is.
func (b *Batch) placed(k *matter.Kind, act *matter.Act, with map[string]string) (reasons []matter.Reason, err error) {
	at := ""
	for _, in := range act.Form {
		if f := field.Find(k.Fields, in.Field); f != nil && f.Kind == field.Place && at == "" {
			at, _ = f.Check(with[in.Field])
		}
	}
	p, bad := geo.ParsePoint(at)
	if bad != nil {
		return nil, nil
	}
	spot, err := b.d.Locate(b.ctx, p, calendar.Instant(b.at).Date())
	if err != nil {
		return nil, err
	}
	for _, in := range act.Form {
		f := field.Find(k.Fields, in.Field)
		found, asks := told(f, &spot)
		if !asks {
			continue
		}
		r := matter.Reason{Field: f.Key, Value: found, Words: spot.Words()}
		switch typed := strings.TrimSpace(with[f.Key]); {
		case typed == "" && found == "":
			continue
		case typed == "":
			with[f.Key] = found
		case found == "":
			r.Words = name.Text{ZH: r.Words.ZH + "，按填写的", EN: r.Words.EN + "; as it was filled in"}
		case typed != found:
			r.Words = name.Text{ZH: r.Words.ZH + "；与填写的不同，按填写的", EN: r.Words.EN + "; something else was filled in and stays"}
		}
		reasons = append(reasons, r)
	}
	return reasons, nil
}

// told returns what a spot tells a field, and whether the field asks for any of it: a record of a level's register, the unit
// of a field of a level's name, or the code of a cell or grid written as text.
func told(f *field.Field, s *Spot) (v string, asks bool) {
	if f == nil {
		return "", false
	}
	_, called, _ := strings.Cut(f.Register, "/")
	switch l := Level(f.Key); {
	case f.Kind == field.Record && slices.Contains(Levels, Level(called)):
		return s.Code(Level(called)), true
	case f.Kind == field.Text && (l == Cell || l == Grid):
		return s.Code(l), true
	case f.Kind == field.Unit && slices.Contains(Levels, l):
		if a := s.Areas[l]; a != nil {
			return string(a.Unit), true
		}
		return "", true
	}
	return "", false
}
