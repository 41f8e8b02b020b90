package pack_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/pack"
)

// TestBundle takes packs apart and puts them together again: same files, same hash, same kinds.
func TestBundle(t *testing.T) {
	set, err := pack.Load(base(t))
	if err != nil {
		t.Fatal(err)
	}
	bundles := map[string][]byte{}
	for _, p := range set.Packs() {
		bundles[p.Name] = pack.Bundle(p.Files)
		if got := pack.Hash(bundles[p.Name]); got != p.Hash {
			t.Errorf("%s: the bundle's hash is %s, the pack's %s", p.Name, got, p.Hash)
		}
		turned := slices.Clone(p.Files)
		slices.Reverse(turned)
		if !bytes.Equal(pack.Bundle(turned), bundles[p.Name]) {
			t.Errorf("%s: the order of files changes the bundle", p.Name)
		}
	}
	again, err := pack.LoadBundles(bundles)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := set.Kind("bridge/defect")
	b, ok := again.Kind("bridge/defect")
	if !ok || a.Version != b.Version || len(a.Acts) != len(b.Acts) {
		t.Errorf("got %+v, want %+v", b, a)
	}
	if _, ok := again.KindAt("bridge/defect", a.Version); !ok {
		t.Error("the kind is not found at its version")
	}
	if _, err := pack.LoadBundles(map[string][]byte{"bridge": bundles["bridge"]}); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("without the pack that it needs: got %v", err)
	}
}

// TestVersions keeps an older version at hand for the matters that were opened under it.
func TestVersions(t *testing.T) {
	old, err := pack.Load(base(t))
	if err != nil {
		t.Fatal(err)
	}
	files := base(t)
	files["bridge/pack.yaml"].Data = bytes.Replace(files["bridge/pack.yaml"].Data, []byte("series: B"), []byte("series: C"), 1)
	set, err := pack.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := old.Pack("bridge")
	both := set.With(before)
	now, _ := both.Kind("bridge/defect")
	then, ok := both.KindAt("bridge/defect", before.Hash)
	if !ok || now.Series != "C" || then.Series != "B" || now.Version == then.Version {
		t.Errorf("got now %v and then %v", now.Series, then)
	}
	if len(both.Packs()) != len(set.Packs()) {
		t.Errorf("an older version counts as a pack: %d", len(both.Packs()))
	}
}

// TestStricter reads what is installed again although a rule of today would refuse it, and refuses to check or load it anew.
func TestStricter(t *testing.T) {
	files := base(t)
	files["bridge/pack.yaml"].Data = bytes.Replace(files["bridge/pack.yaml"].Data, []byte("clocks: {stop: [law, mend, dated]}"), []byte("clocks: {stop: [law]}"), 1)
	if _, err := pack.Load(files); !errors.Is(err, fault.ErrInvalid) {
		t.Fatalf("got %v, want the clocks that are left running", err)
	}
	bundles := map[string][]byte{}
	for _, p := range []string{"bridge", "order"} {
		var all []pack.File
		for name, f := range files {
			if inside, ok := strings.CutPrefix(name, p+"/"); ok {
				all = append(all, pack.File{Name: inside, Data: f.Data})
			}
		}
		bundles[p] = pack.Bundle(all)
	}
	set, err := pack.LoadBundles(bundles)
	if err != nil {
		t.Fatal(err)
	}
	if k, ok := set.Kind("bridge/defect"); !ok || len(k.Acts) != 9 {
		t.Errorf("got %+v", k)
	}
	bundles["order"] = pack.Bundle([]pack.File{{Name: "pack.yaml", Data: []byte("pack: [")}})
	if _, err := pack.LoadBundles(bundles); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a broken bundle: got %v", err)
	}
}

// TestBundleFlipped finds any flipped byte: the bundle is refused or has another hash.
func TestBundleFlipped(t *testing.T) {
	files, err := pack.New("park")
	if err != nil {
		t.Fatal(err)
	}
	whole := pack.Bundle(files)
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(whole)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if got, err := pack.Unbundle(b); err == nil && pack.Hash(pack.Bundle(got)) == pack.Hash(whole) {
			t.Error("a flipped byte goes unnoticed")
		}
	})
}

func FuzzUnbundle(f *testing.F) {
	files, _ := pack.New("park")
	f.Add(pack.Bundle(files))
	f.Add([]byte("bihuan/pack/1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		files, err := pack.Unbundle(b)
		if err == nil && !bytes.Equal(pack.Bundle(files), b) {
			t.Error("what was read is written otherwise")
		}
	})
}

// broken is a file system whose files cannot be read.
type broken struct{ fstest.MapFS }

func (b broken) Open(name string) (fs.File, error) {
	if name == "bridge/pack.yaml" {
		return nil, fs.ErrPermission
	}
	return b.MapFS.Open(name)
}

func TestBrokenFileSystem(t *testing.T) {
	_, err := pack.Load(broken{base(t)}, "bridge")
	faults, ok := errors.AsType[pack.Faults](err)
	if !ok || faults[0].Code != "unreadable" {
		t.Errorf("got %v", err)
	}
}
