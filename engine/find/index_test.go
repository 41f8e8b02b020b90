package find

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shelf keeps leaves as a store would.
type shelf map[int64][]Leaf

func (s shelf) Leaves(asks []Page) (out []Leaf, err error) {
	for _, a := range asks {
		all, ok := s[a.Part]
		if !ok {
			return nil, fmt.Errorf("part %d is not kept", a.Part)
		}
		leaf, _ := leafOf(all, a.Term)
		out = append(out, leaf)
	}
	return out, nil
}

func (s shelf) read(p *Part) iter.Seq2[Leaf, error] { return inMemory(s[p.ID]) }

// keep merges parts into one that the shelf keeps.
func (s shelf) keep(t testing.TB, x *Index, parts []*Part, id int64) []byte {
	t.Helper()
	m := x.Merge(parts, s.read)
	var all []Leaf
	for l, err := range m.Leaves() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	s[id] = all
	if _, err := x.Replace(m, id, nil); err != nil {
		t.Fatal(err)
	}
	return m.Cards
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if f := Fold(r); f != 0 {
			return f
		}
		return '|'
	}, s)
}

// holds is the slow reading of a query.
func holds(d Document, q Query) bool {
	for _, p := range q.phrases {
		if !strings.Contains(fold(d.Head), string(p.runes)) && !strings.Contains(fold(d.Body), string(p.runes)) {
			return false
		}
	}
	return true
}

func answer(t testing.TB, x *Index, s shelf, ask Ask) Answer {
	t.Helper()
	a, err := x.Search(ask, s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ask(t testing.TB, text string) Ask {
	t.Helper()
	q, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return Ask{Query: q, Limit: 20}
}

// Whatever is put in, put out, merged, kept and loaded again: what is found is what a reading of all texts finds.
func TestSearchFindsWhatAReadingFinds(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		x, s, docs, next := &Index{}, shelf{}, map[uint32]Document{}, int64(1)
		text := rapid.StringOfN(rapid.SampledFrom([]rune("路灯井盖ＡaB12。 ")), 0, 90, -1)
		cards := map[int64][]byte{}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.SampledFrom([]string{"put", "put", "put", "remove", "merge", "load"}).Draw(t, "step") {
			case "put":
				var batch []Document
				for range rapid.IntRange(1, 4).Draw(t, "n") {
					d := Document{ID: uint32(rapid.IntRange(0, 12).Draw(t, "id")), Head: text.Draw(t, "head"), Body: text.Draw(t, "body"),
						At: int64(rapid.IntRange(1, 9).Draw(t, "at")) * minute}
					d.Traits[0], d.Traits[1] = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "trait"), rapid.SampledFrom([]string{"", "x", "x y"}).Draw(t, "words")
					d.Keys = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p1", "p2", "p3"}), 0, 2, rapid.ID).Draw(t, "keys")
					batch, docs[d.ID] = append(batch, d), d
				}
				if _, err := x.Put(batch); err != nil {
					t.Fatal(err)
				}
			case "remove":
				id := uint32(rapid.IntRange(0, 12).Draw(t, "id"))
				if _, err := x.Put([]Document{{ID: id}}); err != nil {
					t.Fatal(err)
				}
				docs[id] = Document{ID: id}
			case "merge":
				parts := x.Parts()
				if len(parts) == 0 {
					break
				}
				from := rapid.IntRange(0, len(parts)-1).Draw(t, "from")
				to := rapid.IntRange(from+1, len(parts)).Draw(t, "to")
				m := x.Merge(parts[from:to], s.read)
				var all []Leaf
				for l := range m.Leaves() {
					all = append(all, l)
				}
				s[next] = all
				if _, err := x.Replace(m, next, nil); err != nil {
					t.Fatal(err)
				}
				cards[next] = m.Cards
				next++
			case "load": // everything is kept, then read by an index that knows nothing
				var y Index
				for _, p := range x.Parts() {
					if !p.Kept() {
						m := x.Merge([]*Part{p}, s.read)
						s[next] = slices.Collect(func(yield func(Leaf) bool) {
							for l := range m.Leaves() {
								yield(l)
							}
						})
						x.Replace(m, next, nil)
						cards[next] = m.Cards
						next++
					}
				}
				for _, p := range x.Parts() {
					if err := y.Load(p.ID, p.Age, cards[p.ID]); err != nil {
						t.Fatal(err)
					}
				}
				x = &y
			}
		}
		q, err := Parse(rapid.StringOfN(rapid.SampledFrom([]rune("路灯井盖ＡaB12 ")), 2, 6, -1).Draw(t, "query"))
		if err != nil {
			return
		}
		ask := Ask{Query: q, Limit: 20, Count: []int{0}}
		if rapid.Bool().Draw(t, "narrow") {
			ask.Where = [][]Want{{{Trait: 0, Text: "a"}, {Trait: 1, Text: "y", How: Word}}}
			ask.From = 3 * minute
		}
		keyed := rapid.Bool().Draw(t, "keyed") // also by one of two keys, or by them alone
		if keyed && ask.Where == nil {
			ask.Where = [][]Want{{}}
		}
		if keyed {
			ask.Where[0] = append(ask.Where[0], Want{Text: "p1", How: Key}, Want{Text: "p3", How: Key})
		}
		var want []uint32
		counts := map[string]int{}
		for id, d := range docs {
			narrow := ask.From != 0
			passes := !narrow && !keyed || narrow && (d.Traits[0] == "a" || d.Traits[1] == "x y") || keyed && (slices.Contains(d.Keys, "p1") || slices.Contains(d.Keys, "p3"))
			if holds(d, q) && passes && (!narrow || d.At >= 3*minute) {
				want = append(want, id)
				counts[d.Traits[0]]++
			}
		}
		slices.Sort(want)
		a, err := x.Search(ask, s)
		if err != nil {
			t.Fatal(err)
		}
		var got []uint32
		for _, h := range a.Hits {
			got = append(got, h.Doc)
		}
		if !slices.IsSortedFunc(a.Hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) }) {
			t.Errorf("hits are not best first: %v", a.Hits)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || a.Total != len(want) {
			t.Errorf("%q: found %v (%d), want %v", q, got, a.Total, want)
		}
		if fmt.Sprint(a.Counts[0]) != fmt.Sprint(counts) {
			t.Errorf("counts %v, want %v", a.Counts[0], counts)
		}
		found += len(want)
	})
	if found == 0 {
		t.Error("nothing was ever found: the test has looked at nothing")
	}
}

var street = []Document{
	{ID: 0, Head: "U202300001 路灯不亮：东盛大街128号门前", Body: "小区东门口的路灯三天不亮了", At: 1 * minute},
	{ID: 1, Head: "U202300002 井盖破损：吉林大路", Body: "路灯旁边的井盖破了，车牌吉A·12345的车差点掉进去", At: 2 * minute},
	{ID: 2, Head: "U202300003 暴露垃圾：荣光路", Body: "垃圾三天没人收", At: 3 * minute},
	{ID: 3, Head: "U202300004 LED屏不亮", Body: "广场 led 屏幕不亮，ＬＥＤ", At: 4 * minute},
}

func TestSearch(t *testing.T) {
	var x Index
	if _, err := x.Put(street); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, query string
		want        []uint32
	}{
		{"what stands in the head comes first", "路灯", []uint32{0, 1}},
		{"a phrase stands in a row", "灯不亮", []uint32{0}},
		{"all phrases must be there", "井盖 路灯", []uint32{1}},
		{"a case number", "U202300003", []uint32{2}},
		{"the end of a case number", "0002", []uint32{1}},
		{"a plate written with a dot", "吉A·12345", []uint32{1}},
		{"a plate in small letters", "吉a 12345", []uint32{1}},
		{"letters without regard to case and width", "Led", []uint32{3}},
		{"a house number", "128号", []uint32{0}},
		{"what comes later is better among equals", "三天", []uint32{2, 0}},
		{"nothing", "热力", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []uint32
			for _, h := range answer(t, &x, nil, ask(t, c.query)).Hits {
				got = append(got, h.Doc)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q finds %v, want %v", c.query, got, c.want)
			}
		})
	}
}

// TestTimesBeyondTheCardsAreFarAway: a question from or until the year 9999, or before all times, does not come out at another one.
func TestTimesBeyondTheCardsAreFarAway(t *testing.T) {
	var x Index
	if _, err := x.Put(street); err != nil {
		t.Fatal(err)
	}
	const year = 365 * 24 * 60 * minute
	for _, c := range []struct {
		from, until int64
		want        int
	}{{8000 * year, 0, 0}, {0, 8000 * year, 2}, {-8000 * year, 8000 * year, 2}, {1, math.MaxInt64, 2}, {math.MaxInt64, math.MaxInt64, 0}, {0, 2 * minute, 1}} {
		a := ask(t, "路灯")
		a.From, a.Until = c.from, c.until
		if got := len(answer(t, &x, nil, a).Hits); got != c.want {
			t.Errorf("from %d until %d finds %d, want %d", c.from, c.until, got, c.want)
		}
	}
}

func TestPagesGoOnWhereTheLastOneEnded(t *testing.T) {
	var x Index
	var docs []Document
	for i := range uint32(57) {
		docs = append(docs, Document{ID: i, Body: strings.Repeat("路灯坏了。", int(i%5)+1), At: int64(i%7) * minute})
	}
	if _, err := x.Put(docs); err != nil {
		t.Fatal(err)
	}
	for _, newest := range []bool{false, true} {
		a := ask(t, "路灯")
		a.Newest, a.Limit = newest, 100
		whole := answer(t, &x, nil, a).Hits
		var paged []Hit
		for a.Limit = 10; ; {
			page := answer(t, &x, nil, a)
			if page.Total != 57 {
				t.Fatalf("a page counts %d", page.Total)
			}
			if len(page.Hits) == 0 {
				break
			}
			paged = append(paged, page.Hits...)
			a.After = &paged[len(paged)-1]
		}
		if len(whole) != 57 || !slices.Equal(paged, whole) {
			t.Errorf("newest %v: %d hits in pages, %d at once", newest, len(paged), len(whole))
		}
	}
}

func TestErasedTextLeavesTheLeaves(t *testing.T) {
	x, s := &Index{}, shelf{}
	if _, err := x.Put([]Document{{ID: 1, Body: "周桂芳住在三单元"}, {ID: 2, Body: "路灯"}}); err != nil {
		t.Fatal(err)
	}
	s.keep(t, x, x.Parts(), 1)
	if _, err := x.Put([]Document{{ID: 1, Body: "一位居民"}}); err != nil {
		t.Fatal(err)
	}
	s.keep(t, x, x.Parts(), 2)
	for _, leaf := range s[2] {
		for term := range leaf.entries() {
			if term.String() == "桂芳" {
				t.Error("an erased name still stands in a leaf")
			}
		}
	}
	if n := answer(t, x, s, ask(t, "居民")).Total; n != 1 {
		t.Errorf("the new text is found %d times", n)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, text := range map[string]string{"nothing": "", "one character": "灯", "signs": "，。！", "single characters": "灯 亮",
		"too much": strings.Repeat("灯亮", 60), "bytes that are no text": "\xff\xff", "nine phrases": "一一 二二 三三 四四 五五 六六 七七 八八 九九"} {
		t.Run(name, func(t *testing.T) {
			if q, err := Parse(text); err == nil {
				t.Errorf("%q was read as %q", text, q)
			}
		})
	}
}

func TestHighlight(t *testing.T) {
	for _, c := range []struct{ name, text, query, want string }{
		{"each place", "路灯坏了，路灯", "路灯", "[路灯]坏了，[路灯]"},
		{"what touches is one", "路灯坏了", "路灯 灯坏", "[路灯坏]了"},
		{"without regard to case and width", "ＬＥＤ led", "led", "[ＬＥＤ] [led]"},
		{"nothing", "井盖", "路灯", "井盖"},
		{"at the end", "坏路灯", "路灯", "坏[路灯]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, at := "", 0
			for _, s := range Highlight(c.text, ask(t, c.query).Query) {
				out += c.text[at:s.Start] + "[" + c.text[s.Start:s.End] + "]"
				at = s.End
			}
			if out += c.text[at:]; out != c.want {
				t.Errorf("got %s, want %s", out, c.want)
			}
		})
	}
}

func TestSnippetShowsTheFirstFind(t *testing.T) {
	text := strings.Repeat("前", 100) + "路灯" + strings.Repeat("后", 100)
	p := Snippet(text, ask(t, "路灯").Query, 40)
	if !p.CutFrom || !p.CutEnd || len(p.Spans) != 1 || p.Text[p.Spans[0].Start:p.Spans[0].End] != "路灯" || len([]rune(p.Text)) != 40 {
		t.Errorf("snippet %+v", p)
	}
	if p := Snippet("路灯", ask(t, "路灯").Query, 40); p.CutFrom || p.CutEnd || p.Text != "路灯" {
		t.Errorf("a short text is shown as %+v", p)
	}
}

func FuzzLeaf(f *testing.F) {
	var x Index
	x.Put(street)
	for _, l := range x.parts[0].leaves {
		f.Add(l.Bytes)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		leaf := Leaf{Bytes: b}
		for _, l := range leaf.entries() {
			r := l.reader()
			for n := 0; r.next() && n < 1000; n++ {
				r.at(nil)
			}
		}
		var c cards
		if len(b) < 200 {
			c.unpack(b, 0)
		}
	})
}

func ExampleIndex_Search() {
	var x Index
	x.Put([]Document{{ID: 7, Head: "路灯不亮", Body: "东盛大街128号门前"}, {ID: 9, Head: "井盖破损", Body: "路灯旁边"}})
	q, _ := Parse("路灯")
	a, _ := x.Search(Ask{Query: q, Limit: 10}, nil)
	for _, h := range a.Hits {
		fmt.Println(h.Doc)
	}
	fmt.Println(a.Total, "in all")
	// Output:
	// 7
	// 9
	// 2 in all
}
