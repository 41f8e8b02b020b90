package note

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

// A key and a note of the documentation of golang.org/x/mod/sumdb/note.
const (
	neumann       = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
	neumannSecret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
	neumannNote   = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
		"— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

func TestANoteOfAnotherProgram(t *testing.T) {
	v, err := ParseVerifier(neumann)
	if err != nil || v.String() != neumann || v.Fingerprint() != "c74f20a3" {
		t.Fatalf("%+v %v", v, err)
	}
	n, err := Parse(neumannNote)
	if err != nil || n.String() != neumannNote {
		t.Fatal(n, err)
	}
	if _, ok := n.By(v); !ok {
		t.Error("the signature is not taken for right")
	}
	s, err := ParseSigner(neumannSecret)
	if err != nil || s.Secret() != neumannSecret || s.Verifier() != v {
		t.Fatal(err)
	}
	if sig, err := s.Sign(n.Text, nil); err != nil || sig.String() != n.Signatures[0].String() {
		t.Error("signing does not come to the same signature", sig, err)
	}
}

// The key and the signature were made with OpenSSL 3.0 (SM2, SM3, id 1234567812345678).
func TestASignatureOfOpenSSL(t *testing.T) {
	point, _ := hex.DecodeString("040a47397d82c6120d5a311c044494c844d4fb7776481424b2f4a7264b0e5ca3181a6aad19239f97cfd17de3d297a2f31a8d390b637fd9856041e220c415ea502f")
	der, _ := hex.DecodeString("3046022100dd43c7c7263e9d991b1559a9fc6fd72b7d724512cbec45f7a5f84cfac64be874022100cfd6011b842910ab046a6b81d14ef761a75b2a96dba94ad523f8d9be611dc795")
	raw, err := rawOf(der)
	if err != nil || !bytes.Equal(derOf(raw), der) {
		t.Fatal(err)
	}
	v := Verifier{"bihuan/220105", SM2, string(point)}
	text := "bihuan/220105\n5\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\ntree SM3\n"
	n := Note{text, []Signature{{v.Name, v.ID(), raw}}}
	if _, ok := n.By(v); !ok {
		t.Error("the signature is not taken for right")
	}
	n.Text += "x\n"
	if _, ok := n.By(v); ok {
		t.Error("a changed text is taken for signed")
	}
}

func newKey(t *testing.T, name string, k Kind) *Signer {
	t.Helper()
	s, err := NewSigner(name, k, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryKindSignsAndIsReadAgain(t *testing.T) {
	for _, k := range kinds {
		t.Run(fmt.Sprintf("%q", string(k)), func(t *testing.T) {
			s := newKey(t, "bihuan/220105", k)
			again, err := ParseSigner(s.Secret())
			if err != nil || !again.Same(s) {
				t.Fatal("the secret key is not read again", err)
			}
			v, err := ParseVerifier(s.Verifier().String())
			if err != nil || v != s.Verifier() {
				t.Fatal("the public key is not read again", err)
			}
			text := "bihuan/220105\n1\n" + strings.Repeat("A", 43) + "=\n"
			var sig, wrong Signature
			if k.Cosigns() {
				sig, err = s.Cosign(text, 1_700_000_000, rand.Reader)
				if _, e := s.Sign(text, rand.Reader); e == nil || sig.At() != 1_700_000_000 {
					t.Error("a witness signs as a log, or at another time", sig.At())
				}
				wrong = Signature{sig.Name, sig.ID, bytes.Clone(sig.Bytes)}
				wrong.Bytes[7]++ // the time is signed too
			} else {
				sig, err = s.Sign(text, rand.Reader)
				if _, e := s.Cosign(text, 1, rand.Reader); e == nil {
					t.Error("a log signs as a witness")
				}
				wrong = Signature{sig.Name, sig.ID, bytes.Clone(sig.Bytes)}
				wrong.Bytes[40] ^= 1
			}
			if err != nil {
				t.Fatal(err)
			}
			n := &Note{Text: text, Signatures: []Signature{sig}}
			if n, err = Parse(n.String()); err != nil {
				t.Fatal(err)
			}
			if _, ok := n.By(v); !ok {
				t.Error("the right signature is refused")
			}
			n.Add(wrong)
			if _, ok := n.By(v); ok || len(n.Signatures) != 1 {
				t.Error("the wrong signature passes")
			}
			if _, ok := n.By(newKey(t, "bihuan/220105", k).Verifier()); ok {
				t.Error("another key's signature passes")
			}
		})
	}
}

func TestCheckpointsAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Checkpoint{Origin: rapid.StringMatching(`[a-z/0-9.]{1,30}`).Draw(t, "origin"), Size: rapid.Int64Range(0, 1<<60).Draw(t, "size")}
		copy(c.Root[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "root"))
		for range rapid.IntRange(0, 4).Draw(t, "lines") {
			c.More = append(c.More, rapid.StringMatching(`[a-z]+ [A-Za-z0-9:-]+`).Draw(t, "line"))
		}
		got, err := ParseCheckpoint(c.Text())
		if err != nil || got.Text() != c.Text() || got.Size != c.Size || got.Root != c.Root {
			t.Fatalf("%q: %+v %v", c.Text(), got, err)
		}
	})
}

func TestWhatIsNoCheckpointOfTheLog(t *testing.T) {
	log := newKey(t, "bihuan/220105", SM2)
	other := newKey(t, "bihuan/220105", SM2)
	sign := func(s *Signer, c Checkpoint) string {
		sig, err := s.Sign(c.Text(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return (&Note{c.Text(), []Signature{sig}}).String()
	}
	good := Checkpoint{Origin: "bihuan/220105", Size: 7, More: []string{"tree SM3"}}
	if c, _, err := Open(sign(log, good), log.Verifier()); err != nil || c.Says(MoreTree) != "SM3" || c.Says(MoreHead) != "" {
		t.Fatalf("%+v %v", c, err)
	}
	elsewhere := good
	elsewhere.Origin = "bihuan/220106"
	for name, c := range map[string]struct {
		text string
		kind error
	}{
		"another key's":             {sign(other, good), fault.ErrDenied},
		"of another log":            {sign(log, elsewhere), fault.ErrDenied},
		"changed":                   {strings.Replace(sign(log, good), "\n7\n", "\n8\n", 1), fault.ErrDenied},
		"no note":                   {"hello\n", fault.ErrInvalid},
		"without signatures":        {good.Text() + "\n", fault.ErrInvalid},
		"with a leading zero":       {strings.Replace(sign(log, good), "\n7\n", "\n07\n", 1), fault.ErrInvalid},
		"with a negative size":      {strings.Replace(sign(log, good), "\n7\n", "\n-7\n", 1), fault.ErrInvalid},
		"with a root too short":     {strings.Replace(sign(log, good), "AAAA", "", 1), fault.ErrInvalid},
		"with control characters":   {strings.Replace(sign(log, good), "tree", "tr\tee", 1), fault.ErrInvalid},
		"larger than a note may be": {strings.Repeat("x", MaxNote) + sign(log, good), fault.ErrInvalid},
	} {
		if _, _, err := Open(c.text, log.Verifier()); !errors.Is(err, c.kind) {
			t.Errorf("%s: got %v, want %v", name, err, c.kind)
		}
	}
}

func TestWhatIsNoKey(t *testing.T) {
	good := newKey(t, "a/b", SM2).Verifier().String()
	for _, s := range []string{"", "a", "a+b", "a+b+c", good[:len(good)-4], strings.Replace(good, "a/b", "a/c", 1), strings.ReplaceAll(neumann, "ARpc", "ERpc")} {
		if v, err := ParseVerifier(s); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %+v %v", s, v, err)
		}
		if _, err := ParseSigner(s); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if _, err := NewSigner("two words", SM2, rand.Reader); err == nil {
		t.Error("a name with a blank")
	}
	if _, err := ParseSigner(strings.Replace(neumannSecret, "Neumann", "Newmann", 1)); err == nil || strings.Contains(err.Error(), "AYEK") {
		t.Error("a key under another name, or quoted in the error:", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(neumannNote)
	f.Add("a\n1\n\n— a AAAAAAAA\n")
	f.Add("\n\n")
	v, _ := ParseVerifier(neumann)
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse(text)
		if err != nil {
			return
		}
		if n.String() != text {
			t.Errorf("%q is written again as %q", text, n.String())
		}
		n.By(v)
		if c, err := ParseCheckpoint(n.Text); err == nil && c.Text() != n.Text {
			t.Errorf("checkpoint %q is written again as %q", n.Text, c.Text())
		}
	})
}

func ExampleOpen() {
	log, _ := NewSigner("bihuan/220105", SM2, rand.Reader)
	c := Checkpoint{Origin: "bihuan/220105", Size: 3, More: []string{"tree SM3"}}
	sig, _ := log.Sign(c.Text(), rand.Reader)
	published := (&Note{c.Text(), []Signature{sig}}).String()

	read, _, err := Open(published, log.Verifier())
	fmt.Println(read.Size, read.Says(MoreTree), err)
	// Output: 3 SM3 <nil>
}
