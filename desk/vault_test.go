package desk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/internal/bar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// What the store keeps of a person is sealed, salt and all, and the desk reads it again.
func TestPersonalValuesAreSealedWhereTheyLie(t *testing.T) {
	x := district.New(t, day)
	done := call(t, x, "13800000000", "路灯不亮")
	values, err := x.Store.PersonalOf(ctx, done.Matter)
	if err != nil || len(values) != 2 {
		t.Fatalf("%d values, %v", len(values), err)
	}
	for _, v := range values {
		if v.Suite != "sm4-gcm" || v.Salt != [16]byte{} || strings.Contains(v.Value, "138") || strings.Contains(v.Value, "示例") {
			t.Errorf("it is kept as %+v", v)
		}
	}
	k, err := x.Store.KeyOf(ctx, done.Matter)
	if err != nil || k.Under == "" || len(k.Wrapped) != seal.KeySize+seal.Overhead {
		t.Errorf("key %+v, %v", k, err)
	}
	op := x.As(t, "hotline-centre", "call-operator", 1)
	got, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: done.Matter, Why: desk.ToHandle, Reason: "核对地点"})
	if err != nil || got["phone"] != "13800000000" || got["caller"] != "示例来电人" {
		t.Errorf("read again: %v, %v", got, err)
	}
}

// With another key of blind indexes nobody is found again: it is told.
func TestAnotherKeyOfBlindIndexesIsTold(t *testing.T) {
	x := district.New(t, day)
	call(t, x, "13800000000", "路灯不亮")
	w := district.World(t, day)
	w.Keys = x.Keys
	for _, c := range []struct {
		key  string
		fits bool
	}{{string(w.Blind), true}, {"another key that is for tests alone", false}} {
		w.Blind = []byte(c.key)
		d, err := desk.Open(ctx, x.Store, w)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.FitsBlind(ctx, x.Store); (err == nil) != c.fits || !c.fits && !errors.Is(err, fault.ErrUnavailable) {
			t.Errorf("%q: %v", c.key, err)
		}
	}
}

// A database of an older version holds values in the clear: they are sealed at the next start, and no byte of them is left.
func TestPlainValuesOfAnOlderDatabaseAreSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	const people = 450 // more than two portions
	w := district.World(t, day)
	for i := range people {
		id := name.ID("220105-01900000-0000-7000-8000-" + pad(i))
		e := single(id)
		e.Personal = []journal.Personal{{Subject: id, Field: "phone", Suite: "plain", Salt: [16]byte{1, byte(i)}, Value: "CANARY" + pad(i)}, {Subject: id, Field: "caller", Suite: "plain", Value: "CANARY" + pad(i)}}
		commits := map[string]ledger.Commitment{}
		for _, p := range e.Personal {
			commits[p.Field] = ledger.Commit(ledger.SM3, p.Salt, id, p.Field, p.Value)
		}
		body, err := json.Marshal(map[string]any{"personal": commits})
		if err != nil {
			t.Fatal(err)
		}
		e.Appends[0].Events[0].Body = body
		if _, err := st.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := desk.InstallPacks(ctx, st, w, w.Packs, name.System); err != nil {
		t.Fatal(err)
	}
	d, err := desk.Open(ctx, st, w)
	if err != nil {
		t.Fatal(err)
	}
	n, foreign, err := d.SealPlain(ctx, st)
	if err != nil || n != 2*people || foreign != 0 {
		t.Fatalf("sealed %d, foreign %d, %v", n, foreign, err)
	}
	if again, _, err := d.SealPlain(ctx, st); again != 0 || err != nil {
		t.Errorf("sealed %d again, %v", again, err)
	}
	if left, err := st.Unsealed(ctx, "220105", journal.Personal{}, 1); len(left) != 0 || err != nil {
		t.Errorf("%d are left, %v", len(left), err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("CANARY")) {
			t.Errorf("a value stands in %q in the clear", suffix)
		}
	}
}

// The district's key is changed while calls are taken and looked at: everything opens all the time, and afterwards nothing is
// under the old key.
func TestBar_V09_TheDistrictsKeyIsChangedUnderLoad(t *testing.T) {
	x := district.New(t, day)
	ring := x.Keys
	op := x.As(t, "hotline-centre", "call-operator", 1)
	var all []name.ID
	for range 60 {
		all = append(all, call(t, x, "13800000000", "路灯不亮").Matter)
	}
	old := ring.Current()
	var wait sync.WaitGroup
	stop := make(chan bool)
	opened, written, turns, rewrapped := 0, atomic.Int64{}, 0, 0
	wait.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			written.Add(1)
			call(t, x, "13900000000", "停水")
			values, err := x.Desk.Masked(ctx, op, all[i%len(all)])
			if err != nil || len(values) != 2 {
				t.Errorf("%v, %v", values, err)
				return
			}
			opened++
		}
	})
	for ; turns < 5 || written.Load() < 60; turns++ {
		if turns < 50 {
			ring.Turn()
		}
		n, err := x.Desk.Rewrap(ctx, x.Store)
		if err != nil {
			t.Fatal(err)
		}
		rewrapped += n
	}
	close(stop)
	wait.Wait()
	if _, err := x.Desk.Rewrap(ctx, x.Store); err != nil {
		t.Fatal(err)
	}
	if n := ring.Drop(); n != min(turns, 50) {
		t.Errorf("%d old keys", n)
	}
	keys, err := x.Store.Keys(ctx, "220105", "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if k.Under != ring.Current() || k.Under == old {
			t.Errorf("%s is under %s", k.Subject, k.Under)
		}
		if _, err := ring.Unwrap("220105", k.Subject, k.Under, k.Wrapped); err != nil {
			t.Error(err)
		}
	}
	bar.Report(t, "V-09", "district key changed %d times under %d writes and %d reads, %d times a person's key locked anew, 0 failed", min(turns, 50), written.Load(), opened, rewrapped)
}

// A subject whose key is gone is somebody of whom nothing is known, not an error.
func TestWithoutItsKeyAValueIsLost(t *testing.T) {
	x := district.New(t, day)
	done := call(t, x, "13800000000", "路灯不亮")
	sealed, err := x.Store.PersonalOf(ctx, done.Matter)
	if err != nil {
		t.Fatal(err)
	}
	other := call(t, x, "13900000000", "停水").Matter
	key, err := x.Store.KeyOf(ctx, other)
	if err != nil {
		t.Fatal(err)
	}
	k, err := x.Keys.Unwrap("220105", other, key.Under, key.Wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(k, seal.Place{Log: "220105", Subject: done.Matter, Field: "phone"}, []byte(sealed[0].Value)); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("somebody else's key opens it: %v", err)
	}
}

func pad(i int) string { return fmt.Sprintf("%012d", i) }

// single is a batch with one event of a stream that a sub-room keeps itself.
func single(id name.ID) journal.Batch {
	return journal.Batch{Log: "220105", Command: "old-" + string(id), Appends: []journal.Append{{Stream: id, Kind: ledger.Account,
		Events: []ledger.Event{{At: 1, Actor: name.System, Type: "test.was", Schema: 1, Body: []byte("{}")}}, Row: &journal.Row{}}}}
}

// While calls come in the key of blind indexes is changed: each of them is found under either key meanwhile, and under the new one alone at the end.
func TestTheKeyOfBlindIndexesChangesWhileOthersWrite(t *testing.T) {
	x := district.New(t, day)
	was, now := district.World(t, day).Blind, []byte("the key after that, for tests alone")
	for range 5 {
		call(t, x, "13800000000", "路灯不亮")
	}
	var writers sync.WaitGroup
	const each = 20
	for range 3 {
		writers.Go(func() {
			for range each {
				call(t, x, "13800000000", "路灯不亮")
			}
		})
	}
	found := func() int {
		ids, err := x.Desk.SubjectsOf(ctx, "phone", "13800000000", 500)
		if err != nil {
			t.Error(err)
		}
		return len(ids)
	}
	x.Desk.TakeIndex(now, was)
	if n := found(); n < 5 {
		t.Errorf("%d are found while the key is changed, want 5 or more", n)
	}
	n, err := x.Desk.Reindex(ctx, x.Store)
	if err != nil || n < 5 {
		t.Errorf("%d indexed anew, %v", n, err)
	}
	x.Desk.TakeIndex(now, nil)
	writers.Wait()
	if n := found(); n != 5+3*each {
		t.Errorf("%d are found under the new key, want %d", n, 5+3*each)
	}
	if n, err := x.Desk.Reindex(ctx, x.Store); n != 0 || err != nil {
		t.Errorf("a second time: %d, %v", n, err)
	}
	x.Desk.TakeIndex(was, nil)
	if n := found(); n != 0 {
		t.Errorf("%d are still found under the old key", n)
	}
}
