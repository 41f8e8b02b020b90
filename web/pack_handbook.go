package web

import (
	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// handbookView is how a pack's work is done, made from the definition itself.
type handbookView struct {
	packFrame
	Kinds    []kindGuide
	Contacts []contact
}

// kindGuide is the guide to one kind of matter.
type kindGuide struct {
	Kind   *matter.Kind
	Steps  []stepGuide
	Clocks []clockGuide
}

// stepGuide is one act: who does it, from where to where, and what it asks for.
type stepGuide struct {
	Act    *matter.Act
	From   []string
	To     string
	By     []string
	Asks   []string
	Needs  []matter.Need
	Clocks []string
}

// clockGuide is one clock with its legal basis.
type clockGuide struct {
	Clock  *matter.ClockKind
	Length string
	Extend string // by how much at most, empty if it cannot be extended
}

// contact is a unit with whom to ask there.
type contact struct {
	Unit    desk.Unit
	Persons []desk.Person
}

// packHandbook is the face 手册.
func (s *server) packHandbook(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := handbookView{packFrame: packFrame{p, "handbook"}}
	for i := range p.Kinds {
		v.Kinds = append(v.Kinds, q.guide(&p.Kinds[i]))
	}
	if v.Contacts, err = q.contacts(p.Kinds); err != nil {
		return err
	}
	return q.render(200, "pack_handbook", v)
}

func (q *request) guide(k *matter.Kind) kindGuide {
	g := kindGuide{Kind: k}
	for i := range k.Acts {
		g.Steps = append(g.Steps, q.step(k, &k.Acts[i]))
	}
	for i := range k.Clocks {
		c := &k.Clocks[i]
		g.Clocks = append(g.Clocks, clockGuide{c, q.lengthWords(k, c), q.extendWords(c)})
	}
	return g
}

func (q *request) step(k *matter.Kind, act *matter.Act) stepGuide {
	st := stepGuide{Act: act, Needs: act.Evidence}
	for _, from := range act.From {
		if s := k.State(from); s != nil {
			st.From = append(st.From, s.Words.In(q.Lang))
		}
	}
	if s := k.State(act.To); s != nil {
		st.To = s.Words.In(q.Lang)
	}
	for _, p := range act.By {
		st.By = append(st.By, q.partyWords(p))
	}
	for _, in := range act.Form {
		if f := field.Find(k.Fields, in.Field); f != nil && in.Required {
			st.Asks = append(st.Asks, f.Words.In(q.Lang))
		}
	}
	if c := k.Deciding(k.Subject(act).Key); c != nil {
		op := matter.Stop
		if act.Verb == matter.Ask {
			op = matter.Start
		}
		st.Clocks = append(st.Clocks, q.Says("handbook.clock-"+string(op), "clock", c.Words.In(q.Lang)))
	}
	for _, e := range act.Clocks {
		if c := k.Clock(e.Clock); c != nil {
			st.Clocks = append(st.Clocks, q.Says("handbook.clock-"+string(e.Op), "clock", c.Words.In(q.Lang)))
		}
	}
	return st
}

// partyWords says who may do an act.
func (q *request) partyWords(p matter.Party) string {
	part := q.Says("part." + string(p.Part))
	if p.Role == "" {
		return part
	}
	return part + " " + q.roleWords(p.Role)
}

// lengthWords says how long a clock is.
func (q *request) lengthWords(k *matter.Kind, c *matter.ClockKind) string {
	if c.Until != "" {
		called := c.Until
		if f := field.Find(k.Fields, c.Until); f != nil {
			called = f.Words.In(q.Lang)
		}
		return q.Says("handbook.until", "field", called)
	}
	length := q.span(c.Length, c.Basis)
	if c.Limit == nil {
		return length
	}
	called := c.Limit.Field
	if f := field.Find(k.Fields, called); f != nil {
		called = f.Words.In(q.Lang)
	}
	return q.Says("handbook.limit", "field", called, "length", length)
}

// extendWords says by how much a clock may be extended: in its own unit, or in days where it runs until a date.
func (q *request) extendWords(c *matter.ClockKind) string {
	switch {
	case c.Extend == nil:
		return ""
	case c.Until != "":
		return q.span(c.Extend.Most, calendar.CalendarDay)
	}
	return q.span(c.Extend.MostOf(c.Basis), c.Basis)
}

// mostContacts is how many units the handbook names.
const mostContacts = 12

// contacts are the units that hold most of the open matters of the kinds, with their heads and handlers.
func (q *request) contacts(kinds []matter.Kind) (all []contact, err error) {
	seen := map[name.Unit]bool{}
	for i := range kinds {
		b, err := q.s.Desk.Holders(q.Context(), q.Who, kinds[i].Ref)
		if err != nil {
			return nil, err
		}
		for _, u := range b {
			if len(all) < mostContacts && u != "" && !seen[u] {
				seen[u] = true
				c := contact{Unit: q.Unit(u)}
				for _, role := range []name.Role{"head", "issuer", "handler"} {
					for _, p := range q.s.Desk.Directory().Of(u, role) {
						if len(c.Persons) < 3 {
							c.Persons = append(c.Persons, p)
						}
					}
				}
				all = append(all, c)
			}
		}
	}
	return all, nil
}
