//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package desk_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"testing"
	"testing/fstest"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/pack"
	"bihuan/packs"
)

// adopt installs a changed pack supervision into a running district.
func adopt(t *testing.T, x *district.District, change func([]byte) []byte) {
	t.Helper()
	adoptPack(t, x, "supervision", change)
}

// adoptPack installs a changed pack into a running district.
func adoptPack(t *testing.T, x *district.District, called string, change func([]byte) []byte) {
	t.Helper()
	ctx := context.Background()
	files := fstest.MapFS{}
	err := fs.WalkDir(packs.FS, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(packs.FS, p)
		if p == called+"/pack.yaml" {
			b = change(b)
		}
		if p != called+"/cases.yaml" {
			files[p] = &fstest.MapFile{Data: b}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	set, err := pack.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	w := desk.World{District: "220105", Now: x.Clock.Now, Chance: func(b []byte) {
		for i := range b {
			b[i] = byte(i*7) ^ byte(x.Clock.Now()>>(i%8)) ^ byte(len(set.Packs()))
		}
		x.Clock.Forward(1000)
	}, Policy: policy, Packs: set}
	if _, err := desk.InstallPacks(ctx, x.Store, w, set, name.System); err != nil {
		t.Fatal(err)
	}
	installed, err := desk.InstalledPacks(ctx, x.Store, "220105", x.Clock.Now(), set)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Desk.Adopt(ctx, installed); err != nil {
		t.Fatal(err)
	}
}

// A matter keeps its version until it is moved; the move is an event with its reason; what does not fit stays.
func TestMattersAreMovedToANewVersion(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	who := x.As(t, "supervision", "supervisor", 0)
	k, _ := x.Desk.Packs().Kind("supervision/order")
	old := k.Version
	open := func(n string) name.ID {
		done, err := x.Desk.Start(ctx, who, desk.Do{Kind: "supervision/order", Act: "order", With: map[string]string{"title": "督办" + n, "unit": "housing"}, Reason: "落后"})
		if err != nil {
			t.Fatal(err)
		}
		return done.Matter
	}
	id := open("一")
	x.Clock.Forward(1000)
	admin := x.As(t, "services", "sysadmin", 0)
	if v, err := x.Desk.DryMove(ctx, admin, "supervision"); err != nil || v.Current != 1 || len(v.Ready) != 0 {
		t.Fatalf("before: %+v, %v", v, err)
	}
	adopt(t, x, func(b []byte) []byte { return bytes.Replace(b, []byte("version: 1.0.0"), []byte("version: 1.1.0"), 1) })
	if _, err := x.Desk.DryMove(ctx, who, "supervision"); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a supervisor may move matters: %v", err)
	}
	v, err := x.Desk.DryMove(ctx, admin, "supervision")
	if err != nil || len(v.Ready) != 1 || v.Current != 0 || len(v.Stuck) != 0 {
		t.Fatalf("dry run: %+v, %v", v, err)
	}
	if m, _ := x.Desk.Matter(ctx, who, id); m.Pack != old {
		t.Errorf("the dry run moved the matter")
	}
	if _, err := x.Desk.MoveMatters(ctx, admin, "supervision", " "); err == nil {
		t.Error("moved without a reason")
	}
	v, err = x.Desk.MoveMatters(ctx, admin, "supervision", "新办法施行")
	if err != nil || v.Moved != 1 {
		t.Fatalf("move: %+v, %v", v, err)
	}
	m, err := x.Desk.Matter(ctx, who, id)
	if err != nil || m.Pack == old || m.Pack != v.Hash || m.History[len(m.History)-1].Reason != "新办法施行" {
		t.Errorf("after: pack %.8s of %.8s, %v", m.Pack, v.Hash, err)
	}
	if v, err = x.Desk.MoveMatters(ctx, admin, "supervision", "再来"); err != nil || v.Moved != 0 || v.Current != 1 {
		t.Errorf("again: %+v, %v", v, err)
	}
	x.Verify(t)
}

// TestAnUpgradeMayNeedWhatOnlyItsOtherPacksBring: two packs change together, and the one needs a role that the other brings. The
// versions before are still there for what was opened under them, each with the other as it was then.
func TestAnUpgradeMayNeedWhatOnlyItsOtherPacksBring(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 3, 1))
	n := uint32(0)
	var all []string // hashes
	for _, of := range []map[string]string{
		{"alpha": trialPack("alpha") + "needs: [beta]\n" + trialKind("supervisor"), "beta": trialPack("beta")},
		{"alpha": trialPack("alpha") + "needs: [beta]\n" + trialKind("night-watch"), "beta": trialPack("beta") + "roles: [{role: night-watch, words: {zh: 值夜员, en: night watch}}]\n"},
	} {
		files := fstest.MapFS{}
		for called, text := range of {
			files[called+"/pack.yaml"] = &fstest.MapFile{Data: []byte(text)}
		}
		set, err := pack.Load(files)
		if err != nil {
			t.Fatal(err)
		}
		w := desk.World{District: "220106", Now: x.Clock.Now, Chance: func(b []byte) { n++; binary.BigEndian.PutUint32(b[len(b)-4:], n) }, Packs: set}
		if _, err := desk.InstallPacks(ctx, x.Store, w, set, name.System); err != nil {
			t.Fatal(err)
		}
		for _, p := range set.Packs() {
			all = append(all, p.Hash)
		}
	}
	installed, err := desk.InstalledPacks(ctx, x.Store, "220106", x.Clock.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, hash := range all {
		p, ok := installed.AtVersion(hash)
		if !ok {
			t.Fatalf("version %d of the packs has gone", i)
		}
		if newest, _ := installed.Pack(p.Name); (newest.Hash == hash) != (i >= 2) {
			t.Errorf("the newest version of %s is %.8s", p.Name, newest.Hash)
		}
	}
}

func trialPack(called string) string {
	return "pack: " + called + "\nversion: 1.0.0\neffective: 2022-01-01\nsource: {zh: 试验, en: a trial}\nwords: {zh: 试验, en: Trial}\n"
}

func trialKind(by string) string {
	return `matters:
  - matter: case
    words: {zh: 事项, en: Case}
    series: T
    fields:
      - {field: title, kind: text, class: N, words: {zh: 标题, en: Title}}
    states:
      - {state: open, phase: registered, words: {zh: 已登记, en: Open}}
      - {state: archived, phase: stopped, words: {zh: 已作废, en: Void}}
    acts:
      - {act: open, verb: register, words: {zh: 登记, en: Open}, from: [], to: open, by: [anybody/` + by + `], form: [title!], holder: actor}
      - {act: void, verb: void, words: {zh: 作废, en: Void}, from: [open], to: archived, by: [holder/handler]}
`
}

// What was compiled for the installation serves as what is installed, unless the store keeps something else.
func TestAStartCompilesItsPacksOnce(t *testing.T) {
	ctx := context.Background()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	offered := x.Desk.Packs()
	part, err := pack.Load(packs.FS, "erdao")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		offered *pack.Set
		same    bool
	}{{"the same packs", offered, true}, {"fewer packs", part, false}, {"none", nil, false}} {
		got, err := desk.InstalledPacks(ctx, x.Store, "220105", x.Clock.Now(), c.offered)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range got.Packs() {
			if want := offered.Packs()[i]; p.Hash != want.Hash || (p == want) != c.same {
				t.Errorf("%s: pack %s is %.8s, and taken as it was: %v", c.name, p.Name, p.Hash, p == want)
			}
		}
	}
	adopt(t, x, func(b []byte) []byte { return append(b, "# another version\n"...) })
	got, err := desk.InstalledPacks(ctx, x.Store, "220105", x.Clock.Now(), offered)
	if err != nil {
		t.Fatal(err)
	}
	newest, _ := got.Pack("supervision")
	if was, _ := offered.Pack("supervision"); newest.Hash == was.Hash {
		t.Error("the packs that were offered hide a newer version")
	}
}
