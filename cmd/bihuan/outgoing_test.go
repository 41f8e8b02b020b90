//go:build long

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/hooks"
	"bihuan/desk/notices"
	"bihuan/desk/places"
	"bihuan/egress"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// farSide is a program of others, on a machine of its own as far as the house knows.
type farSide struct {
	mu    sync.Mutex
	heads []http.Header
	got   []string
	cert  *x509.Certificate
	port  uint16
}

func newFarSide(t *testing.T) *farSide {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "far"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	f := &farSide{}
	if f.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.port = uint16(l.Addr().(*net.TCPAddr).Port)
	srv := &http.Server{Handler: f}
	go srv.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}))
	t.Cleanup(func() { srv.Close() })
	return f
}

func (f *farSide) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.heads, f.got = append(f.heads, r.Header), append(f.got, string(b))
}

func (f *farSide) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.got)
}

// within waits until something holds.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// TestWhatIsServedTellsAndDelivers runs what serve and demo run beside the requests: a matter that is opened reaches an inbox, a mail and
// a program of others over TLS, and nothing is dialled before two administrators have approved it.
func TestWhatIsServedTellsAndDelivers(t *testing.T) {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	c := defaults()
	c.Database, c.tray = filepath.Join(t.TempDir(), "out.db"), true
	h, err := build(ctx, c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	as := func(unit, role string) desk.Caller {
		for _, p := range h.desk.Directory().Persons {
			if string(p.Unit) == unit && slices.ContainsFunc(p.Roles, func(r name.Role) bool { return string(r) == role }) {
				who, _ := h.desk.Directory().Caller(p.Key, "zh")
				who.Proved = h.desk.Now()
				return who
			}
		}
		t.Fatalf("no %s in %s", role, unit)
		return desk.Nobody
	}
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil { // who has no account is told nothing
		t.Fatal(err)
	}
	sys, sec, office, head := as("services", "sysadmin"), as("services", "secadmin"), as("office", "issuer"), as("housing", "head")
	if err := h.out.notices.SetReach(ctx, head, notices.Reach{Mail: "head@erdao.example.cn", ByMail: true}); err != nil {
		t.Fatal(err)
	}
	far := newFarSide(t)
	hook, err := h.out.hooks.Make(ctx, sys, "make", hooks.Order{Name: "市平台", URL: "https://127.0.0.1:" + strconv.Itoa(int(far.port)) + "/in", Events: []string{"matter.register"}})
	if err != nil {
		t.Fatal(err)
	}
	sent := h.send(ctx)
	defer sent()
	defer end()
	done, err := h.desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": "housing", "due": "2099-12-31"}})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "the head of the unit is told", func() bool {
		n, _, _, err := h.out.notices.Unread(ctx, head)
		return err == nil && n == 1
	})
	for few := 1; few >= 0; few-- { // as the demo's persons have done before it opens
		if err := h.readBut(ctx, head, few); err != nil {
			t.Fatal(err)
		}
		if n, _, _, err := h.out.notices.Unread(ctx, head); err != nil || n != int64(few) {
			t.Errorf("%d unread of %d left, %v", n, few, err)
		}
	}
	stands := func() notice.HookAt {
		at, err := h.store.HookAt(ctx, h.desk.District(), hook.ID)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	within(t, "the delivery is tried and refused by the gate", func() bool { return stands().Fails > 0 })
	if far.count() != 0 {
		t.Fatal("something was dialled that nobody has approved")
	}
	p, err := h.out.places.Propose(ctx, sys, "propose", places.Order{Host: "127.0.0.1", Port: far.port, Networks: []string{"127.0.0.1/32"}, Pin: egress.KeyPin(far.cert), Why: "市平台"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.out.places.Approve(ctx, sec, p.ID); err != nil {
		t.Fatal(err)
	}
	if err := h.out.hooks.Replay(ctx, sys, hook.ID, "1"); err != nil { // at once, without waiting for the breaker
		t.Fatal(err)
	}
	within(t, "the event arrives", func() bool { return far.count() > 0 })
	far.mu.Lock()
	defer far.mu.Unlock()
	last := len(far.got) - 1
	var e hooks.Event
	if err := json.Unmarshal([]byte(far.got[last]), &e); err != nil || e.Data.Matter != done.Matter || e.Data.Number != done.Number || strings.Contains(far.got[last], "改造小区") {
		t.Errorf("%v: %s", err, far.got[last])
	}
	head0 := far.heads[last]
	if sig, ok := strings.CutPrefix(head0.Get(egress.SM2Header), "v1,"); !ok || !egress.VerifySM2([]byte(h.out.publicKey()), contentOf(head0, far.got[last]), sig) {
		t.Errorf("the signature by SM2 does not hold: %v", head0)
	}
	if !strings.HasPrefix(head0.Get("Webhook-Signature"), "v1,") {
		t.Errorf("%v", head0)
	}
	if err := h.out.sender.Send(ctx, notice.Address{Mail: "head@erdao.example.cn"}, "sign-in-code", h.out.post.From); err != nil || len(h.out.tray.Letters()) != 1 {
		t.Errorf("a code: %v, %d letters", err, len(h.out.tray.Letters()))
	}
	lines, err := h.manageWebhooks(ctx, url.Values{"do": {"list"}})
	if err != nil || len(lines) != 1 || !strings.Contains(lines[0], "市平台") {
		t.Errorf("%v, %v", lines, err)
	}
}

// contentOf is what the signature of a call is of.
func contentOf(h http.Header, body string) []byte {
	return []byte(h.Get("Webhook-Id") + "." + h.Get("Webhook-Timestamp") + "." + body)
}

// TestAServerOfMailIsNotReachedUnlessApproved: what the configuration names is a place like any other.
func TestAServerOfMailIsNotReachedUnlessApproved(t *testing.T) {
	t.Setenv("BIHUAN_MAIL_PASSWORD", "pw")
	t.Setenv("BIHUAN_SMS_SECRET", "whsec_"+base64.StdEncoding.EncodeToString([]byte("0123456789abcdef")))
	ctx := context.Background()
	c := defaults()
	c.Database, c.Mail, c.From, c.SMS = filepath.Join(t.TempDir(), "out.db"), "smtp://u@127.0.0.1:2525", "n@example.cn", "https://127.0.0.1:2526/send"
	h, err := build(ctx, c, systemTime, systemChance, logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, to := range []notice.Address{{Mail: "li@example.cn"}, {Phone: "13900000000"}} {
		if err := h.out.sender.Send(ctx, to, "sign-in-code", h.out.post.From); err == nil || !strings.Contains(err.Error(), "not on the list") {
			t.Errorf("%+v: %v", to, err)
		}
	}
	for _, bad := range []func(*config){func(c *config) { c.Mail = "mail.example.cn" }, func(c *config) { c.From = "x" }, func(c *config) { c.SMS = "http://x" }, func(c *config) { c.Robots = "/nowhere" }, func(c *config) { c.Public = "bihuan" }} {
		b := c
		b.Database = filepath.Join(t.TempDir(), "bad.db")
		if bad(&b); func() error {
			h, err := build(ctx, b, systemTime, systemChance, logger(io.Discard, "error"))
			if err == nil {
				h.Close()
			}
			return err
		}() == nil {
			t.Errorf("%+v passed", b)
		}
	}
}
