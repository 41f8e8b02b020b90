//go:build long

package web

import (
	"net/url"
	"strings"
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

// TestAPromiseSaysInWhatItCounts: what was done so far stands in the list in the unit of the target, not as a bare number.
func TestAPromiseSaysInWhatItCounts(t *testing.T) {
	h := standDemo(t)
	list := h.page(h.one("government", "leader"), "/packs/promise/list")
	list.Contains("tbody", "4.11亿元")
	list.Contains("tbody", "持平或领先")
	if text := list.Text("tbody"); strings.Contains(text, "411000000") || strings.Contains(text, "0个百分点以上") {
		t.Errorf("the list of promises holds bare numbers: %.400s", text)
	}
}
