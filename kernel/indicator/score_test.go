package indicator_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/money"
	"bihuan/ground/name"
	. "bihuan/kernel/indicator"
)

// usual is the sheet that offices mostly use: 60, 20, 10 and 10, a bonus of at most 5.
func usual() *Sheet {
	return &Sheet{
		Pieces:     []Piece{{Key: Completion, Weight: 60}, {Key: Timeliness, Weight: 20}, {Key: Quality, Weight: 10}, {Key: Satisfaction, Weight: 10}},
		BonusMost:  5,
		Deductions: []Deduction{{Event: "supervise", Points: 2}, {Event: "reopenings", Points: 5}},
		Veto:       []Veto{{Event: "major-accidents", Words: name.Text{ZH: "重特大事故", EN: "major accident"}}},
	}
}

func share(part, whole string) Share { return Share{dec(part), dec(whole)} }

func TestScore(t *testing.T) {
	full := map[PieceKind]Share{Completion: share("10", "10"), Timeliness: share("8", "8"), Quality: share("3", "3"), Satisfaction: share("5", "5")}
	half := map[PieceKind]Share{Completion: share("5", "10"), Timeliness: share("4", "8"), Quality: share("1", "3"), Satisfaction: share("5", "5")}
	for _, c := range []struct {
		name   string
		record Record
		total  string
		vetoed int
	}{
		{"everything done", Record{Done: full}, "100", 0},
		{"half of it", Record{Done: half}, "53.33", 0},
		{"one overfulfilled goal hides no missed one", Record{Done: map[PieceKind]Share{Completion: share("15", "10"), Timeliness: share("0", "8"), Quality: share("3", "3"), Satisfaction: share("5", "5")}}, "80", 0},
		{"less than nothing is nothing", Record{Done: map[PieceKind]Share{Completion: share("-9", "10"), Timeliness: share("8", "8"), Quality: share("3", "3"), Satisfaction: share("5", "5")}}, "40", 0},
		{"a piece with nothing to measure counts fully", Record{}, "100", 0},
		{"a bonus", Record{Done: full, Bonus: 3}, "103", 0},
		{"a bonus up to its cap", Record{Done: full, Bonus: 9}, "105", 0},
		{"a bonus below nothing is none", Record{Done: full, Bonus: -9}, "100", 0},
		{"deductions for each event", Record{Done: full, Count: map[string]int{"supervise": 3, "reopenings": 1}}, "89", 0},
		{"events that the sheet does not name cost nothing", Record{Done: full, Count: map[string]int{"reminders": 30}}, "100", 0},
		{"not below nothing", Record{Done: half, Count: map[string]int{"supervise": 40}}, "0", 0},
		{"a veto", Record{Done: full, Bonus: 5, Count: map[string]int{"major-accidents": 1}}, "0", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := usual().Score(c.record)
			if s.Total != dec(c.total) || len(s.Vetoed) != c.vetoed {
				t.Errorf("total %s, vetoed %v; want %s, %d", s.Total, s.Vetoed, c.total, c.vetoed)
			}
		})
	}
	lines := usual().Score(Record{Done: half, Bonus: 9, Count: map[string]int{"supervise": 2}}).Lines
	var got []string
	for _, l := range lines {
		got = append(got, fmt.Sprint(l.Key, " ", l.Part, "/", l.Whole, " ", l.Weight, " ", l.Points))
	}
	want := []string{"completion 5/10 60 30", "timeliness 4/8 20 10", "quality 1/3 10 3.33", "satisfaction 5/5 10 10", "bonus 0/0 5 5", "supervise 2/0 -2 -4"}
	if !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
	if l := usual().Score(Record{}).Lines[0]; !l.Empty || l.Points != dec("60") {
		t.Errorf("an empty piece says so: %+v", l)
	}
}

// TestScoreHolds: a score lies between 0 and 100 and the bonus, more done never scores less, and more events never more.
func TestScoreHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string, most int64) money.Decimal {
			return money.Int(rapid.Int64Range(0, most).Draw(t, label))
		}
		r := Record{Done: map[PieceKind]Share{}, Count: map[string]int{"supervise": rapid.IntRange(0, 30).Draw(t, "supervise")}, Bonus: rapid.IntRange(-2, 9).Draw(t, "bonus")}
		for _, k := range PieceKinds {
			r.Done[k] = Share{draw("part", 12), draw("whole", 9)}
		}
		s := usual().Score(r).Total
		if s.Sign() < 0 || money.Int(105).Less(s) {
			t.Fatalf("total %s", s)
		}
		k := rapid.SampledFrom(PieceKinds).Draw(t, "piece")
		more := r.Done[k]
		more.Part = money.Int(100)
		better := Record{Done: map[PieceKind]Share{}, Count: r.Count, Bonus: r.Bonus}
		for key, v := range r.Done {
			better.Done[key] = v
		}
		better.Done[k] = more
		if usual().Score(better).Total.Less(s) {
			t.Fatalf("more of %s scores less", k)
		}
		worse := Record{Done: r.Done, Bonus: r.Bonus, Count: map[string]int{"supervise": r.Count["supervise"] + 1}}
		if s.Less(usual().Score(worse).Total) {
			t.Fatal("one more event scores more")
		}
	})
}
