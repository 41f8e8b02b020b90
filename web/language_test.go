package web

import (
	"net/url"
	"testing"

	"bihuan/internal/htmlcheck"
)

func TestNoAddressLeadsAway(t *testing.T) {
	h := stand(t)
	for _, to := range []string{"//elsewhere.example", "/\t/elsewhere.example", "/\n/elsewhere.example", "/\r/elsewhere.example", "\t//elsewhere.example", "/\\elsewhere.example",
		"/\x00/elsewhere.example", "/\x7f/elsewhere.example", "https://elsewhere.example", "elsewhere.example", ""} {
		if got := h.follow(h.stranger("", "POST", "/language", url.Values{"lang": {"en"}, "to": {to}})); got != "/" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	for _, to := range []string{"/desk?tab=all&text=路灯", "/goals#g-1"} {
		if got := local(to); got != to {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}

// TestLargeTypeIsRemembered: who asks for large type has it on every page until the usual one is asked for, in either language, with no
// script; the language stays what it was.
func TestLargeTypeIsRemembered(t *testing.T) {
	h := stand(t)
	b := h.browser()
	page := func(path string) *htmlcheck.Page { return parse(t, b.ask("GET", path, nil)) }
	first := page("/promises")
	first.Lacks("html.large")
	first.Has(`form[action="/language"] button[name="type"][value="large"]`)
	b.ask("POST", "/language", url.Values{"type": {"large"}, "to": {"/promises"}})
	b.jar["lang"] = "en"
	p := page("/report")
	p.Has("html.large")
	p.Contains(`form[action="/language"] button[name="type"][value="usual"]`, "Usual type")
	b.ask("POST", "/language", url.Values{"type": {"huge"}, "to": {"/promises"}}) // nothing that is known: the language is what is asked for
	page("/report").Has("html.large")
	b.ask("POST", "/language", url.Values{"type": {"usual"}, "to": {"/promises"}})
	page("/report").Lacks("html.large")
}

// TestPromisesOfAYearWithoutAny: a district that has published nothing yet says so instead of showing noughts.
func TestPromisesOfAYearWithoutAny(t *testing.T) {
	p := stand(t).page("", "/promises")
	p.Contains(".hall .empty", "还没有公布")
	p.Lacks(".promises-sum")
	p.Lacks(`input[name="q"]`)
}
