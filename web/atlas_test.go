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

	"bihuan/ground/geo"
	"bihuan/ground/name"
)

// TestMapPages asks for the map in both languages, as who works here and as nobody, and follows its links.
func TestMapPages(t *testing.T) {
	h := standDemo(t)
	leader := h.one("government", "leader")
	for _, c := range []struct {
		path string
		who  name.Person
		has  string
		says string
	}{
		{"/map", leader, ".draw-atlas .atlas-mark", "东盛街道"},
		{"/map?kind=urban/case&open=yes&light=red", leader, "select[name=class] option", "超期"},
		{"/map?month=2023-09", leader, "[data-map]", "分街道"},
		{"/map?box=125.36,43.85,125.38,43.87", leader, ".atlas-area.community", "看全区"},
		{"/map?box=nonsense", leader, ".atlas-area.street", ""},
		{"/map/list", leader, ".atlas-list a", "件"},
		{"/map/list?area=220105001&kind=urban/case", leader, ".atlas-list a", ""},
		{"/map/list?at=20/0/0", leader, "[data-fragment] .empty", "没有事项"},
		{"/open/map", "", ".draw-atlas .atlas-mark.plain", "分街道"},
		{"/open/map/list", "", ".atlas-list", "件"},
		{"/report", "", "input[name=pin]", "在图上选位置"},
	} {
		p := h.page(c.who, c.path)
		p.Has(c.has)
		if c.says != "" {
			p.Contains("main", c.says)
		}
	}
	p := h.page(leader, "/map")
	for _, link := range p.Links() {
		if strings.HasPrefix(link, "/map") {
			if w := h.ask(leader, "zh", "GET", link, nil); w.Code != 200 {
				t.Errorf("%s leads to %d", link, w.Code)
			}
		}
	}
	open := h.ask("", "zh", "GET", "/open/map/list", nil).Body.String() + h.ask("", "zh", "GET", "/open/map", nil).Body.String()
	if strings.Contains(open, `href="/matters/`) || strings.Contains(open, "超期") {
		t.Error("the public map leads inside, or tells of clocks")
	}
}

// TestTilesAreSentToWhoMayHaveThem asks for tiles by their addresses.
func TestTilesAreSentToWhoMayHaveThem(t *testing.T) {
	h := standDemo(t)
	leader := h.one("government", "leader")
	for _, c := range []struct {
		name, path string
		who        name.Person
		status     int
		layer      string // empty for none
	}{
		{"a leader's matters", "/tiles/matters/9/434/186.mvt", leader, 200, "matters"},
		{"nobody's matters", "/tiles/matters/9/434/186.mvt", "", 403, ""},
		{"an administrator's matters", "/tiles/matters/9/434/186.mvt", h.one("services", "sysadmin"), 403, ""},
		{"what is public", "/tiles/open/9/434/186.mvt", "", 200, "matters"},
		{"elsewhere", "/tiles/matters/9/0/0.mvt", leader, 200, ""},
		{"narrowed to nothing", "/tiles/matters/9/434/186.mvt?month=2001-01", leader, 200, ""},
		{"streets", "/tiles/street/9/434/186.mvt", "", 200, "street"},
		{"cells from above", "/tiles/cell/9/434/186.mvt", "", 200, ""},
		{"an unknown layer", "/tiles/planet/9/434/186.mvt", leader, 404, ""},
		{"off the map", "/tiles/matters/1/5/0.mvt", leader, 422, ""},
		{"too deep", "/tiles/matters/22/0/0.mvt", leader, 404, ""},
		{"no month", "/tiles/matters/9/434/186.mvt?month=13", leader, 422, ""},
	} {
		w := h.ask(c.who, "zh", "GET", c.path, nil)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", c.name, w.Code, c.status)
			continue
		}
		if c.status != 200 {
			continue
		}
		layers, err := mvt.Unmarshal(w.Body.Bytes())
		if err != nil || c.layer == "" && len(layers) > 0 || c.layer != "" && (len(layers) == 0 || layers[0].Name != c.layer) {
			t.Errorf("%s: layers %v, %v", c.name, layers, err)
		}
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		if again := h.send(c.who, "zh", r); again.Code != http.StatusNotModified || again.Body.Len() > 0 || w.Header().Get("Cache-Control") == "" {
			t.Errorf("%s: asked again with %s: %d", c.name, r.Header.Get("If-None-Match"), again.Code)
		}
	}
}

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
		b, err := assetFiles.ReadFile("assets/" + file + ".gz")
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
