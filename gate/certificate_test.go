package gate

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// authority signs certificates, and says of them whether they are revoked.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	n    int64
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	a.must(err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "CA"}, NotBefore: start.Add(-time.Hour), NotAfter: start.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &a.key.PublicKey, a.key)
	a.must(err)
	a.cert, err = x509.ParseCertificate(der)
	a.must(err)
	return a
}

func (a *authority) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

var start = time.Date(2023, 10, 16, 9, 0, 0, 0, time.UTC)

// issue writes a certificate for a name and its key into two files, and returns the certificate.
func (a *authority) issue(chain, key, host string) *x509.Certificate {
	a.t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	a.must(err)
	a.n++
	c := &x509.Certificate{SerialNumber: big.NewInt(100 + a.n), DNSNames: []string{host}, NotBefore: start.Add(-time.Hour), NotAfter: start.AddDate(0, 3, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, a.cert, &k.PublicKey, a.key)
	a.must(err)
	secret, err := x509.MarshalPKCS8PrivateKey(k)
	a.must(err)
	a.must(os.WriteFile(chain, append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})...), 0o600))
	a.must(os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	leaf, err := x509.ParseCertificate(der)
	a.must(err)
	return leaf
}

// say writes what the authority says of a certificate.
func (a *authority) say(path string, of *x509.Certificate, status int, from time.Time, days int) {
	a.t.Helper()
	der, err := ocsp.CreateResponse(a.cert, a.cert, ocsp.Response{Status: status, SerialNumber: of.SerialNumber, ThisUpdate: from, NextUpdate: from.AddDate(0, 0, days), RevokedAt: from}, a.key)
	a.must(err)
	a.must(os.WriteFile(path, der, 0o600))
}

// greeted is what somebody gets who connects: the names of the certificate, and what the authority says of it.
func (a *authority) greeted(c *Certificate) (host string, word []byte) {
	a.t.Helper()
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	config := TLS()
	config.GetCertificate = c.Get
	go tls.Server(ours, config).HandshakeContext(context.Background())
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	client := tls.Client(theirs, &tls.Config{RootCAs: roots, ServerName: c.Leaf().DNSNames[0], Time: c.now})
	a.must(client.HandshakeContext(context.Background()))
	s := client.ConnectionState()
	return s.PeerCertificates[0].DNSNames[0], s.OCSPResponse
}

// TestACertificateIsReplacedWhileItIsServed replaces the files, breaks them and mends them: who connects gets the newest that can be used, and nothing is started anew.
func TestACertificateIsReplacedWhileItIsServed(t *testing.T) {
	a, dir, now := newAuthority(t), t.TempDir(), start
	chain, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	var log bytes.Buffer
	if _, err := NewCertificate(chain, key, "", func() time.Time { return now }, slog.Default()); err == nil {
		t.Error("files that are not there were read")
	}
	a.issue(chain, key, "one.example.cn")
	c, err := NewCertificate(chain, key, "", func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil)))
	a.must(err)
	for i, step := range []struct {
		do   func()
		want string
	}{
		{func() {}, "one.example.cn"},
		{func() { a.issue(chain, key, "two.example.cn"); later(t, chain, key) }, "two.example.cn"},
		{func() { a.must(os.WriteFile(key, []byte("broken"), 0o600)); later(t, key) }, "two.example.cn"},
		{func() { a.must(os.Remove(chain)) }, "two.example.cn"},
		{func() { a.issue(chain, key, "three.example.cn"); later(t, chain, key) }, "three.example.cn"},
	} {
		step.do()
		now = now.Add(lookEvery)
		if got, word := a.greeted(c); got != step.want || word != nil {
			t.Errorf("step %d: %s with %d bytes of a word", i, got, len(word))
		}
	}
	if n := strings.Count(log.String(), "the old one is served on"); n != 2 {
		t.Errorf("the log was told %d times:\n%s", n, &log)
	}
}

// changes counts the changes of files, so that each has a time of its own whatever the file system's clock is.
var changes int

func later(t *testing.T, paths ...string) {
	t.Helper()
	changes++
	for _, p := range paths {
		if err := os.Chtimes(p, start, start.Add(time.Duration(changes)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheAuthoritysWordIsStapled: who connects is handed the word that the certificate is good, as long as it holds; a word that is none of this is not handed out.
func TestTheAuthoritysWordIsStapled(t *testing.T) {
	a, other, dir, now := newAuthority(t), newAuthority(t), t.TempDir(), start
	chain, key, word := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), filepath.Join(dir, "word.der")
	leaf := a.issue(chain, key, "one.example.cn")
	var log bytes.Buffer
	c, err := NewCertificate(chain, key, word, func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil)))
	a.must(err)
	for _, step := range []struct {
		name    string
		do      func()
		stapled bool
	}{
		{"none yet", func() {}, false},
		{"good", func() { a.say(word, leaf, ocsp.Good, now, 7) }, true},
		{"good for a week more", func() { now = now.AddDate(0, 0, 5); a.say(word, leaf, ocsp.Good, now, 7) }, true},
		{"late, and nobody fetched it anew", func() { now = now.AddDate(0, 0, 8) }, false},
		{"revoked", func() { a.say(word, leaf, ocsp.Revoked, now, 7) }, false},
		{"not known to the authority", func() { a.say(word, leaf, ocsp.Unknown, now, 7) }, false},
		{"of another certificate", func() {
			a.say(word, &x509.Certificate{SerialNumber: big.NewInt(7)}, ocsp.Good, now, 7)
		}, false},
		{"said by somebody else", func() { other.say(word, leaf, ocsp.Good, now, 7) }, false},
		{"not yet", func() { a.say(word, leaf, ocsp.Good, now.Add(time.Hour), 7) }, false},
		{"rubbish", func() { a.must(os.WriteFile(word, []byte("good"), 0o600)) }, false},
		{"good again", func() { a.say(word, leaf, ocsp.Good, now, 7) }, true},
	} {
		step.do()
		if _, err := os.Stat(word); err == nil && step.name != "late, and nobody fetched it anew" {
			later(t, word)
		}
		now = now.Add(lookEvery)
		if _, got := a.greeted(c); (got != nil) != step.stapled {
			t.Errorf("%s: %d bytes were handed out", step.name, len(got))
		}
	}
	if !strings.Contains(log.String(), "fetch it anew") || !strings.Contains(log.String(), "have another one issued") {
		t.Errorf("the log was told:\n%s", &log)
	}
}
