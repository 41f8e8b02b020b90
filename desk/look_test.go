package desk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/kernel/matter"
)

// call takes a call and returns the matter.
func call(t *testing.T, x *district.District, phone, text string) desk.Done {
	t.Helper()
	done, err := x.Desk.Start(ctx, x.As(t, "hotline-centre", "call-operator", 1), desk.Do{Kind: "hotline/call", Act: "take",
		With: map[string]string{"title": text, "text": text, "phone": phone, "caller": "示例来电人"}})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// twice is a desk where two accounts are one natural person's.
type twice struct {
	desk.Rights
	one, other name.Person
	out        map[name.ID][]name.Person // who keeps out
}

func (w twice) KeepOut(id name.ID) []name.Person { return w.out[id] }

func (w twice) Same(p name.Person) []name.Person {
	if p == w.one || p == w.other {
		return []name.Person{w.one, w.other}
	}
	return []name.Person{p}
}

// Looks that are asked for at once are counted as those that come one after the other, and by all accounts of a person together.
func TestLooksAtOnceKeepTheBudget(t *testing.T) {
	x := district.New(t, day)
	id := call(t, x, "13800000000", "路灯不亮").Matter
	op, other := x.As(t, "hotline-centre", "call-operator", 1), x.As(t, "hotline-centre", "call-operator", 2)
	x.Desk.Heed(twice{Rights: x.Rights, one: op.Person, other: other.Person})
	var shown, refused atomic.Int64
	var all sync.WaitGroup
	for i := range desk.MostLooks + 10 {
		all.Go(func() {
			_, err := x.Desk.Reveal(ctx, []desk.Caller{op, other}[i%2], desk.Unmask{Matter: id, Fields: []string{"phone"}, Why: desk.ToHandle, Reason: "核对地点"})
			switch {
			case err == nil:
				shown.Add(1)
			case code(err) == "looks-too-many":
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if shown.Load() != desk.MostLooks || refused.Load() != 10 {
		t.Errorf("%d shown and %d refused of %d", shown.Load(), refused.Load(), desk.MostLooks+10)
	}
}

// The same number is found again however it was typed; the log knows neither the number nor its index, and that somebody
// looked stands in it.
func TestTheSameCallerIsFoundAgain(t *testing.T) {
	x := district.New(t, day)
	first := call(t, x, "13800000000", "路灯不亮")
	x.Clock.Forward(time.Minute)
	second := call(t, x, "+86 138-0000-0000", "路灯还是不亮")
	call(t, x, "13900000000", "停水")
	op := x.As(t, "hotline-centre", "call-operator", 2)
	rows, err := x.Desk.Earlier(ctx, op, "phone", "138 0000 0000")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].Stream != second.Matter || rows[1].Stream != first.Matter {
		t.Fatalf("found %d rows", len(rows))
	}
	for _, r := range rows {
		j, _ := json.Marshal(r)
		if strings.Contains(string(j), "13800000000") || strings.Contains(string(j), "0000") && strings.Contains(string(j), "138-") {
			t.Errorf("a row shows the number: %s", j)
		}
	}
	looks, err := x.Desk.Looks(ctx, op, first.Matter)
	if err != nil || len(looks) != 1 || looks[0].Person != op.Person || looks[0].Why != desk.ToCompare {
		t.Errorf("looks %+v, %v", looks, err)
	}
	for _, typed := range []string{"", "0000", "13700000000"} {
		if rows, err := x.Desk.Earlier(ctx, op, "phone", typed); err != nil || len(rows) != 0 {
			t.Errorf("%q found %d rows, %v", typed, len(rows), err)
		}
	}
	values, err := x.Store.PersonalOf(ctx, first.Matter)
	if err != nil {
		t.Fatal(err)
	}
	index := ""
	for _, v := range values {
		index += v.Blind
	}
	if len(index) != 64 {
		t.Fatalf("the blind index is %q", index)
	}
	entries, err := x.Store.Log(ctx, "220105", 0, 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if bytes.Contains(e.Body, []byte("13800000000")) || bytes.Contains(e.Body, []byte(index)) {
			t.Errorf("the log tells the number: %s", e.Body)
		}
	}
}

// A number is shown to whoever may, for a purpose, and the look is in the log; the matter stays at its version.
func TestALookIsKept(t *testing.T) {
	x := district.New(t, day)
	done := call(t, x, "13800000000", "路灯不亮")
	op := x.As(t, "hotline-centre", "call-operator", 1)
	for _, c := range []struct {
		name   string
		who    desk.Caller
		fields []string
		why    desk.Purpose
		kind   error
	}{
		{"without a purpose", op, []string{"phone"}, "", fault.ErrInvalid},
		{"a field that is not personal", op, []string{"title"}, desk.ToCallBack, fault.ErrInvalid},
		{"an office that has no part in it", x.As(t, "education", "handler", 0), []string{"phone"}, desk.ToCallBack, fault.ErrNotFound},
		{"somebody cleared for internal data only", x.As(t, "command-centre", "dispatcher", 1), []string{"phone"}, desk.ToCallBack, fault.ErrDenied},
	} {
		if _, err := x.Desk.Reveal(ctx, c.who, desk.Unmask{Matter: done.Matter, Fields: c.fields, Why: c.why, Reason: "回电核实"}); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if looks, err := x.Desk.Looks(ctx, op, done.Matter); err != nil || len(looks) != 0 {
		t.Fatalf("a refused look was kept: %v, %v", looks, err)
	}
	got, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Fields: []string{"phone", "caller", "caller-address"}, Why: desk.ToCallBack})
	if err != nil || got["phone"] != "13800000000" || got["caller"] != "示例来电人" || len(got) != 2 {
		t.Fatalf("revealed %v, %v", got, err)
	}
	looks, err := x.Desk.Looks(ctx, op, done.Matter)
	if err != nil || len(looks) != 1 || looks[0].Person != op.Person || looks[0].Why != desk.ToCallBack {
		t.Errorf("looks %+v, %v", looks, err)
	}
	for range desk.MostLooks - 1 {
		if _, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Fields: []string{"phone"}, Why: desk.ToHandle, Reason: "核对地点"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Fields: []string{"phone"}, Why: desk.ToHandle, Reason: "核对地点"}); code(err) != "looks-too-many" {
		t.Errorf("one look more than there may be in an hour: %v", err)
	}
	x.Clock.Forward(61 * time.Minute)
	if _, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Fields: []string{"phone"}, Why: desk.ToHandle, Reason: "核对地点"}); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	v, err := x.Desk.Matter(ctx, op, done.Matter)
	if err != nil || v.Version != done.Version {
		t.Errorf("version %d instead of %d, %v", v.Version, done.Version, err)
	}
}

// A chain is done whole or not at all.
func TestAChainIsOneTransaction(t *testing.T) {
	x := district.New(t, day)
	op := x.As(t, "hotline-centre", "call-operator", 1)
	take := desk.Do{Command: "c1", Kind: "hotline/call", Act: "take", With: map[string]string{"title": "停水", "phone": "13800000000"}}
	before, _, err := x.Store.Head(ctx, "220105")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Desk.Chain(ctx, op, take, desk.Do{Act: "send", With: map[string]string{"unit": "housing"}}); code(err) != "field-missing" {
		t.Fatalf("sent without a reason: %v", err)
	}
	if after, _, _ := x.Store.Head(ctx, "220105"); after != before {
		t.Fatalf("%d events of a refused chain were kept", after-before)
	}
	send := desk.Do{Act: "send", With: map[string]string{"unit": "housing", "why-unit": "二次供水归住建"}}
	done, err := x.Desk.Chain(ctx, op, take, send)
	if err != nil {
		t.Fatal(err)
	}
	v, err := x.Desk.Matter(ctx, op, done.Matter)
	if err != nil || v.State != "given" || v.Holder.Unit != "housing" || v.Version != 2 || done.Number == "" {
		t.Fatalf("state %s of %s at %d, %v", v.State, v.Holder.Unit, v.Version, err)
	}
	again, err := x.Desk.Chain(ctx, op, take, send)
	if err != nil || again.Matter != done.Matter {
		t.Errorf("the same command again: %v, %v", again, err)
	}
	if _, err := x.Desk.Chain(ctx, op, desk.Do{Matter: done.Matter, Version: 1, Act: "urge"}); code(err) != "late-version" {
		t.Errorf("an old version: %v", err)
	}
	if _, err := x.Desk.Chain(ctx, x.As(t, "education", "handler", 0), desk.Do{Matter: done.Matter, Act: "sign"}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("somebody else's: %v", err)
	}
	split := desk.Do{Command: "c2", Kind: "hotline/call", Act: "take", With: map[string]string{"title": "三件事", "text": "1、路灯不亮；2、停水；3、垃圾没人清"}}
	three, err := x.Desk.Chain(ctx, op, split, desk.Do{Act: "split", With: map[string]string{"demands": `[["路灯不亮","1、路灯不亮"],["停水","2、停水"],["垃圾没人清","3、垃圾没人清"]]`}},
		desk.Do{Act: "split-end", Reason: "一个电话三件事"})
	if err != nil {
		t.Fatal(err)
	}
	if m, err := x.Desk.Matter(ctx, op, three.Matter); err != nil || m.Phase != matter.Stopped || len(m.Related) != 3 {
		t.Errorf("phase %s, %d parts, %v", m.Phase, len(m.Related), err)
	}
	if len(three.Receipt.Streams) != 4 {
		t.Errorf("%d streams in the receipt", len(three.Receipt.Streams))
	}
}
