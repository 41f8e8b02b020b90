//go:build !race

package imports_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/imports"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/store"
)

var (
	ctx     = context.Background()
	day     = calendar.NewDate(2023, 3, 1)
	manhole = geo.Point{Lng: 125.35743, Lat: 43.86548} // where a component of the urban pack stands, in 东盛街道
)

// cellFile is a collection of square cells of 100 m about a point, one a line of properties.
func cellFile(at geo.Point, properties ...string) []byte {
	var all []string
	for i, p := range properties {
		w := at.Lng + 0.002*float64(i)
		all = append(all, fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`, p,
			w-0.0006, at.Lat-0.0004, w+0.0006, at.Lat-0.0004, w+0.0006, at.Lat+0.0004, w-0.0006, at.Lat+0.0004, w-0.0006, at.Lat-0.0004))
	}
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(all, ",") + `]}`)
}

// TestImportKeepsWhatWas: a new outline holds from its day on, and what lay in the old one before lies in it still.
func TestImportKeepsWhatWas(t *testing.T) {
	x := district.New(t, day)
	room := imports.New(x.Desk, x.Store)
	before, _ := x.Desk.Locate(ctx, manhole, day)
	outside := geo.Point{} // of the new outline, within the old one
	for _, by := range []float64{-0.0008, 0.0008, -0.0012, 0.0012} {
		if p := (geo.Point{Lng: manhole.Lng + by, Lat: manhole.Lat}); before.Areas[desk.Cell].Shape.Has(p) {
			outside = p
		}
	}
	issuer := x.As(t, "office", "issuer", 0)
	in := imports.File{Register: "place/cell", Name: "单元网格.geojson", From: geo.GCJ, On: day + 10, Fields: map[string]string{"code": "bianma"},
		Data: cellFile(geo.Point(manhole.GCJ02()), `"bianma":"`+before.Code(desk.Cell)+`"`, `"bianma":"220105001001999","grid":"`+before.Code(desk.Grid)+`"`)}
	in.Dry = true
	if out, err := room.Places(ctx, issuer, in); err != nil || out.New != 1 || out.Changed != 1 {
		t.Fatalf("only looking: %+v %v", out, err)
	}
	if v, _ := x.Desk.Locate(ctx, geo.Point{Lng: manhole.Lng + 0.002, Lat: manhole.Lat}, day+10); v.Code(desk.Cell) == "220105001001999" {
		t.Fatal("looking took something")
	}
	in.Dry = false
	out, err := room.Places(ctx, issuer, in)
	if err != nil || out.New != 1 || out.Changed != 1 || len(out.Faults) != 0 {
		t.Fatalf("%+v %v", out, err)
	}
	for _, c := range []struct {
		name string
		p    geo.Point
		on   int // days later
		want string
	}{
		{"before its day the old outline holds", outside, 9, before.Code(desk.Cell)},
		{"on its day the new one", manhole, 10, before.Code(desk.Cell)},
		{"the new cell is there", geo.Point{Lng: manhole.Lng + 0.002, Lat: manhole.Lat}, 10, "220105001001999"},
	} {
		s, err := x.Desk.Locate(ctx, c.p, day+calendar.Date(c.on))
		if err != nil || s.Code(desk.Cell) != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.name, s.Code(desk.Cell), c.want, err)
		}
	}
	if s, _ := x.Desk.Locate(ctx, manhole, day+10); s.Areas[desk.Cell].Shape.AreaM2() > 12_000 || s.Code(desk.Grid) != before.Code(desk.Grid) {
		t.Error("the cell kept its old outline, or lost the grid that the file does not speak of")
	}
	again, err := room.Places(ctx, issuer, in)
	if err != nil || again.Same != 2 || again.New+again.Changed != 0 {
		t.Errorf("the same file again: %+v %v", again, err)
	}
	x.Verify(t)
}

// TestNothingIsHalfImported: one wrong feature, named by its number, and nothing is taken.
func TestNothingIsHalfImported(t *testing.T) {
	x := district.New(t, day)
	room := imports.New(x.Desk, x.Store)
	s, _ := x.Desk.Locate(ctx, manhole, day)
	grid := `"grid":"` + s.Code(desk.Grid) + `"`
	for name, c := range map[string]struct {
		data    []byte
		feature int
		code    string
	}{
		"no key":              {cellFile(manhole, `"code":"1",`+grid, grid), 2, "import-no-key"},
		"a key twice":         {cellFile(manhole, `"code":"1"`, `"code":"2"`, `"code":"1"`), 3, "import-twice"},
		"a grid that is none": {cellFile(manhole, `"code":"1","grid":"nowhere"`), 1, "import-unknown"},
		"a point":             {[]byte(`{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Point","coordinates":[125.3,43.8]}}`), 1, "import-geometry"},
		"no file at all":      {[]byte(`{`), 0, "shape-not-geojson"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := room.Places(ctx, x.As(t, "office", "issuer", 0), imports.File{Register: "place/cell", Data: c.data})
			if err != nil || len(out.Faults) != 1 || out.Faults[0].Code != c.code || out.Faults[0].Feature != c.feature || out.New+out.Changed != 0 {
				t.Errorf("%+v %v, want %s at %d", out, err, c.code, c.feature)
			}
		})
	}
	if all, err := x.Desk.ValidRecords(ctx, "place/cell"); err != nil || len(all) != 480 {
		t.Errorf("there are %d cells now, %v", len(all), err)
	}
	if _, err := room.Places(ctx, x.As(t, "housing", "handler", 0), imports.File{Register: "place/cell", Data: cellFile(manhole, `"code":"1"`)}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a handler imports: %v", err)
	}
	if out, err := room.Places(ctx, x.As(t, "office", "issuer", 0), imports.File{Register: "place/cell", Dry: true, Data: cellFile(geo.Point(manhole.GCJ02()), `"code":"1",`+grid)}); err != nil || len(out.Remarks) == 0 {
		t.Errorf("coordinates in the wrong datum are taken without a word: %+v %v", out, err)
	}
}

// breaking is a store whose writes after the first some are lost.
type breaking struct {
	*store.Store
	left int
}

func (b *breaking) Append(ctx context.Context, jb journal.Batch) (journal.Receipt, error) {
	if b.left--; b.left < 0 {
		return journal.Receipt{}, fault.ErrUnavailable
	}
	return b.Store.Append(ctx, jb)
}

// TestALargeFileIsTakenWholeOrNotAtAll: more records than one batch of old took, with a write that fails after the first, and
// one that does not. What goes in goes in as one command.
func TestALargeFileIsTakenWholeOrNotAtAll(t *testing.T) {
	x := district.New(t, day)
	s, _ := x.Desk.Locate(ctx, manhole, day)
	var cells []string
	for i := range 501 {
		cells = append(cells, fmt.Sprintf(`"code":"9%014d","grid":"%s"`, i, s.Code(desk.Grid)))
	}
	in := imports.File{Register: "place/cell", Name: "large.geojson", Data: cellFile(geo.Point{Lng: 100, Lat: 43.9}, cells...)}
	w := district.World(t, day)
	w.Packs = x.Desk.Packs()
	count := func() int {
		t.Helper()
		all, err := x.Desk.ValidRecords(ctx, "place/cell")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	broken := &breaking{x.Store, 0}
	failing, err := desk.Open(ctx, broken, w)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := imports.New(failing, broken).Places(ctx, x.As(t, "office", "issuer", 0), in); !errors.Is(err, fault.ErrUnavailable) || count() != 480 {
		t.Errorf("a write that fails: %v, and %d cells", err, count())
	}
	broken.left = 1 // one write is all that it may take
	if out, err := imports.New(failing, broken).Places(ctx, x.As(t, "office", "issuer", 0), in); err != nil || out.New != 501 || count() != 480+501 {
		t.Errorf("%+v %v, and %d cells", out, err, count())
	}
	x.Verify(t)
}

// TestAFileIsTakenAgainAfterAnother: what a file says counts also when the same file was taken before.
func TestAFileIsTakenAgainAfterAnother(t *testing.T) {
	x := district.New(t, day)
	room := imports.New(x.Desk, x.Store)
	s, _ := x.Desk.Locate(ctx, manhole, day)
	one := cellFile(manhole, `"code":"`+s.Code(desk.Cell)+`"`)
	other := cellFile(geo.Point{Lng: manhole.Lng + 0.0001, Lat: manhole.Lat}, `"code":"`+s.Code(desk.Cell)+`"`)
	for i, data := range [][]byte{one, other, one} {
		out, err := room.Places(ctx, x.As(t, "office", "issuer", 0), imports.File{Register: "place/cell", Data: data, On: day + 1})
		if err != nil || out.Changed != 1 {
			t.Fatalf("%d: %+v %v", i, out, err)
		}
	}
	east := geo.Point{Lng: manhole.Lng + 0.00065, Lat: manhole.Lat} // in the other alone
	if v, err := x.Desk.Locate(ctx, east, day+1); err != nil || v.Code(desk.Cell) == s.Code(desk.Cell) && v.Areas[desk.Cell].Shape.Has(east) {
		t.Errorf("the outline is that of the other file: %v", err)
	}
}
