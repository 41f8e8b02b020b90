package desk_test

import (
	"errors"
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
)

// given grants a role to everybody, and lets everybody act for everybody.
type given struct{ desk.Rights }

func (given) Roles(_ name.Person, post []name.Role) []name.Role {
	return append(slices.Clone(post), "leader")
}
func (given) Same(p name.Person) []name.Person     { return []name.Person{p} }
func (given) ActsFor(_, _ name.Person) []name.Role { return []name.Role{"leader"} }

func TestWhoeverWaitsHasNoRole(t *testing.T) {
	d := district.New(t, calendar.NewDate(2023, 3, 1)).Desk
	d.Heed(given{})
	who := desk.Caller{Person: "p1", Unit: "housing"}
	if got := d.Entitled(who, "p2"); got.For != "p2" || len(got.Roles) != 1 {
		t.Errorf("without waiting: %+v", got)
	}
	who.Waits = true
	if got := d.Entitled(who, "p2"); got.For != "" || len(got.Roles) != 0 {
		t.Errorf("waiting: %+v", got)
	}
	if _, err := d.ActingFor(t.Context(), who, "p2"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("waiting and acting for somebody: %v", err)
	}
}

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
