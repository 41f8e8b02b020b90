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
