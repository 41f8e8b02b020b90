package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
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
		form.Set("pin.x", "152")
		form.Set("pin.y", "114")
		w := h.ask("", "zh", "POST", "/report/pin", form)
		p := parse(t, w)
		fields := p.Fields(".door")
		at, err := geo.ParsePoint(fields["place"][0])
		if w.Code != 200 || err != nil || at.DistanceM(box.Center()) > 100 || fields["text"][0] != form.Get("text") {
			t.Fatalf("tap %d: status %d, place %v of window %v, text %q", i, w.Code, fields["place"], box, fields["text"])
		}
		picture := h.ask("", "zh", "GET", p.First("input[name=pin]").Attr("src"), nil)
		if picture.Code != 200 || picture.Header().Get("Content-Type") != "image/svg+xml" || !strings.Contains(picture.Body.String(), `cx="152`) {
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
