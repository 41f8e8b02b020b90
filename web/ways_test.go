package web

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"html"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/desk/identity"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/identity/certificate"
	"bihuan/identity/passkey"
	"bihuan/identity/provider"
	"bihuan/internal/oidctest"
	"bihuan/internal/passkeytest"
	"bihuan/kernel/notice"
)

// post is what was sent to somebody.
type post struct{ to, text string }

// mailbox keeps what is sent.
type mailbox struct{ all []post }

func (m *mailbox) Send(_ context.Context, to notice.Address, _ string, text name.Text) error {
	m.all = append(m.all, post{to.Phone + to.Mail, text.ZH})
	return nil
}

// browser keeps cookies, as one person's browser does.
type browser struct {
	h   *house
	jar map[string]string
}

func (b *browser) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	b.h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range b.jar {
		r.AddCookie(&http.Cookie{Name: k, Value: v})
	}
	w := httptest.NewRecorder()
	b.h.pages.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.jar[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.jar, c.Name)
		}
	}
	return w
}

func (b *browser) is(w *httptest.ResponseRecorder, status int, to string) {
	b.h.t.Helper()
	if w.Code != status || to != "" && w.Header().Get("Location") != to {
		b.h.t.Fatalf("answered %d %q, want %d %q:\n%s", w.Code, w.Header().Get("Location"), status, to, textOf(w))
	}
}

func textOf(w *httptest.ResponseRecorder) string {
	s := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(w.Body.String(), " ")
	return strings.Join(strings.Fields(s), " ")
}

func (h *house) browser() *browser { return &browser{h, map[string]string{"lang": "zh"}} }

// signedIn returns a browser in which a person of the directory is signed in.
func (h *house) signedIn(p name.Person) *browser {
	b := h.browser()
	b.jar[plainCookie] = h.session(p)
	return b
}

const province = "http://localhost:9/signin/with/province/back"

// enterable stands up a house with all ways in; mail has what it sends, and root signs certificates.
func enterable(t *testing.T) (h *house, mail *mailbox, s *oidctest.Server, root *testRoot) {
	h = stand(t)
	h.now.Store(time.Now().UnixMicro())
	mail, root = &mailbox{}, newRoot(t)
	s = oidctest.Start(t, "bihuan-web-"+t.Name(), province)
	p, err := provider.New(provider.Config{Key: "province", Issuer: s.Issuer, Client: s.Client, Secret: func() (string, error) { return oidctest.Secret, nil }, Redirect: province,
		HTTP: &http.Client{Timeout: 5 * time.Second}, Now: time.Now})
	h.must(err)
	keys, err := passkey.New("localhost", "闭环", "http://localhost:9")
	h.must(err)
	profile, err := password.ParseProfile("asvs")
	h.must(err)
	h.accounts.Profile = profile
	ways := identity.New(identity.Config{Accounts: h.accounts, Store: h.store, Sender: mail, Passkeys: keys, House: "http://localhost:9",
		Providers: []identity.Provider{{Provider: p, Words: name.Text{ZH: "省统一身份认证", EN: "Province"}, Residents: true}},
		Trust:     func() (*certificate.Trust, error) { return root.trust() }})
	c := h.config
	c.Ways = ways
	h.pages, err = New(c)
	h.must(err)
	return h, mail, s, root
}

// code is the code that was sent last.
func (m *mailbox) code() string {
	if len(m.all) == 0 {
		return ""
	}
	return regexp.MustCompile(`\d{6}`).FindString(m.all[len(m.all)-1].text)
}

// resident signs somebody in by a code and returns their browser.
func (h *house) resident(mail *mailbox, number string) *browser {
	h.t.Helper()
	b := h.browser()
	b.is(b.ask("POST", "/signin/code", url.Values{"number": {number}, "to": {"/me/matters"}}), 200, "")
	b.is(b.ask("POST", "/signin/code/answer", url.Values{"code": {mail.code()}}), 303, "/me/matters")
	return b
}

func TestAResidentSignsInWithACode(t *testing.T) {
	h, mail, _, _ := enterable(t)
	b := h.resident(mail, "138 0000 5678")
	b.is(b.ask("GET", "/me/matters", nil), 200, "")
	if w := b.ask("POST", "/signin/code/answer", url.Values{"code": {mail.code()}}); w.Code != 403 {
		t.Errorf("a code that was used: %d", w.Code)
	}
	first := person(b.ask("GET", "/me/firms", nil))
	if w := h.browser().ask("POST", "/signin/code", url.Values{"number": {"13800005678"}}); w.Code != 503 && w.Code != 429 {
		t.Errorf("a second code within a minute: %d", w.Code)
	}
	h.now.Add(61 * 1_000_000)
	again := h.resident(mail, "+86 13800005678")
	if second := person(again.ask("GET", "/me/firms", nil)); first == "" || second != first {
		t.Errorf("the same number became %q and %q", first, second)
	}
	h.now.Add(61 * 1_000_000)
	guess := h.browser()
	guess.is(guess.ask("POST", "/signin/code", url.Values{"number": {"13800005678"}}), 200, "")
	right := mail.code()
	wrong := "000000"
	if wrong == right {
		wrong = "000001"
	}
	for range 5 {
		guess.is(guess.ask("POST", "/signin/code/answer", url.Values{"code": {wrong}}), 403, "")
	}
	guess.is(guess.ask("POST", "/signin/code/answer", url.Values{"code": {right}}), 403, "")
	h.now.Add(61 * 1_000_000)
	late := h.browser()
	late.is(late.ask("POST", "/signin/code", url.Values{"number": {"13800005678"}}), 200, "")
	h.now.Add(10 * 60 * 1_000_000)
	late.is(late.ask("POST", "/signin/code/answer", url.Values{"code": {mail.code()}}), 403, "")
	for _, bad := range []string{"", "110", "12345678901234", "li@", "a@b@c", strings.Repeat("1", 300)} {
		if w := h.browser().ask("POST", "/signin/code", url.Values{"number": {bad}}); w.Code != 403 {
			t.Errorf("number %.20q: %d", bad, w.Code)
		}
	}
}

// TestWhoeverSignsInByACodeIsToldOfTheRisk: of what may become of a code, and of what is safer, where that is set up and offered beside it (ASVS 5.0 6.6.1).
func TestWhoeverSignsInByACodeIsToldOfTheRisk(t *testing.T) {
	h, mail, _, _ := enterable(t)
	for _, stronger := range []bool{true, false} {
		for lang, said := range map[string][2]string{"zh": {"可能被截获", "更安全的方式"}, "en": {"can be intercepted", "stronger way"}} {
			b := h.browser()
			b.jar["lang"] = lang
			page := b.ask("GET", "/signin/other", nil).Body.String()
			if !strings.Contains(page, said[0]) || strings.Contains(page, said[1]) != stronger {
				t.Errorf("%s, stronger ways %t: %s", lang, stronger, page)
			}
		}
		if stronger { // and what is told of is there
			if ways := h.resident(mail, "13800000010").ask("GET", "/signin/other", nil).Body.String(); !strings.Contains(ways, "/signin/with/province") || !strings.Contains(ways, "/signin/certificate") {
				t.Errorf("no stronger way is beside the code: %s", ways)
			}
		}
		c := h.config
		c.Ways = identity.New(identity.Config{Accounts: h.accounts, Store: h.store, Sender: mail, House: "http://localhost:9"})
		pages, err := New(c)
		h.must(err)
		h.pages = pages
	}
}

// person is the account number that the page of firms shows.
func person(w *httptest.ResponseRecorder) string {
	return regexp.MustCompile(accounts.PersonPrefix + `[0-9a-f]+`).FindString(w.Body.String())
}

func TestAResidentSignsInAtAProvider(t *testing.T) {
	h, _, s, _ := enterable(t)
	in := func(b *browser, user int) string {
		w := b.ask("GET", "/signin/with/province?go=yes&to=/me/matters", nil)
		b.is(w, 303, "")
		return s.Login(t, w.Header().Get("Location"), user).RequestURI()
	}
	one, two := h.browser(), h.browser()
	back := in(one, 1)
	two.is(two.ask("GET", back, nil), 403, "") // another browser's answer
	one.is(one.ask("GET", back, nil), 303, "/me/matters")
	one.is(one.ask("GET", back, nil), 422, "") // twice
	two.is(two.ask("GET", in(two, 2), nil), 303, "/me/matters")
	a, b := person(one.ask("GET", "/me/firms", nil)), person(two.ask("GET", "/me/firms", nil))
	if a == "" || b == "" || a == b {
		t.Errorf("two people became %q and %q", a, b)
	}
	third := h.browser()
	third.is(third.ask("GET", in(third, 1), nil), 303, "/me/matters")
	if again := person(third.ask("GET", "/me/firms", nil)); again != a {
		t.Errorf("the same person became %q, was %q", again, a)
	}
	out := h.browser()
	if w := out.ask("GET", "/signin/with/province?go=yes&to=//evil.example", nil); w.Code == 303 {
		if w = out.ask("GET", s.Login(t, w.Header().Get("Location"), 1).RequestURI(), nil); strings.Contains(w.Header().Get("Location"), "evil") {
			t.Errorf("led to %q", w.Header().Get("Location"))
		}
	}
}

func TestACertificateIsAddedAndSignsIn(t *testing.T) {
	h, _, _, root := enterable(t)
	me := h.one("housing", "handler")
	b := h.signedIn(me)
	key, cert := root.issue(t)
	sign := func(b *browser, path string, adds bool) url.Values {
		text := html.UnescapeString(regexp.MustCompile(`(?s)<textarea id="text"[^>]*>(.*?)</textarea>`).FindStringSubmatch(b.ask("GET", path, nil).Body.String())[1])
		signer, err := certificate.ReadKey(key, cert, rand.Reader)
		h.must(err)
		a, err := certificate.Respond(signer, []byte(text))
		h.must(err)
		v := url.Values{"answer": {string(a.Format())}}
		if adds {
			v.Set("add", "yes")
		}
		return v
	}
	out := h.browser()
	out.is(out.ask("POST", "/signin/certificate", sign(out, "/signin/certificate", false)), 403, "") // nobody's yet
	b.is(b.ask("POST", "/signin/certificate", sign(b, "/signin/certificate?add=yes", true)), 303, "/me/ways?done=added")
	parse(t, b.ask("GET", "/me/ways", nil)).Contains("li", "数字证书")
	form := sign(out, "/signin/certificate", false)
	other := h.browser()
	other.ask("GET", "/signin/certificate", nil)
	other.is(other.ask("POST", "/signin/certificate", form), 403, "") // signed for another browser
	out.is(out.ask("POST", "/signin/certificate", form), 303, "/desk")
	out.is(out.ask("GET", "/me/ways", nil), 200, "")
	out.is(out.ask("POST", "/signin/certificate", form), 403, "") // twice
	root.revoke(t, cert)
	last := h.browser()
	w := last.ask("POST", "/signin/certificate", sign(last, "/signin/certificate", false))
	last.is(w, 403, "")
	if !strings.Contains(textOf(w), "吊销") {
		t.Errorf("a revoked certificate: %s", textOf(w))
	}
}

func TestAPasskeyIsMadeAndSignsIn(t *testing.T) {
	h, _, _, _ := enterable(t)
	b := h.signedIn(h.one("housing", "handler"))
	d := passkeytest.New("http://localhost:9", "localhost")
	w := b.ask("POST", "/me/passkey/ask", nil)
	b.is(w, 200, "")
	made, err := d.Make(w.Body.Bytes())
	h.must(err)
	b.is(b.ask("POST", "/me/passkey", url.Values{"answer": {string(made)}, "label": {"我的手机"}}), 303, "/me/ways?done=added")
	parse(t, b.ask("GET", "/me/ways", nil)).Contains("li", "我的手机")
	in := h.browser()
	w = in.ask("POST", "/signin/passkey/ask", nil)
	shown, err := d.Show(w.Body.Bytes())
	h.must(err)
	thief := h.browser()
	thief.is(thief.ask("POST", "/signin/passkey", url.Values{"answer": {string(shown)}}), 403, "")
	in.is(in.ask("POST", "/signin/passkey", url.Values{"answer": {string(shown)}, "to": {"/me/ways"}}), 303, "/me/ways")
	in.is(in.ask("GET", "/me/ways", nil), 200, "")
	in.is(in.ask("POST", "/signin/passkey", url.Values{"answer": {string(shown)}}), 403, "") // twice
	h.accounts.Profile = password.Dengbao3
	if w := h.browser().ask("POST", "/signin/passkey/ask", nil); w.Code != 404 {
		t.Errorf("outside of the profile asvs: %d", w.Code)
	}
}

func TestAMandateBitesAtOnce(t *testing.T) {
	h, mail, _, _ := enterable(t)
	boss, agent, stranger := h.resident(mail, "13800000001"), h.resident(mail, "13800000002"), h.resident(mail, "13800000003")
	who := func(b *browser) string { return person(b.ask("GET", "/me/firms", nil)) }
	admin := h.signedIn(h.sysadmin())
	const code = "91220101MA0Y0T3K0"
	register := func(last string) *httptest.ResponseRecorder {
		return admin.ask("POST", "/admin/firms", url.Values{"code": {code + last}, "name": {"某某商贸有限公司"}, "person": {who(boss)}, "why": {"已看营业执照和身份证"}})
	}
	full := ""
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if w := register(string(c)); w.Code == 303 {
			full = code + string(c)
			break
		}
	}
	if full == "" {
		t.Fatal("no code was taken")
	}
	boss.is(boss.ask("GET", "/firm/agents?code="+full, nil), 404, "") // nobody has confirmed it
	parse(t, admin.ask("GET", "/admin/firms", nil)).Lacks(`button[value="confirm"]`)
	admin.is(admin.ask("POST", "/admin/firms/decide", url.Values{"code": {full}, "do": {"confirm"}}), 403, "")
	guard := h.signedIn(h.one("services", "secadmin"))
	parse(t, guard.ask("GET", "/admin/firms", nil)).Has(`button[value="confirm"]`)
	guard.is(guard.ask("POST", "/admin/firms", url.Values{"code": {full}, "name": {"某某公司"}, "person": {who(boss)}, "why": {"x"}}), 403, "")
	seen := func() url.Values {
		return parse(t, guard.ask("GET", "/admin/firms", nil)).Fields(`form[action="/admin/firms/decide"]`)
	}
	does := func(form url.Values, what string) url.Values { form.Set("do", what); return form }
	before := seen()
	guard.is(guard.ask("POST", "/admin/firms/decide", does(before, "refuse")), 422, "")
	admin.is(admin.ask("POST", "/admin/firms/decide", url.Values{"code": {full}, "of": before["of"], "do": {"refuse"}, "reason": {"填错了人"}}), 303, "/admin/firms")
	admin.is(register(full[len(code):]), 303, "")
	if w := guard.ask("POST", "/admin/firms/decide", does(before, "confirm")); w.Code != 422 || !strings.Contains(textOf(w), "请刷新页面再看") { // another claim than the one that was seen
		t.Errorf("a claim that was exchanged meanwhile: %d %s", w.Code, textOf(w))
	}
	boss.is(boss.ask("GET", "/firm/agents?code="+full, nil), 404, "")
	guard.is(guard.ask("POST", "/admin/firms/decide", url.Values{"code": {full}, "do": {"confirm"}}), 422, "")
	now := seen()
	guard.is(guard.ask("POST", "/admin/firms/decide", does(now, "confirm")), 303, "/admin/firms")
	guard.is(guard.ask("POST", "/admin/firms/decide", does(now, "confirm")), 422, "")
	page := parse(t, boss.ask("GET", "/firm/agents?code="+full, nil))
	services, err := doors.New(h.desk).Services(context.Background(), doors.People)
	h.must(err)
	door := services[0].Door
	kind := door.Of
	page.Has(`input[name="kind"][value="` + kind + `"]`)
	give := url.Values{"code": {full}, "agent": {who(agent)}, "kind": {kind}, "until": {time.Now().AddDate(0, 1, 0).Format("2006-01-02")}, "why": {"代办"}}
	for _, b := range []*browser{agent, stranger} {
		b.is(b.ask("POST", "/firm/agents", give), 404, "")
		b.is(b.ask("GET", "/firm/agents?code="+full, nil), 404, "")
		b.is(b.ask("POST", "/me/firms", url.Values{"code": {full}}), 404, "")
	}
	boss.is(boss.ask("POST", "/firm/agents", give), 303, "")
	agent.is(agent.ask("POST", "/me/firms", url.Values{"code": {full}}), 303, "/me/firms")
	parse(t, agent.ask("GET", "/me/firms", nil)).Contains(".done", "某某商贸")
	parse(t, agent.ask("GET", "/report", nil)).Contains(".note", "现在代表某某商贸")
	until, err := calendar.ParseDate(give.Get("until"))
	h.must(err)
	last := until.In("zh")
	for _, b := range []*browser{agent, boss} { // the day that was said, whole
		path := map[*browser]string{agent: "/me/firms", boss: "/firm/agents?code=" + full}[b]
		parse(t, b.ask("GET", path, nil)).Contains("main", last)
	}
	stranger.jar[plainFirm] = full
	for _, path := range []string{"/me/firms", "/report"} {
		if w := stranger.ask("GET", path, nil); strings.Contains(w.Body.String(), "某某商贸") {
			t.Errorf("%s tells a stranger who types its code the firm's name", path)
		}
	}
	if stranger.jar[plainFirm] != "" {
		t.Error("a firm for which somebody does not act is kept for them")
	}
	written := func() url.Values {
		p := parse(t, agent.ask("GET", "/report", nil))
		f := url.Values(p.Fields(`form[action="/report"]`))
		f.Set("text", "门前路灯不亮，晚上看不清路")
		f.Set("service", services[0].Code)
		f.Set("door", door.Key)
		f.Set("seen", "yes")
		f.Set("address", "吉林大路1号门前")
		return f
	}
	report := func() *httptest.ResponseRecorder { return agent.ask("POST", "/report", written()) }
	for _, to := range []string{"", full} { // for whom is changed in another tab while the form is open: neither does the firm get what is somebody's own, nor the other way round
		form := written()
		agent.is(agent.ask("POST", "/me/firms", url.Values{"code": {to}}), 303, "/me/firms")
		if w := agent.ask("POST", "/report", form); w.Code != 409 || !strings.Contains(textOf(w), "您换了代表谁办事") {
			t.Errorf("a form that was written for another is sent for %q: %d %s", to, w.Code, textOf(w))
		}
	}
	filed := report()
	agent.is(filed, 303, "")
	receipt, _, _ := strings.Cut(filed.Header().Get("Location"), "?")
	parse(t, agent.ask("GET", "/me/matters", nil)).Has(`a[href^="/receipts/"]`)
	opens := func(b *browser, want int) {
		t.Helper()
		for _, path := range []string{receipt, receipt + "/data", receipt + "/proof"} {
			if path == receipt+"/proof" && want == 200 { // without proofs in this house there is none
				continue
			}
			if w := b.ask("GET", path, nil); w.Code != want && path != receipt+"/proof" || w.Code == 200 && want != 200 {
				t.Errorf("%s: %d, want %d: %s", path, w.Code, want, textOf(w))
			}
		}
	}
	opens(agent, 200)
	opens(boss, 200)
	opens(stranger, 403)
	listed := func(b *browser, want bool) {
		t.Helper()
		p := parse(t, b.ask("GET", "/firm/matters?code="+full, nil))
		if want {
			p.Contains("table", "门前路灯不亮")
			p.Contains("table", who(agent))
		} else {
			p.Lacks("table")
		}
	}
	listed(boss, true)
	listed(agent, true)
	stranger.is(stranger.ask("GET", "/firm/matters?code="+full, nil), 404, "")
	parse(t, boss.ask("GET", "/me/firms", nil)).Has(`a[href="/firm/matters?code=` + full + `"]`)
	parse(t, boss.ask("GET", "/me/data", nil)).Contains("main", "法定代表人")
	parse(t, agent.ask("GET", "/me/data", nil)).Contains("main", "经办人")
	if text := agent.ask("GET", "/me/data.json", nil).Body.String(); !strings.Contains(text, full) {
		t.Errorf("the agent's copy does not name the firm: %s", text)
	}
	if text := stranger.ask("GET", "/me/data.json", nil).Body.String(); strings.Contains(text, full) {
		t.Errorf("a stranger's copy names the firm: %s", text)
	}
	boss.is(boss.ask("POST", "/me/matters", url.Values{"receipt": {strings.TrimPrefix(receipt, "/receipts/")}}), 303, "/me/matters") // who acts for the firm later
	id := regexp.MustCompile(`name="revoke" value="([^"]+)"`).FindStringSubmatch(boss.ask("GET", "/firm/agents?code="+full, nil).Body.String())
	boss.is(boss.ask("POST", "/firm/agents", url.Values{"code": {full}, "revoke": {id[1]}}), 303, "")
	if w := report(); w.Code == 303 || !strings.Contains(textOf(w), "委托") {
		t.Errorf("after the mandate was revoked: %d %s", w.Code, textOf(w))
	}
	parse(t, agent.ask("GET", "/me/firms", nil)).Lacks(".done")
	agent.is(report(), 303, "") // and are themselves again
	opens(agent, 403)
	agent.is(agent.ask("GET", "/firm/matters?code="+full, nil), 404, "")
	listed(boss, true)
	opens(h.browser(), 403)
	opens(boss, 200)
	parse(t, agent.ask("GET", "/me/matters", nil)).Lacks(`a[href="` + receipt + `"]`)
	agent.is(agent.ask("POST", "/me/matters", url.Values{"receipt": {strings.TrimPrefix(receipt, "/receipts/")}}), 422, "")
	parse(t, boss.ask("GET", "/me/matters", nil)).Has(`a[href^="/receipts/"]`)
}

// testRoot is an authority of certificates.
type testRoot struct {
	cert *smx509.Certificate
	key  *sm2.PrivateKey
	gone []x509.RevocationListEntry
	n    int64
}

func newRoot(t testing.TB) *testRoot {
	k, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "测试根"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	der, err := smx509.CreateCertificate(rand.Reader, c, c, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := smx509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &testRoot{cert: cert, key: k, n: 1}
}

func (r *testRoot) trust() (*certificate.Trust, error) {
	l := &x509.RevocationList{Number: big.NewInt(r.n), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().AddDate(0, 0, 7), RevokedCertificateEntries: r.gone}
	der, err := smx509.CreateRevocationList(rand.Reader, l, r.cert, r.key)
	if err != nil {
		return nil, err
	}
	return certificate.ReadTrust(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.cert.Raw}), pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der}))
}

// issue returns a key and its certificate in PEM.
func (r *testRoot) issue(t testing.TB) (key, cert []byte) {
	k, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r.n++
	c := &x509.Certificate{SerialNumber: big.NewInt(r.n), Subject: pkix.Name{CommonName: "赵一"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := smx509.CreateCertificate(rand.Reader, c, r.cert.ToX509(), &k.PublicKey, r.key)
	if err != nil {
		t.Fatal(err)
	}
	priv, err := smx509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: priv}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (r *testRoot) revoke(t testing.TB, cert []byte) {
	b, _ := pem.Decode(cert)
	c, err := smx509.ParseCertificate(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	r.gone = append(r.gone, x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: time.Now().Add(-30 * time.Minute)})
}

// sysadmin is the first system administrator of the directory.
func (h *house) sysadmin() name.Person {
	for _, p := range h.desk.Directory().Persons {
		if slices.Contains(p.Roles, "sysadmin") {
			return p.Key
		}
	}
	h.t.Fatal("nobody is system administrator")
	return ""
}

// TestPagesOfTheOtherWays holds every page of this family, in both languages, against what all pages promise.
func TestPagesOfTheOtherWays(t *testing.T) {
	h, mail, _, _ := enterable(t)
	me := h.resident(mail, "13800000009")
	staff := h.signedIn(h.one("housing", "handler"))
	admin := h.signedIn(h.sysadmin())
	for _, c := range []struct {
		b    *browser
		path string
	}{{h.browser(), "/signin/other"}, {h.browser(), "/signin/certificate"}, {h.browser(), "/signin"}, {me, "/me/ways"}, {me, "/me/matters"}, {me, "/me/firms"}, {me, "/me"}, {me, "/me/close"}, {staff, "/me/close"}, {me, "/prove?to=/me/close"},
		{staff, "/me/ways"}, {staff, "/signin/certificate?add=yes"}, {admin, "/admin/firms"}, {h.signedIn(h.one("services", "secadmin")), "/admin/firms"}, {h.signedIn(h.one("audit", "auditor")), "/admin/firms"}} {
		for _, lang := range []string{"zh", "en"} {
			c.b.jar["lang"] = lang
			w := c.b.ask("GET", c.path, nil)
			c.b.is(w, 200, "")
			parse(t, w).Has("h1")
		}
	}
}

// TestWhoLeavesIsAsked: before a browser is sent to another house, its person is told which one and may stay; the provider hears of nothing until they go on.
func TestWhoLeavesIsAsked(t *testing.T) {
	h, _, s, _ := enterable(t)
	u, err := url.Parse(s.Issuer)
	h.must(err)
	b := h.browser()
	w := b.ask("GET", "/signin/with/province?to=/me/matters", nil)
	b.is(w, 200, "")
	page := parse(t, w)
	page.Contains("main", "省统一身份认证")
	page.Contains("main", u.Host)
	if w.Header().Get("Set-Cookie") != "" {
		t.Errorf("a flow was begun: %s", w.Header().Get("Set-Cookie"))
	}
	if stay := page.First(`a[href^="/signin/other"]`).Attr("href"); stay != "/signin/other?to=%2Fme%2Fmatters" {
		t.Errorf("who stays is led to %s", stay)
	}
	on := b.ask("GET", page.First(`a[rel="nofollow"]`).Attr("href"), nil)
	b.is(on, 303, "")
	if to := on.Header().Get("Location"); !strings.HasPrefix(to, s.Issuer) {
		t.Errorf("who goes on is led to %s", to)
	}
	h.page("", "/signin/with/province")
	b.is(b.ask("GET", "/signin/with/nobody", nil), 404, "")
	me := h.signedIn(h.one("housing", "handler"))
	w = me.ask("GET", "/signin/with/province?link=yes", nil)
	me.is(w, 200, "")
	if p := parse(t, w); len(p.All(`a[href="/me/ways"]`)) == 0 || !strings.Contains(p.First(`a[rel="nofollow"]`).Attr("href"), "link=yes") {
		t.Error("who links an identity is not led back to their ways, or not on to linking")
	}
	h.browser().is(h.browser().ask("GET", "/signin/with/province?link=yes", nil), 403, "")
}

// TestAnOldBrowserIsTold: a browser that does not say where a request comes from lacks what docs/security.md asks for, and is told where one signs in; others are not.
func TestAnOldBrowserIsTold(t *testing.T) {
	h, _, _, _ := enterable(t)
	for _, path := range []string{"/signin", "/signin/other"} {
		for lang, says := range map[string]string{"zh": "浏览器较旧", "en": "browser is too old"} {
			for site, told := range map[string]bool{"": true, "none": false, "same-origin": false, "cross-site": false} {
				r := httptest.NewRequest("GET", path, nil)
				if site != "" {
					r.Header.Set("Sec-Fetch-Site", site)
				}
				if w := h.send("", lang, r); w.Code != 200 || strings.Contains(w.Body.String(), says) != told {
					t.Errorf("%s in %s with %q: %d, told %t", path, lang, site, w.Code, !told)
				}
			}
		}
	}
}

// TestWhatAResidentFiledIsHeldAboutThem: the page of what is held lists what was filed while signed in, masked, and leads to where it is shown in full; so does the copy. Somebody else's page has none of it.
func TestWhatAResidentFiledIsHeldAboutThem(t *testing.T) {
	h, mail, _, _ := enterable(t)
	b := h.resident(mail, "13800000021")
	held := parse(t, b.ask("GET", "/me/data", nil)) // the account itself: by what they sign in, and where they are
	held.Lacks(`a[href^="/receipts/"]`)
	held.Contains("main", "手机 138****")
	held.Contains("main", "登录位置")
	if text := b.ask("GET", "/me/data.json", nil).Body.String(); !strings.Contains(text, `"kind": "code"`) || !strings.Contains(text, `"device":`) || !strings.Contains(text, "138****") {
		t.Errorf("the copy holds nothing of the account: %s", text)
	}
	form := url.Values(h.report("service", "E06002", "text", "门前路灯不亮，晚上看不清路", "name", "周桂芳", "phone", "13977712345"))
	w := b.ask("POST", "/report", form)
	receipt, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	b.is(w, 303, "")
	page := parse(t, b.ask("GET", "/me/data", nil))
	page.Has(`a[href="` + receipt + `/data"]`)
	for what, text := range map[string]string{"the page": page.Text("main"), "the copy": b.ask("GET", "/me/data.json", nil).Body.String()} {
		if !strings.Contains(text, "139****2345") || strings.Contains(text, "13977712345") || strings.Contains(text, "周桂芳") {
			t.Errorf("%s: %s", what, text)
		}
	}
	other := h.resident(mail, "13800000022")
	parse(t, other.ask("GET", "/me/data", nil)).Lacks(`a[href^="/receipts/"]`)
}
