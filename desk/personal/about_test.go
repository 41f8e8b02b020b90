//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package personal_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/personal"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// report files a report with everything that a door takes, of a person of whom each value is unique, and returns what was planted.
func report(t *testing.T, x *district.District, n int) (receipt string, id name.ID, planted []string) {
	t.Helper()
	r := doors.New(x.Desk)
	services, err := r.Services(ctx, pack.People)
	must(t, err)
	receipt = doors.NewReceipt(func(b []byte) {
		for i := range b {
			b[i] = byte(n)
		}
	})
	photo := journal.File{Name: fmt.Sprintf("photo-%d.txt", n), Media: "text/plain", Bytes: []byte(fmt.Sprint("bytes ", n))}
	photo.Hash = hashOf(photo.Bytes)
	f := doors.Filing{Service: services[n%len(services)].Code, Text: fmt.Sprintf("门前第%d块井盖松动，夜里响", n), Place: fmt.Sprintf("125.3%d,43.86", n), Address: fmt.Sprintf("和顺街%d号门前", n),
		Name: fmt.Sprintf("示例人%d", n), Phone: fmt.Sprintf("1390000%04d", n), Email: fmt.Sprintf("p%d@example.cn", n), Receipt: receipt, Door: services[n%len(services)].Door.Key}
	filed, err := r.File(ctx, desk.Nobody, pack.People, f)
	must(t, err)
	return receipt, filed.Matter, []string{f.Text, f.Place, f.Address, f.Name, f.Phone, f.Email, filed.Number}
}

// Everything that was planted of somebody stands in what they take away: what they wrote, the values, who looked, what they asked and was
// answered, holds and the rules of keeping.
func TestBar_A09_WhatSomebodyTakesAwayIsComplete(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	r, _, _ := room(t, x)
	officer := x.As(t, "services", "data-officer", 0)
	persons, planted, missing := 8, 0, 0
	for n := 1; n <= persons; n++ {
		receipt, id, want := report(t, x, n)
		p, err := doors.New(x.Desk).Follow(ctx, desk.Nobody, receipt)
		must(t, err)
		if p.Matter != id {
			t.Fatalf("the receipt leads to %s", p.Matter)
		}
		v, err := x.Desk.Reported(ctx, id)
		must(t, err)
		reason := fmt.Sprintf("核对地点第%d处", n)
		looker := x.As(t, v.Holder.Unit, "operator", 0)
		if _, err := x.Desk.Reveal(ctx, looker, desk.Unmask{Matter: id, Why: desk.ToVerify, Reason: reason}); err != nil {
			t.Fatal(err)
		}
		want = append(want, reason, string(desk.ToVerify), string(looker.Unit))
		h, err := r.Hold(ctx, officer, id, fmt.Sprintf("民事诉讼法第八十四条（%d）", n), "法院调取")
		must(t, err)
		want = append(want, h.Article)
		number, err := r.Ask(ctx, personal.Wish{Command: fmt.Sprint("ask-", n), What: "correct", Subject: string(id), About: v.Number, Asker: "示例人", Text: "电话写错了"})
		must(t, err)
		again, err := r.Ask(ctx, personal.Wish{Command: fmt.Sprint("ask-", n), What: "correct", Subject: string(id), About: v.Number, Asker: "示例人", Text: "电话写错了"})
		must(t, err)
		if number == "" || again != number {
			t.Errorf("the same form again opened %q after %q", again, number)
		}
		ground := fmt.Sprintf("已核对更正第%d件", n)
		answered(t, x, officer, id, ground)
		phone := fmt.Sprintf("1370000%04d", n)
		must(t, r.Correct(ctx, officer, id, "phone", phone))
		want = append(want[:4], append([]string{phone}, want[5:]...)...)
		want = append(want, number, ground, "更正", "办结后", "联系方式")
		a, err := r.About(ctx, id, true)
		must(t, err)
		b, err := personal.Export(a)
		must(t, err)
		for _, w := range want {
			planted++
			if !strings.Contains(string(b), w) {
				missing++
				t.Errorf("%q of person %d is not in what they take away", w, n)
			}
		}
		if strings.Contains(string(b), fmt.Sprintf("1390000%04d", n)) {
			t.Error("the number that was corrected is still there")
		}
		var back personal.About
		must(t, json.Unmarshal(b, &back))
		if len(back.Values) != 3 || len(back.Looks) != 1 || len(back.Requests) != 1 {
			t.Errorf("read again: %d values, %d looks, %d requests", len(back.Values), len(back.Looks), len(back.Requests))
		}
	}
	x.Verify(t)
	bar.Report(t, "A-09", "%d facts of %d persons planted, %d missing from what they take away; access, correction, erasure, restriction, withdrawal and explanation are each a request with a clock of 15 working days", planted, persons, missing)
}

// answered has the data officer answer the requests about a matter.
func answered(t *testing.T, x *district.District, officer desk.Caller, of name.ID, ground string) {
	t.Helper()
	yes := true
	page, err := x.Desk.Worklist(ctx, officer, journal.Query{Kinds: []string{personal.RequestKind}, Open: &yes, Facets: []journal.Facet{{Name: "subject", Text: string(of)}}, Limit: 10})
	must(t, err)
	for _, row := range page.Rows {
		_, err := x.Desk.Chain(ctx, officer, desk.Do{Matter: row.Stream, Act: "take"}, desk.Do{Act: "grant", With: map[string]string{"ground": ground}})
		must(t, err)
	}
	if len(page.Rows) == 0 {
		t.Error("the request waits for nobody")
	}
}

// Each right is a matter with its clock, whatever is asked.
func TestEachRightIsARequest(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	r, _, _ := room(t, x)
	_, id, _ := report(t, x, 1)
	for _, what := range []string{"copy", "correct", "erase", "restrict", "withdraw", "explain"} {
		if _, err := r.Ask(ctx, personal.Wish{What: what, Subject: string(id), Text: "请办理"}); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	all, err := r.Asked(ctx, string(id))
	must(t, err)
	if len(all) != 6 {
		t.Fatalf("%d requests", len(all))
	}
	for _, q := range all {
		if q.Due < x.Desk.Now()+15*24*time.Hour.Microseconds() || q.Due > x.Desk.Now()+30*24*time.Hour.Microseconds() {
			t.Errorf("%s is due at %d", q.What.ZH, q.Due)
		}
	}
	for what, w := range map[string]personal.Wish{"no-such-option": {What: "fly", Text: "x"}, "reason-missing": {What: "copy"}, "too-long": {What: "copy", Text: strings.Repeat("长", 501)}} {
		if _, err := r.Ask(ctx, w); code(err) != what {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Without more than a receipt the values are masked; with the number or the name that was left they stand in full.
func TestAReceiptAloneTellsNothing(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	r, _, _ := room(t, x)
	_, id, planted := report(t, x, 3)
	a, err := r.About(ctx, id, false)
	must(t, err)
	b, err := personal.Export(a)
	must(t, err)
	for _, v := range planted[3:6] {
		if strings.Contains(string(b), v) {
			t.Errorf("%s stands in full", v)
		}
	}
	for typed, want := range map[string]bool{planted[4]: true, "+86 139-0000-0003": true, planted[3]: true, " P3@Example.cn ": true, "": false, " ": false, "13900000004": false, "示": false, "139": false} {
		if got, err := r.Proves(ctx, id, typed); err != nil || got != want {
			t.Errorf("%q proves %v, %v", typed, got, err)
		}
	}
}

// What is restricted is shown to nobody until the restriction ends.
func TestWhatIsRestrictedIsShownToNobody(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	r, _, _ := room(t, x)
	officer, op := x.As(t, "services", "data-officer", 0), x.As(t, "hotline-centre", "call-operator", 1)
	id := call(t, x, false, map[string]string{"phone": "13800000000"})
	u := desk.Unmask{Matter: id, Why: desk.ToVerify, Reason: "核对"}
	must(t, r.Restrict(ctx, officer, id, "本人申请", true))
	must(t, r.Restrict(ctx, officer, id, "本人申请", true))
	if _, err := x.Desk.Reveal(ctx, op, u); code(err) != "unmask-restricted" {
		t.Errorf("shown while it is restricted: %v", err)
	}
	must(t, r.Restrict(ctx, officer, id, "本人撤回", false))
	if got, err := x.Desk.Reveal(ctx, op, u); err != nil || got["phone"] != "13800000000" {
		t.Errorf("afterwards: %v, %v", got, err)
	}
	if err := r.Restrict(ctx, op, id, "x", true); code(err) != "no-grant" {
		t.Errorf("an operator restricts: %v", err)
	}
	if err := r.Correct(ctx, officer, id, "caller", "谁"); code(err) != "not-personal" {
		t.Errorf("a field that holds nothing is corrected: %v", err)
	}
	x.Verify(t)
}
