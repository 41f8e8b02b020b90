package egress

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestSignedAsTheStandardSays holds the signature against the vector that the standard's own libraries are tested by.
func TestSignedAsTheStandardSays(t *testing.T) {
	secret := []byte{0x31, 0xF2} // any
	h := Signed("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`), mustSecret(t, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), secret)
	sigs := strings.Fields(h.Get("Webhook-Signature"))
	if len(sigs) != 2 || sigs[0] != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("got %v", sigs)
	}
	if h.Get("Webhook-Timestamp") != "1614265330" || h.Get("Webhook-Id") != "msg_p5jXN8AQM9LWM0D4loKWxJek" {
		t.Errorf("got %v", h)
	}
}

func mustSecret(t *testing.T, s string) []byte {
	t.Helper()
	b, err := ParseSecret(s)
	must(t, err)
	return b
}

func TestACallIsSignedTwice(t *testing.T) {
	signer, err := NewSigner([]byte("house"))
	must(t, err)
	public, err := signer.PublicKey()
	must(t, err)
	again, err := NewSigner([]byte("house"))
	must(t, err)
	if other, _ := again.PublicKey(); string(other) != string(public) {
		t.Error("another key after a restart")
	}
	var got *http.Request
	var body []byte
	address, place, _, names := far(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(429)
	})
	c := Caller{NewClient(NewGate(places{place}, names, time.Now)), []*Signer{signer}}
	at := time.Unix(1700000000, 0)
	status, wait, err := c.Call(context.Background(), Hook{URL: address, ID: "220105-7", Body: []byte(`{"type":"matter.close"}`), Secrets: [][]byte{[]byte("secret")}, At: at})
	if err != nil || status != 429 || wait != 2*time.Minute {
		t.Fatalf("%d %v %v", status, wait, err)
	}
	sig, _ := strings.CutPrefix(got.Header.Get(SM2Header), "v1,")
	if !VerifySM2(public, Content("220105-7", at, body), sig) {
		t.Error("the signature by SM2 does not hold")
	}
	if VerifySM2(public, Content("220105-8", at, body), sig) || VerifySM2(public, Content("220105-7", at, append(body, ' ')), sig) {
		t.Error("it holds for something else")
	}
}

// example returns the n-th block of a language in docs/webhooks.md.
func example(t *testing.T, language string) string {
	t.Helper()
	b, err := os.ReadFile("../docs/webhooks.md")
	must(t, err)
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(string(b))
	if m == nil {
		t.Fatalf("docs/webhooks.md shows nothing in %s", language)
	}
	return m[1]
}

// TestRobotsAreSpokenToInTheirOwnWay: what each company's robot gets, and that an answer of 200 may be a no.
func TestRobotsAreSpokenToInTheirOwnWay(t *testing.T) {
	var got map[string]any
	var query string
	answer := `{"errcode":0,"errmsg":"ok"}`
	address, place, _, names := far(t, func(w http.ResponseWriter, r *http.Request) {
		got, query = nil, r.URL.RawQuery
		json.NewDecoder(r.Body).Decode(&got)
		io.WriteString(w, answer)
	})
	c := NewChatter(NewClient(NewGate(places{place}, names, time.Now)))
	now := time.Unix(1700000000, 0)
	for _, x := range []struct {
		robot ChatRobot
		body  string
		query string
	}{
		{ChatRobot{WeCom, address + "?key=k", ""}, `{"msgtype":"text","text":{"content":"3 条消息"}}`, "key=k"},
		{ChatRobot{DingTalk, address + "?access_token=k", "SECx"}, `{"msgtype":"text","text":{"content":"3 条消息"}}`, "access_token=k&sign=rgcjbH%2ByFyES%2BS0llX%2BcAPCwVRpsr7sbiX5Lnyo%2FocU%3D&timestamp=1700000000000"},
		{ChatRobot{Feishu, address, "x"}, `{"content":{"text":"3 条消息"},"msg_type":"text","sign":"t2WKLO/e84QnCSsgE16ZiT4RlU8enB7yv0kH7MEVm98=","timestamp":"1700000000"}`, ""},
	} {
		must(t, c.Say(context.Background(), x.robot, "3 条消息", now))
		b, _ := json.Marshal(got)
		if string(b) != x.body || query != x.query {
			t.Errorf("%s: got %s ? %s", x.robot.Style, b, query)
		}
	}
	answer = `{"errcode":93000,"errmsg":"invalid webhook url"}`
	if err := c.Say(context.Background(), ChatRobot{WeCom, address, ""}, "x", now); err == nil {
		t.Error("a no inside an answer of 200 passed for a yes")
	}
	if err := c.Say(context.Background(), ChatRobot{"icq", address, ""}, "x", now); err == nil {
		t.Error("a robot of nobody")
	}
}

func TestSMSGoesThroughTheGateway(t *testing.T) {
	var got SMSMessage
	address, place, _, names := far(t, func(w http.ResponseWriter, r *http.Request) { json.NewDecoder(r.Body).Decode(&got) })
	secret := SecretText([]byte("s"))
	texter, err := NewTexter(NewClient(NewGate(places{place}, names, time.Now)), Gateway{address, func() (string, error) { return secret, nil }})
	must(t, err)
	p := Post{Texter: texter, Now: time.Now}
	must(t, p.SMS(context.Background(), "n-1", "13900000000", "办理\r\n提醒", "zh"))
	if got != (SMSMessage{"n-1", "13900000000", "办理 提醒", "zh"}) {
		t.Errorf("%+v", got)
	}
}

func TestParseMailServer(t *testing.T) {
	m, err := ParseMailServer("smtps://bihuan@mail.example.cn", fixed("pw"), "n@example.cn", "区")
	if err != nil || m.Port != 465 || m.Security != Implicit || m.User != "bihuan" || m.Password == nil {
		t.Errorf("%+v, %v", m, err)
	}
	for _, bad := range []string{"", "mail.example.cn", "http://mail.example.cn", "smtp://u:p@mail.example.cn", "smtp://mail.example.cn:0", "smtp://mail.example.cn:x", "smtp://mail.example.cn/x", "smtp://MAIL.example.cn"} {
		if m, err := ParseMailServer(bad, fixed("pw"), "n@example.cn", ""); err == nil {
			t.Errorf("%q: %+v", bad, m)
		}
	}
}
