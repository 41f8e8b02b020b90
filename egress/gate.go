package egress

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"golang.org/x/crypto/ocsp"

	"bihuan/ground/fault"
)

// Place is where the house may connect to.
type Place struct {
	Host     string         // a name in lower case without a dot at its end, or an IP address as [netip.Addr.String] writes it
	Port     uint16         //
	Networks []netip.Prefix // in which its addresses must lie; none: anywhere on the public Internet, and nowhere else
	CA       []byte         // PEM certificates that its certificate must lead to; empty: those that the machine trusts
	Pin      string         // base64 of SHA-256 of its public key (SubjectPublicKeyInfo); not empty: that key and no other
}

// List tells which places are approved now.
type List interface {
	Place(host string, port uint16) (Place, bool)
}

// Resolver resolves a name. [net.Resolver] is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Gate dials approved places only. It is safe for many goroutines.
type Gate struct {
	list     List
	resolver Resolver
	now      func() time.Time
}

// NewGate returns a gate over a list. resolver is net.DefaultResolver if nil; now is the time by which certificates are valid.
func NewGate(list List, resolver Resolver, now func() time.Time) *Gate {
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	return &Gate{list: list, resolver: resolver, now: now}
}

// Limits of a connection.
const (
	dialTimeout  = 5 * time.Second
	mostAnswers  = 16 // addresses of one name
	maxPlaceHost = 253
)

// ErrClosed says that a place is not approved, or that a name leads where its place must not. It wraps [fault.ErrDenied].
var ErrClosed = fmt.Errorf("the place is not on the list of approved ones: %w", fault.ErrDenied)

// refused explains why a connection was not made, for the page of the administrator; it wraps [ErrClosed].
func refused(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, ErrClosed)...)
}

// never lists where nothing may be connected to even if a list says so: networks in which there is nobody to talk to, and the
// addresses at which clouds hand out the machine's own credentials.
var never = prefixes(
	"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", // RFC 6890, 2.2.2
	"::/128", "fe80::/10", "ff00::/8", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", // RFC 6890, 2.2.3; RFC 6052, RFC 8215
	"fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32", // metadata of clouds
)

// special lists what is not on the public Internet: it may be approved by its network only.
var special = prefixes(
	"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", // RFC 6890, 2.2.2
	"::/96", "::1/128", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fec0::/10", // RFC 6890, 2.2.3; RFC 9637, RFC 9602, RFC 3879
)

func prefixes(all ...string) (out []netip.Prefix) {
	for _, s := range all {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

func within(a netip.Addr, all []netip.Prefix) bool {
	for _, p := range all {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// admits reports whether the place may be reached at an address. An IPv4 address inside an IPv6 one is never taken for
// what is inside: the list names addresses as they are dialled.
func (p *Place) admits(a netip.Addr) bool {
	if a.Zone() != "" || a.Is4In6() || !a.IsValid() || within(a, never) {
		return false
	}
	if len(p.Networks) > 0 {
		return within(a, p.Networks)
	}
	return a.IsGlobalUnicast() && !within(a, special)
}

// CheckPlace reports whether a place is written so that it can be approved. It wraps [fault.ErrInvalid].
func CheckPlace(p *Place) error {
	if !isHost(p.Host) {
		return fault.Refuse(fault.ErrInvalid, "place-host", "host")
	}
	if p.Port == 0 {
		return fault.Refuse(fault.ErrInvalid, "place-port", "port")
	}
	for _, n := range p.Networks {
		if !n.IsValid() || n != n.Masked() || n.Addr().Is4In6() {
			return fault.Refuse(fault.ErrInvalid, "place-network", "networks")
		}
	}
	if len(p.CA) > 0 && !x509.NewCertPool().AppendCertsFromPEM(p.CA) {
		return fault.Refuse(fault.ErrInvalid, "place-ca", "ca")
	}
	if p.Pin != "" {
		if b, err := base64.StdEncoding.DecodeString(p.Pin); err != nil || len(b) != sha256.Size {
			return fault.Refuse(fault.ErrInvalid, "place-pin", "pin")
		}
	}
	return nil
}

// isHost reports whether s is a name or an address in the one way in which a list writes it: names of at least one letter in
// their last label, so that 127.1, 0x7f000001 and 2130706433 are none.
func isHost(s string) bool {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.String() == s && a.Zone() == "" && !a.Is4In6()
	}
	if len(s) == 0 || len(s) > maxPlaceHost {
		return false
	}
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x")
}

// dial connects to an approved place: it resolves the name itself, refuses the name if any of its addresses is one that the place
// must not have, and holds the address against the place once more when the socket is about to connect.
func (g *Gate) dial(ctx context.Context, host string, port uint16) (net.Conn, Place, error) {
	place, ok := g.list.Place(host, port)
	if !ok || !isHost(host) {
		return nil, place, refused("%s port %d", clip(host), port)
	}
	addrs, err := g.resolve(ctx, host)
	if err != nil {
		return nil, place, err
	}
	for _, a := range addrs {
		if !place.admits(a) {
			return nil, place, refused("%s leads to %s", host, a)
		}
	}
	d := net.Dialer{Timeout: dialTimeout, KeepAlive: -1, Control: func(_, address string, _ syscall.RawConn) error { return place.atDial(address) }}
	var last error
	for _, a := range addrs {
		c, err := d.DialContext(ctx, "tcp", netip.AddrPortFrom(a, port).String())
		if err == nil {
			return c, place, nil
		}
		if errors.Is(err, ErrClosed) || ctx.Err() != nil {
			return nil, place, err
		}
		last = err
	}
	return nil, place, fmt.Errorf("connect to %s port %d: %w", host, port, errors.Join(last, fault.ErrUnavailable))
}

// atDial is the last look at an address, when nothing can change it any more.
func (p *Place) atDial(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || at.Port() != p.Port || !p.admits(at.Addr()) {
		return refused("%s is dialled at %s", p.Host, clip(address))
	}
	return nil
}

func (g *Gate) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	addrs, err := g.resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", host, errors.Join(err, fault.ErrUnavailable))
	}
	if len(addrs) == 0 || len(addrs) > mostAnswers {
		return nil, refused("%s has %d addresses", host, len(addrs))
	}
	for i, a := range addrs {
		addrs[i] = a.Unmap() // the system's resolver writes IPv4 answers inside IPv6; the plain address is held against the place
	}
	return addrs, nil
}

// secure does the TLS handshake of a place over a connection.
func (g *Gate) secure(ctx context.Context, c net.Conn, p *Place) (net.Conn, error) {
	t := tls.Client(c, g.tlsFor(p))
	if err := t.HandshakeContext(ctx); err != nil {
		c.Close()
		return nil, fmt.Errorf("TLS with %s: %w", p.Host, errors.Join(err, fault.ErrUnavailable))
	}
	return t, nil
}

// tlsFor returns how a place proves who it is.
func (g *Gate) tlsFor(p *Place) *tls.Config {
	c := &tls.Config{ServerName: p.Host, MinVersion: tls.VersionTLS12, Time: g.now}
	if len(p.CA) > 0 {
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM(p.CA)
	}
	if p.Pin == "" {
		c.VerifyConnection = notRevoked
		return c
	}
	// Known by its key alone: who signed the certificate and what names stand in it say nothing more.
	c.InsecureSkipVerify = true
	c.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) == 0 || KeyPin(s.PeerCertificates[0]) != p.Pin {
			return distrusted("the server has another key than the one that was approved")
		}
		if leaf, now := s.PeerCertificates[0], g.now(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
			return distrusted("the server's certificate is not valid at this time")
		}
		return nil
	}
	return c
}

// notRevoked refuses a server of which its own authority says, in the word that the server hands over (OCSP stapling), that its certificate was taken back. A server that hands over nothing is believed:
// most authorities let certificates end after days instead.
//
// Source: RFC 6066 (2011), 8; OWASP ASVS 5.0.0, 12.1.4, as read.
func notRevoked(s tls.ConnectionState) error {
	if len(s.OCSPResponse) == 0 || len(s.VerifiedChains) == 0 || len(s.VerifiedChains[0]) < 2 {
		return nil
	}
	r, err := ocsp.ParseResponseForCert(s.OCSPResponse, s.VerifiedChains[0][0], s.VerifiedChains[0][1])
	if err == nil && r.Status == ocsp.Revoked {
		return distrusted("the server's certificate was taken back by its authority")
	}
	return nil
}

// KeyPin returns the pin of a certificate: base64 of SHA-256 of its public key.
func KeyPin(c *x509.Certificate) string {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// clip shortens what somebody typed for a message.
func clip(s string) string {
	if len(s) > 80 {
		return fmt.Sprintf("%q…", s[:80])
	}
	return fmt.Sprintf("%q", s)
}
