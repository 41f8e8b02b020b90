package provider

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bihuan/ground/fault"
	"bihuan/internal/oidctest"
)

const back = "https://bihuan.example/signin/with/province/back"

func chance(b []byte) { rand.Read(b) }

func at(t testing.TB, c Config) *Provider {
	t.Helper()
	c.Key, c.Redirect = "province", back
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 5 * time.Second}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestARealProvider signs two people in at a provider that we did not write, and tries what an attacker would with what it sent.
func TestARealProvider(t *testing.T) {
	ctx := context.Background()
	s := oidctest.Start(t, "bihuan-provider", back)
	p := at(t, Config{Issuer: s.Issuer, Client: s.Client, Secret: told(oidctest.Secret), Scopes: []string{"profile"}})
	sent := func(user int) (Flow, url.Values) {
		f := NewFlow(chance)
		f.Again = user == 2
		to, err := p.Begin(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		u := s.Login(t, to, user)
		if !strings.HasPrefix(u.String(), back+"?") {
			t.Fatalf("sent back to %s", u)
		}
		return f, u.Query()
	}
	f1, q1 := sent(1)
	one, err := p.Finish(ctx, f1, q1)
	if err != nil {
		t.Fatal(err)
	}
	f2, q2 := sent(2)
	two, err := p.Finish(ctx, f2, q2)
	if err != nil {
		t.Fatal(err)
	}
	if one.Subject != "id1" || two.Subject != "id2" || one.Issuer != s.Issuer || one.Strong {
		t.Errorf("recognised %+v and %+v", one, two)
	}
	mine, q := sent(1)
	other, _ := sent(2)
	for _, c := range []struct {
		name string
		flow Flow
		back url.Values
	}{
		{"a code that was used", f1, q1},
		{"another browser's state", other, q},
		{"another browser's nonce", Flow{State: mine.State, Nonce: other.Nonce, Verifier: mine.Verifier}, q},
		{"a code that somebody stole, without its verifier", Flow{State: mine.State, Nonce: mine.Nonce, Verifier: other.Verifier}, q},
	} {
		if who, err := p.Finish(ctx, c.flow, c.back); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s: %+v, %v", c.name, who, err)
		}
	}
	held := "another secret"
	wrong := at(t, Config{Issuer: s.Issuer, Client: s.Client, Secret: func() (string, error) { return held, nil }})
	f3, q3 := sent(1)
	if who, err := wrong.Finish(ctx, f3, q3); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a client that cannot prove itself: %+v, %v", who, err)
	}
	held = oidctest.Secret // which the operator has put in its place meanwhile
	f4, q4 := sent(1)
	if who, err := wrong.Finish(ctx, f4, q4); err != nil || who.Subject != "id1" {
		t.Errorf("the client's new secret does not hold: %+v, %v", who, err)
	}
	gone := at(t, Config{Issuer: s.Issuer, Client: s.Client, Secret: func() (string, error) { return "", errors.New("no such file") }})
	f5, q5 := sent(1)
	if who, err := gone.Finish(ctx, f5, q5); !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("a client whose secret cannot be read: %+v, %v", who, err)
	}
}

// told is a secret that stays.
func told(s string) func() (string, error) { return func() (string, error) { return s, nil } }

func TestNewRefuses(t *testing.T) {
	good := Config{Key: "province", Issuer: "https://id.example", Client: "b", Redirect: back, HTTP: http.DefaultClient, Now: time.Now}
	for _, c := range []struct {
		name   string
		change func(*Config)
	}{
		{"an issuer over plain HTTP", func(c *Config) { c.Issuer = "http://id.example" }},
		{"an address to come back to over plain HTTP", func(c *Config) { c.Redirect = "http://bihuan.example/x" }},
		{"an issuer with a password", func(c *Config) { c.Issuer = "https://a:b@id.example" }},
		{"an issuer that is no address", func(c *Config) { c.Issuer = "province" }},
		{"no client", func(c *Config) { c.Client = "" }},
		{"no clock", func(c *Config) { c.Now = nil }},
	} {
		x := good
		c.change(&x)
		if _, err := New(x); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
}

func TestReadFile(t *testing.T) {
	const entry = `{"key":"province","words":{"zh":"省统一身份认证","en":"Province"},"for":"residents","issuer":"https://id.example","client":"b","secret":"s"}`
	for _, c := range []struct {
		name, text string
		ok         bool
	}{
		{"one provider", `{"providers":[` + entry + `]}`, true},
		{"none", `{}`, true},
		{"two with one key", `{"providers":[` + entry + `,` + entry + `]}`, false},
		{"a key that is none of an address", strings.Replace(`{"providers":[`+entry+`]}`, "province", "../x", 1), false},
		{"an unknown key", strings.Replace(`{"providers":[`+entry+`]}`, `"secret"`, `"secrets"`, 1), false},
		{"words in one language", strings.Replace(`{"providers":[`+entry+`]}`, `,"en":"Province"`, "", 1), false},
		{"for nobody", strings.Replace(`{"providers":[`+entry+`]}`, "residents", "all", 1), false},
		{"no JSON", "providers: []", false},
	} {
		if _, err := ReadFile([]byte(c.text)); (err == nil) != c.ok || err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
