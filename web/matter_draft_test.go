package web

import (
	"context"
	"testing"

	"bihuan/desk/drafts"
	"bihuan/ground/name"
)

// TestADraftIsLookedAtAndSent: the form stands as the assistant left it, says so, is nobody else's, and is sent as any other.
func TestADraftIsLookedAtAndSent(t *testing.T) {
	h := stand(t)
	office, id := h.openSite()
	handler := h.one("housing", "handler")
	who, _ := h.desk.Directory().Caller(handler, "zh")
	d, err := h.drafts.Put(context.Background(), who, drafts.Draft{Matter: name.ID(id), Act: "start", With: map[string]string{"begun": "2023-10-16"}})
	h.must(err)
	p := h.page(handler, d.Path())
	p.Contains(".note", "智能助手代拟")
	if got := p.First(`input[name="f.begun"]`).Attr("value"); got != "2023-10-16" {
		t.Errorf("the day drafted is %q on the page", got)
	}
	if got := p.First(`input[name="command"]`).Attr("value"); got != d.Command() {
		t.Errorf("it would be sent as %q, want %q", got, d.Command())
	}
	if w := h.ask(h.one("housing", "head"), "zh", "GET", d.Path(), nil); w.Code != 404 {
		t.Errorf("somebody else's draft is answered with %d", w.Code)
	}
	if w := h.ask(handler, "zh", "GET", "/matters/"+id+"/acts/report-progress?draft="+d.ID, nil); w.Code != 404 {
		t.Errorf("under another act it is answered with %d", w.Code)
	}
	issuer, _ := h.desk.Directory().Caller(office, "zh")
	opening, err := h.drafts.Put(context.Background(), issuer, drafts.Draft{Kind: "works/site", With: map[string]string{"title": "东盛小区改造"}})
	h.must(err)
	h.page(office, opening.Path()).Has(`input[name="f.title"][value="东盛小区改造"]`)
}
