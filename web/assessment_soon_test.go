package web

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bihuan/desk/assess"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// slow is a store whose log nobody sees the end of, as long as it is.
type slow struct {
	assess.Store
	is bool
}

func (s *slow) Head(ctx context.Context, log name.District) (int64, ledger.Hash, error) {
	if s.is {
		<-ctx.Done()
		return 0, ledger.Hash{}, ctx.Err()
	}
	return s.Store.Head(ctx, log)
}

// TestAMonthThatTakesLongSaysSo: the pages of a month that is not worked out yet say so and ask again by themselves; then they are there.
func TestAMonthThatTakesLongSaysSo(t *testing.T) {
	h := stand(t)
	h.openSite()
	readAndPublish(h)
	store := &slow{h.store, true}
	c := h.config
	c.Assess, c.Patience = assess.New(h.desk, store), time.Millisecond
	var err error
	h.pages, err = New(c)
	h.must(err)
	supervisor := h.one("supervision", "supervisor")
	for _, path := range []string{"/assessment", "/assessment/2023-10", "/assessment/2023-10/units/housing", "/assessment/2023-10/circular"} {
		w := h.ask(supervisor, "zh", "GET", path, nil)
		if refresh := w.Header().Get("Refresh"); w.Code != 200 || refresh != "2" || !strings.Contains(w.Body.String(), "正在汇总本月记录") || strings.Contains(w.Body.String(), "没有可以考核的单位") {
			t.Errorf("%s: status %d, asks again after %q", path, w.Code, refresh)
		}
	}
	store.is = false
	c.Patience = time.Minute
	h.pages, err = New(c)
	h.must(err)
	w := h.ask(supervisor, "zh", "GET", "/assessment", nil)
	if w.Header().Get("Refresh") != "" {
		t.Error("the month is there, and the page asks again")
	}
	parse(t, w).Has("table.scores tbody tr")
}

// TestALongSheetIsTurnedOver: what stands behind a line comes a hundred at a time, and all of it can be reached.
func TestALongSheetIsTurnedOver(t *testing.T) {
	h := stand(t)
	s := &server{Config: h.config}
	unit := assess.Unit{Unit: "housing"}
	for i := range 250 {
		unit.Causes = append(unit.Causes, assess.Cause{Line: "timeliness", Of: "goal", Goal: true, Title: fmt.Sprint("第", i+1, "条")}, assess.Cause{Line: "quality", Of: "goal", Goal: true, Title: "另一项"})
	}
	seen, at := map[string]bool{}, "/assessment/2023-10/units/housing"
	for pages := 0; at != ""; pages++ {
		u, err := url.Parse(at)
		h.must(err)
		q := &request{Request: httptest.NewRequest("GET", u.RequestURI(), nil), Lang: "zh"}
		lines := map[string]sheetLine{}
		for _, key := range []string{"timeliness", "quality"} {
			lines[key], err = s.sheetLine(q, &unit, indicator.Line{Key: key}, u.Path)
			h.must(err)
		}
		l := lines["timeliness"]
		if l.All != 250 || len(l.Causes) > mostCauses || (l.Earlier == "") != (pages == 0) || lines["quality"].From != 1 {
			t.Fatalf("page %d: %d to %d of %d, earlier %q", pages, l.From, l.Last(), l.All, l.Earlier)
		}
		for _, c := range l.Causes {
			seen[c.Title] = true
		}
		at = l.Later
	}
	if len(seen) != 250 {
		t.Errorf("%d of 250 were shown", len(seen))
	}
}
