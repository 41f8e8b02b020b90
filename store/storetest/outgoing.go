package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// Notices is what keeps what people are told.
type Notices = notice.Keeper

// Hooks is what keeps how far subscriptions are.
type Hooks interface {
	HookAt(ctx context.Context, log name.District, hook name.ID) (notice.HookAt, error)
	PutHook(ctx context.Context, log name.District, hook name.ID, at notice.HookAt, all []notice.Delivery) error
	Deliveries(ctx context.Context, log name.District, hook name.ID, states []notice.State, after int64, limit int) ([]notice.Delivery, error)
	Lately(ctx context.Context, log name.District, hook name.ID, states []notice.State, limit int) ([]notice.Delivery, error)
	Rewind(ctx context.Context, log name.District, hook name.ID, seq int64) error
	DeliverAgain(ctx context.Context, log name.District, hook name.ID, seq, now int64) error
}

func notices(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	a, b := stream(1), stream(2)
	one := notice.Notice{ID: "1", Person: "li", About: notice.Assigned, At: 10, Stream: a, Facts: notice.Facts{Number: "W1", Kind: "works/site", Due: 99, Unit: "housing"}}
	two := notice.Notice{ID: "2", Person: "li", About: notice.Closed, At: 20, Stream: a}
	three := notice.Notice{ID: "3", Person: "li", About: notice.DueSoon, At: 30, Stream: b}
	other := notice.Notice{ID: "1", Person: "wang", About: notice.Assigned, At: 10, Stream: a}
	lamps := []notice.Relit{{Stream: a, Lamps: []notice.Lamp{{Stream: a, About: notice.DueSoon, At: 50}, {Stream: a, About: notice.Overdue, At: 60}}}}
	must(s.Tell(ctx, log, "notices", 5, notice.Told{Notices: []notice.Notice{one, two, other}, Lamps: lamps}))
	must(s.Tell(ctx, log, "notices", 6, notice.Told{Notices: []notice.Notice{one, three}}))
	if err := s.Tell(ctx, log, "notices", 6, notice.Told{Notices: []notice.Notice{{ID: "9", Person: "li", At: 9}}}); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("told by one who is behind: %v", err)
	}
	all, err := s.Notices(ctx, log, notice.Asked{Person: "li", Limit: 10})
	must(err)
	if want := []notice.Notice{three, two, one}; !reflect.DeepEqual(all, want) {
		t.Errorf("got %v\nwant %v", all, want)
	}
	page, err := s.Notices(ctx, log, notice.Asked{Person: "li", Before: 20, After: "2", Limit: 10})
	if must(err); len(page) != 1 || page[0].ID != "1" {
		t.Errorf("behind the second: %v", page)
	}
	if some, err := s.Notices(ctx, log, notice.Asked{Person: "li", About: []notice.About{notice.Closed, notice.DueSoon}, Unread: true, Limit: 1}); err != nil || len(some) != 1 || some[0].ID != "3" {
		t.Errorf("narrowed: %v, %v", some, err)
	}
	must(s.Tell(ctx, log, "notices", 7, notice.Told{Notices: []notice.Notice{{ID: "7.x", Person: "sun", About: notice.Assigned, At: 40, Stream: a}}, Over: []notice.Settled{{Stream: a, At: 40, But: "7."}}}))
	counts, err := s.Unread(ctx, log, "li")
	if must(err); !reflect.DeepEqual(counts, map[notice.About]int64{notice.Closed: 1, notice.DueSoon: 1}) {
		t.Errorf("after nothing is left to do: %v", counts)
	}
	if left, _ := s.Unread(ctx, log, "sun"); left[notice.Assigned] != 1 {
		t.Errorf("what the event itself told is over too: %v", left)
	}
	must(s.SetRead(ctx, log, "li", []string{"1"}, 0))
	must(s.SetRead(ctx, log, "wang", []string{"2"}, 1)) // not his
	if counts, _ = s.Unread(ctx, log, "li"); counts[notice.Assigned] != 1 || counts[notice.Closed] != 1 {
		t.Errorf("unread again: %v", counts)
	}
	must(s.SetRead(ctx, log, "li", nil, 25))
	if counts, _ = s.Unread(ctx, log, "li"); !reflect.DeepEqual(counts, map[notice.About]int64{notice.DueSoon: 1}) {
		t.Errorf("all that was told by 25 is read: %v", counts)
	}
	due, err := s.Lamps(ctx, log, 55, 10)
	if must(err); len(due) != 1 || due[0].At != 50 {
		t.Errorf("lamps by 55: %v", due)
	}
	must(s.Tell(ctx, log, "", 0, notice.Told{Gone: due}))
	must(s.Tell(ctx, log, "", 0, notice.Told{Lamps: []notice.Relit{{Stream: a, Lamps: []notice.Lamp{{Stream: a, About: notice.Overdue, At: 70}}}}}))
	if due, err = s.Lamps(ctx, log, 100, 10); err != nil || len(due) != 1 || due[0].At != 70 {
		t.Errorf("relit: %v, %v", due, err)
	}
	if old, err := s.OldReaches(ctx, log); err != nil || old != nil {
		t.Errorf("preferences of an older database: %v, %v", old, err)
	}
	if n, err := s.DropTold(ctx, log, 25, 10); err != nil || n != 3 {
		t.Errorf("dropped %d, %v; the first two of li were read, and that of wang was over", n, err)
	}
}

func postings(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var told notice.Told
	for i := range 3 {
		n := notice.Notice{ID: fmt.Sprint(i), Person: "li", About: notice.Assigned, At: int64(10 + i), Stream: stream(i)}
		told.Notices = append(told.Notices, n)
		told.Postings = append(told.Postings, notice.Posting{Notice: n.ID, Person: "li", Channel: notice.Mail, At: n.At, Due: int64(100 * (i + 1))})
	}
	must(s.Tell(ctx, log, "notices", 1, told))
	must(s.Tell(ctx, log, "notices", 2, told))
	waiting := notice.AskedPostings{States: []notice.State{notice.Waiting}, Until: 200, Limit: 10}
	due, err := s.Postings(ctx, log, waiting)
	if must(err); len(due) != 2 || due[0].Of.About != notice.Assigned || due[1].Notice != "1" {
		t.Fatalf("due by 200: %+v", due)
	}
	must(s.Claim(ctx, log, "b1", due))
	if err := s.Claim(ctx, log, "b2", due[1:]); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("claimed twice: %v", err)
	}
	must(s.Settle(ctx, log, "b1", notice.Waiting, 150, "busy"))
	due, err = s.Postings(ctx, log, waiting)
	if must(err); len(due) != 2 || due[0].Tries != 1 || due[0].Due != 150 || due[0].Why != "busy" {
		t.Fatalf("after a failure: %+v", due)
	}
	must(s.Claim(ctx, log, "b3", due))
	if n, err := s.Unsettled(ctx, log); err != nil || n != 2 {
		t.Errorf("%d unsettled, %v", n, err)
	}
	must(s.Settle(ctx, log, "b3", notice.Sent, 0, "")) // too late: nobody knows
	counts, err := s.CountPostings(ctx, log)
	if must(err); !reflect.DeepEqual(counts, map[notice.State]int64{notice.Unsure: 2, notice.Waiting: 1}) {
		t.Errorf("%v", counts)
	}
	must(s.SendAgain(ctx, log, "b3", 160))
	if err := s.SendAgain(ctx, log, "b3", 160); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("again and again: %v", err)
	}
	due, err = s.Postings(ctx, log, waiting)
	if must(err); len(due) != 2 || due[0].Tries != 0 || due[0].Due != 160 {
		t.Fatalf("again: %+v", due)
	}
	must(s.Claim(ctx, log, "b4", due))
	must(s.Settle(ctx, log, "b4", notice.Sent, 0, ""))
	if counts, _ = s.CountPostings(ctx, log); counts[notice.Sent] != 2 {
		t.Errorf("%v", counts)
	}
}

func hooks(t *testing.T, open Open) {
	s, ctx := open(t, t.TempDir()), context.Background()
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h := stream(1)
	if at, err := s.HookAt(ctx, log, h); err != nil || at != (notice.HookAt{}) {
		t.Errorf("%v, %v", at, err)
	}
	var all []notice.Delivery
	for seq := int64(1); seq <= 5; seq++ {
		all = append(all, notice.Delivery{Hook: h, Seq: seq, Stream: stream(int(seq)), State: notice.Sent, Tries: 1, Status: 200, At: 10 * seq})
	}
	all[2].State, all[2].Why, all[2].Status = notice.Failed, "no", 400
	must(s.PutHook(ctx, log, h, notice.HookAt{Seq: 5, Fails: 2, Until: 70}, all))
	if at, err := s.HookAt(ctx, log, h); err != nil || at != (notice.HookAt{Seq: 5, Fails: 2, Until: 70}) {
		t.Errorf("%v, %v", at, err)
	}
	dead, err := s.Deliveries(ctx, log, h, []notice.State{notice.Failed}, 0, 10)
	if must(err); !reflect.DeepEqual(dead, all[2:3]) {
		t.Errorf("dead letters: %+v", dead)
	}
	if last, err := s.Lately(ctx, log, h, nil, 2); err != nil || len(last) != 2 || last[0].Seq != 5 {
		t.Errorf("lately: %+v, %v", last, err)
	}
	must(s.DeliverAgain(ctx, log, h, 3, 80))
	if err := s.DeliverAgain(ctx, log, h, 9, 80); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("again what never was: %v", err)
	}
	if w, err := s.Deliveries(ctx, log, h, []notice.State{notice.Waiting, notice.Sending}, 0, 10); err != nil || len(w) != 1 || w[0].Seq != 3 || w[0].Tries != 0 || w[0].Due != 80 {
		t.Errorf("waits again: %+v, %v", w, err)
	}
	must(s.Rewind(ctx, log, h, 2))
	if at, _ := s.HookAt(ctx, log, h); at != (notice.HookAt{Seq: 2}) {
		t.Errorf("rewound to %v", at)
	}
	if rest, _ := s.Deliveries(ctx, log, h, nil, 0, 10); len(rest) != 2 {
		t.Errorf("%d deliveries are left", len(rest))
	}
	must(s.Rewind(ctx, log, h, 4))
	if at, _ := s.HookAt(ctx, log, h); at.Seq != 2 {
		t.Errorf("rewinding goes forward to %d", at.Seq)
	}
}
