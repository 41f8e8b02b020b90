package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/money"
	"bihuan/internal/bar"
)

// TestNumbersKeepTheirDigits: whatever was recorded leaves as a JSON number of the very same digits.
func TestNumbersKeepTheirDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := money.Scaled(rapid.Int64().Draw(t, "digits"), rapid.IntRange(0, 18).Draw(t, "places"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(map[string]any{"v": exact(d)})
		if err != nil {
			t.Fatal(err)
		}
		var back struct{ V json.Number }
		if err := json.Unmarshal(b, &back); err != nil || back.V.String() != d.String() || strings.ContainsAny(back.V.String(), "eE") {
			t.Fatalf("%s left as %s, %v", d, b, err)
		}
	})
}

func TestLooseTakesWhatJSONHas(t *testing.T) {
	for _, c := range []struct{ name, json, want string }{
		{"text as it is", `"半 half"`, "半 half"},
		{"a number by its digits", `12.50`, "12.50"},
		{"a number too large for floating point", `12345678901234567890`, "12345678901234567890"},
		{"yes", `true`, "yes"},
		{"no", `false`, "no"},
		{"nothing", `null`, ""},
		{"the rows of a table", `[["a","1"]]`, `[["a","1"]]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got loose
			if err := json.Unmarshal([]byte(c.json), &got); err != nil || string(got) != c.want {
				t.Errorf("%s is read as %q, %v; want %q", c.json, got, err, c.want)
			}
		})
	}
	if err := strict([]byte(`{"with":{"a":{"b":1}}}`), &actRequest{}); err == nil {
		t.Error("an object is read as the value of a field")
	}
}

// TestAKeyTwiceIsFoundInObjectsOfEverySize, whichever two of the members it is, and told with its place.
func TestAKeyTwiceIsFoundInObjectsOfEverySize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "members")
		first := rapid.IntRange(0, n-2).Draw(t, "first")
		second := rapid.IntRange(first+1, n-1).Draw(t, "second")
		members := make([]string, n)
		for i := range members {
			members[i] = fmt.Sprintf(`"k%d":1`, i)
		}
		if err := strict([]byte(`{"with":{`+strings.Join(members, ",")+`}}`), &actRequest{}); err != nil {
			t.Fatalf("%d different keys: %v", n, err)
		}
		members[second] = members[first]
		var told *failure
		if err := strict([]byte(`{"with":{`+strings.Join(members, ",")+`}}`), &actRequest{}); !errors.As(err, &told) || told.Code != "json-twice" || told.Field != fmt.Sprintf("/with/k%d", first) {
			t.Fatalf("key %d again at %d of %d: %v", first, second, n, err)
		}
	})
}

// TestBar_I06_JSONIsReadStrictly: deep, long, twofold, cut, extended and misspelt JSON is refused with its place, and what is taken is what was sent.
func TestBar_I06_JSONIsReadStrictly(t *testing.T) {
	deep := func(n int) string { return `{"with":{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}}` }
	tried, refused := 0, 0
	for _, c := range []struct {
		why, json string
		code      string
	}{
		{"the deepest that is taken", deep(maxDepth - 2), ""},
		{"one deeper", deep(maxDepth - 1), "json-too-deep"},
		{"a hundred thousand deep", strings.Repeat("[", 100_000), "json-type json-too-deep"},
		{"a key twice", `{"kind":"a","kind":"b"}`, "json-twice"},
		{"a key twice, once escaped", `{"kind":"a","\u006bind":"b"}`, "json-twice"},
		{"a key twice below", `{"with":{"x":1,"x":2}}`, "json-twice"},
		{"a key in other letters", `{"Kind":"a"}`, "json-unknown"},
		{"a key that is not there", `{"is_admin":true}`, "json-unknown"},
		{"something behind", `{}{}`, "json-broken"},
		{"a byte order mark", "\ufeff{}", "json-broken"},
		{"bytes that are no UTF-8", "{\"kind\":\"\xff\"}", "json-broken"},
		{"half a character", `{"kind":"\ud800"}`, "json-broken"},
		{"the other half alone", `{"kind":"\udc00x"}`, "json-broken"},
		{"two first halves", `{"kind":"\ud840\ud840"}`, "json-broken"},
		{"a whole character in two halves", `{"kind":"\ud840\udc0b"}`, ""},
		{"a backslash before a u", `{"kind":"\\ud800"}`, ""},
		{"a number too large", `{"units":99999999999999999999}`, "json-type"},
		{"a number that is none", `{"units":NaN}`, "json-broken"},
		{"a number with a leading nought", `{"units":01}`, "json-broken"},
		{"a part of a number", `{"units":1.5}`, "json-type"},
		{"a comma too many", `{"units":1,}`, "json-broken"},
		{"a comment", `{/**/"units":1}`, "json-broken"},
		{"single quotes", `{'units':1}`, "json-broken"},
		{"cut", `{"units":`, "json-broken"},
		{"nothing", ``, "json-broken"},
		{"a control character in text", "{\"kind\":\"\x01\"}", "json-broken"},
	} {
		var got openRequest
		err := strict([]byte(c.json), &got)
		tried++
		if c.code == "" {
			if err != nil {
				t.Errorf("%s: %v", c.why, err)
			}
			continue
		}
		refused++
		if told, ok := errors.AsType[*failure](err); !ok || !strings.Contains(c.code, told.Code) || told.status/100 != 4 {
			t.Errorf("%s: %v, want %s", c.why, err, c.code)
		}
	}
	bar.Report(t, "I-06", "JSON: %d ways of writing it wrongly, %d refused with their place; at most %d deep and %d MB", tried, refused, maxDepth, maxJSON>>20)
}

// FuzzStrict: never a panic, every refusal is a failure with a status, and what is taken is what the standard library reads.
func FuzzStrict(f *testing.F) {
	for _, s := range []string{`{}`, `null`, `[]`, `{"kind":"a/b","with":{"x":1,"y":[["a"]]},"evidence":[{"kind":"photo","data":"YQ=="}]}`, `{"with":{"x":{}}}`,
		`{"kind":"a","kind":"b"}`, `{"Kind":"a"}`, `{"units":1.5}`, `{"units":99999999999999999999}`, `{"with":[]}`, `{"evidence":{}}`, "{\"kind\":\"\xff\"}", `{"a~/b":1}`,
		strings.Repeat(`{"with":`, 50), `{"kind":"a"}{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var got, want openRequest
		err := strict(b, &got)
		if err != nil {
			var failed *failure
			if !errors.As(err, &failed) || failed.status < 400 || failed.status > 499 {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if err := json.Unmarshal(b, &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("read as %+v, the standard library reads %+v, %v", got, want, err)
		}
	})
}
