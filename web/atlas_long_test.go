//go:build long

package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

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
