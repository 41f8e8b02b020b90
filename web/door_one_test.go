package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/kernel/journal"
)

// No photo is public before an operator has looked at those that are there and said yes; one that comes later waits for another
// yes, and a no takes all back.
func TestPhotosArePublicOnceSomebodyLooked(t *testing.T) {
	h := stand(t)
	op := h.one("watch-centre", "operator")
	w := h.send("", "zh", multipartRequest(t, "/report", h.report("service", "E06002"), "photos", string(jpegOf(t))))
	receipt := strings.TrimSuffix(h.follow(w), "?new=yes")
	page, err := h.desk.Worklist(t.Context(), h.who(op), journal.Query{Kinds: []string{"urban/case"}, Order: journal.ByOpened})
	h.must(err)
	id := page.Rows[0].Stream
	m, err := h.desk.Matter(t.Context(), h.who(op), id)
	h.must(err)
	at := "/open/matters/" + string(id)
	photo := at + "/photos/" + m.Evidence[0].File
	get := func(path string) *httptest.ResponseRecorder { return h.ask("", "zh", "GET", path, nil) }
	say := func(yes string) {
		t.Helper()
		_, err := h.desk.Act(t.Context(), h.who(op), desk.Do{Matter: id, Act: "show-photos", With: map[string]string{desk.OpenPhotos: yes}})
		h.must(err)
	}
	h.page("", "/open/matters").Has(`a[href="` + at + `"]`)
	hidden := func(when string) {
		t.Helper()
		if w := get(photo); w.Code != http.StatusNotFound {
			t.Errorf("%s the photo is answered with %d", when, w.Code)
		}
		h.page("", at).Lacks("main img")
		h.page("", receipt).Lacks(`img[src^="/open/"]`)
	}
	hidden("before anybody looked")
	h.step(h.who(op), id, "send-collector", map[string]string{"collector": string(h.one("watch-centre", "collector"))})
	h.photo(h.who(h.one("watch-centre", "collector")), id, "confirm", map[string]string{"class": "E06002", "condition": "E06002-1", "area": "220105001", "place": "125.35743,43.86548", "address": "东盛大街128号", "confirm-note": "属实"})
	say("yes")
	h.page("", at).Count("main img", 2)
	h.page("", receipt).Count(`img[src^="/open/"]`, 2)
	if w := get(photo); w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "image/") || bytes.Contains(w.Body.Bytes(), []byte("Exif")) {
		t.Errorf("the photo is answered with %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	if w := get(at + "/photos/" + strings.Repeat("0", 64)); w.Code != http.StatusNotFound {
		t.Errorf("another file is answered with %d", w.Code)
	}
	say("no")
	hidden("taken back")
}

// A photo that comes after the yes waits for the next one.
func TestALaterPhotoWaitsForAnotherYes(t *testing.T) {
	h := stand(t)
	op, collector := h.one("watch-centre", "operator"), h.one("watch-centre", "collector")
	to := h.follow(h.ask("", "zh", "POST", "/report", url.Values(h.report("service", "E06002"))))
	page, err := h.desk.Worklist(t.Context(), h.who(op), journal.Query{Kinds: []string{"urban/case"}, Order: journal.ByOpened})
	h.must(err)
	id := page.Rows[0].Stream
	h.step(h.who(op), id, "send-collector", map[string]string{"collector": string(collector)})
	h.photo(h.who(collector), id, "confirm", map[string]string{"class": "E06002", "condition": "E06002-1", "area": "220105001", "place": "125.35743,43.86548", "address": "东盛大街128号", "confirm-note": "属实"})
	shown := func(want int) {
		t.Helper()
		h.page("", strings.TrimSuffix(to, "?new=yes")).Count(`img[src^="/open/"]`, want)
	}
	yes := map[string]string{desk.OpenPhotos: "yes"}
	h.step(h.who(op), id, "show-photos", yes)
	shown(1)
	handler := h.who(h.one("road-maintenance", "handler"))
	h.step(h.who(op), id, "file", nil)
	h.step(h.who(h.one("command-centre", "dispatcher")), id, "dispatch", map[string]string{"unit": "road-maintenance", "why-unit": "主管"})
	h.step(handler, id, "sign", nil)
	h.photo(handler, id, "feedback", map[string]string{"note": "换了灯泡"})
	shown(1)
	h.step(h.who(op), id, "show-photos", yes)
	shown(2)
}
