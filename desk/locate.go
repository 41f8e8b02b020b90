package desk

import (
	"slices"

	"bihuan/ground/field"
	"bihuan/ground/geo"
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

// IsPublicLevel reports whether anybody may read the places of a level.
func (d *Desk) IsPublicLevel(l Level) bool {
	k := d.registerNamed(string(l))
	return k != nil && k.Public
}
