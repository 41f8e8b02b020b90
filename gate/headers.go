package gate

import "net/http"

// carried are the headers of every answer. A face sets its own Content-Security-Policy, Cache-Control and Referrer-Policy where
// its pages need more; what it forgets stays as strict as this.
//
// Source: OWASP ASVS 5.0.0, 3.4.3 to 3.4.8 and 14.3.2, as read; Fetch (Cross-Origin-Resource-Policy); W3C Permissions Policy.
var carried = []struct{ name, value string }{
	{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
	{"Referrer-Policy", "same-origin"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(self), gyroscope=(), " +
		"magnetometer=(), microphone=(), midi=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)"},
	{"Cache-Control", "no-store"},
}

// transport is what browsers remember for two years once they came over TLS. Source: RFC 6797 (2012), 6.1; ASVS 5.0.0, 3.4.1.
const transport = "max-age=63072000; includeSubDomains"

func carry(h http.Header, secure bool) {
	for _, c := range carried {
		h.Set(c.name, c.value)
	}
	if secure {
		h.Set("Strict-Transport-Security", transport)
	}
}

// report has the policy of an answer name where browsers tell of what it kept out. It is the older of two ways, which every browser knows and uses at once;
// Chromium would leave it out for the newer one, report-to, which waits a minute and asks for TLS.
//
// Source: OWASP ASVS 5.0.0, 3.4.7, as read; W3C Content Security Policy Level 3, 6.5.1.
func report(h http.Header, to string) {
	if policy := h.Get("Content-Security-Policy"); to != "" && policy != "" {
		h.Set("Content-Security-Policy", policy+"; report-uri "+to)
	}
}
