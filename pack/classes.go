package pack

import (
	"fmt"

	"bihuan/ground/field"
)

// Opened names the fields that one set shows more of than another: those of a kind, a register or a table that stood in a class
// of personal values, and whose class is lower now. Each is written pack/kind.field S→N; none is nil. Who has it in force
// changes what is masked 脱敏规则.
func (s *Set) Opened(before *Set) (all []string) {
	for _, k := range before.Kinds() {
		if now, ok := s.Kind(k.Ref); ok {
			all = append(all, opened(k.Ref, k.Fields, now.Fields)...)
		}
	}
	for _, k := range before.Registers() {
		if now, ok := s.Register(k.Ref); ok {
			all = append(all, opened(k.Ref, k.Fields, now.Fields)...)
		}
	}
	return all
}

func opened(ref string, before, now []field.Field) (all []string) {
	for i := range before {
		f := &before[i]
		g := field.Find(now, f.Key)
		if g == nil {
			continue
		}
		if f.Class.IsPersonal() && g.Class.Rank() < f.Class.Rank() {
			all = append(all, fmt.Sprintf("%s.%s %s→%s", ref, f.Key, f.Class, g.Class))
		}
		all = append(all, opened(ref+"."+f.Key, f.Columns, g.Columns)...)
	}
	return all
}
