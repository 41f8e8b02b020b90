package web

import "testing"

// TestAPhoneFoldsAFilterAndSaysHowMuchItHolds: the rows come first on a phone; what is folded away still says that the list is narrowed.
func TestAPhoneFoldsAFilterAndSaysHowMuchItHolds(t *testing.T) {
	h := stand(t)
	handler := h.one("housing", "handler")
	for path, want := range map[string]string{
		"/map": "", "/map?kind=&light=": "", "/desk?tab=all&light=red&unit=housing": "2", "/goals?year=2023&light=red": "1", "/map?kind=works%2Fsite": "1",
	} {
		w := h.ask(handler, "zh", "GET", path, nil)
		if w.Code != 200 {
			t.Fatalf("%s is answered with %d", path, w.Code)
		}
		p := parse(t, w)
		p.Has("details.fold summary")
		if want == "" {
			p.Lacks("details.fold .count")
		} else {
			p.Contains("details.fold .count", want)
		}
	}
}

// TestADeskWithoutAnythingShowsNoFilter: whoever has no matter at all is shown where to go instead.
func TestADeskWithoutAnythingShowsNoFilter(t *testing.T) {
	h := stand(t)
	p := h.page(h.one("statistics", "statistician"), "/desk")
	p.Lacks("form.filters")
	p.Contains(`.empty a[href="/packs"]`, "业务")
}
