package desk_test

import (
	"errors"
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// reads holds that a matter is open to somebody at the desk, in lists and by its row, or in none of them.
func reads(t *testing.T, x *district.District, who desk.Caller, id name.ID, want bool) {
	t.Helper()
	m, err := x.Desk.Matter(ctx, who, id)
	if (err == nil) != want || err != nil && !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("%s of %s reads the matter: %v, want %v", who.Roles, who.Unit, err, want)
	}
	if want && slices.ContainsFunc(m.Acts, func(a desk.ActView) bool { return a.Refused == nil }) {
		t.Errorf("%s of %s may act on it: %+v", who.Roles, who.Unit, m.Acts[0].Act.Key)
	}
	page, err := x.Desk.Worklist(ctx, who, journal.Query{Streams: []name.ID{id}})
	if err != nil || (len(page.Rows) == 1) != want {
		t.Errorf("%s of %s has it in a list: %d, %v, want %v", who.Roles, who.Unit, len(page.Rows), err, want)
	}
}

// TestWhoeverSetsAnOrderReadsWhatItIsAbout: an order that a ladder raised opens the matter to the head of the supervision
// office, to read and nothing else, until it is withdrawn; other units gain nothing by it.
func TestWhoeverSetsAnOrderReadsWhatItIsAbout(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	head, handler := x.As(t, "supervision", "head", 0), x.As(t, "supervision", "handler", 0)
	reads(t, x, head, id, false)
	x.Forward(t, 6)
	page, err := x.Desk.Worklist(ctx, head, journal.Query{Kinds: []string{"supervision/order"}})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("%d orders, %v", len(page.Rows), err)
	}
	order := page.Rows[0].Stream
	reads(t, x, head, id, true)
	reads(t, x, handler, id, true)
	reads(t, x, x.As(t, "education", "head", 0), id, false)
	if v, err := x.Desk.Matter(ctx, head, order); err != nil || !slices.ContainsFunc(v.Related, func(r journal.Row) bool { return r.Stream == id }) {
		t.Errorf("the order does not lead to its matter: %+v, %v", v.Related, err)
	}
	if _, err := x.Desk.Act(ctx, head, desk.Do{Matter: id, Act: "acknowledge", With: map[string]string{}}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("the head may acknowledge it: %v", err)
	}
	x.Clock.Forward(1000)
	if _, err := x.Desk.Act(ctx, head, desk.Do{Matter: order, Act: "withdraw", Reason: "立错了"}); err != nil {
		t.Fatal(err)
	}
	reads(t, x, head, id, false)
	x.Verify(t)
}

// TestAnOrderSetByHandIsAboutWhatItNames, by number or by id, as far as whoever opens it may read that: nobody comes to read
// a matter by naming it. What was struck off stays open to whoever set it.
func TestAnOrderSetByHandIsAboutWhatItNames(t *testing.T) {
	x := district.New(t, day)
	id := promise(t, x, "housing")
	head, supervisor := x.As(t, "supervision", "head", 0), x.As(t, "supervision", "supervisor", 0)
	v, err := x.Desk.Matter(ctx, supervisor, id)
	if err != nil {
		t.Fatal(err)
	}
	set := func(who desk.Caller, about string) name.ID {
		t.Helper()
		x.Clock.Forward(1000)
		done, err := x.Desk.Start(ctx, who, desk.Do{Kind: "supervision/order", Act: "order", Reason: "领导批示",
			With: map[string]string{"title": "抓紧办理", "unit": "housing", "source": "instruction", "about": about}})
		if err != nil {
			t.Fatal(err)
		}
		return done.Matter
	}
	for _, about := range []string{v.Number, string(id), "", "长政督〔2023〕7号"} {
		o, err := x.Desk.Matter(ctx, supervisor, set(head, about))
		if err != nil || len(o.Linked(matter.RaisedBy)) != 0 || o.Fields["about"] != about {
			t.Errorf("a head links what they may not read by %q: %v, %v", about, o.Links, err)
		}
	}
	reads(t, x, head, id, false)
	order := set(supervisor, " "+v.Number)
	reads(t, x, head, id, true)
	housing, file := x.As(t, "housing", "head", 0), paper("答复")
	document := []matter.Evidence{{Kind: matter.Document, File: file.Hash.String(), Name: file.Name}}
	for _, step := range []struct {
		who desk.Caller
		do  desk.Do
	}{
		{housing, desk.Do{Act: "acknowledge", With: map[string]string{"person": string(housing.Person)}}},
		{housing, desk.Do{Act: "answer", With: map[string]string{"answer": "已落实"}, Evidence: document, Files: []journal.File{file}}},
		{x.As(t, "supervision", "checker", 0), desk.Do{Act: "check", With: map[string]string{"check-note": "属实"}}},
		{head, desk.Do{Act: "strike-off"}},
		{supervisor, desk.Do{Act: "archive"}},
	} {
		x.Clock.Forward(1000)
		step.do.Matter = order
		if _, err := x.Desk.Act(ctx, step.who, step.do); err != nil {
			t.Fatalf("%s: %v", step.do.Act, err)
		}
	}
	reads(t, x, head, id, true)
	x.Verify(t)
}
