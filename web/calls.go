package web

import (
	"cmp"
	"net/url"
	"strings"

	"bihuan/desk"
	"bihuan/desk/hints"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// callKind is the kind of the hotline's calls.
const callKind = "hotline/call"

// callsView is the hotline operator's page: a call being taken, or one that waits for the operator, beside what is known of it.
type callsView struct {
	Form    callForm
	Kind    *matter.Kind
	Call    *desk.MatterView // nil while a call is being taken
	Mode    string           // "new", "sort": to be sent on, "back": to be called back, "look": nothing to do here
	Hints   callHints
	Sought  bool // earlier calls were looked for
	Earlier []workRow
	Masked  map[string]string // personal values as they are shown without a purpose
	Shown   map[string]string // personal values that were revealed just now
	Looks   []desk.Look
	Sort    []workRow // calls to be sent on
	Back    []workRow // calls to be called back
	Done    string
	DoneOf  *journal.Row
	Flaw    flaw
}

// callForm is a call as it is being written down.
type callForm struct {
	Command, Phone, Caller, Secret            string
	Text, Title, Demand, Class, Area, Address string
	Unit, Why, Standard, Answer               string
	Rating, Note                              string
	Version                                   string
	Pieces                                    []callPiece
	unitWas, whyWas                           string // what was proposed when the form was shown
}

// callPiece is one demand of a call that holds several.
type callPiece struct{ One, Said string }

// callHints is what the words of a call may mean.
type callHints struct {
	Classes []hints.Class
	Other   bool         // the chosen class is none of the proposed
	All     []desk.Named // every class
	Areas   []desk.Named
	Unit    hints.Unit
	Way     hints.Way
	Answers []hints.Answer
	Pieces  []callPiece // empty for a call with one demand
}

// How many proposals the page shows.
const (
	mostClasses = 4
	mostAnswers = 3
	mostWaiting = 30 // rows of each list of calls that wait
)

// mostPieces is how many demands one call is split into.
const mostPieces = 20

func callFormOf(v url.Values) callForm {
	get := func(key string) string { return strings.TrimSpace(v.Get(key)) }
	f := callForm{Command: get("command"), Phone: get("phone"), Caller: get("caller"), Secret: get("secret"), Text: get("text"), Title: get("title"), Demand: get("demand"),
		Class: cmp.Or(get("class-other"), get("class")), unitWas: get("unit-was"), whyWas: get("why-was"), Area: get("area"), Address: get("address"), Unit: get("unit"), Why: get("why-unit"), Standard: get("standard"), Answer: get("answer"),
		Rating: get("rating"), Note: get("note"), Version: get("version")}
	if f.Class == get("class-was") && get("class") != "" {
		f.Class = get("class") // the list stands where it stood: a proposal was chosen instead
	}
	for i := 0; i < mostPieces && v.Has("d."+itoa(i)+".said"); i++ {
		if p := (callPiece{get("d." + itoa(i) + ".one"), get("d." + itoa(i) + ".said")}); p.One != "" {
			f.Pieces = append(f.Pieces, p)
		}
	}
	return f
}

// mayCall refuses whoever takes no calls.
func (s *server) mayCall(q *request) error {
	for _, o := range s.Desk.Openings(q.Who) {
		if o.Kind.Ref == callKind {
			return nil
		}
	}
	return denied(q.Who)
}

// showCalls shows the empty form with the calls that wait.
func (s *server) showCalls(q *request) error {
	if err := s.mayCall(q); err != nil {
		return err
	}
	v := callsView{Mode: "new"}
	if id := name.ID(q.Asked("done")); id != "" {
		if m, err := s.Desk.Matter(q.Context(), q.Who, id); err == nil {
			v.DoneOf = &journal.Row{Stream: id, Number: m.Number, Title: m.Title()}
			v.Done = q.Says("calls.done-" + knownWay(q.Asked("act")))
		}
	}
	return s.renderCalls(q, 200, &v)
}

// knownWay keeps an address from choosing a key of the catalogue.
func knownWay(act string) string {
	for _, k := range []string{"take", "tell", "send", "to-urban", "to-grid", "split", "back", "redo", "unreached"} {
		if act == k {
			return k
		}
	}
	return "take"
}

// renderCalls fills in what the page shows in any case.
func (s *server) renderCalls(q *request, status int, v *callsView) (err error) {
	k, ok := s.Desk.Packs().Kind(callKind)
	if !ok {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	v.Kind = k
	if v.Form.Command == "" {
		v.Form.Command = q.Command()
	}
	if v.Hints, err = s.callHints(q, &v.Form); err != nil {
		return err
	}
	if v.Sort, err = s.waitingCalls(q, "taken", "returned"); err != nil {
		return err
	}
	if v.Back, err = s.waitingCalls(q, "replied"); err != nil {
		return err
	}
	if v.Call != nil {
		if v.Looks, err = s.Desk.Looks(q.Context(), q.Who, v.Call.ID); err != nil {
			return err
		}
		if v.Masked, err = s.masked(q, &v.Call.Matter); err != nil {
			return err
		}
	}
	return q.render(status, "calls", v)
}

// waitingCalls are the calls of the caller's unit in some states, the nearest to their time first.
func (s *server) waitingCalls(q *request, states ...string) (all []workRow, err error) {
	page, err := s.Desk.Worklist(q.Context(), q.Who, journal.Query{Kinds: []string{callKind}, States: states, Units: []name.Unit{q.Who.Unit}, Order: journal.ByDue, Limit: mostWaiting})
	for _, r := range page.Rows {
		all = append(all, q.workRow(r))
	}
	return all, err
}

// callHints works out what the words of a call may mean. A class that is clearly the likeliest is chosen unless somebody
// chose; it stands on the form, and nothing is filed before somebody says so.
func (s *server) callHints(q *request, f *callForm) (h callHints, err error) {
	ctx := q.Context()
	k, _ := s.Desk.Packs().Kind(callKind)
	if fd := field.Find(k.Fields, "class"); fd != nil {
		if h.All, err = s.Desk.RecordChoices(ctx, fd.Register); err != nil {
			return h, err
		}
	}
	for _, st := range s.Desk.Directory().Streets {
		h.Areas = append(h.Areas, desk.Named{Key: st.Code, Words: st.Words})
	}
	if f.Text != "" {
		if h.Classes, err = s.Hints.Classes(ctx, callKind, f.Text, mostClasses); err != nil {
			return h, err
		}
		if h.Answers, err = s.Hints.Answers(ctx, f.Text, mostAnswers); err != nil {
			return h, err
		}
	}
	if f.Class == "" && len(h.Classes) > 0 && h.Classes[0].Share >= clear {
		f.Class = h.Classes[0].Code
	}
	h.Other = f.Class != ""
	for _, c := range h.Classes {
		h.Other = h.Other && c.Code != f.Class
	}
	if h.Unit, err = s.Hints.Unit(ctx, callKind, f.Class, f.Area); err != nil {
		return h, err
	}
	if f.Unit == "" || f.Unit == f.unitWas {
		f.Unit = string(h.Unit.Key)
	}
	if f.Why == "" || f.Why == f.whyWas {
		f.Why = ""
		if h.Unit.Key != "" {
			f.Why = h.Unit.Why.In(q.Lang)
		}
	}
	if h.Way, err = s.Hints.Way(ctx, callKind, f.Class); err != nil {
		return h, err
	}
	if h.Pieces = f.Pieces; len(h.Pieces) == 0 {
		h.Pieces = pieces(f.Text)
	}
	return h, nil
}

// clear is the share from which on a proposed class is chosen beforehand. Ours: of guesses this sure nine in ten are right.
const clear = 0.75

// pieces cuts what was said into its demands; none where there is only one.
func pieces(text string) (all []callPiece) {
	said := hints.Demands(text)
	if len(said) < 2 {
		return nil
	}
	for _, p := range said {
		all = append(all, callPiece{p.Title, p.Text})
	}
	return all
}

// hintCalls answers while somebody types: the part of the page that depends on the words.
func (s *server) hintCalls(q *request) error {
	if err := s.mayCall(q); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v := callsView{Form: callFormOf(q.Form), Mode: "new"}
	v.Form.Pieces = nil // the words have changed: cut them anew
	var err error
	if v.Hints, err = s.callHints(q, &v.Form); err != nil {
		return err
	}
	return q.renderPart("calls", "call-hints", v)
}

// earlierCalls answers with the earlier calls of a number.
func (s *server) earlierCalls(q *request) error {
	if err := s.mayCall(q); err != nil { // nobody else has a caller on the line to look for
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v := callsView{Form: callForm{Phone: strings.TrimSpace(q.FormValue("phone"))}}
	if err := s.seek(q, &v); err != nil {
		return err
	}
	return q.renderPart("calls", "call-earlier", v)
}

// seek looks for earlier calls of the number on the form.
func (s *server) seek(q *request, v *callsView) error {
	if v.Form.Phone == "" {
		return nil
	}
	rows, err := s.Desk.Earlier(q.Context(), q.Who, "phone", v.Form.Phone)
	v.Sought = true
	for _, r := range rows {
		v.Earlier = append(v.Earlier, q.workRow(r))
	}
	return err
}

// takeCall files what was written down, or only looks it over.
func (s *server) takeCall(q *request) error {
	if err := s.mayCall(q); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v := callsView{Form: callFormOf(q.Form), Mode: "new"}
	way := q.FormValue("do")
	if way == "look" || way == "" {
		if err := s.seek(q, &v); err != nil {
			return err
		}
		return s.renderCalls(q, 200, &v)
	}
	steps, err := s.callSteps(q, &v.Form, way)
	if err == nil {
		var done desk.Done
		if done, err = s.Desk.Chain(q.Context(), q.Who, steps...); err == nil {
			return q.redirect("/desk/calls?done=" + string(done.Matter) + "&act=" + url.QueryEscape(way))
		}
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw = f
	return s.renderCalls(q, 422, &v)
}

// callSteps are the acts by which a new call is filed and sent on its way, all at once.
func (s *server) callSteps(q *request, f *callForm, way string) ([]desk.Do, error) {
	if f.Text == "" && f.Title == "" {
		return nil, fault.Refuse(fault.ErrInvalid, "report-empty", "text")
	}
	if f.Title == "" {
		f.Title = hints.Title("", f.Text)
	}
	with := filled("title", f.Title, "demand", f.Demand, "channel", "phone", "text", f.Text, "class", f.Class, "caller", f.Caller, "phone", f.Phone)
	opening := desk.Do{Command: s.Desk.FormCommand(f.Command), Kind: callKind, Act: "take", With: with}
	if way == "tell" {
		if err := s.standard(q, f); err != nil {
			return nil, err
		}
		opening.Act = "tell"
		with["demand"] = cmp.Or(f.Demand, "question")
		put(with, "answer", f.Answer, "standard", f.Standard)
		return []desk.Do{opening, {Act: "tell-close", With: filled("rating", f.Rating)}}, nil
	}
	put(with, "secret", f.Secret, "area", f.Area, "address", f.Address, "street", string(q.streetUnit(f.Area)))
	more, err := s.waySteps(q, f, way)
	return append([]desk.Do{opening}, more...), err
}

// standard takes the words of the chosen standard answer where nobody wrote any.
func (s *server) standard(q *request, f *callForm) error {
	if f.Answer != "" || f.Standard == "" {
		return nil
	}
	records, err := s.Desk.ValidRecords(q.Context(), hints.Answers)
	for _, r := range records {
		if r.Key == f.Standard {
			f.Answer = r.Fields["answer"]
		}
	}
	return err
}

// waySteps are the acts that send a call on its way.
func (s *server) waySteps(q *request, f *callForm, way string) ([]desk.Do, error) {
	switch way {
	case "send":
		return []desk.Do{{Act: "send", With: filled("unit", f.Unit, "why-unit", f.Why, "class", f.Class)}}, nil
	case "to-urban":
		return []desk.Do{{Act: "to-urban", With: filled("class", f.Class, "text", f.Text, "area", f.Area, "address", f.Address)}}, nil
	case "to-grid":
		return []desk.Do{{Act: "to-grid", With: filled("class", f.Class, "text", f.Text, "area", f.Area, "address", f.Address, "street", string(q.streetUnit(f.Area)))}}, nil
	case "split":
		return splitSteps(q, f)
	}
	return nil, nil
}

// splitSteps splits a call into the demands on the form and ends the call itself.
func splitSteps(q *request, f *callForm) ([]desk.Do, error) {
	if len(f.Pieces) == 0 {
		f.Pieces = pieces(f.Text)
	}
	if len(f.Pieces) < 2 {
		return nil, fault.Refuse(fault.ErrInvalid, "one-demand", "text")
	}
	rows := make([][]string, len(f.Pieces))
	for i, p := range f.Pieces {
		rows[i] = []string{p.One, cmp.Or(p.Said, p.One)}
	}
	table, err := inJSON(rows)
	return []desk.Do{{Act: "split", With: filled("demands", table)}, {Act: "split-end", Reason: q.Says("calls.split-reason", "n", len(rows))}}, err
}

// streetUnit is the office of a street by its code, empty for none.
func (q *request) streetUnit(area string) name.Unit {
	for _, st := range q.s.Desk.Directory().Streets {
		if area != "" && st.Code == area {
			return st.Unit
		}
	}
	return ""
}

// filled makes a form of names and values without those that are empty.
func filled(kv ...string) map[string]string {
	with := map[string]string{}
	put(with, kv...)
	return with
}

func put(with map[string]string, kv ...string) {
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i+1] != "" {
			with[kv[i]] = kv[i+1]
		}
	}
}
