package egress

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// places is a list of a test.
type places []Place

func (l places) Place(host string, port uint16) (Place, bool) {
	for _, p := range l {
		if p.Host == host && p.Port == port {
			return p, true
		}
	}
	return Place{}, false
}

// names is a resolver of a test: each question for a name is answered with its next answer, the last one again and again.
type names struct {
	mu      sync.Mutex
	answers map[string][][]netip.Addr
	asked   map[string]int
}

func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := n.answers[host]
	if len(all) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if n.asked == nil {
		n.asked = map[string]int{}
	}
	i := min(n.asked[host], len(all)-1)
	n.asked[host]++
	return append([]netip.Addr(nil), all[i]...), nil
}

// certificate makes a server's certificate for hosts, signed by itself.
func certificate(t testing.TB, hosts ...string) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: hosts[0]}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	must(t, err)
	leaf, err := x509.ParseCertificate(der)
	must(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func portOf(t testing.TB, l net.Listener) uint16 {
	t.Helper()
	return netip.MustParseAddrPort(l.Addr().String()).Port()
}

var loop = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// postOffice is a real SMTP server.
type postOffice struct {
	mu      sync.Mutex
	letters []letter
	sending most            // letters that are being taken
	refuse  *smtp.SMTPError // what it answers to a recipient
	port    uint16
	ca      []byte
}

type letter struct{ from, to, data, user string }

// newPostOffice starts a server that wants encryption and a password.
func newPostOffice(t testing.TB, security Security) *postOffice {
	t.Helper()
	cert, ca := certificate(t, "mail.example.cn")
	p := &postOffice{ca: ca}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &counter{office: p}, nil }))
	s.Domain, s.TLSConfig, s.AllowInsecureAuth = "mail.example.cn", &tls.Config{Certificates: []tls.Certificate{cert}}, false
	s.ReadTimeout, s.WriteTimeout = 5*time.Second, 5*time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p.port = portOf(t, l)
	if security == Implicit {
		l = tls.NewListener(l, s.TLSConfig)
	}
	done := make(chan struct{})
	go func() { s.Serve(l); close(done) }()
	t.Cleanup(func() { s.Close(); <-done })
	return p
}

// gate leads to the office by its name.
func (p *postOffice) gate() *Gate {
	return NewGate(places{{Host: "mail.example.cn", Port: p.port, Networks: loop, CA: p.ca}},
		&names{answers: map[string][][]netip.Addr{"mail.example.cn": {{netip.MustParseAddr("127.0.0.1")}}}}, time.Now)
}

func (p *postOffice) server(s Security) MailServer {
	return MailServer{Host: "mail.example.cn", Port: p.port, Security: s, User: "bihuan", Password: fixed("a password"), From: "notice@erdao.example.cn", Name: "二道区闭环平台"}
}

func (p *postOffice) got() []letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]letter(nil), p.letters...)
}

// counter is one session at the office.
type counter struct {
	office *postOffice
	l      letter
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "a password" {
			return smtp.ErrAuthFailed
		}
		c.l.user = user
		return nil
	}), nil
}

func (c *counter) Mail(from string, _ *smtp.MailOptions) error {
	if c.l.user == "" {
		return smtp.ErrAuthRequired
	}
	c.l.from = from
	return nil
}

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	if c.office.refuse != nil {
		return c.office.refuse
	}
	c.l.to += to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	c.office.sending.enter()
	defer c.office.sending.leave() // before the sender hears that the letter was taken
	b, err := io.ReadAll(r)
	c.l.data = string(b)
	c.office.mu.Lock()
	c.office.letters = append(c.office.letters, c.l)
	c.office.mu.Unlock()
	return err
}

func (c *counter) Reset() { c.l.from, c.l.to = "", "" }

func (c *counter) Logout() error { return nil }

// headers returns the lines of a letter's head as they went over the wire, folded ones joined.
func (l letter) headers() (out []string) {
	s := bufio.NewScanner(strings.NewReader(l.data))
	for s.Scan() && s.Text() != "" {
		if line := s.Text(); strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
			out[len(out)-1] += line
		} else {
			out = append(out, line)
		}
	}
	return out
}

func (l letter) String() string {
	return fmt.Sprintf("%s to %s by %s:\n%s", l.from, l.to, l.user, l.data)
}

// fixed is a secret that stays.
func fixed(s string) Secret { return func() (string, error) { return s, nil } }
