package passkey

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"bihuan/ground/fault"
	"bihuan/internal/passkeytest"
)

const origin, id = "https://bihuan.example", "bihuan.example"

func site(t testing.TB) *Site {
	t.Helper()
	s, err := New(id, "闭环", origin)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// enrolled returns an owner with a passkey on a device.
func enrolled(t testing.TB, s *Site, handle string) (Owner, *passkeytest.Device) {
	t.Helper()
	d := passkeytest.New(origin, id)
	o := Owner{Handle: handle, Shown: "赵一"}
	told, remembered, err := s.Enrol(o)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := d.Make(told)
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.Enrolled(o, remembered, answer)
	if err != nil {
		t.Fatal(err)
	}
	o.Keys = []Key{k}
	return o, d
}

func finder(all ...Owner) func(string) (Owner, error) {
	return func(h string) (Owner, error) {
		for _, o := range all {
			if o.Handle == h {
				return o, nil
			}
		}
		return Owner{}, fmt.Errorf("owner: %w", fault.ErrNotFound)
	}
}

func TestAnswered(t *testing.T) {
	s := site(t)
	for _, c := range []struct {
		name string
		bend func(d *passkeytest.Device)
		late bool // answers another challenge
		ok   bool
	}{
		{name: "a passkey that its owner shows", ok: true},
		{name: "without verifying the owner", bend: func(d *passkeytest.Device) { d.Flags = 1 }},
		{name: "without the owner", bend: func(d *passkeytest.Device) { d.Flags = 4 }},
		{name: "from another page", bend: func(d *passkeytest.Device) { d.Origin = "https://bihuan.example.evil.example" }},
		{name: "from the same site without TLS", bend: func(d *passkeytest.Device) { d.Origin = "http://bihuan.example" }},
		{name: "for another site", bend: func(d *passkeytest.Device) { d.Site = "evil.example" }},
		{name: "signed with another key", bend: func(d *passkeytest.Device) { d.Forge = true }},
		{name: "an answer of making one", bend: func(d *passkeytest.Device) { d.Type = "webauthn.create" }},
		{name: "another's handle", bend: func(d *passkeytest.Device) { d.Handle = []byte("a2") }},
		{name: "a handle that nobody has", bend: func(d *passkeytest.Device) { d.Handle = []byte("a9") }},
		{name: "no handle", bend: func(d *passkeytest.Device) { d.Handle = nil }},
		{name: "an unknown passkey", bend: func(d *passkeytest.Device) { d.ID = make([]byte, 32) }},
		{name: "a challenge of another sign-in", late: true},
	} {
		o, d := enrolled(t, s, "a1")
		other, _ := enrolled(t, s, "a2")
		told, remembered, err := s.Ask()
		if err != nil {
			t.Fatal(err)
		}
		if c.bend != nil {
			c.bend(d)
		}
		answer, err := d.Show(told)
		if err != nil {
			t.Fatal(err)
		}
		if c.late {
			if _, remembered, err = s.Ask(); err != nil {
				t.Fatal(err)
			}
		}
		who, k, err := s.Answered(remembered, answer, finder(o, other))
		switch {
		case c.ok && (err != nil || who.Handle != "a1" || k.ID != o.Keys[0].ID):
			t.Errorf("%s: %v, owner %q", c.name, err, who.Handle)
		case !c.ok && !errors.Is(err, fault.ErrDenied):
			t.Errorf("%s: let in %q, error %v", c.name, who.Handle, err)
		}
	}
}

func TestACopiedPasskey(t *testing.T) {
	s := site(t)
	o, d := enrolled(t, s, "a1")
	show := func() error {
		told, remembered, err := s.Ask()
		if err != nil {
			t.Fatal(err)
		}
		answer, err := d.Show(told)
		if err != nil {
			t.Fatal(err)
		}
		_, k, err := s.Answered(remembered, answer, finder(o))
		if err == nil {
			o.Keys[0] = k
		}
		return err
	}
	d.Counter = 40
	if err := show(); err != nil {
		t.Fatal(err)
	}
	d.Counter = 7
	var r *fault.Refusal
	if err := show(); !errors.As(err, &r) || r.Code != "passkey-copied" {
		t.Errorf("a counter that went back: %v", err)
	}
}

func TestEnrolled(t *testing.T) {
	s := site(t)
	for _, c := range []struct {
		name string
		bend func(d *passkeytest.Device)
	}{
		{"without verifying the owner", func(d *passkeytest.Device) { d.Flags = 1 }},
		{"from another page", func(d *passkeytest.Device) { d.Origin = "https://evil.example" }},
		{"for another site", func(d *passkeytest.Device) { d.Site = "evil.example" }},
		{"an answer of showing one", func(d *passkeytest.Device) { d.Type = "webauthn.get" }},
	} {
		d := passkeytest.New(origin, id)
		c.bend(d)
		o := Owner{Handle: "a1", Shown: "赵一"}
		told, remembered, err := s.Enrol(o)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := d.Make(told)
		if err != nil {
			t.Fatal(err)
		}
		if k, err := s.Enrolled(o, remembered, answer); !errors.Is(err, fault.ErrDenied) {
			t.Errorf("%s: took %s, error %v", c.name, k.ID, err)
		}
	}
}

func TestNothingOfTheDeviceIsKept(t *testing.T) {
	o, _ := enrolled(t, site(t), "a1")
	if bytes.Contains(o.Keys[0].Body, []byte("attestationObject\":\"o")) || len(o.Keys[0].Body) > 4096 {
		t.Errorf("kept: %s", o.Keys[0].Body)
	}
}

func FuzzAnswered(f *testing.F) {
	s := site(f)
	o, d := enrolled(f, s, "a1")
	told, _, err := s.Ask()
	if err != nil {
		f.Fatal(err)
	}
	answer, _ := d.Show(told)
	f.Add(answer)
	_, remembered, err := s.Ask()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		if who, _, err := s.Answered(remembered, answer, finder(o)); err == nil {
			t.Errorf("%q was let in", who.Handle)
		}
		if k, err := s.Enrolled(o, remembered, answer); err == nil {
			t.Errorf("took %s", k.ID)
		}
	})
}
