//go:build !race

package desk_test

import (
	"bytes"
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

// TestAnAnswerNeedsTheHead: a handler's answer has not gone out before the head signs it. An order of a version under which a handler answered alone goes on
// as it was opened, and asks for the head once it is moved.
func TestAnAnswerNeedsTheHead(t *testing.T) {
	x := district.New(t, day)
	supervisor, handler, head := x.As(t, "supervision", "supervisor", 0), x.As(t, "housing", "handler", 0), x.As(t, "housing", "head", 0)
	file := paper("答复")
	document := []matter.Evidence{{Kind: matter.Document, File: file.Hash.String(), Name: file.Name}}
	does := func(who desk.Caller, id name.ID, act, want string) {
		t.Helper()
		x.Clock.Forward(1000)
		do := desk.Do{Matter: id, Act: act}
		switch act {
		case "acknowledge":
			do.With = map[string]string{"person": string(handler.Person)}
		case "answer", "submit-answer":
			do.With, do.Evidence, do.Files = map[string]string{"answer": "已落实"}, document, []journal.File{file}
		}
		if _, err := x.Desk.Act(ctx, who, do); code(err) != want || want == "" && err != nil {
			t.Errorf("%s by %s: %v, want %q", act, who.Person, err, want)
		}
	}
	adopt(t, x, func(b []byte) []byte { // the handler alone, as before 1.1.0
		before, answer, _ := bytes.Cut(b, []byte("- act: answer\n"))
		return slices.Concat(before, []byte("- act: answer\n"), bytes.Replace(answer, []byte("by: [holder/head]"), []byte("by: [holder/handler, holder/head]"), 1))
	})
	var ids []name.ID
	for range 2 {
		x.Clock.Forward(1000)
		done, err := x.Desk.Start(ctx, supervisor, desk.Do{Kind: "supervision/order", Act: "order", With: map[string]string{"title": "抓紧办理", "unit": "housing", "source": "instruction"}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, done.Matter)
		does(handler, done.Matter, "acknowledge", "")
	}
	adopt(t, x, func(b []byte) []byte { return b })
	does(handler, ids[0], "answer", "") // as it was opened
	if v, err := x.Desk.MoveAs(ctx, name.System, "supervision", "新办法施行"); err != nil || v.Moved != 2 || len(v.Stuck) != 0 {
		t.Fatalf("moved: %+v, %v", v, err)
	}
	does(handler, ids[1], "answer", "not-your-part")
	does(handler, ids[1], "submit-answer", "")
	does(handler, ids[1], "sign-answer", "not-your-part")
	does(head, ids[1], "sign-answer", "")
	if m, err := x.Desk.Matter(ctx, supervisor, ids[1]); err != nil || m.State != "answered" || m.Fields["signed-by"] != string(head.Person) {
		t.Errorf("%s, signed by %s: %v", m.State, m.Fields["signed-by"], err)
	}
	x.Verify(t)
}
