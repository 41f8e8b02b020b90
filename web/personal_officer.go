package web

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/notices"
	"bihuan/desk/personal"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// officerView is the data officer's page: requests that wait, and one matter's personal data without its values.
type officerView struct {
	Requests []workRow
	Number   string // that was looked for
	Subject  *desk.Subject
	Title    string
	Kind     name.Text
	Lines    []keptLine
	Holds    []personal.Hold
	Limited  bool       // shown to nobody
	Held     []heldLine // that hold the telephone number that was looked for
	Looked   bool
	Done     string
	Flaw     flaw
}

// heldLine is a matter that holds a value that was looked for.
type heldLine struct {
	*desk.Subject
	Called string
	What   name.Text
}

// keptLine is a field that holds a value: by which rule, until when, and what stands against erasing it.
type keptLine struct {
	Key       string
	Words     name.Text
	Class     string
	Rule      name.Text
	Source    name.Text
	Confirmed bool
	Until     int64
	Sealed    bool // an original: it cannot be corrected
	Against   *personal.Against
}

// showOfficer lists the requests that wait, and finds a matter by its number.
func (s *server) showOfficer(q *request) error {
	v := officerView{Number: strings.TrimSpace(q.Asked("number"))}
	if v.Number != "" {
		id, err := s.Persons.Numbered(q.Context(), q.Who, v.Number)
		if err == nil {
			return q.redirect("/personal/" + string(id))
		}
		f, ok := q.flaw(err)
		if !ok {
			return err
		}
		v.Flaw = f
	}
	return s.renderOfficer(q, 200, &v)
}

// findHeld finds every matter that holds somebody's telephone number, or erases what may go of those that were found and chosen. The
// number stands in no address.
func (s *server) findHeld(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	var v officerView
	err := s.findOrErase(q, &v)
	if err != nil {
		f, ok := q.flaw(err)
		if !ok || isProveAgain(err) {
			return err
		}
		v.Flaw = f
		return s.renderOfficer(q, 422, &v)
	}
	return s.renderOfficer(q, 200, &v)
}

func (s *server) findOrErase(q *request, v *officerView) error {
	if q.FormValue("do") == "erase" {
		var ids []name.ID
		for _, id := range q.Form["id"] {
			ids = append(ids, name.ID(id))
		}
		n, err := s.Persons.EraseMany(q.Context(), q.Who, ids)
		if err == nil && n == 0 {
			err = fault.Refuse(fault.ErrConflict, "erased-nothing", "")
		}
		if err == nil {
			v.Done = q.Says("officer.erased-many", "n", n)
		}
		return err
	}
	phone := strings.TrimSpace(q.FormValue("phone"))
	if phone == "" {
		return fault.Refuse(fault.ErrInvalid, "phone-missing", "phone")
	}
	found, err := s.Persons.HoldingPhone(q.Context(), q.Who, phone)
	v.Looked = err == nil
	for i := range found {
		h := heldLine{Subject: &found[i], Called: found[i].Number}
		if k, ok := s.Desk.Packs().Kind(h.Kind); ok {
			h.What = k.Words
		}
		if h.IsOwn() {
			h.Called, h.What = string(h.Person), reachWords
		}
		v.Held = append(v.Held, h)
	}
	return err
}

func (s *server) renderOfficer(q *request, status int, v *officerView) error {
	yes := true
	page, err := s.Desk.Worklist(q.Context(), q.Who, journal.Query{Kinds: []string{personal.RequestKind}, Open: &yes, Order: journal.ByDue, Limit: 100})
	if err != nil {
		return err
	}
	for _, r := range page.Rows {
		v.Requests = append(v.Requests, q.workRow(r))
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "personal_officer", v)
}

// showKept shows what is kept of one matter.
func (s *server) showKept(q *request) error {
	v, err := s.keptOf(q)
	if err != nil {
		return err
	}
	if done := q.Asked("done"); knownDone(done) {
		v.Done = q.Says("officer.done-" + done)
	}
	return s.renderOfficer(q, 200, v)
}

// dones are the acts of the page.
var dones = []string{"erase", "hold", "lift", "correct", "restrict", "unrestrict"}

func knownDone(s string) bool {
	for _, d := range dones {
		if d == s {
			return true
		}
	}
	return false
}

func (s *server) keptOf(q *request) (*officerView, error) {
	id := q.id()
	holds, err := s.Persons.Holds(q.Context(), q.Who, id)
	if err != nil {
		return nil, err
	}
	sub, against, err := s.Persons.Standing(q.Context(), id)
	if err != nil {
		return nil, err
	}
	v := &officerView{Subject: &sub, Holds: holds, Number: sub.Number}
	if sub.IsOwn() {
		v.Number, v.Kind = string(sub.Person), reachWords
		s.keptLine(v, notices.ReachField, reachWords, against)
		return v, nil
	}
	if v.Limited, err = s.Desk.IsRestricted(q.Context(), id); err != nil {
		return nil, err
	}
	k, _ := s.Desk.Packs().Kind(sub.Kind)
	if k != nil {
		v.Kind = k.Words
		for i := range k.Fields {
			s.keptLine(v, k.Fields[i].Key, k.Fields[i].Words, against)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sub.Fields)) {
		if matter.IsOriginal(key) {
			s.keptLine(v, key, personal.OriginalWords(key), against)
		}
	}
	return v, nil
}

// reachWords are what the page calls how somebody who works here wants to be reached.
var reachWords = name.Text{ZH: "消息设置的邮箱、手机号", EN: "Addresses for notices"}

// keptLine adds the line of a field, if it holds something.
func (s *server) keptLine(v *officerView, key string, words name.Text, against []personal.Against) {
	f, ok := v.Subject.Fields[key]
	if !ok {
		return
	}
	rule, until := s.Persons.Rule(v.Subject, key)
	line := keptLine{Key: key, Words: words, Class: f.Class, Rule: rule.Words, Source: rule.Source, Confirmed: rule.Confirmed, Until: until, Sealed: matter.IsOriginal(key)}
	for j := range against {
		if against[j].Field == key {
			line.Against = &against[j]
		}
	}
	v.Lines = append(v.Lines, line)
}

// changeKept erases, holds, corrects or restricts.
func (s *server) changeKept(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	id, do := q.id(), q.FormValue("do")
	err := s.keepDo(q, id, do)
	if err == nil {
		return q.redirect("/personal/" + string(id) + "?done=" + do)
	}
	f, ok := q.flaw(err)
	if !ok || isProveAgain(err) {
		return err
	}
	v, err := s.keptOf(q)
	if err != nil {
		return err
	}
	v.Flaw = f
	return s.renderOfficer(q, 422, v)
}

func (s *server) keepDo(q *request, id name.ID, do string) error {
	ctx := q.Context()
	switch do {
	case "erase":
		e, err := s.Persons.Erase(ctx, q.Who, id, q.Form["field"])
		if err == nil && len(e.Fields) == 0 {
			return fault.Refuse(fault.ErrConflict, "erased-nothing", "")
		}
		return err
	case "hold":
		_, err := s.Persons.Hold(ctx, q.Who, id, q.FormValue("article"), q.FormValue("reason"))
		return err
	case "lift":
		return s.Persons.Lift(ctx, q.Who, name.ID(q.FormValue("hold")), q.FormValue("reason"))
	case "correct":
		return s.Persons.Correct(ctx, q.Who, id, q.FormValue("key"), q.FormValue("value"))
	case "restrict", "unrestrict":
		return s.Persons.Restrict(ctx, q.Who, id, q.FormValue("reason"), do == "restrict")
	}
	return fault.Refuse(fault.ErrInvalid, "act-unknown", "", "act", do)
}

// looksView is the auditor's page of who looked at personal data.
type looksView struct {
	Rows   []desk.LookRow
	Alerts []desk.Alert
	Person string
	From   string
	Until  string
	Next   string
	Done   bool
	Flaw   flaw
}

// showLooks is the auditor's page.
func (s *server) showLooks(q *request) error {
	return s.renderLooks(q, 200, flaw{})
}

func (s *server) renderLooks(q *request, status int, f flaw) (err error) {
	v := looksView{Person: q.Asked("person"), From: q.Asked("from"), Until: q.Asked("until"), Flaw: f, Done: q.Asked("done") == "honey"}
	ask := desk.LookQuery{Person: name.Person(v.Person), Cursor: q.Asked("cursor")}
	if d, err := calendar.ParseDate(v.From); err == nil {
		ask.From = int64(d.Start())
	}
	if d, err := calendar.ParseDate(v.Until); err == nil {
		ask.Until = int64((d + 1).Start())
	}
	if v.Rows, v.Next, err = s.Desk.AllLooks(q.Context(), q.Who, ask); err != nil {
		return err
	}
	if v.Alerts, err = s.Desk.Alerts(q.Context(), q.Who); err != nil {
		return err
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "personal_looks", v)
}

// setHoney marks a matter as a honey record.
func (s *server) setHoney(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	err := s.Desk.SetHoney(q.Context(), q.Who, strings.TrimSpace(q.FormValue("number")))
	if err == nil {
		return q.redirect("/personal/looks?done=honey")
	}
	f, ok := q.flaw(err)
	if !ok || errors.Is(err, fault.ErrDenied) {
		return err
	}
	return s.renderLooks(q, 422, f)
}
