package personal_test

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/personal"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/corpus"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
	"bihuan/store"
)

// sent files a report with photos that say where they were taken, and nobody's name.
func sent(t *testing.T, x *district.District, raw ...[]byte) (desk.MatterView, *doors.Room) {
	t.Helper()
	r := doors.New(x.Desk).On(x.Store)
	services, err := r.Services(ctx, pack.People)
	must(t, err)
	f := doors.Filing{Service: services[1].Code, Door: services[1].Door.Key, Text: "门前井盖松动，夜里响", Place: "125.31,43.86",
		Receipt: doors.NewReceipt(func(b []byte) { b[0] = byte(len(raw)); b[1] = raw[0][len(raw[0])/2] })}
	for i, b := range raw {
		p, err := desk.Upload("photos", fmt.Sprintf("井盖%d.jpg", i+1), "", b)
		must(t, err)
		f.Photos = append(f.Photos, p)
	}
	must(t, r.Stage(ctx, f.Receipt, f.Photos)) // the form came back once: the photos wait
	clear(f.Photos)
	f.Photos, err = r.Staged(ctx, f.Receipt)
	must(t, err)
	filed, err := r.File(ctx, desk.Nobody, pack.People, f)
	must(t, err)
	v, err := x.Desk.Reported(ctx, filed.Matter)
	must(t, err)
	return v, r
}

// TestBar_I04_AnOriginalIsSealedAndUnsealedForAPurpose: what is kept of a resident's photo to be served tells no place, what came is there byte for byte for
// who has a part in the matter and says why, and each look is counted.
func TestBar_I04_AnOriginalIsSealedAndUnsealedForAPurpose(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	raw := [][]byte{corpus.Located(1), corpus.JPEG(7), corpus.Located(2)} // the second has nothing to strip
	v, _ := sent(t, x, raw...)
	if got := desk.Originals(&v.Matter); len(got) != 2 || got[0].Nr != 1 || got[1] != (desk.SealedOriginal{Key: "original-3", Nr: 3, Name: "井盖3.jpg"}) {
		t.Fatalf("sealed originals: %+v", got)
	}
	for _, e := range v.Evidence {
		h, err := ledger.ParseHash(e.File)
		must(t, err)
		kept, err := x.Store.File(ctx, h)
		must(t, err)
		if bytes.Contains(kept.Bytes, []byte("GPS")) {
			t.Errorf("%s is kept with its place", e.Name)
		}
	}
	must(t, x.Store.Scrub(ctx, false))
	scan(t, [][]byte{[]byte("GPSLatitude")}, x.Path, x.Path+"-wal")
	op := x.As(t, v.Holder.Unit, "operator", 0)
	ask := desk.Unmask{Matter: v.ID, Fields: []string{"original-3"}, Why: desk.ToVerify, Reason: "核对拍摄地点"}
	for what, c := range map[string]struct {
		who    desk.Caller
		change func(*desk.Unmask)
		want   error
	}{
		"without a purpose":           {op, func(u *desk.Unmask) { u.Why = "" }, fault.ErrInvalid},
		"without a reason":            {op, func(u *desk.Unmask) { u.Reason = " " }, fault.ErrInvalid},
		"none named":                  {op, func(u *desk.Unmask) { u.Fields = nil }, fault.ErrInvalid},
		"a value and no original":     {op, func(u *desk.Unmask) { u.Fields = []string{"phone"} }, fault.ErrInvalid},
		"one that came bare":          {op, func(u *desk.Unmask) { u.Fields = []string{"original-2"} }, fault.ErrNotFound},
		"by who has no part in it":    {x.As(t, "services", "data-officer", 0), func(*desk.Unmask) {}, nil},
		"by the system administrator": {x.As(t, "services", "sysadmin", 0), func(*desk.Unmask) {}, nil},
		"by nobody":                   {desk.Nobody, func(*desk.Unmask) {}, nil},
	} {
		u := ask
		c.change(&u)
		f, err := x.Desk.Unseal(ctx, c.who, u)
		refused := errors.Is(err, fault.ErrDenied) || errors.Is(err, fault.ErrNotFound)
		if len(f.Bytes) > 0 || c.want != nil && !errors.Is(err, c.want) || c.want == nil && !refused {
			t.Errorf("%s: %d bytes, %v", what, len(f.Bytes), err)
		}
	}
	if looks, err := x.Desk.LooksOf(ctx, v.ID); err != nil || len(looks) != 0 {
		t.Fatalf("looks that were refused are listed: %+v, %v", looks, err)
	}
	f, err := x.Desk.Unseal(ctx, op, ask)
	must(t, err)
	if !bytes.Equal(f.Bytes, raw[2]) || f.Media != "application/octet-stream" || f.Name != "井盖3.jpg" {
		t.Errorf("unsealed %s %s of %d bytes", f.Name, f.Media, len(f.Bytes))
	}
	looks, err := x.Desk.LooksOf(ctx, v.ID)
	must(t, err)
	if len(looks) != 1 || looks[0].Why != desk.ToVerify || looks[0].Reason != "核对拍摄地点" || strings.Join(looks[0].Fields, " ") != "original-3" {
		t.Errorf("listed: %+v", looks)
	}
	shown, err := x.Desk.Reveal(ctx, op, desk.Unmask{Matter: v.ID, Fields: []string{"original-1"}, Why: desk.ToVerify, Reason: "试"})
	if err != nil || len(shown) != 0 {
		t.Errorf("a key is shown as a value: %v, %v", shown, err)
	}
	for range desk.MostLooks {
		if _, err = x.Desk.Unseal(ctx, op, ask); err != nil {
			break
		}
	}
	if code(err) != "looks-too-many" {
		t.Errorf("without end: %v", err)
	}
	x.Verify(t)
	bar.Report(t, "I-04", "3 photos of a resident, 2 with a place: 0 bytes of it in what is served or in the file, originals back byte for byte, 8 refusals")
}

// TestBar_V08_AnErasedOriginalIsLostAndTheProofsHold: the key goes, the envelope goes, and a copy from before opens it no more.
func TestBar_V08_AnErasedOriginalIsLostAndTheProofsHold(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	r, _, _ := room(t, x)
	v, _ := sent(t, x, corpus.Located(3), corpus.Located(4))
	held, err := x.Desk.Held(ctx, v.ID)
	must(t, err)
	envelope := func(key string) ledger.Hash {
		h, err := ledger.ParseHash(strings.Fields(held[key])[1])
		must(t, err)
		return h
	}
	s, against, err := r.Standing(ctx, v.ID)
	must(t, err)
	if len(s.Fields) != 2 || len(against) != 2 || against[0].Code != personal.OpenCase {
		t.Fatalf("held %+v against %+v", s.Fields, against)
	}
	before := filepath.Join(t.TempDir(), "before.db")
	must(t, x.Store.Backup(ctx, before))
	gone, err := x.Desk.Erase(ctx, name.System, desk.Erasure{Subject: v.ID, Fields: []string{"original-1"}, Why: "asked"})
	if err != nil || len(gone) != 1 {
		t.Fatal(gone, err)
	}
	must(t, x.Store.Scrub(ctx, false))
	op := x.As(t, v.Holder.Unit, "operator", 0)
	unseal := func(key string) error {
		_, err := x.Desk.Unseal(ctx, op, desk.Unmask{Matter: v.ID, Fields: []string{key}, Why: desk.ToHandle, Reason: "核对"})
		return err
	}
	if err := unseal("original-1"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("what was erased: %v", err)
	}
	must(t, unseal("original-2"))
	if _, err := reopened(t, x).File(ctx, envelope("original-1")); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("the envelope of what was erased: %v", err)
	}
	old, err := store.Open(before, store.Options{})
	must(t, err)
	if f, err := old.File(ctx, envelope("original-1")); err != nil || bytes.Contains(f.Bytes, []byte("GPS")) {
		t.Errorf("the copy from before: %v", err)
	}
	must(t, old.Close())
	if lost := unreadable(t, x, before, []name.ID{v.ID}); lost != 2 {
		t.Errorf("%d values of the copy were tried", lost)
	}
	a, err := r.About(ctx, v.ID, true)
	must(t, err)
	if len(a.Values) != 1 || a.Values[0].Field != "original-2" || strings.Contains(fmt.Sprint(a), held["original-2"]) {
		t.Errorf("their own page says %+v", a.Values)
	}
	x.Verify(t)
}

// reopened opens a copy of the store, which remembers nothing but what is on the disk.
func reopened(t *testing.T, x *district.District) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	must(t, x.Store.Backup(ctx, path))
	st, err := store.Open(path, store.Options{})
	must(t, err)
	t.Cleanup(func() { st.Close() })
	return st
}

// Both what is served and what came count against what a report may bring, and what waits is sealed too.
func TestOriginalsCountAndWaitSealed(t *testing.T) {
	x := district.New(t, day)
	t.Cleanup(func() { x.Verify(t) })
	r := doors.New(x.Desk).On(x.Store)
	services, err := r.Services(ctx, pack.People)
	must(t, err)
	big := func(n int) journal.File {
		b := append(corpus.Located(n), make([]byte, 19<<20)...) // what hangs behind the end is not served
		f := journal.File{Name: "大.jpg", Media: "image/jpeg", Bytes: b}
		f.Hash[0] = byte(n)
		return f
	}
	f := doors.Filing{Service: services[1].Code, Door: services[1].Door.Key, Text: "井盖松动", Place: "125.31,43.86", Photos: []journal.File{big(1), big(2), big(3), big(4)}}
	if _, err := r.Try(ctx, desk.Nobody, pack.People, f); code(err) != "upload-too-large" {
		t.Errorf("76 MB of originals: %v", err)
	}
	receipt := doors.NewReceipt(func(b []byte) { b[0] = 9 })
	p := journal.File{Name: "a.jpg", Media: "image/jpeg", Bytes: corpus.Located(5)}
	must(t, r.Stage(ctx, receipt, []journal.File{p}))
	x.Clock.Forward(time.Second)
	if back, err := r.Staged(ctx, receipt); err != nil || len(back) != 1 || !bytes.Equal(back[0].Bytes, p.Bytes) {
		t.Errorf("staged %d, %v", len(back), err)
	}
	must(t, x.Store.Scrub(ctx, false))
	scan(t, [][]byte{[]byte("GPSLatitude")}, x.Path, x.Path+"-wal")
	if !matter.IsOriginal(matter.OriginalKey(1)) || matter.IsOriginal("phone") {
		t.Error("names of originals")
	}
}
