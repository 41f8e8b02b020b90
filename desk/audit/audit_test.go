package audit_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/audit"
	"bihuan/desk/proof"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/note"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
)

func stand(t *testing.T) (*district.District, *audit.Room) {
	t.Helper()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	signer, err := note.NewSigner("bihuan/220105", note.SM2, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return x, audit.New(x.Desk, x.Store, proof.New(x.Store, proof.Config{District: x.Desk.District(), Now: x.Desk.Now, Signer: signer, Chance: rand.Reader}))
}

var ctx = context.Background()

func TestTheAuditorSeesWhoAndNotWhat(t *testing.T) {
	x, r := stand(t)
	auditor, office := x.As(t, "audit", "auditor", 0), x.As(t, "office", "issuer", 0)
	if _, err := x.Desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "秘密的任务", "unit": "housing", "due": "2023-12-31"}}); err != nil {
		t.Fatal(err)
	}
	page, err := r.Search(ctx, auditor, audit.Ask{Topic: audit.Matters, Person: office.Person})
	if err != nil || len(page.Records) != 1 || page.Records[0].Body != "" || page.Records[0].Actor.Person != office.Person {
		t.Fatalf("%+v %v", page, err)
	}
	again, err := r.Search(ctx, auditor, audit.Ask{Type: "audit.read"})
	if err != nil || len(again.Records) != 2 || !strings.Contains(again.Records[1].Body, string(office.Person)) {
		t.Errorf("the questions themselves are not on record: %+v %v", again, err)
	}
	x.Verify(t, audit.Keep)
	for _, column := range []string{"person", "unit", "opened"} {
		if !x.Sees(t, "audit/read", column, "7", audit.Keep) {
			t.Errorf("a question says 7 in %s, and nobody finds it", column)
		}
	}
}

func TestAQuestionIsOnRecordBeforeItIsAnswered(t *testing.T) {
	x, _ := stand(t)
	auditor := x.As(t, "audit", "auditor", 0)
	s := &watched{Store: x.Store}
	r := audit.New(x.Desk, s, nil)
	s.before = func() {
		if page, err := x.Store.Trail(ctx, journal.Trail{Log: "220105", Types: []string{"audit.read"}}); err != nil || len(page.Entries) != 1 {
			t.Errorf("answered before: %d on record, %v", len(page.Entries), err)
		}
	}
	if _, err := r.Search(ctx, auditor, audit.Ask{}); err != nil || s.asked != 1 {
		t.Errorf("asked %d times, %v", s.asked, err)
	}
}

// watched tells when the store is asked for a trail.
type watched struct {
	audit.Store
	before func()
	asked  int
}

func (w *watched) Trail(ctx context.Context, q journal.Trail) (journal.Trace, error) {
	w.asked++
	w.before()
	return w.Store.Trail(ctx, q)
}

func TestNobodyElseDoesWhatTheAuditorDoes(t *testing.T) {
	x, r := stand(t)
	for _, who := range []desk.Caller{desk.Nobody, x.As(t, "services", "sysadmin", 0), x.As(t, "services", "secadmin", 0), x.As(t, "office", "issuer", 0)} {
		for what, err := range map[string]error{
			"search":  func() error { _, err := r.Search(ctx, who, audit.Ask{}); return err }(),
			"state":   func() error { _, err := r.State(ctx, who); return err }(),
			"sign":    r.Sign(ctx, who),
			"examine": func() error { _, err := r.Examine(ctx, who); return err }(),
			"find":    func() error { _, err := r.Findings(ctx, who, true); return err }(),
			"open":    func() error { _, err := r.Open(ctx, who, "c", map[string]string{"title": "x"}); return err }(),
			"settle":  func() error { _, err := r.Settle(ctx, who, "220105-x", "c", "close", "x"); return err }(),
		} {
			if !errors.Is(err, fault.ErrDenied) && !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("%v %s: %v", who.Roles, what, err)
			}
		}
	}
	if _, err := r.Reads(ctx, x.As(t, "audit", "auditor", 0), 0); err == nil {
		t.Error("the auditor watches the auditor")
	}
	if _, err := r.Reads(ctx, x.As(t, "services", "sysadmin", 0), 0); err != nil {
		t.Errorf("the system administrator does not: %v", err)
	}
}
