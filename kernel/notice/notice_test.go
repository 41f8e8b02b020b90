package notice

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/ground/fault"
)

func TestIsMail(t *testing.T) {
	for s, want := range map[string]bool{
		"li@example.cn": true, "li.wei+x@a-b.example.cn": true, "LI@EXAMPLE.CN": true,
		"": false, "li": false, "li@": false, "@example.cn": false, "li@example": false, "a@b@example.cn": false, ".li@example.cn": false, "li.@example.cn": false, "l..i@example.cn": false,
		"li@-a.cn": false, "li@a-.cn": false, "\"li\"@example.cn": false, "li @example.cn": false, "li@example.cn\r\nBcc: x@y.cn": false, "李@example.cn": false, "li@例子.cn": false,
		"<li@example.cn>": false, "li@example.cn,b@example.cn": false, "li:b@example.cn": false, strings.Repeat("a", 65) + "@example.cn": false,
	} {
		if got := IsMail(s); got != want {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

// TestMailAndLinesCannotBreakOut: whatever goes in, nothing comes out that ends a line.
func TestMailAndLinesCannotBreakOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if IsMail(s) && strings.ContainsAny(s, "\r\n\x00 <>,;:\"") {
			t.Errorf("%q passed for an address", s)
		}
		line := Line(s, 50)
		if strings.ContainsAny(line, "\r\n\x00\x1b\u2028\u2029\u202e\u0085") || len([]rune(line)) > 50 {
			t.Errorf("%q became %q", s, line)
		}
		if Line(line, 50) != line {
			t.Errorf("%q is changed again", line)
		}
		if text := Lines(s, 50); strings.ContainsAny(text, "\r\x00\x1b\u2028\u202e") || len([]rune(text)) > 50 {
			t.Errorf("%q became %q", s, text)
		}
	})
}

func TestQuiet(t *testing.T) {
	at := func(s string) int64 {
		c, err := time.ParseInLocation("2006-01-02T15:04", s, civil)
		if err != nil {
			t.Fatal(err)
		}
		return c.UnixMicro()
	}
	for name, c := range map[string]struct{ hours, at, want string }{
		"in the evening it waits for the morning":  {"21:30-07:30", "2023-10-16T22:00", "2023-10-17T07:30"},
		"after midnight it waits for the same day": {"21:30-07:30", "2023-10-17T00:10", "2023-10-17T07:30"},
		"the first minute is quiet":                {"21:30-07:30", "2023-10-16T21:30", "2023-10-17T07:30"},
		"the minute at the end is not":             {"21:30-07:30", "2023-10-17T07:30", "2023-10-17T07:30"},
		"by day it goes at once":                   {"21:30-07:30", "2023-10-16T12:00", "2023-10-16T12:00"},
		"quiet at noon":                            {"12:00-13:30", "2023-10-16T12:10", "2023-10-16T13:30"},
		"no quiet hours":                           {"none", "2023-10-16T03:00", "2023-10-16T03:00"},
		"the last evening of a year":               {"21:30-07:30", "2023-12-31T23:59", "2024-01-01T07:30"},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := ParseQuiet(c.hours)
			if err != nil {
				t.Fatal(err)
			}
			if got := q.Release(at(c.at)); got != at(c.want) {
				t.Errorf("got %v, want %s", time.UnixMicro(got).In(civil), c.want)
			}
			if again, err := ParseQuiet(q.String()); err != nil || again != q {
				t.Errorf("%s is read as %v, %v", q, again, err)
			}
		})
	}
	for _, s := range []string{"21:30", "7:5-8", "25:00-07:00", "07:30-07:30", "a-b", "21:30-07:30,12:00-13:00"} {
		if _, err := ParseQuiet(s); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestBackoff(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 200; n++ {
		full := min(LongestWait, 5*time.Second*time.Duration(1<<min(n-1, 20)))
		seen := map[time.Duration]bool{}
		for range 50 {
			w := Backoff(n, rnd.Uint64())
			if w < full/2 || w > full {
				t.Fatalf("after %d failures %v, want between %v and %v", n, w, full/2, full)
			}
			seen[w] = true
		}
		if len(seen) < 40 {
			t.Errorf("after %d failures %d different pauses of 50: no jitter", n, len(seen))
		}
	}
}

func TestCheckTemplate(t *testing.T) {
	for text, want := range map[string]string{
		"{kind}{number}已派给您，{due}前办结。": "",
		"没有任何槽位":                       "",
		"请{nmber}":                     "nmber at 1, number",
		"{name}的{number}":              "name at 0, ",
		"{Due}":                        "Due at 0, due",
		"{期限}前":                        "期限 at 0, due",
		"半个{number":                    " at 2, ",
		"多了}一半{x}":                     " at 2, ; x at 5, ",
	} {
		got := ""
		for i, b := range CheckTemplate(text) {
			if i > 0 {
				got += "; "
			}
			got += fmt.Sprintf("%s at %d, %s", b.Slot, b.At, b.Hint)
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func ExampleFill() {
	fmt.Println(Fill("{kind}{number}：{act}，{due}前办结", map[string]string{"kind": "工程", "number": "W22010520231016-00001", "act": "派单", "due": "10月20日"}))
	// Output: 工程W22010520231016-00001：派单，10月20日前办结
}

// TestValuesAreNotReadAsSlots: a value that looks like a slot stays what it is.
func TestValuesAreNotReadAsSlots(t *testing.T) {
	for _, c := range []struct{ template, unit, want string }{
		{"已到您手上[（{unit}）]。", "城管局", "已到您手上（城管局）。"},
		{"已到您手上[（{unit}）]。", "", "已到您手上。"},
		{"[{number}的][{unit}]到了", "", "7的到了"},
		{"[{unit", "", "[{unit"},
		{"a]b[c", "", "a]b[c"},
		{"[无槽]", "", "无槽"},
	} {
		if got := Fill(c.template, map[string]string{"number": "7", "unit": c.unit}); got != c.want {
			t.Errorf("%s with %q: %q, want %q", c.template, c.unit, got, c.want)
		}
	}
	if got := Fill("{number} {unit}", map[string]string{"number": "{unit}", "unit": "x\r\ny"}); got != "{unit} x y" {
		t.Errorf("got %q", got)
	}
}

func TestEveryOccasionIsListedOnce(t *testing.T) {
	seen := map[About]bool{}
	for _, o := range Abouts() {
		if seen[o.About] {
			t.Errorf("%s stands twice", o.About)
		}
		seen[o.About] = true
		if got, ok := o.About.Find(); !ok || got != o {
			t.Errorf("%s: %v %v", o.About, got, ok)
		}
	}
	if _, ok := About("gossip").Find(); ok {
		t.Error("an occasion that does not exist was found")
	}
}
