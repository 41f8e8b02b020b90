package egress

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/ocsp"

	"bihuan/ground/fault"
)

// far starts a program of others that answers by h.
func far(t *testing.T, h http.HandlerFunc) (address string, place Place, cert tls.Certificate, names *names) {
	t.Helper()
	return farAt(t, h, "far.example.cn")
}

func farAt(t *testing.T, h http.HandlerFunc, host string) (string, Place, tls.Certificate, *names) {
	t.Helper()
	cert, ca := certificate(t, host)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	srv := &http.Server{Handler: h}
	go srv.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}}))
	t.Cleanup(func() { srv.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "https://" + host + ":" + port + "/in", Place{Host: host, Port: portOf(t, l), Networks: loop, CA: ca}, cert,
		(&namesOf{host}).resolver()
}

type namesOf struct{ host string }

func (n *namesOf) resolver() *names {
	return &names{answers: map[string][][]netip.Addr{n.host: {{netip.MustParseAddr("127.0.0.1")}}}}
}

func TestTheOtherSideHasToProveWhoItIs(t *testing.T) {
	address, place, cert, names := far(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) })
	_, otherCA := certificate(t, "far.example.cn")
	other, _ := certificate(t, "far.example.cn")
	for name, c := range map[string]struct {
		change func(p *Place)
		now    time.Time
		open   bool
	}{
		"known by who signed it":                {func(*Place) {}, time.Now(), true},
		"known by its key alone":                {func(p *Place) { p.CA, p.Pin = nil, KeyPin(cert.Leaf) }, time.Now(), true},
		"another signer":                        {func(p *Place) { p.CA = otherCA }, time.Now(), false},
		"another key":                           {func(p *Place) { p.CA, p.Pin = nil, KeyPin(other.Leaf) }, time.Now(), false},
		"the machine's own signers only":        {func(p *Place) { p.CA = nil }, time.Now(), false},
		"expired":                               {func(*Place) {}, time.Now().Add(2 * time.Hour), false},
		"the key is right and the time is past": {func(p *Place) { p.CA, p.Pin = nil, KeyPin(cert.Leaf) }, time.Now().Add(2 * time.Hour), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := place
			c.change(&p)
			must(t, CheckPlace(&p))
			_, err := NewClient(NewGate(places{p}, names, func() time.Time { return c.now })).Post(context.Background(), address, nil, nil)
			if (err == nil) != c.open || err != nil && !errors.Is(err, fault.ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAnAnswerHasAnEnd(t *testing.T) {
	long := strings.Repeat("x", MaxAnswer)
	address, place, _, names := far(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("More") != "" {
			w.Write([]byte(long + "y"))
		} else if r.Header.Get("Head") != "" {
			w.Header().Set("X", strings.Repeat("h", 100_000))
		} else {
			w.Write([]byte(long))
		}
	})
	c := NewClient(NewGate(places{place}, names, time.Now))
	if a, err := c.Post(context.Background(), address, nil, nil); err != nil || len(a.Body) != MaxAnswer {
		t.Errorf("1 MB: %d bytes, %v", len(a.Body), err)
	}
	for _, h := range []string{"More", "Head"} {
		if _, err := c.Post(context.Background(), address, http.Header{h: {"yes"}}, nil); !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("%s: %v", h, err)
		}
	}
}

// TestAnAnswerThatNeverComes: the ten seconds are those of a clock of the test.
func TestAnAnswerThatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		c := NewClient(NewGate(places{}, nil, time.Now))
		c.gate.list = places{{Host: "far.example.cn", Port: 443}}
		c.http.Transport.(*bounded).under.(*http.Transport).DialTLSContext = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
		go func() {
			b := make([]byte, 4096)
			for {
				if _, err := theirs.Read(b); err != nil {
					return
				}
			}
		}()
		start := time.Now()
		_, err := c.Post(context.Background(), "https://far.example.cn/", nil, nil)
		if took := time.Since(start); !errors.Is(err, fault.ErrUnavailable) || took != CallTimeout {
			t.Errorf("after %v: %v", took, err)
		}
		c.Forget()
	})
}

func TestAPlaceThatWasTakenBackIsNotCalledByAnOpenConnection(t *testing.T) {
	address, place, _, names := far(t, func(w http.ResponseWriter, r *http.Request) {})
	g := NewGate(places{place}, names, time.Now)
	c := NewClient(g)
	if _, err := c.Post(context.Background(), address, nil, nil); err != nil {
		t.Fatal(err)
	}
	g.list = places{}
	if _, err := c.Post(context.Background(), address, nil, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestFaultsDoNotTellTheToken(t *testing.T) {
	c := NewClient(NewGate(places{{Host: "far.example.cn", Port: 443}}, &names{}, time.Now))
	_, err := c.Post(context.Background(), "https://far.example.cn/robot?access_token=s3cret", nil, nil)
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v", err)
	}
}

func TestCheckPlace(t *testing.T) {
	for _, h := range []string{"hooks.example.cn", "a_b.example.cn", "10.1.2.3", "2001:db8::1", "localhost"} {
		if err := CheckPlace(&Place{Host: h, Port: 443}); err != nil {
			t.Errorf("%s: %v", h, err)
		}
	}
	for _, h := range []string{"", "Hooks.example.cn", "hooks.example.cn.", "127.1", "0x7f.1", "017700000001", "2130706433", "::ffff:127.0.0.1", "2001:DB8::1", "fe80::1%lo", "a..b", "-a.cn", "例子.cn", "a b"} {
		if err := CheckPlace(&Place{Host: h, Port: 443}); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", h, err)
		}
	}
	for name, p := range map[string]Place{
		"no port":             {Host: "a.cn"},
		"a network with host": {Host: "a.cn", Port: 1, Networks: []netip.Prefix{netip.MustParsePrefix("10.1.2.3/8")}},
		"no certificate":      {Host: "a.cn", Port: 1, CA: []byte("x")},
		"a short pin":         {Host: "a.cn", Port: 1, Pin: "AAAA"},
	} {
		if err := CheckPlace(&p); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzTarget(f *testing.F) {
	for _, s := range []string{"https://hooks.example.cn:8443/in?x=1", "https://[2001:db8::1]/", "https://127.0.0.1#@x", "https://a\\@b/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		host, port, err := Target(s)
		if err != nil {
			return
		}
		if !isHost(host) || port == 0 || strings.ContainsAny(s, "@\\#") && strings.Contains(strings.SplitN(s, "/", 4)[2], "@") {
			t.Errorf("%q: %q %d", s, host, port)
		}
	})
}

// TestAServerWhoseCertificateWasTakenBackIsNotCalled has a server hand over what its authority says of it: taken back is refused, good is called, and a word that the authority did not sign
// is nobody's.
func TestAServerWhoseCertificateWasTakenBackIsNotCalled(t *testing.T) {
	signer, ca := certificate(t, "far.example.cn")
	other, _ := certificate(t, "far.example.cn")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{"far.example.cn"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, signer.Leaf, &key.PublicKey, signer.PrivateKey)
	must(t, err)
	for name, x := range map[string]struct {
		by     tls.Certificate
		status int
		open   bool
	}{"good": {signer, ocsp.Good, true}, "taken back": {signer, ocsp.Revoked, false}, "said by another": {other, ocsp.Revoked, true}} {
		word, err := ocsp.CreateResponse(x.by.Leaf, x.by.Leaf, ocsp.Response{Status: x.status, SerialNumber: c.SerialNumber, ThisUpdate: time.Now(), NextUpdate: time.Now().Add(time.Hour), RevokedAt: time.Now()}, x.by.PrivateKey.(crypto.Signer))
		must(t, err)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		srv := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
		go srv.Serve(tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key, OCSPStaple: word}}}))
		t.Cleanup(func() { srv.Close() })
		place := Place{Host: "far.example.cn", Port: portOf(t, l), Networks: loop, CA: ca}
		_, err = NewClient(NewGate(places{place}, (&namesOf{"far.example.cn"}).resolver(), time.Now)).Post(context.Background(), "https://far.example.cn:"+strconv.Itoa(int(place.Port))+"/", nil, nil)
		if (err == nil) != x.open || err != nil && !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
