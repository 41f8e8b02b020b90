package desk_test

import (
	"testing"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/internal/district"
)

func TestZoneOf(t *testing.T) {
	d := district.New(t, calendar.NewDate(2023, 3, 1)).Desk
	for _, c := range []struct {
		address string
		want    access.Zone
	}{
		{"127.0.0.1:80", access.Office}, {"[::1]:80", access.Office}, {"10.1.2.3:1", access.Office}, {"[::ffff:192.168.1.2]:1", access.Office}, {"[fd00::1]:1", access.Office},
		{"8.8.8.8:53", access.Internet}, {"172.32.0.1:1", access.Internet}, {"[2001:db8::1]:1", access.Internet}, {"", ""}, {"office", ""}, {"10.0.0.1", ""},
	} {
		if got := d.ZoneOf(c.address); got != c.want {
			t.Errorf("%q lies in %q, want %q", c.address, got, c.want)
		}
	}
}
