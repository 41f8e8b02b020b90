//go:build !race

package api_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestSearchFindsAndMarks(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	at := "/api/v1/search?q=" + url.QueryEscape("泵房") + "&limit=20"
	page := x.call(t, office, "GET", at, "").want(t, 200)
	items := page.list("items")
	total, _ := strconv.Atoi(page.text("total"))
	if len(items) != 20 || total <= 20 || page.at("next") == nil {
		t.Fatalf("%d items of %d", len(items), total)
	}
	for _, it := range items {
		title := []rune(it.text("title.text"))
		span := it.list("title.spans")[0]
		start, _ := strconv.Atoi(span.text("start"))
		end, _ := strconv.Atoi(span.text("end"))
		if got := string(title[start:end]); got != "泵房" {
			t.Errorf("marked %q in %s", got, string(title))
		}
	}
	next := x.call(t, office, "GET", at+"&cursor="+url.QueryEscape(page.text("next")), "").want(t, 200)
	if next.list("items")[0].text("matter.id") == items[0].text("matter.id") {
		t.Error("the second page begins like the first")
	}
	narrow := x.call(t, office, "GET", at+"&kind=works/site&open=true&from=2023-01-01&to=2023-12-31&order=newest", "").want(t, 200)
	if n, _ := strconv.Atoi(narrow.text("total")); n <= 0 || n >= total {
		t.Errorf("%d are open", n)
	}
	x.call(t, office, "GET", "/api/v1/search", "").problem(t, 400, "parameter-invalid", "q")
	x.call(t, office, "GET", "/api/v1/search?q="+url.QueryEscape("泵"), "").problem(t, 400, "search-too-short", "q")
	x.call(t, office, "GET", "/api/v1/search?q="+url.QueryEscape("泵房")+"&from=yesterday", "").problem(t, 400, "parameter-invalid", "from")
	public := x.call(t, "", "GET", at, "").want(t, 200)
	if len(public.list("items")) == 0 || strings.Contains(string(public.bytes), `"person":{`) {
		t.Errorf("the public is told persons, or nothing: %s", public.bytes)
	}
}
