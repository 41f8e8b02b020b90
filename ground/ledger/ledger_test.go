package ledger

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// anyEvent draws an event whose texts may hold anything.
func anyEvent(t *rapid.T) Event {
	text := func(label string) string { return rapid.String().Draw(t, label) }
	e := Event{
		Log: name.District(text("log")), Seq: rapid.Int64().Draw(t, "seq"), Stream: name.ID(text("stream")), Kind: StreamKind(text("kind")),
		Version: rapid.Int64().Draw(t, "version"), At: rapid.Int64().Draw(t, "at"),
		Actor: name.Actor{Person: name.Person(text("person")), For: name.Person(text("for")), Unit: name.Unit(text("unit")), Role: name.Role(text("role"))},
		Type:  text("type"), Schema: rapid.Int().Draw(t, "schema"), Suite: Suite(rapid.IntRange(1, 2).Draw(t, "suite")),
		Number: text("number"), Reason: text("reason"), Command: text("command"), Body: []byte(text("body")),
	}
	copy(e.Salt[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "salt"))
	return e
}

// decode is the encoding read backwards, literally by the text of decision 0002, for the tests only.
func decode(b []byte) (e Event, ok bool) {
	b, ok = bytes.CutPrefix(b, []byte("bihuan/event/1"))
	text := func() string {
		if len(b) < 4 {
			ok = false
			return ""
		}
		n := binary.BigEndian.Uint32(b)
		if b = b[4:]; uint32(len(b)) < n {
			ok = false
			return ""
		}
		s := string(b[:n])
		b = b[n:]
		return s
	}
	number := func() int64 {
		if len(b) < 8 {
			ok = false
			return 0
		}
		n := binary.BigEndian.Uint64(b)
		b = b[8:]
		return int64(n)
	}
	e.Log, e.Seq, e.Stream, e.Kind = name.District(text()), number(), name.ID(text()), StreamKind(text())
	e.Version, e.At = number(), number()
	e.Actor.Person, e.Actor.For, e.Actor.Unit, e.Actor.Role = name.Person(text()), name.Person(text()), name.Unit(text()), name.Role(text())
	e.Type, e.Schema = text(), int(number())
	suite := number()
	e.Suite = Suite(suite)
	e.Number, e.Reason, e.Command, e.Body = text(), text(), text(), []byte(text())
	return e, ok && len(b) == 0 && suite == int64(e.Suite)
}

// TestEncodingIsReversible shows that different events have different encodings: each can be read back.
func TestEncodingIsReversible(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		got, ok := decode(e.AppendCanonical(nil))
		got.Salt = e.Salt // it is not part of the encoding, but of the leaf
		if !ok || fmt.Sprint(got) != fmt.Sprint(e) {
			t.Fatalf("got %v\nwant %v", got, e)
		}
	})
}

func TestOneFlippedBitAnywhereChangesTheLeaf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var chain Chainer
		e := anyEvent(t)
		leaf := chain.Leaf(&e)
		b := e.AppendCanonical(nil)
		at, bit := rapid.IntRange(0, len(b)-1).Draw(t, "at"), rapid.IntRange(0, 7).Draw(t, "bit")
		b[at] ^= 1 << bit
		if other, ok := decode(b); ok && (other.Suite == SM3 || other.Suite == SHA256) {
			other.Salt = e.Salt
			if chain.Leaf(&other) == leaf {
				t.Fatalf("the same leaf after bit %d of byte %d", bit, at)
			}
		}
		salted := e
		salted.Salt[at%16] ^= 1 << bit
		if chain.Leaf(&salted) == leaf {
			t.Fatal("the same leaf with another salt")
		}
	})
}

func TestCheckRefusesWhatIsMissingOrTooLong(t *testing.T) {
	good := Event{Log: "220105", Stream: "s", Kind: Matter, Actor: name.System, Type: "t", Schema: 1, Suite: SM3, Command: "c", Body: []byte("{}")}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Event){
		"no log": func(e *Event) { e.Log = "" }, "no stream": func(e *Event) { e.Stream = "" }, "no kind": func(e *Event) { e.Kind = "" },
		"no person": func(e *Event) { e.Actor.Person = "" }, "no unit": func(e *Event) { e.Actor.Unit = "" }, "no role": func(e *Event) { e.Actor.Role = "" },
		"no type": func(e *Event) { e.Type = "" }, "no command": func(e *Event) { e.Command = "" }, "no body": func(e *Event) { e.Body = nil },
		"no schema": func(e *Event) { e.Schema = 0 }, "no suite": func(e *Event) { e.Suite = 0 }, "unknown suite": func(e *Event) { e.Suite = 3 },
		"a long reason": func(e *Event) { e.Reason = strings.Repeat("长", MaxReason/3+1) }, "a long type": func(e *Event) { e.Type = strings.Repeat("t", 201) },
		"a body too large": func(e *Event) { e.Body = make([]byte, MaxBody+1) }, "a zero byte": func(e *Event) { e.Reason = "a\x00b" },
		"broken UTF-8": func(e *Event) { e.Reason = "\xff" },
	} {
		e := good
		change(&e)
		if err := e.Check(); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// history returns n entries of one log over a few streams, with both suites.
func history(n int) []Entry {
	var chain Chainer
	head := chain.Start("220105")
	out := make([]Entry, n)
	versions := map[name.ID]int64{}
	for i := range out {
		stream := name.NewID("220105", [16]byte{byte(i % 7)})
		versions[stream]++
		e := Entry{Event: Event{Log: "220105", Seq: int64(i + 1), Stream: stream, Kind: Matter, Version: versions[stream], At: int64(i), Actor: name.System,
			Type: "matter.note", Schema: 1, Suite: Suite(1 + i%5/4), Command: fmt.Sprint(i), Body: []byte(`{"note":"现场已核实"}`)}}
		e.Salt[0] = byte(i)
		e.Leaf = chain.Leaf(&e.Event)
		head = chain.Head(e.Suite, head, e.Leaf)
		e.Head = head
		out[i] = e
	}
	return out
}

func replay(log []Entry, seq int64, head Hash) *Flaw {
	c := NewChecker("220105")
	for i := range log {
		if c.Add(&log[i]) != nil {
			break
		}
	}
	var f *Flaw
	errors.As(c.End(seq, head), &f)
	return f
}

func TestCheckerNamesTheFirstFlaw(t *testing.T) {
	const n = 50
	end := history(n)[n-1].Head
	if f := replay(history(n), n, end); f != nil {
		t.Fatalf("a good log: %v", f)
	}
	for _, c := range []struct {
		name   string
		tamper func([]Entry) []Entry
		seq    int64
		code   FlawCode
	}{
		{"an edited body", func(l []Entry) []Entry { l[9].Body = []byte(`{"note":"现场未核实"}`); return l }, 10, FlawLeaf},
		{"an edited instant", func(l []Entry) []Entry { l[9].At++; return l }, 10, FlawLeaf},
		{"another actor", func(l []Entry) []Entry { l[9].Actor.Person = "p2"; return l }, 10, FlawLeaf},
		{"another salt", func(l []Entry) []Entry { l[9].Salt[3]++; return l }, 10, FlawLeaf},
		{"an edit with its leaf made anew", func(l []Entry) []Entry {
			l[9].Reason = "x"
			l[9].Leaf = new(Chainer).Leaf(&l[9].Event)
			return l
		}, 10, FlawHead},
		{"an edited head", func(l []Entry) []Entry { l[9].Head[0]++; return l }, 10, FlawHead},
		{"a deleted entry", func(l []Entry) []Entry { return append(l[:9], l[10:]...) }, 10, FlawGap},
		{"a deleted first entry", func(l []Entry) []Entry { return l[1:] }, 1, FlawGap},
		{"two entries that changed places", func(l []Entry) []Entry { l[9], l[10] = l[10], l[9]; return l }, 10, FlawGap},
		{"a doubled entry", func(l []Entry) []Entry { return append(l[:10], l[9:]...) }, 11, FlawGap},
		{"an entry of another log", func(l []Entry) []Entry { l[9].Log = "110101"; return l }, 10, FlawGap},
		{"a version left out", func(l []Entry) []Entry { l[9].Version++; return l }, 10, FlawVersion},
		{"a stream of another kind", func(l []Entry) []Entry { l[9].Kind = Record; return l }, 10, FlawKind},
		{"an unknown suite", func(l []Entry) []Entry { l[9].Suite = 9; return l }, 10, FlawSuite},
		{"a log cut off at its end", func(l []Entry) []Entry { return l[:n-1] }, n, FlawEnd},
		{"an empty log", func(l []Entry) []Entry { return nil }, 1, FlawEnd},
	} {
		if f := replay(c.tamper(history(n)), n, end); f == nil || f.Seq != c.seq || f.Code != c.code {
			t.Errorf("%s: got %v, want %s at %d", c.name, f, c.code, c.seq)
		}
	}
}

// TestBar_V01_AnyEditIsFound tampers at random, also with all later hashes made anew: then a
// head kept elsewhere tells.
func TestBar_V01_AnyEditIsFound(t *testing.T) {
	const n = 40
	end := history(n)[n-1].Head
	rapid.Check(t, func(t *rapid.T) {
		l := history(n)
		at := rapid.IntRange(0, n-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			b := l[at].Body
			i := rapid.IntRange(0, len(b)-1).Draw(t, "byte")
			b[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "xor"))
		case 1:
			l[at].At += rapid.Int64Range(1, 1<<40).Draw(t, "later")
		case 2:
			l[at].Reason += "x"
		case 3:
			l[at].Actor.Unit += "x"
		}
		if f := replay(l, n, end); f == nil || f.Seq != int64(at+1) {
			t.Fatalf("tampered at %d, found %v", at+1, f)
		}
		var chain Chainer
		head := chain.Start("220105")
		for i := range l {
			l[i].Leaf = chain.Leaf(&l[i].Event)
			head = chain.Head(l[i].Suite, head, l[i].Leaf)
			l[i].Head = head
		}
		if f := replay(l, n, end); f == nil || f.Code != FlawEnd {
			t.Fatalf("all hashes made anew, found %v", f)
		}
	})
}

func FuzzParseHash(f *testing.F) {
	f.Add("")
	f.Add(Hash{1}.String())
	f.Add(strings.Repeat("F", 64))
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := ParseHash(s); err == nil && !strings.EqualFold(h.String(), s) {
			t.Errorf("%q is read as %s", s, h)
		} else if err != nil && !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", s, err)
		}
	})
}

// FuzzEncoding reads bytes backwards; what can be read must be written the same.
func FuzzEncoding(f *testing.F) {
	e := history(1)[0]
	f.Add(e.AppendCanonical(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, ok := decode(b); ok && !bytes.Equal(e.AppendCanonical(nil), b) {
			t.Errorf("%x is written as %x", b, e.AppendCanonical(nil))
		}
	})
}

func BenchmarkLeafAndHead(b *testing.B) {
	e := history(1)[0]
	var chain Chainer
	b.ReportAllocs()
	for b.Loop() {
		chain.Head(SM3, e.Head, chain.Leaf(&e.Event))
	}
}

func ExampleChecker() {
	log := history(3)
	log[1].Body = []byte(`{"note":"altered"}`)
	c := NewChecker("220105")
	for i := range log {
		if err := c.Add(&log[i]); err != nil {
			var f *Flaw
			errors.As(err, &f)
			fmt.Println("bad", f.Seq, f.Code)
			break
		}
	}
	// Output: bad 2 leaf
}
