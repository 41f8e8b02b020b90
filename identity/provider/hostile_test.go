package provider

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"bihuan/ground/fault"
	"bihuan/internal/bar"
)

// liar is a provider whose every answer a case may change.
type liar struct {
	*httptest.Server
	key    *rsa.PrivateKey
	answer func(w http.ResponseWriter, r *http.Request)
	about  map[string]any
	keys   jose.JSONWebKeySet
}

func newLiar(t testing.TB, key *rsa.PrivateKey) *liar {
	l := &liar{key: key}
	mux := http.NewServeMux()
	l.Server = httptest.NewServer(mux)
	t.Cleanup(l.Close)
	l.about = map[string]any{"issuer": l.URL, "authorization_endpoint": l.URL + "/authorize", "token_endpoint": l.URL + "/token", "jwks_uri": l.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}}
	l.keys = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) { reply(w, l.about) })
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) { reply(w, l.keys) })
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) { l.answer(w, r) })
	return l
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

const ourSecret = "a secret between the two houses, long enough"

type fields = map[string]any

// sign makes a token: the claims, with an algorithm, a key, and more in its head.
func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, head map[string]any, claims fields) string {
	t.Helper()
	o := &jose.SignerOptions{}
	for k, v := range head {
		o.WithHeader(jose.HeaderKey(k), v)
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := json.Marshal(claims)
	x, err := s.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	token, err := x.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func unsigned(head, claims fields) string {
	h, _ := json.Marshal(head)
	b, _ := json.Marshal(claims)
	return base64.RawURLEncoding.EncodeToString(h) + "." + base64.RawURLEncoding.EncodeToString(b) + "."
}

// bad is one way to lie. Each part that it leaves out stays true.
type bad struct {
	name   string
	claims func(fields)                   // changes what the token says
	token  func(l *liar, c fields) string // makes another token
	raw    func(w http.ResponseWriter)    // answers something else than a token
	back   func(q url.Values)             // changes what the browser brings
	about  func(l *liar)                  // changes what the provider says about itself
	flow   func(f *Flow)                  // changes what the house remembers
}

// TestBar_A06_SixtyBadAnswersOfAProviderSignNobodyIn asks of each lie that nobody is recognised, and that the same sign-in without
// the lie is.
func TestBar_A06_SixtyBadAnswersOfAProviderSignNobodyIn(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	public, _ := json.Marshal(jose.JSONWebKey{Key: &key.PublicKey, KeyID: "k1"})
	set := func(k string, v any) func(fields) { return func(c fields) { c[k] = v } }
	drop := func(k string) func(fields) { return func(c fields) { delete(c, k) } }
	query := func(k string, vs ...string) func(url.Values) { return func(q url.Values) { q[k] = vs } }
	now := time.Now()
	in := func(d time.Duration) int64 { return now.Add(d).Unix() }
	text := func(status int, typ, body string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", typ)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	k1 := fields{"kid": "k1"}
	again := func(f *Flow) { f.Again = true }
	lies := []bad{
		{name: "a fresh proof of an hour ago", flow: again, claims: set("auth_time", in(-time.Hour))},
		{name: "a fresh proof of tomorrow", flow: again, claims: set("auth_time", in(24*time.Hour))},
		{name: "a fresh proof without its time", flow: again, claims: drop("auth_time")},
		{name: "a fresh proof with a time that is a word", flow: again, claims: set("auth_time", "now")},
		{name: "another nonce", claims: set("nonce", "another")},
		{name: "no nonce", claims: drop("nonce")},
		{name: "an empty nonce", claims: set("nonce", "")},
		{name: "a nonce that is a number", claims: set("nonce", 7)},
		{name: "a nonce in capitals", claims: func(c fields) { c["nonce"] = strings.ToUpper(c["nonce"].(string)) }},
		{name: "a nonce with a blank", claims: func(c fields) { c["nonce"] = c["nonce"].(string) + " " }},
		{name: "another audience", claims: set("aud", "somebody-else")},
		{name: "no audience", claims: drop("aud")},
		{name: "an empty audience", claims: set("aud", []string{})},
		{name: "two audiences", claims: set("aud", []string{"bihuan", "somebody-else"})},
		{name: "two audiences, with us as the party", claims: func(c fields) { c["aud"], c["azp"] = []string{"bihuan", "x"}, "bihuan" }},
		{name: "another authorised party", claims: set("azp", "somebody-else")},
		{name: "an audience that begins like ours", claims: set("aud", "bihuan2")},
		{name: "another issuer", claims: set("iss", "https://evil.example")},
		{name: "no issuer", claims: drop("iss")},
		{name: "our issuer with a slash", claims: func(c fields) { c["iss"] = c["iss"].(string) + "/" }},
		{name: "our issuer in capitals", claims: func(c fields) { c["iss"] = strings.ToUpper(c["iss"].(string)) }},
		{name: "an end that has passed", claims: set("exp", in(-time.Minute))},
		{name: "no end", claims: drop("exp")},
		{name: "an end that is a word", claims: set("exp", "tomorrow")},
		{name: "an end below zero", claims: set("exp", -1)},
		{name: "not valid before tomorrow", claims: set("nbf", in(24*time.Hour))},
		{name: "made an hour ago", claims: set("iat", in(-time.Hour))},
		{name: "made tomorrow", claims: set("iat", in(24*time.Hour))},
		{name: "made never", claims: drop("iat")},
		{name: "no subject", claims: drop("sub")},
		{name: "an empty subject", claims: set("sub", "")},
		{name: "a subject that is a list", claims: set("sub", []string{"id1"})},
		{name: "a subject of a thousand letters", claims: set("sub", strings.Repeat("x", 1000))},
		{name: "a subject with a line break", claims: set("sub", "id1\nid2")},
		{name: "the hash of another access token", claims: set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")},
		{name: "ways that are no list", claims: set("amr", "mfa")},
		{name: "a level that is a number", claims: set("acr", 3)},
		{name: "a name that is a list", claims: set("name", []string{"a"})},
		{name: "algorithm none", token: func(_ *liar, c fields) string { return unsigned(fields{"alg": "none"}, c) }},
		{name: "algorithm None", token: func(_ *liar, c fields) string { return unsigned(fields{"alg": "None", "kid": "k1"}, c) }},
		{name: "no algorithm", token: func(_ *liar, c fields) string { return unsigned(fields{"kid": "k1"}, c) }},
		{name: "RS256 without a signature", token: func(_ *liar, c fields) string { return unsigned(fields{"alg": "RS256", "kid": "k1"}, c) }},
		{name: "a key that is not the issuer's", token: func(_ *liar, c fields) string { return sign(t, jose.RS256, other, k1, c) }},
		{name: "a key that the token brings along", token: func(_ *liar, c fields) string {
			return sign(t, jose.RS256, other, fields{"jwk": jose.JSONWebKey{Key: &other.PublicKey, KeyID: "k1"}}, c)
		}},
		{name: "a key at an address that the token names", token: func(l *liar, c fields) string {
			return sign(t, jose.RS256, other, fields{"jku": l.URL + "/mine", "kid": "mine"}, c)
		}},
		{name: "a key that nobody has", token: func(_ *liar, c fields) string { return sign(t, jose.RS256, other, fields{"kid": "k9"}, c) }},
		{name: "HMAC with the public key", token: func(_ *liar, c fields) string { return sign(t, jose.HS256, public, k1, c) }},
		{name: "HMAC with our own secret", token: func(_ *liar, c fields) string {
			return sign(t, jose.HS256, []byte(ourSecret), k1, c)
		}},
		{name: "HMAC with an empty key's hash", token: func(_ *liar, c fields) string { return sign(t, jose.HS256, make([]byte, 32), k1, c) }},
		{name: "a curve's key under the name of the issuer's", token: func(_ *liar, c fields) string { return sign(t, jose.ES256, curve, k1, c) }},
		{name: "a signature with a letter changed", token: func(_ *liar, c fields) string {
			s := []byte(sign(t, jose.RS256, key, k1, c))
			if i := len(s) - 10; s[i] == 'A' {
				s[i] = 'B'
			} else {
				s[i] = 'A'
			}
			return string(s)
		}},
		{name: "claims changed after signing", token: func(_ *liar, c fields) string {
			p := strings.Split(sign(t, jose.RS256, key, k1, c), ".")
			c["sub"] = "id2"
			b, _ := json.Marshal(c)
			return p[0] + "." + base64.RawURLEncoding.EncodeToString(b) + "." + p[2]
		}},
		{name: "a token in two parts", token: func(_ *liar, c fields) string { return "eyJhbGciOiJSUzI1NiJ9.e30" }},
		{name: "a token that is no token", token: func(*liar, fields) string { return "id1" }},
		{name: "an empty token", token: func(*liar, fields) string { return "" }},
		{name: "a critical extension that nobody knows", token: func(_ *liar, c fields) string {
			return sign(t, jose.RS256, key, fields{"kid": "k1", "crit": []string{"vow"}, "vow": true}, c)
		}},
		{name: "no ID token", raw: text(200, "application/json", `{"access_token":"a","token_type":"Bearer"}`)},
		{name: "an ID token that is a number", raw: text(200, "application/json", `{"access_token":"a","token_type":"Bearer","id_token":1}`)},
		{name: "an error of the provider", raw: text(400, "application/json", `{"error":"invalid_grant"}`)},
		{name: "a fault of the provider", raw: text(500, "text/plain", "oops")},
		{name: "a page instead of a token", raw: text(200, "text/html", "<html>welcome</html>")},
		{name: "ten megabytes", raw: text(200, "application/json", `{"access_token":"`+strings.Repeat("a", 10<<20)+`"}`)},
		{name: "elsewhere", raw: func(w http.ResponseWriter) { w.Header().Set("Location", "https://evil.example/"); w.WriteHeader(307) }},
		{name: "another state", back: query("state", "another")},
		{name: "no state", back: query("state")},
		{name: "two states", back: func(q url.Values) { q["state"] = append(q["state"], "x") }},
		{name: "a house that remembers no state, and none brought", flow: func(f *Flow) { f.State = "" }, back: query("state", "")},
		{name: "a house that remembers no nonce, and a token without", flow: func(f *Flow) { f.Nonce = "" }, claims: drop("nonce")},
		{name: "no code", back: query("code")},
		{name: "two codes", back: query("code", "c", "d")},
		{name: "a code of a megabyte", back: query("code", strings.Repeat("c", 1<<20))},
		{name: "the person said no", back: query("error", "access_denied")},
		{name: "an error beside a code", back: query("error", "server_error")},
		{name: "another issuer's answer (mix-up)", back: query("iss", "https://evil.example")},
		{name: "a provider that promised to name itself and does not", about: func(l *liar) { l.about["authorization_response_iss_parameter_supported"] = true }},
		{name: "a provider that calls itself another", about: func(l *liar) { l.about["issuer"] = "https://evil.example" }},
		{name: "a provider without keys", about: func(l *liar) { l.keys.Keys = nil }},
		{name: "a provider with a symmetric key", about: func(l *liar) {
			l.keys.Keys = []jose.JSONWebKey{{Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: "k1"}}
		},
			token: func(_ *liar, c fields) string {
				return sign(t, jose.HS256, []byte("0123456789abcdef0123456789abcdef"), k1, c)
			}},
	}
	signed := 0
	if _, err := try(t, key, bad{flow: again}); err != nil {
		t.Errorf("a fresh proof: %v", err)
	}
	for _, lie := range append([]bad{{name: ""}}, lies...) {
		who, err := try(t, key, lie)
		switch kind := fault.KindOf(err); {
		case lie.name == "" && err != nil:
			t.Fatalf("the sign-in without a lie: %v", err)
		case lie.name == "":
		case err == nil || who != Identity{}:
			signed++
			t.Errorf("%s: %+v was recognised", lie.name, who)
		case !errors.Is(kind, fault.ErrDenied) && !errors.Is(kind, fault.ErrUnavailable):
			t.Errorf("%s: %v is of no kind", lie.name, err)
		}
	}
	if len(lies) < 60 {
		t.Errorf("%d lies, 60 are promised", len(lies))
	}
	bar.Report(t, "A-06", "%d bad answers of an OpenID provider, %d sign-ins", len(lies), signed)
}

// try signs in at a provider that lies in one way.
func try(t *testing.T, key *rsa.PrivateKey, lie bad) (Identity, error) {
	t.Helper()
	l := newLiar(t, key)
	if lie.about != nil {
		lie.about(l)
	}
	f := NewFlow(chance)
	claims := fields{"iss": l.URL, "sub": "id1", "aud": "bihuan", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": f.Nonce,
		"name": "赵一", "at_hash": halfHash("access"), "auth_time": time.Now().Unix(), "amr": []string{"pwd", "mfa"}}
	if lie.claims != nil {
		lie.claims(claims)
	}
	var token string
	if lie.token != nil {
		token = lie.token(l, claims)
	} else {
		token = sign(t, jose.RS256, key, fields{"kid": "k1"}, claims)
	}
	l.answer = func(w http.ResponseWriter, r *http.Request) {
		if lie.raw != nil {
			lie.raw(w)
			return
		}
		reply(w, fields{"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": token})
	}
	q := url.Values{"state": {f.State}, "code": {"c"}}
	if lie.back != nil {
		lie.back(q)
	}
	if lie.flow != nil {
		lie.flow(&f)
	}
	return at(t, Config{Issuer: l.URL, Client: "bihuan", Secret: told(ourSecret)}).Finish(context.Background(), f, q)
}

func halfHash(access string) string {
	h := crypto.SHA256.New()
	h.Write([]byte(access))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

func FuzzFinish(f *testing.F) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	l := newLiar(f, key)
	var body []byte
	l.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
	}
	p := at(f, Config{Issuer: l.URL, Client: "bihuan"})
	f.Add("state=s&code=c", []byte(`{"access_token":"a","id_token":"eyJhbGciOiJub25lIn0.e30."}`))
	f.Add("state=s&error=access_denied", []byte(`{}`))
	f.Fuzz(func(t *testing.T, query string, answer []byte) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		body = answer
		if who, err := p.Finish(context.Background(), Flow{State: "s", Nonce: "n", Verifier: "v"}, q); err == nil {
			t.Errorf("%+v was recognised", who)
		}
	})
}

// TestNobodyIsSentToAnOddAddress: a provider that names an address of another kind, or one too long for anybody to take, gets no browser.
func TestNobodyIsSentToAnOddAddress(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for endpoint, ok := range map[string]bool{"https://id.example/authorize": true, "https://id.example/authorize?of=house": true, "http://id.example/authorize": false, "javascript:alert(1)": false,
		"/authorize": false, "data:text/html,x": false, "https://id.example/" + strings.Repeat("x", maxAddress): false} {
		l := newLiar(t, key)
		l.about["authorization_endpoint"] = endpoint
		to, err := at(t, Config{Issuer: l.URL, Client: "bihuan", Secret: told(ourSecret)}).Begin(context.Background(), NewFlow(chance))
		if (err == nil) != ok || err != nil && (to != "" || !errors.Is(err, fault.ErrUnavailable)) {
			t.Errorf("%.60s: %.60s, %v", endpoint, to, err)
		}
	}
}
