package web

import (
	"fmt"
	"net/url"

	"bihuan/desk/assess"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// sheetLine is a line of a unit's sheet with what stands behind it, a page of it.
type sheetLine struct {
	indicator.Line
	All            int
	From           int            // of all, the first on the page, from 1
	Causes         []assess.Cause // on the page, that the reader may read
	Others         int            // on the page, that are not for the reader
	Earlier, Later string         // addresses, empty where there are no more
}

// mostCauses is how much of what a line comes from stands on a page.
const mostCauses = 100

// assessUnit is the page of one unit's sheet: each line with what stands behind it.
func (s *server) assessUnit(q *request) error { return s.showUnit(q, 200, flaw{}) }

func (s *server) showUnit(q *request, status int, f flaw) error {
	v, err := s.assessSoon(q)
	if err != nil {
		return err
	}
	if v.Waiting {
		return q.render(status, "assessment", v)
	}
	v.Flaw, v.Typed = f, q.Form
	unit := name.Unit(q.PathValue("unit"))
	for i := range v.Edition.Units {
		if v.Edition.Units[i].Unit == unit {
			v.Unit = &v.Edition.Units[i]
		}
	}
	if v.Unit == nil {
		return fmt.Errorf("unit %s in %s: %w", unit, v.Edition.Month, fault.ErrNotFound)
	}
	v.Mine = unit == q.Who.Unit
	v.Appeals = nil
	for _, a := range v.Edition.Appeals {
		if a.Unit == unit {
			v.Appeals = append(v.Appeals, a)
		}
	}
	for _, l := range v.Unit.Score.Lines {
		line, err := s.sheetLine(q, v.Unit, l, "/assessment/"+v.Edition.Month+"/units/"+string(unit))
		if err != nil {
			return err
		}
		v.Lines = append(v.Lines, line)
	}
	return q.render(status, "assessment_unit", v)
}

// sheetLine makes a line of a unit's sheet: the page of it that the address asks for, otherwise the first.
func (s *server) sheetLine(q *request, u *assess.Unit, l indicator.Line, at string) (sheetLine, error) {
	line := sheetLine{Line: l, From: 1}
	if q.Asked("line") == l.Key {
		line.From = max(atoi(q.Asked("from")), 1)
	}
	for _, c := range u.Causes {
		if c.Line != l.Key {
			continue
		}
		line.All++
		if line.All < line.From || line.All >= line.From+mostCauses {
			continue
		}
		seen, err := c.Goal, error(nil) // everybody here reads goals
		if !seen {
			if seen, err = s.Desk.MayReadMatter(q.Context(), q.Who, c.Of); err != nil {
				return line, err
			}
		}
		if seen {
			line.Causes = append(line.Causes, c)
		} else {
			line.Others++
		}
	}
	if err := s.Assess.Name(q.Context(), line.Causes); err != nil {
		return line, err
	}
	page := func(from int) string {
		return address(at, url.Values{"line": {l.Key}, "from": {itoa(from)}}) + "#" + l.Key
	}
	if line.From > 1 {
		line.Earlier = page(max(line.From-mostCauses, 1))
	}
	if line.From+mostCauses <= line.All {
		line.Later = page(line.From + mostCauses)
	}
	return line, nil
}

// Last is the number of the last one on the page.
func (l *sheetLine) Last() int { return min(l.From+mostCauses-1, l.All) }
