package matter

import (
	"cmp"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/field"
)

// Moved is the type of the event that puts a matter under another version of its kind.
const Moved = "matter.moved"

// Obstacle is why a matter cannot be put under another version of its kind as it stands.
type Obstacle struct {
	Code string // kind, state, phase, field, value, clock or act
	Key  string // the state, field, clock or act concerned
}

// Obstacles returns what stands in the way of putting the matter under a version of its kind, nothing if it can be:
// the dry run that invariant 9 asks for. Its state must be there in the same phase, every value must be one that the new
// fields would store, and every clock that runs must be there and count alike, for its times are not reckoned anew.
func Obstacles(from, to *Kind, m *Matter) (all []Obstacle) {
	if from.Ref != to.Ref || m.Kind != to.Ref {
		return []Obstacle{{"kind", to.Ref}}
	}
	switch s := to.State(m.State); {
	case s == nil:
		all = append(all, Obstacle{"state", m.State})
	case s.Phase != m.Phase:
		all = append(all, Obstacle{"phase", m.State})
	}
	for key, v := range m.Fields {
		f := field.Find(to.Fields, key)
		if f == nil || f.Class.IsPersonal() {
			all = append(all, Obstacle{"field", key})
		} else if stored, err := f.Check(v); err != nil || stored != v {
			all = append(all, Obstacle{"value", key})
		}
	}
	for key := range m.Personal {
		if IsOriginal(key) {
			continue // no kind has it as a field
		}
		if f := field.Find(to.Fields, key); f == nil || !f.Class.IsPersonal() {
			all = append(all, Obstacle{"field", key})
		}
	}
	for _, c := range m.Running() {
		a, b := from.Clock(c.Key), to.Clock(c.Key)
		counts := a != nil && b != nil && (a.Basis == b.Basis || c.Basis != "") && a.Until == b.Until
		if !counts || c.Stage != "" && b.Limit.Stage(c.Stage) == nil {
			all = append(all, Obstacle{"clock", c.Key})
		}
	}
	if p := m.Pending; p != nil && (to.Act(p.Act) == nil || !to.Act(p.Act).IsAsked()) {
		all = append(all, Obstacle{"act", p.Act})
	}
	slices.SortFunc(all, func(a, b Obstacle) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Key, b.Key)) })
	return all
}

// Move returns the decision that puts the matter under a version of its kind, after the dry run. It refuses with
// kind-differs if there are obstacles, and with reason-missing. Nothing else of the matter changes.
func Move(from, to *Kind, m *Matter, reason string) (Decision, error) {
	if reason == "" {
		return Decision{}, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	if o := Obstacles(from, to, m); len(o) > 0 {
		return Decision{}, fault.Refuse(fault.ErrConflict, "kind-differs", "", "what", o[0].Code, "key", o[0].Key)
	}
	return Decision{Type: Moved, Reason: reason, Change: Change{Pack: to.Version}}, nil
}
