package pack

import (
	"slices"
	"strings"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// Door is where somebody outside reports what becomes a matter: a resident on a page, a program through Open311, a
// sensor with a key. What can be reported is the rows of a register, each a service.
type Door struct {
	Key      string
	For      []Audience
	Words    name.Text
	Help     name.Text
	Of       string // pack/kind
	Act      string // its opening act
	Services string // field of kind record
	Register string // pack/register that the field points into
	About    About
	Says     Said
	Sets     []Fixed // fields that the door fills itself
	Answer   string  // field that the reporter reads at the end, empty for none
}

// Audience is for whom a door is.
type Audience string

// The audiences.
const (
	People   Audience = "people"   // 公众页面
	Programs Audience = "programs" // Open311
	Sensors  Audience = "sensors"  // 感知设备
)

// Audiences are all audiences.
var Audiences = []Audience{People, Programs, Sensors}

// About names the fields of a register's rows that tell of a service; empty for what the register does not hold.
type About struct{ English, Group, Keywords, Text, Open string }

// Said names the fields that take what was said at a door; empty for what is not asked.
type Said struct{ Text, Place, Address, Name, Phone, Email string }

// Is reports whether the door is for an audience.
func (d *Door) Is(a Audience) bool { return slices.Contains(d.For, a) }

// Role is who comes in at the door.
func (d *Door) Role() name.Role {
	if d.Is(Sensors) {
		return "sensor"
	}
	return "public"
}

// Doors returns the doors of all packs for an audience, in the order of the packs.
func (s *Set) Doors(a Audience) (all []*Door) {
	for _, p := range s.packs {
		for i := range p.Doors {
			if p.Doors[i].Is(a) {
				all = append(all, &p.Doors[i])
			}
		}
	}
	return all
}

// doors compiles the doors.
func (u *unit) doors() {
	u.twice(keysOfAll(u.syntax.Doors, func(d doorSyntax) word { return d.Door }))
	for i := range u.syntax.Doors {
		s := &u.syntax.Doors[i]
		d := Door{Key: s.Door.Text, Words: s.Words.text(), Help: s.Help.text(), Of: u.qualified(s.Of.Text), Act: s.Act.Text, Services: s.Services.Text, Answer: s.Answer.Text,
			About: About{s.About.English.Text, s.About.Group.Text, s.About.Keywords.Text, s.About.Text.Text, s.About.Open.Text},
			Says:  Said{s.Says.Text.Text, s.Says.Place.Text, s.Says.Address.Text, s.Says.Name.Text, s.Says.Phone.Text, s.Says.Email.Text}}
		for _, a := range plain(s.For) {
			d.For = append(d.For, Audience(a))
		}
		u.twice(s.For)
		for _, w := range s.Sets {
			d.Sets = append(d.Sets, Fixed{w.Key.Text, w.Value.Text})
		}
		if k := u.kindRef(s.Of); k != nil {
			u.door(k, s, &d)
		}
		u.pack.Doors = append(u.pack.Doors, d)
	}
}

// door checks a door against the kind that it opens.
func (u *unit) door(k *matter.Kind, s *doorSyntax, d *Door) {
	a := k.Act(s.Act.Text)
	if a == nil || a.Verb != matter.Register {
		if s.Act.Text != "" {
			u.add(s.Act.At, "door-act", "act", clip(s.Act.Text), "kind", k.Ref)
		}
		return
	}
	if by := (matter.Party{Part: matter.Anybody, Role: d.Role()}); !slices.Contains(a.By, by) {
		u.add(s.Act.At, "door-by", "act", a.Key, "by", partyText(by))
	}
	for _, n := range a.Evidence {
		if n.Min > 0 {
			u.add(s.Act.At, "door-evidence", "act", a.Key)
			break
		}
	}
	u.doorFields(k, a, s)
	u.doorRequires(a, s)
	u.one(s.Answer, "field", keysOfFields(k.Fields))
	if f := u.doorField(k, a, s.Services, field.Record); f != nil {
		d.Register = f.Register
		if r := u.registerRef(word{f.Register, s.Services.At}); r != nil {
			for _, w := range []word{s.About.English, s.About.Group, s.About.Keywords, s.About.Text, s.About.Open} {
				u.one(w, "field", keysOfFields(r.Fields))
			}
		}
	}
}

// doorFields checks the fields that take what is said: their kind, that the act asks for them, and that what tells who
// reports is personal.
func (u *unit) doorFields(k *matter.Kind, a *matter.Act, s *doorSyntax) {
	u.doorField(k, a, s.Says.Text, field.LongText, field.Text)
	u.doorField(k, a, s.Says.Place, field.Place)
	u.doorField(k, a, s.Says.Address, field.Text)
	for _, w := range []word{s.Says.Name, s.Says.Phone, s.Says.Email} {
		if f := u.doorField(k, a, w, field.Text); f != nil && f.Class != "" && !f.Class.IsPersonal() {
			u.add(w.At, "door-class", "field", f.Key, "class", string(f.Class))
		}
	}
	for _, w := range s.Sets {
		f := u.doorField(k, a, w.Key)
		if f == nil || w.Value.Text == "" {
			continue
		}
		if v, err := f.Check(w.Value.Text); err != nil || v != w.Value.Text {
			u.add(w.Value.At, "facet-value", "value", clip(w.Value.Text), "field", w.Key.Text)
		}
	}
}

// doorField returns the field that a word names if it has one of the kinds and the act asks for it, or nil with a fault.
func (u *unit) doorField(k *matter.Kind, a *matter.Act, w word, kinds ...field.Kind) *field.Field {
	if !u.one(w, "field", keysOfFields(k.Fields)) {
		return nil
	}
	f := field.Find(k.Fields, w.Text)
	if f == nil {
		return nil
	}
	if len(kinds) > 0 && f.Kind != "" && !slices.Contains(kinds, f.Kind) { // a kind that there is not was reported where it stands
		u.add(w.At, "door-kind", "field", f.Key, "want", strings.Join(texts(kinds), ", "), "kind", string(f.Kind))
		return nil
	}
	if !slices.ContainsFunc(a.Form, func(in matter.Input) bool { return in.Field == w.Text }) {
		u.add(w.At, "door-not-asked", "act", a.Key, "field", w.Text)
		return nil
	}
	return f
}

// doorRequires checks that whatever the act requires is said or set at the door; the title is made of the service and
// the place.
func (u *unit) doorRequires(a *matter.Act, s *doorSyntax) {
	given := []string{"title", s.Services.Text, s.Says.Text.Text, s.Says.Place.Text, s.Says.Address.Text}
	for _, w := range s.Sets {
		given = append(given, w.Key.Text)
	}
	for _, in := range a.Form {
		if in.Required && !slices.Contains(given, in.Field) {
			u.add(s.Act.At, "door-required", "act", a.Key, "field", in.Field)
		}
	}
}
