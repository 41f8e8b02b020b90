package indicator_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/money"
	. "bihuan/kernel/indicator"
)

func runner(key, group, value string, sample int) Runner {
	return Runner{Key: key, Group: group, Value: dec(value), Sample: sample}
}

func TestRank(t *testing.T) {
	for _, c := range []struct {
		name    string
		runners []Runner
		before  map[string]int
		want    string // key rank change, with new and few
	}{
		{"nobody runs", nil, nil, ""},
		{"larger first", []Runner{runner("a", "g", "1", 9), runner("b", "g", "2", 9)}, nil, "b 1 0 new, a 2 0 new"},
		{"ties share a rank, and the next one is skipped", []Runner{runner("c", "g", "1", 9), runner("b", "g", "2.0", 9), runner("a", "g", "2", 9)}, nil, "a 1 0 new, b 1 0 new, c 3 0 new"},
		{"a tie at the end", []Runner{runner("a", "g", "3", 9), runner("b", "g", "1", 9), runner("c", "g", "1", 9)}, nil, "a 1 0 new, b 2 0 new, c 2 0 new"},
		{"groups run by themselves", []Runner{runner("street", "streets", "1", 9), runner("bureau", "bureaus", "9", 9), runner("lane", "streets", "5", 9)}, nil,
			"bureau 1 0 new, lane 1 0 new, street 2 0 new"},
		{"places gained and lost", []Runner{runner("a", "g", "3", 9), runner("b", "g", "2", 9), runner("c", "g", "1", 9)}, map[string]int{"a": 3, "b": 2, "c": 1}, "a 1 2, b 2 0, c 3 -2"},
		{"who was not ranked before is new", []Runner{runner("a", "g", "3", 9), runner("b", "g", "2", 9)}, map[string]int{"b": 1}, "a 1 0 new, b 2 -1"},
		{"a small sample says so and is ranked", []Runner{runner("a", "g", "3", 2), runner("b", "g", "2", 3)}, map[string]int{"a": 1, "b": 2}, "a 1 0 few, b 2 0"},
		{"minus values", []Runner{runner("a", "g", "-5", 9), runner("b", "g", "-4.9", 9)}, map[string]int{"a": 1, "b": 1}, "b 1 0, a 2 -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := slices.Clone(c.runners)
			var got []string
			for _, p := range Rank(c.runners, c.before, 3) {
				s := fmt.Sprint(p.Key, " ", p.Rank, " ", p.Change)
				if p.New {
					s += " new"
				}
				if p.Few {
					s += " few"
				}
				got = append(got, s)
			}
			if g := strings.Join(got, ", "); g != c.want {
				t.Errorf("got %s, want %s", g, c.want)
			}
			if !reflect.DeepEqual(given, c.runners) {
				t.Error("the runners were reordered")
			}
		})
	}
}

// TestRankCounts: a rank is one more than how many of the group are strictly better, whatever the order they came in.
func TestRankCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var runners []Runner
		for i := range rapid.IntRange(0, 12).Draw(t, "runners") {
			runners = append(runners, Runner{Key: fmt.Sprint("u", i), Group: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "group"), Value: money.Int(rapid.Int64Range(0, 4).Draw(t, "value"))})
		}
		places := Rank(runners, nil, 0)
		if len(places) != len(runners) {
			t.Fatalf("%d places for %d runners", len(places), len(runners))
		}
		for _, p := range places {
			better := 0
			for _, r := range runners {
				if r.Group == p.Group && p.Value.Less(r.Value) {
					better++
				}
			}
			if p.Rank != better+1 {
				t.Fatalf("%s has rank %d with %d better ones: %v", p.Key, p.Rank, better, places)
			}
		}
	})
}

func TestCover(t *testing.T) {
	child := func(title string, shape Shape, target, unit string, person bool, more ...func(*Terms)) Goal {
		g := goal(shape, "eq", target, unit, more...)
		if g.Title = title; !person {
			g.Person = ""
		}
		return *g
	}
	for _, c := range []struct {
		name     string
		parent   *Goal
		children []Goal
		want     Coverage
	}{
		{"nothing is handed out", goal(Accumulate, "eq", "21", "个"), nil, Coverage{}},
		{"a gap", goal(Accumulate, "eq", "21", "个"), []Goal{child("a", Accumulate, "10", "个", true), child("b", Accumulate, "9", "个", true)}, Coverage{Sum: dec("19"), Percent: dec("90.48")}},
		{"covered", goal(Accumulate, "eq", "21", "个"), []Goal{child("a", Accumulate, "12", "个", true), child("b", Accumulate, "9", "个", true)}, Coverage{Sum: dec("21"), Percent: dec("100"), Covered: true}},
		{"more than covered", goal(Accumulate, "eq", "20", "个"), []Goal{child("a", Accumulate, "22", "个", true)}, Coverage{Sum: dec("22"), Percent: dec("110"), Covered: true}},
		{"another unit does not add up", goal(Accumulate, "eq", "21", "个"), []Goal{child("a", Accumulate, "21", "户", true), child("b", Accumulate, "9", "个", true)},
			Coverage{Sum: dec("9"), Percent: dec("42.86"), Unlike: []string{"a"}}},
		{"nor does another shape", goal(Accumulate, "eq", "21", "个"), []Goal{child("a", Level, "21", "个", true)}, Coverage{Unlike: []string{"a"}}},
		{"every leaf has one person", goal(Accumulate, "eq", "21", "个"), []Goal{child("a", Accumulate, "21", "个", false)}, Coverage{Sum: dec("21"), Percent: dec("100"), Covered: true, NotOwned: []string{"a"}}},
		{"a level: the weakest counts, also behind an unlike one", goal(Level, "reach", "60", "%"), []Goal{child("u", Accumulate, "1", "%", true), child("a", Level, "65", "%", true), child("b", Level, "55", "%", true), child("c", Level, "70", "%", true)},
			Coverage{Sum: dec("55"), Percent: dec("91.67"), Unlike: []string{"u"}}},
		{"a level: all reach it", goal(Level, "reach", "60", "%"), []Goal{child("a", Level, "65", "%", true), child("b", Level, "60", "%", true)}, Coverage{Sum: dec("60"), Percent: dec("100"), Covered: true}},
		{"a ceiling: the highest counts", goal(Ceiling, "at_most", "15", "起"), []Goal{child("a", Ceiling, "10", "起", true), child("b", Ceiling, "16", "起", true)}, Coverage{Sum: dec("16"), Percent: dec("106.67")}},
		{"a ceiling: only unlike children cover nothing", goal(Ceiling, "at_most", "15", "起"), []Goal{child("a", Ceiling, "10", "户", true)}, Coverage{Unlike: []string{"a"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Cover(c.parent, c.children); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}
