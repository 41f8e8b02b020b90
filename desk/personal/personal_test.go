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
	"bihuan/internal/bar"
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

func TestBar_V08_ErasureLeavesNothingAndTheProofsHold(t *testing.T) {
	subjects := 120
	if bar.Nightly() {
		subjects = 1000
	}
	x := district.New(t, day)
	r, index, lines := room(t, x)
	var ids []name.ID
	var needles [][]byte
	canary := func(what string, i int) string { return fmt.Sprintf("CANARY%s%06d", what, i) }
	for i := range subjects {
		with := map[string]string{"caller": canary("NAME", i), "phone": fmt.Sprintf("139%08d", 71000000+i)}
		for _, v := range with {
			needles = append(needles, []byte(v))
		}
		ids = append(ids, call(t, x, true, with))
	}
	must(t, index.CatchUp(ctx))
	old := filepath.Join(t.TempDir(), "old.db")
	must(t, x.Store.Backup(ctx, old))
	kept := call(t, x, true, map[string]string{"caller": "留下的人", "phone": "13800000000"})

	// What stands in the files now, and has to be gone: salts cannot be told apart, so the sealed values and the locked keys are looked for.
	var wrapped [][]byte
	for _, id := range ids {
		k, err := x.Store.KeyOf(ctx, id)
		must(t, err)
		wrapped = append(wrapped, k.Wrapped[2:])
		values, err := x.Store.PersonalOf(ctx, id)
		must(t, err)
		for _, v := range values {
			wrapped = append(wrapped, []byte(v.Value[:40]))
			if v.Blind != "" {
				wrapped = append(wrapped, []byte(v.Blind))
			}
		}
	}
	var before bytes.Buffer
	for _, path := range []string{x.Path, x.Path + "-wal"} {
		b, err := os.ReadFile(path)
		must(t, err)
		before.Write(b)
	}
	for _, n := range wrapped {
		if !bytes.Contains(before.Bytes(), n) {
			t.Fatalf("%.20x is not found before it is erased: the scan shows nothing", n)
		}
	}
	x.Clock.Forward(61 * 24 * time.Hour) // the time within which reconsideration may be asked for
	officer := x.As(t, "services", "data-officer", 0)
	n, err := r.EraseMany(ctx, officer, ids)
	must(t, err)
	if n != 2*subjects {
		t.Fatalf("%d values went, want %d", n, 2*subjects)
	}

	all := append(needles, wrapped...)
	backup := filepath.Join(t.TempDir(), "new.db")
	must(t, x.Store.Backup(ctx, backup))
	files := []string{x.Path, x.Path + "-wal", x.Path + "-shm", backup}
	hits := scan(t, all, files...)
	export := exported(t, x)
	for _, needle := range needles {
		if bytes.Contains(lines.Bytes(), needle) || bytes.Contains(export, needle) {
			t.Errorf("%s stands in a log or an export", needle)
			hits++
		}
	}
	for i := 0; i < subjects; i += 7 {
		found, err := index.Find(ctx, officer, search.Ask{Text: canary("NAME", i)})
		if err == nil && found.Total > 0 {
			t.Errorf("the index finds %s", canary("NAME", i))
			hits++
		}
	}
	// Old copies: the sealed values are there, and no key opens them: neither one in the copy nor one that is left.
	lost := unreadable(t, x, old, ids)
	x.Verify(t) // the chain, and every row, after everything
	if held, err := x.Desk.Held(ctx, kept); err != nil || held["phone"] != "13800000000" {
		t.Errorf("somebody else is gone too: %v, %v", held, err)
	}
	bar.Report(t, "V-08", "%d persons erased, %d canaries, envelopes, keys and indexes looked for in database, log file, new backup, index, export and log: %d found; %d values of an old backup undecryptable, chain and rows verify",
		subjects, len(all), hits, lost)
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
	if found, err := x.Desk.SameAs(ctx, "phone", "13800000000", 10); err != nil || len(found) != 0 {
		t.Errorf("the number is still found: %v, %v", found, err)
	}
	shown, err := x.Desk.Masked(ctx, x.As(t, "hotline-centre", "call-operator", 1), id)
	must(t, err)
	for _, v := range shown {
		if want := map[string]string{"caller": "****", "phone": ""}[v.Field.Key]; v.Field.Key == "phone" && v.Shown != want {
			t.Errorf("%s shows %q", v.Field.Key, v.Shown)
		}
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

// Ten years by a clock that only the test moves. What has to go and when is counted here from the rules' words, apart from
// the code: contact one year after closing, secret reporters three, the rest ten.
func TestBar_A10_RetentionRunsItselfForTenYears(t *testing.T) {
	x := district.New(t, day)
	logs := shelf{}
	r := personal.New(x.Desk, x.Store, rules(t), nil, logs)
	x.Watch.Also(func(ctx context.Context) error { return second(r.Tick(ctx)) })
	type planted struct {
		id     name.ID
		field  string
		due    time.Time // 0: never within the ten years
		gone   time.Time
		opened bool
	}
	var all []*planted
	zone := time.FixedZone("+08:00", 8*3600)
	now := func() time.Time { return time.UnixMicro(x.Desk.Now()).In(zone) }
	officer := x.As(t, "services", "data-officer", 0)
	begin, holds := now(), map[name.ID]personal.Hold{}
	plant := func(i int) {
		closed := i%5 != 0
		with := map[string]string{"caller": fmt.Sprint("来电人", i), "phone": fmt.Sprintf("139%08d", i)}
		if i%3 == 0 {
			with["secret"] = "yes"
		}
		secret := with["secret"] == "yes" && !closed
		if closed {
			delete(with, "secret") // the act that answers at once does not ask for it
		}
		id := call(t, x, closed, with)
		for _, f := range []string{"caller", "phone"} {
			p := &planted{id: id, field: f, opened: !closed}
			switch {
			case !closed:
			case secret:
				p.due = now().AddDate(3, 0, 0)
			case f == "phone":
				p.due = now().AddDate(1, 0, 0)
			default:
				p.due = now().AddDate(10, 0, 0)
			}
			all = append(all, p)
		}
	}
	step := 23 * time.Hour
	early, late, shortLogs, checked := 0, 0, 0, 0
	end := begin.AddDate(10, 0, 20)
	for i := 0; now().Before(end); i++ {
		if d := now().Sub(begin); i%20 == 0 && d < 400*24*time.Hour {
			plant(i / 20)
			plant(i/20 + 100)
		}
		if i == 150 { // a hold on somebody whose number is due within it
			p := all[4]
			h, err := r.Hold(ctx, officer, p.id, "刑事诉讼法第五十四条", "公安机关调取")
			must(t, err)
			holds[p.id] = h
		}
		if i == 750 {
			for id, h := range holds {
				must(t, r.Lift(ctx, officer, h.ID, "案件终结"))
				for _, p := range all {
					if p.id == id && !p.due.IsZero() && p.due.Before(now()) {
						p.due = now()
					}
				}
			}
		}
		logs[calendar.Instant(x.Desk.Now()).Date()] = true
		if _, err := x.Watch.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 || i%100 < 10 {
			for _, p := range all {
				if !p.gone.IsZero() {
					continue
				}
				held, err := x.Store.PersonalOf(ctx, p.id)
				must(t, err)
				there := slices.ContainsFunc(held, func(v journal.Personal) bool { return v.Field == p.field })
				checked++
				switch {
				case !there && (p.due.IsZero() || now().Before(p.due)):
					early++
					t.Errorf("%s of %s went at %s, due %s", p.field, p.id, now(), p.due)
				case there && !p.due.IsZero() && now().Sub(p.due) > 24*time.Hour:
					if _, isHeld := holds[p.id]; !isHeld || i >= 750 {
						late++
						t.Errorf("%s of %s is there at %s, due %s", p.field, p.id, now(), p.due)
					}
				}
				if !there {
					p.gone = now()
				}
			}
			for d := now().AddDate(0, 0, -1); d.After(now().AddDate(0, -6, 0)) && d.After(begin); d = d.AddDate(0, 0, -9) {
				if day := calendar.Instant(d.UnixMicro()).Date(); !logs[day] {
					shortLogs++
				}
			}
		}
		x.Clock.Forward(step)
	}
	gone := 0
	for _, p := range all {
		if !p.gone.IsZero() {
			gone++
		}
	}
	oldest := calendar.Instant(x.Desk.Now()).Date()
	for d := range logs {
		oldest = min(oldest, d)
	}
	if first := calendar.Instant(now().AddDate(-1, 0, -3).UnixMicro()).Date(); oldest < first {
		t.Errorf("the log of %s is still there", oldest)
	}
	if gone == 0 || len(holds) != 1 || shortLogs != 0 {
		t.Errorf("%d went, %d holds, %d days of logs were gone before six months", gone, len(holds), shortLogs)
	}
	x.Verify(t)
	bar.Report(t, "A-10", "10 years in steps of 23 h: %d values planted, %d destroyed, %d looks at them, %d early, %d overdue by more than 24 h; 1 hold won; %d days of logs dropped before six months", len(all), gone, checked, early, late, shortLogs)
}

func hashOf(b []byte) (h ledger.Hash) {
	s := ledger.SM3.New()
	s.Write(b)
	s.Sum(h[:0])
	return h
}
