package seal

import (
	"bytes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm4"
	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The vector of RFC 8998, appendix A.1: an oracle from outside for cipher and mode.
func TestSM4GCMIsThatOfTheStandard(t *testing.T) {
	key, iv := unhex(t, "0123456789ABCDEFFEDCBA9876543210"), unhex(t, "00001234567800000000ABCD")
	ad := unhex(t, "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
	plain := unhex(t, "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDDEEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA")
	want := "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC"
	got := aead(Key(key)).Seal(nil, iv, plain, ad)
	if fmt.Sprintf("%X", got) != want {
		t.Errorf("got  %X\nwant %s", got, want)
	}
	block, _ := sm4.NewCipher(key)
	if gcm, err := cipher.NewGCM(block); err != nil || gcm.NonceSize() != NonceSize || gcm.Overhead() != TagSize {
		t.Errorf("sizes differ: %v", err)
	}
}

func chance(seed uint64) func([]byte) {
	c := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16)})
	return func(b []byte) { c.Read(b) }
}

var somebody = Place{"220105", "220105-01234567-0000-7000-8000-000000000001", "phone"}

func TestAnEnvelopeOpensAtItsPlaceAlone(t *testing.T) {
	key := Key{1}
	env := Seal(key, [16]byte{2}, somebody, []byte("13800000000"))
	if got, err := Open(key, somebody, env); err != nil || string(got) != "13800000000" {
		t.Fatalf("got %q %v", got, err)
	}
	if bytes.Contains(env, []byte("138")) || len(env) != 11+Overhead {
		t.Errorf("envelope %x", env)
	}
	other := func(change func(*Place)) Place { p := somebody; change(&p); return p }
	for what, c := range map[string]struct {
		key Key
		of  Place
		env []byte
	}{
		"another key":     {Key{2}, somebody, env},
		"another log":     {key, other(func(p *Place) { p.Log = "220102" }), env},
		"another subject": {key, other(func(p *Place) { p.Subject += "x" }), env},
		"another field":   {key, other(func(p *Place) { p.Field = "caller" }), env},
		"a longer field and a shorter subject": {key, other(func(p *Place) {
			p.Field, p.Subject = string(p.Subject[len(p.Subject)-1:])+p.Field, p.Subject[:len(p.Subject)-1]
		}), env},
		"cut off":          {key, somebody, env[:len(env)-1]},
		"nothing":          {key, somebody, nil},
		"an unknown suite": {key, somebody, append([]byte{0, 9}, env[2:]...)},
	} {
		if v, err := Open(c.key, c.of, c.env); !errors.Is(err, fault.ErrInvalid) || v != nil {
			t.Errorf("%s: got %q %v", what, v, err)
		} else if strings.Contains(err.Error(), "138") {
			t.Errorf("%s: the error tells the value: %v", what, err)
		}
	}
}

func TestOneFlippedBitIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := Key(rapid.SliceOfN(rapid.Byte(), KeySize, KeySize).Draw(t, "key"))
		value := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "value")
		env := Seal(key, [16]byte{}, somebody, value)
		if got, err := Open(key, somebody, env); err != nil || !bytes.Equal(got, value) {
			t.Fatalf("got %x %v", got, err)
		}
		bit := rapid.IntRange(0, 8*len(env)-1).Draw(t, "bit")
		env[bit/8] ^= 1 << (bit % 8)
		if _, err := Open(key, somebody, env); !errors.Is(err, fault.ErrInvalid) {
			t.Fatalf("bit %d: %v", bit, err)
		}
	})
}

// No nonce is used twice under a key for two different envelopes, whatever the source of chance does: one that is broken and always says the
// same is drawn as often as a good one.
func TestNoNonceIsUsedTwice(t *testing.T) {
	type used struct {
		key   Key
		nonce [NonceSize]byte
	}
	sealed := 0
	rapid.Check(t, func(t *rapid.T) {
		seen := map[used]string{}
		broken := rapid.Bool().Draw(t, "broken")
		draw := chance(rapid.Uint64().Draw(t, "seed"))
		for range rapid.IntRange(2, 60).Draw(t, "values") {
			var c [16]byte
			if !broken {
				draw(c[:])
			}
			key := Key{byte(rapid.IntRange(1, 2).Draw(t, "key"))}
			of := somebody
			of.Field = rapid.SampledFrom([]string{"phone", "caller", "email"}).Draw(t, "field")
			value := rapid.StringMatching(`1[0-3]{0,3}`).Draw(t, "value")
			env := Seal(key, c, of, []byte(value))
			u := used{key, [NonceSize]byte(env[2:])}
			if was, twice := seen[u]; twice && was != string(env) {
				t.Fatalf("the nonce %x was used for two envelopes", u.nonce)
			}
			seen[u] = string(env)
			sealed++
		}
	})
	t.Logf("%d values were sealed", sealed)
}

func TestKeysDoNotPrint(t *testing.T) {
	k := Key{0xAB, 0xCD, 0xEF}
	j, _ := json.Marshal(map[string]any{"key": k})
	for _, s := range []string{k.String(), fmt.Sprint(k), fmt.Sprintf("%x %v %+v %#v %s %d", k, k, k, k, k, k), fmt.Sprintf("%v", struct{ K Key }{k}), string(j)} {
		if strings.Contains(strings.ToLower(s), "ab") || strings.Contains(s, "171") {
			t.Errorf("it prints %s", s)
		}
	}
	if k.Wipe(); k != (Key{}) {
		t.Error("it was not wiped")
	}
}

func TestARingTurnsAndStillOpensWhatIsOlder(t *testing.T) {
	r := NewRing(chance(7))
	subject := name.ID(somebody.Subject)
	first, wrapped, err := r.Wrap("220105", subject, Key{5})
	if err != nil || first != r.Current() {
		t.Fatal(first, err)
	}
	second := r.Turn()
	if second == first || r.Current() != second {
		t.Fatalf("%s follows %s", second, first)
	}
	again, err := ParseRing(r.Text(), chance(8))
	if err != nil || again.Current() != second || again.Text() != r.Text() {
		t.Fatalf("%v", err)
	}
	if k, err := again.Unwrap("220105", subject, first, wrapped); err != nil || k != (Key{5}) {
		t.Errorf("%v", err)
	}
	if _, err := again.Unwrap("220105", subject, second, wrapped); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("the wrong key: %v", err)
	}
	if _, err := again.Unwrap("220105", subject+"x", first, wrapped); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("another subject: %v", err)
	}
	if n := again.Drop(); n != 1 || strings.Contains(again.Text(), first) {
		t.Errorf("dropped %d", n)
	}
	if _, err := again.Unwrap("220105", subject, first, wrapped); !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("a key that was destroyed: %v", err)
	}
}

func FuzzParseRing(f *testing.F) {
	f.Add(NewRing(chance(1)).Text())
	f.Add("bihuan-keys 1\n01234567 zz\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRing(text, chance(1))
		if err != nil {
			if !errors.Is(err, fault.ErrInvalid) {
				t.Fatal(err)
			}
			return
		}
		if again, err := ParseRing(r.Text(), chance(1)); err != nil || again.Text() != r.Text() {
			t.Fatalf("it does not read what it wrote: %v", err)
		}
	})
}

func ExampleSeal() {
	ring := NewRing(chance(1)) // in service: from a file beside the database, chance from the system
	var key Key
	ring.Random(key[:])
	id, wrapped, _ := ring.Wrap("220105", "220105-x", key) // kept in the table of keys

	of := Place{Log: "220105", Subject: "220105-x", Field: "phone"}
	var c [16]byte
	ring.Random(c[:])
	envelope := Seal(key, c, of, []byte("13800000000")) // kept in the table of personal values

	key, _ = ring.Unwrap("220105", "220105-x", id, wrapped)
	value, _ := Open(key, of, envelope)
	fmt.Println(string(value), key)
	// Output: 13800000000 (key)
}

func BenchmarkSeal(b *testing.B) {
	for range b.N {
		Seal(Key{1}, [16]byte{2}, somebody, []byte("13800000000"))
	}
}
