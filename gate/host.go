package gate

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// isMeant reports whether a request asks for a host of ours: for one of this machine's own names, for one that was given, or over TLS
// for one that the certificate names. Without TLS no certificate says whose a name is: a page of another site can have its own name lead to
// this machine (DNS rebinding), and its scripts then ask us as their own host. Over TLS a browser would have refused; what is left are requests
// by programs that look at no certificate, or that ask for another name inside the connection than outside, and links, codes and caches made of such a name.
//
// Source: RFC 9110 (2022), 7.4 and 15.5.20; OWASP ASVS 5.0.0, 4.1 on what a server may derive from a host.
func (g *gate) isMeant(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	switch {
	case err == nil && ip.Unmap().IsLoopback(), host == "localhost", strings.HasSuffix(host, ".localhost"), slices.Contains(g.Hosts, host):
		return true
	}
	return host != "" && g.Vouched != nil && g.Vouched(host)
}
