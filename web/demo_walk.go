package web

import (
	"slices"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// walk is the demo's first minute: one sentence of the report on its way to a light, and what the visitor may do to
// change it.
type walk struct {
	Has     bool
	Goal    goalShown
	Holding rowShown    // the open site that holds the goal back
	Person  desk.Person // who may accept it
	Then    goalShown   // the goal as it stands once it is accepted
}

// walk finds the counted goal whose light one act of one person would change, and that act's matter. Without such a goal
// it takes any counted goal that a waiting site would move.
func (s *server) walk(q *request) (best walk, err error) {
	all, err := s.Desk.Promises(q.Context(), 0, "")
	if err != nil {
		return best, err
	}
	office, ok := s.anybody(q, "issuer")
	if !ok {
		return best, nil
	}
	for i := range all {
		w, err := s.walkOf(q, &all[i], office)
		if err != nil {
			return best, err
		}
		if w.Has && (!best.Has || w.turns() && !best.turns()) {
			best = w
		}
	}
	return best, nil
}

// turns reports whether the act would change the light.
func (w *walk) turns() bool { return w.Then.Reading.Light != w.Goal.Reading.Light }

// anybody returns the first person who has a role, as a caller.
func (s *server) anybody(q *request, role name.Role) (desk.Caller, bool) {
	dir := s.Desk.Directory()
	for _, p := range dir.Persons {
		if slices.Contains(p.Roles, role) {
			return dir.Caller(p.Key, q.Lang)
		}
	}
	return desk.Nobody, false
}

// walkOf looks for a matter of a counted goal that waits for nothing but its acceptance.
func (s *server) walkOf(q *request, g *desk.GoalView, office desk.Caller) (walk, error) {
	if g.Feed.Mode != indicator.Counted || g.Shape != indicator.Accumulate || g.Reading.Reached || g.Definition == nil || g.Definition.Count == nil {
		return walk{}, nil
	}
	last := lastStates(s.Desk, g.Definition.Count.Of)
	rows, _, err := s.Desk.Holding(q.Context(), office, g, 60)
	if err != nil {
		return walk{}, err
	}
	at := slices.IndexFunc(rows, func(r journal.Row) bool { return slices.Contains(last, r.State) })
	if at < 0 {
		return walk{}, nil
	}
	person, ok := s.striker(q, &rows[at])
	if !ok {
		return walk{}, nil
	}
	then, err := s.Goals.IfCounted(g, &rows[at])
	after := *g
	after.Reading = then
	return walk{Has: err == nil, Goal: goalShown{GoalView: *g, lang: q.Lang}, Holding: rowShown{Row: rows[at], q: q}, Person: person, Then: goalShown{GoalView: after, lang: q.Lang}}, nil
}

// lastStates are the states of a kind from which it is struck off.
func lastStates(d *desk.Desk, kind string) (states []string) {
	if k, ok := d.Packs().Kind(kind); ok {
		for _, a := range k.Acts {
			if a.Verb == matter.StrikeOff {
				states = append(states, a.From...)
			}
		}
	}
	return states
}

// striker finds a person who may strike the matter off now.
func (s *server) striker(q *request, r *journal.Row) (desk.Person, bool) {
	dir := s.Desk.Directory()
	for _, p := range dir.Persons {
		if !slices.Contains(p.Roles, "issuer") {
			continue
		}
		c, _ := dir.Caller(p.Key, q.Lang)
		m, err := s.Desk.Matter(q.Context(), c, r.Stream)
		if err != nil {
			continue
		}
		if slices.ContainsFunc(m.Acts, func(a desk.ActView) bool { return a.Refused == nil && a.Act.Verb == matter.StrikeOff }) {
			return p, true
		}
	}
	return desk.Person{}, false
}
