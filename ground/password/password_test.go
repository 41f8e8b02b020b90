package password_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"bihuan/ground/fault"
	. "bihuan/ground/password"
)

// cheap keeps tests fast.
var cheap = Hasher{Key: []byte("a key that is for tests alone, ok"), Cost: Cost{Time: 1, Memory: 64}}

func TestVerifier(t *testing.T) {
	v := cheap.Make("云岭·Tulip-7 横渡", [16]byte{1})
	for _, c := range []struct {
		name     string
		hasher   Hasher
		verifier []byte
		password string
		want     bool
	}{
		{"the password itself", cheap, v, "云岭·Tulip-7 横渡", true},
		{"another one", cheap, v, "云岭·Tulip-7 横波", false},
		{"nothing", cheap, v, "", false},
		{"under another key", Hasher{Key: []byte("another key that is for tests, ok"), Cost: cheap.Cost}, v, "云岭·Tulip-7 横渡", false},
		{"a verifier keeps its own cost", Hasher{Key: cheap.Key, Cost: Usual}, v, "云岭·Tulip-7 横渡", true},
		{"another salt", cheap, flip(v, 12), "云岭·Tulip-7 横渡", false},
		{"another sum", cheap, flip(v, 50), "云岭·Tulip-7 横渡", false},
	} {
		if got, err := c.hasher.Matches(c.verifier, c.password); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	for name, bad := range map[string][]byte{"empty": nil, "too short": v[:20], "of another version": flip(v, 0), "that costs the machine": flip(v, 5)} {
		if _, err := cheap.Matches(bad, "x"); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("a verifier %s: %v", name, err)
		}
	}
	if strings.Contains(string(v), "Tulip") {
		t.Error("the verifier tells the password")
	}
}

func flip(b []byte, i int) []byte {
	c := append([]byte(nil), b...)
	c[i] ^= 0x80
	return c
}

// TestVerifierStays keeps the bytes of a verifier: one that was made today is checked in ten years.
func TestVerifierStays(t *testing.T) {
	const want = "01000000010000004007000000000000000000000000000000b671e640d5efbc771c504975ff5a47f27408513bdfc9d0fed33d966613837667"
	if got := hex.EncodeToString(cheap.Make("Tulip-7", [16]byte{7})); got != want {
		t.Errorf("got %s", got)
	}
}

func TestProfiles(t *testing.T) {
	for _, c := range []struct {
		name, password string
		dengbao3, asvs string
	}{
		{"three classes and nothing to guess", "Vq8-tundra-Km", "", "password-short"},
		{"a sentence without digits", "clouds drift over slow rivers", "password-classes", ""},
		{"hanzi and letters and digits", "云从龙风从虎Ab7圣人作而万物", "", ""},
		{"eleven characters", "Vq8-tundraK", "password-short", "password-short"},
		{"two classes", "vq8tundrakmq", "password-classes", "password-short"},
		{"a common word with what everybody adds", "Password2026!", "password-common", "password-short"},
		{"the same spelled with signs", "P@ssw0rd2026!!!", "password-guessable", "password-guessable"},
		{"a walk over the keyboard", "Qwer1234asdf!!", "password-guessable", "password-short"},
		{"the same walk, longer", "Qwer1234asdfzxcv!!", "password-guessable", "password-guessable"},
		{"one's own name to sign in with", "Lihaiyan.2026@Erdao", "password-guessable", "password-guessable"},
		{"a run of one letter", "AAAAAAAAAAAAaaa1!", "password-guessable", "password-guessable"},
		{"much too long", strings.Repeat("Vq8-tundra-Km", 50), "password-long", "password-long"},
		{"not UTF-8", "Vq8-tundra-Km\xff-long", "password-unreadable", "password-unreadable"},
		{"a zero byte", "Vq8-tundra-Km\x00-long", "password-unreadable", "password-unreadable"},
		{"nothing", "", "password-short", "password-short"},
	} {
		for _, p := range []struct {
			Profile
			want string
		}{{Dengbao3, c.dengbao3}, {ASVS, c.asvs}} {
			err := p.Check(c.password, "lihaiyan", "housing")
			var r *fault.Refusal
			if errors.As(err, &r); (err != nil || p.want != "") && (r == nil || r.Code != p.want) {
				t.Errorf("%s: %s says %v, want %q", c.name, p.Name, err, p.want)
			}
			if err != nil && c.password != "" && strings.Contains(err.Error(), c.password) {
				t.Errorf("%s: the error tells the password", c.name)
			}
		}
	}
	if _, err := ParseProfile("easy"); !errors.Is(err, fault.ErrInvalid) {
		t.Error(err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("Vq8-tundra-Km", "li")
	f.Add("İİİİ密码ſſſſ", "İ")
	f.Fuzz(func(t *testing.T, s, context string) {
		if err := Dengbao3.Check(s, context); err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Error(err)
		}
	})
}

func BenchmarkMake(b *testing.B) {
	h := Hasher{Key: cheap.Key, Cost: Usual}
	for b.Loop() {
		h.Make("云岭·Tulip-7 横渡", [16]byte{1})
	}
}
