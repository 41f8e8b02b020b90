package web

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/atlas"
	"bihuan/desk/audit"
	"bihuan/desk/boards"
	"bihuan/desk/doors"
	"bihuan/desk/drafts"
	"bihuan/desk/firms"
	"bihuan/desk/goals"
	"bihuan/desk/hooks"
	"bihuan/desk/imports"
	"bihuan/desk/keys"
	"bihuan/desk/notices"
	"bihuan/desk/personal"
	allowed "bihuan/desk/places"
	"bihuan/desk/proof"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/search"
	"bihuan/desk/security"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/internal/htmlcheck"
	"bihuan/internal/people"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
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
	proof   *proof.Room
	search  *search.Room
	drafts  *drafts.Room
	notices *notices.Room
	hooks   *hooks.Room
	places  *allowed.Room
	persons *personal.Room
	keys    *keys.Room
	rights  *rights.Room
	pages   http.Handler
	now     atomic.Int64
	secrets map[name.Person]string // of the sessions that are open

	accounts *accounts.Room
	config   Config
}

// shared is what no test changes, read once for all of them.
var shared = sync.OnceValues(func() (w desk.World, err error) {
	if w.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return w, err
	}
	w.Packs, err = pack.LoadToRun(packs.FS)
	w.District, w.Blind = "220105", []byte("a key that is for tests alone, ok")
	w.Keys = seal.NewRing(func(b []byte) { rand.Read(b) })
	return w, err
})

// installed is a database that holds the packs and nothing else, made once for all tests: each opens a copy of its own.
var installed = sync.OnceValues(func() ([]byte, error) {
	return database(func(st *store.Store, w desk.World) error {
		w.Now, w.Chance = func() int64 { return int64(opening) }, func(b []byte) { rand.Read(b) }
		if _, err := desk.InstallPacks(context.Background(), st, w, w.Packs, name.System); err != nil {
			return err
		}
		if err := peopled(st, w); err != nil {
			return err
		}
		return indexed(st, w)
	})
})

// peopled makes an account for everybody in the directory.
func peopled(st *store.Store, w desk.World) error {
	d, err := desk.Open(context.Background(), st, w)
	if err == nil {
		_, err = people.Full(context.Background(), d, st, w.Policy)
	}
	return err
}

// indexed writes the index of full text of a database down.
func indexed(st *store.Store, w desk.World) error {
	ctx := context.Background()
	d, err := desk.Open(ctx, st, w)
	if err != nil {
		return err
	}
	r, err := search.Open(ctx, d, st)
	if err != nil {
		return err
	}
	if err := r.CatchUp(ctx); err != nil {
		return err
	}
	return r.Flush(ctx)
}

// opening is when a house without a past opens.
var opening = calendar.NewDate(2023, 10, 16).At(9 * 60)

// database makes a database and returns its bytes.
func database(fill func(*store.Store, desk.World) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "bihuan-web-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "first.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		return nil, err
	}
	w, err := shared()
	if err == nil {
		err = fill(st, w)
	}
	if err := errors.Join(err, st.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// copyOf opens a copy of a database for one test, which runs beside others.
func copyOf(t testing.TB, of func() ([]byte, error)) *store.Store {
	t.Helper()
	if t, is := t.(*testing.T); is {
		t.Parallel()
	}
	b, err := of()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "pages.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// stand stands a house up on a day in October 2023.
func stand(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, store: copyOf(t, installed), secrets: map[name.Person]string{}}
	h.now.Store(int64(opening))
	w, err := shared()
	h.must(err)
	w.Now, w.Chance = func() int64 { return h.now.Add(1000) }, func(b []byte) { rand.Read(b) }
	h.desk, err = desk.Open(context.Background(), h.store, w)
	h.must(err)
	h.reports = reports.New(h.desk, h.store)
	h.search, err = search.Open(context.Background(), h.desk, h.store)
	h.must(err)
	h.desk.FindBy(h.search)
	h.proof = proofOf(h)
	h.rights, err = rights.Open(context.Background(), h.desk, h.store, nil)
	h.must(err)
	h.rights.Carried("unmask", "key", "restore")
	h.accounts, err = people.Room(h.desk, h.store, w.Policy)
	h.must(err)
	h.drafts = drafts.New(h.desk, h.store, func(b []byte) { rand.Read(b) })
	out := h.outgoing()
	rules, err := pack.ReadRetention(packs.FS)
	h.must(err)
	h.persons = personal.New(h.desk, h.store, rules, h.search, nil)
	h.keys = keys.New(h.desk, h.store, func(b []byte) { rand.Read(b) })
	h.config = Config{Security: security.New(h.desk, h.store, w.Blind), Desk: h.desk, Goals: goals.New(h.desk, h.store), Keys: h.keys, Rights: h.rights, Persons: h.persons, Drafts: h.drafts, Proof: h.proof, Audit: audit.New(h.desk, h.store, h.proof), Reports: h.reports, Doors: doors.New(h.desk).On(h.store), Agenda: agenda.New(h.desk, h.store, func(b []byte) { rand.Read(b) }),
		Assess: assess.New(h.desk, h.store), Atlas: atlas.New(h.desk, h.store), Search: h.search, Boards: boards.New(h.desk, h.store), Imports: imports.New(h.desk, h.store), Accounts: h.accounts, Notices: h.notices, Outgoing: out, Version: "test",
		Decode: func(_ context.Context, _ string, r io.Reader) (string, error) {
			b, err := io.ReadAll(r)
			return string(b), err
		},
		Sheet: csvSheet}
	h.config.Firms = firms.New(h.desk, h.store, func(ctx context.Context, p name.Person) error {
		_, err := h.accounts.ByPerson(ctx, p)
		return err
	})
	h.desk.Mandated(h.config.Firms)
	h.accounts.Leaving = h.config.Firms.Leave
	h.pages, err = New(h.config)
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
		r.AddCookie(&http.Cookie{Name: plainCookie, Value: h.session(p)})
	}
	r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
	w := httptest.NewRecorder()
	h.pages.ServeHTTP(w, r)
	return w
}

// session returns the secret of a person's session, which is opened when it is first asked for.
func (h *house) session(p name.Person) string {
	h.t.Helper()
	if h.secrets[p] == "" {
		a, err := h.accounts.ByPerson(context.Background(), p)
		h.must(err)
		now := h.desk.Now()
		h.secrets[p], _, err = account.Open(context.Background(), h.accounts.Sittings(), func(b []byte) { rand.Read(b) },
			account.Session{Account: a.ID, Person: p, Proved: now, Ends: now + int64(1e14), Idle: int64(1e14), Strength: 2}, now)
		h.must(err)
	}
	return h.secrets[p]
}

// page asks for a page in both languages (under the race detector in Chinese only), has each examined, and returns the Chinese one.
func (h *house) page(p name.Person, path string) *htmlcheck.Page {
	h.t.Helper()
	var first *htmlcheck.Page
	for _, lang := range languages {
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

// calls are the calls that a person may read, newest first.
func (h *house) calls(p name.Person) []journal.Row {
	h.t.Helper()
	page, err := h.desk.Worklist(h.t.Context(), h.who(p), journal.Query{Kinds: []string{callKind}, Order: journal.ByOpened, Limit: 100})
	h.must(err)
	return page.Rows
}

func (h *house) count(p name.Person) int { return len(h.calls(p)) }

func (h *house) newest(p name.Person) journal.Row { h.t.Helper(); return h.calls(p)[0] }

// row returns the open call with a title.
func (h *house) row(p name.Person, title string) journal.Row {
	h.t.Helper()
	for _, r := range h.calls(p) {
		if r.Title == title {
			return r
		}
	}
	h.t.Fatalf("there is no call %q", title)
	return journal.Row{}
}

// step does an act that must succeed.
func (h *house) step(who desk.Caller, id name.ID, act string, with map[string]string) {
	h.t.Helper()
	_, err := h.desk.Act(h.t.Context(), who, desk.Do{Matter: id, Act: act, With: with})
	h.must(err)
}

// photo does an act with one photo.
func (h *house) photo(who desk.Caller, id name.ID, act string, with map[string]string) {
	h.t.Helper()
	f, err := desk.Upload("evidence", "照片.jpg", "image/jpeg", append(jpegOf(h.t), act...))
	h.must(err)
	_, err = h.desk.Act(h.t.Context(), who, desk.Do{Matter: id, Act: act, With: with, Files: []upload{f}, Evidence: []matter.Evidence{{Kind: matter.Photo, File: f.Hash.String(), Name: f.Name}}})
	h.must(err)
}
