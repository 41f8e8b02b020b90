package indicator

import (
	"bihuan/ground/money"
	"bihuan/ground/name"
)

// Sheet is how units are assessed 考核: it comes from the pack that has the assessment.
type Sheet struct {
	Pieces     []Piece
	BonusMost  int
	Deductions []Deduction
	Veto       []Veto
}

// Piece is one part of the score; the weights add up to 100.
type Piece struct {
	Key    PieceKind
	Weight int
	Words  name.Text
}

// PieceKind says what a piece measures, each as a share from 0 to 1.
type PieceKind string

// The pieces.
const (
	Completion   PieceKind = "completion"   // 完成: goals reached against plan
	Timeliness   PieceKind = "timeliness"   // 时效: clocks stopped in time
	Quality      PieceKind = "quality"      // 质量: passed at the first verification
	Satisfaction PieceKind = "satisfaction" // 满意: ratings
)

// PieceKinds are all pieces.
var PieceKinds = []PieceKind{Completion, Timeliness, Quality, Satisfaction}

// Deduction takes points for a recorded event, and for nothing else.
type Deduction struct {
	Event  string // a rung of a ladder or the count of a verb
	Points int
	Words  name.Text
}

// Veto sets the score to nothing (一票否决).
type Veto struct {
	Event string
	Words name.Text
}

// Record is what was recorded of one unit in the period: for each piece how many of how many, each event's
// count, and bonus points with their reasons, granted by events too.
type Record struct {
	Done  map[PieceKind]Share
	Count map[string]int
	Bonus int
}

// Share is a part of a whole; a piece without a whole counts fully and says so.
type Share struct {
	Part, Whole money.Decimal
}

// Line is one line of a score: what it was computed from and how many points it gives or takes.
type Line struct {
	Key    string
	Words  name.Text
	Part   money.Decimal
	Whole  money.Decimal
	Weight int
	Points money.Decimal
	Empty  bool // nothing to measure: full points
}

// Score is a unit's result. Its lines add up to Total, unless that would be below 0 or there is a veto: then it is 0.
type Score struct {
	Lines  []Line
	Total  money.Decimal
	Vetoed []name.Text
}

// Score assesses a record: Σ weight × share, the share held between 0 and 1 so that one overfulfilled goal cannot
// hide a missed one, plus the bonus within its cap, minus deductions, not below 0; a veto makes it 0.
func (s *Sheet) Score(r Record) Score {
	var out Score
	take := func(l Line) {
		out.Lines = append(out.Lines, l)
		out.Total = add(out.Total, l.Points)
	}
	for _, p := range s.Pieces {
		take(p.line(r.Done[p.Key]))
	}
	if bonus := min(r.Bonus, s.BonusMost); bonus > 0 {
		take(Line{Key: "bonus", Words: name.Text{ZH: "加分", EN: "Bonus"}, Weight: s.BonusMost, Points: money.Int(int64(bonus))})
	}
	for _, d := range s.Deductions {
		if n := r.Count[d.Event]; n > 0 {
			take(Line{Key: d.Event, Words: d.Words, Part: money.Int(int64(n)), Weight: -d.Points, Points: money.Int(int64(-n * d.Points))})
		}
	}
	if out.Total.Sign() < 0 {
		out.Total = money.Int(0)
	}
	for _, v := range s.Veto {
		if r.Count[v.Event] > 0 {
			out.Vetoed = append(out.Vetoed, v.Words)
			out.Total = money.Int(0)
		}
	}
	return out
}

func (p Piece) line(s Share) Line {
	l := Line{Key: string(p.Key), Words: p.Words, Part: s.Part, Whole: s.Whole, Weight: p.Weight}
	if s.Whole.Sign() <= 0 {
		l.Empty, l.Points = true, money.Int(int64(p.Weight))
		return l
	}
	part := s.Part
	if part.Sign() < 0 {
		part = money.Int(0)
	}
	if s.Whole.Less(part) {
		part = s.Whole
	}
	l.Points = quo(mul(part, money.Int(int64(p.Weight))), s.Whole).Round(2)
	return l
}
