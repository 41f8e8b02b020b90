package gate

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"bihuan/internal/bar"
)

// certificates are one of either sort of key, so that no suite is refused for want of its key.
var certificates = sync.OnceValue(func() (all []tls.Certificate) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	for i, key := range []crypto.Signer{ec, rs} {
		made := &x509.Certificate{SerialNumber: big.NewInt(int64(i + 1)), DNSNames: []string{"bihuan.example.cn"}, NotAfter: time.Now().Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, made, made, key.Public(), key)
		if err != nil {
			panic(err)
		}
		all = append(all, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key})
	}
	return all
})

// encrypted serves a handler behind the gate over TLS, as the door does, and returns its address.
func encrypted(t *testing.T, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := Server(New(Config{Vouched: anyHost}, h), quiet)
	srv.TLSConfig = TLS()
	srv.TLSConfig.Certificates = certificates()
	go srv.ServeTLS(l, "", "")
	t.Cleanup(func() { srv.Close() })
	return l.Addr().String()
}

func shake(address string, c *tls.Config) (tls.ConnectionState, error) {
	c.InsecureSkipVerify = true // its certificate is not what is looked at
	conn, err := tls.Dial("tcp", address, c)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	return conn.ConnectionState(), nil
}

// TestOldTLSIsRefused speaks TLS 1.0 and 1.1 to the server, and 1.2 and 1.3.
func TestOldTLSIsRefused(t *testing.T) {
	address := encrypted(t, echo)
	for _, c := range []struct {
		version uint16
		taken   bool
	}{{tls.VersionTLS10, false}, {tls.VersionTLS11, false}, {tls.VersionTLS12, true}, {tls.VersionTLS13, true}} {
		st, err := shake(address, &tls.Config{MinVersion: c.version, MaxVersion: c.version})
		if (err == nil) != c.taken || c.taken && st.Version != c.version {
			t.Errorf("%s: %v", tls.VersionName(c.version), err)
		}
	}
}

// TestSuitesAndCurvesAreThoseOfTheList offers each suite and each curve that Go knows alone.
func TestSuitesAndCurvesAreThoseOfTheList(t *testing.T) {
	address, taken, refused := encrypted(t, echo), 0, 0
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if !slices.Contains(s.SupportedVersions, tls.VersionTLS12) {
			continue
		}
		_, err := shake(address, &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{s.ID}})
		good := strings.HasPrefix(s.Name, "TLS_ECDHE_") && (strings.Contains(s.Name, "_GCM_") || strings.Contains(s.Name, "CHACHA20"))
		if (err == nil) != good {
			t.Errorf("%s: %v", s.Name, err)
		}
		if good {
			taken++
		} else {
			refused++
		}
	}
	for curve, good := range map[tls.CurveID]bool{tls.X25519MLKEM768: true, tls.X25519: true, tls.CurveP256: true, tls.CurveP384: true, tls.CurveP521: false} {
		if _, err := shake(address, &tls.Config{CurvePreferences: []tls.CurveID{curve}}); (err == nil) != good {
			t.Errorf("%s: %v", curve, err)
		}
	}
	if st, err := shake(address, &tls.Config{}); err != nil || st.CurveID != tls.X25519MLKEM768 {
		t.Errorf("whoever can do all is met by %s, %v", st.CurveID, err)
	}
	if taken != 6 || refused < 10 {
		t.Errorf("%d suites taken, %d refused", taken, refused)
	}
}

// h2 is a connection of HTTP/2 on which anything can be sent.
type h2 struct {
	t    *testing.T
	conn *tls.Conn
	*http2.Framer
	answer map[string]string // the header fields of the answer
	body   int
}

func dial2(t *testing.T, address string) *h2 {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}})
	if err != nil || conn.ConnectionState().NegotiatedProtocol != "h2" {
		t.Fatalf("no HTTP/2: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, http2.ClientPreface)
	f := http2.NewFramer(conn, conn)
	f.WriteSettings()
	return &h2{t: t, conn: conn, Framer: f, answer: map[string]string{}}
}

// send sends one request with more header fields as they are, and a body, and returns the status; 0 where the stream or the
// connection is broken off instead.
func (c *h2) send(method string, body []byte, more ...[2]string) (status string) {
	c.t.Helper()
	var block bytes.Buffer
	e := hpack.NewEncoder(&block)
	for _, f := range append([][2]string{{":method", method}, {":scheme", "https"}, {":authority", "bihuan.example.cn"}, {":path", "/"}}, more...) {
		e.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: body == nil})
	if body != nil {
		c.WriteData(1, true, body)
	}
	d := hpack.NewDecoder(4096, func(f hpack.HeaderField) { c.answer[f.Name] = f.Value })
	for {
		f, err := c.ReadFrame()
		if err != nil {
			if ne, ok := errors.AsType[net.Error](err); ok && ne.Timeout() {
				c.t.Fatal("no answer and no end")
			}
			return "0"
		}
		switch f := f.(type) {
		case *http2.HeadersFrame:
			d.Write(f.HeaderBlockFragment())
			if f.StreamEnded() {
				return c.answer[":status"]
			}
		case *http2.DataFrame:
			c.body += len(f.Data())
			if f.StreamEnded() {
				return c.answer[":status"]
			}
		case *http2.RSTStreamFrame:
			return "0"
		case *http2.GoAwayFrame:
			if f.ErrCode != http2.ErrCodeNo { // otherwise the answer comes still
				return "0"
			}
		}
	}
}

// TestBar_I14_HTTP2TakesNoHeaderOfHTTP1 sends over HTTP/2 what belongs to connections of HTTP/1, line ends in header fields, and lengths
// that disagree with the body; none reaches a face. Answers bear no such field either, and their length is true.
//
// Source: OWASP ASVS 5.0.0, 4.2.1 to 4.2.4, as read; RFC 9113 (2022), 8.1.1 and 8.2.
func TestBar_I14_HTTP2TakesNoHeaderOfHTTP1(t *testing.T) {
	reached := make(chan string, 100)
	address := encrypted(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b, err := io.ReadAll(r.Body); err != nil || r.ContentLength >= 0 && int64(len(b)) != r.ContentLength {
			http.Error(w, "half a body", http.StatusBadRequest)
			return
		}
		for name, values := range r.Header {
			if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") {
				reached <- name
			}
		}
		reached <- "a request"
		w.Header().Set("Connection", "close")
		w.Header().Set("Keep-Alive", "timeout=5")
		fmt.Fprint(w, "well")
	}))
	tries := 0
	for _, bad := range []struct {
		why  string
		body []byte
		more [][2]string
	}{
		{"Connection", nil, [][2]string{{"connection", "close"}}}, {"Keep-Alive", nil, [][2]string{{"keep-alive", "timeout=5"}}}, {"Proxy-Connection", nil, [][2]string{{"proxy-connection", "close"}}},
		{"Transfer-Encoding", []byte("x"), [][2]string{{"transfer-encoding", "chunked"}}}, {"Upgrade", nil, [][2]string{{"upgrade", "h2c"}}}, {"TE", nil, [][2]string{{"te", "gzip"}}},
		{"a line end", nil, [][2]string{{"x-note", "a\r\nset-cookie: b=c"}}}, {"a line feed", nil, [][2]string{{"x-note", "a\nb"}}}, {"a return", nil, [][2]string{{"x-note", "a\rb"}}}, {"nothing", nil, [][2]string{{"x-note", "a\x00b"}}},
		{"a line end in a name", nil, [][2]string{{"x-no\r\nte", "a"}}}, {"a capital", nil, [][2]string{{"X-Note", "a"}}}, {"a colon in a name", nil, [][2]string{{"x:y", "a"}}},
		{"a length too long", []byte("four"), [][2]string{{"content-length", "9"}}}, {"a length too short", []byte("four"), [][2]string{{"content-length", "2"}}}, {"two lengths", []byte("four"), [][2]string{{"content-length", "4"}, {"content-length", "9"}}},
		{"a length of no number", []byte("four"), [][2]string{{"content-length", "+4"}}}, {"an authority twice", nil, [][2]string{{":authority", "evil.example"}}},
	} {
		tries++
		if status := dial2(t, address).send("POST", bad.body, bad.more...); status != "0" && status != "400" {
			t.Errorf("%s: the answer is %s", bad.why, status)
		}
		select {
		case what := <-reached:
			t.Errorf("%s: %s reached the face", bad.why, what)
		default:
		}
	}
	c := dial2(t, address)
	if status := c.send("POST", []byte("four"), [2]string{"content-length", "4"}); status != "200" {
		t.Fatalf("a good request: %s", status)
	}
	for _, own := range []string{"connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection"} {
		if v, there := c.answer[own]; there {
			t.Errorf("the answer bears %s: %s", own, v)
		}
	}
	if c.answer["content-length"] != fmt.Sprint(c.body) {
		t.Errorf("the answer says %q bytes and has %d", c.answer["content-length"], c.body)
	}
	bar.Report(t, "I-14", "%d requests of HTTP/2 with fields of connections, line ends and lengths that disagree, 0 reached a face", tries)
}
