package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/hooks"
	"bihuan/desk/notices"
	allowed "bihuan/desk/places"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/internal/htmlcheck"
	"bihuan/kernel/notice"
)

// outgoing makes the rooms of what leaves the house; nothing really does.
func (h *house) outgoing() Outgoing {
	chance := func(b []byte) { rand.Read(b) }
	var err error
	h.places, err = allowed.Open(context.Background(), h.desk, h.store, func(o *allowed.Order) error {
		if strings.ContainsAny(o.Host, "@ ") || o.Host == "" {
			return fault.Refuse(fault.ErrInvalid, "place-host", "host")
		}
		return nil
	})
	h.must(err)
	h.notices = notices.New(notices.Config{Desk: h.desk, Store: h.store, Ways: notices.NewTray(h.desk.Now), Holder: "test", Chance: chance, Secret: []byte("secret")})
	h.hooks = hooks.New(hooks.Config{Desk: h.desk, Store: h.store, Caller: refusing{}, Holder: "test", Chance: chance, Secret: []byte("secret"), Check: func(u string) error {
		if !strings.HasPrefix(u, "https://") {
			return fault.Refuse(fault.ErrInvalid, "url-malformed", "url")
		}
		return nil
	}})
	return Outgoing{Hooks: h.hooks, Places: h.places, Key: func() string { return "-----BEGIN PUBLIC KEY-----" }}
}

// refusing is a receiver that wants nothing.
type refusing struct{}

func (refusing) Call(context.Context, hooks.Call) (int, time.Duration, error) { return 400, 0, nil }

// TestSomebodyReadsTheirNotices: what comes to a unit stands in the inbox of its head, counted in the header of every page; marked as
// read it is gone from there, and nobody else's.
func TestSomebodyReadsTheirNotices(t *testing.T) {
	h := stand(t)
	office, head := h.one("office", "issuer"), h.one("housing", "head")
	h.page(head, "/inbox").Contains("main", "还没有消息")
	for range 2 {
		_, err := h.desk.Start(t.Context(), h.who(office), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
		h.must(err)
	}
	h.must(h.notices.Tick(t.Context()))
	p := h.page(head, "/inbox")
	p.Contains("table", "改造小区")
	p.Contains("table", "政府工作报告任务")
	h.page(head, "/desk").Contains(".inbox-link", "2")
	in, err := h.notices.Inbox(t.Context(), h.who(head), notices.Ask{})
	h.must(err)
	if w := h.ask(office, "zh", "POST", "/inbox", url.Values{"do": {"read"}, "id": {in.Entries[0].ID}}); w.Code != 303 {
		t.Errorf("status %d", w.Code)
	}
	h.page(head, "/desk").Contains(".inbox-link", "2")
	if w := h.ask(head, "zh", "POST", "/inbox", url.Values{"do": {"read"}, "id": {in.Entries[0].ID}, "to": {"/inbox?unread=yes"}}); w.Header().Get("Location") != "/inbox?unread=yes" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	h.page(head, "/desk").Contains(".inbox-link", "1")
	h.ask(head, "zh", "POST", "/inbox", url.Values{"do": {"all"}})
	h.page(head, "/inbox?unread=yes").Contains("main", "还没有消息")
	if w := h.ask("", "zh", "GET", "/inbox", nil); w.Code == 200 {
		t.Error("nobody has an inbox")
	}
	if w := h.ask(head, "zh", "POST", "/inbox", url.Values{"do": {"all"}, "to": {"//evil.example"}}); strings.Contains(w.Header().Get("Location"), "evil") {
		t.Errorf("sent on to %q", w.Header().Get("Location"))
	}
}

func TestSomebodySaysHowTheyAreTold(t *testing.T) {
	h := stand(t)
	head := h.one("housing", "head")
	h.page(head, "/me/notices").Has("input[name='mail']")
	if w := h.ask(head, "zh", "POST", "/me/notices", url.Values{"mail": {"x"}, "by-mail": {"yes"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "邮箱地址写得不对") {
		t.Errorf("status %d", w.Code)
	}
	h.ask(head, "zh", "POST", "/me/notices", url.Values{"mail": {"head@erdao.example.cn"}, "by-mail": {"yes"}, "tell": {"assigned"}})
	r, err := h.notices.Reach(t.Context(), h.who(head))
	h.must(err)
	if r.Mail != "head@erdao.example.cn" || !r.ByMail || len(r.Mute) < 5 {
		t.Errorf("%+v", r)
	}
	h.page(head, "/me/notices?saved=yes").Contains("main", "已保存")
}

// TestTheAdministratorsOpenAPlaceAndSubscribe: one proposes, the other approves; then a program is subscribed, and what it refuses is
// shown and can be sent again.
func TestTheAdministratorsOpenAPlaceAndSubscribe(t *testing.T) {
	h := stand(t)
	sys, sec, handler := h.one("services", "sysadmin"), h.one("services", "secadmin"), h.one("housing", "handler")
	for _, path := range []string{"/admin/webhooks", "/admin/places", "/admin/notices"} {
		h.page(sys, path)
		if w := h.ask(handler, "zh", "GET", path, nil); w.Code == 200 {
			t.Errorf("a handler sees %s", path)
		}
	}
	ticks := map[string]bool{}
	for _, e := range h.page(sys, "/admin/webhooks").All(".ticks label") {
		if ticks[e.Text()] {
			t.Errorf("two ticks are called %q", e.Text())
		}
		ticks[e.Text()] = true
	}
	if w := h.ask(sys, "zh", "POST", "/admin/places", url.Values{"host": {"a@b"}, "port": {"443"}, "why": {"x"}, "command": {"c0"}}); w.Code != 422 {
		t.Errorf("status %d", w.Code)
	}
	h.ask(sys, "zh", "POST", "/admin/places", url.Values{"host": {"city.example.cn"}, "port": {"443"}, "why": {"市平台"}, "command": {"c1"}})
	all, err := h.places.All(t.Context(), h.who(sec))
	h.must(err)
	if len(all) != 1 {
		t.Fatalf("%d places", len(all))
	}
	for _, p := range []*htmlcheck.Page{h.page(sys, "/admin/places")} {
		p.Contains("table", "待批准")
		p.Lacks("button[value='approve']")
	}
	for _, p := range []*htmlcheck.Page{h.page(sec, "/admin/places")} {
		p.Has("button[value='approve']")
		p.Lacks("input[name='host']")
	}
	h.ask(sec, "zh", "POST", "/admin/places/"+string(all[0].ID), url.Values{"do": {"approve"}})
	h.page(sec, "/admin/places").Contains("table", "已批准")
	if len(h.places.Approved()) != 1 {
		t.Error("the place is not open")
	}
	if w := h.ask(sys, "zh", "POST", "/admin/webhooks", url.Values{"name": {"市平台"}, "url": {"ftp://x"}, "events": {"*"}, "command": {"c2"}}); w.Code != 422 || !strings.Contains(w.Body.String(), "https://") {
		t.Errorf("status %d", w.Code)
	}
	h.ask(sys, "zh", "POST", "/admin/webhooks", url.Values{"name": {"市平台"}, "url": {"https://city.example.cn/in"}, "events": {"*"}, "command": {"c3"}})
	office := h.one("office", "issuer")
	_, err = h.desk.Start(t.Context(), h.who(office), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	h.must(err)
	h.must(h.hooks.Tick(t.Context()))
	for _, p := range []*htmlcheck.Page{h.page(sys, "/admin/webhooks")} {
		p.Contains("section.hook", "市平台")
		p.Contains("section.hook table", "对方拒收")
		p.Contains("section.hook table details.technical", "status 400")
		p.Contains("section.hook", "whsec_")
	}
	subs, err := h.hooks.List(t.Context(), h.who(sys))
	h.must(err)
	hook := "/admin/webhooks/" + string(subs[0].ID)
	for _, form := range []url.Values{{"do": {"again"}, "seq": {itoa(int(subs[0].Dead[0].Seq))}}, {"do": {"replay"}, "from": {"2023-10-16"}}, {"do": {"rotate"}}} {
		if w := h.ask(sys, "zh", "POST", hook, form); w.Code != 303 {
			t.Errorf("%v: status %d", form, w.Code)
		}
	}
	if w := h.ask(sys, "zh", "POST", hook, url.Values{"do": {"test"}}); w.Code != 200 || !strings.Contains(w.Body.String(), "对方应答 400") || !strings.Contains(w.Body.String(), "对方拒收") {
		t.Errorf("status %d", w.Code)
	}
	if w := h.ask(sys, "zh", "POST", hook, url.Values{"do": {"replay"}, "from": {"gestern"}}); w.Code != 422 {
		t.Errorf("status %d", w.Code)
	}
	h.ask(sys, "zh", "POST", hook, url.Values{"do": {"stop"}, "reason": {"换系统"}})
	h.page(sys, "/admin/webhooks").Contains("section.hook", "已停用")
	if w := h.ask(handler, "zh", "POST", hook, url.Values{"do": {"rotate"}}); w.Code == 303 {
		t.Error("a handler changes a subscription")
	}
}

// silent is a receiver that nobody reaches.
type silent struct{ error }

func (silent) Trouble() notice.Trouble { return notice.Unanswered }
func (s silent) Call(context.Context, hooks.Call) (int, time.Duration, error) {
	return 0, 0, s
}

// TestAReceiverThatIsAwayIsToldOfInWords: tried by hand and by the platform the page says what happened, in both languages, and what the network says is folded away. Every trouble has its words.
func TestAReceiverThatIsAwayIsToldOfInWords(t *testing.T) {
	h := stand(t)
	h.hooks.Caller = silent{errors.New("dial tcp 10.0.0.9:443: connect: connection refused")}
	sys := h.one("services", "sysadmin")
	h.ask(sys, "zh", "POST", "/admin/webhooks", url.Values{"name": {"市平台"}, "url": {"https://city.example.cn/in"}, "events": {"*"}, "command": {"c3"}})
	_, err := h.desk.Start(t.Context(), h.who(h.one("office", "issuer")), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	h.must(err)
	h.must(h.hooks.Tick(t.Context()))
	subs, err := h.hooks.List(t.Context(), h.who(sys))
	h.must(err)
	try := func() *htmlcheck.Page {
		return parse(t, h.ask(sys, "zh", "POST", "/admin/webhooks/"+string(subs[0].ID), url.Values{"do": {"test"}}))
	}
	for what, p := range map[string]*htmlcheck.Page{".done": try(), "section.hook dl.facts": h.page(sys, "/admin/webhooks")} {
		p.Contains(what, "没有程序接听")
		p.Contains(what+" details.technical code", "connection refused")
	}
	if text := textOf(h.ask(sys, "en", "GET", "/admin/webhooks", nil)); !strings.Contains(text, "nothing listens at this port") {
		t.Errorf("in English: %s", text)
	}
	for _, trouble := range notice.Troubles {
		for _, lang := range []string{"zh", "en"} {
			if key := "trouble." + string(trouble); words.Say(lang, key) == key || !words.Has(key) {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
}

// TestWhatWasNotSentIsShown: the page of the administrator names the way, the fault and the matter, and no address.
func TestWhatWasNotSentIsShown(t *testing.T) {
	h := stand(t)
	sys, head, office := h.one("services", "sysadmin"), h.one("housing", "head"), h.one("office", "issuer")
	broken := notices.New(notices.Config{Desk: h.desk, Store: h.store, Ways: noWay{notices.NewTray(h.desk.Now)}, Holder: "test", Chance: func(b []byte) { rand.Read(b) }, Secret: []byte("secret")})
	h.must(broken.SetReach(t.Context(), h.who(head), notices.Reach{Mail: "head@erdao.example.cn", ByMail: true}))
	_, err := h.desk.Start(t.Context(), h.who(office), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2023-12-31"}})
	h.must(err)
	h.must(broken.Tick(t.Context()))
	h.now.Add(3600_000_000)
	h.must(broken.Tick(t.Context()))
	for _, p := range []*htmlcheck.Page{h.page(sys, "/admin/notices")} {
		p.Contains("table", "mailbox unknown")
		p.Has("form[action='/admin/notices']")
		if strings.Contains(p.Text("body"), "head@erdao") {
			t.Error("an address is shown")
		}
	}
	post, err := h.notices.Post(t.Context(), h.who(sys))
	h.must(err)
	if w := h.ask(sys, "zh", "POST", "/admin/notices", url.Values{"batch": {post.Stuck[0].Batch}}); w.Code != 303 {
		t.Errorf("status %d", w.Code)
	}
	h.page(sys, "/admin/notices").Contains("main", "没有发送失败的消息")
}

// noWay refuses every mail.
type noWay struct{ *notices.Tray }

func (noWay) Mail(context.Context, string, string, string, string) error {
	return errors.Join(errors.New("mailbox unknown"), fault.ErrInvalid)
}

// TestAlikeNoticesStandTogether: what says the same of one kind on one day is one row with its latest; the others are opened without script, one
// box marks them all, and another day is a row of its own.
func TestAlikeNoticesStandTogether(t *testing.T) {
	h := stand(t)
	office, head := h.one("office", "issuer"), h.one("housing", "head")
	assign := func(n int) {
		for i := range n {
			_, err := h.desk.Start(t.Context(), h.who(office), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区" + strconv.Itoa(i), "unit": "housing", "due": "2023-12-31"}})
			h.must(err)
		}
		h.must(h.notices.Tick(t.Context()))
	}
	assign(4)
	p := h.page(head, "/inbox")
	if rows, inside := len(p.All("table.inbox tbody tr")), len(p.All("details.alike li input")); rows != 1 || inside != 3 {
		t.Fatalf("%d rows with %d opened inside, want one row and three", rows, inside)
	}
	p.Contains("details.alike summary", "等4条")
	p.Contains(".inbox .new", "未读 4")
	box := p.First("table.inbox tbody td input").Attr("value")
	h.ask(head, "zh", "POST", "/inbox", url.Values{"do": {"read"}, "id": {box}})
	h.page(head, "/desk").Lacks(".inbox-link .count")

	h.now.Add(24 * 3600 * 1e6)
	assign(1)
	p = h.page(head, "/inbox")
	if rows := len(p.All("table.inbox tbody tr")); rows != 2 {
		t.Errorf("%d rows of two days, want 2", rows)
	}
}
