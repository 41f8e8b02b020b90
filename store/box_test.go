package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"

	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

var bridge = geo.Point{Lng: 125.3712345, Lat: 43.8654321}

func inBox(t *testing.T, s *Store, b geo.Box) (titles string) {
	t.Helper()
	p, err := s.Rows(context.Background(), journal.Query{Log: erdao, Scope: journal.Scope{All: true}, Box: b, Order: journal.ByTitle})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		titles += r.Title
	}
	return titles
}

// TestADatabaseWithoutPlacesGetsThem opens one as the version before had it, with a row in its tables and another left behind.
func TestADatabaseWithoutPlacesGetsThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	c, err := openSQLite(path, sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenWAL)
	if err != nil {
		t.Fatal(err)
	}
	names, err := migrationNames()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range names[:3] {
		if err := step(c, SQLite, name, i+1); err != nil {
			t.Fatal(err)
		}
	}
	body := func(place string) []byte { return fmt.Appendf(nil, `{"address":"桥头","place":%q}`, place) }
	insert := func(n byte, title string, body []byte) {
		if _, err := c.exec(`INSERT INTO row (log, stream, noun, kind, version, number, title, find, state, open, unit, person, area, parent, opened, closed, due, yellow, wake, light, public, facets, body)
			VALUES ($1, $2, 'matter', 'urban/case', 1, '', $3, $3, '', 1, '', '', '', '', 0, 0, 0, 0, 0, '', 0, '', $4)`, string(erdao), string(id(n)), title, string(body)); err != nil {
			t.Fatal(err)
		}
	}
	insert(1, "a", body(bridge.String()))
	insert(2, "b", body("by the bridge"))
	insert(3, "c", []byte("{}"))
	left := &journal.Row{Stream: id(4), Noun: "matter", Kind: "urban/case", Version: 1, Title: "d", Body: body(bridge.String())}
	if _, err := c.exec("INSERT INTO behind (log, seq, rows) VALUES ($1, 1, $2)", string(erdao), withoutPlace(left)); err != nil {
		t.Fatal(err)
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := inBox(t, s, geo.Around(bridge, 0.1)); got != "ad" {
		t.Errorf("within ten centimetres of the bridge are %q, want a and d", got)
	}
	if row, err := s.Row(context.Background(), id(1)); err != nil || row.Place != bridge {
		t.Errorf("row at %v, want %v, %v", row.Place, bridge, err)
	}
}

// withoutPlace encodes a row as the version before did: every column but the place, and no sum.
func withoutPlace(r *journal.Row) []byte {
	var head, row []byte
	n := byte(0)
	for _, c := range entryColumns {
		if c.name != "lng" && c.name != "lat" {
			n++
			head, row = append(putText(head, c.name), byte(num(c.text))), c.put(row, r)
		}
	}
	return append(append(append([]byte{n}, head...), putText(nil, string(r.Stream))...), row...)
}

func TestARowThatMovesIsFoundWhereItIs(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	there := geo.Point{Lng: 125.41, Lat: 43.87}
	for v, at := range []geo.Point{bridge, there, {}} {
		if _, err := s.Append(ctx, stepBatch(fmt.Sprint(v), id(1), int64(v), journal.Row{Title: "x", Place: at})); err != nil {
			t.Fatal(err)
		}
		for _, p := range []geo.Point{bridge, there} {
			if found := inBox(t, s, geo.Around(p, 1)) == "x"; found != (p == at) {
				t.Errorf("version %d lies at %v and is found at %v: %v", v, at, p, found)
			}
		}
	}
}

func TestPlacesThatAreNoneAreRefused(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	if _, err := s.Append(ctx, stepBatch("c", id(1), 0, journal.Row{Place: geo.Point{Lng: 181}})); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a row off the earth: %v", err)
	}
	for _, b := range []geo.Box{geo.Nowhere(), {Min: geo.Point{Lng: math.NaN()}}} {
		if _, err := s.Rows(ctx, journal.Query{Log: erdao, Box: b}); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("box %v: %v", b, err)
		}
	}
}

func TestPlacedMattersAreReadPageByPage(t *testing.T) {
	s, ctx := fresh(t, Options{}), context.Background()
	want := ""
	for i := range byte(30) {
		row := journal.Row{Title: "x", State: fmt.Sprint(i), Facets: []journal.Facet{{Name: "class", Text: fmt.Sprint(i)}}}
		if i%3 != 0 {
			row.Place = bridge
			want += fmt.Sprint(i, " ")
		}
		if _, err := s.Append(ctx, stepBatch(fmt.Sprint(i), id(i), 0, row)); err != nil {
			t.Fatal(err)
		}
	}
	got, after := "", name.ID("")
	for {
		rows, err := s.Placed(ctx, erdao, after, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Title != "" || r.Place != bridge || r.Facets[0].Text != r.State || r.Version != 1 {
				t.Errorf("row %+v", r)
			}
			got += r.State + " "
			after = r.Stream
		}
		if len(rows) < 7 {
			break
		}
	}
	if got != want {
		t.Errorf("read %s, want %s", got, want)
	}
	if _, err := s.Placed(ctx, erdao, "", MaxPlaced+1); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("too many at once: %v", err)
	}
}

func TestFacetsAreReadTheSameEitherWay(t *testing.T) {
	for _, texts := range [][]string{{"a", "b"}, {"", ""}, {"吉林大路", `say "no"`}, {"<b>", "a\\b"}, {"],[", "x"}, {`","`, "y"}} {
		var in []journal.Facet
		for i, v := range texts {
			in = append(in, journal.Facet{Name: fmt.Sprint("f", i), Text: v, Number: int64(i-1) * 15000})
		}
		got, err := parseFacets(facetsJSON(in))
		if err != nil || fmt.Sprint(got) != fmt.Sprint(in) {
			t.Errorf("%v came back as %v, %v", in, got, err)
		}
	}
	for _, bad := range []string{"[", `[["a","b",1`, `[["a","b",x]]`, "x"} {
		if got, err := parseFacets(bad); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}
