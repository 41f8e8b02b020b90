package gate

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// isMeant reports whether a request asks for a host of ours. Without TLS no certificate says whose an address is: a page of another
// site can have its own name lead to this machine (DNS rebinding), and its scripts then ask us as their own host. So
// only this machine's own names are answered, and those that were given.
//
// Source: RFC 9110 (2022), 7.4 and 15.5.20; OWASP ASVS 5.0.0, 4.1 on what a server may derive from a host.
func (g *gate) isMeant(r *http.Request) bool {
	if !g.Plain {
		return true
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || slices.Contains(g.Hosts, host)
}
