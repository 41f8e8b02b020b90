package boards

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

func drawLine(t *rapid.T) indicator.ScoreLine {
	one := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	return indicator.ScoreLine{Of: name.ID(one("of", "", "a", "aa", "b", "c", "d", "e", "f")), Number: one("number", "", "M1", "M22"), Title: one("title", "", "井盖破损", "路灯不亮"),
		Under: []string{one("unit", "", "housing", "tax"), one("class", "", "E05001", "E06")}, In: rapid.Uint64Range(0, 3).Draw(t, "in")}
}

func sorted(m map[name.ID]indicator.ScoreLine) []indicator.ScoreLine {
	all := make([]indicator.ScoreLine, 0, len(m))
	for _, of := range slices.Sorted(maps.Keys(m)) {
		if m[of].In != 0 {
			all = append(all, m[of])
		}
	}
	return all
}

// TestLinesAreWhatWentIn: as they were made and after each change, whatever it is, also those that somebody still holds; a figure's lines are those that count for it.
func TestLinesAreWhatWentIn(t *testing.T) {
	card := &indicator.Scorecard{By: []string{"unit", "class"}, Counts: []indicator.ScoreCount{{Key: "one"}, {Key: "two"}}}
	rapid.Check(t, func(t *rapid.T) {
		model := map[name.ID]indicator.ScoreLine{}
		for _, line := range rapid.SliceOf(rapid.Custom(drawLine)).Draw(t, "lines") {
			model[line.Of] = line
		}
		s := &Sheet{Card: card, lines: newLines(2, sorted(model))}
		for range 3 {
			before, held := s.lines.whole(), s.lines
			if want := sorted(model); !reflect.DeepEqual(before, want) {
				t.Fatalf("lines are\n%v\nwant\n%v", before, want)
			}
			count, under, from := rapid.IntRange(0, 1).Draw(t, "count"), rapid.SampledFrom([]string{"", "tax", "nowhere"}).Draw(t, "under"), rapid.IntRange(0, 3).Draw(t, "from")
			var want []indicator.ScoreLine
			for _, l := range before {
				if l.In&(1<<count) != 0 && l.Under[0] == under {
					want = append(want, l)
				}
			}
			got, all, err := s.Behind(card.Counts[count].Key, "unit", under, from, 2)
			if err != nil || all != len(want) || !slices.EqualFunc(got, want[min(from, len(want)):min(from+2, len(want))], func(a, b indicator.ScoreLine) bool { return reflect.DeepEqual(a, b) }) {
				t.Fatalf("behind %s of %q from %d: %v of %d, %v; all are %v", card.Counts[count].Key, under, from, got, all, err, want)
			}
			changed := rapid.SliceOfDistinct(rapid.Custom(drawLine), func(l indicator.ScoreLine) name.ID { return l.Of }).Draw(t, "changed")
			for _, line := range changed {
				model[line.Of] = line
			}
			s.lines = s.lines.with(changed)
			if !reflect.DeepEqual(held.whole(), before) {
				t.Fatal("lines in hand have changed")
			}
		}
	})
}

// TestAMonthOfLinesIsSmall: what a line takes besides its texts, and that a hundred thousand matters of one unit hold its name once.
func TestAMonthOfLinesIsSmall(t *testing.T) {
	const n = 10_000
	all := make([]indicator.ScoreLine, n)
	for i := range all {
		all[i] = indicator.ScoreLine{Of: name.ID(fmt.Sprintf("220105-%08d", i)), Number: "M1", Title: "井盖破损", Under: []string{fmt.Sprint("unit", i%7), "E05001"}, In: 1}
	}
	l := newLines(2, all)
	for range 2 {
		if len(l.words) != 8 {
			t.Errorf("%d words are held, want 8", len(l.words))
		}
		if size := 8*cap(l.in) + 4*cap(l.under) + 4*cap(l.ends) + cap(l.text) - l.len()*len("220105-00000000M1井盖破损"); size > n*30 {
			t.Errorf("a line takes %d bytes besides its texts, want at most 30", size/n)
		}
		l = l.with(all[:2])
	}
}
