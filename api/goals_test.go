//go:build !race

package api_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestGoals(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	all := x.call(t, office, "GET", "/api/v1/goals?year=2023&limit=500", "").want(t, 200)
	if n := len(all.list("items")); n < 40 || all.at("next") != nil {
		t.Fatalf("%d goals, next %v", n, all.at("next"))
	}
	t.Run("pages hold every goal once, while the clock runs", func(t *testing.T) {
		seen, cursor := map[string]bool{}, ""
		for page := 0; page == 0 || cursor != ""; page++ {
			r := x.call(t, office, "GET", "/api/v1/goals?year=2023&limit=7&cursor="+cursor, "").want(t, 200)
			for _, g := range r.list("items") {
				if seen[g.text("id")] {
					t.Fatalf("goal %s twice", g.text("id"))
				}
				seen[g.text("id")] = true
			}
			cursor = r.text("next")
		}
		if len(seen) != len(all.list("items")) {
			t.Errorf("%d goals in pages, %d at once", len(seen), len(all.list("items")))
		}
	})
	t.Run("filters narrow", func(t *testing.T) {
		for _, light := range []string{"green", "yellow", "red", "grey"} {
			for _, g := range x.call(t, office, "GET", "/api/v1/goals?year=2023&light="+light, "").want(t, 200).list("items") {
				if g.text("light") != light {
					t.Errorf("asked for %s, got %s", light, g.text("light"))
				}
			}
		}
		for _, g := range x.call(t, office, "GET", "/api/v1/goals?unit=housing", "").want(t, 200).list("items") {
			if g.text("lead.id") != "housing" {
				t.Errorf("lead %s", g.text("lead.id"))
			}
		}
		if n := len(x.call(t, office, "GET", "/api/v1/goals?year=1999", "").want(t, 200).list("items")); n != 0 {
			t.Errorf("%d goals of 1999", n)
		}
	})
	t.Run("an item has the keys of the contract and no others, and numbers are plain digits", func(t *testing.T) {
		var page struct {
			Items []map[string]json.RawMessage `json:"items"`
		}
		if err := json.Unmarshal(all.bytes, &page); err != nil {
			t.Fatal(err)
		}
		keys := []string{"actual", "due", "id", "lead", "light", "shape", "source", "target", "title"}
		digits := regexp.MustCompile(`^(null|-?[0-9]+(\.[0-9]+)?)$`)
		for _, g := range page.Items {
			var got []string
			for k := range g {
				got = append(got, k)
			}
			slices.Sort(got)
			if !slices.Equal(got, keys) {
				t.Fatalf("keys %v, want %v", got, keys)
			}
			if !digits.Match(g["actual"]) {
				t.Errorf("actual %s is not plain digits", g["actual"])
			}
			if string(g["shape"]) == `"milestone"` != (string(g["target"]) == "null") {
				t.Errorf("shape %s with target %s", g["shape"], g["target"])
			}
		}
	})
	t.Run("one goal has its reading, figures, original terms and matters", func(t *testing.T) {
		id := findGoal(t, "老旧小区改造")
		g := x.call(t, office, "GET", "/api/v1/goals/"+id, "").want(t, 200)
		if g.text("feed.counts") != "works/site" || g.text("original.target.value") != "21" || g.text("matter") == "" || len(g.list("holding")) == 0 {
			t.Errorf("counts %s, original %s, matter %q, %d holding", g.text("feed.counts"), g.text("original.target.value"), g.text("matter"), len(g.list("holding")))
		}
		if g.header.Get("ETag") != `"`+g.text("version")+`"` {
			t.Errorf("ETag %s of version %s", g.header.Get("ETag"), g.text("version"))
		}
		rows := x.call(t, office, "GET", "/api/v1/goals/"+id+"/rows?limit=5", "").want(t, 200)
		next := x.call(t, office, "GET", "/api/v1/goals/"+id+"/rows?limit=500&cursor="+rows.text("next"), "").want(t, 200)
		if n := len(rows.list("items")) + len(next.list("items")); g.text("actual") != itoa(n) {
			t.Errorf("%d rows behind a figure of %s", n, g.text("actual"))
		}
		series := x.call(t, office, "GET", "/api/v1/goals/"+id+"/figures", "").want(t, 200).list("items")
		if last := series[len(series)-1]; last.text("value") != g.text("actual") {
			t.Errorf("the last figure is %s, actual %s", last.text("value"), g.text("actual"))
		}
	})
	t.Run("without a token persons and internal fields are left out", func(t *testing.T) {
		id := findGoal(t, "老旧小区改造")
		for _, path := range []string{"/api/v1/goals?year=2023", "/api/v1/goals/" + id, "/api/v1/goals/" + id + "/rows", "/api/v1/goals/" + id + "/figures", "/api/v1/matters?kind=works/site"} {
			r := x.call(t, "", "GET", path, "").want(t, 200)
			for _, p := range x.persons {
				if strings.Contains(string(r.bytes), `"`+p.ID+`"`) || strings.Contains(string(r.bytes), p.Name) {
					t.Errorf("%s names %s to anybody", path, p.ID)
				}
			}
			if strings.Contains(string(r.bytes), `"budget"`) {
				t.Errorf("%s shows an internal field to anybody", path)
			}
		}
		if n := len(x.call(t, "", "GET", "/api/v1/goals?year=2023&limit=500", "").list("items")); n != len(all.list("items")) {
			t.Errorf("%d goals are public of %d, all published", n, len(all.list("items")))
		}
	})
}

// TestAGoalNamesNoMatterThatItsReaderMayNotRead: neither as the promise that fulfils it nor as what moved a figure; of the rows behind a figure such a
// reader learns no light and no due time. The goal's page is held to the same.
func TestAGoalNamesNoMatterThatItsReaderMayNotRead(t *testing.T) {
	x, id := shared, findGoal(t, "老旧小区改造")
	named := func(token string) (all []string) {
		g := x.call(t, token, "GET", "/api/v1/goals/"+id, "").want(t, 200)
		all = append(all, g.text("matter"))
		for _, f := range append(g.list("figures"), x.call(t, token, "GET", "/api/v1/goals/"+id+"/figures", "").want(t, 200).list("items")...) {
			all = append(all, f.text("cause"))
		}
		return slices.DeleteFunc(all, func(m string) bool { return m == "" })
	}
	office, statistician := x.as(t, "office", "issuer", 0), x.as(t, "statistics", "statistician", 0)
	if n := len(named(office)); n < 3 {
		t.Fatalf("%d matters are named to the office: nothing is examined", n)
	}
	for _, token := range []string{office, statistician, x.as(t, "education", "handler", 0), x.as(t, "office", "publisher", 0)} {
		for _, m := range named(token) {
			x.call(t, token, "GET", "/api/v1/matters/"+m, "").want(t, 200)
		}
	}
	shut := 0
	for _, r := range x.call(t, statistician, "GET", "/api/v1/goals/"+id+"/rows", "").want(t, 200).list("items") {
		if x.call(t, statistician, "GET", "/api/v1/matters/"+r.text("id"), "").status == 200 {
			continue
		}
		if shut++; r.at("light") != nil || r.at("due") != nil {
			t.Errorf("a row that its reader may not open has the light %v and is due %v", r.at("light"), r.at("due"))
		}
	}
	if shut == 0 {
		t.Error("the statistician may open every row: nothing was examined")
	}
}

// findGoal returns the id of the goal with words in its title.
func findGoal(t *testing.T, words string) string {
	t.Helper()
	for _, g := range shared.call(t, "", "GET", "/api/v1/goals?limit=500", "").want(t, 200).list("items") {
		if strings.Contains(g.text("title"), words) {
			return g.text("id")
		}
	}
	t.Fatalf("no goal with %q in its title", words)
	return ""
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }
