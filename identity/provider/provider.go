// Package provider lets another house say who somebody is: the client of OpenID Connect, for the unified identity of the
// province or the nation 统一身份认证 and for an office's own.
//
// [New] describes a provider, [Provider.Begin] says where to send the browser, and [Provider.Finish] reads what it comes
// back with and returns whom the provider has recognised.
//
// It promises that nobody is recognised unless everything fits: the state that this browser was given, the issuer that was
// asked (RFC 9207 where the provider does so), the code's verifier (RFC 7636, S256), an ID token of an asymmetric algorithm
// signed by a key of the issuer, made for this client, fresh, and with the nonce of this sign-in. It rests on
// [github.com/coreos/go-oidc/v3/oidc] for keys and signatures, and leaves to the caller that a flow is used once.
//
// Source: OpenID Connect Core 1.0 (2023, with errata 2), section 3.1.3.7; RFC 9700 (2025), section 2.1.
package provider

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"bihuan/ground/fault"
)

// Config describes a provider.
type Config struct {
	Key      string                 // short, in addresses: "province"
	Issuer   string                 // https://…, without a slash at the end unless the provider says so
	Client   string                 // the id by which the provider knows this house
	Secret   func() (string, error) // asked at each sign-in; nil for a public client
	Redirect string                 // where the browser comes back to; of each provider another one
	Scopes   []string
	// Strong are values of acr with which the provider states that it asked for two factors.
	Strong []string
	// HTTP is how the provider is reached; it should have a timeout. It is not followed elsewhere.
	HTTP *http.Client
	Now  func() time.Time
}

// Limits of what a provider says. Ours.
const (
	maxAnswer  = 1 << 20 // bytes of one answer
	maxAddress = 4 << 10 // bytes of the address to which a browser is sent; servers take 8,000 (RFC 9110, 4.1)
	maxSubject = 255     // characters: OpenID Connect Core 1.0, section 2
	maxName    = 120     // bytes of a name that is kept
	maxAge     = 10 * time.Minute
	leeway     = 60 * time.Second
)

// algorithms are those that an ID token may be signed with: asymmetric ones. "none" and HMAC are not among them.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// Provider is a provider that this house trusts. It is safe for many goroutines.
type Provider struct {
	config Config
	client *http.Client

	mu    sync.Mutex
	known *discovered
	now   *question // that is being asked
}

// discovered is what the provider says about itself.
type discovered struct {
	*oidc.Provider
	NamesItself bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207
	Keys        string   `json:"jwks_uri"`
	Proofs      []string `json:"token_endpoint_auth_methods_supported"`
}

// question is one question to the provider about itself. All who come meanwhile have its answer.
type question struct {
	done  chan struct{} // closed when it is answered
	known *discovered
	err   error
}

// New returns a provider. It asks it nothing before somebody signs in, so that a house opens while the provider is away. It
// wraps [fault.ErrInvalid] for an address that is not of https, unless it is of this machine.
func New(c Config) (*Provider, error) {
	for _, a := range []string{c.Issuer, c.Redirect} {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !isHere(u.Hostname())) {
			return nil, fmt.Errorf("provider %s: address %q: %w", c.Key, a, fault.ErrInvalid)
		}
	}
	if c.Key == "" || c.Client == "" || c.Now == nil || c.HTTP == nil {
		return nil, fmt.Errorf("provider %q lacks key, client, clock or network: %w", c.Key, fault.ErrInvalid)
	}
	client := *c.HTTP
	client.Transport = limited{client.Transport}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Provider{config: c, client: &client}, nil
}

func isHere(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// Key returns the short key of the provider.
func (p *Provider) Key() string { return p.config.Key }

// Issuer returns the provider's name of itself, under which subjects are kept.
func (p *Provider) Issuer() string { return p.config.Issuer }

// limited reads no more of an answer than a provider has reason to send.
type limited struct{ under http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	under := l.under
	if under == nil {
		under = http.DefaultTransport
	}
	res, err := under.RoundTrip(r)
	if err == nil {
		res.Body = http.MaxBytesReader(nil, res.Body, maxAnswer)
	}
	return res, err
}

// Flow is what one sign-in is recognised by when the browser comes back. It is kept where only this house can read it, and
// used once.
type Flow struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Again    bool   `json:"again,omitempty"` // the person has to prove who they are now, even if the provider knows them already
}

// NewFlow returns a flow of three times 256 bits of chance.
func NewFlow(chance func([]byte)) Flow {
	word := func() string {
		var b [32]byte
		chance(b[:])
		return fmt.Sprintf("%x", b)
	}
	return Flow{State: word(), Nonce: word(), Verifier: word()}
}

// Begin returns the address to send the browser to: of https, and not too long for others. It wraps [fault.ErrUnavailable] if the provider does not answer,
// or names another one.
func (p *Provider) Begin(ctx context.Context, f Flow) (string, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	opts := []oauth2.AuthCodeOption{oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	if f.Again {
		opts = append(opts, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	to := p.oauth(d).AuthCodeURL(f.State, opts...)
	if u, err := url.Parse(to); err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !isHere(u.Hostname())) || len(to) > maxAddress {
		return "", fmt.Errorf("provider %s: nobody can be sent to the address that it names: %w", p.config.Key, fault.ErrUnavailable)
	}
	return to, nil
}

func (p *Provider) oauth(d *discovered) *oauth2.Config {
	e := d.Endpoint()
	e.AuthStyle = p.style(d)
	return &oauth2.Config{ClientID: p.config.Client, Endpoint: e, RedirectURL: p.config.Redirect,
		Scopes: append([]string{oidc.ScopeOpenID}, p.config.Scopes...)}
}

// style is how the house proves who it is, as the provider says that it wants it. The library tries both ways otherwise, and shows the code twice: a provider may take a code that it sees again for a
// stolen one (RFC 6749, 4.1.2), and one that does not answer is waited for twice.
//
// Source: OpenID Connect Discovery 1.0 (2023, with errata 2), section 3: without a word of it, client_secret_basic.
func (p *Provider) style(d *discovered) oauth2.AuthStyle {
	if p.config.Secret == nil || slices.Contains(d.Proofs, "client_secret_post") && !slices.Contains(d.Proofs, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

// discover asks the provider about itself, once. Who comes while it is asked waits for that answer and no longer: a provider that does not answer is not waited for by one after the other.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	if d := p.known; d != nil {
		p.mu.Unlock()
		return d, nil
	}
	q := p.now
	if q == nil {
		q = &question{done: make(chan struct{})}
		p.now = q
		go p.ask(context.WithoutCancel(ctx), q) // ends with the client's timeout at the latest
	}
	p.mu.Unlock()
	select {
	case <-q.done:
		return q.known, q.err
	case <-ctx.Done():
		return nil, p.away(ctx.Err())
	}
}

// ask answers a question. Keys are fetched later with the context of discovery: it must outlive the request that asked first.
func (p *Provider) ask(ctx context.Context, q *question) {
	op, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.config.Issuer)
	d := &discovered{Provider: op}
	if err == nil {
		err = op.Claims(d)
	}
	if err != nil {
		q.err = p.away(err)
	} else {
		q.known = d
	}
	p.mu.Lock()
	p.known, p.now = q.known, nil
	p.mu.Unlock()
	close(q.done)
}

// away says that the provider does not answer as it should. Of what kind the fault was is not handed on: a provider at a place that nobody approved is no fault of who signs in.
func (p *Provider) away(err error) error {
	return fmt.Errorf("provider %s: %v: %w", p.config.Key, err, fault.ErrUnavailable)
}

// keys are the provider's, fetched for one sign-in. away is why they could not be had.
type keys struct {
	oidc.KeySet
	away error
}

// VerifySignature is that of [oidc.KeySet], whose only fault that wraps another one is that of fetching.
func (k *keys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, token)
	if cause := errors.Unwrap(err); cause != nil {
		k.away = cause
	}
	return payload, err
}

// Identity is whom a provider has recognised.
type Identity struct {
	Issuer  string
	Subject string // never given to another by the issuer
	Name    string // as the provider writes it, empty if it does not
	Strong  bool   // the provider states that it asked for two factors
}

// Finish reads what the browser came back with. It wraps [fault.ErrDenied] for whatever does not fit, with the same words for all
// but a person who said no, and [fault.ErrUnavailable] if the provider does not answer.
func (p *Provider) Finish(ctx context.Context, f Flow, back url.Values) (Identity, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	code, err := p.code(d, f, back)
	if err != nil {
		return Identity{}, err
	}
	client := p.oauth(d)
	if p.config.Secret != nil {
		if client.ClientSecret, err = p.config.Secret(); err != nil {
			return Identity{}, fmt.Errorf("secret of provider %s: %w: %w", p.config.Key, err, fault.ErrUnavailable)
		}
	}
	tok, err := client.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(f.Verifier))
	var said *oauth2.RetrieveError
	if errors.As(err, &said) && said.Response != nil && said.Response.StatusCode < 500 {
		return Identity{}, untrue("the code was not taken")
	} else if err != nil {
		return Identity{}, p.away(err)
	}
	raw, ok := tok.Extra("id_token").(string)
	if !ok {
		return Identity{}, untrue("no ID token")
	}
	return p.read(ctx, d, f, raw, tok.AccessToken)
}

// code returns the code that the browser brings, if it comes from the flow that this house began at this provider.
func (p *Provider) code(d *discovered, f Flow, back url.Values) (string, error) {
	for _, vs := range back {
		if len(vs) > 1 {
			return "", untrue("a value given twice")
		}
	}
	if f.State == "" || subtle.ConstantTimeCompare([]byte(back.Get("state")), []byte(f.State)) != 1 {
		return "", untrue("another state")
	}
	// RFC 9207 section 2.4: who says whose answer it is must be believed, and who promised to say so must do it.
	if iss := back.Get("iss"); (iss != "" || d.NamesItself) && iss != p.config.Issuer {
		return "", untrue("another issuer answers")
	}
	if e := back.Get("error"); e == "access_denied" || e == "login_required" {
		return "", fault.Refuse(fault.ErrDenied, "provider-refused", "")
	} else if e != "" {
		return "", untrue("the provider reports " + e[:min(len(e), 40)])
	}
	code := back.Get("code")
	if code == "" || len(code) > 4096 {
		return "", untrue("no code")
	}
	return code, nil
}

// claims are what is read of an ID token besides what the library checks.
type claims struct {
	Party string   `json:"azp"`
	Level string   `json:"acr"`
	Ways  []string `json:"amr"`
	Name  string   `json:"name"`
	Then  int64    `json:"auth_time"` // s, when the person proved who they are
}

// read checks an ID token after OpenID Connect Core 1.0, section 3.1.3.7. The numbers are its.
func (p *Provider) read(ctx context.Context, d *discovered, f Flow, raw, access string) (Identity, error) {
	// 2, 3, 6, 7, 9: issuer, audience, signature, algorithm, end
	k := &keys{KeySet: oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), p.client), d.Keys)}
	t, err := oidc.NewVerifier(p.config.Issuer, k, &oidc.Config{ClientID: p.config.Client, SupportedSigningAlgs: algorithms, Now: p.config.Now}).Verify(oidc.ClientContext(ctx, p.client), raw)
	if k.away != nil {
		return Identity{}, p.away(k.away)
	}
	if err != nil {
		return Identity{}, untrue(err.Error())
	}
	var c claims
	if err := t.Claims(&c); err != nil {
		return Identity{}, untrue(err.Error())
	}
	now := p.config.Now()
	switch {
	case f.Nonce == "" || subtle.ConstantTimeCompare([]byte(t.Nonce), []byte(f.Nonce)) != 1: // 11
		return Identity{}, untrue("another nonce")
	case len(t.Audience) > 1 || c.Party != "" && c.Party != p.config.Client: // 3, 4, 5: we trust no other audience
		return Identity{}, untrue("for others too")
	case t.IssuedAt.IsZero() || t.IssuedAt.After(now.Add(leeway)) || t.IssuedAt.Before(now.Add(-maxAge)): // 10
		return Identity{}, untrue("not of now")
	case f.Again && (time.Unix(c.Then, 0).After(now.Add(leeway)) || time.Unix(c.Then, 0).Before(now.Add(-maxAge))): // 13; without max_age=0 kept to, the browser of whoever went away would prove it
		return Identity{}, untrue("proven long ago")
	case t.Subject == "" || len(t.Subject) > maxSubject || strings.ContainsFunc(t.Subject, isControl):
		return Identity{}, untrue("no subject")
	case t.AccessTokenHash != "" && t.VerifyAccessToken(access) != nil: // 3.1.3.8
		return Identity{}, untrue("another access token")
	}
	return Identity{Issuer: t.Issuer, Subject: t.Subject, Name: nameOf(c.Name), Strong: c.isStrong(p.config.Strong)}, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// isStrong reports whether two factors were asked for: by acr where the configuration knows the provider's values, or by amr with
// mfa (RFC 8176).
func (c *claims) isStrong(levels []string) bool {
	return c.Level != "" && slices.Contains(levels, c.Level) || slices.Contains(c.Ways, "mfa")
}

func nameOf(s string) string {
	s = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, s), "")
	if len(s) > maxName {
		s = strings.ToValidUTF8(s[:maxName], "")
	}
	return s
}

// Untrue is why nobody was recognised: for the log of the house, not for the page.
type Untrue struct {
	*fault.Refusal
	Why string
}

func (u *Untrue) Error() string { return u.Refusal.Error() + ": " + u.Why }

// Unwrap makes errors find the refusal and its kind.
func (u *Untrue) Unwrap() error { return u.Refusal }

func untrue(why string) error {
	return &Untrue{fault.Refuse(fault.ErrDenied, "provider-unclear", ""), why}
}

// File is the list of providers as an operator writes it, in JSON.
type File struct {
	Providers []Entry `json:"providers"`
}

// Entry is one provider of the file.
type Entry struct {
	Key    string            `json:"key"`
	Words  map[string]string `json:"words"` // what the button says, by language
	For    string            `json:"for"`   // "staff" or "residents"
	Issuer string            `json:"issuer"`
	Client string            `json:"client"`
	Secret string            `json:"secret"` // or the path of a file with it in secret_file
	Path   string            `json:"secret_file"`
	Scopes []string          `json:"scopes"`
	Strong []string          `json:"strong"`
}

// ReadFile reads the list of providers. Unknown keys, keys used twice and words that are missing are faults; it wraps
// [fault.ErrInvalid].
func ReadFile(b []byte) (f File, err error) {
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return f, fmt.Errorf("list of providers: %w: %w", err, fault.ErrInvalid)
	}
	seen := map[string]bool{}
	for i, e := range f.Providers {
		switch {
		case !isKey(e.Key) || seen[e.Key]:
			err = fmt.Errorf("provider %d: key %q is none or used twice: %w", i+1, e.Key, fault.ErrInvalid)
		case e.For != "staff" && e.For != "residents":
			err = fmt.Errorf("provider %s: for is %q, staff or residents is needed: %w", e.Key, e.For, fault.ErrInvalid)
		case e.Words["zh"] == "" || e.Words["en"] == "":
			err = fmt.Errorf("provider %s: words in zh and en are needed: %w", e.Key, fault.ErrInvalid)
		case e.Secret != "" && e.Path != "":
			err = fmt.Errorf("provider %s: secret and secret_file are both given: %w", e.Key, fault.ErrInvalid)
		}
		if err != nil {
			return File{}, err
		}
		seen[e.Key] = true
	}
	return f, nil
}

// isKey reports whether s may stand in an address: 1 to 24 lower-case letters, digits and hyphens.
func isKey(s string) bool {
	return s != "" && len(s) <= 24 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
