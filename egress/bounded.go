package egress

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"bihuan/ground/fault"
)

// Limits of what is sent, ours. Servers take addresses of some 8,000 bytes (RFC 9110, 4.1) and headers of 8 KB at least by their defaults; ours are far below.
//
// Source: OWASP ASVS 5.0.0, 4.2.5 and 13.1.2, as read.
const (
	maxURL     = 2000    // bytes of an address
	maxHeaders = 8 << 10 // bytes of all header lines
	maxCalls   = 32      // calls at once, to whatever places
)

// bounded sends no request that is too long for others, and not more than maxCalls at once: who comes beyond that waits as long as a call may take.
type bounded struct {
	under http.RoundTripper
	slots chan struct{}
}

// RoundTrip is that of [http.RoundTripper].
func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if n := len(r.URL.String()); n > maxURL {
		return nil, fmt.Errorf("an address of %d bytes is not called, %d are the most: %w", n, maxURL, fault.ErrInvalid)
	}
	if n := headerBytes(r.Header); n > maxHeaders {
		return nil, fmt.Errorf("headers of %d bytes are not sent, %d are the most: %w", n, maxHeaders, fault.ErrInvalid)
	}
	if err := enter(r.Context(), b.slots); err != nil {
		return nil, err
	}
	leave := sync.OnceFunc(func() { <-b.slots })
	res, err := b.under.RoundTrip(r)
	if err != nil {
		leave()
		return nil, err
	}
	res.Body = &counted{res.Body, leave}
	return res, nil
}

// CloseIdleConnections is what [http.Client.CloseIdleConnections] asks for.
func (b *bounded) CloseIdleConnections() {
	if t, ok := b.under.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

func headerBytes(h http.Header) (n int) {
	for name, all := range h {
		for _, v := range all {
			n += len(name) + len(v) + len(": \r\n")
		}
	}
	return n
}

// enter takes a slot, or says that there was none until ctx ended.
func enter(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d are under way already: %w", cap(slots), fault.ErrUnavailable)
	}
}

// counted is a body whose call is over when it is closed.
type counted struct {
	io.ReadCloser
	leave func()
}

// Close is that of [io.Closer].
func (c *counted) Close() error {
	defer c.leave()
	return c.ReadCloser.Close()
}
