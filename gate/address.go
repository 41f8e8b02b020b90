package gate

import (
	"net/http"
	"net/netip"
	"strings"
)

// claims are headers by which a caller could say to be somebody else, to ask for something else or to do something else. They
// reach no face.
var claims = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Real-Ip", "True-Client-Ip", "Client-Ip",
	"Cf-Connecting-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Http-Method", "X-Method-Override"}

// identify sets RemoteAddr to the caller's own address, drops every claim, and reports whether the caller came over TLS, which
// X-Forwarded-Proto says afterwards.
//
// X-Forwarded-For is read from its end: each proxy adds whom it saw. What stands before the first address that is no proxy of
// ours was written by anybody.
func (g *gate) identify(r *http.Request) (secure bool) {
	secure = r.TLS != nil
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	peer := at.Addr().Unmap()
	if err == nil && g.isProxy(peer) {
		secure = secure || strings.EqualFold(strings.TrimSpace(r.Header.Get("X-Forwarded-Proto")), "https")
		if own := g.client(peer, r.Header.Values("X-Forwarded-For")); own != peer {
			r.RemoteAddr = netip.AddrPortFrom(own, 0).String()
		}
	}
	for _, c := range claims {
		r.Header.Del(c)
	}
	r.Header.Del("X-Forwarded-Proto")
	if secure {
		r.Header.Set("X-Forwarded-Proto", "https")
	}
	return secure
}

// client returns the last address that is no proxy of ours; the peer itself where the header holds none.
func (g *gate) client(peer netip.Addr, forwarded []string) netip.Addr {
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer // nobody can say who stood before that
		}
		peer = hop.Unmap().WithZone("")
		if !g.isProxy(peer) {
			return peer
		}
	}
	return peer
}

func (g *gate) isProxy(a netip.Addr) bool {
	for _, p := range g.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// ParseProxies reads addresses and prefixes in CIDR notation, divided by blanks or commas.
func ParseProxies(s string) (all []netip.Prefix, err error) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		p, err := netip.ParsePrefix(one)
		if err != nil {
			a, bad := netip.ParseAddr(one)
			if bad != nil {
				return nil, err
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		all = append(all, p.Masked())
	}
	return all, nil
}
