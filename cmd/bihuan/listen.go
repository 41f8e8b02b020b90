package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bihuan/gate"
)

// isLoopback reports whether only this machine reaches an address. It reports an error for what is no address.
func isLoopback(addr string) (bool, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return false, fmt.Errorf("address %q: %w", addr, err)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return false, fmt.Errorf("address %q: %q is no port from 0 to 65535", addr, port)
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

// loopback refuses an address that other machines can reach: for the demo, in which anybody may be anybody.
func loopback(addr string) error {
	only, err := isLoopback(addr)
	if err == nil && !only {
		err = fmt.Errorf("address %q can be reached from other machines; the demo lets anybody be anybody and is served on loopback only", addr)
	}
	return err
}

// encrypted refuses an address that other machines can reach without TLS, and half a configuration of TLS.
func (c config) encrypted() error {
	only, err := isLoopback(c.Addr)
	switch {
	case err != nil:
		return err
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("--tls-cert and --tls-key belong together: one of them is missing")
	case c.isSecure():
		_, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return fmt.Errorf("TLS: %w", err)
		}
	case !only:
		return fmt.Errorf("address %q can be reached from other machines, and passwords would travel in the clear: give --tls-cert and --tls-key", c.Addr)
	}
	return nil
}

// certified reads the server's certificate; nil without TLS.
func (c config) certified(log *slog.Logger) (*gate.Certificate, error) {
	if !c.isSecure() {
		return nil, nil
	}
	return gate.NewCertificate(c.TLSCert, c.TLSKey, c.TLSWord, time.Now, log)
}

// vouched returns which names and addresses the server's certificate is of; nil without TLS.
func (h *house) vouched() func(host string) bool {
	if h.certificate == nil {
		return nil
	}
	return func(host string) bool { return h.certificate.Leaf().VerifyHostname(host) == nil }
}

// hosts are the names by which the server may be asked beside those of its own machine and of its certificate: the one that people are told.
func (c config) hosts() []string {
	u, err := url.Parse(c.Public)
	if err != nil || u.Hostname() == "" {
		return nil
	}
	return []string{strings.ToLower(u.Hostname())}
}

// manned refuses an address that other machines can reach while the three administrators are not in place.
func (h *house) manned(ctx context.Context) error {
	if only, err := isLoopback(h.config.Addr); err != nil || only {
		return err
	}
	if err := h.people.Ready(ctx); err != nil {
		return fmt.Errorf("address %q can be reached from other machines, and the three administrators are not in place (%w): bihuan init invites them; they activate on this machine first", h.config.Addr, err)
	}
	return nil
}

// serveUntil serves until ctx ends, then lets what is under way finish, ten seconds at most. With a certificate it serves TLS as
// [gate.TLS] says and nothing else.
func serveUntil(ctx context.Context, l net.Listener, handler http.Handler, c *gate.Certificate, log *slog.Logger) error {
	srv := gate.Server(handler, gate.Complaints(log, time.Now))
	if c != nil {
		srv.TLSConfig = gate.TLS()
		srv.TLSConfig.GetCertificate = c.Get
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		done <- srv.Shutdown(late)
	}()
	l = gate.Listen(l, gate.MaxConns, gate.MaxConnsFrom)
	var err error
	if c != nil {
		err = srv.ServeTLS(l, "", "")
	} else {
		err = srv.Serve(l)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}
