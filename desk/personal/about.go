package personal

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// About is what the platform holds about one matter of a person, for that person.
type About struct {
	Matter     name.ID   `json:"id"`
	Number     string    `json:"number"`
	Kind       name.Text `json:"kind"`
	State      name.Text `json:"state"`
	Open       bool      `json:"open"`
	Opened     int64     `json:"opened"` // µs
	Closed     int64     `json:"closed,omitempty"`
	Said       []Said    `json:"said"`   // what the person wrote or chose
	Files      []File    `json:"files"`  // what the person sent
	Values     []Value   `json:"values"` // of class S and H
	Looks      []Seen    `json:"looks"`
	Requests   []Request `json:"requests"`
	Held       []HeldBy  `json:"holds"`
	Restricted bool      `json:"restricted"`
	kind       *matter.Kind
}

// Said is a field that the person filled in.
type Said struct {
	Field *field.Field `json:"-"`
	Key   string       `json:"field"`
	Words name.Text    `json:"words"`
	Value string       `json:"value"`
	At    int64        `json:"at"`
}

// File is an upload of the person.
type File struct {
	Name string `json:"name"`
	Hash string `json:"sm3"`
}

// Value is a personal value with the rule by which it is kept.
type Value struct {
	Field   string    `json:"field"`
	Words   name.Text `json:"words"`
	Value   string    `json:"value"` // masked, unless the person proved who they are
	Class   string    `json:"class"`
	Rule    name.Text `json:"kept-by"`
	Source  name.Text `json:"source"`
	Until   int64     `json:"kept-until,omitempty"` // µs, 0 while the matter is under way
	Against *Against  `json:"against-erasing,omitempty"`
}

// Seen is that somebody looked at the personal values.
type Seen struct {
	At     int64        `json:"at"`
	Unit   name.Unit    `json:"unit"`
	Why    desk.Purpose `json:"purpose"`
	Reason string       `json:"reason,omitempty"`
	Fields []string     `json:"fields"`
}

// Request is what the person asked about their data, and what came of it.
type Request struct {
	Number string    `json:"number"`
	What   name.Text `json:"what"`
	State  name.Text `json:"state"`
	Ground string    `json:"answer,omitempty"`
	At     int64     `json:"at"`
	Due    int64     `json:"due,omitempty"`
}

// HeldBy is a hold as the person reads it.
type HeldBy struct {
	Article string `json:"article"`
	At      int64  `json:"at"`
}

// About returns what is held about a matter. The face has seen to it that whoever asks is the person: by the receipt, or signed in. Values are masked
// unless clear, for who proved more than that: see [Room.Proves].
func (r *Room) About(ctx context.Context, id name.ID, clear bool) (a About, err error) {
	v, err := r.desk.Reported(ctx, id)
	if err != nil {
		return a, err
	}
	a = About{Matter: id, Number: v.Number, Kind: v.Def.Words, Open: v.IsOpen(), Opened: v.Opened, Closed: v.Closed, kind: v.Def}
	if st := v.Def.State(v.State); st != nil {
		a.State = desk.PublicWords(st)
	}
	a.said(&v)
	for _, fill := range []func(context.Context, *About, *desk.MatterView, bool) error{r.values, r.looks, r.requests, r.holds} {
		if err := fill(ctx, &a, &v, clear); err != nil {
			return a, err
		}
	}
	return a, nil
}

// said collects what the opening and the person's own later acts brought.
func (a *About) said(v *desk.MatterView) {
	if len(v.History) == 0 {
		return
	}
	opener := v.History[0].Actor.Person
	for i := range v.History {
		e := &v.History[i]
		if i > 0 && e.Actor.Person != opener && e.Actor.Person != name.Visitor.Person {
			continue
		}
		for j := range a.kind.Fields {
			f := &a.kind.Fields[j]
			if value := e.Change.Fields[f.Key]; value != "" && !f.Class.IsPersonal() {
				a.Said = append(a.Said, Said{f, f.Key, f.Words, value, e.At})
			}
		}
		for _, ev := range e.Change.Evidence {
			if ev.File != "" {
				a.Files = append(a.Files, File{ev.Name, ev.File})
			}
		}
	}
}

func (r *Room) values(ctx context.Context, a *About, v *desk.MatterView, clear bool) error {
	s, against, err := r.Standing(ctx, a.Matter)
	if err != nil {
		return err
	}
	masked, err := r.desk.MaskedOf(ctx, &v.Matter)
	if err != nil {
		return err
	}
	held := map[string]string{}
	if clear {
		if held, err = r.desk.Held(ctx, a.Matter); err != nil {
			return err
		}
	}
	for _, m := range masked {
		if m.Shown == "" {
			continue // erased
		}
		rule, until := r.Rule(&s, m.Field.Key)
		one := Value{Field: m.Field.Key, Words: m.Field.Words, Value: m.Shown, Class: s.Fields[m.Field.Key].Class, Rule: rule.Words, Source: rule.Source, Until: until}
		if clear {
			one.Value = held[m.Field.Key]
		}
		if i := slices.IndexFunc(against, func(g Against) bool { return g.Field == m.Field.Key }); i >= 0 {
			one.Against = &against[i]
		}
		a.Values = append(a.Values, one)
	}
	for _, o := range desk.Originals(&v.Matter) {
		rule, until := r.Rule(&s, o.Key)
		one := Value{Field: o.Key, Words: OriginalWords(o.Key), Value: o.Name, Class: s.Fields[o.Key].Class, Rule: rule.Words, Source: rule.Source, Until: until}
		if i := slices.IndexFunc(against, func(g Against) bool { return g.Field == o.Key }); i >= 0 {
			one.Against = &against[i]
		}
		a.Values = append(a.Values, one)
	}
	return nil
}

// OriginalWords names a sealed original for people, by the name of its value.
func OriginalWords(key string) name.Text {
	_, nr, _ := strings.Cut(key, "-")
	return name.Text{ZH: "照片原件（封存）第" + nr + "张", EN: "Sealed original of photo " + nr}
}

func (r *Room) looks(ctx context.Context, a *About, _ *desk.MatterView, _ bool) error {
	all, err := r.desk.LooksOf(ctx, a.Matter)
	for _, l := range all {
		a.Looks = append(a.Looks, Seen{l.At, l.Unit, l.Why, l.Reason, l.Fields})
	}
	return err
}

func (r *Room) holds(ctx context.Context, a *About, _ *desk.MatterView, _ bool) error {
	all, err := r.held(ctx, a.Matter)
	for _, h := range all {
		a.Held = append(a.Held, HeldBy{h.Article, h.At})
	}
	if err == nil {
		a.Restricted, err = r.desk.IsRestricted(ctx, a.Matter)
	}
	return err
}

// RequestKind is the kind of the matters by which somebody asks about the data that is held of them.
const RequestKind = "rights/request"

func (r *Room) requests(ctx context.Context, a *About, _ *desk.MatterView, _ bool) (err error) {
	a.Requests, err = r.Asked(ctx, string(a.Matter))
	return err
}

// Asked returns the requests about a record, newest first, at most 50.
func (r *Room) Asked(ctx context.Context, subject string) (all []Request, err error) {
	k, ok := r.desk.Packs().Kind(RequestKind)
	if !ok {
		return nil, nil
	}
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Matter, Kinds: []string{RequestKind},
		Facets: []journal.Facet{{Name: "subject", Text: subject}}, Order: journal.ByOpened, Limit: 50})
	if err != nil {
		return nil, err
	}
	for i := range page.Rows {
		v, err := r.desk.Reported(ctx, page.Rows[i].Stream)
		if err != nil {
			return nil, err
		}
		q := Request{Number: v.Number, Ground: v.Fields["ground"], At: v.Opened, Due: page.Rows[i].Due}
		if f := field.Find(k.Fields, "what"); f != nil {
			o, _ := f.Option(v.Fields["what"])
			q.What = o.Words
		}
		if st := k.State(v.State); st != nil {
			q.State = desk.PublicWords(st)
		}
		all = append(all, q)
	}
	return all, nil
}

// Wish is what somebody asks about the data that is held of them.
type Wish struct {
	Command string
	What    string // copy, correct, erase, restrict, withdraw, explain
	Subject string // the id of the matter, or the key of the person
	About   string // its number, for people
	Asker   string
	Phone   string
	Text    string
}

// Ask opens the matter of a request and returns its number. The same command again opens none.
func (r *Room) Ask(ctx context.Context, w Wish) (number string, err error) {
	k, ok := r.desk.Packs().Kind(RequestKind)
	if !ok {
		return "", fmt.Errorf("kind %s: %w", RequestKind, fault.ErrUnavailable)
	}
	f := field.Find(k.Fields, "what")
	o, ok := f.Option(w.What)
	if !ok {
		return "", fault.Refuse(fault.ErrInvalid, "no-such-option", "what", "field", "what", "value", w.What)
	}
	if w.Text, err = said("wish", w.Text); err != nil {
		return "", err
	}
	with := map[string]string{"title": strings.TrimSpace(o.Words.ZH + " " + w.About), "what": w.What, "about": w.About, "subject": w.Subject, "asker": w.Asker, "phone": w.Phone, "wish": w.Text}
	for key, v := range with {
		if v == "" {
			delete(with, key)
		}
	}
	done, err := r.desk.Report(ctx, desk.Nobody, &pack.Door{Of: RequestKind, Act: "ask"}, desk.Do{Command: w.Command, With: with})
	if err != nil {
		return "", err
	}
	if done.Number == "" { // the same form again
		v, err := r.desk.Reported(ctx, done.Matter)
		return v.Number, err
	}
	return done.Number, nil
}

// Proves reports whether what somebody typed is one of the values that are held of a matter: who has the receipt and knows the number or the
// name that was left with it is taken for the person. A value that is shorter than four characters proves nothing but a whole name.
func (r *Room) Proves(ctx context.Context, id name.ID, typed string) (bool, error) {
	held, err := r.desk.Held(ctx, id)
	if err != nil {
		return false, err
	}
	form := func(s string) string {
		return strings.ToLower(strings.Join(strings.Fields(strings.NewReplacer("-", "", "+86", "").Replace(s)), ""))
	}
	if form(typed) == "" {
		return false, nil
	}
	for key, v := range held {
		if !matter.IsOriginal(key) && form(v) == form(typed) {
			return true, nil
		}
	}
	return false, nil
}

// Staff is what the directory holds about somebody who works here.
type Staff struct {
	Person name.Person `json:"key"`
	Name   name.Text   `json:"name"`
	Unit   name.Text   `json:"unit"`
	Roles  []name.Role `json:"roles"`
}

// Mine is what is held about somebody who is signed in.
type Mine struct {
	At       int64          `json:"at"`
	Staff    *Staff         `json:"staff,omitempty"`
	Matters  []About        `json:"matters"`  // that they reported while they were signed in
	Looks    []desk.LookRow `json:"my-looks"` // their own, at other persons' data
	Requests []Request      `json:"requests"`
}

// mostMine is how many matters a person's own page shows.
const mostMine = 100

// Mine returns what is held about who is signed in. Values are masked unless clear: the session is asked for a fresh proof before.
func (r *Room) Mine(ctx context.Context, who desk.Caller, clear bool) (m Mine, err error) {
	if who.IsNobody() {
		return m, fault.Refuse(fault.ErrDenied, "denied", "")
	}
	m.At = r.desk.Now()
	dir := r.desk.Directory()
	if p := dir.Person(who.Person); p.Unit != "" {
		m.Staff = &Staff{Person: who.Person, Name: p.Words, Unit: dir.Unit(p.Unit).Words, Roles: who.Roles}
	}
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: m.At, Scope: journal.Scope{Took: []name.Person{who.Person}, Persons: []name.Person{who.Person}}, Noun: ledger.Matter,
		Order: journal.ByOpened, Limit: mostMine})
	if err != nil {
		return m, err
	}
	for i := range page.Rows {
		events, err := r.store.Events(ctx, page.Rows[i].Stream, 0)
		if err != nil {
			return m, err
		}
		if len(events) == 0 || events[0].Actor.Person != who.Person || !isOwn(&events[0]) {
			continue
		}
		a, err := r.About(ctx, page.Rows[i].Stream, clear)
		if err != nil {
			return m, err
		}
		m.Matters = append(m.Matters, a)
	}
	if m.Looks, err = r.desk.LooksBy(ctx, who); err != nil {
		return m, err
	}
	m.Requests, err = r.Asked(ctx, string(who.Person))
	return m, err
}

// isOwn reports whether somebody opened a matter for themselves: at a door, and not in the role of an office.
func isOwn(e *ledger.Event) bool {
	return e.Actor.Role == "public" || e.Actor.Role == "resident" || e.Actor.Role == "agent"
}

// Export is what somebody takes away: JSON, indented.
func Export(v any) ([]byte, error) { return json.MarshalIndent(v, "", "  ") }
