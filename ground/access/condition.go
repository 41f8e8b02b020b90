package access

import (
	"fmt"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Zone is from which network a request comes 网络区域, as the operator has drawn the networks. Empty is not known, which
// is none of them.
type Zone string

// The zones.
const (
	Office   Zone = "office"   // 政务外网、办公网
	Internet Zone = "internet" // 互联网
)

// Span is a length of time in µs, written as Go writes durations: 15m, 4h.
type Span int64

// UnmarshalText reads a whole number of minutes or hours, up to a day. It wraps [fault.ErrInvalid].
func (s *Span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d <= 0 || d > 24*time.Hour || d%time.Minute != 0 {
		return fmt.Errorf("%q is no length of time such as 15m or 4h: %w", text, fault.ErrInvalid)
	}
	*s = Span(d.Microseconds())
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String returns the span as 15m or 4h, empty for none.
func (s Span) String() string {
	if s == 0 {
		return ""
	}
	d := time.Duration(s) * time.Microsecond
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

// Minutes returns the whole minutes of the span.
func (s Span) Minutes() int { return int(time.Duration(s) * time.Microsecond / time.Minute) }

// Conditions are what a grant asks for besides role, scope and class. The zero value asks for nothing.
type Conditions struct {
	Grid    bool `json:"grid,omitempty"`    // the object lies in one of the subject's grids 网格范围
	Task    bool `json:"task,omitempty"`    // an open task links subject and object 办理目的: nobody browses the population
	Duty    bool `json:"duty,omitempty"`    // the subject is on duty 在岗时段
	Network Zone `json:"network,omitempty"` // the request comes from this zone 网络区域
	Fresh   Span `json:"fresh,omitempty"`   // the subject proved who they are so lately 再次验证
}

// with returns what both conditions ask for. Where both name a zone the first holds: Compile finds that.
func (c Conditions) with(o Conditions) Conditions {
	c.Grid, c.Task, c.Duty = c.Grid || o.Grid, c.Task || o.Task, c.Duty || o.Duty
	if c.Network == "" {
		c.Network = o.Network
	}
	if c.Fresh == 0 || o.Fresh != 0 && o.Fresh < c.Fresh {
		c.Fresh = o.Fresh
	}
	return c
}

// moment returns which condition of the moment a subject misses, granted for none.
func (c *Conditions) moment(s *Subject) verdict {
	switch {
	case c.Duty && !s.OnDuty:
		return offDuty
	case c.Network != "" && c.Network != s.Zone:
		return wrongNetwork
	case c.Fresh != 0 && !s.isFresh(c.Fresh):
		return proveAgain
	}
	return granted
}

// isFresh reports whether the subject proved who they are at most span before now, and not after it.
func (s *Subject) isFresh(span Span) bool {
	age := s.At - s.Proved
	return s.Proved != 0 && age >= 0 && age <= int64(span)
}

// Relation is what somebody has to do with an object that keeps them from judging it 职责分离.
type Relation string

// The relations.
const (
	Worked    Relation = "worked"    // did the work: kept from checking and approving it 经办与审核分离
	Made      Relation = "made"      // planned, drafted, proposed or created it 制单与复核分离
	Concerned Relation = "concerned" // it is their own case or that of somebody close 回避
)

// relations are the relations with the verdict of each, as bits of a set.
var relations = []struct {
	relation Relation
	bit      uint8
	verdict  verdict
}{{Worked, bitWorked, didTheWork}, {Made, bitMade, madeIt}, {Concerned, bitConcerned, ownCase}}

const (
	bitWorked = 1 << iota
	bitMade
	bitConcerned
)

func bitOf(r Relation) uint8 {
	for _, row := range relations {
		if row.relation == r {
			return row.bit
		}
	}
	return 0
}
