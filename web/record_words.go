package web

import (
	"slices"
	"strings"

	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/kernel/matter"
)

// typePrefix begins the keys of the catalogue that name types of records.
const typePrefix = "type."

// TypeWords names a type of record, or a reason of the security log, in words; one that has none is returned as it is.
func (q *request) TypeWords(t string) string {
	if words.Has(typePrefix + t) {
		return q.Says(typePrefix + t)
	}
	if verb, ok := strings.CutPrefix(t, "matter."); ok {
		if w, ok := matter.Verb(verb).Words(); ok {
			return w.In(q.Lang)
		}
	}
	if d, ok := access.Lookup(access.Action(t)); ok { // a page of the security log that names what was done, not what was recorded
		return d.Words.In(q.Lang)
	}
	if words.Has("refusal." + t) {
		return q.Says("refusal." + t)
	}
	return t
}

// typeFamily is the types that begin alike.
type typeFamily struct {
	Begins string // up to and with the full stop
	Words  string
	Types  []string
}

// TypeFamilies are the types of records that somebody may ask for, by family.
func (q *request) TypeFamilies() (all []typeFamily) {
	types := []string{}
	for _, k := range words.Keys() {
		if t, ok := strings.CutPrefix(k, typePrefix); ok && words.Has("family."+familyOf(t)) {
			types = append(types, t)
		}
	}
	for _, v := range matter.Verbs() {
		types = append(types, "matter."+string(v))
	}
	slices.Sort(types)
	types = slices.Compact(types)
	for _, t := range types {
		f := familyOf(t)
		if n := len(all); n == 0 || all[n-1].Begins != f+"." {
			all = append(all, typeFamily{Begins: f + ".", Words: q.Says("family." + f)})
		}
		last := &all[len(all)-1]
		last.Types = append(last.Types, t)
	}
	return all
}

// KnowsType reports whether a type, or the beginning of a family, is among those that are offered.
func (q *request) KnowsType(t string) bool {
	return slices.ContainsFunc(q.TypeFamilies(), func(f typeFamily) bool { return f.Begins == t || slices.Contains(f.Types, t) })
}

func familyOf(t string) string {
	f, _, _ := strings.Cut(t, ".")
	return f
}
