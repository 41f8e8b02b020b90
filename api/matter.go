package api

import (
	"bytes"
	"encoding/json"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// matterFull is one matter with what can be done to it. Without login acts, evidence, links and history are empty.
type matterFull struct {
	ID       name.ID           `json:"id"`
	Version  int64             `json:"version" doc:"what If-Match takes, as the ETag has it"`
	Number   *string           `json:"number"`
	Kind     string            `json:"kind"`
	Pack     string            `json:"pack" doc:"content address of the pack that it was opened under"`
	Title    string            `json:"title"`
	State    string            `json:"state"`
	Words    name.Text         `json:"state_words"`
	Phase    matter.Phase      `json:"phase"`
	Open     bool              `json:"open"`
	Light    *string           `json:"light" enum:"green yellow red grey" doc:"null where no clock runs, and without login"`
	Expected *string           `json:"expected" format:"date" doc:"by which day whoever waits for it may expect it, as the public page says; null where nothing is known or it has ended"`
	Step     bool              `json:"expected_step" doc:"the day is that of the present step alone"`
	Holder   hand              `json:"holder" doc:"whose it is"`
	Issuer   hand              `json:"issuer" doc:"who set the task"`
	Fields   map[string]string `json:"fields"`
	Personal []string          `json:"personal" doc:"keys of personal fields that have a value, which stands beside the log"`
	Evidence []evidence        `json:"evidence"`
	Clocks   []clock           `json:"clocks"`
	Links    []link            `json:"links" doc:"to goals, and to matters that the caller may read"`
	Goals    []goalItem        `json:"goals" doc:"that it fulfils"`
	Related  []matterItem      `json:"related" doc:"matters linked to it, either way"`
	Asked    *asked            `json:"asked" doc:"an act that somebody asked for and that waits for a decision, null for none"`
	Acts     []act             `json:"acts" doc:"that lead on from here, those that the caller may do first"`
	History  []entry           `json:"history"`
	Opened   *string           `json:"opened" format:"date-time"`
	Closed   *string           `json:"closed" format:"date-time"`
}

type hand struct {
	Unit   *named `json:"unit"`
	Person *named `json:"person"`
}

type evidence struct {
	Kind matter.EvidenceKind `json:"kind" enum:"photo document statement"`
	Name *string             `json:"name"`
	File *string             `json:"file" doc:"SM3 of the file"`
	Text *string             `json:"text"`
	Seal *capture            `json:"capture" doc:"of a photo that was sealed with where and when it was taken, null otherwise"`
}

// capture is what a photo was sealed with: SM3 over the place, the time and the bytes: [desk.Seal].
type capture struct {
	Place *string `json:"place" doc:"lng,lat in WGS-84"`
	Taken string  `json:"taken" format:"date-time"`
	Seal  string  `json:"seal"`
	Late  bool    `json:"late" doc:"sealed when it arrived, not when it was taken"`
}

func captureOf(c *matter.Capture) *capture {
	if c.Seal == "" {
		return nil
	}
	return &capture{orNull(c.Place), c.Taken, c.Seal, c.Late}
}

type clock struct {
	Key         string      `json:"clock"`
	Words       name.Text   `json:"words"`
	Stage       *string     `json:"stage" doc:"of a clock with consecutive stages"`
	Light       *string     `json:"light" enum:"green yellow red grey"`
	Standing    name.Text   `json:"standing" doc:"what is left or over, in the clock's own unit"`
	Due         string      `json:"due" format:"date-time"`
	DueDate     string      `json:"due_date" format:"date"`
	Stopped     *string     `json:"stopped" format:"date-time"`
	Paused      bool        `json:"paused"`
	Provisional bool        `json:"provisional" doc:"a holiday notice that it depends on is not out yet"`
	Decision    bool        `json:"decision" doc:"it runs on what was asked for: the matter's own light and due time leave it out"`
	Derivation  []name.Text `json:"derivation" doc:"how the due time comes about"`
}

type link struct {
	Kind matter.LinkKind `json:"kind"`
	To   name.ID         `json:"to"`
}

// act is an act that leads on from where a matter stands.
type act struct {
	Act      string      `json:"act" doc:"what the path of POST …/acts/{act} takes; the verb does as well where only one act has it"`
	Verb     matter.Verb `json:"verb"`
	Title    name.Text   `json:"title"`
	Help     *name.Text  `json:"help"`
	Allowed  bool        `json:"allowed"`
	Why      *refusal    `json:"why" doc:"why the caller may not"`
	Href     string      `json:"href"`
	Form     schema      `json:"form" doc:"JSON Schema of the body; a required field that is left out keeps the value that it has"`
	Evidence []need      `json:"evidence"`
}

// asked is an act that waits for somebody to do or decline it, as it was asked for.
type asked struct {
	Act     string            `json:"act" doc:"of acts, the one that whoever decides does; declining and taking back are acts of their own"`
	By      *named            `json:"by"`
	Unit    *named            `json:"unit"`
	At      string            `json:"at" format:"date-time"`
	Due     *string           `json:"due" format:"date-time" doc:"the first instant at which deciding is late, null where nothing says by when"`
	Version int64             `json:"version" doc:"of the event that asked"`
	Reason  *string           `json:"reason"`
	With    map[string]string `json:"with" doc:"the fields as they would be"`
	Code    *string           `json:"code" doc:"of a pause"`
	Clock   *string           `json:"clock" doc:"of an extension, and so are units and until"`
	Units   int               `json:"units"`
	Until   *string           `json:"until" format:"date"`
}

func (q *request) askedFor(m *matter.Matter) *asked {
	p := m.Pending
	if p == nil {
		return nil
	}
	a := asked{Act: p.Act, By: q.person(p.By.Person), Unit: q.unit(p.By.Unit), At: moment(p.At), Version: p.Version, Reason: orNull(p.Reason), With: p.With,
		Code: orNull(p.Code), Clock: orNull(p.Clock), Units: p.Units, Until: orNull(p.Until)}
	if c := m.Deciding(); c != nil {
		a.Due = timeOf(c.Due)
	}
	if a.With == nil {
		a.With = map[string]string{}
	}
	return &a
}

type refusal struct {
	Code  string    `json:"code"`
	Words name.Text `json:"words"`
}

type need struct {
	Kind  matter.EvidenceKind `json:"kind" enum:"photo document statement"`
	Min   int                 `json:"min"`
	Words name.Text           `json:"words"`
}

// entry is one event of a matter.
type entry struct {
	Version int64   `json:"version"`
	Seq     int64   `json:"seq" doc:"its place in the log"`
	At      string  `json:"at" format:"date-time"`
	Type    string  `json:"type"`
	Act     *string `json:"act"`
	To      *string `json:"to" doc:"the state that it led to"`
	By      *named  `json:"by"`
	Unit    *named  `json:"unit"`
	Role    string  `json:"role"`
	Reason  *string `json:"reason"`
}

func (s *server) matter(q *request) (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	var v desk.MatterView
	var way desk.Way
	if q.sees() {
		v, err = s.Desk.Matter(q.Context(), q.Who, id)
		way.Expected, way.Step = desk.Expected(v.Def, &v.Matter)
	} else {
		v, way, err = s.Desk.PublicWay(q.Context(), id, false)
	}
	if err != nil {
		return answer{}, err
	}
	full, err := q.matterFull(&v)
	if way.Expected != 0 && v.IsOpen() {
		full.Expected, full.Step = dateOf(calendar.Instant(way.Expected-1).Date()), way.Step
	}
	return answer{body: full, etag: etagOf(v.Version)}, err
}

func (q *request) matterFull(v *desk.MatterView) (matterFull, error) {
	m := matterFull{ID: v.ID, Version: v.Version, Number: orNull(v.Number), Kind: v.Matter.Kind, Pack: v.Pack, Title: v.Title(), State: v.State,
		Words: q.stateWords(v.Matter.Kind, v.State), Phase: v.Phase, Open: v.IsOpen(), Light: orNull(string(v.Light)), Holder: q.hand(v.Holder), Issuer: q.hand(v.Issuer),
		Fields: v.Fields, Personal: []string{}, Evidence: []evidence{}, Clocks: []clock{}, Links: []link{}, Goals: []goalItem{}, Related: q.matterItems(v.Related),
		Asked: q.askedFor(&v.Matter), Acts: []act{}, History: []entry{}, Opened: timeOf(v.Opened), Closed: timeOf(v.Closed)}
	if m.Fields == nil {
		m.Fields = map[string]string{}
	}
	for _, f := range v.Def.Fields {
		if v.Matter.Personal[f.Key] != "" { // empty: it was erased
			m.Personal = append(m.Personal, f.Key)
		}
	}
	for _, e := range v.Evidence {
		m.Evidence = append(m.Evidence, evidence{e.Kind, orNull(e.Name), orNull(e.File), orNull(e.Text), captureOf(&e.Capture)})
	}
	for _, c := range v.Clocks {
		m.Clocks = append(m.Clocks, clockOf(&c))
	}
	for _, l := range v.Links {
		to := &l.To
		if l.Kind != matter.Fulfils {
			var err error
			if to, err = q.readable(l.To); err != nil {
				return m, err
			}
		}
		if to != nil { // one that may not be read is not named
			m.Links = append(m.Links, link{l.Kind, *to})
		}
	}
	for i := range v.Goals {
		m.Goals = append(m.Goals, q.goalItem(&v.Goals[i]))
	}
	for _, e := range v.History {
		m.History = append(m.History, q.entry(&e))
	}
	for _, a := range v.Acts {
		view, err := q.actOf(v, &a)
		if err != nil {
			return m, err
		}
		m.Acts = append(m.Acts, view)
	}
	return m, nil
}

func (q *request) hand(h matter.Hand) hand { return hand{q.unit(h.Unit), q.person(h.Person)} }

func clockOf(c *desk.ClockView) clock {
	return clock{Key: c.Key, Words: c.Words(), Stage: orNull(c.Stage), Light: orNull(string(c.Light)), Standing: c.Standing, Due: moment(c.Due), DueDate: c.DueDate.String(), Stopped: timeOf(c.Stopped),
		Paused: c.IsPaused(), Provisional: c.Provisional, Decision: c.Decision, Derivation: append([]name.Text{}, c.Derivation...)}
}

func (q *request) entry(e *desk.Entry) entry {
	return entry{Version: e.Version, Seq: e.Seq, At: moment(e.At), Type: e.Type, Act: orNull(e.Change.Act), To: orNull(e.Change.To),
		By: q.person(e.Actor.Person), Unit: q.unit(e.Actor.Unit), Role: string(e.Actor.Role), Reason: orNull(e.Reason)}
}

func (q *request) actOf(v *desk.MatterView, a *desk.ActView) (act, error) {
	form, err := q.s.form(v.Def, a.Act.Key)
	out := act{Act: a.Act.Key, Verb: a.Act.Verb, Title: a.Act.Words, Allowed: a.Refused == nil, Form: form, Evidence: needsOf(a.Act),
		Href: Base + "/matters/" + string(v.ID) + "/acts/" + a.Act.Key}
	if !a.Act.Help.IsZero() {
		out.Help = &a.Act.Help
	}
	if a.Refused != nil {
		out.Why = &refusal{a.Refused.Code, name.Text{ZH: words.Of(a.Refused, "zh"), EN: words.Of(a.Refused, "en")}}
	}
	return out, err
}

func needsOf(a *matter.Act) []need {
	all := make([]need, 0, len(a.Evidence))
	for _, n := range a.Evidence {
		all = append(all, need{n.Kind, n.Min, n.Words})
	}
	return all
}

// schema is a JSON Schema as it was generated elsewhere.
type schema json.RawMessage

// MarshalJSON returns the schema as it is.
func (s schema) MarshalJSON() ([]byte, error) { return s, nil }

// form returns the JSON Schema of an act's inputs, worked out once for each version of its kind.
func (s *server) form(k *matter.Kind, called string) (schema, error) {
	key := k.Ref + "\x00" + k.Version + "\x00" + called
	if f, ok := s.forms.Load(key); ok {
		return f.(schema), nil
	}
	b, ok := s.Form(k, called)
	if !ok {
		return schema("{}"), nil
	}
	var tight bytes.Buffer
	if err := json.Compact(&tight, withData(b)); err != nil {
		return nil, err
	}
	s.forms.Store(key, schema(tight.Bytes()))
	return tight.Bytes(), nil
}

// withData lets a piece of evidence also bring its file: in Base64, or as a part of the form that file names.
func withData(form []byte) []byte {
	var whole map[string]any
	if json.Unmarshal(form, &whole) != nil {
		return form
	}
	at, ok := any(whole), true
	for _, key := range []string{"properties", "evidence", "items", "properties"} {
		var m map[string]any
		if m, ok = at.(map[string]any); !ok {
			return form
		}
		at = m[key]
	}
	properties, ok := at.(map[string]any)
	if !ok {
		return form
	}
	properties["data"] = map[string]any{"type": "string", "contentEncoding": "base64"}
	properties["file"] = map[string]any{"type": "string", "maxLength": 200}
	b, err := json.Marshal(whole)
	if err != nil {
		return form
	}
	return b
}
