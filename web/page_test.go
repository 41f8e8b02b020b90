package web

import (
	"strings"
	"testing"
)

// TestSharedTemplatesAreHeldOnce: a page has its own templates and the layout; what all pages share is in the set once, and no page's
// call leads to another page's template.
func TestSharedTemplatesAreHeldOnce(t *testing.T) {
	a, err := readAssets()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := parsePages(a)
	if err != nil {
		t.Fatal(err)
	}
	for called, p := range pages {
		for lang, set := range p.byLang {
			if set != pages["signin"].byLang[lang] {
				t.Fatalf("page %s has a set of its own", called)
			}
		}
		if !p.own["title"] || !p.own["body"] || !p.own[layout] {
			t.Errorf("page %s has no title, no body or no layout", called)
		}
	}
	copies := map[string]int{}
	for _, one := range pages["signin"].byLang["zh"].Templates() {
		page, own, isOwn := strings.Cut(one.Name(), "/")
		if one.Tree == nil {
			continue
		}
		if isOwn {
			copies[own]++
		}
		for _, call := range calls(one.Tree.Root) {
			to, _, far := strings.Cut(call.Name, "/")
			if far && to != page {
				t.Errorf("%s calls %s of another page", one.Name(), call.Name)
			}
			if p := pages[page]; p != nil && p.own[call.Name] {
				t.Errorf("%s %s calls %s by the name that all pages have for it", page, own, call.Name)
			}
		}
	}
	if copies[layout] != len(pages) || copies["goal-filter"] != 1 {
		t.Errorf("%d pages hold the layout %d times and the filter of goals %d times", len(pages), copies[layout], copies["goal-filter"])
	}
}
