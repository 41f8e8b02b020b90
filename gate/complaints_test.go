package gate

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"bihuan/internal/bar"
)

// TestBar_I16_WhoConnectsWritesNoLogLines: what net/http tells of connections has no address and nothing that was sent, and is a line a minute for each kind.
func TestBar_I16_WhoConnectsWritesNoLogLines(t *testing.T) {
	var kept bytes.Buffer
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	l := Complaints(slog.New(slog.NewTextHandler(&kept, nil)), func() time.Time { return now })
	for i := range 500 {
		l.Printf("http: TLS handshake error from 203.0.113.%d:5000: tls: client requested unsupported application protocols ([\"a\\nlevel=ERROR\"])", i%250)
		l.Printf("http2: server connection error from 203.0.113.7:4000: connection error: PROTOCOL_ERROR")
		l.Printf("something of 203.0.113.9\nlevel=ERROR msg=forged")
	}
	l.Printf("http: Accept error: accept tcp [::]:443: accept4: too many open files; retrying in 5ms")
	now = now.Add(time.Minute)
	l.Printf("http: TLS handshake error from 203.0.113.1:5000: EOF")
	text := kept.String()
	if n := strings.Count(text, "\n"); n != 5 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	for _, never := range []string{"203.0.113", "forged", "protocols"} {
		if strings.Contains(text, never) {
			t.Errorf("the log has %q:\n%s", never, text)
		}
	}
	for _, want := range []string{`at="TLS handshake" count=1`, `at="TLS handshake" count=500`, "at=HTTP/2", "at=other", "too many open files"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
	bar.Report(t, "I-16", "1501 lines of connections that went wrong are 4 in the log, a minute later 1 more, without address and without what was sent")
}

// TestAServerComplainsWithoutAddresses has a client speak HTTP to a server of TLS.
func TestAServerComplainsWithoutAddresses(t *testing.T) {
	told := make(lines, 10)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := Server(http.NotFoundHandler(), Complaints(slog.New(slog.NewTextHandler(told, nil)), time.Now))
	srv.TLSConfig = TLS()
	srv.TLSConfig.Certificates = certificates()
	done := make(chan error, 1)
	go func() { done <- srv.ServeTLS(l, "", "") }()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	from := c.LocalAddr().String()
	io.ReadAll(c)
	c.Close()
	text := <-told
	srv.Close()
	<-done
	if !strings.Contains(text, `at="TLS handshake" count=1`) || strings.Contains(text, from) {
		t.Errorf("the log says %q of %s", text, from)
	}
}

// lines hands on what is written.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}
