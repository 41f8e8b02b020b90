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

// placeField returns the field that says where a matter or a record is: the first of kind place that is not personal,
// nil if there is none.
func placeField(fields []field.Field) *field.Field {
	for i := range fields {
		if fields[i].Kind == field.Place && !fields[i].Class.IsPersonal() {
			return &fields[i]
		}
	}
	return nil
}

// placeOf returns where something with these values is, the zero Point where that is not known.
func placeOf(fields []field.Field, values map[string]string) geo.Point {
	f := placeField(fields)
	if f == nil {
		return geo.Point{}
	}
	p, err := geo.ParsePoint(values[f.Key])
	if err != nil { // an empty one: others are refused when they are written
		return geo.Point{}
	}
	return p
}

// KindsWithPublicPlace returns the kinds of matter of the installed packs that show anybody where a matter is.
func (d *Desk) KindsWithPublicPlace() (all []string) {
	for _, k := range d.Packs().Kinds() {
		if f := placeField(k.Fields); f != nil && slices.Contains(k.Public, f.Key) {
			all = append(all, k.Ref)
		}
	}
	return all
}

// KindsWithPlace returns the kinds of matter of the installed packs that say where a matter is.
func (d *Desk) KindsWithPlace() (all []*matter.Kind) {
	for _, k := range d.Packs().Kinds() {
		if placeField(k.Fields) != nil {
			all = append(all, k)
		}
	}
	return all
}

// levelFields are the fields that say where a matter lies in the tree of grids, from small to large. A value that is no code
// of a division is the key of a unit: packs name a community by whoever runs it.
var levelFields = []string{string(Grid), string(Cell), string(Community), "area"}

// gridPath returns where a matter lies in the tree of grids, as far as its fields say; empty where they say nothing.
func gridPath(fields map[string]string) string {
	for _, key := range levelFields {
		if code := fields[key]; len(code) >= streetDigits && code[0] <= '9' {
			return treeOf(code)
		}
	}
	return ""
}

// The digits of the code of a street and of a community, in which the code of what lies in it begins
// (statistical division codes 统计用区划代码, twelve digits).
const (
	streetDigits    = 9
	communityDigits = 12
)

// treeOf returns a code with what it lies in before it: 220105001/220105001002/220105001002G01.
func treeOf(code string) string {
	path := make([]string, 0, 3)
	for _, n := range []int{streetDigits, communityDigits} {
		if len(code) > n {
			path = append(path, code[:n])
		}
	}
	return strings.Join(append(path, code), "/")
}

// gridsOf returns the grids that a person works in today, as places in the tree.
func (g *ground) gridsOf(p name.Person, at int64) (paths []string) {
	for _, i := range g.worked[p] {
		if a := &g.areas[Grid][i]; a.holds(at) {
			paths = append(paths, treeOf(a.Code))
		}
	}
	return paths
}

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
