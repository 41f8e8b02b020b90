//go:build !race

package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"bihuan/desk"
	"bihuan/ground/geo"
	"bihuan/ground/name"
)

// TestAPlaceIsChosenByTappingAPicture goes the way without script: three taps, then the report.
func TestAPlaceIsChosenByTappingAPicture(t *testing.T) {
	h := stand(t)
	form := h.report("service", "E06002")
	form.Set("pin-box", h.page("", "/report").Fields(".door")["pin-box"][0])
	was := geo.Box{}
	for i := range 3 {
		box, ok := parseBox(form.Get("pin-box"))
		if !ok || i > 0 && (box.Max.Lng-box.Min.Lng)*3 > was.Max.Lng-was.Min.Lng {
			t.Fatalf("tap %d: the window is %v, it was %v", i, box, was)
		}
		was = box
		form.Set("pin.x", "144")
		form.Set("pin.y", "108")
		w := h.ask("", "zh", "POST", "/report/pin", form)
		p := parse(t, w)
		fields := p.Fields(".door")
		at, err := geo.ParsePoint(fields["place"][0])
		if w.Code != 200 || err != nil || at.DistanceM(box.Center()) > 100 || fields["text"][0] != form.Get("text") {
			t.Fatalf("tap %d: status %d, place %v of window %v, text %q", i, w.Code, fields["place"], box, fields["text"])
		}
		picture := h.ask("", "zh", "GET", p.First("input[name=pin]").Attr("src"), nil)
		if picture.Code != 200 || picture.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(picture.Body.String(), `cx="144`) {
			t.Errorf("tap %d: picture %d %s", i, picture.Code, picture.Body)
		}
		form.Set("place", fields["place"][0])
		form.Set("pin-box", fields["pin-box"][0])
	}
	to := h.follow(h.ask("", "zh", "POST", "/report", form))
	address, _, _ := strings.Cut(to, "?")
	h.page("", address)
	at, _ := geo.ParsePoint(form.Get("place"))
	list := "/open/map/list?" + url.Values{"box": {boxText(geo.Around(at, 5))}}.Encode()
	h.page("", list).Contains("[data-fragment]", "路灯不亮")
}

// TestMapLibreIsWhatWasPublished holds the files of MapLibre against those of its package maplibre-gl, version 6.17.0, on the npm registry.
func TestMapLibreIsWhatWasPublished(t *testing.T) {
	for file, want := range map[string]string{
		"maplibre-gl.mjs":        "e02cb08c572fd0950a75343cd558099c2a1dbbaf67f26b0c96f115431962d1ae",
		"maplibre-gl-worker.mjs": "73d7a024a4efe1a46e49db193e18cfe33271e3ecc652ec7542c281a4ef5f0f04",
		"maplibre-gl.css":        "a90798a1953017790e590f7e1bd35ff103a8a4263972cb47290b78adf86f8c20",
	} {
		b, err := files.ReadFile("assets/" + file + ".gz")
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		if _, err := io.Copy(h, r); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want {
			t.Errorf("%s is %s, published was %s", file, got, want)
		}
	}
}

// sendPlaces sends the form of the import with a file.
func (h *house) sendPlaces(who name.Person, file string, fields ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		h.must(m.WriteField(fields[i], fields[i+1]))
	}
	if file != "" {
		w, err := m.CreateFormFile("file", "cells.geojson")
		h.must(err)
		_, err = io.WriteString(w, file)
		h.must(err)
	}
	h.must(m.Close())
	r := httptest.NewRequest("POST", "/registers/import", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return h.send(who, "zh", r)
}

// TestOutlinesComeInByThePage looks at a file first, sees its faults, and takes it in.
func TestOutlinesComeInByThePage(t *testing.T) {
	h := stand(t)
	clerk := h.one("office", "issuer")
	h.page(clerk, "/registers/import").Has("select[name=datum] option")
	cell := func(code string, lng float64) string {
		return fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"grid":"220105001001G01"},"geometry":{"type":"Polygon","coordinates":[[[%[2]g,43.856],[%[3]g,43.856],[%[3]g,43.857],[%[2]g,43.857],[%[2]g,43.856]]]}}`, code, lng, lng+0.001)
	}
	file := func(cells ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(cells, ",") + `]}`
	}
	good := file(cell("220105001001901", 125.356), cell("220105001001902", 125.357))
	form := []string{"register", "place/cell", "datum", "gcj02", "on", "2023-10-16", "do", "look"}
	for _, c := range []struct {
		name, file string
		form       []string
		status     int
		says       string
	}{
		{"without a datum", good, []string{"register", "place/cell", "on", "2023-10-16"}, 422, "请选坐标系"},
		{"without a file", "", form, 422, "请选一个文件"},
		{"no GeoJSON", "hello", form, 422, "不是GeoJSON"},
		{"a cell twice", file(cell("1", 125.356), cell("1", 125.357)), form, 422, "重复"},
		{"a good one", good, form, 200, "新增2"},
	} {
		w := h.sendPlaces(clerk, c.file, c.form...)
		p := parse(t, w)
		if w.Code != c.status || !strings.Contains(p.Text("main"), c.says) {
			t.Errorf("%s: status %d, want %d with %q: %s", c.name, w.Code, c.status, c.says, p.Text("main"))
		}
	}
	p := parse(t, h.sendPlaces(clerk, good, form...))
	p.Has(".narrow-only > svg.draw-atlas") // a phone shows it whole
	p.Has(".draw-atlas .atlas-area.new")
	var second []string
	for k, v := range p.Fields("form.acts") {
		second = append(second, k, v[0])
	}
	if w := h.sendPlaces(clerk, "", append(second, "do", "import")...); w.Code != http.StatusSeeOther {
		t.Fatalf("the second step: %d %s", w.Code, w.Body)
	} else {
		h.page(clerk, w.Header().Get("Location")).Contains("main", "文件已导入")
	}
	at := geo.GCJ02{Lng: 125.3565, Lat: 43.8565}.WGS84()
	for _, tile := range []string{"/tiles/cell/14/" + tileOf(14, at) + ".mvt"} {
		layers, err := mvt.Unmarshal(h.ask("", "zh", "GET", tile, nil).Body.Bytes())
		found := false
		for _, f := range layers[0].Features {
			found = found || f.Properties["code"] == "220105001001901"
		}
		if err != nil || !found {
			t.Errorf("the cell that came in is not on the map: %v", err)
		}
	}
	if w := h.ask(h.one("housing", "handler"), "zh", "GET", "/registers/import", nil); w.Code != http.StatusForbidden {
		t.Errorf("a handler may import: %d", w.Code)
	}
}

// tileOf is column and row of the tile of a level that a place lies on.
func tileOf(z int, p geo.Point) string {
	x, y := p.Mercator()
	return fmt.Sprintf("%d/%d", int(x*float64(int(1)<<z)), int(y*float64(int(1)<<z)))
}

// TestAPhoneHasAMapOfItsOwn: beside the wide map stands one of a phone's width with the same marks, shown instead of it and not to be scrolled.
func TestAPhoneHasAMapOfItsOwn(t *testing.T) {
	h := stand(t)
	form := h.report("service", "E06002")
	form.Set("place", "125.36,43.86")
	h.follow(h.ask("", "zh", "POST", "/report", form))
	p := h.page("", "/open/map")
	if n := len(p.All(".narrow-only > svg.draw-atlas a > circle")); n == 0 || n != len(p.All(".wide-only > svg.draw-atlas a > circle")) {
		t.Errorf("%d marks on the phone's map, %d on the wide one", n, len(p.All(".wide-only > svg.draw-atlas a > circle")))
	}
	p.Lacks(".scrollbox.narrow-only")
}

// TestAPlaceLeadsToTheMap: who works here sees where a matter lies by one press, whatever page tells of it; who has no map is told of none.
func TestAPlaceLeadsToTheMap(t *testing.T) {
	h := stand(t)
	op := h.one("watch-centre", "operator")
	done, err := h.desk.Start(t.Context(), h.who(op), desk.Do{Kind: "urban/case", Act: "report", With: filled("title", "路灯不亮", "source", "public", "text", "东盛大街路灯不亮三盏", "place", "125.35743,43.86548")})
	h.must(err)
	for _, path := range []string{"/matters/" + string(done.Matter), "/desk/cases?case=" + string(done.Matter)} {
		link := h.page(op, path).First(`dl a[href^="/map?box="]`).Attr("href")
		u, err := url.Parse(link)
		h.must(err)
		if box, ok := parseBox(u.Query().Get("box")); !ok || !box.Has(geo.Point{Lng: 125.35743, Lat: 43.86548}) || box.Min.DistanceM(box.Max) > 1000 {
			t.Errorf("%s leads to %s", path, link)
		}
		h.page(op, link).Has("[data-map]")
	}
	nobody := &request{s: &server{Config: h.config}, Request: httptest.NewRequest("GET", "/", nil)}
	if got := nobody.mapAt("125.35743,43.86548"); got != "" {
		t.Errorf("nobody is led to %s", got)
	}
}
