package packs_test

import (
	"errors"
	"testing"
	"time"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/pack"
	"bihuan/packs"
)

// Both who is shown a person and who agrees to it prove who they are anew: an open session in an empty room does not suffice.
func TestShowingAPersonTakesAFreshProofOfBoth(t *testing.T) {
	p, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2023, 10, 16, 9, 0, 0, 0, time.UTC).UnixMicro()
	head := access.Subject{Person: "p1", Unit: "housing", UnitPath: "office/housing", Roles: []name.Role{"head"}, Clearance: p.Clearance([]name.Role{"head"}), At: at, OnDuty: true, Zone: access.Office}
	of := access.Object{Type: access.Matter, Unit: "housing", UnitPath: "office/housing", Class: access.Internal, Task: true}
	for _, a := range []access.Action{access.PersonUnmask, access.PersonSecond} {
		head.Proved = at - time.Minute.Microseconds()
		if err := p.Check(head, a, of); err != nil {
			t.Errorf("%s, just proved: %v", a, err)
		}
		head.Proved = at - time.Hour.Microseconds()
		if r, ok := errors.AsType[*fault.Refusal](p.Check(head, a, of)); !ok || r.Code != string(access.ProveAgain) {
			t.Errorf("%s, proved an hour ago: %+v", a, r)
		}
	}
}
