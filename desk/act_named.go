package desk

import (
	"context"
	"fmt"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// ActTarget is what an act is about to be done with: the kind, the act, and the files that the matter has already,
// by hash, with their names.
type ActTarget struct {
	Kind  *matter.Kind
	Act   *matter.Act
	Files map[string]string
}

// ActNamed returns the act that a name means for a matter: the one with that key, otherwise the one with that verb
// which leads on from where the matter stands and which the caller may do. A verb that means several is refused.
func (d *Desk) ActNamed(ctx context.Context, who Caller, id name.ID, called string) (ActTarget, error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return ActTarget{}, err
	}
	if err := d.allow(who, access.MatterRead, d.object(&m)); err != nil {
		return ActTarget{}, fmt.Errorf("matter %s: %w", id, fault.ErrNotFound)
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return ActTarget{}, err
	}
	act, err := d.meant(who, k, &m, called)
	return ActTarget{Kind: k, Act: act, Files: filesOf(k, &m)}, err
}

// meant finds the act in the order of what is most likely meant: its key, what can be done now, what could be another time.
func (d *Desk) meant(who Caller, k *matter.Kind, m *matter.Matter, called string) (*matter.Act, error) {
	if a := k.Act(called); a != nil {
		return a, nil
	}
	var may, now, ever []*matter.Act
	for i := range k.Acts {
		a := &k.Acts[i]
		if a.Verb != matter.Verb(called) {
			continue
		}
		ever = append(ever, a)
		if m.Accepts(a) {
			now = append(now, a)
			if d.refusal(who, k, m, a) == nil {
				may = append(may, a)
			}
		}
	}
	for _, fit := range [][]*matter.Act{may, now, ever} {
		if len(fit) == 1 || len(fit) > 1 && len(now) == 0 {
			return fit[0], nil
		}
		if len(fit) > 1 {
			return nil, fault.Refuse(fault.ErrConflict, "act-ambiguous", "", "act", called, "acts", keysOf(fit))
		}
	}
	return nil, fault.Refuse(fault.ErrNotFound, "act-unknown", "", "act", called)
}

func keysOf(acts []*matter.Act) (s string) {
	for i, a := range acts {
		if i > 0 {
			s += ", "
		}
		s += a.Key
	}
	return s
}

// filesOf returns the files of a matter: its evidence and the values of its file fields.
func filesOf(k *matter.Kind, m *matter.Matter) map[string]string {
	files := map[string]string{}
	for _, e := range m.Evidence {
		if e.File != "" {
			files[e.File] = e.Name
		}
	}
	for _, f := range k.Fields {
		if v := m.Fields[f.Key]; f.Kind == field.File && v != "" {
			files[v] = f.Words.ZH
		}
	}
	return files
}
