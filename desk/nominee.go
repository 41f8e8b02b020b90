package desk

import (
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// nominees refuses units and persons that the directory does not have, where an act's form names some: what goes to nobody is found by nobody. Whoever is named as the
// one who has the matter from then on is of that very unit: others could not do anything with it, and naming somebody is no way to let others read it.
// Nor can whoever has left, or lost all roles, since the form was opened.
func (b *Batch) nominees(p *part, who Caller, act *matter.Act, with map[string]string) error {
	dir := b.d.Directory()
	for key, v := range with {
		f := field.Find(p.def.Fields, key)
		if f == nil || strings.TrimSpace(v) == "" || p.matter.Fields[key] == v {
			continue
		}
		switch f.Kind {
		case field.Unit:
			if !dir.Has(name.Unit(v)) {
				return fault.Refuse(fault.ErrInvalid, "no-such-unit", key)
			}
		case field.Person:
			person, known := dir.Caller(name.Person(v), "")
			switch {
			case !known:
				return fault.Refuse(fault.ErrInvalid, "no-such-person", key)
			case act.Holder.To == matter.ToField && act.Holder.Field == key && person.Unit != b.has(p, who):
				return fault.Refuse(fault.ErrInvalid, "person-elsewhere", key)
			case act.Holder.To == matter.ToField && act.Holder.Field == key && len(b.d.RolesNow(name.Person(v))) == 0:
				return fault.Refuse(fault.ErrInvalid, "person-gone", key)
			}
		}
	}
	return nil
}

// has returns the unit that has a matter, or that opens it.
func (b *Batch) has(p *part, who Caller) name.Unit {
	if p.matter.Version == 0 {
		return who.Unit
	}
	return p.matter.Holder.Unit
}
