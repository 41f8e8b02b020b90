package personal_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/personal"
	"bihuan/desk/search"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

var (
	ctx = context.Background()
	day = calendar.NewDate(2023, 10, 16)
)

// room stands up the room beside a district, with an index of full text and logs that only the test sees.
func room(t *testing.T, x *district.District) (*personal.Room, *search.Room, *bytes.Buffer) {
	t.Helper()
	var lines bytes.Buffer
	index, err := search.Open(ctx, x.Desk, x.Store)
	must(t, err)
	x.Desk.FindBy(index)
	slog.New(slog.NewTextHandler(&lines, nil)).Info("begun")
	return personal.New(x.Desk, x.Store, rules(t), index, nil), index, &lines
}

func rules(t *testing.T) pack.Retention {
	t.Helper()
	r, err := pack.ReadRetention(packs.FS)
	must(t, err)
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(err error) string {
	var r *fault.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// call takes a call of somebody; answered closes it at once.
func call(t testing.TB, x *district.District, answered bool, with map[string]string) name.ID {
	t.Helper()
	op := x.As(t, "hotline-centre", "call-operator", 1)
	with["title"] = "路灯不亮"
	if !answered {
		done, err := x.Desk.Start(ctx, op, desk.Do{Kind: "hotline/call", Act: "take", With: with})
		must(t, err)
		return done.Matter
	}
	with["demand"], with["answer"] = "question", "请拨打市政热线"
	done, err := x.Desk.Start(ctx, op, desk.Do{Kind: "hotline/call", Act: "tell", With: with})
	must(t, err)
	_, err = x.Desk.Act(ctx, op, desk.Do{Matter: done.Matter, Act: "tell-close", With: map[string]string{"rating": "good"}})
	must(t, err)
	return done.Matter
}

// scan counts in how many places of the district's files any of the needles stands.
func scan(t testing.TB, needles [][]byte, files ...string) (hits int) {
	t.Helper()
	for _, path := range files {
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		must(t, err)
		for _, n := range needles {
			if c := bytes.Count(b, n); c > 0 {
				hits += c
				t.Errorf("%s holds %d times %.40q", filepath.Base(path), c, n)
			}
		}
	}
	return hits
}

// exported is every list that an export would write.
func exported(t *testing.T, x *district.District) []byte {
	t.Helper()
	var b bytes.Buffer
	q := journal.Query{Limit: 500, Order: journal.ByOpened}
	for {
		page, err := x.Desk.Worklist(ctx, x.As(t, "hotline-centre", "call-operator", 1), q)
		must(t, err)
		for _, r := range page.Rows {
			fmt.Fprintln(&b, r.Title, r.Number, string(r.Body), r.Facets)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return b.Bytes()
		}
	}
}

// unreadable opens an old copy with the district's key and the newest list of persons' keys, and counts the values that nothing opens.
func unreadable(t *testing.T, x *district.District, path string, ids []name.ID) (lost int) {
	t.Helper()
	st, err := store.Open(path, store.Options{})
	must(t, err)
	defer st.Close()
	if keys, err := st.Keys(ctx, "220105", "", 500); err != nil || len(keys) > 0 {
		t.Errorf("the copy holds %d keys, %v", len(keys), err)
	}
	living, err := x.Store.Keys(ctx, "220105", "", 500)
	must(t, err)
	must(t, st.PutKeys(ctx, "220105", living))
	for _, id := range ids {
		values, err := st.PersonalOf(ctx, id)
		must(t, err)
		if len(values) == 0 {
			t.Errorf("the copy holds nothing of %s: the test shows nothing", id)
		}
		for _, v := range values {
			env, err := base64.RawStdEncoding.DecodeString(v.Value)
			must(t, err)
			for _, k := range living {
				key, err := x.Keys.Unwrap("220105", k.Subject, k.Under, k.Wrapped)
				must(t, err)
				if _, err := seal.Open(key, seal.Place{Log: "220105", Subject: id, Field: v.Field}, env); err == nil {
					t.Errorf("a key that is left opens %s of %s", v.Field, id)
				}
			}
			lost++
		}
	}
	return lost
}

// A part of what is held goes: the rest is read as before, under another key.
func TestWhatStaysIsSealedAnew(t *testing.T) {
	x := district.New(t, day)
	r, _, _ := room(t, x)
	id := call(t, x, true, map[string]string{"caller": "示例来电人", "phone": "13800000000"})
	before, err := x.Store.KeyOf(ctx, id)
	must(t, err)
	x.Clock.Forward(61 * 24 * time.Hour)
	e, err := r.Erase(ctx, x.As(t, "services", "data-officer", 0), id, []string{"phone"})
	must(t, err)
	if !slices.Equal(e.Fields, []string{"phone"}) || len(e.Against) != 0 {
		t.Fatalf("erased %+v", e)
	}
	held, err := x.Desk.Held(ctx, id)
	must(t, err)
	if len(held) != 1 || held["caller"] != "示例来电人" {
		t.Errorf("what stays: %v", held)
	}
	after, err := x.Store.KeyOf(ctx, id)
	must(t, err)
	if bytes.Equal(before.Wrapped, after.Wrapped) {
		t.Error("the key is the old one: copies still tell the number")
	}
	if found, err := r.HoldingPhone(ctx, x.As(t, "services", "data-officer", 0), "13800000000"); err != nil || len(found) != 0 {
		t.Errorf("the number is still found: %v, %v", found, err)
	}
	v, err := x.Desk.Matter(ctx, x.As(t, "hotline-centre", "call-operator", 1), id)
	must(t, err)
	shown, err := x.Desk.MaskedOf(ctx, &v.Matter)
	must(t, err)
	for _, v := range shown {
		if want := map[string]string{"caller": "****", "phone": ""}[v.Field.Key]; v.Field.Key == "phone" && v.Shown != want {
			t.Errorf("%s shows %q", v.Field.Key, v.Shown)
		}
	}
	x.Verify(t)
}

// Of somebody who asks for all that is held of them the officer finds every matter by the number, in whatever form it is typed, and erases what may
// go at once; that they looked stands with each matter. Nobody else finds anybody so.
func TestAllThatIsHeldOfSomebody(t *testing.T) {
	x := district.New(t, day)
	r, _, _ := room(t, x)
	officer := x.As(t, "services", "data-officer", 0)
	first := call(t, x, true, map[string]string{"phone": "13800000000", "caller": "示例来电人"})
	second := call(t, x, true, map[string]string{"phone": "+86 138-0000-0000"})
	open := call(t, x, false, map[string]string{"phone": "13800000000"})
	call(t, x, true, map[string]string{"phone": "13900000000"})
	if _, err := r.HoldingPhone(ctx, x.As(t, "hotline-centre", "call-operator", 1), "13800000000"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("somebody else found them: %v", err)
	}
	found, err := r.HoldingPhone(ctx, officer, "138 0000 0000")
	must(t, err)
	var ids []name.ID
	for _, s := range found {
		ids = append(ids, s.ID)
	}
	if len(ids) != 3 || !slices.Contains(ids, first) || !slices.Contains(ids, second) || !slices.Contains(ids, open) {
		t.Fatalf("found %v", ids)
	}
	looks, err := x.Desk.Looks(ctx, x.As(t, "hotline-centre", "call-operator", 1), first)
	must(t, err)
	if len(looks) == 0 || looks[0].Why != desk.ToAnswer || looks[0].Person != officer.Person {
		t.Errorf("looks: %+v", looks)
	}
	x.Clock.Forward(61 * 24 * time.Hour)
	n, err := r.EraseMany(ctx, officer, ids)
	must(t, err)
	if found, err = r.HoldingPhone(ctx, officer, "13800000000"); err != nil || n != 3 || len(found) != 1 || found[0].ID != open {
		t.Errorf("%d values went, still found: %v, %v", n, found, err)
	}
	x.Verify(t)
}

// What the law asks to be kept, a case that is under way and a hold go before a wish, and the asker is told which and until when.
func TestWhatStandsAgainstErasing(t *testing.T) {
	x := district.New(t, day)
	r, _, _ := room(t, x)
	officer := x.As(t, "services", "data-officer", 0)
	open := call(t, x, false, map[string]string{"phone": "13800000000"})
	closed := call(t, x, true, map[string]string{"phone": "13800000000", "caller": "示例来电人"})
	against := func(id name.ID) (codes string) {
		t.Helper()
		e, err := r.Erase(ctx, officer, id, nil)
		must(t, err)
		for _, a := range e.Against {
			codes += a.Field + ":" + a.Code + " "
			if a.Law.ZH == "" || a.Code == personal.KeptByLaw && a.Until != int64(calendar.Instant(x.Desk.Now()))+60*24*time.Hour.Microseconds() {
				t.Errorf("%s is told %+v", a.Field, a)
			}
		}
		return strings.TrimSpace(codes) + "|" + strings.Join(e.Fields, " ")
	}
	if got := against(open); got != "phone:open-case|" {
		t.Errorf("an open case: %s", got)
	}
	if got := against(closed); got != "caller:kept-by-law phone:kept-by-law|" {
		t.Errorf("just closed: %s", got)
	}
	x.Clock.Forward(61 * 24 * time.Hour)
	h, err := r.Hold(ctx, officer, closed, "民事诉讼法第八十四条", "法院调取")
	must(t, err)
	if got := against(closed); got != "caller:held phone:held|" {
		t.Errorf("held: %s", got)
	}
	_, err = r.Tick(ctx)
	must(t, err)
	x.Verify(t, personal.Keep)
	for _, c := range [][3]string{{personal.HoldKind, "open", "0"}, {"retention", "title", "x"}} {
		if !x.Sees(t, c[0], c[1], c[2], personal.Keep) {
			t.Errorf("rows of kind %s say %s in %s, and nobody finds it", c[0], c[2], c[1])
		}
	}
	for what, c := range map[string]struct {
		err  error
		kind error
	}{
		"a hold without an article":     {second(r.Hold(ctx, officer, closed, " ", "x")), fault.ErrInvalid},
		"a hold by a call operator":     {second(r.Hold(ctx, x.As(t, "hotline-centre", "call-operator", 1), closed, "x", "x")), fault.ErrDenied},
		"erased by a call operator":     {second(r.Erase(ctx, x.As(t, "hotline-centre", "call-operator", 1), closed, nil)), fault.ErrDenied},
		"erased by the administrator":   {second(r.Erase(ctx, x.As(t, "services", "sysadmin", 0), closed, nil)), fault.ErrDenied},
		"a hold on nobody":              {second(r.Hold(ctx, officer, "220105-01900000-0000-7000-8000-000000000000", "x", "x")), fault.ErrNotFound},
		"a hold lifted without reason":  {r.Lift(ctx, officer, h.ID, ""), fault.ErrInvalid},
		"something else lifted as hold": {r.Lift(ctx, officer, closed, "x"), fault.ErrNotFound},
	} {
		if !errors.Is(c.err, c.kind) {
			t.Errorf("%s: %v", what, c.err)
		}
	}
	must(t, r.Lift(ctx, officer, h.ID, "判决生效"))
	if err := r.Lift(ctx, officer, h.ID, "判决生效"); code(err) != "hold-lifted" {
		t.Errorf("lifted twice: %v", err)
	}
	if got := against(closed); got != "|caller phone" {
		t.Errorf("nothing stands against it: %s", got)
	}
	x.Verify(t)
}

func second[T any](_ T, err error) error { return err }

// shelf is logs that only the test sees.
type shelf map[calendar.Date]bool

func (s shelf) Days() (all []calendar.Date, err error) {
	for d := range s {
		all = append(all, d)
	}
	return all, nil
}

func (s shelf) Drop(d calendar.Date) error { delete(s, d); return nil }

func hashOf(b []byte) (h ledger.Hash) {
	s := ledger.SM3.New()
	s.Write(b)
	s.Sum(h[:0])
	return h
}
