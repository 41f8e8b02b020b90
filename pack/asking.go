package pack

import (
	"slices"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// This file compiles acts that take two: what a pack writes as asked-by becomes three acts beside the one that is asked for.

// written are the verbs that a pack writes; those of an asking are made by the compiler.
func written() []matter.Verb {
	return slices.DeleteFunc(matter.Verbs(), func(v matter.Verb) bool { return v == matter.Ask || v == matter.Refuse || v == matter.TakeBack })
}

// The keys and words of the acts that are made: by the act that is asked for.
var around = []struct {
	verb   matter.Verb
	prefix string
	words  func(name.Text) name.Text
	help   name.Text
}{
	{matter.Ask, "ask-", func(w name.Text) name.Text { return name.Text{ZH: "申请" + w.ZH, EN: "Ask: " + w.EN} },
		name.Text{ZH: "申请之后由有权审定的人同意或不同意，不能自己审定自己的申请；同意之前什么都不变。", EN: "Somebody who may decide it agrees or declines, never whoever asked. Nothing changes before."}},
	{matter.Refuse, "decline-", func(w name.Text) name.Text { return name.Text{ZH: "不同意" + w.ZH, EN: "Decline: " + w.EN} },
		name.Text{ZH: "写明理由，申请人会收到；事项不变。", EN: "Say why: whoever asked is told. The matter stays as it is."}},
	{matter.TakeBack, "take-back-", func(w name.Text) name.Text { return name.Text{ZH: "撤回申请：" + w.ZH, EN: "Take back: " + w.EN} },
		name.Text{ZH: "只有申请人本人能撤回。", EN: "Only whoever asked takes it back."}},
}

// asked compiles who asks for an act, and keeps such an act to what an asking can hold.
func (m *making) asked(s *actSyntax, a *matter.Act) {
	m.twice(s.AskedBy)
	for _, by := range s.AskedBy {
		a.Asked = append(a.Asked, m.party(by))
	}
	if !a.IsAsked() {
		return
	}
	at := s.AskedBy[0].At
	if !slices.ContainsFunc(a.By, func(p matter.Party) bool { return p.Part != matter.Platform }) {
		m.add(at, "asked-of-nobody", "act", a.Key)
	}
	for _, in := range a.Form {
		if f := field.Find(m.k.Fields, in.Field); f != nil && (f.Class.IsPersonal() || f.Kind == field.Place) {
			m.add(at, "asked-field", "act", a.Key, "field", f.Key)
		}
	}
	for _, e := range a.Clocks {
		if c := m.k.Clock(e.Clock); c != nil && c.Limit != nil && (e.Op == matter.Start || e.Op == matter.Restart) {
			m.add(at, "asked-limit", "act", a.Key, "clock", c.Key)
		}
	}
}

// decisions compiles the clocks that run while an act which was asked for waits for somebody to decide: counted by length and seen
// only inside, each act with one of them, and moved by nothing but asking and settling.
func (m *making) decisions() {
	by := m.effectsByClock()
	taken := map[string]string{}
	for i := range m.s.Clocks {
		s, c := &m.s.Clocks[i], &m.k.Clocks[i]
		if len(s.Decides) == 0 {
			continue
		}
		m.twice(s.Decides)
		if c.Until != "" || c.Limit != nil || c.Extend != nil || len(c.Pauses) > 0 || c.Term != matter.Internal && c.Term != "" {
			m.add(s.Clock.At, "decides-plain", "clock", c.Key)
		}
		if len(by[c.Key]) > 0 {
			m.add(s.Clock.At, "decides-moved", "clock", c.Key)
		}
		for _, w := range s.Decides {
			if !m.one(w, "act", keysOfActs(m.k)) {
				continue
			}
			if !m.k.Act(w.Text).IsAsked() {
				m.add(w.At, "decides-not-asked", "act", w.Text)
				continue
			}
			if other, is := taken[w.Text]; is && other != c.Key {
				m.add(w.At, "decides-two", "act", w.Text, "clock", other)
				continue
			}
			taken[w.Text] = c.Key
			c.Decides = append(c.Decides, w.Text)
		}
	}
}

// signs compiles the field that names who did an act.
func (m *making) signs(s *actSyntax) string {
	if m.one(s.Signs, "field", keysOfFields(m.k.Fields)) && s.Signs.Text != "" {
		if f := field.Find(m.k.Fields, s.Signs.Text); f.Kind != field.Person || f.Class.IsPersonal() {
			m.add(s.Signs.At, "signs-kind", "field", f.Key, "kind", string(f.Kind))
		}
	}
	return s.Signs.Text
}

// actWords are the keys of all acts, those that are made for an asking included.
func (m *making) actWords() (all []word) {
	for _, s := range m.s.Acts {
		all = append(all, s.Act)
		for _, x := range around {
			if len(s.AskedBy) > 0 && s.Act.Text != "" {
				all = append(all, word{x.prefix + s.Act.Text, s.AskedBy[0].At})
			}
		}
	}
	return all
}

// asking puts the acts of an asking beside the ones that are asked for: asking before it, declining and taking back behind. What
// proves it comes with the asking.
func (m *making) asking() {
	var all []matter.Act
	for _, a := range m.k.Acts {
		if !a.IsAsked() {
			all = append(all, a)
			continue
		}
		made := make([]matter.Act, len(around))
		for i, x := range around {
			made[i] = matter.Act{Key: x.prefix + a.Key, Verb: x.verb, Words: x.words(a.Words), Help: x.help, From: a.From, By: a.Asked, Of: a.Key}
		}
		made[0].Form, made[0].Evidence = a.Form, a.Evidence
		made[1].By = slices.DeleteFunc(slices.Clone(a.By), func(p matter.Party) bool { return p.Part == matter.Platform })
		a.Evidence, a.Words = nil, name.Text{ZH: "同意" + a.Words.ZH, EN: "Agree: " + a.Words.EN}
		all = append(all, made[0], a, made[1], made[2])
	}
	m.k.Acts = all
}
