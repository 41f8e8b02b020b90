package gate

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"bihuan/internal/bar"
)

// This file floods the server over HTTP/2 as RFC 9113 (2022), 10.5, tells: what is cut off is Go's doing and the limits of [Server], and a newer Go or
// other limits have to keep it so.

// crowd is a face that counts who is in it at once, and keeps everybody until it is told to let them go, as a database that does not heed
// who has hung up.
type crowd struct {
	in, most, all atomic.Int64
	done          chan struct{}
}

func newCrowd(t *testing.T) *crowd {
	c := &crowd{done: make(chan struct{})}
	t.Cleanup(c.leave)
	return c
}

func (c *crowd) leave() {
	select {
	case <-c.done:
	default:
		close(c.done)
	}
}

func (c *crowd) ServeHTTP(http.ResponseWriter, *http.Request) {
	c.all.Add(1)
	n := c.in.Add(1)
	defer c.in.Add(-1)
	for was := c.most.Load(); n > was && !c.most.CompareAndSwap(was, n); was = c.most.Load() {
	}
	<-c.done
}

// block is the header block of a request, with more fields and bytes as they are behind it.
func block(more [][2]string, raw []byte) []byte {
	var b bytes.Buffer
	e := hpack.NewEncoder(&b)
	for _, f := range append([][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "bihuan.example.cn"}, {":path", "/"}}, more...) {
		e.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]})
	}
	return append(b.Bytes(), raw...)
}

// TestBar_I14_StreamsThatAreResetAtOnceFillNothing is the rapid reset (CVE-2023-44487): a stream is opened and taken back over and over, so that the limit of
// streams at once is never met, and each leaves work behind.
func TestBar_I14_StreamsThatAreResetAtOnceFillNothing(t *testing.T) {
	const most = 50_000
	face := newCrowd(t)
	c := dial2(t, encrypted(t, face))
	sent, b := atomic.Int64{}, block(nil, nil)
	go func() {
		for id := uint32(1); id < 2*most; id += 2 {
			if c.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b, EndHeaders: true, EndStream: true}) != nil || c.WriteRSTStream(id, http2.ErrCodeCancel) != nil {
				return
			}
			sent.Add(1)
		}
	}()
	var why http2.ErrCode
	for {
		f, err := c.ReadFrame()
		if err != nil {
			break
		}
		if g, ok := f.(*http2.GoAwayFrame); ok {
			why = g.ErrCode
		}
	}
	if why != http2.ErrCodeEnhanceYourCalm {
		t.Errorf("%d streams were opened and reset on one connection, and it ends by %s", sent.Load(), why)
	}
	if n := face.all.Load(); n > 100 {
		t.Errorf("%d reached the face on one connection", n)
	}
	bar.Report(t, "I-14", "rapid reset: the connection is ended by %s, of %d streams that were sent until it closed %d reached the face", why, sent.Load(), face.all.Load())
}

// TestBar_I14_StreamsAtOnceAreBounded opens streams and leaves them open.
func TestBar_I14_StreamsAtOnceAreBounded(t *testing.T) {
	const most = 1000
	face := newCrowd(t)
	c := dial2(t, encrypted(t, face))
	b := block(nil, nil)
	go func() {
		for id := uint32(1); id < 2*most; id += 2 {
			if c.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: b, EndHeaders: true, EndStream: true}) != nil {
				return
			}
		}
	}()
	refused := 0
	for refused < most-100 {
		f, err := c.ReadFrame()
		if err != nil {
			break // cut off
		}
		if r, ok := f.(*http2.RSTStreamFrame); ok && r.ErrCode == http2.ErrCodeRefusedStream {
			refused++
		}
	}
	if n := face.most.Load(); n > 100 || refused == 0 {
		t.Errorf("%d at once reached the face, %d were refused", n, refused)
	}
	bar.Report(t, "I-14", "%d streams at once: %d reached the face, %d refused", most, face.most.Load(), refused)
}

// TestBar_I14_HeadersOverHTTP2AreBounded sends headers without an end (CVE-2023-45288), and a block of 16 KB that unpacks into 58 MB.
func TestBar_I14_HeadersOverHTTP2AreBounded(t *testing.T) {
	face := newCrowd(t)
	address := encrypted(t, face)
	c := dial2(t, address)
	c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block(nil, nil), EndStream: true})
	var more bytes.Buffer
	e := hpack.NewEncoder(&more)
	for i := range 100 {
		e.WriteField(hpack.HeaderField{Name: fmt.Sprintf("x-%d", i), Value: strings.Repeat("a", 100), Sensitive: true})
	}
	const most = 64 << 20
	sent := 0
	go io.Copy(io.Discard, c.conn)
	for sent < most && c.WriteContinuation(1, false, more.Bytes()) == nil {
		sent += more.Len()
	}
	if sent >= most {
		t.Errorf("headers of %d MB without an end are listened to", most>>20)
	}

	c = dial2(t, address)
	// The first field fills the table of what was said before; each byte behind it says it again (RFC 7541, 6.1: index 62).
	bomb := block([][2]string{{"x-big", strings.Repeat("b", 4000)}}, bytes.Repeat([]byte{0x80 | 62}, 14_000))
	c.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: bomb[:16<<10], EndHeaders: true, EndStream: true})
	status := ""
	d := hpack.NewDecoder(4096, func(f hpack.HeaderField) {
		if f.Name == ":status" {
			status = f.Value
		}
	})
	for status == "" {
		f, err := c.ReadFrame()
		if err != nil {
			break
		}
		if h, ok := f.(*http2.HeadersFrame); ok {
			d.Write(h.HeaderBlockFragment())
		}
	}
	if status != "" && status != "431" {
		t.Errorf("16 KB that unpack into 58 MB are answered %s", status)
	}
	if n := face.all.Load(); n != 0 {
		t.Errorf("%d such requests reached the face", n)
	}
	bar.Report(t, "I-14", "continuation flood: cut off after %d KB; 16 KB of HPACK that unpack into 58 MB: status %q, none reached the face", sent>>10, status)
}

// TestBar_I14_SlowCallersOverTLSAreLetGo: whoever begins a handshake, a request of HTTP/1 or one of HTTP/2 and does not go on is cut off, and no goroutine stays.
func TestBar_I14_SlowCallersOverTLSAreLetGo(t *testing.T) {
	const each = 60
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cut := make(chan struct{}, 4*each)
	srv := Server(New(Config{Vouched: anyHost}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			cut <- struct{}{}
		}
	})), quiet)
	if srv.ReadHeaderTimeout == 0 || srv.ReadTimeout == 0 || srv.WriteTimeout == 0 || srv.IdleTimeout == 0 {
		t.Fatal("the server waits for ever")
	}
	const patience = 400 * time.Millisecond // what is measured is that each limit is heeded, so they are short here
	srv.ReadHeaderTimeout, srv.ReadTimeout, srv.WriteTimeout, srv.IdleTimeout = patience, patience, patience, patience
	srv.TLSConfig = TLS()
	srv.TLSConfig.Certificates = certificates()
	go srv.ServeTLS(Listen(l, MaxConns, MaxConnsFrom), "", "")
	t.Cleanup(func() { srv.Close() })
	before := runtime.NumGoroutine()
	address := l.Addr().String()
	half := func() io.ReadWriteCloser { // a record of TLS that says it has 512 bytes, and has 8
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		c.Write([]byte{22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 0, 0})
		return c
	}
	over := func(protocol string, say func(io.Writer)) func() io.ReadWriteCloser {
		return func() io.ReadWriteCloser {
			c, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{protocol}})
			if err != nil {
				t.Fatal(err)
			}
			say(c)
			return c
		}
	}
	begin := func(w io.Writer, end bool) {
		io.WriteString(w, http2.ClientPreface)
		f := http2.NewFramer(w, nil)
		f.WriteSettings()
		f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block(nil, nil), EndHeaders: end})
	}
	ways := []func() io.ReadWriteCloser{half,
		over("http/1.1", func(w io.Writer) { io.WriteString(w, "GET / HTTP/1.1\r\nHost: bihuan.example.cn\r\nX-Slow: ") }),
		over("h2", func(w io.Writer) { begin(w, false) }),
		over("h2", func(w io.Writer) { begin(w, true) }), // its body never comes
	}
	var wait sync.WaitGroup
	late := atomic.Int64{}
	for _, open := range ways {
		for range each {
			c := open()
			wait.Go(func() {
				defer c.Close()
				c.(net.Conn).SetReadDeadline(time.Now().Add(15 * time.Second))
				if _, err := io.Copy(io.Discard, c); err != nil {
					if ne, ok := err.(net.Error); ok && ne.Timeout() {
						late.Add(1)
					}
				}
			})
		}
	}
	wait.Wait()
	if n := late.Load(); n != 0 {
		t.Errorf("%d slow callers are still there", n)
	}
	if len(cut) != each {
		t.Errorf("of %d bodies that never come %d were given up", each, len(cut))
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before+20 && time.Now().Before(end); runtime.Gosched() {
	}
	if n := runtime.NumGoroutine() - before; n > 20 {
		t.Errorf("%d goroutines stay", n)
	}
	bar.Report(t, "I-14", "%d slow callers over TLS, in the handshake, headers and bodies, HTTP/1 and HTTP/2, all cut off", len(ways)*each)
}
