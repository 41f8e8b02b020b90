package note

import (
	"crypto/rand"
	"errors"
	"reflect"
	"strings"
	"testing"

	"bihuan/ground/fault"
)

func logKey(t *testing.T, name string, k Kind) *Signer {
	t.Helper()
	s, err := NewSigner(name, k, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func checkpointBy(t *testing.T, s *Signer, size int64) string {
	t.Helper()
	c := Checkpoint{Origin: s.Verifier().Name, Size: size}
	sig, err := s.Sign(c.Text(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return (&Note{Text: c.Text(), Signatures: []Signature{sig}}).String()
}

// TestKeysFollowEachOther changes a log's key twice, from SM2 to SM2 to Ed25519, and reads checkpoints of each time by whoever knows any one of the
// three keys.
func TestKeysFollowEachOther(t *testing.T) {
	a, b, c := logKey(t, "bihuan/220105", SM2), logKey(t, "bihuan/220105", SM2), logKey(t, "bihuan/220105", Ed25519)
	first, err := Succeed(a, b, 10, 1e9, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Succeed(b, c, 20, 2e9, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	chain := []string{first.String(), second.String()}
	if got := Split(first.String() + second.String()); !reflect.DeepEqual(got, chain) {
		t.Fatalf("a file of two successions is cut into %q", got)
	}
	for _, known := range []*Signer{a, b, c} {
		k, err := Follow(known.Verifier(), chain...)
		if err != nil {
			t.Fatal(err)
		}
		if want := (Keys{Now: c.Verifier(), Past: []Past{{a.Verifier(), 10}, {b.Verifier(), 20}}}); !reflect.DeepEqual(k, want) {
			t.Errorf("keys are %v, want %v", k, want)
		}
		for _, of := range []struct {
			what string
			by   *Signer
			size int64
			want error
		}{
			{"the first key of its last size", a, 10, nil},
			{"the first key after it was followed", a, 11, fault.ErrDenied},
			{"the second key of its last size", b, 20, nil},
			{"the second key after it was followed", b, 21, fault.ErrDenied},
			{"the key of now", c, 30, nil},
			{"a key of nobody", logKey(t, "bihuan/220105", SM2), 5, fault.ErrDenied},
		} {
			_, _, by, err := k.Open(checkpointBy(t, of.by, of.size))
			if !errors.Is(err, of.want) || err == nil && by != of.by.Verifier() {
				t.Errorf("%s: signed by %v, %v", of.what, by, err)
			}
		}
	}
	stranger := logKey(t, "bihuan/220105", SM2)
	if _, err := Follow(stranger.Verifier(), chain...); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a key that no succession names is followed: %v", err)
	}
	if _, err := Follow(a.Verifier(), chain[1], chain[0]); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("successions in the wrong order are followed: %v", err)
	}
	for what, bad := range map[string]string{
		"another size":          strings.Replace(first.String(), "\n10\n", "\n99\n", 1),
		"another new key":       strings.Replace(first.String(), b.Verifier().String(), stranger.Verifier().String(), 1),
		"without the old key":   first.Text + "\n" + first.Signatures[1].String(),
		"without the new key":   first.Text + "\n" + first.Signatures[0].String(),
		"a checkpoint":          checkpointBy(t, a, 10),
		"nothing":               "",
		"a number with a zero":  strings.Replace(first.String(), "\n10\n", "\n010\n", 1),
		"one line more":         strings.Replace(first.String(), "\n10\n", "\n10\n10\n", 1),
		"signed for a stranger": strings.ReplaceAll(first.String(), "bihuan/220105\nsucc", "bihuan/220102\nsucc"),
	} {
		if _, err := OpenSuccession(bad); err == nil {
			t.Errorf("a succession with %s is opened", what)
		}
	}
	if _, err := Succeed(a, a, 1, 1, rand.Reader); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a key follows itself: %v", err)
	}
	if _, err := Succeed(a, logKey(t, "bihuan/220102", SM2), 1, 1, rand.Reader); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("a key of another log follows: %v", err)
	}
}

// FuzzSuccession holds that reading never panics and that what is opened is written as it was read.
func FuzzSuccession(f *testing.F) {
	f.Add("bihuan/220105\nsuccession 1\n10\nx\ny\n2026-01-01T00:00:00Z\n\n— a AAAAAAA=\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, part := range Split(text) {
			if s, err := OpenSuccession(part); err == nil && !strings.HasPrefix(part, s.Text()) {
				t.Errorf("%q is opened as %q", part, s.Text())
			}
		}
	})
}
