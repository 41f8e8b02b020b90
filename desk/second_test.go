package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
)

// tip takes a call of somebody who asks to be kept secret, and sends it to a unit.
func tip(t *testing.T, x *district.District) name.ID {
	t.Helper()
	op := x.As(t, "hotline-centre", "call-operator", 1)
	done, err := x.Desk.Chain(ctx, op, desk.Do{Kind: "hotline/call", Act: "take", With: map[string]string{"title": "工地夜间施工", "demand": "tip", "caller": "示例举报人", "phone": "13800000000", "secret": "yes"}},
		desk.Do{Act: "send", With: map[string]string{"unit": "housing", "why-unit": "施工归住建"}})
	if err != nil {
		t.Fatal(err)
	}
	return done.Matter
}

// Everybody reads an alias where somebody asked to be kept secret: the same within a matter, another in the next.
func TestASecretReporterHasAnAlias(t *testing.T) {
	x := district.New(t, day)
	one, two := tip(t, x), tip(t, x)
	op := x.As(t, "hotline-centre", "call-operator", 1)
	alias := func(who desk.Caller, id name.ID) string {
		t.Helper()
		values, err := x.Desk.Masked(ctx, who, id)
		if err != nil || len(values) != 2 {
			t.Fatalf("%v, %v", values, err)
		}
		for _, v := range values {
			if !v.High || v.Shown != values[0].Shown || !strings.HasPrefix(v.Shown, "化名-") {
				t.Errorf("%s shows %q", v.Field.Key, v.Shown)
			}
		}
		return values[0].Shown
	}
	first := alias(op, one)
	if head := alias(x.As(t, "housing", "head", 0), one); head != first {
		t.Errorf("another alias for another reader: %s and %s", first, head)
	}
	if alias(op, two) == first {
		t.Error("two reports of one person have one alias")
	}
}

// Whoever types the number of somebody they suspect does not learn whether it is who asked to be kept secret; of others it still tells.
func TestASecretReporterIsNotFoundByTheirNumber(t *testing.T) {
	x := district.New(t, day)
	tip(t, x)
	op := x.As(t, "hotline-centre", "call-operator", 1)
	for what, who := range map[string]desk.Caller{"the head of the unit that has it": x.As(t, "housing", "head", 0), "a leader": x.As(t, "government", "leader", 0), "a call operator": op} {
		if rows, err := x.Desk.Earlier(ctx, who, "phone", "13800000000"); err != nil || len(rows) != 0 {
			t.Errorf("%s finds %d rows, %v", what, len(rows), err)
		}
	}
	plain := call(t, x, "13800000000", "路灯不亮")
	if rows, err := x.Desk.Earlier(ctx, op, "phone", "13800000000"); err != nil || len(rows) != 1 || rows[0].Stream != plain.Matter {
		t.Errorf("of both %d rows are found, %v", len(rows), err)
	}
	if looks, _, err := x.Desk.AllLooks(ctx, x.As(t, "audit", "auditor", 0), desk.LookQuery{}); err != nil || len(looks) != 1 || len(looks[0].Of) != 1 {
		t.Errorf("looks %+v, %v", looks, err)
	}
}

// A secret reporter is shown once, to who asked, after somebody else agreed, and the auditor is told.
func TestASecretReporterIsShownByTwo(t *testing.T) {
	x := district.New(t, day)
	id := tip(t, x)
	op, second := x.As(t, "hotline-centre", "call-operator", 1), x.As(t, "housing", "head", 0)
	u := desk.Unmask{Matter: id, Why: desk.ToHandle, Reason: "需到场辨认地点"}
	if _, err := x.Desk.Reveal(ctx, op, u); code(err) != "second-missing" {
		t.Fatalf("shown to one alone: %v", err)
	}
	asked, err := x.Desk.AskSecond(ctx, op, u)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		who  desk.Caller
		want string
	}{"the one who asked": {op, "no-grant"}, "a handler": {x.As(t, "housing", "handler", 0), "no-grant"}} {
		if err := x.Desk.Agree(ctx, c.who, asked); code(err) != c.want {
			t.Errorf("%s agrees: %v", what, err)
		}
	}
	if err := x.Desk.Agree(ctx, x.As(t, "education", "head", 0), asked); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the head of another unit agrees: %v", err)
	}
	agent := second // somebody else, in the name of who asked
	agent.Person, agent.For = "housing-agent", op.Person
	if err := x.Desk.Agree(ctx, agent, asked); code(err) != "in-person" {
		t.Errorf("agreed in the name of who asked: %v", err)
	}
	if err := x.Desk.Agree(ctx, second, asked); err != nil {
		t.Fatal(err)
	}
	if err := x.Desk.Agree(ctx, second, asked); code(err) != "second-done" {
		t.Errorf("agreed twice: %v", err)
	}
	if _, err := x.Desk.Reveal(ctx, x.As(t, "hotline-centre", "call-operator", 2), u); code(err) != "second-missing" {
		t.Errorf("shown to somebody who did not ask: %v", err)
	}
	got, err := x.Desk.Reveal(ctx, op, u)
	if err != nil || got["caller"] != "示例举报人" {
		t.Fatalf("%v, %v", got, err)
	}
	if _, err := x.Desk.Reveal(ctx, op, u); code(err) != "second-missing" {
		t.Errorf("shown twice for one agreement: %v", err)
	}
	auditor := x.As(t, "audit", "auditor", 0)
	alerts, err := x.Desk.Alerts(ctx, auditor)
	if err != nil || len(alerts) != 1 || alerts[0].Cause != desk.AlertSecret || alerts[0].Person != op.Person {
		t.Errorf("alerts %+v, %v", alerts, err)
	}
	looks, _, err := x.Desk.AllLooks(ctx, auditor, desk.LookQuery{})
	if err != nil || len(looks) != 1 || looks[0].Second != second.Person || looks[0].Reason != u.Reason || looks[0].Of[0] == string(id) {
		t.Errorf("looks %+v, %v", looks, err)
	}
	// An agreement that nobody used ends.
	if asked, err = x.Desk.AskSecond(ctx, op, u); err == nil {
		err = x.Desk.Agree(ctx, second, asked)
	}
	if err != nil {
		t.Fatal(err)
	}
	x.Clock.Forward(25 * time.Hour)
	if _, err := x.Desk.Reveal(ctx, op, u); code(err) != "second-missing" {
		t.Errorf("an agreement of yesterday: %v", err)
	}
	x.Verify(t)
}
