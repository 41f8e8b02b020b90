package pack

import (
	"maps"
	"slices"

	"bihuan/kernel/matter"
)

// flow checks that a matter can be opened, can reach every state, and can come to an end from every open one.
func (m *making) flow() {
	if len(m.k.Opening()) == 0 {
		m.add(m.s.Matter.At, "no-opening", "kind", m.s.Matter.Text)
		return
	}
	reached := map[string]bool{}
	for _, a := range m.k.Opening() {
		reached[a.To] = true
	}
	m.spread(reached, func(a *matter.Act, from string) (in, out string) { return from, a.To })
	ends := map[string]bool{}
	for _, s := range m.k.States {
		if !s.Phase.IsOpen() {
			ends[s.Key] = true
		}
	}
	m.spread(ends, func(a *matter.Act, from string) (in, out string) { return a.To, from })
	for i, s := range m.k.States {
		at := m.s.States[i].State.At
		switch {
		case s.Key == "" || s.Phase == "":
		case !reached[s.Key]:
			m.add(at, "unreachable", "state", s.Key)
		case !ends[s.Key]:
			m.add(at, "no-way-out", "state", s.Key)
		}
	}
}

// spread grows a set of states along the acts until nothing is added.
func (m *making) spread(set map[string]bool, edge func(a *matter.Act, from string) (in, out string)) {
	for grown := true; grown; {
		grown = false
		for i := range m.k.Acts {
			a := &m.k.Acts[i]
			for _, from := range a.From {
				in, out := edge(a, from)
				if a.To != "" && set[in] && !set[out] {
					set[out], grown = true, true
				}
			}
		}
	}
}

// running checks the life of the clocks: each is started by an act, none runs on when the matter has ended,
// a pause can be ended, an extension can be granted, and a promised term is not longer than the law's. A clock on decisions is moved by no act.
func (m *making) running() {
	by := m.effectsByClock()
	for i := range m.k.Clocks {
		c, s := &m.k.Clocks[i], &m.s.Clocks[i]
		if c.Key == "" || len(s.Decides) > 0 {
			continue
		}
		ops := by[c.Key]
		for _, want := range []struct {
			missing bool
			code    string
		}{
			{len(ops[matter.Start])+len(ops[matter.Restart]) == 0, "clock-never-started"},
			{c.Until == "" && len(ops[matter.Stop]) == 0, "clock-never-stopped"},
			{len(c.Pauses) > 0 && len(ops[matter.Hold]) == 0, "clock-never-paused"},
			{len(ops[matter.Hold]) > 0 && len(ops[matter.Go]) == 0, "clock-never-resumed"},
			{c.Extend != nil && len(ops[matter.Lengthen]) == 0, "clock-never-extended"},
		} {
			if want.missing {
				m.add(s.Clock.At, want.code, "clock", c.Key)
			}
		}
		m.promised(i, by)
		m.staged(s, c)
	}
	m.leftRunning()
}

// effectsByClock returns the acts that have each effect on each clock.
func (m *making) effectsByClock() map[string]map[matter.ClockOp][]string {
	by := map[string]map[matter.ClockOp][]string{}
	for _, a := range m.k.Acts {
		for _, e := range a.Clocks {
			if by[e.Clock] == nil {
				by[e.Clock] = map[matter.ClockOp][]string{}
			}
			by[e.Clock][e.Op] = append(by[e.Clock][e.Op], a.Key)
		}
	}
	return by
}

// promised compares a promised clock with the statutory ones that begin and end with it: 承诺时限不得长于法定时限.
func (m *making) promised(i int, by map[string]map[matter.ClockOp][]string) {
	c := &m.k.Clocks[i]
	if c.Term != matter.Promised || c.Until != "" || c.Limit != nil {
		return
	}
	shares := func(a, b []string) bool {
		return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
	}
	for _, law := range m.k.Clocks {
		if law.Term == matter.Statutory && law.Basis == c.Basis && law.Until == "" && law.Length > 0 && c.Length > law.Length &&
			shares(by[c.Key][matter.Start], by[law.Key][matter.Start]) && shares(by[c.Key][matter.Stop], by[law.Key][matter.Stop]) {
			m.add(m.s.Clocks[i].Clock.At, "promised-longer", "clock", c.Key, "length", itoa(c.Length), "law", law.Key, "most", itoa(law.Length))
		}
	}
}

// leftRunning follows the clocks through the states: whichever may run when an act ends the matter must be stopped by that act.
func (m *making) leftRunning() {
	run := map[string]map[string]bool{} // state → clocks that may run in it
	into := func(state string, clocks map[string]bool) bool {
		if run[state] == nil {
			run[state] = map[string]bool{}
		}
		was := len(run[state])
		maps.Copy(run[state], clocks)
		return len(run[state]) > was
	}
	for grown := true; grown; {
		grown = false
		for i := range m.k.Acts {
			a := &m.k.Acts[i]
			for _, from := range starts(a) {
				if from == "" || run[from] != nil {
					to := a.To
					if to == "" {
						to = from
					}
					first := run[to] == nil
					grown = into(to, after(a, run[from])) || first || grown
				}
			}
		}
	}
	for i := range m.k.Acts {
		m.ending(i, run)
	}
}

// starts returns the states that an act leads from, "" for one that opens.
func starts(a *matter.Act) []string {
	if len(a.From) == 0 {
		return []string{""}
	}
	return a.From
}

// after returns the clocks that may run after an act.
func after(a *matter.Act, before map[string]bool) map[string]bool {
	clocks := maps.Clone(before)
	if clocks == nil {
		clocks = map[string]bool{}
	}
	for _, e := range a.Clocks {
		switch e.Op {
		case matter.Stop:
			delete(clocks, e.Clock)
		case matter.Start, matter.Restart:
			clocks[e.Clock] = true
		}
	}
	return clocks
}

// ending reports the clocks that an act which ends the matter leaves running, unless it starts them itself.
func (m *making) ending(i int, run map[string]map[string]bool) {
	a, s := &m.k.Acts[i], &m.s.Acts[i]
	to := m.k.State(a.To)
	if to == nil || to.Phase.IsOpen() || to.Phase == "" {
		return
	}
	left := map[string]bool{}
	for _, from := range a.From {
		if st := m.k.State(from); st != nil && st.Phase.IsOpen() {
			maps.Copy(left, after(a, run[from]))
		}
	}
	for _, e := range a.Clocks {
		if e.Op == matter.Start || e.Op == matter.Restart {
			delete(left, e.Clock)
		}
	}
	for _, clock := range slices.Sorted(maps.Keys(left)) {
		m.add(s.Act.At, "clock-left-running", "act", a.Key, "clock", clock)
	}
}

// spare reports what is declared and never used: a field that no act asks for, a ladder on no clock.
func (m *making) spare() {
	asked := map[string]bool{}
	for _, a := range m.k.Acts {
		for _, in := range a.Form {
			asked[in.Field] = true
		}
		asked[a.Signs] = true
	}
	for _, f := range m.s.Fields {
		if f.Field.Text != "" && !asked[f.Field.Text] {
			m.add(f.Field.At, "field-never-asked", "field", f.Field.Text)
		}
	}
	for _, l := range m.s.Ladders {
		if l.Ladder.Text != "" && !slices.ContainsFunc(m.s.Clocks, func(c clockSyntax) bool { return c.Ladder.Text == l.Ladder.Text }) {
			m.add(l.Ladder.At, "ladder-unused", "ladder", l.Ladder.Text)
		}
	}
}
