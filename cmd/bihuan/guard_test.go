package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"bihuan/desk/accounts"
	"bihuan/desk/pace"
	"bihuan/egress"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
	"bihuan/mcp"
)

// TestTheSecurityLogIsHandedOn runs a collector that speaks TLS and one that writes a file: each line arrives once, in order, framed by its
// length and as RFC 5424 has it; a collector whose certificate nobody vouches for gets nothing.
func TestTheSecurityLogIsHandedOn(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, made, made, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	arrived := make(chan string, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b, _ := io.ReadAll(c)
			c.Close()
			if len(b) > 0 {
				arrived <- string(b)
			}
		}
	}()
	dir := t.TempDir()
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config{Collector: "tls://" + l.Addr().String(), CollectorCA: roots, SecurityLog: filepath.Join(dir, "security.jsonl")}
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	if h.collectors, err = c.collectors(); err != nil || len(h.collectors) != 2 {
		t.Fatal(h.collectors, err)
	}
	h.notProven("p101", "203.0.113.9", "sign-in-refused")
	h.notProven("p102", "203.0.113.9", "sign-in-refused")
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { h.handOn(ctx, time.Hour); close(done) }()
	got := <-arrived
	form := regexp.MustCompile(`^<84>1 2023-10-16T01:00:00\.000000Z \S+ bihuan - failed \[security@32473 seq="\d+" until="[^"]+" code="sign-in-refused" person="p10[12]" network="net-[0-9a-f]{12}" where="accounts" count="1"\]$`)
	failed := 0
	for got != "" {
		length, rest, _ := strings.Cut(got, " ")
		n, err := strconv.Atoi(length)
		if err != nil || n > len(rest) {
			t.Fatalf("no frame: %.80q", got)
		}
		if form.MatchString(rest[:n]) {
			failed++
		}
		got = rest[n:]
	}
	if failed != 2 {
		t.Errorf("%d of two failures arrived", failed)
	}
	n, err := h.guard.Forward(t.Context(), egress.Lines{Path: c.SecurityLog})
	end()
	<-done
	b, readErr := os.ReadFile(c.SecurityLog)
	if err != nil || readErr != nil || strings.Count(string(b), `"code":"sign-in-refused"`) != 2 || !json.Valid(b[:bytes.IndexByte(b, '\n')]) {
		t.Errorf("the file has %s; %d more, %v %v", b, n, err, readErr)
	}
	stranger, err := egress.ParseCollector(c.Collector, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.guard.Forward(t.Context(), stranger); err == nil { // the same name: nothing is left, so something has to be told first
		h.notProven("p103", "", "sign-in-refused")
		h.keepWatch(t.Context())
		if _, err = h.guard.Forward(t.Context(), stranger); err == nil {
			t.Error("a collector that nobody vouches for took lines")
		}
	}
	for _, bad := range []string{"127.0.0.1:6514", "tcp://127.0.0.1:6514", "tls://nowhere"} {
		if _, err := (config{Collector: bad}).collectors(); err == nil {
			t.Errorf("%s passed for a collector", bad)
		}
	}
}

// TestOverTLSTheCertificateSaysWhoseANameIs asks a house that is served over TLS by names of its certificate, by the one that people are told, by
// this machine's own, and by others.
func TestOverTLSTheCertificateSaysWhoseANameIs(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	dir := t.TempDir()
	h.config.TLSCert, h.config.TLSKey, h.config.Public = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"), "https://told.example.cn:8443/"
	cert, key := makeCertificate(t, "door.example.cn", "*.wild.example.cn", "192.0.2.7")
	for path, b := range map[string][]byte{h.config.TLSCert: cert, h.config.TLSKey: key} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if h.certificate, err = h.config.certified(h.log); err != nil {
		t.Fatal(err)
	}
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{"door.example.cn": 200, "door.example.cn:443": 200, "a.wild.example.cn": 200, "192.0.2.7:8443": 200, "told.example.cn:8443": 200, "localhost:8443": 200,
		"evil.example": 421, "192.0.2.8": 421, "wild.example.cn": 421, "": 421} {
		r := request("GET", "/signin", nil)
		r.Host, r.TLS = host, &tls.ConnectionState{}
		w := httptest.NewRecorder()
		if handler.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q over TLS: %d, want %d", host, w.Code, want)
		}
	}
	h.config.TLSCert = filepath.Join(dir, "gone.pem")
	if _, err := h.config.certified(h.log); err == nil {
		t.Error("a certificate that cannot be read is served")
	}
}

// makeCertificate returns a certificate for names and addresses with its key, in PEM.
func makeCertificate(t *testing.T, hosts ...string) (cert, key []byte) {
	t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			made.IPAddresses = append(made.IPAddresses, ip)
		} else {
			made.DNSNames = append(made.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, made, made, own.Public(), own)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

// TestTheSecurityLogHearsTheWholeHouse is wrong at every door of the house as it is served, and looks for each in the security log: a sign-in
// that failed, a request of another site and one for another host, one that is too long, a token that is none, a page that somebody may not see, a key turned.
func TestTheSecurityLogHearsTheWholeHouse(t *testing.T) {
	h := testHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)))
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path, body string, headers ...string) int {
		r := request(method, path, strings.NewReader(body))
		if _, rebound := strings.CutPrefix(path, "/rebound"); rebound {
			r.Host = "evil.example"
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	const canary = "canary-13912345678"
	for range 3 {
		ask("POST", "/signin", url.Values{"login": {canary}, "password": {canary}, "code": {"123456"}}.Encode())
	}
	ask("POST", "/signin", "", "Origin", "https://evil.example")
	if code := ask("GET", "/rebound", ""); code != http.StatusMisdirectedRequest {
		t.Errorf("a name that somebody has lead here is answered: %d", code)
	}
	ask("GET", "/?"+canary+"="+strings.Repeat("x", 9000), "")
	ask("SPLASH", "/", "")
	ask("GET", "/api/v1/me", "", "Authorization", "Bearer "+canary)
	if _, err := h.rotate(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.keepWatch(t.Context())
	lines, err := h.store.SecurityLines(t.Context(), journal.SecurityAsk{Log: h.desk.District(), Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, l := range lines {
		got[l.Kind+" "+l.Code] += l.Count
	}
	for what, n := range map[string]int64{"failed sign-in-refused": 3, "refused cross-origin": 1, "refused no-such-host": 1, "limit address-too-long": 1, "refused no-such-method": 1, "failed token-invalid": 1, "key ring.rotated": 1} {
		if got[what] != n {
			t.Errorf("%s: %d times instead of %d; the log has %v", what, got[what], n, got)
		}
	}
	if text := fmt.Sprint(lines); strings.Contains(text, canary) || strings.Contains(text, "13912345678") || strings.Contains(text, "192.0.2.1") {
		t.Errorf("what somebody typed, or an address, stands in the log: %s", text)
	}
}

// TestWrongTokensArePaced: whoever tries tokens at the API or at the assistants' door is told to wait after thirty of them, for both doors together;
// other networks and the good token of the same network are not held up.
func TestWrongTokensArePaced(t *testing.T) {
	h := peopledHouse(t, int64(calendar.NewDate(2023, 10, 16).At(9*60)), demoPeople())
	h.pace = pace.New(func() int64 { return 0 })
	handler, err := h.faces(nil)
	if err != nil {
		t.Fatal(err)
	}
	try := func(address, path, authorization string) *httptest.ResponseRecorder {
		method := "GET"
		if path == mcp.Path {
			method = "POST"
		}
		r := request(method, path, nil)
		r.RemoteAddr = address
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w
	}
	wrong := "Bearer " + strings.Repeat("0", 64)
	for i := range pace.PerNetwork[pace.Failed].Burst {
		path := []string{"/api/v1/me", mcp.Path}[i%2]
		if w := try("203.0.113.7:1", path, wrong); w.Code != http.StatusUnauthorized {
			t.Fatalf("wrong token %d at %s: %d %s", i, path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/api/v1/me", mcp.Path} {
		if w := try("203.0.113.7:2", path, wrong); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
			t.Errorf("one too many at %s: %d, Retry-After %q", path, w.Code, w.Header().Get("Retry-After"))
		}
		if w := try("203.0.113.8:1", path, wrong); w.Code != http.StatusUnauthorized {
			t.Errorf("another network at %s: %d", path, w.Code)
		}
	}
	if err := h.people.Import(t.Context(), accounts.Newcomers(h.desk.Directory())); err != nil {
		t.Fatal(err)
	}
	signed, err := h.people.ActAs(t.Context(), h.desk.Directory().Persons[0].Key)
	if err != nil {
		t.Fatal(err)
	}
	if w := try("203.0.113.7:1", "/api/v1/me", "Bearer "+signed.Secret); w.Code != http.StatusOK {
		t.Errorf("a good token from there: %d %s", w.Code, w.Body)
	}
}
