package mcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/auth"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/drafts"
	"bihuan/desk/pace"
	"bihuan/desk/search"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Path is where the server is.
const Path = "/mcp"

// ForHeader names whom somebody acts for 代办, by key, with each request. Whoever has not asked for it, or no longer, is refused.
const ForHeader = "Bihuan-For"

// Limits.
const (
	maxBody     = 256 << 10 // bytes of a request
	idle        = 30 * time.Minute
	mostRows    = 50 // of one answer
	defaultRows = 20
)

// Config is what the face needs.
type Config struct {
	Desk    *desk.Desk
	Search  *search.Room
	Drafts  *drafts.Room
	Caller  func(ctx context.Context, secret, lang string) (desk.Caller, error) // whose session it is now; wraps fault.ErrNotFound
	Address string                                                              // where people find the pages, such as https://bihuan.example; may be empty
	Pace    *pace.Keeper                                                        // nil: everybody as fast as they like
	Log     *slog.Logger
	Version string
}

// server is the tools with what they need.
type server struct{ Config }

// New returns the handler of everything at [Path].
func New(c Config) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{c}
	transport := sdk.NewStreamableHTTPHandler(s.open, &sdk.StreamableHTTPOptions{SessionTimeout: idle, Logger: slog.New(slog.DiscardHandler)})
	guarded := auth.RequireBearerToken(verified, &auth.RequireBearerTokenOptions{AllowMissingExpiration: true})(s.paced(transport)) // it ends by our own clock
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		var v verdict
		if f := strings.Fields(r.Header.Get("Authorization")); len(f) == 2 {
			if v.info, v.err = s.verify(r.Context(), f[1], r); v.err == nil && r.Method == http.MethodPost {
				if !arrived(w, r) {
					return
				}
				v.info, v.err = s.verify(r.Context(), f[1], r) // a body may take two minutes to come: nothing is done by what ended meanwhile
			}
		}
		if errors.Is(v.err, auth.ErrInvalidToken) && s.busy(w, s.Pace.Admit("", doors.Address(r.RemoteAddr), pace.Failed), words.Prefer(r.Header.Get("Accept-Language"))) {
			return
		}
		guarded.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), verdictKey{}, v)))
	})
}

// arrived reads the whole body, and reports whether it came; whoever sends none that can be read is answered.
func arrived(w http.ResponseWriter, r *http.Request) bool {
	b, err := io.ReadAll(r.Body)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
		return false
	} else if err != nil {
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	return true
}

// verdict is what came of a request's token, looked up beforehand, so that a wrong one can be paced before it is answered.
type verdict struct {
	info *auth.TokenInfo
	err  error
}

type verdictKey struct{}

// verified is the [auth.TokenVerifier] that tells the verdict.
func verified(ctx context.Context, _ string, _ *http.Request) (*auth.TokenInfo, error) {
	v, _ := ctx.Value(verdictKey{}).(verdict)
	return v.info, v.err
}

// busy answers whoever asks faster than their pace, and reports whether it did.
func (s *server) busy(w http.ResponseWriter, err error, lang string) bool {
	busy, ok := errors.AsType[*doors.Busy](err)
	if ok {
		w.Header().Set("Retry-After", strconv.Itoa(busy.Seconds()))
		http.Error(w, words.Of(err, lang), http.StatusTooManyRequests)
	}
	return ok
}

// paced turns away whoever asks faster than their pace: each message counts as reading, and what a tool writes once more as that.
func (s *server) paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := caller(auth.TokenInfoFromContext(r.Context()))
		if !s.busy(w, s.Pace.Admit(who.Person, doors.Address(r.RemoteAddr), pace.Read), who.Lang) {
			next.ServeHTTP(w, r)
		}
	})
}

// verify finds out whose token it is, at every request: what was revoked is over with the next one.
func (s *server) verify(ctx context.Context, token string, r *http.Request) (*auth.TokenInfo, error) {
	who, err := s.behind(ctx, token, r.Header, s.Desk.ZoneOf(r.RemoteAddr))
	if errors.Is(err, fault.ErrNotFound) || errors.Is(err, fault.ErrDenied) {
		return nil, auth.ErrInvalidToken
	}
	if err != nil {
		return nil, err
	}
	user := string(who.Person)
	if who.For != "" {
		user += " for " + string(who.For) // a session stays with whom it was opened for
	}
	return &auth.TokenInfo{UserID: user, Extra: map[string]any{callerKey: who}}, nil
}

// behind returns who is behind a token now, for whom the headers say that they act. It wraps [fault.ErrNotFound] for one that opens
// nothing, and [fault.ErrDenied] for whoever does not act for that one.
func (s *server) behind(ctx context.Context, token string, h http.Header, zone access.Zone) (desk.Caller, error) {
	who, err := s.Caller(ctx, token, words.Prefer(h.Get("Accept-Language")))
	if err != nil {
		return desk.Nobody, err
	}
	who.Zone = zone
	return s.Desk.ActingFor(ctx, who, name.Person(h.Get(ForHeader)))
}

const callerKey = "caller"

// caller is who is behind a request.
func caller(info *auth.TokenInfo) desk.Caller {
	if info == nil {
		return desk.Nobody
	}
	if who, ok := info.Extra[callerKey].(desk.Caller); ok {
		return who
	}
	return desk.Nobody
}

// open makes the server of one session: with the tools of whoever opens it.
func (s *server) open(r *http.Request) *sdk.Server {
	who := caller(auth.TokenInfoFromContext(r.Context()))
	srv := sdk.NewServer(&sdk.Implementation{Name: "bihuan", Title: words.Say(who.Lang, "assist.title"), Version: s.Version},
		&sdk.ServerOptions{Instructions: words.Say(who.Lang, "assist.instructions"), Logger: slog.New(slog.DiscardHandler), SetCacheable: private})
	for _, t := range tools {
		if s.holds(who, t) {
			t.add(s, srv, t, &sdk.Tool{Name: t.name, Title: t.words.In(who.Lang), Description: t.help.In(who.Lang),
				Annotations: &sdk.ToolAnnotations{Title: t.words.In(who.Lang), ReadOnlyHint: t.reads, IdempotentHint: t.reads, DestructiveHint: new(false), OpenWorldHint: new(false)}})
		}
	}
	return srv
}

// private tells whatever stands between that a list of tools is one person's, which the SDK leaves public: it follows from their rights.
func private(_ context.Context, _ sdk.Request, c *sdk.Cacheable) { c.CacheScope = "private" }

func (s *server) holds(who desk.Caller, t tool) bool {
	return slices.ContainsFunc(t.on, func(on access.ObjectType) bool { return s.Desk.Holds(who, t.action, on) })
}

// tool is one thing that an assistant may do, with the permission that it asks for.
type tool struct {
	name        string
	action      access.Action
	on          []access.ObjectType
	reads       bool
	words, help name.Text
	add         func(*server, *sdk.Server, tool, *sdk.Tool)
}

// tools are all of them, in the order in which they are listed.
var tools = []tool{
	{"search_matters", access.MatterRead, []access.ObjectType{access.Matter}, true,
		name.Text{ZH: "查找事项", EN: "search matters"},
		name.Text{ZH: "按两个字以上的文字查找本人有权查看的事项，最匹配的在前。", EN: "Finds matters that the person may read by words of two characters or more, best first."}, answer(searchMatters)},
	{"read_matter", access.MatterRead, []access.ObjectType{access.Matter}, true,
		name.Text{ZH: "查看事项", EN: "read a matter"},
		name.Text{ZH: "按编号查看一个事项：状态、承办单位、时限、经过，以及本人现在可以办理的操作和表单。个人信息不显示。", EN: "Reads one matter by id or number: where it stands, with whom, its limits, its history, and the acts and forms that are the person's now. Personal values are not shown."}, answer(readMatter)},
	{"list_overdue", access.MatterRead, []access.ObjectType{access.Matter}, true,
		name.Text{ZH: "已超期事项", EN: "list what is overdue"},
		name.Text{ZH: "列出本人有权查看的、已超过办理时限的未结事项，最早到期的在前。", EN: "Lists open matters beyond their limit that the person may read, the earliest first."}, answer(listOverdue)},
	{"search_goals", access.GoalRead, []access.ObjectType{access.Goal}, true,
		name.Text{ZH: "查找目标", EN: "search goals"},
		name.Text{ZH: "按文字、年度、单位或红黄绿灯查找政府工作报告目标。", EN: "Finds goals of the work report by words, year, unit or light."}, answer(searchGoals)},
	{"read_goal", access.GoalRead, []access.ObjectType{access.Goal}, true,
		name.Text{ZH: "查看目标", EN: "read a goal"},
		name.Text{ZH: "查看一个目标：报告原句、目标值、当前数据及其来源、序时进度、关联事项。", EN: "Reads one goal: its sentence, target, present figure and where it comes from, pace, and the matters that hang on it."}, answer(readGoal)},
	{"search_registers", access.RegisterRead, []access.ObjectType{access.Register}, true,
		name.Text{ZH: "查找政策与名册", EN: "search policies and registers"},
		name.Text{ZH: "在政策、知识、类目等名册中按文字查找现行有效的条目。", EN: "Finds records that hold today in the registers: policies, knowledge, dictionaries."}, answer(searchRegisters)},
	{"list_forms", access.MatterOpen, []access.ObjectType{access.Matter}, true,
		name.Text{ZH: "可登记的事项", EN: "list what can be opened"},
		name.Text{ZH: "列出本人可以登记的事项种类及其表单字段。", EN: "Lists the kinds of matter that the person may open, with the fields of their forms."}, answer(listForms)},
	{"draft_matter", access.MatterOpen, []access.ObjectType{access.Matter}, false,
		name.Text{ZH: "拟登记事项", EN: "draft a matter"},
		name.Text{ZH: "替本人拟一份登记表单。不会自动提交：须由本人在页面上核对后提交，或当场确认。", EN: "Fills in the form that opens a matter. Nothing is sent until the person has looked at it and agreed."}, answer(draftMatter)},
	{"draft_reply", access.MatterAct, []access.ObjectType{access.Matter}, false,
		name.Text{ZH: "拟办理意见", EN: "draft an act or a reply"},
		name.Text{ZH: "替本人拟一个事项的办理表单，如进展、答复、退回。不会自动提交：须由本人在页面上核对后提交，或当场确认。", EN: "Fills in the form of an act to a matter, such as progress, an answer or a return. Nothing is sent until the person has looked at it and agreed."}, answer(draftReply)},
}

// call is one call of a tool on its way.
type call struct {
	context.Context
	s    *server
	req  *sdk.CallToolRequest
	who  desk.Caller
	lang string
}

// answer makes a tool of a function: who asks is found out anew, the permission is checked, and what is refused is told in the
// person's language as an answer of the tool.
func answer[In, Out any](do func(*call, In) (Out, error)) func(*server, *sdk.Server, tool, *sdk.Tool) {
	return func(s *server, srv *sdk.Server, declared tool, t *sdk.Tool) {
		sdk.AddTool(srv, t, func(ctx context.Context, req *sdk.CallToolRequest, in In) (*sdk.CallToolResult, Out, error) {
			c := &call{Context: ctx, s: s, req: req}
			if req.Extra != nil {
				c.who = caller(req.Extra.TokenInfo)
			}
			c.lang = c.who.Lang
			began := time.Now()
			var out Out
			err := error(fault.Refuse(fault.ErrDenied, "denied", ""))
			if s.holds(c.who, declared) {
				if err = s.admit(c.who, declared); err == nil {
					out, err = do(c, in)
				}
			}
			s.Log.Info("assistant", "tool", t.Name, "took", time.Since(began).Round(time.Microsecond), "error", err != nil)
			if err != nil {
				return nil, out, s.told(c, t.Name, err)
			}
			return nil, out, nil
		})
	}
}

// admit counts a call of a tool that writes.
func (s *server) admit(who desk.Caller, t tool) error {
	if t.reads {
		return nil
	}
	return s.Pace.Admit(who.Person, "", pace.Write)
}

// told is what the assistant hears of an error: a refusal in its words, of a fault of ours nothing but that there was one.
func (s *server) told(c *call, tool string, err error) error {
	if fault.KindOf(err) == nil {
		s.Log.Error("assistant", "tool", tool, "fault", err)
	}
	return errors.New(words.Of(err, c.lang))
}

// again finds out anew who asks, with what they hold now: while a person was asked, the session may have ended and a role may have
// been taken away.
func (c *call) again() error {
	h := c.req.Extra.Header
	_, token, _ := strings.Cut(h.Get("Authorization"), " ")
	who, err := c.s.behind(c, strings.TrimSpace(token), h, c.who.Zone)
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.Refuse(fault.ErrDenied, "sign-in-first", "")
	}
	c.who = who
	return err
}

// page is the address of a page of ours.
func (c *call) page(path string) string { return c.s.Address + path }

// rows is how many rows an answer has.
func rows(asked int) int {
	if asked <= 0 {
		return defaultRows
	}
	return min(asked, mostRows)
}

// streamOf reads an id, or finds the matter with a number that the caller may read.
func (c *call) streamOf(typed string) (name.ID, error) {
	if id, err := name.ParseID(typed); err == nil {
		return id, nil
	}
	page, err := c.s.Desk.Worklist(c, c.who, numbered(typed))
	if err != nil {
		return "", err
	}
	if len(page.Rows) != 1 {
		return "", fmt.Errorf("matter %q: %w", typed, fault.ErrNotFound)
	}
	return page.Rows[0].Stream, nil
}

// Declaration is the permission that a tool asks for.
type Declaration struct {
	Tool   string
	Action access.Action
	On     []access.ObjectType
}

// Declared returns what each tool declares, in order.
func Declared() (all []Declaration) {
	for _, t := range tools {
		all = append(all, Declaration{t.name, t.action, t.on})
	}
	return all
}
