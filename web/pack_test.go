package web

import (
	"net/url"
	"strings"
	"testing"

	"bihuan/ground/name"
)

func TestADocumentIsFilledFromItsMatter(t *testing.T) {
	h := stand(t)
	office, id := h.openSite()
	p := h.page(office, "/packs/works/template?matter="+id)
	p.Has(`a[href="/packs/works/template/file-sheet?matter=` + id + `"]`)
	doc := h.page(office, "/packs/works/template/file-sheet?matter="+id)
	for _, words := range []string{"某小区改造", "老旧小区", "W220105"} {
		doc.Contains(".sheet-paper", words)
	}
	if w := h.ask(office, "zh", "GET", "/packs/supervision/template/"+h.anyTemplate("supervision")+"?matter="+id, nil); w.Code != 422 {
		t.Errorf("a document of another kind: %d", w.Code)
	}
}

// TestAHandbookSaysItsAmountsInTheLanguage: a parameter's unit is written in Chinese in its pack.
func TestAHandbookSaysItsAmountsInTheLanguage(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	h.page(office, "/packs/grid/handbook").Contains("table", "2个工作时")
	if text := parse(t, h.ask(office, "en", "GET", "/packs/grid/handbook", nil)).Text("main"); !strings.Contains(text, "2 working hours") || strings.Contains(text, "工作") || strings.Contains(text, "（") {
		t.Errorf("an English handbook: %s", text)
	}
}

// TestASizeStandsInTheUnitOfItsCategory: two kilometres of road are no two square metres of park, on the page, in the history, in a document and beside the input.
func TestASizeStandsInTheUnitOfItsCategory(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	for category, want := range map[string]string{"road-open": "2.2公里", "pocket-park": "2.2平方米", "old-estate": "2.2"} {
		form := url.Values{"command": {h.desk.NewCommand()}, "kind": {"works/site"}, "f.title": {"某工程"}, "f.category": {category}, "f.unit": {"housing"}, "f.due": {"2023-12-20"}, "f.size": {"2.2"}}
		id, _, _ := strings.Cut(strings.TrimPrefix(h.follow(h.ask(office, "zh", "POST", "/matters", form)), "/matters/"), "?")
		p := h.page(office, "/matters/"+id)
		size := p.Text(".sheet")
		if !strings.Contains(size, "规模 "+want) && !strings.Contains(size, "规模"+want) || category == "old-estate" && strings.Contains(size, "2.2公里") {
			t.Errorf("%s: %s, want %s", category, size, want)
		}
		p.Contains(".matter-history", "规模："+want)
		h.page(office, "/packs/works/template/file-sheet?matter="+id).Contains(".sheet-paper", want)
		unit := strings.TrimPrefix(want, "2.2")
		if got := h.page(office, "/matters/"+id+"/acts/ask-change-plan").Text(".with-unit"); got != unit {
			t.Errorf("%s: the input is in %q, want %q", category, got, unit)
		}
	}
}

func (h *house) anyTemplate(pack string) string {
	p, _ := h.desk.Packs().Pack(pack)
	return p.Templates[0].Key
}

// openSite opens a site as the office's issuer and returns it.
func (h *house) openSite() (office name.Person, id string) {
	h.t.Helper()
	office = h.one("office", "issuer")
	h.page(office, "/matters/new").Has(`a[href*="works%2fsite"]`)
	h.page(office, "/matters/new?kind=works/site").Has(`input[name="f.title"]`)
	form := url.Values{"command": {h.desk.NewCommand()}, "kind": {"works/site"}, "f.title": {"某小区改造"}, "f.category": {"old-estate"}, "f.unit": {"housing"},
		"f.begin": {"2023-10-20"}, "f.due": {"2023-12-20"}, "f.size": {"1"}, "f.area": {"220105001"}}
	to := h.follow(h.ask(office, "zh", "POST", "/matters", form))
	id, _, _ = strings.Cut(strings.TrimPrefix(to, "/matters/"), "?")
	return office, id
}
