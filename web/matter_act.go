package web

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// actView is the form of an act, made from the pack.
type actView struct {
	Matter  *desk.MatterView // nil for the act that opens a matter
	Kind    *matter.Kind
	Act     *matter.Act
	Inputs  []inputView
	Needs   []needView
	Reason  bool // it must say why
	Typed   string
	Pauses  []desk.Named // reasons of which one is to be chosen
	Code    string
	Extends []extendView
	Units   string
	Until   string
	Version int64
	Command string
	Goal    name.ID
	Flaw    flaw
	Stale   bool  // the matter has moved on
	Drafted int64 // µs: an assistant filled it in then; 0 for nobody
	Barred  bool  // the caller cannot do it: there is no form, only why
	Hint    *routeHint
	Merge   *mergeView
	Asked   *askedShown  // what waits for a decision, for whoever decides it or takes it back
	About   []shownField // what the matter holds, to be read while one writes; empty where the form itself shows it all
}

// IsAbout reports whether what the matter holds is shown at once: whoever splits or merges goes by its words.
func (v *actView) IsAbout() bool { return v.Act.Verb == matter.Split || v.Act.Verb == matter.Merge }

// HasPin reports whether the form has a place that is chosen on a map.
func (v *actView) HasPin() bool {
	return slices.ContainsFunc(v.Inputs, func(in inputView) bool { return in.Pin != nil })
}

// pinned gives the first place of the form a map to choose it on; further ones are typed.
func (v *actView) pinned(q *request) error {
	i := slices.IndexFunc(v.Inputs, func(in inputView) bool { return in.Field.Kind == field.Place })
	if i < 0 {
		return nil
	}
	p, err := q.pin(v.Inputs[i].Value)
	v.Inputs[i].Pin = &p
	return err
}

// renderAct shows the form of an act.
func (q *request) renderAct(status int, v *actView) error {
	if err := v.pinned(q); err != nil {
		return err
	}
	return q.render(status, "matter_act", v)
}

// about is what the matter holds apart from what its form shows, its words first.
func (v *actView) about(q *request) {
	if v.About = nil; v.Matter == nil {
		return
	}
	var rest []shownField
	for _, f := range q.shownFields(v.Matter) {
		switch {
		case slices.ContainsFunc(v.Act.Inputs(), func(in matter.Input) bool { return in.Field == f.Field.Key }):
		case f.Long:
			v.About = append(v.About, f)
		default:
			rest = append(rest, f)
		}
	}
	v.About = append(v.About, rest...)
}

// needView is evidence that the act asks for.
type needView struct {
	N     int
	Need  matter.Need
	Typed string // of a statement
}

// extendView is a clock that the act makes longer.
type extendView struct {
	Key   string
	Words name.Text
	Date  bool // by a date, not by units
	Most  int
	Span  string // the most in words: 5个工作日
	Basis string
}

// actForm is the page of an act's form.
func (s *server) actForm(q *request) error {
	v, err := s.act(q)
	if err != nil {
		return err
	}
	if err := v.drafted(q, v.Matter.ID); err != nil {
		return err
	}
	if r := v.refusal(); isProveAgain(r) {
		return r
	} else if r != nil {
		v.Flaw, _ = q.flaw(r)
		v.Barred = true
	}
	return q.renderAct(200, v)
}

// act finds the act that the address names.
func (s *server) act(q *request) (*actView, error) {
	m, err := s.Desk.Matter(q.Context(), q.Who, q.id())
	if err != nil {
		return nil, err
	}
	act := m.Def.Act(q.PathValue("act"))
	if act == nil || len(act.From) == 0 {
		return nil, fault.Refuse(fault.ErrNotFound, "act-unknown", "", "act", q.PathValue("act"))
	}
	return &actView{Matter: &m, Kind: m.Def, Act: act, Version: m.Version}, nil
}

// refusal is why the caller cannot do the act now, whatever the form says, nil if they can.
func (v *actView) refusal() error {
	for _, a := range v.Matter.Acts {
		if a.Act.Key != v.Act.Key {
			continue
		}
		if a.Refused == nil {
			return nil
		}
		return a.Refused
	}
	return fault.Refuse(fault.ErrConflict, "wrong-state", "", "act", v.Act.Key, "state", v.Matter.State)
}

// fill makes the form: with what was typed, or with what the matter holds.
func (v *actView) fill(q *request, typed url.Values) {
	if v.Command = typed.Get("command"); v.Command == "" {
		v.Command = q.Command()
	}
	v.Reason, v.Typed, v.Code, v.Units, v.Until = v.Kind.NeedsReason(v.Act), typed.Get("reason"), typed.Get("code"), typed.Get("units"), typed.Get("until")
	v.Goal = name.ID(typed.Get("goal"))
	v.Inputs, v.Needs, v.Pauses, v.Extends = nil, nil, nil, nil
	proposed := v.proposed(q)
	v.mergers(q)
	for _, in := range v.Act.Inputs() {
		f := field.Find(v.Kind.Fields, in.Field)
		if f == nil {
			continue
		}
		value := ""
		if v.Matter != nil && !f.Class.IsPersonal() {
			value = cmp.Or(editable(f, v.Matter.Fields[f.Key]), proposed[f.Key])
		}
		if v.Matter != nil {
			f = f.Among(v.Kind.Fields, v.Matter.Fields)
		}
		last := ""
		if v.beginsAfresh(f) && value != "" {
			whole := q.valueText(f, v.Matter.Fields[f.Key])
			if value, last = "", clipText(whole, mostLast); last != whole {
				last += "…"
			}
		}
		if typed != nil {
			value = typedValue(f, "f."+f.Key, typed)
		}
		input := q.input(f, "f."+f.Key, value, in.Required)
		input.Last = last
		if h := v.Act.Holder; h.To == matter.ToField && h.Field == f.Key {
			input.Within = q.Who.Unit
			if v.Matter != nil {
				input.Within = v.Matter.Holder.Unit
			}
		}
		v.Inputs = append(v.Inputs, input)
	}
	for i, n := range v.Act.Evidence {
		v.Needs = append(v.Needs, needView{i, n, typed.Get("e." + itoa(i))})
	}
	v.clocks(q)
	v.about(q)
	if v.Matter != nil && (v.Act.IsAsked() || v.Act.Of != "" && v.Act.Verb != matter.Ask) {
		v.Asked = q.askedFor(v.Matter)
	}
}

// mostLast is how much of what was reported last a form shows.
const mostLast = 80

// beginsAfresh reports whether a field of the form is asked for anew each time: whoever reports progress says how far it is this month, and does not
// send last month's words again by not looking; nor does whoever verifies send what was wrong the time before. What the public reads stands until
// somebody changes it.
func (v *actView) beginsAfresh(f *field.Field) bool {
	if v.Matter == nil || f.Kind == field.LongText && slices.Contains(v.Kind.Public, f.Key) {
		return false
	}
	switch v.Act.Verb {
	case matter.Progress:
		return slices.Contains([]field.Kind{field.Text, field.LongText, field.Integer, field.Decimal, field.Money, field.Month}, f.Kind)
	case matter.Verify, matter.Rework:
		return f.Kind == field.Text || f.Kind == field.LongText
	}
	return false
}

// clocks offers the reasons of a pause and the clocks of an extension.
func (v *actView) clocks(q *request) {
	seen := map[string]bool{}
	act := v.Kind.Fills(v.Act)
	if act.IsAsked() && act == v.Act {
		return // it has what was asked for
	}
	for _, e := range act.Clocks {
		def := v.Kind.Clock(e.Clock)
		if def == nil {
			continue
		}
		if e.Op == matter.Hold && act.Verb == matter.Pause { // other verbs that pause are their own reason
			for _, p := range def.Pauses {
				if !seen[p.Code] {
					seen[p.Code] = true
					w := p.Words
					if !p.Article.IsZero() {
						w = name.Text{ZH: w.ZH + "（" + p.Article.ZH + "）", EN: w.EN + " (" + p.Article.EN + ")"}
					}
					v.Pauses = append(v.Pauses, desk.Named{Key: p.Code, Words: w})
				}
			}
		}
		if e.Op == matter.Lengthen && def.Extend != nil {
			basis, words := def.Basis, def.Words
			if v.Matter != nil {
				if c := v.Matter.Matter.Clock(def.Key); c != nil {
					basis, words = c.BasisOf(def), def.WordsOf(c.Stage)
				}
			}
			v.Extends = append(v.Extends, extendView{def.Key, words, def.Until != "", def.Extend.MostOf(basis), q.span(def.Extend.MostOf(basis), basis), q.Says("basis." + string(basis))})
		}
	}
}

// doAct does an act with its form.
func (s *server) doAct(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	v, err := s.act(q)
	if err != nil {
		return err
	}
	do := desk.Do{Command: q.sentCommand(), Matter: v.Matter.ID, Version: int64(atoi(q.FormValue("version"))), Act: v.Act.Key}
	if err = v.read(q, &do); err == nil {
		_, err = s.Desk.Act(q.Context(), q.Who, do)
	}
	if isProveAgain(err) {
		return err
	} else if err != nil {
		return v.again(q, err)
	}
	if _, err := s.Desk.Matter(q.Context(), q.Who, v.Matter.ID); errors.Is(err, fault.ErrNotFound) || errors.Is(err, fault.ErrDenied) {
		return q.redirect("/desk?done=" + url.QueryEscape(v.Kind.Ref+" "+v.Act.Key)) // it is somebody else's now, and no longer theirs to read
	}
	return q.redirect("/matters/" + string(v.Matter.ID) + "?done=" + url.QueryEscape(v.Act.Key))
}

// again shows the form once more with what was typed. The version stays the one that the person saw: whoever was
// overtaken has to look first.
func (v *actView) again(q *request, err error) error {
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.fill(q, q.Form)
	v.Flaw = f
	if seen := int64(atoi(q.FormValue("version"))); v.Matter != nil && seen != v.Version {
		v.Stale, v.Version = true, seen
	}
	return q.renderAct(422, v)
}

// read takes the form: fields, evidence, reason, and what a pause or an extension needs.
func (v *actView) read(q *request, do *desk.Do) error {
	if err := v.readForm(q, do); err != nil {
		return err
	}
	return v.readEvidence(q, do)
}

// readForm reads what was typed.
func (v *actView) readForm(q *request, do *desk.Do) error {
	do.Reason, do.Code, do.Clock = strings.TrimSpace(q.FormValue("reason")), q.FormValue("code"), q.FormValue("clock")
	do.Units, do.Until = atoi(strings.TrimSpace(q.FormValue("units"))), strings.TrimSpace(q.FormValue("until"))
	if do.Into = q.FormValue("into"); do.Into == "" {
		do.Into = strings.TrimSpace(q.FormValue("into-other"))
	}
	do.With = map[string]string{}
	for _, in := range v.Act.Inputs() {
		f := field.Find(v.Kind.Fields, in.Field)
		if f == nil {
			continue
		}
		if f.Kind == field.File {
			if err := q.fileField(f, do); err != nil {
				return err
			}
			continue
		}
		value, err := stored(f, typedValue(f, "f."+f.Key, q.Form))
		if err != nil {
			return err
		}
		if f.Kind == field.Table && value == "[]" {
			value = ""
		}
		do.With[f.Key] = value
	}
	return nil
}

// fileField takes the upload of a field of kind file; without one the field stays as it is.
func (q *request) fileField(f *field.Field, do *desk.Do) error {
	files, err := q.uploads("f." + f.Key)
	if err != nil || len(files) == 0 {
		return err
	}
	do.With[f.Key] = files[0].Hash.String()
	do.Files = append(do.Files, files[0])
	return nil
}

func (v *actView) readEvidence(q *request, do *desk.Do) error {
	for i, n := range v.Act.Evidence {
		key := "e." + itoa(i)
		if n.Kind == matter.Statement {
			if text := strings.TrimSpace(q.FormValue(key)); text != "" {
				do.Evidence = append(do.Evidence, matter.Evidence{Kind: n.Kind, Text: text})
			}
			continue
		}
		files, err := q.uploads(key)
		if err != nil {
			return err
		}
		attach(do, n.Kind, files)
	}
	files, err := q.uploads("more")
	if err != nil {
		return err
	}
	attach(do, matter.Document, files)
	return nil
}

// attach refers to uploads as evidence.
func attach(do *desk.Do, kind matter.EvidenceKind, files []upload) {
	for _, f := range files {
		do.Evidence = append(do.Evidence, matter.Evidence{Kind: kind, File: f.Hash.String(), Name: f.Name})
		do.Files = append(do.Files, f)
	}
}
