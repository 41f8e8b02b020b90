package desk

import (
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/kernel/journal"
)

// given refuses a form that names a file which neither came with it nor belongs to the matter already: whoever knows the hash of
// somebody else's file gets nothing by naming it.
func (b *Batch) given(p *part, do *Do, with map[string]string) error {
	for key, v := range with {
		if f := field.Find(p.def.Fields, key); f != nil && f.Kind == field.File && v != "" && !b.hasFile(p, do, v) {
			return fault.Refuse(fault.ErrInvalid, "not-file", key, "field-zh", f.Words.ZH, "field-en", f.Words.EN)
		}
	}
	for i := range do.Evidence {
		if v := do.Evidence[i].File; v != "" && !b.hasFile(p, do, v) {
			return fault.Refuse(fault.ErrInvalid, "not-file", "evidence", "field-zh", "佐证材料", "field-en", "evidence")
		}
	}
	return nil
}

func (b *Batch) hasFile(p *part, do *Do, hash string) bool {
	is := func(f journal.File) bool { return f.Hash.String() == hash }
	if slices.ContainsFunc(do.Files, is) || slices.ContainsFunc(b.files, is) {
		return true
	}
	for _, e := range p.matter.Evidence {
		if e.File == hash {
			return true
		}
	}
	for _, v := range p.matter.Fields {
		if v == hash {
			return true
		}
	}
	return false
}
