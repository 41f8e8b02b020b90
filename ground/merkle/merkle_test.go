package merkle

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

// naive is a tree as RFC 6962 defines it, without a thought for speed.
type naive struct {
	a      Algorithm
	leaves []Hash // their data
}

func (n naive) root(from, until int64) Hash {
	switch size := until - from; size {
	case 0:
		return n.a.Empty()
	case 1:
		return n.a.Leaf(n.leaves[from])
	default:
		k := int64(1)
		for k*2 < size {
			k *= 2
		}
		return n.a.Node(n.root(from, from+k), n.root(from+k, until))
	}
}

func (n naive) at(level int, index int64) (Hash, error) {
	return n.root(index<<level, (index+1)<<level), nil
}

// numbers are leaves that hold the hash of their number.
func numbers(a Algorithm, n int) (leaves []Hash) {
	for i := range n {
		leaves = append(leaves, a.sum([]byte(strconv.Itoa(i))))
	}
	return leaves
}

func TestVectorsOfAnotherProgram(t *testing.T) {
	f, err := os.Open("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		words := strings.Fields(lines.Text())
		a := Algorithm(words[1])
		tree := naive{a, numbers(a, 600)}
		x, _ := strconv.ParseInt(words[2], 10, 64)
		var got []Hash
		var want []string
		switch words[0] {
		case "root":
			h, err := Root(a, x, tree.at)
			if err != nil {
				t.Error(err)
			}
			got, want = []Hash{h}, words[3:]
		case "inclusion", "consistency":
			size, _ := strconv.ParseInt(words[3], 10, 64)
			make := map[string]func(Algorithm, int64, int64, NodeAt) ([]Hash, error){"inclusion": Inclusion, "consistency": Consistency}[words[0]]
			if got, err = make(a, x, size, tree.at); err != nil {
				t.Error(err)
			}
			want = words[4:]
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v", lines.Text(), got)
		}
	}
	if n < 70 {
		t.Errorf("%d vectors", n)
	}
}

// TestRootsOfCertificateTransparency holds the tree to the roots that implementations of RFC 6962 are tested with.
func TestRootsOfCertificateTransparency(t *testing.T) {
	inputs := []string{"", "\x00", "\x10", "\x20\x21", "\x30\x31", "\x40\x41\x42\x43", "\x50\x51\x52\x53\x54\x55\x56\x57",
		"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"}
	want := []string{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}
	r := Range{Algorithm: SHA256}
	for i, in := range inputs {
		r.AddHash(SHA256.sum([]byte("\x00" + in)))
		if got := fmt.Sprintf("%x", [32]byte(r.Root())); got != want[i] {
			t.Errorf("%d leaves: got %s, want %s", i+1, got, want[i])
		}
	}
}

// keeper keeps tiles as a store does.
type keeper map[Place][]Hash

func (k keeper) put(tiles []Tile) {
	for _, t := range tiles {
		k[t.Place] = t.Hashes
	}
}

func (k keeper) get(p Place, width int) ([]Hash, error) {
	if len(k[p]) < width {
		return nil, fault.ErrNotFound
	}
	return k[p], nil
}

func TestTilesAnswerEverySizeOfThePast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom([]Algorithm{SM3, SHA256}).Draw(t, "algorithm")
		n := rapid.IntRange(1, 700).Draw(t, "leaves")
		tree := naive{a, numbers(a, n)}
		k := keeper{}
		e, err := NewEdge(a, 0, k.get)
		if err != nil {
			t.Fatal(err)
		}
		r := Range{Algorithm: a}
		for i, leaf := range tree.leaves {
			e.Add(leaf)
			r.Add(leaf)
			if rapid.IntRange(0, 99).Draw(t, "put") == 0 || i == n-1 {
				k.put(e.Changed())
				if e, err = NewEdge(a, int64(i+1), k.get); err != nil { // as after a restart
					t.Fatal(err)
				}
			}
		}
		if want := tree.root(0, int64(n)); e.Root() != want || r.Root() != want {
			t.Fatalf("root of %d: edge %s, range %s, want %s", n, e.Root(), r.Root(), want)
		}
		size := rapid.Int64Range(1, int64(n)).Draw(t, "size")
		at := Nodes(a, size, k.get)
		root, err := Root(a, size, at)
		if err != nil || root != tree.root(0, size) {
			t.Fatalf("root of %d from tiles: %s %v", size, root, err)
		}
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		proof, err := Inclusion(a, index, size, at)
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := Inclusion(a, index, size, tree.at); !slices.Equal(proof, want) {
			t.Fatalf("inclusion of %d in %d: got %v, want %v", index, size, proof, want)
		}
		if err := VerifyInclusion(a, a.Leaf(tree.leaves[index]), index, size, proof, root); err != nil {
			t.Fatal(err)
		}
		old := rapid.Int64Range(0, size).Draw(t, "old")
		if proof, err = Consistency(a, old, size, at); err != nil {
			t.Fatal(err)
		}
		if err := VerifyConsistency(a, old, size, tree.root(0, old), root, proof); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAWrongProofIsRefused(t *testing.T) {
	tree := naive{SM3, numbers(SM3, 40)}
	other := naive{SM3, numbers(SM3, 40)}
	other.leaves[3][0] ^= 1
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(2, 40).Draw(t, "size")
		old := rapid.Int64Range(1, size-1).Draw(t, "old")
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		in, _ := Inclusion(SM3, index, size, tree.at)
		con, _ := Consistency(SM3, old, size, tree.at)
		leaf, root, was := SM3.Leaf(tree.leaves[index]), tree.root(0, size), tree.root(0, old)
		bent := func(p []Hash) []Hash {
			p = slices.Clone(p)
			switch how := rapid.IntRange(0, 2).Draw(t, "how"); {
			case how == 0 && len(p) > 0:
				p[rapid.IntRange(0, len(p)-1).Draw(t, "which")][rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			case how == 1 && len(p) > 0:
				p = p[:len(p)-1]
			default:
				p = append(p, Hash{1})
			}
			return p
		}
		for what, err := range map[string]error{
			"bent inclusion":               VerifyInclusion(SM3, leaf, index, size, bent(in), root),
			"bent consistency":             VerifyConsistency(SM3, old, size, was, root, bent(con)),
			"inclusion of something else":  VerifyInclusion(SM3, Hash{7}, index, size, in, root),
			"inclusion in another tree":    VerifyInclusion(SM3, leaf, index, size, in, Hash{7}),
			"consistency with another old": VerifyConsistency(SM3, old, size, Hash{7}, root, con),
			"consistency with another new": VerifyConsistency(SM3, old, size, was, Hash{7}, con),
			"inclusion elsewhere":          VerifyInclusion(SM3, leaf, (index+1)%size, size, in, root),
			"inclusion by another hash":    VerifyInclusion(SHA256, leaf, index, size, in, root),
			"inclusion by no hash":         VerifyInclusion("MD5", leaf, index, size, in, root),
			"behind the end":               VerifyInclusion(SM3, leaf, size, size, in, root),
			"before the beginning":         VerifyInclusion(SM3, leaf, -1, size, in, root),
			"a smaller tree":               VerifyConsistency(SM3, size, old, root, was, con),
		} {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("%s passed for %d of %d, old %d: %v", what, index, size, old, err)
			}
		}
		if old > 3 { // a fork: a valid proof from another past
			forked, _ := Consistency(SM3, old, size, other.at)
			if VerifyConsistency(SM3, old, size, was, other.root(0, size), forked) == nil {
				t.Error("a fork passed")
			}
		}
	})
}

func TestWhatATreeDoesNotHave(t *testing.T) {
	k := keeper{}
	e, _ := NewEdge(SM3, 0, k.get)
	for _, l := range numbers(SM3, 300) {
		e.Add(l)
	}
	k.put(e.Changed())
	at := Nodes(SM3, 300, k.get)
	for name, f := range map[string]func() error{
		"a leaf behind the end":        func() error { _, err := at(0, 300); return err },
		"a node that is not complete":  func() error { _, err := at(6, 4); return err },
		"a level that is too high":     func() error { _, err := at(9, 0); return err },
		"a level below zero":           func() error { _, err := at(-1, 0); return err },
		"an index below zero":          func() error { _, err := at(0, -1); return err },
		"inclusion behind the end":     func() error { _, err := Inclusion(SM3, 300, 300, at); return err },
		"consistency with a later one": func() error { _, err := Consistency(SM3, 301, 300, at); return err },
		"a size below zero":            func() error { _, err := Root(SM3, -1, at); return err },
		"a size beyond all logs":       func() error { _, err := Root(SM3, MaxSize+1, at); return err },
		"tiles that are missing":       func() error { _, err := NewEdge(SM3, 301, k.get); return err },
		"tiles that are too short": func() error {
			_, err := Root(SM3, 299, Nodes(SM3, 299, func(Place, int) ([]Hash, error) { return nil, nil }))
			return err
		},
	} {
		if err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if w := (Place{1, 0}).Width(300); w != 1 {
		t.Errorf("width %d", w)
	}
}

func FuzzParseProof(f *testing.F) {
	f.Add(FormatProof(numbers(SM3, 3)))
	f.Add("")
	f.Add("AAAA\n")
	f.Add(strings.Repeat(Hash{}.String()+"\n", 64))
	f.Fuzz(func(t *testing.T, text string) {
		proof, err := ParseProof(text)
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("not an invalid: %v", err)
			}
			return
		}
		if len(proof) > MaxProof || FormatProof(proof) != text {
			t.Errorf("%q reads as %d hashes, which are written %q", text, len(proof), FormatProof(proof))
		}
		VerifyInclusion(SM3, Hash{}, 5, 9, proof, Hash{})
		VerifyConsistency(SM3, 5, 9, Hash{}, Hash{}, proof)
	})
}

func ExampleVerifyInclusion() {
	r := Range{Algorithm: SM3}
	for _, leaf := range numbers(SM3, 2) {
		r.Add(leaf)
	}
	leaves := numbers(SM3, 2)
	err := VerifyInclusion(SM3, SM3.Leaf(leaves[0]), 0, 2, []Hash{SM3.Leaf(leaves[1])}, r.Root())
	fmt.Println(r.Root(), err)
	// Output: 7doEoZHb0jF3N2O4XdDmdkjwliQrd4Ls50ClUx6Kh6g= <nil>
}

func BenchmarkEdge(b *testing.B) {
	e, _ := NewEdge(SM3, 0, keeper{}.get)
	for i := 0; b.Loop(); i++ {
		e.Add(Hash{byte(i)})
		if i%256 == 255 {
			e.Changed()
		}
	}
}
