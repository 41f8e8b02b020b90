package mcp_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"bihuan/desk"
	"bihuan/desk/drafts"
	"bihuan/desk/firms"
	"bihuan/desk/pace"
	"bihuan/desk/search"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/district"
	"bihuan/kernel/account"
	"bihuan/mcp"
)

var ctx = context.Background()

// world is a district with a server for assistants, and sessions that tests hand out and take away.
type world struct {
	*district.District
	t        testing.TB
	search   *search.Room
	drafts   *drafts.Room
	url      string
	mu       sync.Mutex
	sessions map[string]desk.Caller
}

func stand(t *testing.T) *world {
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	found, err := search.Open(ctx, x.Desk, x.Store)
	must(t, err)
	x.Desk.FindBy(found)
	w := &world{District: x, t: t, search: found, sessions: map[string]desk.Caller{}}
	n := byte(0)
	w.drafts = drafts.New(x.Desk, x.Store, func(b []byte) { n++; b[0] = n })
	w.serve(mcp.Config{})
	return w
}

// serve serves the district to assistants from now on.
func (w *world) serve(c mcp.Config) {
	c.Desk, c.Search, c.Drafts, c.Caller, c.Address, c.Version = w.Desk, w.search, w.drafts, w.behind, "https://bihuan.example", "test"
	srv := httptest.NewServer(mcp.New(c))
	w.t.Cleanup(srv.Close)
	w.url = srv.URL + mcp.Path
}

func (w *world) behind(_ context.Context, secret, lang string) (desk.Caller, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	who, ok := w.sessions[secret]
	if !ok {
		return desk.Nobody, fault.ErrNotFound
	}
	who.Lang = lang
	return who, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// with shows a bearer token with each request.
type with string

func (token with) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(token))
	r.Header.Set("Accept-Language", "zh")
	if _, other, ok := strings.Cut(string(token), " for "); ok { // as bihuan mcp --for does
		r.Header.Set("Authorization", "Bearer "+strings.TrimSuffix(string(token), " for "+other))
		r.Header.Set(mcp.ForHeader, other)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// assistant connects as somebody's program; ask answers when the server asks the person back, nil where it cannot.
func (w *world) assistant(who desk.Caller, ask func(*sdk.ElicitParams) *sdk.ElicitResult) *sdk.ClientSession {
	w.t.Helper()
	token := "token-" + string(who.Person)
	w.mu.Lock()
	w.sessions[token] = who
	w.mu.Unlock()
	var o sdk.ClientOptions
	if ask != nil {
		o.ElicitationHandler = func(_ context.Context, r *sdk.ElicitRequest) (*sdk.ElicitResult, error) { return ask(r.Params), nil }
	}
	s, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, &o).Connect(ctx,
		&sdk.StreamableClientTransport{Endpoint: w.url, HTTPClient: &http.Client{Transport: with(token)}}, nil)
	must(w.t, err)
	w.t.Cleanup(func() { s.Close() })
	return s
}

// call calls a tool and reads its answer, or returns what it refuses with.
func call[T any](t testing.TB, s *sdk.ClientSession, tool string, args any) (out T, refused string) {
	t.Helper()
	r, err := s.CallTool(ctx, &sdk.CallToolParams{Name: tool, Arguments: args})
	must(t, err)
	if r.IsError {
		return out, r.Content[0].(*sdk.TextContent).Text
	}
	b, err := json.Marshal(r.StructuredContent)
	must(t, err)
	must(t, json.Unmarshal(b, &out))
	return out, ""
}

type matters struct {
	Total   int64
	Matters []struct {
		ID                                    name.ID
		Number, Title, Unit, State, Due, Page string
	}
}

// any is somebody with a role.
func (w *world) any(role name.Role) desk.Caller {
	w.t.Helper()
	for _, p := range w.Desk.Directory().Persons {
		if slices.Contains(p.Roles, role) {
			who, _ := w.Desk.Directory().Caller(p.Key, "zh")
			return who
		}
	}
	w.t.Fatalf("nobody is %s", role)
	return desk.Nobody
}

func (w *world) promise(title string) desk.Done {
	w.t.Helper()
	done, err := w.Desk.Start(ctx, w.As(w.t, "office", "issuer", 0), desk.Do{Kind: "promise/promise",
		With: map[string]string{"title": title, "unit": "housing", "due": "2023-12-31"}})
	must(w.t, err)
	return done
}

// TestToolsAreThoseOfThePerson: who may not open matters has no tool for it, and nobody has none at all.
func TestToolsAreThoseOfThePerson(t *testing.T) {
	w := stand(t)
	for _, c := range []struct {
		role name.Role
		has  []string
		not  []string
	}{
		{"handler", []string{"search_matters", "read_matter", "list_overdue", "search_goals", "read_goal", "draft_reply"}, nil},
		{"auditor", nil, []string{"draft_matter", "draft_reply"}},
	} {
		list, err := w.assistant(w.any(c.role), nil).ListTools(ctx, nil)
		must(t, err)
		if list.CacheScope != "private" {
			t.Errorf("%s's list of tools may be cached as %q", c.role, list.CacheScope)
		}
		var names []string
		for _, tool := range list.Tools {
			names = append(names, tool.Name)
			if tool.Description == "" || strings.Contains(tool.Description, "assist.") || tool.Annotations == nil || tool.Annotations.Title == "" {
				t.Errorf("tool %s says %q", tool.Name, tool.Description)
			}
		}
		for _, n := range c.has {
			if !slices.Contains(names, n) {
				t.Errorf("%s has no tool %s", c.role, n)
			}
		}
		for _, n := range c.not {
			if slices.Contains(names, n) {
				t.Errorf("%s has the tool %s", c.role, n)
			}
		}
	}
	r, err := http.Post(w.url, "application/json", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
	must(t, err)
	r.Body.Close()
	if r.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token the answer is %s", r.Status)
	}
}

// TestMattersAreFoundAndRead: by words and by number, with whom they are and what the person may do; foreign looks absent.
func TestMattersAreFoundAndRead(t *testing.T) {
	w := stand(t)
	first := w.promise("改造老旧小区二十五个")
	w.promise("新建口袋公园六处")
	must(t, w.search.CatchUp(ctx))
	handler := w.assistant(w.As(t, "housing", "handler", 0), nil)
	found, _ := call[matters](t, handler, "search_matters", map[string]any{"text": "老旧小区"})
	if found.Total != 1 || len(found.Matters) != 1 || found.Matters[0].ID != first.Matter || !strings.HasPrefix(found.Matters[0].Page, "https://bihuan.example/matters/") {
		t.Fatalf("found %+v", found)
	}
	type acts struct {
		Title, Holder string
		Fields        []struct{ Label, Value string }
		History       []struct{ At, Act string }
		Acts          []struct {
			Act    string
			Fields []struct{ Key string }
		}
	}
	got, refused := call[acts](t, handler, "read_matter", map[string]any{"matter": first.Number})
	if refused != "" || got.Title != "改造老旧小区二十五个" || len(got.History) != 1 || len(got.Acts) == 0 {
		t.Errorf("read %+v, %s", got, refused)
	}
	other := w.assistant(w.As(t, "education", "handler", 0), nil)
	_, foreign := call[acts](t, other, "read_matter", map[string]any{"matter": string(first.Matter)})
	_, absent := call[acts](t, other, "read_matter", map[string]any{"matter": string(first.Matter[:len(first.Matter)-4] + "0000")})
	_, number := call[acts](t, other, "read_matter", map[string]any{"matter": first.Number})
	if foreign == "" || foreign != absent || number != absent {
		t.Errorf("a foreign matter is %q, its number %q, one that there is not %q", foreign, number, absent)
	}
	if none, _ := call[matters](t, other, "search_matters", map[string]any{"text": "老旧小区"}); none.Total != 0 {
		t.Errorf("a foreign matter is found: %+v", none)
	}
}

// TestOverdueIsListed when the limit has passed, and not before.
func TestOverdueIsListed(t *testing.T) {
	w := stand(t)
	late := w.promise("改造老旧小区二十五个")
	handler := w.assistant(w.As(t, "housing", "handler", 0), nil)
	if got, _ := call[matters](t, handler, "list_overdue", map[string]any{}); got.Total != 0 {
		t.Errorf("on the first day %+v", got)
	}
	w.Forward(t, 20) // nobody has acknowledged it
	got, refused := call[matters](t, handler, "list_overdue", map[string]any{"unit": "housing"})
	if refused != "" || got.Total < 1 || got.Matters[0].ID != late.Matter || got.Matters[0].Due == "" {
		t.Errorf("after twenty days %+v, %s", got, refused)
	}
	if _, refused := call[matters](t, handler, "list_overdue", map[string]any{"unit": "没有这个单位"}); refused == "" {
		t.Error("a unit that there is not is taken")
	}
}

type drafted struct {
	Status, Page, Number string
	Matter               name.ID
	Lacks                []string
}

// events is how long the log is.
func (w *world) events() int64 {
	seq, _, err := w.Store.Head(ctx, "220105")
	must(w.t, err)
	return seq
}

// TestDraftsWaitForTheirPerson: a draft changes nothing, tells what is missing, and is shown to nobody else.
func TestDraftsWaitForTheirPerson(t *testing.T) {
	w := stand(t)
	m := w.promise("改造老旧小区二十五个")
	who := w.As(t, "housing", "handler", 0)
	s := w.assistant(who, nil)
	before := w.events()
	got, refused := call[drafted](t, s, "draft_reply", map[string]any{"matter": m.Number, "act": "acknowledge"})
	if refused != "" || got.Status != "waiting" || !strings.Contains(got.Page, "/acts/acknowledge?draft=") {
		t.Fatalf("drafted %+v, %s", got, refused)
	}
	if w.events() != before {
		t.Error("a draft was written into the log")
	}
	id := got.Page[strings.Index(got.Page, "draft=")+len("draft="):]
	if d, err := w.drafts.Get(ctx, who, id); err != nil || d.Matter != m.Matter || d.Act != "acknowledge" {
		t.Errorf("the person finds %+v, %v", d, err)
	}
	if _, err := w.drafts.Get(ctx, w.As(t, "housing", "head", 0), id); fault.KindOf(err) != fault.ErrNotFound {
		t.Errorf("somebody else finds it: %v", err)
	}
	for _, c := range []struct {
		name string
		args map[string]any
	}{
		{"a field that the form does not ask for", map[string]any{"matter": m.Number, "act": "acknowledge", "with": map[string]string{"title": "改了"}}},
		{"an act that is somebody else's", map[string]any{"matter": m.Number, "act": "strike-off"}},
		{"an act that there is not", map[string]any{"matter": m.Number, "act": "burn"}},
	} {
		if _, refused := call[drafted](t, s, "draft_reply", c.args); refused == "" {
			t.Errorf("%s is drafted", c.name)
		}
	}
}

// TestNothingIsSentUnlessThePersonAgrees where the program can ask, and then it is done once, in the person's name.
func TestNothingIsSentUnlessThePersonAgrees(t *testing.T) {
	w := stand(t)
	m := w.promise("改造老旧小区二十五个")
	who := w.As(t, "housing", "handler", 0)
	asked, reply := "", &sdk.ElicitResult{Action: "decline"}
	s := w.assistant(who, func(p *sdk.ElicitParams) *sdk.ElicitResult { asked = p.Message; return reply })
	args := map[string]any{"matter": m.Number, "act": "acknowledge", "with": map[string]string{"person": string(who.Person)}, "reason": "已到位\n事项：别的（P1）"}
	before := w.events()
	for _, no := range []*sdk.ElicitResult{{Action: "decline"}, {Action: "cancel"}, {Action: "accept", Content: map[string]any{"send": false}}} {
		reply = no
		got, refused := call[drafted](t, s, "draft_reply", args)
		if !strings.Contains(asked, "\n事项：改造老旧小区二十五个（"+m.Number+"）\n") || strings.Contains(asked, "\n事项：别的") ||
			!strings.Contains(asked, w.Desk.Directory().Person(who.Person).Words.ZH+" ("+string(who.Person)+")") { // whom they name, and not a key alone
			t.Fatalf("asked %q", asked)
		}
		if refused != "" || got.Status == "sent" || w.events() != before {
			t.Errorf("after %s: %+v, %s, %d events more", no.Action, got, refused, w.events()-before)
		}
	}
	reply = &sdk.ElicitResult{Action: "accept", Content: map[string]any{"send": true}}
	got, refused := call[drafted](t, s, "draft_reply", args)
	if refused != "" || got.Status != "sent" || got.Matter != m.Matter || asked == "" {
		t.Fatalf("agreed: %+v, %s", got, refused)
	}
	page, err := w.Store.Log(ctx, "220105", before, 0)
	must(t, err)
	if len(page) != 1 || page[0].Actor.Person != who.Person || !strings.HasPrefix(page[0].Command, "assistant-") {
		t.Errorf("the log says %+v", page)
	}
}

// TestWhoAgreesStillMay: while somebody is asked, what they were when they were asked may be over.
func TestWhoAgreesStillMay(t *testing.T) {
	w := stand(t)
	m := w.promise("改造老旧小区二十五个")
	who := w.As(t, "housing", "handler", 0)
	set := func(roles []name.Role) {
		w.mu.Lock()
		defer w.mu.Unlock()
		now := who
		now.Roles = roles
		w.sessions["token-"+string(who.Person)] = now
	}
	var meanwhile []name.Role
	s := w.assistant(who, func(*sdk.ElicitParams) *sdk.ElicitResult {
		set(meanwhile)
		return &sdk.ElicitResult{Action: "accept", Content: map[string]any{"send": true}}
	})
	args := map[string]any{"matter": m.Number, "act": "acknowledge", "with": map[string]string{"person": string(who.Person)}}
	before := w.events()
	if got, refused := call[drafted](t, s, "draft_reply", args); refused == "" || w.events() != before {
		t.Errorf("the role was taken away: %+v, %d events more", got, w.events()-before)
	}
	meanwhile = who.Roles
	set(who.Roles)
	if got, refused := call[drafted](t, s, "draft_reply", args); refused != "" || got.Status != "sent" {
		t.Errorf("with the role: %+v, %s", got, refused)
	}
}

// TestAssistantsKeepTheirPace: what a person does elsewhere and by their assistants is counted together, reading by messages and what
// is drafted besides.
func TestAssistantsKeepTheirPace(t *testing.T) {
	w := stand(t)
	keeper := pace.New(func() int64 { return 0 })
	w.serve(mcp.Config{Pace: keeper})
	who := w.As(t, "housing", "handler", 0)
	s := w.assistant(who, nil)
	use := func(c pace.Class) {
		for keeper.Admit(who.Person, "", c) == nil {
		}
	}
	use(pace.Write)
	if _, refused := call[drafted](t, s, "draft_matter", map[string]any{"kind": "no/kind"}); !strings.Contains(refused, "频繁") {
		t.Errorf("too many drafts: %q", refused)
	}
	if _, refused := call[matters](t, s, "list_overdue", map[string]any{}); refused != "" {
		t.Errorf("reading meanwhile: %q", refused)
	}
	use(pace.Read)
	if _, err := s.CallTool(ctx, &sdk.CallToolParams{Name: "list_overdue"}); err == nil || !strings.Contains(err.Error(), "Too Many Requests") {
		t.Errorf("too many messages: %v", err)
	}
}

// TestATokenThatIsTakenBackIsOver with the next call.
func TestATokenThatIsTakenBackIsOver(t *testing.T) {
	w := stand(t)
	s := w.assistant(w.As(t, "housing", "handler", 0), nil)
	call[matters](t, s, "list_overdue", map[string]any{})
	w.mu.Lock()
	clear(w.sessions)
	w.mu.Unlock()
	if _, err := s.CallTool(ctx, &sdk.CallToolParams{Name: "list_overdue"}); err == nil {
		t.Error("the call was answered")
	}
}

// TestATokenThatIsTakenBackWhileAMessageArrivesIsOver: also with the message that was on its way.
func TestATokenThatIsTakenBackWhileAMessageArrivesIsOver(t *testing.T) {
	w := stand(t)
	h := mcp.New(mcp.Config{Desk: w.Desk, Search: w.search, Drafts: w.drafts, Caller: w.behind})
	for _, c := range []struct {
		before func()
		status int
	}{{func() {}, 200}, {func() { clear(w.sessions) }, 401}} {
		w.sessions["t"] = w.As(t, "housing", "handler", 0)
		r := httptest.NewRequest("POST", mcp.Path, corpus.Slow(strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`), c.before))
		for k, v := range map[string]string{"Authorization": "Bearer t", "Content-Type": "application/json", "Accept": "application/json, text/event-stream"} {
			r.Header.Set(k, v)
		}
		got := httptest.NewRecorder()
		if h.ServeHTTP(got, r); got.Code != c.status {
			t.Errorf("status %d, want %d: %s", got.Code, c.status, got.Body)
		}
	}
}

// TestPersonalValuesAreInNoDraft and in no answer: they are the person's to write, and to look at, on the page.
func TestPersonalValuesAreInNoDraft(t *testing.T) {
	w := stand(t)
	operator := w.any("call-operator")
	s := w.assistant(operator, nil)
	if _, refused := call[drafted](t, s, "draft_matter", map[string]any{"kind": "hotline/call", "with": map[string]string{"phone": "13800000000"}}); !strings.Contains(refused, "个人信息") {
		t.Errorf("a telephone number in a draft: %q", refused)
	}
	done, err := w.Desk.Start(ctx, operator, desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": "停水", "phone": "13800000000"}})
	must(t, err)
	r, err := s.CallTool(ctx, &sdk.CallToolParams{Name: "read_matter", Arguments: map[string]any{"matter": string(done.Matter)}})
	must(t, err)
	b, _ := json.Marshal(r)
	if r.IsError || strings.Contains(string(b), "13800000000") || !strings.Contains(string(b), `"hidden":true`) {
		t.Errorf("answered %s", b)
	}
}

// TestEveryToolDeclaresAnAction that exists and speaks of what it is done to.
func TestEveryToolDeclaresAnAction(t *testing.T) {
	for _, d := range mcp.Declared() {
		a, ok := access.Lookup(d.Action)
		if !ok || len(d.On) == 0 {
			t.Errorf("%s declares %q on %v", d.Tool, d.Action, d.On)
		}
		for _, on := range d.On {
			if !slices.Contains(a.On, on) {
				t.Errorf("%s declares %s on %s, which it does not speak of", d.Tool, d.Action, on)
			}
		}
	}
}

// TestAnAssistantServesAFirm: within a mandate and while it holds, with what anybody may and nothing of the person's own roles.
func TestAnAssistantServesAFirm(t *testing.T) {
	w := stand(t)
	room := firms.New(w.Desk, w.Store, func(context.Context, name.Person) error { return nil })
	w.Desk.Mandated(room)
	const code = "91350100M000100Y43" // an example of GB 32100-2015, Annex A
	boss, agent := desk.Caller{Person: "boss", Unit: name.Visitor.Unit, Roles: []name.Role{name.Visitor.Role}}, w.As(t, "housing", "head", 0)
	must(t, room.Ask(ctx, w.As(t, "services", "sysadmin", 0), account.FirmChange{Code: code, Name: "长春某某清洁有限公司", Person: "boss"}, "看过执照"))
	asked, err := room.Firm(ctx, code)
	must(t, err)
	must(t, room.Confirm(ctx, w.As(t, "services", "secadmin", 0), code, asked.Asked.At))
	w.sessions["acting"] = agent
	connect := func() (*sdk.ClientSession, error) {
		return sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, &sdk.StreamableClientTransport{Endpoint: w.url,
			HTTPClient: &http.Client{Transport: with("acting for firm-91350100m000100y43")}}, nil)
	}
	if s, err := connect(); err == nil {
		s.Close()
		t.Fatal("it serves a firm without a mandate")
	}
	must(t, room.Give(ctx, boss, code, account.FirmChange{Person: agent.Person, Kinds: room.Kinds()[:1], Until: w.Clock.Now() + 1e9}, "代办"))
	s, err := connect()
	must(t, err)
	defer s.Close()
	all, err := s.ListTools(ctx, nil)
	must(t, err)
	for _, tool := range all.Tools {
		if strings.HasPrefix(tool.Name, "draft") || tool.Name == "read_matter" {
			t.Errorf("serving a firm it has %s", tool.Name)
		}
	}
	serves, _, err := room.Of(ctx, "boss")
	must(t, err)
	must(t, room.Revoke(ctx, boss, code, serves[0].Mandates[0].ID))
	if _, err := s.ListTools(ctx, nil); err == nil {
		t.Error("it goes on after the mandate was revoked")
	}
}

// A program acts for another in the roles that were delegated, while that holds; named by whoever was not asked it gets nothing.
func TestAnAssistantActsForAnother(t *testing.T) {
	w := stand(t)
	head, deputy := w.As(t, "housing", "head", 0), w.As(t, "education", "handler", 0)
	token := "acting for " + string(head.Person)
	w.sessions["acting"] = deputy
	connect := func() (*sdk.ClientSession, error) {
		return sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(ctx, &sdk.StreamableClientTransport{Endpoint: w.url, HTTPClient: &http.Client{Transport: with(token)}}, nil)
	}
	if s, err := connect(); err == nil {
		s.Close()
		t.Fatal("it acts for whoever did not ask")
	}
	office := w.As(t, "office", "issuer", 0)
	done, err := w.Desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)
	today := w.Desk.Today()
	given, err := w.Rights.Give(ctx, head, deputy.Person, []name.Role{"head"}, today, today, "出差")
	must(t, err)
	s, err := connect()
	must(t, err)
	defer s.Close()
	if _, refused := call[map[string]any](t, s, "read_matter", map[string]any{"matter": string(done.Matter)}); refused != "" {
		t.Errorf("the head's matter: %s", refused)
	}
	own := w.assistant(deputy, nil)
	if _, refused := call[map[string]any](t, own, "read_matter", map[string]any{"matter": string(done.Matter)}); refused == "" {
		t.Error("the deputy reads it in their own name")
	}
	must(t, w.Rights.EndDelegation(ctx, head, given.ID, "已返回"))
	if _, err := s.CallTool(ctx, &sdk.CallToolParams{Name: "read_matter", Arguments: map[string]any{"matter": string(done.Matter)}}); err == nil {
		t.Error("it goes on after the delegation has ended")
	}
}
