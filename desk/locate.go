package desk

import (
	"bihuan/ground/field"
	"bihuan/ground/geo"
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
