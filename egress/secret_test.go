package egress

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/ground/fault"
)

// keeper is a keeper of secrets in which somebody changes one.
type keeper struct{ now atomic.Pointer[string] }

func (k *keeper) put(s string) { k.now.Store(&s) }

func (k *keeper) tell() (string, error) {
	if s := *k.now.Load(); s != "" {
		return s, nil
	}
	return "", errors.New("the file is missing")
}

// TestAPasswordIsChangedBetweenTwoMails has one mailer use whatever password stands in the keeper at that moment: the server's own password lets it in, an
// old one and a missing one do not, and the message may go later.
func TestAPasswordIsChangedBetweenTwoMails(t *testing.T) {
	office := newPostOffice(t, StartTLS)
	server, k := office.server(StartTLS), new(keeper)
	server.Password = k.tell
	m, err := NewMailer(office.gate(), server)
	must(t, err)
	for i, password := range []string{"last year's", "a password", "", "a password"} {
		k.put(password)
		err := m.Send(context.Background(), Message{ID: "n-1", To: "li@erdao.example.cn", Subject: "s", Text: "t", At: time.Now()})
		if right := password == "a password"; right != (err == nil) || !right && !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("mail %d: %v", i, err)
		}
	}
	if n := len(office.got()); n != 2 {
		t.Errorf("%d mails arrived", n)
	}
}

// TestASigningSecretIsChangedBetweenTwoMessages looks at the signature of each call of the SMS adapter: it is by the secret of that moment. A secret that is
// none sends nothing, and is not told.
func TestASigningSecretIsChangedBetweenTwoMessages(t *testing.T) {
	var signature string
	address, place, _, names := far(t, func(_ http.ResponseWriter, r *http.Request) { signature = r.Header.Get("Webhook-Signature") })
	k := new(keeper)
	texter, err := NewTexter(NewClient(NewGate(places{place}, names, time.Now)), Gateway{address, k.tell})
	must(t, err)
	now, seen := time.Now(), map[string]bool{}
	for _, secret := range []string{"one", "two"} {
		k.put(SecretText([]byte(secret)))
		must(t, texter.Send(context.Background(), "n-1", "13900000000", "x", "zh", now))
		seen[signature] = true
		if want := Signed("n-1", now, []byte(`{"id":"n-1","to":"13900000000","text":"x","lang":"zh"}`), []byte(secret)).Get("Webhook-Signature"); signature != want {
			t.Errorf("signed %s, not %s", signature, want)
		}
	}
	signature = ""
	for _, bad := range []string{"", "whsec_", "a password"} {
		k.put(bad)
		if err := texter.Send(context.Background(), "n-1", "13900000000", "x", "zh", now); !errors.Is(err, fault.ErrUnavailable) || bad != "" && strings.Contains(err.Error(), bad+":") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if len(seen) != 2 || signature != "" {
		t.Errorf("%d signatures, and %q by no secret", len(seen), signature)
	}
}
