package journal

import (
	"reflect"
	"slices"
	"testing"
)

func TestLightAt(t *testing.T) {
	open := Row{Open: true, Due: 100, Yellow: 80, Light: "grey"}
	for name, c := range map[string]struct {
		row  Row
		now  int64
		want string
	}{
		"green before it turns yellow":          {open, 79, "green"},
		"yellow from then on":                   {open, 80, "yellow"},
		"yellow until it is due":                {open, 99, "yellow"},
		"red from the due time on":              {open, 100, "red"},
		"green until due without a yellow time": {Row{Open: true, Due: 100}, 99, "green"},
		"what has no due time keeps its light":  {Row{Open: true, Light: "grey"}, 1 << 60, "grey"},
		"what is closed keeps its light":        {Row{Due: 100, Yellow: 80, Light: ""}, 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.row.LightAt(c.now); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestRowsAreEqualInEverything: a row that says something else in any field is another row.
func TestRowsAreEqualInEverything(t *testing.T) {
	is := Row{Facets: []Facet{{Name: "unit", Text: "a"}}, Body: []byte("{}")}
	same := is
	same.Facets, same.Body = slices.Clone(is.Facets), slices.Clone(is.Body)
	if !is.Equal(&same) || !(&Row{}).Equal(&Row{Facets: []Facet{}, Body: []byte{}}) {
		t.Error("a copy is another row")
	}
	for i := range reflect.TypeFor[Row]().NumField() {
		other := is
		switch f := reflect.ValueOf(&other).Elem().Field(i); f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Int64:
			f.SetInt(7)
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Struct:
			other.Place.Lng = 125
		default:
			f.SetZero() // facets, body
		}
		if is.Equal(&other) {
			t.Errorf("another %s is the same row", reflect.TypeFor[Row]().Field(i).Name)
		}
	}
}
