//go:build long

package web

import (
	"net/url"
	"testing"
)

func TestEveryPackHasItsFiveFaces(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	h.page(office, "/packs")
	for _, p := range h.desk.Packs().Packs() {
		for _, face := range packFaces {
			h.page(office, "/packs/"+p.Name+"/"+face).Contains("h1", p.Words.ZH)
		}
		for _, l := range p.Lists {
			h.page(office, "/packs/"+p.Name+"/list?list="+url.QueryEscape(l.Key)).Contains("h2", l.Words.ZH)
			if w := h.ask(office, "zh", "GET", "/packs/"+p.Name+"/list/csv?list="+url.QueryEscape(l.Key), nil); w.Code != 200 {
				t.Errorf("list %s of %s as a file: %d", l.Key, p.Name, w.Code)
			}
		}
		for _, tp := range p.Templates {
			h.page(office, "/packs/"+p.Name+"/template/"+tp.Key).Contains(".sheet-paper", gap)
		}
	}
	if w := h.ask(office, "zh", "GET", "/packs/nothing/list", nil); w.Code != 404 {
		t.Errorf("a pack that is not there: %d", w.Code)
	}
}
