//go:build !race

package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/htmlcheck"
	"bihuan/kernel/journal"
)

// TestCollectorsDay files a case from a phone with a sealed photo, has the same sending come twice, and verifies another on the
// spot; the matter's page works the seals out again.
func TestCollectorsDay(t *testing.T) {
	h := stand(t)
	collector, op := h.one("watch-centre", "collector"), h.one("watch-centre", "operator")
	if to := h.page(collector, "/collect").Link("采集上报"); !strings.Contains(to, "act=collect") {
		t.Errorf("collecting leads to %q", to)
	}
	if to := h.ask(collector, "zh", "GET", "/collect/new", nil).Header().Get("Location"); to != "/collect" {
		t.Errorf("without a kind one comes to %q", to)
	}
	h.page(collector, "/collect/new?kind=urban/case&act=collect").Has(`input[data-photo]`)
	w := h.ask(collector, "zh", "POST", "/collect/hints", url.Values{"kind": {"urban/case"}, "f.text": {"路灯不亮三盏"}, "f.condition": {""}, "must": {"yes"}})
	htmlcheck.Fragment(t, w.Body.String()).Has(`input[value="E06002"]`)

	photo := jpegOf(t)
	place, taken := "125.35743,43.86548", "2023-10-16T01:02:03.456Z"
	captures := func(seal string) string {
		b, _ := json.Marshal([]sealed{{Size: len(photo), Place: place, Taken: taken, Seal: seal}})
		return string(b)
	}
	form := url.Values{"kind": {"urban/case"}, "act": {"collect"}, "command": {"01a21319-2276-7b4f-ad77-ed32d41a0c1a"}, "captures": {captures(desk.Seal(photo, place, taken))},
		"f.text": {"路灯不亮三盏"}, "class": {"E06002"}, "class-other": {""}, "class-was": {""}, "f.condition": {"E06002-1"}, "f.place": {place}, "f.address": {"东盛大街128号门前"}}
	send := func(form url.Values, files ...string) int {
		w := h.send(collector, "zh", multipartRequest(t, "/collect/new", form, "e.0", files...))
		if w.Code == http.StatusSeeOther {
			h.page(collector, w.Header().Get("Location")).Contains(".done", "采集上报")
		} else {
			parse(t, w)
		}
		return w.Code
	}
	if code := send(form); code != 422 {
		t.Errorf("without a photo: %d", code)
	}
	broken := url.Values{}
	for k, v := range form {
		broken[k] = v
	}
	broken["captures"] = []string{captures(strings.Repeat("a", 64))}
	if code := send(broken, string(photo)); code != 422 {
		t.Errorf("a seal of something else: %d", code)
	}
	for range 2 {
		if code := send(form, string(photo)); code != http.StatusSeeOther {
			t.Fatalf("sent: %d", code)
		}
	}
	all := h.cases(op)
	if len(all) != 1 || all[0].State != "to-file" || all[0].Area != "220105001" || all[0].Title != "路灯不亮：东盛大街128号门前" {
		t.Fatalf("sent twice there are %d cases: %+v", len(all), all)
	}
	m, err := h.desk.Matter(t.Context(), h.who(op), all[0].Stream)
	h.must(err)
	if c := m.Evidence[0].Capture; c.Place != place || c.Taken != taken || c.Late || m.Fields["source"] != "collector" {
		t.Errorf("the event keeps %+v, source %s", c, m.Fields["source"])
	}
	h.page(op, "/matters/"+string(m.ID)).Contains(".seal.good", "一致")

	// Somebody else's phone with the same id is not answered with this case.
	if other := h.desk.CommandOf(h.who(op), form.Get("command")); other == h.desk.CommandOf(h.who(collector), form.Get("command")) {
		t.Error("two people share a command")
	}

	// A public report is looked at on the spot; without script the photo is sealed when it arrives.
	done, err := h.desk.Start(t.Context(), h.who(op), desk.Do{Kind: "urban/case", Act: "report", With: map[string]string{"title": "井盖松动", "text": "东站十条的污水井盖松动"}})
	h.must(err)
	h.page(collector, "/collect").Contains("#h-free", "1")
	h.step(h.who(op), done.Matter, "send-collector", map[string]string{"collector": string(collector)})
	h.page(collector, "/collect").Contains("#h-mine", "1")
	at := "/collect/" + string(done.Matter)
	p := h.page(collector, at)
	p.Contains("h2", "核实属实")
	p.Has(`nav a[href="` + at + `?act=unfounded"]`)
	form = url.Values{}
	for k, v := range p.Fields(".door") {
		form[k] = v
	}
	form.Set("f.confirm-note", "井盖松动属实")
	form.Set("class-other", "C01002")
	form.Set("f.place", "125.34809,43.86073")
	form.Set("f.address", "东站十条")
	if form.Get("f.condition") == "" {
		form.Set("f.condition", "C01002-1")
	}
	w = h.send(collector, "zh", multipartRequest(t, at, form, "e.0", string(photo)))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("confirmed: %d %s", w.Code, parse(t, w).Text("main"))
	}
	m, err = h.desk.Matter(t.Context(), h.who(op), done.Matter)
	h.must(err)
	if m.State != "to-file" || !m.Evidence[0].Capture.Late || m.Fields["class"] != "C01002" {
		t.Errorf("confirmed it is %s, %+v", m.State, m.Evidence)
	}
	if w := h.ask(collector, "zh", "GET", at+"?act=close", nil); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound {
		t.Errorf("a collector closes: %d", w.Code)
	}

	// The grid worker's page, and who has none.
	worker := h.one("dongsheng-one", "grid-worker")
	h.page(worker, "/collect").Contains(".capture-acts", "网格自办")
	h.page(worker, "/collect/new?kind=grid/event&act=take-on")
	w = h.ask(worker, "zh", "POST", "/collect/new", url.Values{"kind": {"grid/event"}, "act": {"register"}, "class": {"G02-01"}, "class-other": {""}, "class-was": {""}, "f.text": {"楼道堆物"}, "f.address": {"东盛小区"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("a grid worker reports: %d %s", w.Code, parse(t, w).Text("main"))
	}
	if w := h.ask(h.one("housing", "handler"), "zh", "GET", "/collect", nil); w.Code != http.StatusForbidden {
		t.Errorf("an office collects: %d", w.Code)
	}
}

// TestPhotosOfAPhoneWaitForTheSecondSending: what is refused comes again without the photos being taken again, and the event holds
// what was captured, to the byte and with its first seal. Somebody else with the same id has none of it.
func TestPhotosOfAPhoneWaitForTheSecondSending(t *testing.T) {
	h := stand(t)
	collector, op := h.one("watch-centre", "collector"), h.one("watch-centre", "operator")
	photo, late := jpegOf(t), corpus.JPEG(2)
	place, taken := "125.35743,43.86548", "2023-10-16T01:02:03.456Z"
	said, _ := json.Marshal([]sealed{{Size: len(photo), Place: place, Taken: taken, Seal: desk.Seal(photo, place, taken)}})
	form := url.Values{"kind": {"urban/case"}, "act": {"collect"}, "command": {"01a21319-2276-7b4f-ad77-ed32d41a0c1b"}, "captures": {string(said)},
		"f.text": {"路灯不亮三盏"}, "class": {""}, "class-other": {""}, "class-was": {""}, "f.condition": {""}, "f.place": {place}, "f.address": {"东盛大街128号门前"}}
	refused := func(who name.Person, form url.Values, files ...string) *htmlcheck.Page {
		t.Helper()
		w := h.send(who, "zh", multipartRequest(t, "/collect/new", form, "e.0", files...))
		if w.Code != 422 {
			t.Fatalf("answered %d", w.Code)
		}
		return parse(t, w)
	}
	first := refused(collector, form, string(photo))
	first.Has(`ul.staged input[name="drop"]`)
	first.Has(`form[data-came]`) // its script keeps the id
	again := url.Values{}
	for k, v := range first.Fields(".door") {
		again[k] = v
	}
	again.Del("drop")                                                                  // a box that nobody ticked
	for _, key := range []string{"class", "class-other", "class-was", "f.condition"} { // nor chosen what the words mean
		again.Set(key, "")
	}
	if again.Get("command") != form.Get("command") || again.Get("seals") != string(said) {
		t.Fatalf("the form came back with command %q and seals %q", again.Get("command"), again.Get("seals"))
	}
	for who, want := range map[name.Person]int{collector: 1, op: 0} {
		if kept, err := h.config.Doors.Staged(t.Context(), waitingUnder(h.desk.CommandOf(h.who(who), form.Get("command")))); err != nil || len(kept) != want {
			t.Errorf("%s finds %d photos, %v", who, len(kept), err)
		}
	}
	refused(collector, again, string(photo)).Count("ul.staged li", 1) // chosen once more it is one still
	again.Set("captures", "")
	refused(collector, again, string(late)).Count("ul.staged li", 2)
	drop := url.Values{}
	for k, v := range again {
		drop[k] = v
	}
	for _, box := range refused(collector, again).All(`ul.staged input[name="drop"]`) {
		drop.Set("drop", box.Attr("value")) // the last one
	}
	refused(collector, drop).Count("ul.staged li", 1)
	again.Set("class-other", "E06002")
	again.Set("f.condition", "E06002-1")
	if w := h.send(collector, "zh", multipartRequest(t, "/collect/new", again, "e.0")); w.Code != http.StatusSeeOther {
		t.Fatalf("sent: %d %s", w.Code, parse(t, w).Text("main"))
	}
	all := h.cases(op)
	if len(all) != 1 {
		t.Fatalf("%d cases", len(all))
	}
	m, err := h.desk.Matter(t.Context(), h.who(op), all[0].Stream)
	h.must(err)
	if len(m.Evidence) != 1 {
		t.Fatalf("evidence %+v", m.Evidence)
	}
	e := m.Evidence[0]
	if e.Capture.Late || e.Capture.Taken != taken || e.Capture.Seal != desk.Seal(photo, place, taken) {
		t.Errorf("the event keeps %+v", e.Capture)
	}
	if f, err := desk.Upload("evidence", "a.jpg", "image/jpeg", photo); err != nil || f.Hash.String() != e.File {
		t.Errorf("the file is %s, captured was %s, %v", e.File, f.Hash, err)
	}
	if w := h.send(collector, "zh", multipartRequest(t, "/collect/new", again, "e.0")); len(h.cases(op)) != 1 {
		t.Errorf("sent again: %d, %d cases", w.Code, len(h.cases(op)))
	}
}

// cases are the cases that a person may read.
func (h *house) cases(p name.Person) []journal.Row {
	h.t.Helper()
	page, err := h.desk.Worklist(h.t.Context(), h.who(p), journal.Query{Kinds: []string{"urban/case"}, Order: journal.ByOpened, Limit: 100})
	h.must(err)
	return page.Rows
}
