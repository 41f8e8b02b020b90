package gate

import (
	"net/http"
	"strings"
)

// hostOnly begins the name of a cookie that browsers take from this very host only, over TLS, for all paths: no sibling and no plain
// connection can plant one. Source: RFC 6265bis, draft 20 (2025), 4.1.3.2; OWASP ASVS 5.0.0, 3.3.1 and 3.3.3, as read.
const hostOnly = "__Host-"

// ownCookies are the cookies of a request that came over TLS as faces see them: those with the prefix, by both names. All others are
// left out, because anybody in the neighbourhood may have set them.
func ownCookies(h http.Header) {
	var kept []string
	for _, line := range h["Cookie"] {
		for one := range strings.SplitSeq(line, ";") {
			one = strings.TrimSpace(one)
			if plain, ok := strings.CutPrefix(one, hostOnly); ok {
				kept = append(kept, one, plain)
			}
		}
	}
	h.Del("Cookie")
	if len(kept) > 0 {
		h.Set("Cookie", strings.Join(kept, "; "))
	}
}

// hostCookie is a cookie as it leaves over TLS: with the prefix, and Secure. A face that set a domain or a path of its own would have
// its cookie refused by the browser, as it should be.
func hostCookie(c string) string {
	if !strings.HasPrefix(c, hostOnly) {
		c = hostOnly + c
	}
	if !strings.Contains(strings.ToLower(c), "; secure") {
		c += "; Secure"
	}
	return c
}
