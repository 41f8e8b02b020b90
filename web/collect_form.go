package web

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/hints"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// phoneView is the form of one act on a phone: photos first, then what one sees, then where; the rest is folded away.
type phoneView struct {
	*actView
	Acts    []*matter.Act // what else can be done with the matter
	Main    []inputView
	More    []inputView
	Classes classChoice
	Photos  []matter.Evidence // that the matter has
	Staged  []upload          // photos that came before and wait for the rest
	Seals   string            // what the phone said of those
	Address string            // where the form goes
}

// classChoice is the part of the form that depends on the words: the class and its filing conditions.
type classChoice struct {
	Asked      bool // the form asks for a class
	Kind       string
	Classes    []hints.Class
	All        []desk.Named
	Class      string
	Other      bool
	Conditions []desk.Named // of the class; nil where the form asks for none
	Condition  string
	Must       bool // a condition must be chosen
}

// mainFields are the fields that the phone shows, in its own order; the others are folded away.
var mainFields = []string{"text", "note", "confirm-note", "check-note", "refusal", "place", "address", "area", "answer", "rating", "rating-note", "asked-days", "calls", "person"}

// phone arranges the form of an act for a phone.
func (s *server) phone(q *request, a *actView) (*phoneView, error) {
	v := &phoneView{actView: a}
	where := slices.ContainsFunc(a.Inputs, func(in inputView) bool { return in.Field.Kind == field.Place })
	for _, in := range a.Inputs {
		key := in.Field.Key
		if key == "class" && in.Field.Kind == field.Record {
			v.Classes.Asked, v.Classes.Class = true, cmp.Or(in.Value, v.Classes.Class)
			continue
		}
		if key == "condition" {
			v.Classes.Condition, v.Classes.Must, v.Classes.Conditions = in.Value, in.Required, in.Choices
			continue
		}
		if key == "title" || where && key == "area" {
			in.Required = false // the platform finds it where nobody says it
		}
		if slices.Contains(mainFields, key) || in.Required {
			v.Main = append(v.Main, in)
		} else {
			v.More = append(v.More, in)
		}
	}
	slices.SortStableFunc(v.Main, func(a, b inputView) int { return rank(a) - rank(b) })
	return v, s.classChoice(q, &v.Classes, a.Kind.Ref, a.said(), v.Classes.Conditions != nil)
}

func rank(in inputView) int {
	if i := slices.Index(mainFields, in.Field.Key); i >= 0 {
		return i
	}
	return len(mainFields)
}

// said is what has been written of a matter so far.
func (v *actView) said() string {
	for _, key := range []string{"text", "title"} {
		for _, in := range v.Inputs {
			if in.Field.Key == key && in.Value != "" {
				return in.Value
			}
		}
		if v.Matter != nil && v.Matter.Fields[key] != "" {
			return v.Matter.Fields[key]
		}
	}
	return ""
}

// classChoice proposes classes by the words and offers the conditions of the class that is chosen.
func (s *server) classChoice(q *request, c *classChoice, kind, text string, conditions bool) (err error) {
	k, ok := s.Desk.Packs().Kind(kind)
	if !ok || !c.Asked {
		return nil
	}
	c.Kind = kind
	f := field.Find(k.Fields, "class")
	if f == nil || f.Kind != field.Record {
		c.Asked = false
		return nil
	}
	if c.All, err = s.Desk.RecordChoices(q.Context(), f.Register); err != nil {
		return err
	}
	if text != "" {
		if c.Classes, err = s.Hints.Classes(q.Context(), kind, text, mostClasses); err != nil {
			return err
		}
	}
	if c.Class == "" && len(c.Classes) > 0 && c.Classes[0].Share >= clear {
		c.Class = c.Classes[0].Code
	}
	c.Other = c.Class != "" && !slices.ContainsFunc(c.Classes, func(h hints.Class) bool { return h.Code == c.Class })
	if conditions {
		return s.conditions(q, c, k)
	}
	return nil
}

// conditions offers the filing conditions of the class.
func (s *server) conditions(q *request, c *classChoice, k *matter.Kind) error {
	f := field.Find(k.Fields, "condition")
	if f == nil {
		return nil
	}
	records, err := s.Desk.ValidRecords(q.Context(), f.Register)
	c.Conditions = []desk.Named{}
	for _, r := range records {
		if r.Fields["class"] == c.Class || c.Class == "" {
			c.Conditions = append(c.Conditions, desk.Named{Key: r.Key, Words: r.Words})
		}
	}
	if len(c.Conditions) == 1 && c.Class != "" {
		c.Condition = c.Conditions[0].Key
	}
	return err
}

// hintPhone answers while somebody writes: the classes that the words may mean, and their conditions.
func (s *server) hintPhone(q *request) error {
	if err := s.mayHint(q); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	q.mergeClass()
	c := classChoice{Asked: true, Class: q.FormValue("f.class"), Condition: q.FormValue("f.condition"), Must: q.FormValue("must") == "yes"}
	text := strings.TrimSpace(cmp.Or(q.FormValue("f.text"), q.FormValue("f.title"), q.FormValue("said")))
	if err := s.classChoice(q, &c, q.FormValue("kind"), text, q.Form.Has("f.condition")); err != nil {
		return err
	}
	return q.renderPart("collect_form", "class-choice", c)
}

// mayHint lets in whoever files or collects.
func (s *server) mayHint(q *request) error {
	if q.Who.Has("operator") {
		return nil
	}
	return s.mayCollect(q)
}

// mergeClass brings the chosen proposal, or what was chosen in the list instead, to where the form of the act has its class.
func (q *request) mergeClass() {
	if !q.Form.Has("class-other") {
		return
	}
	class := cmp.Or(q.FormValue("class-other"), q.FormValue("class"))
	if class == q.FormValue("class-was") && q.FormValue("class") != "" {
		class = q.FormValue("class")
	}
	q.Form.Set("f.class", class)
}

// prefill sets what the platform knows where nobody said it: the source, the caller's own street and community, a title.
func (v *actView) prefill(q *request) {
	unit := q.Unit(q.Who.Unit)
	known := map[string]string{"street": string(unit.Parent), "community": string(unit.Key), "source": v.source(q), "title": ""}
	if v.Act.Key == "take-on" {
		known["level"] = "grid"
	}
	if !q.Who.Has("grid-worker") {
		delete(known, "street")
		delete(known, "community")
	}
	words := q.recordWords(v.Kind, "class", q.FormValue("f.class")).ZH
	known["title"] = hints.Title(words, cmp.Or(q.FormValue("f.address"), q.FormValue("f.text"), q.FormValue("f.note")))
	for _, in := range v.Act.Form {
		if key := "f." + in.Field; known[in.Field] != "" && q.FormValue(key) == "" {
			q.Form.Set(key, known[in.Field])
		}
	}
}

// source is the option of the kind's source that the caller's role is.
func (v *actView) source(q *request) string {
	f := field.Find(v.Kind.Fields, "source")
	if f == nil {
		return ""
	}
	for _, r := range q.Who.Roles {
		if _, ok := f.Option(string(r)); ok {
			return string(r)
		}
	}
	return ""
}

// sealed is what a phone says of one photo that it sealed when it was taken.
type sealed struct {
	Size  int    `json:"size"`
	Place string `json:"place"`
	Taken string `json:"taken"`
	Seal  string `json:"seal"`
}

// mostSealed is how many bytes the phone's list of seals may have.
const mostSealed = 20_000

// seal puts into the evidence where and when each photo was taken. A seal of the phone is worked out again over what came; a
// photo without one is sealed now, and the event says so. Anything but a photo is refused.
func (s *server) seal(q *request, do *desk.Do) error {
	said, err := q.sealed()
	if err != nil {
		return err
	}
	for i := range do.Evidence {
		e := &do.Evidence[i]
		n := slices.IndexFunc(do.Files, func(f upload) bool { return f.Hash.String() == e.File })
		if e.Kind != matter.Photo || n < 0 {
			continue
		}
		f := do.Files[n]
		if !strings.HasPrefix(f.Media, "image/") {
			return fault.Refuse(fault.ErrInvalid, "not-photo", "evidence", "file", f.Name)
		}
		if !slices.ContainsFunc(said, func(one sealed) bool { return one.Size == len(f.Bytes) }) {
			e.Capture = s.Desk.Received(f.Bytes, q.FormValue("f.place"))
			continue
		}
		var err error
		for _, one := range said {
			if one.Size != len(f.Bytes) {
				continue
			}
			if e.Capture, err = desk.Capture("evidence", f.Bytes, one.Place, one.Taken, one.Seal); err == nil {
				break
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sealed reads what a phone says of the photos that it sends now and of those that came before.
func (q *request) sealed() (all []sealed, err error) {
	for _, part := range []string{"seals", "captures"} {
		text, said := q.FormValue(part), []sealed(nil)
		if text == "" {
			continue
		}
		if len(text) > mostSealed || json.Unmarshal([]byte(text), &said) != nil {
			return nil, fault.Refuse(fault.ErrInvalid, "capture-unreadable", "evidence")
		}
		for _, one := range said {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all, nil
}

// seals writes what a phone said for the next sending, empty if it said nothing.
func (q *request) seals() string {
	all, err := q.sealed()
	if err != nil || len(all) == 0 {
		return ""
	}
	b, err := json.Marshal(all)
	if err != nil {
		return ""
	}
	return string(b)
}

// recordWords are the words of the record that a field of a kind names.
func (q *request) recordWords(k *matter.Kind, key, v string) name.Text {
	f := field.Find(k.Fields, key)
	if f == nil || f.Kind != field.Record || v == "" {
		return name.Text{}
	}
	return q.s.Desk.RecordName(q.Context(), f.Register, v)
}
