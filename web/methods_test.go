package web

import "testing"

// TestTheAPIHasAPageForPeople: the foot of each page leads to words, and they lead to the description for programs.
func TestTheAPIHasAPageForPeople(t *testing.T) {
	h := stand(t)
	h.page("", "/").Has(`.foot a[href="/open/api"]`)
	p := h.page("", "/open/api")
	p.Contains("h1", "接口说明")
	p.Has(`a[href="/api/openapi.json"]`)
	p.Lacks("table") // this house has no API
}
