package pack

import (
	"slices"

	"bihuan/ground/field"
	"bihuan/ground/name"
)

func (w words) text() name.Text { return name.Text{ZH: w.ZH.Text, EN: w.EN.Text} }

// one reports a name that is none of the known ones and returns whether it is one. A word that
// was left out, or has been reported already, is passed over.
func (u *unit) one(w word, code string, known []string) bool {
	if w.Text == "" || slices.Contains(known, w.Text) {
		return w.Text != ""
	}
	if slices.Contains(known, "") {
		return false // the name may be that of something whose own key has been reported
	}
	u.add(w.At, "no-such-"+code, "value", clip(w.Text), "known", listed(known), "meant", nearest(w.Text, known))
	return false
}

// listed joins names for a hint, cut where nobody would read on.
func listed(names []string) string {
	s := ""
	for i, n := range names {
		if i == 15 {
			return s + " …"
		}
		if s != "" {
			s += ", "
		}
		s += n
	}
	return s
}

// reservedKeys are not free for fields: lists and templates know them already.
var reservedKeys = []string{"number", "state", "holder", "today", "light", "opened", "closed"}

// fields compiles fields, or the columns of a table of class within.
func (u *unit) fields(all []fieldSyntax, within field.Class) (out []field.Field) {
	u.twice(keysOfAll(all, func(f fieldSyntax) word { return f.Field }))
	for i := range all {
		f := &all[i]
		if within == "" && slices.Contains(reservedKeys, f.Field.Text) {
			u.add(f.Field.At, "reserved", "key", f.Field.Text)
		}
		c := field.Field{Key: f.Field.Text, Kind: field.Kind(f.Kind.Text), Class: field.Class(f.Class.Text), Words: f.Words.text(), Help: f.Help.text(),
			Unit: f.Unit.Text, UnitOf: f.UnitOf.Text, Register: u.qualified(f.Register.Text), Min: f.Min.Text, Max: f.Max.Text}
		u.belonging(f, c.Kind)
		for _, o := range f.Options {
			c.Options = append(c.Options, field.Option{Key: o.Option.Text, Words: o.Words.text(), Unit: o.Unit.Text})
		}
		u.twice(keysOfAll(f.Options, func(o optionSyntax) word { return o.Option }))
		if within != "" {
			u.column(f, c, within)
		} else {
			c.Columns = u.fields(f.Columns, c.Class)
		}
		u.bounds(f, c)
		out = append(out, c)
	}
	u.unitsOf(all, out)
	return out
}

// unitsOf checks the fields that take their unit from one beside them: from a text, or from a choice of which some option has one.
func (u *unit) unitsOf(all []fieldSyntax, fields []field.Field) {
	for i := range all {
		at := all[i].UnitOf
		if !u.one(at, "field", keysOfFields(fields)) {
			continue
		}
		by := field.Find(fields, at.Text)
		if by.Kind != field.Text && !slices.ContainsFunc(by.Options, func(o field.Option) bool { return o.Unit != "" }) {
			u.add(at.At, "unit-of-nothing", "field", by.Key)
		}
	}
}

// belongs says which kinds of field may have a key, and which must.
var belongs = []struct {
	key   string
	of    []field.Kind
	must  bool
	given func(*fieldSyntax) (spot, bool)
}{
	{"unit", []field.Kind{field.Integer, field.Decimal}, false, func(f *fieldSyntax) (spot, bool) { return f.Unit.At, f.Unit.given() }},
	{"unit-of", []field.Kind{field.Integer, field.Decimal}, false, func(f *fieldSyntax) (spot, bool) { return f.UnitOf.At, f.UnitOf.given() }},
	{"min", bounded4, false, func(f *fieldSyntax) (spot, bool) { return f.Min.At, f.Min.given() }},
	{"max", bounded4, false, func(f *fieldSyntax) (spot, bool) { return f.Max.At, f.Max.given() }},
	{"register", []field.Kind{field.Record}, true, func(f *fieldSyntax) (spot, bool) { return f.Register.At, f.Register.given() }},
	{"options", []field.Kind{field.Choice}, true, func(f *fieldSyntax) (spot, bool) {
		if len(f.Options) == 0 {
			return f.Field.At, false
		}
		return f.Options[0].At, true
	}},
	{"columns", []field.Kind{field.Table}, true, func(f *fieldSyntax) (spot, bool) {
		if len(f.Columns) == 0 {
			return f.Field.At, false
		}
		return f.Columns[0].At, true
	}},
}

var bounded4 = []field.Kind{field.Integer, field.Decimal, field.Money, field.Date}

// belonging checks that the keys of a field go with its kind.
func (u *unit) belonging(f *fieldSyntax, kind field.Kind) {
	if kind == "" {
		return
	}
	for _, b := range belongs {
		at, given := b.given(f)
		fits := slices.Contains(b.of, kind)
		switch {
		case given && !fits:
			u.add(at, "key-not-of-kind", "key", b.key, "kind", string(kind), "known", listed(texts(b.of)))
		case !given && fits && b.must:
			u.add(f.Kind.At, "kind-needs-key", "key", b.key, "kind", string(kind))
		}
	}
}

// column checks what holds of columns besides: no table in a table, none more personal than the table.
func (u *unit) column(f *fieldSyntax, c field.Field, within field.Class) {
	if c.Kind == field.Table || c.Kind == field.File {
		u.add(f.Kind.At, "not-in-table", "kind", string(c.Kind))
	}
	if c.Class.Rank() > within.Rank() {
		u.add(f.Class.At, "column-class", "class", string(c.Class), "table", string(within))
	}
}

// bounds checks min and max against the kind and each other.
func (u *unit) bounds(f *fieldSyntax, c field.Field) {
	if !slices.Contains(bounded4, c.Kind) {
		return
	}
	free := field.Field{Key: c.Key, Kind: c.Kind}
	for _, b := range []word{f.Min, f.Max} {
		if b.Text == "" {
			continue
		}
		if v, err := free.Check(b.Text); err != nil || v != b.Text {
			u.add(b.At, "bad-bound", "value", clip(b.Text), "kind", string(c.Kind))
			return
		}
	}
	if c.Min != "" && c.Max != "" {
		least := field.Field{Key: c.Key, Kind: c.Kind, Min: c.Min}
		if _, err := least.Check(c.Max); err != nil {
			u.add(f.Max.At, "max-below-min", "min", c.Min, "max", c.Max)
		}
	}
}

// qualified returns a ref with its pack in front.
func (u *unit) qualified(ref string) string {
	if ref == "" || packOf(ref) != ref {
		return ref
	}
	return u.pack.Name + "/" + ref
}

func keysOfFields(fs []field.Field) (keys []string) {
	for _, f := range fs {
		keys = append(keys, f.Key)
	}
	return keys
}

// facets checks the declared facets and returns them.
func (u *unit) facets(ws []word, fs []field.Field) (out []string) {
	u.twice(ws)
	for _, w := range ws {
		if !u.one(w, "field", keysOfFields(fs)) {
			continue
		}
		f := field.Find(fs, w.Text)
		switch {
		case f.Class.IsPersonal():
			u.add(w.At, "personal-facet", "field", f.Key, "class", string(f.Class))
		case slices.Contains([]field.Kind{field.LongText, field.Table, field.File, field.Place, field.Shape}, f.Kind):
			u.add(w.At, "facet-kind", "field", f.Key, "kind", string(f.Kind))
		}
		out = append(out, w.Text)
	}
	return out
}

// addRoles compiles the roles that the pack adds.
func (u *unit) addRoles() {
	u.twice(keysOfAll(u.syntax.Roles, func(r roleSyntax) word { return r.Role }))
	for _, r := range u.syntax.Roles {
		if slices.ContainsFunc(PlatformRoles, func(p Role) bool { return string(p.Key) == r.Role.Text }) {
			u.add(r.Role.At, "role-of-platform", "role", r.Role.Text)
		}
		u.pack.Roles = append(u.pack.Roles, Role{name.Role(r.Role.Text), r.Words.text()})
	}
}

// parameters compiles the parameters; of one key no two may hold on the same day.
func (u *unit) parameters() {
	for _, p := range u.syntax.Parameters {
		c := Parameter{Key: p.Parameter.Text, Words: p.Words.text(), Value: p.Value.Text, Unit: p.Unit.Text, From: date(p.From), Until: date(p.Until),
			Authority: p.Authority.text(), Source: p.Source.text(), Confirmed: p.Confirmed.yes()}
		if c.Until != 0 && c.Until <= c.From {
			u.add(p.Until.At, "until-before-from")
		}
		for _, other := range u.pack.Parameters {
			if other.Key == c.Key && (c.Until == 0 || other.From < c.Until) && (other.Until == 0 || c.From < other.Until) {
				u.add(p.From.At, "parameters-overlap", "key", c.Key, "from", other.From.String())
			}
		}
		u.pack.Parameters = append(u.pack.Parameters, c)
	}
}
