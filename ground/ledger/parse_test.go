package ledger

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

func TestAnEncodingIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-z0-9二道.-]{1,12}`)
		e := Event{Log: "220105", Seq: rapid.Int64().Draw(t, "seq"), Stream: name.ID(word.Draw(t, "stream")), Kind: Matter, Version: rapid.Int64().Draw(t, "version"),
			At: rapid.Int64().Draw(t, "at"), Actor: name.Actor{Person: name.Person(word.Draw(t, "person")), Unit: "u", Role: "r"}, Type: word.Draw(t, "type"),
			Schema: rapid.IntRange(1, 9).Draw(t, "schema"), Suite: rapid.SampledFrom([]Suite{SM3, SHA256}).Draw(t, "suite"), Number: rapid.StringN(0, 9, 20).Draw(t, "number"),
			Reason: word.Draw(t, "reason"), Command: word.Draw(t, "command"), Body: []byte(`{"a":"` + word.Draw(t, "body") + `"}`)}
		b := e.AppendCanonical(nil)
		got, err := ParseCanonical(b)
		if err != nil || !bytes.Equal(got.AppendCanonical(nil), b) || got.Stream != e.Stream || got.At != e.At {
			t.Fatalf("%+v %v", got, err)
		}
		cut := rapid.IntRange(0, len(b)-1).Draw(t, "cut")
		for _, wrong := range [][]byte{b[:cut], append(bytes.Clone(b), 0)} {
			if _, err := ParseCanonical(wrong); !errors.Is(err, fault.ErrInvalid) {
				t.Fatalf("%d of %d bytes pass", len(wrong), len(b))
			}
		}
	})
}

func FuzzParseCanonical(f *testing.F) {
	e := Event{Log: "220105", Seq: 1, Stream: "220105-a", Kind: Matter, Version: 1, Actor: name.Actor{Person: "p", Unit: "u", Role: "r"}, Type: "t", Schema: 1, Suite: SM3, Command: "c", Body: []byte("{}")}
	f.Add(e.AppendCanonical(nil))
	f.Add([]byte("bihuan/event/1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseCanonical(b)
		if err == nil && !bytes.Equal(e.AppendCanonical(nil), b) {
			t.Errorf("%q is written again as %q", b, e.AppendCanonical(nil))
		}
	})
}
