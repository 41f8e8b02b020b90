package find

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bihuan/ground/fault"
)

const dayUS = int64(86400_000_000)

// news is a week of ordinary reports before and one after, in which water mains burst in one street.
func news() (docs []Document, now, before Period) {
	r := rand.New(rand.NewPCG(1, 1))
	every := []string{"路灯不亮", "井盖破损", "垃圾满溢", "违章停车"}
	for i := range 140 {
		d := Document{ID: uint32(i), Head: every[r.IntN(len(every))], Body: "请有关部门尽快处理", At: int64(i/10+100) * dayUS}
		d.Traits[0], d.Traits[1], d.Keys = "a", d.Head, []string{"took part"} // a key is no topic
		if i >= 70 && i%7 == 0 {
			d.Body, d.Traits[0] = "供水管网爆管，请有关部门尽快处理，编号2023", "b"
		}
		docs = append(docs, d)
	}
	return docs, Period{107 * dayUS, 114 * dayUS}, Period{100 * dayUS, 107 * dayUS}
}

func TestRisingFindsWhatIsWrittenOfMore(t *testing.T) {
	docs, now, before := news()
	for _, kept := range []bool{false, true} {
		x, s := &Index{}, shelf{}
		if _, err := x.Put(docs); err != nil {
			t.Fatal(err)
		}
		if kept {
			s.keep(t, x, x.Parts(), 1)
		}
		c, err := x.Compare([]Spans{{nil, now, before}, {[][]Want{{{Trait: 0, Text: "a"}}}, now, before}}, s)
		if err != nil || !slices.Equal(c.Docs, [][2]int{{70, 70}, {60, 70}}) {
			t.Fatalf("%+v, %v", c, err)
		}
		if c := x.Changes(c, 1, 0); c["b"] != [2]int{} || c["a"] != [2]int{60, 70} {
			t.Errorf("changes of the second pair %v", c)
		}
		if c := x.Changes(c, 0, 0); c["b"] != [2]int{10, 0} || c["a"] != [2]int{60, 70} {
			t.Errorf("changes %v", c)
		}
		after := []Document{docs[0], docs[1]} // what is taken in meanwhile changes nothing
		after[0].Body, after[1].Body = "供水管网爆管", "供水管网爆管"
		if _, err := x.Put(after); err != nil {
			t.Fatal(err)
		}
		rising, err := c.Rising(3, 10, s.read)
		if err != nil {
			t.Fatal(err)
		}
		all, only := rising[0], rising[1]
		if len(all) < 4 || !strings.Contains("供水管网爆管", all[0].Term.String()) || all[0].Now != 10 || all[0].Before != 0 {
			t.Fatalf("rising: %+v", all)
		}
		for _, r := range all {
			if strings.ContainsAny(r.Term.String(), "0123456789") {
				t.Errorf("a number rises: %s", r.Term)
			}
		}
		for _, r := range only {
			if strings.Contains("供水管网爆管", r.Term.String()) {
				t.Errorf("%s rises among documents that do not have it", r.Term)
			}
		}
	}
}

// TestManySpansAreComparedAsOne: whatever pairs of periods are compared together, each tells what it tells alone.
func TestManySpansAreComparedAsOne(t *testing.T) {
	docs, _, _ := news()
	var x Index
	for _, some := range [][]Document{docs[:90], docs[60:]} { // some stand in both parts
		if _, err := x.Put(some); err != nil {
			t.Fatal(err)
		}
	}
	var spans []Spans
	for i := range MostSpans {
		from := int64(100+i%12) * dayUS
		s := Spans{Now: Period{from + 2*dayUS, from + 4*dayUS}, Before: Period{from, from + 2*dayUS}}
		if i%3 > 0 {
			s.Where = [][]Want{{{Trait: 0, Text: "ab"[i%2 : i%2+1]}}}
		}
		spans = append(spans, s)
	}
	together, err := x.Compare(spans, nil)
	if err != nil {
		t.Fatal(err)
	}
	all, err := together.Rising(1, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	rose := 0
	for i := range spans {
		alone, err := x.Compare(spans[i:i+1], nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := alone.Rising(1, 7, nil)
		if err != nil || !slices.Equal(all[i], want[0]) || together.Docs[i] != alone.Docs[0] || !maps.Equal(x.Changes(together, i, 1), x.Changes(alone, 0, 1)) {
			t.Errorf("pair %d of %v documents: %v, alone %v of %v (%v)", i, together.Docs[i], all[i], want, alone.Docs, err)
		}
		rose += len(want[0])
	}
	if rose == 0 {
		t.Error("nothing rose: the test tests nothing")
	}
	if _, err := x.Compare(append(spans, spans[0]), nil); !errors.Is(err, fault.ErrInvalid) {
		t.Errorf("one pair too many: %v", err)
	}
}

func TestGrowFindsTheWordOfATerm(t *testing.T) {
	texts := []string{"供水管网爆管，东盛大街", "昨晚供水管网爆管了", "供水管网爆管三处", "供水管网漏水"}
	for share, want := range map[float64]string{0.7: "供水管网爆管", 1: "供水管网"} {
		if got := Grow(termOf('管', '网'), texts, share); got != want {
			t.Errorf("share %v: %q, want %q", share, got, want)
		}
	}
	if got := Grow(termOf('路', '灯'), nil, 0.7); got != "路灯" {
		t.Errorf("without texts a term is its own word, not %q", got)
	}
}

func TestStriking(t *testing.T) {
	if a, b := Striking(10, 0, 100, 100), Striking(10, 9, 100, 100); a <= b || b <= 0 {
		t.Errorf("what is new strikes by %v, what hardly grows by %v", a, b)
	}
	if s := Striking(10, 20, 100, 200); s != 0 {
		t.Errorf("the same share strikes by %v", s)
	}
}

func ExampleGrow() {
	texts := []string{"供水管网爆管，东盛大街", "昨晚供水管网爆管了", "供水管网爆管三处"}
	fmt.Println(Grow(termOf('水', '管'), texts, 0.75))
	// Output: 供水管网爆管
}

// BenchmarkSearch asks an index in memory of 50,000 documents for two characters that a tenth of them have.
func BenchmarkSearch(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	words := strings.Fields("路灯 井盖 垃圾 积水 护栏 噪音 供热 停水 违建 占道")
	var x Index
	for from := 0; from < 50_000; from += 5000 {
		var docs []Document
		for i := range 5000 {
			var s strings.Builder
			for range 40 {
				s.WriteRune(rune(0x4e00 + r.IntN(3000)))
			}
			docs = append(docs, Document{ID: uint32(from + i), Head: words[r.IntN(len(words))], Body: s.String(), At: int64(i) * minute})
		}
		if _, err := x.Put(docs); err != nil {
			b.Fatal(err)
		}
	}
	q, _ := Parse("路灯")
	for b.Loop() {
		if a, err := x.Search(Ask{Query: q, Limit: 20}, nil); err != nil || a.Total < 4000 {
			b.Fatal(a.Total, err)
		}
	}
}
