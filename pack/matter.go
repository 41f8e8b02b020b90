package pack

import (
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// matter compiles a kind of matter as far as it needs no other pack, and checks it against the physics.
func (u *unit) matter(s *matterSyntax) {
	k := matter.Kind{Ref: u.pack.Name + "/" + s.Matter.Text, Version: u.pack.Hash, Words: s.Words.text(), Series: s.Series.Text, OtherUnit: s.OtherUnit.yes()}
	k.Fields = u.fields(s.Fields, "")
	u.twice(keysOfAll(s.States, func(s stateSyntax) word { return s.State }))
	for _, st := range s.States {
		k.States = append(k.States, matter.State{Key: st.State.Text, Words: st.Words.text(), Phase: matter.Phase(st.Phase.Text), Public: st.Public.text()})
	}
	m := &making{unit: u, s: s, k: &k}
	m.ladders()
	m.clocks()
	was := len(u.faults)
	m.acts()
	whole := len(u.faults) == was && m.whole()
	k.Facets = u.facets(s.Facets, k.Fields)
	m.public()
	m.title()
	m.decisions()
	if whole {
		m.flow()
		m.running()
		m.spare()
	}
	m.asking()
	u.pack.Kinds = append(u.pack.Kinds, k)
}

// making is one kind on its way.
type making struct {
	*unit
	s *matterSyntax
	k *matter.Kind
}

func (m *making) stateKeys() []string { return texts(stateKeys(m.k)) }

func (m *making) clockKeys() []string { return keysOfClocks(m.k) }

// whole reports whether states and acts were read without a fault: otherwise what follows from them would be guesswork.
func (m *making) whole() bool {
	var all []word
	for _, s := range m.s.States {
		all = append(all, s.State, s.Phase)
	}
	for _, a := range m.s.Acts {
		all = append(all, a.Act, a.Verb)
		for _, ws := range [][]word{a.From, a.Form, a.Clocks.Start, a.Clocks.Stop, a.Clocks.Restart, a.Clocks.Pause, a.Clocks.Resume, a.Clocks.Extend, a.Clocks.Pass} {
			all = append(all, ws...)
		}
		if a.To.given() {
			all = append(all, a.To)
		}
	}
	return !slices.ContainsFunc(all, func(w word) bool { return w.Text == "" })
}

// public checks the fields that are shown without login: they are of class P.
func (m *making) public() {
	m.twice(m.s.Public)
	for _, w := range m.s.Public {
		if !m.one(w, "field", keysOfFields(m.k.Fields)) {
			continue
		}
		if f := field.Find(m.k.Fields, w.Text); f.Class != field.P {
			m.add(w.At, "public-class", "field", f.Key, "class", string(f.Class))
		}
		m.k.Public = append(m.k.Public, w.Text)
	}
}

// title checks the fields that the platform reads by their names.
func (m *making) title() {
	for _, want := range []struct {
		key  string
		kind []field.Kind
	}{{"title", []field.Kind{field.Text}}, {"assist", []field.Kind{field.Units}}, {"area", []field.Kind{field.Record, field.Text, field.Choice}}} {
		i := slices.IndexFunc(m.s.Fields, func(f fieldSyntax) bool { return f.Field.Text == want.key })
		switch {
		case i < 0 && want.key == "title":
			m.add(m.s.Matter.At, "title-missing")
		case i >= 0 && m.s.Fields[i].Kind.Text != "" && !slices.Contains(want.kind, field.Kind(m.s.Fields[i].Kind.Text)):
			m.add(m.s.Fields[i].Kind.At, "known-field-kind", "field", want.key, "kind", listed(texts(want.kind)))
		}
	}
	for i := range m.s.Acts {
		a := &m.s.Acts[i]
		if matter.Verb(a.Verb.Text) == matter.Register && !slices.Contains(plain(a.Form), "title!") {
			m.add(a.Act.At, "title-not-asked", "act", a.Act.Text)
		}
	}
}

func party(w word) matter.Party {
	part, role, _ := strings.Cut(w.Text, "/")
	return matter.Party{Part: matter.Part(part), Role: name.Role(role)}
}

// party compiles a part with an optional role; whether the role exists is checked when the packs it needs are there.
func (m *making) party(w word) matter.Party {
	p := party(w)
	m.one(w.part(0, len(p.Part)), "part", sets["part"])
	if p.Part == matter.Platform && p.Role != "" {
		m.add(w.At, "platform-role")
	}
	return p
}

func (m *making) ladders() {
	m.twice(keysOfAll(m.s.Ladders, func(l ladderSyntax) word { return l.Ladder }))
	for i := range m.s.Ladders {
		s := &m.s.Ladders[i]
		l := matter.Ladder{Key: s.Ladder.Text}
		for j := range s.Rungs {
			l.Rungs = append(l.Rungs, m.rung(&s.Rungs[j]))
		}
		m.climb(s, l.Rungs)
		m.k.Ladders = append(m.k.Ladders, l)
	}
}

// rungWords are the words of the rungs unless a pack has others.
var rungWords = map[matter.RungKind]name.Text{
	matter.RungRemind: {ZH: "提醒", EN: "Remind"}, matter.RungUrge: {ZH: "催办", EN: "Urge"},
	matter.RungSupervise: {ZH: "督办", EN: "Supervise"}, matter.RungCirculate: {ZH: "通报", EN: "Circulate"},
}

func (m *making) rung(s *rungSyntax) matter.Rung {
	r := matter.Rung{Key: matter.RungKind(s.Rung.Text), Words: s.Words.text(), Before: number(s.Before), After: number(s.After), Used: number(s.Used),
		To: m.party(s.To), Raises: m.qualified(s.Raises.Text)}
	if !s.Words.given() {
		r.Words = rungWords[r.Key]
	}
	when := 0
	for _, w := range []word{s.Before, s.On, s.After, s.Used} {
		if w.given() {
			when++
		}
	}
	if when != 1 {
		m.add(s.Rung.At, "rung-when", "rung", s.Rung.Text)
	}
	if r.Used > 99 {
		m.add(s.Used.At, "used-range", "used", s.Used.Text)
	}
	return r
}

// climb checks that rungs stand in their order, each once, and that none fires before the one below it.
func (m *making) climb(s *ladderSyntax, rungs []matter.Rung) {
	order := texts(matter.RungKinds)
	for i := 1; i < len(rungs); i++ {
		at := s.Rungs[i].Rung.At
		a, b := slices.Index(order, string(rungs[i-1].Key)), slices.Index(order, string(rungs[i].Key))
		switch {
		case a < 0 || b < 0:
		case a == b:
			m.add(at, "rung-twice", "rung", order[b])
		case a > b:
			m.add(at, "rung-order", "rung", order[b], "before", order[a])
		case earlier(rungs[i], rungs[i-1]):
			m.add(at, "rung-early", "rung", order[b], "before", order[a])
		}
	}
}

// earlier reports whether rung a certainly fires before b; shares and units before the due time are not compared.
func earlier(a, b matter.Rung) bool {
	side := func(r matter.Rung) int {
		switch {
		case r.Before > 0 || r.Used > 0:
			return -1
		case r.After > 0:
			return 1
		}
		return 0
	}
	if side(a) != side(b) {
		return side(a) < side(b)
	}
	return a.After < b.After || a.Before > b.Before && b.Before > 0 || a.Used > 0 && a.Used < b.Used
}

func (m *making) clocks() {
	m.twice(keysOfAll(m.s.Clocks, func(c clockSyntax) word { return c.Clock }))
	for i := range m.s.Clocks {
		m.k.Clocks = append(m.k.Clocks, m.clock(&m.s.Clocks[i]))
	}
}

// extension compiles how far a clock may be extended; a cap for another basis needs records that may lay one down.
func (m *making) extension(s *clockSyntax) *matter.Extension {
	x := &matter.Extension{Most: number(s.Extend.Most), By: m.party(s.Extend.By)}
	m.twice(keysOfAll(s.Extend.Each, func(e eachSyntax) word { return e.Basis }))
	for _, e := range s.Extend.Each {
		if s.Limit.At.line == 0 || e.Basis.Text == s.Basis.Text {
			m.add(e.Basis.At, "extend-basis", "clock", s.Clock.Text, "basis", e.Basis.Text)
		}
		if x.Each == nil {
			x.Each = map[calendar.Basis]int{}
		}
		x.Each[calendar.Basis(e.Basis.Text)] = number(e.Most)
	}
	return x
}

func (m *making) clock(s *clockSyntax) matter.ClockKind {
	c := matter.ClockKind{Key: s.Clock.Text, Words: s.Words.text(), Term: matter.Term(s.Term.Text), Basis: calendar.Basis(s.Basis.Text), Length: number(s.Length),
		Parameter: s.Parameter.Text, Until: s.Until.Text, Source: s.Source.text(), Confirmed: s.Confirmed.yes(), Ladder: s.Ladder.Text}
	m.length(s, &c)
	c.Limit = m.limit(s)
	for _, p := range s.Pauses {
		c.Pauses = append(c.Pauses, matter.PauseReason{Code: p.Code.Text, Words: p.Words.text(), Article: p.Article.text()})
	}
	m.twice(keysOfAll(s.Pauses, func(p pauseSyntax) word { return p.Code }))
	if s.Extend.At.line > 0 {
		c.Extend = m.extension(s)
	}
	var ladders []string
	for _, l := range m.k.Ladders {
		ladders = append(ladders, l.Key)
	}
	m.one(s.Ladder, "ladder", ladders)
	return c
}

// length checks that a clock has one length, and takes it from the parameter on the pack's effective day.
func (m *making) length(s *clockSyntax, c *matter.ClockKind) {
	given := 0
	for _, w := range []word{s.Length, s.Parameter, s.Until} {
		if w.given() {
			given++
		}
	}
	if given != 1 {
		m.add(s.Clock.At, "clock-length", "clock", s.Clock.Text)
	}
	if m.one(s.Until, "field", keysOfFields(m.k.Fields)) && field.Find(m.k.Fields, s.Until.Text).Kind != field.Date {
		m.add(s.Until.At, "until-kind", "field", s.Until.Text)
	}
	if s.Until.given() && c.Basis != "" && !c.Basis.IsDated() {
		m.add(s.Basis.At, "until-basis", "basis", string(c.Basis))
	}
	if s.Parameter.Text == "" {
		return
	}
	var known []string
	for _, p := range m.pack.Parameters {
		known = append(known, p.Key)
	}
	if !m.one(s.Parameter, "parameter", known) || m.pack.Effective == 0 {
		return
	}
	p, ok := m.pack.parameter(c.Parameter, m.pack.Effective)
	if !ok {
		m.add(s.Parameter.At, "parameter-not-in-force", "key", c.Parameter, "day", m.pack.Effective.String())
		return
	}
	if !formats["count"].pattern.MatchString(p.Value) {
		m.add(s.Parameter.At, "parameter-no-count", "key", c.Parameter, "value", p.Value)
		return
	}
	c.Length = number(word{Text: p.Value})
	c.Source, c.Confirmed = p.Source, p.Confirmed && c.Confirmed
	if s.Source.given() {
		c.Source = s.Source.text()
	}
}
