package notices_test

import (
	"context"
	"path/filepath"
	"testing"

	"bihuan/desk"
	"bihuan/desk/notices"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/internal/traces"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
	"bihuan/kernel/notice"
)

// TestAnAddressThatIsTakenBackIsReadableNowhere: what somebody replaces goes with its key, so that neither the files nor an old copy tells it; a
// choice that changes no address keeps the key, and one that changes nothing is no event.
func TestAnAddressThatIsTakenBackIsReadableNowhere(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	id := notices.SubjectOf(w.Desk.District(), w.hand.Person)
	key := func() []byte {
		k, err := w.Store.KeyOf(ctx, id)
		must(t, err)
		return k.Wrapped
	}
	first := notices.Reach{Mail: "canary-first@erdao.example.cn", Phone: "13970777777", ByMail: true}
	must(t, w.room.SetReach(ctx, w.hand, first))
	sealed, err := w.Store.PersonalOf(ctx, id)
	must(t, err)
	was := key()
	first.Daily = true
	must(t, w.room.SetReach(ctx, w.hand, first))
	must(t, w.room.SetReach(ctx, w.hand, first))
	if string(key()) != string(was) {
		t.Error("a choice without another address changed the key")
	}
	if row, err := w.Store.Row(ctx, id); err != nil || row.Version != 2 {
		t.Errorf("%d events, %v", row.Version, err)
	}
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "second@erdao.example.cn"}))
	set := traces.Of("canary-first@erdao.example.cn", "13970777777")
	set.Also("envelope", []byte(sealed[0].Value[:40]))
	set.Also("key", was[2:])
	found, err := set.Files(w.Path, w.Path+"-wal", w.Path+"-shm")
	must(t, err)
	copied := filepath.Join(t.TempDir(), "copy.db")
	must(t, w.Store.Backup(ctx, copied))
	more, _, err := set.Cells(copied)
	must(t, err)
	for _, h := range append(found, more...) {
		t.Errorf("%s stands in %s as %s", h.Value, h.Where, h.Form)
	}
	if got, err := w.room.Reach(ctx, w.hand); err != nil || got.Mail != "second@erdao.example.cn" || got.Phone != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAddressesGoWithTheAccount: whose account is disabled loses them; one that has come back before it was looked at keeps them.
func TestAddressesGoWithTheAccount(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	id, version := w.Desk.NewID(), int64(0)
	add := func(typ string, c account.Change) {
		t.Helper()
		b := w.Desk.Begin(ctx, w.Desk.NewCommand())
		o := b.Own(id, ledger.Account, version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
			return &journal.Row{Stream: id, Noun: ledger.Account, Kind: "account", Body: []byte("{}")}, nil
		})
		must(t, o.Add(name.System, typ, "", c))
		_, err := b.Commit()
		must(t, err)
		version++
	}
	held := func() string {
		t.Helper()
		got, err := w.room.Reach(ctx, w.hand)
		must(t, err)
		return got.Mail
	}
	add(account.TypeInvited, account.Change{Sort: account.Staff, Person: w.hand.Person, Unit: w.hand.Unit, Until: 1})
	add(account.TypeActivated, account.Change{Login: "li", Natural: "n"})
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn"}))
	add(account.TypeDisabled, account.Change{})
	add(account.TypeEnabled, account.Change{})
	w.tick()
	if held() == "" {
		t.Error("who has come back lost the address")
	}
	add(account.TypeDisabled, account.Change{})
	w.tick()
	if got := held(); got != "" {
		t.Errorf("the address is still there: %s", got)
	}
	if _, err := w.Store.KeyOf(ctx, notices.SubjectOf(w.Desk.District(), w.hand.Person)); err == nil {
		t.Error("so is its key")
	}
}

// TestAnAddressThatSomebodyWroteIntoTheDatabaseIsNotTaken: whoever may write into the database, but has no key, sends nobody's notices elsewhere: neither by a
// value that lies open as those of an older version did, nor by their own that was moved, nor by the row.
func TestAnAddressThatSomebodyWroteIntoTheDatabaseIsNotTaken(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	thief := w.As(t, "office", "issuer", 0)
	must(t, w.room.SetReach(ctx, w.hand, notices.Reach{Mail: "hand@erdao.example.cn", ByMail: true}))
	must(t, w.room.SetReach(ctx, thief, notices.Reach{Mail: "thief@erdao.example.cn", ByMail: true}))
	id, own := notices.SubjectOf(w.Desk.District(), w.hand.Person), notices.SubjectOf(w.Desk.District(), thief.Person)
	exec := func(sql string, args ...any) {
		t.Helper()
		w.Exec(t, sql, args...)
	}
	taken := func(what string) {
		t.Helper()
		fresh := district.World(t, calendar.NewDate(2023, 10, 9)) // has nothing in memory
		fresh.Keys = w.Keys
		d, err := desk.Open(ctx, w.Store, fresh)
		must(t, err)
		room := notices.New(notices.Config{Desk: d, Store: w.Store, Holder: "test"})
		if got, err := room.Reach(ctx, w.hand); err == nil && got.Mail != "" && got.Mail != "hand@erdao.example.cn" {
			t.Errorf("%s: notices go to %s", what, got.Mail)
		}
	}
	exec("CREATE TABLE was AS SELECT * FROM personal")
	exec("UPDATE personal SET suite = 'plain', value = ? WHERE subject = ?", `{"mail":"thief@erdao.example.cn","by-mail":true}`, string(id))
	taken("a value in the clear")
	if n, foreign, err := w.Desk.SealPlain(ctx, w.Store); n != 0 || foreign != 1 || err != nil {
		t.Errorf("sealed as the house's own: %d, foreign %d, %v", n, foreign, err)
	}
	exec("DELETE FROM personal")
	exec("INSERT INTO personal SELECT * FROM was")
	taken("as it was")
	exec("CREATE TABLE key AS SELECT * FROM subject_key")
	exec("UPDATE personal SET value = (SELECT value FROM was WHERE subject = ?) WHERE subject = ?", string(own), string(id))
	taken("a value that was moved")
	exec("UPDATE subject_key SET wrapped = (SELECT wrapped FROM key WHERE subject = ?) WHERE subject = ?", string(own), string(id))
	taken("a value that was moved with its key")
	exec("DELETE FROM personal")
	exec("INSERT INTO personal SELECT * FROM was")
	exec("DELETE FROM subject_key")
	exec("INSERT INTO subject_key SELECT * FROM key")

	w.Verify(t, notices.Keep)
	for _, c := range [][2]string{{"person", string(thief.Person)}, {"kind", "other"}, {"opened", "7"}} {
		if !w.Sees(t, notices.ReachKind, c[0], c[1], notices.Keep) {
			t.Errorf("the row says %s in %s, and nobody finds it", c[1], c[0])
		}
	}
}

// TestWhoeverIsPassedOverInTheDatabaseIsTold: a place behind the end of the log, at which somebody has put the room so that nobody be told of what comes, is none.
func TestWhoeverIsPassedOverInTheDatabaseIsTold(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	told := func() int {
		t.Helper()
		in, err := w.Store.Notices(ctx, w.Desk.District(), notice.Asked{Person: w.hand.Person, Limit: 100})
		must(t, err)
		return len(in)
	}
	w.set("first")
	w.tick()
	before := told()
	w.Exec(t, "UPDATE cursor SET seq = 1000000 WHERE name = ?", notices.Consumer)
	w.set("second")
	w.tick()
	if n := told(); before == 0 || n != before+1 {
		t.Errorf("%d notices, then %d", before, n)
	}
	last, _, err := w.Store.Head(ctx, w.Desk.District())
	must(t, err)
	if at, err := w.Store.Cursor(ctx, w.Desk.District(), notices.Consumer); err != nil || at != last {
		t.Errorf("the room is at %d of %d, %v", at, last, err)
	}
}
