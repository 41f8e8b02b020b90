package agenda_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/agenda"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/internal/district"
)

// TestAddress: an address is given once, reads only what waits for its owner, and ends when another is given, when it is
// ended, and for whoever guesses.
func TestAddress(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	t.Cleanup(func() { x.Verify(t, agenda.Keep) })
	room := agenda.New(x.Desk, x.Store, func(b []byte) { rand.Read(b) })
	office, head, other := x.As(t, "office", "issuer", 0), x.As(t, "housing", "head", 0), x.As(t, "water", "head", 0)
	done, err := x.Desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "试行任务", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)

	if _, there, err := room.Mine(ctx, head); there || err != nil {
		t.Fatalf("before: %v, %v", there, err)
	}
	_, first, err := room.Renew(ctx, head)
	must(t, err)
	who, all, err := room.Read(ctx, first)
	if err != nil || who.Person != head.Person || len(all) == 0 || all[0].Matter != done.Matter || all[0].Title != "试行任务" {
		t.Fatalf("%v reads %v, %v", who.Person, all, err)
	}
	_, others, err := room.Renew(ctx, other)
	must(t, err)
	if _, all, err := room.Read(ctx, others); err != nil || len(all) != 0 {
		t.Errorf("another unit reads %v, %v", all, err)
	}

	_, second, err := room.Renew(ctx, head)
	must(t, err)
	gone := func(what, secret string) {
		t.Helper()
		if _, _, err := room.Read(ctx, secret); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	gone("the address before", first)
	gone("a guess", strings.Repeat("0", len(first)))
	gone("nonsense", "../../etc/passwd")
	gone("nothing", "")
	if _, all, err := room.Read(ctx, second); err != nil || len(all) == 0 {
		t.Errorf("the new address reads %v, %v", all, err)
	}
	must(t, room.End(ctx, head))
	must(t, room.End(ctx, head))
	gone("an ended address", second)
	if _, there, err := room.Mine(ctx, head); there || err != nil {
		t.Errorf("after: %v, %v", there, err)
	}
	_, third, err := room.Renew(ctx, head)
	must(t, err)
	if _, _, err := room.Read(ctx, third); err != nil {
		t.Error(err)
	}
	if _, _, err := room.Renew(ctx, desk.Nobody); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("nobody gets an address: %v", err)
	}
	x.Verify(t)
}

// TestAnAddressGoesByWhatIsHeld: a role that was revoked shows nothing from then on, and without any role there is no address.
func TestAnAddressGoesByWhatIsHeld(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	t.Cleanup(func() { x.Verify(t, agenda.Keep) })
	room := agenda.New(x.Desk, x.Store, func(b []byte) { rand.Read(b) })
	head := x.As(t, "housing", "head", 0)
	_, err := x.Desk.Start(ctx, x.As(t, "office", "issuer", 0), desk.Do{Kind: "promise/promise", With: map[string]string{"title": "试行任务", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)
	_, secret, err := room.Renew(ctx, head)
	must(t, err)
	if who, all, err := room.Read(ctx, secret); err != nil || len(all) == 0 || !who.Has("head") {
		t.Fatalf("with the role: %v, %v, %v", who.Roles, all, err)
	}
	for _, role := range x.Desk.RolesNow(head.Person) {
		must(t, x.Rights.Revoke(ctx, x.As(t, "services", "secadmin", 0), head.Person, role, "调离"))
	}
	if _, _, err := room.Read(ctx, secret); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("without a role: %v", err)
	}
}

// TestDeadlines: the key of a deadline stays and its count of moves grows when it is extended.
func TestDeadlines(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	t.Cleanup(func() { x.Verify(t, agenda.Keep) })
	office, head := x.As(t, "office", "issuer", 0), x.As(t, "housing", "head", 0)
	done, err := x.Desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "试行任务", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)
	due := func() (key, day string, moved int) {
		t.Helper()
		all, err := x.Desk.Deadlines(ctx, head)
		must(t, err)
		for i := range all {
			if all[i].Clock.Until != "" {
				return all[i].Key(), all[i].Clock.DueDate.String(), all[i].Moved()
			}
		}
		t.Fatal("no date runs")
		return
	}
	key, day, moved := due()
	if day != "2023-12-31" || moved != 0 || !strings.HasPrefix(key, string(done.Matter)) {
		t.Errorf("%s due %s, moved %d times", key, day, moved)
	}
	_, err = x.Desk.Act(ctx, head, desk.Do{Matter: done.Matter, Act: "acknowledge", With: map[string]string{"person": string(head.Person)}})
	must(t, err)
	_, err = x.Desk.Act(ctx, x.As(t, "office", "head", 0), desk.Do{Matter: done.Matter, Act: "extend", Reason: "雨季", Clock: "due", Until: "2024-01-20"})
	must(t, err)
	again, later, moved := due()
	if again != key || later != "2024-01-20" || moved != 1 {
		t.Errorf("%s due %s, moved %d times; before %s", again, later, moved, key)
	}
}

// TestWhatWaitsForADecisionStandsInTheCalendar: whoever may decide an act that was asked for has the last day for it, whoever works on the
// matter has not, and it goes once it is decided.
func TestWhatWaitsForADecisionStandsInTheCalendar(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	t.Cleanup(func() { x.Verify(t, agenda.Keep) })
	office, head, leader := x.As(t, "office", "issuer", 0), x.As(t, "housing", "head", 0), x.As(t, "government", "leader", 0)
	done, err := x.Desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "试行任务", "unit": "housing", "due": "2023-12-31"}})
	must(t, err)
	days := func(who desk.Caller) (all []string) {
		t.Helper()
		deadlines, err := x.Desk.Deadlines(ctx, who)
		must(t, err)
		for _, l := range deadlines {
			all = append(all, l.Clock.Key+" "+l.Clock.DueDate.String())
		}
		return all
	}
	before := days(head)
	_, err = x.Desk.Act(ctx, office, desk.Do{Matter: done.Matter, Act: "ask-adjust", With: map[string]string{"due": "2024-01-31"}, Reason: "材料供应推迟"})
	must(t, err)
	if got := days(leader); !slices.Equal(got, []string{"decide 2023-03-06"}) {
		t.Errorf("the leader's calendar: %q", got)
	}
	if got := days(head); !slices.Equal(got, before) {
		t.Errorf("the unit's calendar: %q, before %q", got, before)
	}
	m, err := x.Desk.Matter(ctx, leader, done.Matter)
	must(t, err)
	_, err = x.Desk.Act(ctx, leader, desk.Do{Matter: done.Matter, Act: "decline-adjust", Reason: "年内完成", Version: m.Version})
	must(t, err)
	if got := days(leader); len(got) != 0 {
		t.Errorf("decided, and in the leader's calendar: %q", got)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
