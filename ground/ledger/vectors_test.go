package ledger

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"bihuan/ground/name"
)

// vector is the input line of testdata/vectors.txt.
type vector struct {
	Log     name.District
	Seq     int64
	Stream  name.ID
	Kind    StreamKind
	Version int64
	At      int64
	Person  name.Person
	For     name.Person
	Unit    name.Unit
	Role    name.Role
	Type    string
	Schema  int
	Suite   Suite
	Number  string
	Reason  string
	Command string
	Salt    string
	Body    string
}

func (v *vector) event() Event {
	e := Event{Log: v.Log, Seq: v.Seq, Stream: v.Stream, Kind: v.Kind, Version: v.Version, At: v.At,
		Actor: name.Actor{Person: v.Person, For: v.For, Unit: v.Unit, Role: v.Role},
		Type:  v.Type, Schema: v.Schema, Suite: v.Suite, Number: v.Number, Reason: v.Reason, Command: v.Command, Body: []byte(v.Body)}
	e.Salt = [16]byte(unhex(v.Salt))
	return e
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// TestVectors holds the encoding, the leaves, the heads and the commitments to the bytes of
// decision 0002. If it fails, the code is wrong: the file may never change.
func TestVectors(t *testing.T) {
	f, err := os.Open("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var chain Chainer
	var e Event
	var title string
	head := chain.Start("220105")
	seen := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		kind, rest, _ := strings.Cut(lines.Text(), " ")
		if kind == "" || kind == "#" {
			continue
		}
		seen[kind]++
		switch kind {
		case "start":
			log, want, _ := strings.Cut(rest, " ")
			same(t, "start of "+log, chain.Start(name.District(log)).String(), want)
		case "event":
			title = rest
		case "input":
			var v vector
			if err := json.Unmarshal([]byte(rest), &v); err != nil {
				t.Fatal(err)
			}
			e = v.event()
		case "encoding":
			same(t, title, hex.EncodeToString(e.AppendCanonical(nil)), rest)
		case "leaf":
			same(t, title, chain.Leaf(&e).String(), rest)
		case "head":
			head = chain.Head(e.Suite, head, chain.Leaf(&e))
			same(t, title, head.String(), rest)
		case "commit":
			commitment(t, rest)
		default:
			t.Errorf("unknown line %q", lines.Text())
		}
	}
	if seen["start"] != 2 || seen["event"] != 7 || seen["encoding"] != 7 || seen["leaf"] != 7 || seen["head"] != 7 || seen["commit"] != 5 {
		t.Errorf("vectors are missing: %v", seen)
	}
}

func commitment(t *testing.T, line string) {
	t.Helper()
	f := strings.Split(line, " ")
	suite, _ := strconv.Atoi(f[0])
	value, err := strconv.Unquote(f[4])
	if err != nil {
		t.Fatal(err)
	}
	same(t, line, string(Commit(Suite(suite), [16]byte(unhex(f[1])), name.ID(f[2]), f[3], value)), f[5])
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// TestSM3 checks the hash itself by the example of GB/T 32905-2016, appendix A.1.
func TestSM3(t *testing.T) {
	h := SM3.New()
	h.Write([]byte("abc"))
	same(t, "SM3 of abc", hex.EncodeToString(h.Sum(nil)), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
}
