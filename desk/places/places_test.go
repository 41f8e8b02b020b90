package places_test

import (
	"context"
	"errors"
	"testing"

	"bihuan/desk"
	"bihuan/desk/places"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/internal/district"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, x *district.District) *places.Room {
	t.Helper()
	r, err := places.Open(context.Background(), x.Desk, x.Store, func(o *places.Order) error {
		if o.Host == "" || o.Port == 0 {
			return fault.Refuse(fault.ErrInvalid, "place-host", "host")
		}
		return nil
	})
	must(t, err)
	return r
}

func TestAPlaceIsOpenWhenTwoHaveSaidSo(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 10, 9))
	t.Cleanup(func() { x.Verify(t, places.Keep) })
	ctx, r := context.Background(), open(t, x)
	sys, sec, handler := x.As(t, "services", "sysadmin", 0), x.As(t, "services", "secadmin", 0), x.As(t, "housing", "handler", 0)
	o := places.Order{Host: " City.Example.CN ", Port: 443, Why: "市平台"}
	p, err := r.Propose(ctx, sys, "c1", o)
	must(t, err)
	if p.Host != "city.example.cn" || len(r.Approved()) != 0 {
		t.Errorf("%+v, open %v", p, r.Approved())
	}
	both := sys
	both.Roles = append(both.Roles, sec.Roles...)
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"who proposes does not approve": {r.Approve(ctx, sys, p.ID), fault.ErrDenied},
		"nor in another role":           {r.Approve(ctx, both, p.ID), fault.ErrDenied},
		"a handler does nothing":        {r.Approve(ctx, handler, p.ID), fault.ErrDenied},
		"nobody does nothing":           {r.Approve(ctx, desk.Nobody, p.ID), fault.ErrDenied},
		"who approves does not propose": {second(r.Propose(ctx, sec, "c2", o)), fault.ErrDenied},
		"the same place twice":          {second(r.Propose(ctx, sys, "c3", o)), fault.ErrConflict},
		"without a reason":              {second(r.Propose(ctx, sys, "c4", places.Order{Host: "b.cn", Port: 1})), fault.ErrInvalid},
		"written wrongly":               {second(r.Propose(ctx, sys, "c5", places.Order{Why: "x"})), fault.ErrInvalid},
		"revoked without a reason":      {r.Revoke(ctx, sec, p.ID, " "), fault.ErrInvalid},
		"a handler does not look":       {second(r.All(ctx, handler)), fault.ErrDenied},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: got %v, want %v", name, c.err, c.want)
		}
	}
	must(t, r.Approve(ctx, sec, p.ID))
	must(t, r.Approve(ctx, sec, p.ID))
	if now := r.Approved(); len(now) != 1 || now[0].ApprovedBy.Person != sec.Person {
		t.Fatalf("%+v", r.Approved())
	}
	if again := open(t, x).Approved(); len(again) != 1 {
		t.Errorf("after a restart: %+v", again)
	}
	must(t, r.Revoke(ctx, sec, p.ID, "不再使用"))
	if len(r.Approved()) != 0 {
		t.Error("open after it was revoked")
	}
	_, err = r.Propose(ctx, sys, "c6", o)
	must(t, err)
	if all, err := r.All(ctx, sec); err != nil || len(all) != 2 {
		t.Errorf("%d places, %v", len(all), err)
	}
	x.Verify(t)
}

func second[T any](_ T, err error) error { return err }
