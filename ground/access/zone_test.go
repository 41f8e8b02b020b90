package access

import (
	"net/netip"
	"testing"

	"bihuan/ground/name"
)

func TestTheNarrowestNetworkSaysTheZone(t *testing.T) {
	w := name.Text{ZH: "网", EN: "net"}
	p, err := Compile(Source{Roles: []RoleRow{{Role: Anyone, Words: w, Clearance: Public}}, Zones: []ZoneRow{
		{Internet, w, []string{"0.0.0.0/0", "::/0", "10.9.0.0/16"}}, {Office, w, []string{"10.0.0.0/8", "fc00::/7", "10.9.8.7/32"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]Zone{"10.1.2.3": Office, "10.9.2.3": Internet, "10.9.8.7": Office, "::ffff:10.1.2.3": Office, "8.8.8.8": Internet, "fd00::1": Office,
		"fe80::1%eth0": Internet, "2001:db8::1": Internet} {
		if got := p.ZoneOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s lies in %q, want %q", address, got, want)
		}
	}
	if got := (&Policy{}).ZoneOf(netip.MustParseAddr("10.1.2.3")); got != "" {
		t.Errorf("without zones: %q", got)
	}
}

func TestZonesAreChecked(t *testing.T) {
	w := name.Text{ZH: "网", EN: "net"}
	for what, rows := range map[string][]ZoneRow{
		"no network":         {{Office, w, nil}},
		"no words":           {{Office, name.Text{}, []string{"10.0.0.0/8"}}},
		"bits of a host":     {{Office, w, []string{"10.0.0.1/8"}}},
		"no address":         {{Office, w, []string{"office"}}},
		"IPv4 as IPv6":       {{Office, w, []string{"::ffff:10.0.0.0/104"}}},
		"one network, twice": {{Office, w, []string{"10.0.0.0/8"}}, {Internet, w, []string{"10.0.0.0/8"}}},
	} {
		if _, err := Compile(Source{Roles: []RoleRow{{Role: Anyone, Words: w, Clearance: Public}}, Zones: rows}); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}
