package provider

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bihuan/ground/fault"
)

// wire answers requests in memory.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// TestAProviderThatIsAwayIsWaitedForOnce: of twenty browsers that want to go to a provider that says nothing, the last waits as long as the first.
func TestAProviderThatIsAwayIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		p := at(t, Config{Issuer: "https://id.example", Client: "bihuan", HTTP: &http.Client{Timeout: 10 * time.Second, Transport: wire(func(r *http.Request) (*http.Response, error) {
			asked.Add(1)
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}})
		begun := time.Now()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := p.Begin(t.Context(), NewFlow(chance)); !errors.Is(err, fault.ErrUnavailable) {
					t.Errorf("a provider that says nothing: %v", err)
				}
			})
		}
		all.Wait()
		if took := time.Since(begun); took != 10*time.Second || asked.Load() != 1 {
			t.Errorf("asked %d times, the last waited %v", asked.Load(), took)
		}
	})
}

// TestWhatAProviderDoesNotAnswerIsNobodysFault: whoever signs in is refused for what they bring, not for what their provider or the list of approved places does.
func TestWhatAProviderDoesNotAnswerIsNobodysFault(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for what, wrong := range map[string]func(*http.Request) (*http.Response, error){
		"keys that answer 500":                said(500, "no"),
		"keys without an end":                 said(200, `{"keys":[`+strings.Repeat(" ", maxAnswer)),
		"keys that are no JSON":               said(200, "<html>"),
		"keys at a place nobody approved":     func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("closed: %w", fault.ErrDenied) },
		"a token at a place of that sort":     func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("closed: %w", fault.ErrDenied) },
		"a discovery at a place of that sort": func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("closed: %w", fault.ErrDenied) },
	} {
		l := newLiar(t, key)
		f := NewFlow(chance)
		l.answer = func(w http.ResponseWriter, _ *http.Request) {
			reply(w, fields{"access_token": "access", "token_type": "Bearer", "id_token": sign(t, "RS256", key, fields{"kid": "k1"},
				fields{"iss": l.URL, "sub": "id1", "aud": "bihuan", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": f.Nonce})})
		}
		of := map[string]string{"keys": "/keys", "a to": "/token", "a di": "/.well-known/openid-configuration"}[what[:4]]
		through := wire(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == of {
				return wrong(r)
			}
			return http.DefaultTransport.RoundTrip(r)
		})
		_, err := at(t, Config{Issuer: l.URL, Client: "bihuan", Secret: told(ourSecret), HTTP: &http.Client{Transport: through}}).Finish(t.Context(), f, url.Values{"state": {f.State}, "code": {"c"}})
		if !errors.Is(err, fault.ErrUnavailable) || errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func said(status int, body string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

// TestACodeIsShownOnce: a provider is shown the code a single time, however it answers, and the house proves itself as the provider says that it wants it.
func TestACodeIsShownOnce(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		proofs []string
		secret func() (string, error)
		basic  bool
		posted string
	}{
		{nil, told(ourSecret), true, ""},
		{[]string{"client_secret_post", "client_secret_basic"}, told(ourSecret), true, ""},
		{[]string{"private_key_jwt", "client_secret_post"}, told(ourSecret), false, ourSecret},
		{nil, nil, false, ""},
	} {
		l, shown := newLiar(t, key), 0
		if c.proofs != nil {
			l.about["token_endpoint_auth_methods_supported"] = c.proofs
		}
		l.answer = func(w http.ResponseWriter, r *http.Request) {
			shown++
			if _, _, basic := r.BasicAuth(); basic != c.basic || r.PostFormValue("client_secret") != c.posted || basic == (r.PostFormValue("client_id") != "") {
				t.Errorf("%v: basic %v, %v", c.proofs, basic, r.PostForm)
			}
			w.WriteHeader(500)
		}
		f := NewFlow(chance)
		_, err := at(t, Config{Issuer: l.URL, Client: "bihuan", Secret: c.secret}).Finish(t.Context(), f, url.Values{"state": {f.State}, "code": {"c"}})
		if !errors.Is(err, fault.ErrUnavailable) || shown != 1 {
			t.Errorf("%v: shown %d times, %v", c.proofs, shown, err)
		}
	}
}
