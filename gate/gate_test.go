package gate

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/internal/bar"
)

// echo answers with what a face would see of a request.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	fmt.Fprintln(w, r.Method, r.URL.Path, r.RemoteAddr, len(r.Form))
})

func local(t testing.TB) []netip.Prefix {
	t.Helper()
	all, err := ParseProxies("127.0.0.0/8, ::1 10.1.2.3")
	if err != nil || len(all) != 3 {
		t.Fatal(all, err)
	}
	return all
}

func TestProxiesAreReadOrRefused(t *testing.T) {
	for _, bad := range []string{"nobody", "10.0.0.0/99", "10.0.0"} {
		if _, err := ParseProxies(bad); err == nil {
			t.Errorf("%q passed for a proxy", bad)
		}
	}
}

// TestBar_I14_NobodyClaimsAnotherAddress: whatever headers say, the address is the peer's, or what a named proxy saw.
func TestBar_I14_NobodyClaimsAnotherAddress(t *testing.T) {
	tries := 0
	for _, c := range []struct{ why, peer, forwarded, want string }{
		{"a stranger's claim is nothing", "203.0.113.9:4711", "198.51.100.1", "203.0.113.9:4711"},
		{"a proxy's word is taken", "127.0.0.1:4711", "198.51.100.1", "198.51.100.1:0"},
		{"what stands before the proxy's word was anybody's", "127.0.0.1:4711", "192.0.2.66, 198.51.100.1", "198.51.100.1:0"},
		{"two proxies in a row", "127.0.0.1:4711", "192.0.2.66, 198.51.100.1, 10.1.2.3", "198.51.100.1:0"},
		{"rubbish ends the row", "127.0.0.1:4711", "198.51.100.1, unknown", "127.0.0.1:4711"},
		{"an empty header", "127.0.0.1:4711", "", "127.0.0.1:4711"},
		{"an address of IPv4 in IPv6", "[::1]:4711", "::ffff:198.51.100.1", "198.51.100.1:0"},
		{"an address with a zone", "[::1]:4711", "fe80::1%eth0", "[fe80::1]:0"},
		{"no address at all", "pipe", "198.51.100.1", "pipe"},
	} {
		for _, claim := range append([]string{""}, claims...) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = c.peer
			r.Header.Set("X-Forwarded-For", c.forwarded)
			if claim != "" && claim != "X-Forwarded-For" {
				r.Header.Set(claim, "192.0.2.200")
			}
			var seen *http.Request
			New(Config{Vouched: anyHost, Proxies: local(t)}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r })).ServeHTTP(httptest.NewRecorder(), r)
			if seen.RemoteAddr != c.want {
				t.Errorf("%s: %s, want %s", c.why, seen.RemoteAddr, c.want)
			}
			for _, c := range claims {
				if seen.Header.Get(c) != "" {
					t.Errorf("%s reached the face", c)
				}
			}
			tries++
		}
	}
	bar.Report(t, "I-14", "%d claims of another address or method, 0 believed", tries)
}

// anyHost is for tests that ask by names as they come.
func anyHost(string) bool { return true }

// TestBar_A07_NothingForeignIsAccepted goes through every way in which a page of another site makes a browser ask.
func TestBar_A07_NothingForeignIsAccepted(t *testing.T) {
	type header map[string]string
	host := "bihuan.example:8443"
	foreign := []header{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "bogus"},
		{"Origin": "null"}, {"Origin": ""}, {"Origin": "https://evil.example"}, {"Origin": "https://sub.bihuan.example:8443"}, {"Origin": "https://bihuan.example"},
		{"Origin": "https://bihuan.example:8443@evil.example"}, {"Origin": "https://evil.example/bihuan.example:8443"}, {"Origin": "file://bihuan.example:8443"},
		{"Origin": "https://u@bihuan.example:8443"},
		{"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "Origin": "https://bihuan.example:8443"},
		{"Cookie": "bihuan=x"}, {"Cookie": "bihuan=x", "Referer": "https://evil.example/"}, {"Cookie": "bihuan=x", "Referer": "https://bihuan.example/"},
		{"Cookie": "__Host-bihuan=x", "Referer": "https://evil.example/?https://bihuan.example:8443/"}, {"Cookie": "lang=zh", "Referer": "about:blank"},
	}
	own := []header{
		{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://bihuan.example:8443"}, {"Origin": "http://BIHUAN.example:8443"},
		{"Sec-Fetch-Site": "same-origin", "Origin": "https://bihuan.example:8443", "Cookie": "bihuan=x"},
		{"Cookie": "bihuan=x", "Referer": "https://bihuan.example:8443/desk"}, {}, {"Authorization": "Bearer x"},
	}
	tries, accepted := 0, 0
	ask := func(method, path string, h header) bool {
		r := httptest.NewRequest(method, "https://"+host+path, nil)
		for k, v := range h {
			r.Header[k] = []string{v}
		}
		reached := false
		w := httptest.NewRecorder()
		New(Config{Vouched: anyHost}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })).ServeHTTP(w, r)
		if !reached && (w.Code != http.StatusForbidden || w.Header().Get("Content-Type") == "") {
			t.Errorf("%s %s %v: %d %q", method, path, h, w.Code, w.Header())
		}
		return reached
	}
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		for _, path := range []string{"/desk", "/api/v1/matters", "/open311/../desk", "//open311//../desk", "/open311", "//open311.example/x"} {
			for _, h := range foreign {
				if tries++; ask(method, path, h) {
					accepted++
					t.Errorf("%s %s with %v was accepted", method, path, h)
				}
			}
			for _, h := range own {
				if !ask(method, path, h) {
					t.Errorf("%s %s with %v was refused", method, path, h)
				}
			}
		}
	}
	for _, path := range []string{"/open311/v2/requests.json", "/open311/v2//requests.json", "//open311/v2/requests.json"} {
		if !ask("POST", path, foreign[0]) {
			t.Errorf("a page elsewhere may not report at %s", path)
		}
	}
	if !ask("GET", "/desk", foreign[0]) {
		t.Error("a link from elsewhere is refused")
	}
	bar.Report(t, "A-07", "%d forged origins at the gate, %d accepted", tries, accepted)
}

// TestBar_A07_NoOtherHostIsAnswered: a name that somebody else has lead to this machine gets no page, no cookie and no call to the face
// behind; this machine's own names do, and the one that was given, and over TLS those of the certificate.
func TestBar_A07_NoOtherHostIsAnswered(t *testing.T) {
	hosts := map[string]bool{"127.0.0.1": true, "127.0.0.1:8080": true, "localhost:8080": true, "LOCALHOST": true, "localhost.:80": true, "[::1]:8080": true, "[::1]": true,
		"demo.localhost:8080": true, "127.9.9.9:1": true, "[::ffff:127.0.0.1]:80": true, "bihuan.example.cn": true, "Bihuan.Example.CN:443": true,
		"evil.example": false, "evil.example:8080": false, "127.0.0.1.evil.example": false, "localhost.evil.example": false, "notlocalhost": false, "10.0.0.1:8080": false,
		"0.0.0.0:8080": false, "[::]:8080": false, "evil.example.cn": false, "sub.bihuan.example.cn": false, "": false, "2130706433": false, "127.1": false,
		"door.example.cn:8443": false, "DOOR.example.cn.": false, "a.wild.example.cn": false, "a.b.wild.example.cn": false, "wild.example.cn": false, "[2001:db8::7]:443": false, "192.0.2.7": false}
	certified := &x509.Certificate{DNSNames: []string{"door.example.cn", "*.wild.example.cn"}, IPAddresses: []net.IP{net.ParseIP("192.0.2.7"), net.ParseIP("2001:db8::7")}}
	over := []string{"door.example.cn:8443", "DOOR.example.cn.", "a.wild.example.cn", "[2001:db8::7]:443", "192.0.2.7"}
	for host, own := range hosts {
		for _, vouched := range []func(string) bool{nil, func(host string) bool { return certified.VerifyHostname(host) == nil }} {
			var told []string
			met := false
			g := New(Config{Hosts: []string{"bihuan.example.cn"}, Vouched: vouched, Told: func(code string, _ *http.Request) { told = append(told, code) }},
				http.HandlerFunc(func(http.ResponseWriter, *http.Request) { met = true }))
			q := httptest.NewRequest("GET", "/api/v1/matters", nil)
			q.Host = host
			w := httptest.NewRecorder()
			g.ServeHTTP(w, q)
			want := own || vouched != nil && slices.Contains(over, host)
			if met != want || (w.Code == http.StatusMisdirectedRequest) == want || (len(told) == 1) == want {
				t.Errorf("host %q, over TLS %v: met %v, %d %s, told %v", host, vouched != nil, met, w.Code, w.Body, told)
			}
		}
	}
	bar.Report(t, "A-07", "%d names of hosts: this machine's own and the given one answered, over TLS also those of the certificate, no other", len(hosts))
}

// TestBar_I14_TooMuchIsRefused: methods, addresses, headers, parameters and fields beyond the limits, each a placed answer.
func TestBar_I14_TooMuchIsRefused(t *testing.T) {
	many := strings.Repeat("a=1&", 1_000_000)
	h := New(Config{Vouched: anyHost}, echo)
	for _, c := range []struct {
		why    string
		change func(*http.Request) *http.Request
		status int
	}{
		{"a usual request", func(r *http.Request) *http.Request { return r }, 200},
		{"TRACE", func(r *http.Request) *http.Request { r.Method = "TRACE"; return r }, 405},
		{"CONNECT", func(r *http.Request) *http.Request { r.Method = "CONNECT"; return r }, 405},
		{"a method of one's own", func(r *http.Request) *http.Request { r.Method = "SPLASH"; return r }, 405},
		{"a long address", func(r *http.Request) *http.Request {
			return httptest.NewRequest("GET", "/"+strings.Repeat("x", 9<<10), nil)
		}, 414},
		{"many parameters", func(r *http.Request) *http.Request { return httptest.NewRequest("GET", "/?"+many[:3000], nil) }, 400},
		{"many headers", func(r *http.Request) *http.Request {
			for i := range 101 {
				r.Header.Add("X-"+fmt.Sprint(i), "1")
			}
			return r
		}, 431},
		{"many lines of one header", func(r *http.Request) *http.Request {
			for range 101 {
				r.Header.Add("X-Same", "1")
			}
			return r
		}, 431},
		{"a million fields", func(r *http.Request) *http.Request { return posted(many) }, 413},
		{"a long form", func(r *http.Request) *http.Request { return posted("a=" + strings.Repeat("x", MaxForm)) }, 413},
		{"a form of 4,000 fields", func(r *http.Request) *http.Request { return posted(many[:4*4000]) }, 200},
		{"a method in a header", func(r *http.Request) *http.Request { r.Header.Set("X-HTTP-Method-Override", "DELETE"); return r }, 200},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, c.change(httptest.NewRequest("GET", "/", nil)))
		if w.Code != c.status || w.Header().Get("Content-Type") == "" || strings.Contains(w.Body.String(), "[refusal.") || strings.Contains(w.Body.String(), "[problem.") {
			t.Errorf("%s: %d, want %d; %s", c.why, w.Code, c.status, w.Body)
		}
		if c.status == 200 && strings.HasPrefix(w.Body.String(), "DELETE") {
			t.Errorf("%s changed the method", c.why)
		}
	}
}

func posted(body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// TestBar_A07_AFaultIsAnsweredWithItsNumber: a panic shows nothing of itself, in the form that the face would answer in.
func TestBar_A07_AFaultIsAnsweredWithItsNumber(t *testing.T) {
	var log bytes.Buffer
	n := byte(0)
	h := New(Config{Vouched: anyHost, Log: slog.New(slog.NewTextHandler(&log, nil)), Chance: func(b []byte) { n++; b[0] = n }}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment")
		w.Header().Set("Set-Cookie", "bihuan=stolen")
		panic(errors.New("secret of the house"))
	}))
	for i, c := range []struct{ path, media, lang string }{
		{"/receipts/ABCD-EFGH", "text/html; charset=utf-8", "zh"}, {"/api/v1/me", "application/problem+json", "en"}, {"/open311/v2/requests.xml", "application/problem+json", "zh"},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Accept-Language", c.lang)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		id := fmt.Sprintf("%02x", i+1) + "00000000000000"
		body := w.Body.String()
		if w.Code != 500 || w.Header().Get("Content-Type") != c.media || !strings.Contains(body, id) || w.Header().Get("Set-Cookie") != "" || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %d %v %s", c.path, w.Code, w.Header(), body)
		}
		for _, leak := range []string{"secret", "gate_test.go", "goroutine"} {
			if strings.Contains(body, leak) {
				t.Errorf("%s tells %q", c.path, leak)
			}
		}
		if !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "secret of the house") || !strings.Contains(log.String(), "gate_test.go") {
			t.Errorf("the log does not tell what happened: %s", log.String())
		}
		if strings.HasPrefix(c.media, "application/") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s is no JSON: %s", c.path, body)
		}
	}
	if strings.Contains(log.String(), "ABCD-EFGH") {
		t.Error("the log holds a receipt")
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("half an answer was ended as a whole one")
		}
	}()
	New(Config{Vouched: anyHost}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "half"); panic("late") })).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// quiet takes complaints and tells nobody.
var quiet = Complaints(slog.New(slog.DiscardHandler), time.Now)

// serving is a real server behind the gate that waits only so long for headers.
func serving(t *testing.T, h http.Handler, patience time.Duration, most int) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := Server(New(Config{Vouched: anyHost, Proxies: local(t)}, h), quiet)
	s.ReadHeaderTimeout = patience
	go s.Serve(Listen(l, most, most))
	t.Cleanup(func() { s.Close() })
	return l.Addr().String()
}

// TestBar_I14_SlowCallersAreLetGo: hundreds that never finish their headers are cut off, no goroutine stays, and others are served.
func TestBar_I14_SlowCallersAreLetGo(t *testing.T) {
	const slow, most = 400, 300
	addr := serving(t, echo, 300*time.Millisecond, most)
	before := runtime.NumGoroutine()
	var all []net.Conn
	for range slow {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		all = append(all, c)
	}
	during := runtime.NumGoroutine() - before
	if during > 2*most+20 {
		t.Errorf("%d goroutines for %d connections of at most %d", during, slow, most)
	}
	resp, err := http.Get("http://" + addr + "/")
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("somebody else is not served: %v", err)
	}
	resp.Body.Close()
	for _, c := range all {
		c.SetReadDeadline(time.Now().Add(5 * time.Second))
		if _, err := io.ReadAll(c); err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
			t.Fatalf("a slow caller is still there: %v", err)
		}
	}
	bar.Report(t, "I-14", "%d slow callers cut off, %d goroutines at most, others served meanwhile", slow, during)
}

// TestBar_I14_NoSecondRequestIsSmuggled sends what two servers may read differently: each connection gets one answer for what
// it sent, and the hidden request is never answered.
func TestBar_I14_NoSecondRequestIsSmuggled(t *testing.T) {
	reached := make(chan string, 100)
	addr := serving(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		reached <- r.URL.Path
		fmt.Fprintln(w, r.URL.Path)
	}), time.Second, 100)
	hidden := "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
	chunked := "0\r\n\r\n" + hidden
	tries := []string{
		fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n%s", len(chunked), chunked),
		fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(hidden), hidden),
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + chunked,
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n" + chunked,
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunked,
		fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: %d\r\n\r\n%s", len(hidden), hidden),
		fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +%d\r\n\r\n%s", len(hidden), hidden),
		fmt.Sprintf("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d, %d\r\n\r\n%s", len(hidden), len(hidden), hidden),
		"POST / HTTP/1.1\nHost: x\nContent-Length: -1\n\n" + hidden,
		"POST / HTTP/1.1\r\nHost: x\r\n Content-Length: 0\r\nTransfer-Encoding:\vchunked\r\n\r\n" + chunked,
		"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
		"GET /\r\nX HTTP/1.1\r\nHost: x\r\n\r\n",
		"GET http://other/ HTTP/1.1\r\nHost: x\x00y\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n" + hidden,
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + hidden,
	}
	desync := 0
	for _, raw := range tries {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, raw)
		c.SetDeadline(time.Now().Add(200 * time.Millisecond))
		r := bufio.NewReader(c)
		for {
			resp, err := http.ReadResponse(r, nil)
			if err != nil {
				break
			}
			b, _ := io.ReadAll(resp.Body)
			// A front that reads Content-Length of the first try sees one request: the second answer must not come on this connection.
			if bytes.Contains(b, []byte("/hidden")) {
				desync++
				t.Errorf("the hidden request was answered: %q", raw)
			}
		}
		c.Close()
	}
	bar.Report(t, "I-14", "%d ways of smuggling, %d desynchronised", len(tries), desync)
}

// TestBar_I14_HeadersOfTenMegabytesAreRefused without being kept.
func TestBar_I14_HeadersOfTenMegabytesAreRefused(t *testing.T) {
	addr := serving(t, echo, 5*time.Second, 100)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var was, is runtime.MemStats
	runtime.ReadMemStats(&was)
	go func() {
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
		line := bytes.Repeat([]byte("x"), 64<<10)
		for range 160 {
			if _, err := c.Write(line); err != nil {
				return
			}
		}
	}()
	c.SetReadDeadline(time.Now().Add(5 * time.Second))
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Fatalf("%v %v, want 431", resp, err)
	}
	runtime.ReadMemStats(&is)
	if grown := is.TotalAlloc - was.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d bytes were allotted for headers that were refused", grown)
	}
}

// FuzzIdentify: whatever a proxy is told, the caller's address is one, or the peer's.
func FuzzIdentify(f *testing.F) {
	for _, s := range []string{"", "198.51.100.1", "a, b", "::ffff:198.51.100.1, 10.1.2.3", "fe80::1%eth0", ",,,", "1.2.3.4:5", "[::1]"} {
		f.Add(s, "127.0.0.1:1")
	}
	f.Fuzz(func(t *testing.T, forwarded, peer string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = peer
		r.Header.Set("X-Forwarded-For", forwarded)
		(&gate{Config: Config{Proxies: local(t)}}).identify(r)
		if _, err := netip.ParseAddrPort(r.RemoteAddr); r.RemoteAddr != peer && err != nil {
			t.Errorf("%q from %q becomes %q", forwarded, peer, r.RemoteAddr)
		}
	})
}
