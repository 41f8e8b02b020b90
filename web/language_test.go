package web

import (
	"net/url"
	"testing"
)

func TestNoAddressLeadsAway(t *testing.T) {
	h := stand(t)
	for _, to := range []string{"//elsewhere.example", "/\t/elsewhere.example", "/\n/elsewhere.example", "/\r/elsewhere.example", "\t//elsewhere.example", "/\\elsewhere.example",
		"/\x00/elsewhere.example", "/\x7f/elsewhere.example", "https://elsewhere.example", "elsewhere.example", ""} {
		if got := h.follow(h.stranger("", "POST", "/language", url.Values{"lang": {"en"}, "to": {to}})); got != "/" {
			t.Errorf("%q leads to %q", to, got)
		}
	}
	for _, to := range []string{"/desk?tab=all&text=路灯", "/goals#g-1"} {
		if got := local(to); got != to {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}
