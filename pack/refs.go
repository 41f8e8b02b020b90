package pack

import (
	"maps"
	"slices"
	"strings"

	"bihuan/ground/access"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// unitOf returns the pack with the name among those that were read, or nil.
func (l *loader) unitOf(called string) *unit {
	for _, u := range l.units {
		if u.pack.Name == called {
			return u
		}
	}
	return nil
}

// reach returns the unit that a ref points into, or nil with a fault: a pack must say which packs it needs.
func (u *unit) reach(w word) *unit {
	called := packOf(u.qualified(w.Text))
	if called == u.pack.Name {
		return u
	}
	if !slices.Contains(u.pack.Needs, called) {
		u.add(w.At, "not-needed", "pack", called, "value", w.Text)
		return nil
	}
	return u.all.unitOf(called) // nil where it could not be read, which has been reported
}

// kindRef returns the kind that a ref names, or nil with a fault.
func (u *unit) kindRef(w word) *matter.Kind {
	if w.Text == "" {
		return nil
	}
	other := u.reach(w)
	if other == nil {
		return nil
	}
	if k, ok := other.pack.kind(u.qualified(w.Text)); ok {
		return k
	}
	u.unknown(w, "kind", other, other.kindRefs())
	return nil
}

// registerRef returns the register that a ref names, or nil with a fault.
func (u *unit) registerRef(w word) *register.Kind {
	if w.Text == "" {
		return nil
	}
	other := u.reach(w)
	if other == nil {
		return nil
	}
	if k, ok := other.pack.register(u.qualified(w.Text)); ok {
		return k
	}
	u.unknown(w, "register", other, other.registerKeys())
	return nil
}

// unknown reports a ref into a pack that has nothing of the name, unless a key of that pack has been reported itself.
func (u *unit) unknown(w word, code string, other *unit, refs []string) {
	var known []string
	for _, ref := range refs {
		bare := strings.TrimPrefix(ref, other.pack.Name+"/")
		if bare == "" {
			return
		}
		if packOf(w.Text) == w.Text {
			ref = bare
		}
		known = append(known, ref)
	}
	if other.syntax.At.line == 0 {
		return
	}
	u.add(w.At, "no-such-"+code, "value", clip(w.Text), "known", listed(known), "meant", nearest(w.Text, known))
}

func (u *unit) kindRefs() (refs []string) {
	for _, k := range u.pack.Kinds {
		refs = append(refs, k.Ref)
	}
	return refs
}

func (u *unit) registerKeys() (refs []string) {
	for _, k := range u.pack.Registers {
		refs = append(refs, k.Ref)
	}
	return refs
}

// within returns the pack and all that it needs, directly or through others.
func (u *unit) within() (all []*unit) {
	seen := map[string]bool{}
	var visit func(called string)
	visit = func(called string) {
		other := u.all.unitOf(called)
		if seen[called] || other == nil {
			return
		}
		seen[called] = true
		all = append(all, other)
		for _, n := range other.pack.Needs {
			visit(n)
		}
	}
	visit(u.pack.Name)
	return all
}

// knownRoles are the platform's roles, those of the pack and of all that it needs.
func (u *unit) knownRoles() (keys []string) {
	for _, r := range PlatformRoles {
		keys = append(keys, string(r.Key))
	}
	for _, other := range u.within() {
		for _, r := range other.pack.Roles {
			keys = append(keys, string(r.Key))
		}
	}
	return keys
}

// rowsOf are the keys of the records that the nearest register called so starts with; nil if there is none.
func (u *unit) rowsOf(register string) map[string]bool {
	for _, other := range u.within() {
		if rows := other.rows[other.pack.Name+"/"+register]; len(rows) > 0 {
			return rows
		}
	}
	return nil
}

// among checks that a key is that of a record that a register starts with; one that starts empty knows everything.
func (u *unit) among(w word, code string, rows map[string]bool) {
	if len(rows) > 0 && !rows[w.Text] {
		u.one(w, code, slices.Sorted(maps.Keys(rows)))
	}
}

// fieldRefs checks the registers that fields of kind record point into.
func (u *unit) fieldRefs(fs []fieldSyntax) {
	for i := range fs {
		u.registerRef(fs[i].Register)
		u.fieldRefs(fs[i].Columns)
	}
}

// matterRefs checks what a kind of matter refers to elsewhere: registers, roles, units and kinds that it raises.
func (u *unit) matterRefs(s *matterSyntax) {
	k, _ := u.pack.kind(u.pack.Name + "/" + s.Matter.Text)
	u.fieldRefs(s.Fields)
	for i := range s.Acts {
		u.actRefs(k, &s.Acts[i])
	}
	for i := range s.Clocks {
		u.role(s.Clocks[i].Extend.By)
		u.limitRefs(&s.Clocks[i], k.Clock(s.Clocks[i].Clock.Text))
	}
	for i := range s.Ladders {
		for j := range s.Ladders[i].Rungs {
			r := &s.Ladders[i].Rungs[j]
			u.role(r.To)
			if target := u.kindRef(r.Raises); target != nil {
				u.opens(r.Raises, target, []string{"title", "unit"})
			}
		}
	}
}

func (u *unit) actRefs(k *matter.Kind, s *actSyntax) {
	for _, by := range slices.Concat(s.By, s.AskedBy) {
		u.role(by)
	}
	u.permitted(k.Act(s.Act.Text), s.By)
	u.permitted(&matter.Act{Verb: matter.Ask}, s.AskedBy)
	if a := k.Act(s.Act.Text); a != nil && a.Holder.To == matter.ToUnit {
		u.among(s.Holder.part(len("unit:"), len(s.Holder.Text)), "unit", u.rowsOf("unit"))
	}
	for i := range s.Raises {
		if r, ok := u.raise(k, &s.Raises[i]); ok {
			a := k.Act(s.Act.Text)
			a.Raises = append(a.Raises, r)
		}
	}
}

// role checks the role of a party.
func (u *unit) role(w word) {
	if p := party(w); p.Role != "" {
		u.one(w.part(len(p.Part)+1, len(w.Text)), "role", u.knownRoles())
	}
}

// permitted checks that the roles which an act is for have the permission that it asks for: the parties of an act let in whom the
// policy lets in. The public and sensors come in by doors, and findings have an action of their own.
func (u *unit) permitted(a *matter.Act, by []word) {
	if u.all.policy == nil || a == nil {
		return
	}
	for _, w := range by {
		p := party(w)
		if p.Role == "" || p.Role == access.Anyone || p.Role == "sensor" || u.all.holds(p.Role, a.Permission(), access.Matter) || u.all.holds(p.Role, access.FindingKeep, access.Log) {
			continue
		}
		u.add(w.inside(len(p.Part)+1, len(w.Text)), "never-permitted", "role", string(p.Role), "action", string(a.Permission()), "known", listed(u.all.holders(a.Permission())))
	}
}

// holds reports whether a role has a permission at all.
func (l *loader) holds(r name.Role, a access.Action, on access.ObjectType) bool {
	return slices.ContainsFunc(l.policy.Grants(), func(g access.Grant) bool { return g.Role == r && g.Action == a && g.On == on })
}

// holders are the roles that have a permission on matters.
func (l *loader) holders(a access.Action) (keys []string) {
	for _, r := range l.policy.Roles() {
		if l.holds(r.Role, a, access.Matter) {
			keys = append(keys, string(r.Role))
		}
	}
	return keys
}

// raise compiles what an act opens, and checks both ends of each field.
func (u *unit) raise(k *matter.Kind, s *raiseSyntax) (matter.Raise, bool) {
	r := matter.Raise{Kind: u.qualified(s.Kind.Text), Link: matter.LinkKind(s.Link.Text), Each: s.Each.Text, Fields: map[string]string{}, Sets: map[string]string{}}
	known := keysOfFields(k.Fields)
	if u.one(s.Each, "field", known) {
		if f := field.Find(k.Fields, s.Each.Text); f.Kind != field.Table {
			u.add(s.Each.At, "each-kind", "field", f.Key)
		} else {
			known = append(known, keysOfFields(f.Columns)...)
		}
	}
	target := u.kindRef(s.Kind)
	var given []string
	for _, e := range s.Fields {
		if target != nil {
			u.one(e.Key, "field", keysOfFields(target.Fields))
		}
		u.one(e.Value, "field", known)
		r.Fields[e.Key.Text] = e.Value.Text
		given = append(given, e.Key.Text)
	}
	for _, e := range s.Sets {
		r.Sets[e.Key.Text] = e.Value.Text
		given = append(given, e.Key.Text)
		if target == nil || !u.one(e.Key, "field", keysOfFields(target.Fields)) {
			continue
		}
		if v, err := field.Find(target.Fields, e.Key.Text).Check(e.Value.Text); err != nil || v != e.Value.Text {
			u.add(e.Value.At, "facet-value", "value", clip(e.Value.Text), "field", e.Key.Text)
		}
	}
	if target != nil {
		u.opens(s.Kind, target, given)
	}
	return r, target != nil
}

// opens checks that the platform can open a matter of the kind with the fields that it is given: by the
// first opening act, which the platform may do, which asks for no evidence and requires no other field.
func (u *unit) opens(w word, target *matter.Kind, given []string) {
	opening := target.Opening()
	if len(opening) == 0 {
		return // reported at the kind itself
	}
	a := opening[0]
	if !slices.ContainsFunc(a.By, func(p matter.Party) bool { return p.Part == matter.Platform }) {
		u.add(w.At, "raise-not-platform", "kind", target.Ref, "act", a.Key)
	}
	for _, in := range a.Form {
		if in.Required && !slices.Contains(given, in.Field) {
			u.add(w.At, "raise-field-missing", "kind", target.Ref, "act", a.Key, "field", in.Field)
		}
	}
	if len(a.Evidence) > 0 {
		u.add(w.At, "raise-evidence", "kind", target.Ref, "act", a.Key)
	}
}
