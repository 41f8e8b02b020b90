package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"bihuan/api"
	"bihuan/desk"
	"bihuan/desk/demo"
	"bihuan/desk/doors"
	"bihuan/desk/firms"
	issued "bihuan/desk/keys"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/search"
	"bihuan/desk/watch"
	"bihuan/ground/name"
	"bihuan/ingest"
	"bihuan/internal/people"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// district is a demo with the API over it; under the race detector, one without a history. It is built once; each test leaves
// what it changed, so that no test rests on a figure that another may move.
type district struct {
	rights   *rights.Room
	desk     *desk.Desk
	keys     *issued.Room
	firms    *firms.Room
	clock    *demo.Clock
	handler  http.Handler
	document map[string]any
	schemas  *jsonschema.Compiler
	seen     map[string]map[int]bool // statuses answered, by operation

	persons []person
}

// person is one of the demo's persons, as /demo/persons.json tells.
type person struct {
	ID, Name, Unit, Token string
	Roles                 []string
}

var shared *district

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bihuan-api-")
	if err == nil {
		shared, err = build(filepath.Join(dir, "api.db"))
	}
	code := 1
	if err != nil {
		fmt.Fprintln(os.Stderr, "build the district:", err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func build(file string) (*district, error) {
	ctx := context.Background()
	st, err := store.Open(file, store.Options{})
	if err != nil {
		return nil, err
	}
	policy, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		return nil, err
	}
	set, err := pack.LoadToRun(packs.FS)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	clock := demo.NewClock(int64((demo.Opening - 30).Start()), func() int64 { return time.Since(began).Microseconds() })
	w := desk.World{District: "220105", Now: clock.Now, Chance: chance(), Policy: policy, Packs: set}
	if _, err := desk.InstallPacks(ctx, st, w, set, name.System); err != nil {
		return nil, err
	}
	if w.Packs, err = desk.InstalledPacks(ctx, st, "220105", clock.Now(), set); err != nil {
		return nil, err
	}
	x := &district{clock: clock, seen: map[string]map[int]bool{}}
	if x.desk, err = desk.Open(ctx, st, w); err != nil {
		return nil, err
	}
	if x.rights, err = rights.Open(ctx, x.desk, st, nil); err != nil {
		return nil, err
	}
	x.desk.Listen(func(a desk.Announcement) {
		if err := x.desk.Follow(ctx, a); err != nil {
			panic(err)
		}
	})
	room := reports.New(x.desk, st)
	b := demo.Builder{Desk: x.desk, Reports: room, Watch: watch.New(x.desk, st, st, "test"), Clock: clock}
	if err := fill(ctx, &b); err != nil {
		return nil, err
	}
	x.keys = issued.New(x.desk, st, chance(9))
	x.firms = firms.New(x.desk, st, func(context.Context, name.Person) error { return nil })
	x.desk.Mandated(x.firms)
	find, err := search.Open(ctx, x.desk, st)
	if err != nil {
		return nil, err
	}
	if err := find.CatchUp(ctx); err != nil {
		return nil, err
	}
	signed, err := people.Full(ctx, x.desk, st, policy)
	if err != nil {
		return nil, err
	}
	x.handler, err = api.New(api.Config{Search: find, Desk: x.desk, Doors: doors.New(x.desk), Keys: x.keys, Reports: room, Past: st, Accounts: signed, Form: pack.FormSchema, Version: "test",
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Decode: func(_ context.Context, called string, r io.Reader) (string, error) {
			doc, err := ingest.Text(r, called)
			return doc.Text, err
		},
		Verify: func(ctx context.Context) (api.Verdict, error) {
			r, err := st.Verify(ctx, "220105", nil)
			return api.Verdict{Events: r.Events, Head: r.Head.String()}, err
		},
		Demo: &api.Demo{ActAs: func(ctx context.Context, p name.Person) (string, error) {
			return people.SignIn(ctx, signed, p)
		}},
	})
	if err != nil {
		return nil, err
	}
	return x, x.read()
}

// chance is the same in every run.
func chance(seed ...byte) func([]byte) {
	src := rand.NewChaCha8([32]byte(append(seed, make([]byte, 32-len(seed))...)))
	var mu sync.Mutex
	return func(b []byte) {
		mu.Lock()
		defer mu.Unlock()
		src.Read(b)
	}
}

// read takes the description and the persons from the API itself.
func (x *district) read() error {
	b := x.raw("GET", "/api/openapi.json", nil, "").Body.Bytes()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return err
	}
	x.document = doc.(map[string]any)
	x.schemas = jsonschema.NewCompiler()
	if err := x.schemas.AddResource("openapi.json", doc); err != nil {
		return err
	}
	return json.Unmarshal(x.raw("GET", "/demo/persons.json", nil, "").Body.Bytes(), &x.persons)
}

func (x *district) raw(method, path string, header map[string]string, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	x.handler.ServeHTTP(w, r)
	return w
}

// as returns the token of the n-th person of a unit with a role.
func (x *district) as(t *testing.T, unit, role string, n int) string {
	t.Helper()
	for _, p := range x.persons {
		if p.Unit == unit && strings.Contains(" "+strings.Join(p.Roles, " ")+" ", " "+role+" ") {
			if n == 0 {
				return p.Token
			}
			n--
		}
	}
	t.Fatalf("no such %s in %s", role, unit)
	return ""
}

// reply is an answer that has been held against the description.
type reply struct {
	status int
	header http.Header
	body   any
	bytes  []byte
}

// call sends a request, with a JSON body unless the header says otherwise, and holds the answer against the description.
func (x *district) call(t *testing.T, token, method, path, body string, header ...string) reply {
	t.Helper()
	h := map[string]string{}
	if token != "" {
		h["Authorization"] = "Bearer " + token
	}
	if body != "" {
		h["Content-Type"] = "application/json"
	}
	for i := 0; i+1 < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	w := x.raw(method, path, h, body)
	out := reply{status: w.Code, header: w.Header(), bytes: w.Body.Bytes()}
	var err error
	if out.body, err = jsonschema.UnmarshalJSON(bytes.NewReader(out.bytes)); err != nil {
		t.Fatalf("%s %s answers %d with what is not JSON: %v\n%s", method, path, w.Code, err, out.bytes)
	}
	x.fits(t, method, path, &out)
	return out
}

// fetch asks for a file and fails unless it comes whole, under its name, to be kept and not shown.
func (x *district) fetch(t *testing.T, token, path, want, called string) {
	t.Helper()
	w := x.raw("GET", path, map[string]string{"Authorization": "Bearer " + token}, "")
	_, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
	if w.Code != 200 || err != nil || w.Body.String() != want || params["filename"] != called || w.Header().Get("Content-Security-Policy") != "sandbox; default-src 'none'" {
		t.Fatalf("GET %s: %d %v %.200q", path, w.Code, w.Header(), w.Body)
	}
	x.succeeded("GET", path, w.Code)
}

// succeeded marks a method whose answer is no JSON as seen.
func (x *district) succeeded(method, path string, status int) {
	for template := range x.document["paths"].(map[string]any) {
		if isPath(template, path) {
			x.saw(method, template, status)
		}
	}
}

// isPath reports whether a path is one of a template's, such as /goals/{id}.
func isPath(template, path string) bool {
	return regexp.MustCompile("^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), "[^/]+") + "$").MatchString(path)
}

// saw notes what a method has answered with.
func (x *district) saw(method, template string, status int) {
	key := method + " " + template
	if x.seen[key] == nil {
		x.seen[key] = map[int]bool{}
	}
	x.seen[key][status] = true
}

// fits holds an answer against the description of its operation.
func (x *district) fits(t *testing.T, method, path string, r *reply) {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	for template := range x.document["paths"].(map[string]any) {
		if !isPath(template, path) {
			continue
		}
		op := strings.ToLower(method)
		at := x.document["paths"].(map[string]any)[template].(map[string]any)[op]
		if at == nil {
			continue
		}
		media := strings.Split(r.header.Get("Content-Type"), ";")[0]
		escaped := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D")
		place := fmt.Sprintf("openapi.json#/paths/%s/%s/responses/%d/content/%s/schema", escaped.Replace(template), op, r.status, escaped.Replace(media))
		s, err := x.schemas.Compile(place)
		if err != nil {
			t.Fatalf("%s %s answers %d %s, which is not described: %v", method, path, r.status, media, err)
		}
		if err := s.Validate(r.body); err != nil {
			t.Fatalf("%s %s answers against its description: %v\n%.2000s", method, path, err, r.bytes)
		}
		x.saw(method, template, r.status)
		return
	}
}

// want fails unless the status is the one wanted.
func (r reply) want(t *testing.T, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %.1500s", r.status, status, r.bytes)
	}
	return r
}

// problem fails unless the answer is the problem wanted, about the field or parameter wanted.
func (r reply) problem(t *testing.T, status int, code, about string) {
	t.Helper()
	r.want(t, status)
	if got := r.at("code"); got != code {
		t.Errorf("code %v, want %s: %s", got, code, r.bytes)
	}
	if got := r.text("field") + r.text("parameter"); got != about {
		t.Errorf("the problem is about %q, want %q: %s", got, about, r.bytes)
	}
}

// at returns what is at a path of keys and numbers, such as items.0.lead.id; nil if nothing is.
func (r reply) at(path string) any {
	v := r.body
	for _, key := range strings.Split(path, ".") {
		switch c := v.(type) {
		case map[string]any:
			v = c[key]
		case []any:
			i := 0
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(c) {
				return nil
			}
			v = c[i]
		default:
			return nil
		}
	}
	return v
}

// text returns what is at a path as text, empty for null.
func (r reply) text(path string) string {
	if v := r.at(path); v != nil {
		return fmt.Sprint(v)
	}
	return ""
}

// list returns the list at a path.
func (r reply) list(path string) []reply {
	all, _ := r.at(path).([]any)
	out := make([]reply, len(all))
	for i, v := range all {
		out[i] = reply{body: v}
	}
	return out
}
