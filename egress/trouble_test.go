package egress

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"bihuan/ground/fault"
	"bihuan/kernel/notice"
)

// TestWhatHappenedIsToldInOneWord drives each trouble that a call can have over real connections.
func TestWhatHappenedIsToldInOneWord(t *testing.T) {
	const host = "far.example.cn"
	address, place, _, resolver := far(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/long") {
			w.Write(make([]byte, MaxAnswer+1))
			return
		}
		if strings.HasSuffix(r.URL.Path, "/cut") {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte("x"))
			return
		}
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	})
	empty, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := portOf(t, empty)
	empty.Close()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { plain.Close() })
	go http.Serve(plain, http.NotFoundHandler())
	_, other := certificate(t, host)
	at := func(port uint16) (string, Place) {
		p := place
		p.Port = port
		return fmt.Sprintf("https://%s:%d/in", host, port), p
	}
	deadAddress, dead := at(closed)
	plainAddress, noTLS := at(portOf(t, plain))
	forged, pinned := place, place
	forged.CA = other
	pinned.Pin = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	elsewhere := place
	elsewhere.Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct {
		what    string
		address string
		places  places
		names   *names
		now     time.Time
		want    notice.Trouble
	}{
		{"a place that is not approved", address, nil, resolver, time.Now(), notice.NotApproved},
		{"a name that leads elsewhere", address, places{elsewhere}, resolver, time.Now(), notice.NotApproved},
		{"a name that there is not", address, places{place}, &names{}, time.Now(), notice.NoName},
		{"a port at which nothing listens", deadAddress, places{dead}, resolver, time.Now(), notice.Unanswered},
		{"a certificate of somebody else", address, places{forged}, resolver, time.Now(), notice.Distrusted},
		{"another key than was approved", address, places{pinned}, resolver, time.Now(), notice.Distrusted},
		{"a certificate that has run out", address, places{place}, resolver, time.Now().Add(48 * time.Hour), notice.Distrusted},
		{"a port without encryption", plainAddress, places{noTLS}, resolver, time.Now(), notice.NotTLS},
		{"a connection that is broken off", address, places{place}, resolver, time.Now(), notice.BrokenOff},
		{"an answer that is broken off", address + "/cut", places{place}, resolver, time.Now(), notice.BrokenOff},
		{"an answer without end", address + "/long", places{place}, resolver, time.Now(), notice.TooLong},
	} {
		_, err := NewClient(NewGate(c.places, c.names, func() time.Time { return c.now })).Post(context.Background(), c.address, nil, nil)
		if err == nil || notice.TroubleOf(err) != c.want {
			t.Errorf("%s is %q, want %q: %v", c.what, notice.TroubleOf(err), c.want, err)
		}
		if c.want != notice.NotApproved && !errors.Is(err, fault.ErrUnavailable) || c.want == notice.NotApproved && !errors.Is(err, ErrClosed) {
			t.Errorf("%s is of another kind now: %v", c.what, err)
		}
	}
}

// TestATroubleIsFoundInWhatLibrariesSay: those that no test can bring about without waiting, or without a network that is broken.
func TestATroubleIsFoundInWhatLibrariesSay(t *testing.T) {
	for want, err := range map[notice.Trouble]error{
		notice.Unreachable: &net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH},
		notice.BrokenOff:   &net.OpError{Op: "read", Err: syscall.ECONNRESET},
		notice.Slow:        fmt.Errorf("x: %w", context.DeadlineExceeded),
		notice.NotTaken:    fmt.Errorf("550 no such user: %w", ErrRefused),
		notice.Unexplained: errors.New("something"),
	} {
		if got := notice.TroubleOf(withTrouble(err)); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
	if withTrouble(nil) != nil {
		t.Error("nothing is a trouble")
	}
	for status, want := range map[int]notice.Trouble{401: notice.NotLetIn, 500: notice.TheirFault} {
		if err := taken(Answer{Status: status}, nil); notice.TroubleOf(err) != want {
			t.Errorf("%d is %q", status, notice.TroubleOf(err))
		}
	}
}

// TestAnAnswerThatNeverComesIsSlow: by the clock of the test.
func TestAnAnswerThatNeverComesIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		c := NewClient(NewGate(places{{Host: "far.example.cn", Port: 443}}, nil, time.Now))
		c.http.Transport.(*bounded).under.(*http.Transport).DialTLSContext = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
		go func() {
			b := make([]byte, 4096)
			for {
				if _, err := theirs.Read(b); err != nil {
					return
				}
			}
		}()
		_, err := c.Post(context.Background(), "https://far.example.cn/", nil, nil)
		if notice.TroubleOf(err) != notice.Slow {
			t.Errorf("%q: %v", notice.TroubleOf(err), err)
		}
		c.Forget()
	})
}
