package web

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/desk/doors"
	"bihuan/desk/reports"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/htmlcheck"
	"bihuan/kernel/account"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// house is the pages over a real desk with the packs of the binary, in a database of its own.
type house struct {
	t       testing.TB
	desk    *desk.Desk
	reports *reports.Room
	store   *store.Store
	pages   http.Handler
	now     int64
}

// stand stands a house up on a day in October 2023.
func stand(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, now: int64(calendar.NewDate(2023, 10, 16).At(9 * 60))}
	ctx := context.Background()
	st, err := store.Open(filepath.Join(t.TempDir(), "pages.db"), store.Options{})
	h.must(err)
	t.Cleanup(func() { st.Close() })
	policy, err := pack.ReadPolicy(packs.FS)
	h.must(err)
	set, err := pack.Load(packs.FS)
	h.must(err)
	w := desk.World{District: "220105", Now: func() int64 { h.now += 1000; return h.now }, Chance: func(b []byte) { rand.Read(b) }, Policy: policy, Packs: set, Blind: []byte("a key that is for tests alone, ok")}
	_, err = desk.InstallPacks(ctx, st, w, set, name.System)
	h.must(err)
	h.desk, err = desk.Open(ctx, st, w)
	h.must(err)
	h.store, h.reports = st, reports.New(h.desk, st)
	h.pages, err = New(Config{Desk: h.desk, Reports: h.reports, Doors: doors.New(h.desk), Assess: assess.New(h.desk, st), Sessions: st, Version: "test",
		Decode: func(_ context.Context, _ string, r io.Reader) (string, error) {
			b, err := io.ReadAll(r)
			return string(b), err
		},
		Sheet: csvSheet})
	h.must(err)
	return h
}

// csvSheet reads the simplest spreadsheet there is: lines of cells divided by commas.
func csvSheet(_ context.Context, _ string, r io.Reader) (s reports.Sheet, err error) {
	b, err := io.ReadAll(r)
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		cells := strings.Split(line, ",")
		if i == 0 {
			s.Header = cells
			continue
		}
		var row []reports.Cell
		for j, c := range cells {
			row = append(row, reports.Cell{Text: c, Ref: string(rune('A'+j)) + itoa(i+1)})
		}
		s.Rows = append(s.Rows, row)
	}
	return s, err
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// one returns the first person with a role in a unit.
func (h *house) one(unit name.Unit, role name.Role) name.Person {
	h.t.Helper()
	all := h.desk.Directory().Of(unit, role)
	if len(all) == 0 {
		h.t.Fatalf("nobody is %s of %s", role, unit)
	}
	return all[0].Key
}

// ask sends a request as a person, empty for nobody, in a language.
func (h *house) ask(p name.Person, lang, method, path string, form url.Values) *httptest.ResponseRecorder {
	h.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return h.send(p, lang, r)
}

func (h *house) send(p name.Person, lang string, r *http.Request) *httptest.ResponseRecorder {
	h.t.Helper()
	if p != "" {
		secret, err := account.Open(r.Context(), h.store, func(b []byte) { rand.Read(b) }, p, h.now, h.now+int64(1e12))
		h.must(err)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
	}
	r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	w := httptest.NewRecorder()
	h.pages.ServeHTTP(w, r)
	return w
}

// page asks for a page in both languages, has both examined, and returns the Chinese one.
func (h *house) page(p name.Person, path string) *htmlcheck.Page {
	h.t.Helper()
	var first *htmlcheck.Page
	for _, lang := range []string{"zh", "en"} {
		w := h.ask(p, lang, "GET", path, nil)
		if w.Code != 200 {
			h.t.Fatalf("%s in %s as %s: status %d", path, lang, p, w.Code)
		}
		if strings.Contains(w.Body.String(), "[") {
			for _, part := range strings.Split(w.Body.String(), "[")[1:] {
				if key, _, ok := strings.Cut(part, "]"); ok && strings.Contains(key, ".") && !strings.ContainsAny(key, " \n，。<\"") {
					h.t.Errorf("%s in %s: the catalogue lacks %s", path, lang, key)
				}
			}
		}
		doc := htmlcheck.Parse(h.t, w.Body.String())
		doc.Sound()
		if first == nil {
			first = doc
		}
	}
	return first
}

// follow returns where an answer leads.
func (h *house) follow(w *httptest.ResponseRecorder) string {
	h.t.Helper()
	if w.Code != http.StatusSeeOther {
		h.t.Fatalf("status %d, want a redirect; %s", w.Code, htmlcheck.Parse(h.t, w.Body.String()).Text("main"))
	}
	to, _, _ := strings.Cut(w.Header().Get("Location"), "#")
	return to
}

func (h *house) who(p name.Person) desk.Caller {
	h.t.Helper()
	c, ok := h.desk.Directory().Caller(p, "zh")
	if !ok {
		h.t.Fatalf("there is no %s", p)
	}
	return c
}

func parse(t testing.TB, w *httptest.ResponseRecorder) *htmlcheck.Page {
	t.Helper()
	p := htmlcheck.Parse(t, w.Body.String())
	p.Sound()
	return p
}

// first returns the first draft in a state.
func first(rep *reports.Report, s reports.State) *reports.Draft {
	for i := range rep.Drafts {
		if rep.Drafts[i].State == s {
			return &rep.Drafts[i]
		}
	}
	return nil
}
