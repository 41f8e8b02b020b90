package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Client asks programs of others over HTTPS. It is safe for many goroutines.
type Client struct {
	gate *Gate
	http *http.Client
}

// Limits of a call.
const (
	CallTimeout = 10 * time.Second // from resolving the name to the last byte of the answer
	MaxAnswer   = 1 << 20          // bytes of an answer's body
	maxHeader   = 64 << 10         // bytes of an answer's headers
	maxPerPlace = 8                // connections to one place at once; who needs another waits
	maxIdle     = 2                // of them, kept to be used again
	maxRest     = 20 * time.Second // for how long
)

// Answer is what the other side said.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// NewClient returns a client that dials through a gate.
func NewClient(g *Gate) *Client {
	t := &http.Transport{
		Proxy:                  nil, // a proxy would dial in our place
		DialContext:            func(context.Context, string, string) (net.Conn, error) { return nil, ErrClosed },
		DialTLSContext:         func(ctx context.Context, _, addr string) (net.Conn, error) { return g.dialTLS(ctx, addr) },
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		MaxResponseHeaderBytes: maxHeader,
		MaxConnsPerHost:        maxPerPlace,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        maxRest,
		DisableCompression:     true, // so that the limit is of what is read
	}
	return &Client{gate: g, http: &http.Client{Transport: &bounded{t, make(chan struct{}, maxCalls)}, Timeout: CallTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// HTTP is the client for libraries that bring requests of their own, such as that of OpenID Connect: what it dials is held against the
// approved places like everything else.
func (c *Client) HTTP() *http.Client { return c.http }

func (g *Gate) dialTLS(ctx context.Context, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, refused("address %s", clip(addr))
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, refused("port of %s", clip(addr))
	}
	c, place, err := g.dial(ctx, host, uint16(n))
	if err != nil {
		return nil, err
	}
	return g.secure(ctx, c, &place)
}

// Target returns host and port of an address that may be called: https, a host as [Place] writes it, and no user, fragment
// or anything else by which one reader of addresses sees another host than the next. It wraps [fault.ErrInvalid].
func Target(address string) (host string, port uint16, err error) {
	wrong := fault.Refuse(fault.ErrInvalid, "url-malformed", "url")
	if len(address) > maxURL || strings.ContainsAny(address, "\\ \t\r\n") {
		return "", 0, wrong
	}
	for i := range len(address) {
		if address[i] < 0x21 || address[i] > 0x7e {
			return "", 0, wrong
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" || strings.Contains(address, "#") || u.Opaque != "" {
		return "", 0, wrong
	}
	port = 443
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 || strconv.FormatUint(n, 10) != p {
			return "", 0, wrong
		}
		port = uint16(n)
	}
	host = u.Hostname()
	if !isHost(host) || u.Host != hostPart(host, u.Port()) {
		return "", 0, wrong
	}
	return host, port, nil
}

// hostPart writes host and port as an address does.
func hostPart(host, port string) string {
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		host = "[" + host + "]"
	}
	if port != "" {
		host += ":" + port
	}
	return host
}

// Post sends a body to an approved place and returns whatever it answers, redirects included, which are not followed. It
// wraps [ErrClosed] for a place that is not approved, and [fault.ErrUnavailable] when no answer came in time or it was too long. It says which trouble it was, see [notice.TroubleOf].
func (c *Client) Post(ctx context.Context, address string, header http.Header, body []byte) (Answer, error) {
	a, err := c.post(ctx, address, header, body)
	return a, withTrouble(err)
}

func (c *Client) post(ctx context.Context, address string, header http.Header, body []byte) (Answer, error) {
	host, port, err := Target(address)
	if err != nil {
		return Answer{}, err
	}
	if _, ok := c.gate.list.Place(host, port); !ok { // before an open connection is used once more
		return Answer{}, refused("%s port %d", host, port)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return Answer{}, fmt.Errorf("call %s: %w", host, errors.Join(err, fault.ErrInvalid))
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", "bihuan")
	res, err := c.http.Do(req)
	if err != nil {
		return Answer{}, fmt.Errorf("call %s: %w", host, plain(err))
	}
	defer res.Body.Close()
	got, err := io.ReadAll(io.LimitReader(res.Body, MaxAnswer+1))
	if err != nil {
		return Answer{}, fmt.Errorf("read the answer of %s: %w", host, plain(err))
	}
	if len(got) > MaxAnswer {
		return Answer{}, fmt.Errorf("the answer of %s is longer than %d bytes: %w", host, MaxAnswer, errors.Join(errLong, fault.ErrUnavailable))
	}
	return Answer{res.StatusCode, res.Header, got}, nil
}

// plain leaves out the address, which may hold a token, and says which kind of fault it is.
func plain(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if errors.Is(err, ErrClosed) || errors.Is(err, fault.ErrUnavailable) || errors.Is(err, fault.ErrInvalid) {
		return err
	}
	return errors.Join(err, fault.ErrUnavailable)
}

// Forget closes connections that wait to be used again: after the list has become shorter.
func (c *Client) Forget() { c.http.CloseIdleConnections() }
