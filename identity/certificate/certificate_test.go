package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"bihuan/ground/fault"
	"bihuan/internal/needs"
)

var noon = time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// authority is a certificate with its key.
type authority struct {
	cert *smx509.Certificate
	key  *sm2.PrivateKey
}

// holder is what one of the test's people has: a certificate and some key.
type holder struct {
	chain []*smx509.Certificate
	key   any
}

func newKey(t testing.TB) *sm2.PrivateKey {
	t.Helper()
	k, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var serial = int64(100)

// issue makes a certificate; change turns the template into what a case needs.
func issue(t testing.TB, by *authority, pub any, key any, change func(*x509.Certificate)) *smx509.Certificate {
	t.Helper()
	serial++
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "赵一"}, NotBefore: noon.Add(-day), NotAfter: noon.Add(365 * day),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true}
	if change != nil {
		change(c)
	}
	parent := c
	if by != nil {
		parent, key = by.cert.ToX509(), by.key
	}
	der, err := smx509.CreateCertificate(rand.Reader, c, parent, pub, key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := smx509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func newAuthority(t testing.TB, cn string, by *authority, change func(*x509.Certificate)) *authority {
	t.Helper()
	k := newKey(t)
	return &authority{issue(t, by, &k.PublicKey, k, func(c *x509.Certificate) {
		c.Subject, c.IsCA, c.ExtKeyUsage = pkix.Name{CommonName: cn}, true, nil
		c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
		c.NotAfter = noon.Add(3650 * day)
		if change != nil {
			change(c)
		}
	}), k}
}

func (a *authority) list(t testing.TB, this, next time.Time, gone ...*smx509.Certificate) []byte {
	t.Helper()
	l := &x509.RevocationList{Number: big.NewInt(this.Unix()), ThisUpdate: this, NextUpdate: next}
	for _, c := range gone {
		l.RevokedCertificateEntries = append(l.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: this})
	}
	der, err := smx509.CreateRevocationList(rand.Reader, l, a.cert, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})
}

func certPEM(cs ...*smx509.Certificate) (b []byte) {
	for _, c := range cs {
		b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return b
}

func (h holder) answer(t testing.TB, text []byte) Answer {
	t.Helper()
	a := Answer{Chain: h.chain}
	var err error
	switch k := h.key.(type) {
	case *sm2.PrivateKey:
		a.Signature, err = k.Sign(rand.Reader, text, sm2.DefaultSM2SignerOpts)
	case *ecdsa.PrivateKey:
		a.Signature, err = ecdsa.SignASN1(rand.Reader, k, text[:32])
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func codeOf(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestCheck(t *testing.T) {
	root := newAuthority(t, "测试根", nil, nil)
	office := newAuthority(t, "测试签发", root, nil)
	stranger := newAuthority(t, "测试根", nil, nil) // of the same name
	key := newKey(t)
	good := holder{[]*smx509.Certificate{issue(t, office, &key.PublicKey, nil, nil)}, key}
	gone := holder{[]*smx509.Certificate{issue(t, office, &key.PublicKey, nil, nil)}, key}
	with := func(change func(*x509.Certificate)) holder {
		return holder{[]*smx509.Certificate{issue(t, office, &key.PublicKey, nil, change)}, key}
	}
	trust, err := ReadTrust(certPEM(root.cert, office.cert), append(root.list(t, noon.Add(-day), noon.Add(day)), office.list(t, noon.Add(-day), noon.Add(day), gone.chain[0])...))
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("登录二道区 1b7e5c2a0f9d4c83 challenge of this one sign-in")
	below := &authority{issue(t, office, &key.PublicKey, nil, nil), key} // no authority
	other := newKey(t)
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	flipped := good.answer(t, text)
	flipped.Signature = bytes.Clone(flipped.Signature)
	flipped.Signature[len(flipped.Signature)-1] ^= 1
	for _, c := range []struct {
		name string
		a    Answer
		at   time.Time
		want string
	}{
		{"a certificate that holds signs the text of this sign-in", good.answer(t, text), noon, ""},
		{"a certificate without a purpose may be used for signing in", with(func(c *x509.Certificate) { c.ExtKeyUsage = nil }).answer(t, text), noon, ""},
		{"a signature over another text", good.answer(t, []byte("another")), noon, "signature-wrong"},
		{"a signature with another key", holder{good.chain, other}.answer(t, text), noon, "signature-wrong"},
		{"a signature with one bit changed", flipped, noon, "signature-wrong"},
		{"no signature", Answer{Chain: good.chain}, noon, "signature-wrong"},
		{"no certificate", Answer{}, noon, "certificate-unreadable"},
		{"a revoked certificate", gone.answer(t, text), noon, "certificate-revoked"},
		{"a certificate that has ended", with(func(c *x509.Certificate) { c.NotAfter = noon.Add(-time.Second) }).answer(t, text), noon, "certificate-expired"},
		{"a certificate that has not begun", with(func(c *x509.Certificate) { c.NotBefore = noon.Add(time.Hour) }).answer(t, text), noon, "certificate-expired"},
		{"a list that is out of date", good.answer(t, text), noon.Add(2 * day), "revocation-unknown"},
		{"a list of the future", good.answer(t, text), noon.Add(-day - time.Hour), "certificate-expired"},
		{"a certificate for encryption only", with(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }).answer(t, text), noon, "certificate-other-use"},
		{"a certificate of a server", with(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }).answer(t, text), noon, "certificate-other-use"},
		{"a certificate of an authority", holder{[]*smx509.Certificate{office.cert}, office.key}.answer(t, text), noon, "certificate-other-use"},
		{"a root of the same name", holder{[]*smx509.Certificate{issue(t, stranger, &key.PublicKey, nil, nil), stranger.cert}, key}.answer(t, text), noon, "certificate-untrusted"},
		{"a certificate signed with a person's certificate", holder{[]*smx509.Certificate{issue(t, below, &other.PublicKey, nil, nil), below.cert}, other}.answer(t, text), noon, "certificate-untrusted"},
		{"a certificate that signs itself", holder{[]*smx509.Certificate{issue(t, nil, &key.PublicKey, key, nil)}, key}.answer(t, text), noon, "certificate-untrusted"},
		{"a key of another curve", holder{[]*smx509.Certificate{issue(t, office, &p256.PublicKey, nil, nil)}, p256}.answer(t, text), noon, "certificate-not-sm2"},
	} {
		h, err := trust.Check(text, c.a, c.at)
		if got := codeOf(err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if (err == nil) != (h.Fingerprint != "") {
			t.Errorf("%s: holder %+v with error %v", c.name, h, err)
		}
	}
}

func TestNoListOfTheIssuer(t *testing.T) {
	root := newAuthority(t, "测试根", nil, nil)
	key := newKey(t)
	leaf := holder{[]*smx509.Certificate{issue(t, root, &key.PublicKey, nil, nil)}, key}
	trust, err := ReadTrust(certPEM(root.cert), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Check([]byte("x"), leaf.answer(t, []byte("x")), noon); codeOf(err) != "revocation-unknown" {
		t.Errorf("without a list: %v", err)
	}
}

func TestReadTrustRefuses(t *testing.T) {
	root, stranger := newAuthority(t, "测试根", nil, nil), newAuthority(t, "别的根", nil, nil)
	key := newKey(t)
	leaf := issue(t, root, &key.PublicKey, nil, nil)
	list := root.list(t, noon, noon.Add(day))
	for _, c := range []struct {
		name               string
		authorities, lists []byte
	}{
		{"no authority", nil, nil},
		{"a person's certificate as an authority", certPEM(root.cert, leaf), nil},
		{"text that is no PEM", append(certPEM(root.cert), "hello"...), nil},
		{"a list among the authorities", append(certPEM(root.cert), list...), nil},
		{"a list of somebody else", certPEM(root.cert), stranger.list(t, noon, noon.Add(day))},
		{"a broken list", certPEM(root.cert), pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: []byte{1, 2, 3}})},
		{"an authority between without its root", certPEM(newAuthority(t, "中间", root, nil).cert), nil},
	} {
		if _, err := ReadTrust(c.authorities, c.lists); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v, want invalid", c.name, err)
		}
	}
}

func TestParseAnswer(t *testing.T) {
	root := newAuthority(t, "测试根", nil, nil)
	key := newKey(t)
	leaf := issue(t, root, &key.PublicKey, nil, nil)
	sig := []byte{0x30, 1, 2, 3}
	der, _ := smx509.MarshalPKCS8PrivateKey(key)
	for _, c := range []struct {
		name string
		text []byte
		want string
	}{
		{"as the command writes it", Answer{Chain: []*smx509.Certificate{leaf}, Signature: sig}.Format(), ""},
		{"a signature in base64 after the certificate", append(certPEM(leaf), base64.StdEncoding.EncodeToString(sig)+"\n"...), ""},
		{"nothing", nil, "certificate-unreadable"},
		{"a certificate alone", certPEM(leaf), "signature-unreadable"},
		{"a signature that is no base64", append(certPEM(leaf), "?!"...), "signature-unreadable"},
		{"a private key", append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), certPEM(leaf)...), "certificate-unreadable"},
		{"too many certificates", append(certPEM(leaf, leaf, leaf, leaf, leaf, leaf, leaf), "MDAw"...), "certificate-unreadable"},
		{"a signature of half a kilobyte", append(certPEM(leaf), base64.StdEncoding.EncodeToString(make([]byte, 512))...), "signature-unreadable"},
		{"a megabyte", make([]byte, 1<<20), "answer-too-long"},
	} {
		a, err := ParseAnswer(c.text)
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err == nil && (!bytes.Equal(a.Signature, sig) || !a.Chain[0].Equal(leaf)) {
			t.Errorf("%s: read %+v", c.name, a)
		}
	}
}

// TestAnotherProgramSigns has OpenSSL make the key, the certificate and the signature.
func TestAnotherProgramSigns(t *testing.T) {
	openssl := needs.Program(t, "openssl")
	dir := t.TempDir()
	run := func(args ...string) []byte {
		cmd := exec.Command(openssl, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			needs.Missing(t, "openssl %v: %v\n%s", args[0], err, out)
		}
		return out
	}
	run("ecparam", "-name", "SM2", "-genkey", "-noout", "-out", "ec.pem")
	run("pkcs8", "-topk8", "-nocrypt", "-in", "ec.pem", "-out", "key.pem")
	run("req", "-new", "-key", "key.pem", "-sm3", "-sigopt", "distid:1234567812345678", "-subj", "/CN=钱二", "-utf8", "-out", "req.pem")
	root := newAuthority(t, "测试根", nil, nil)
	b, _ := pem.Decode(read(t, filepath.Join(dir, "req.pem")))
	req, err := smx509.ParseCertificateRequest(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	leaf := issue(t, root, req.PublicKey, nil, nil)
	text := []byte("challenge\n第二行\n")
	if err := os.WriteFile(filepath.Join(dir, "challenge.txt"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	run("dgst", "-sm3", "-sign", "key.pem", "-sigopt", "distid:1234567812345678", "-out", "sig", "challenge.txt")
	answer := append(certPEM(leaf), base64.StdEncoding.EncodeToString(read(t, filepath.Join(dir, "sig")))...)
	trust, err := ReadTrust(certPEM(root.cert), root.list(t, noon.Add(-day), noon.Add(day)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := ParseAnswer(answer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Check(text, a, noon); err != nil {
		t.Errorf("signed by openssl: %v", err)
	}
	signer, err := ReadKey(read(t, filepath.Join(dir, "key.pem")), certPEM(leaf), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = Respond(signer, text); err != nil {
		t.Fatal(err)
	}
	if _, err := trust.Check(text, a, noon); err != nil {
		t.Errorf("signed by us with its key: %v", err)
	}
	if _, err := ReadKey(read(t, filepath.Join(dir, "key.pem")), certPEM(root.cert), rand.Reader); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a certificate of another key was taken: %v", err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzParseAnswer(f *testing.F) {
	root := newAuthority(f, "测试根", nil, nil)
	key := newKey(f)
	f.Add(holder{[]*smx509.Certificate{issue(f, root, &key.PublicKey, nil, nil)}, key}.answer(f, []byte("x")).Format())
	trust, err := ReadTrust(certPEM(root.cert), root.list(f, noon.Add(-day), noon.Add(day)))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := ParseAnswer(text)
		if err != nil {
			return
		}
		if again, err := ParseAnswer(a.Format()); err != nil || !bytes.Equal(again.Signature, a.Signature) {
			t.Errorf("what was read is not read again: %v", err)
		}
		if _, err := trust.Check([]byte("another text"), a, noon); err == nil {
			t.Error("an answer to nothing was taken")
		}
	})
}

func FuzzReadTrust(f *testing.F) {
	root := newAuthority(f, "测试根", nil, nil)
	f.Add(certPEM(root.cert), root.list(f, noon, noon.Add(day)))
	f.Fuzz(func(t *testing.T, authorities, lists []byte) {
		if trust, err := ReadTrust(authorities, lists); err == nil && len(trust.known) == 0 {
			t.Error("trust without an authority")
		}
	})
}
