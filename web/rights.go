package web

import (
	"net/http"
	"net/url"
	"slices"

	"bihuan/desk"
	"bihuan/desk/rights"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// rightsView is the page of what somebody may.
type rightsView struct {
	rights.Mine
	Objects []objectRights
	Acting  bool // for somebody else
	Matter  name.ID
	Today   calendar.Date
	Last    calendar.Date // the longest that one may have somebody act for them
	People  []desk.Person // who could act for the caller
	Flaw    string
	acts    map[string]name.Text
}

// Act returns the words of a dangerous act.
func (v rightsView) Act(key string) name.Text { return v.acts[key] }

// objectRights is what may be done to one type of object.
type objectRights struct {
	Type    access.ObjectType
	Actions []actionRights
}

// actionRights is one thing that may be done, and how far.
type actionRights struct {
	Action access.Action
	Words  name.Text
	Cells  []access.Grant
}

// showRights shows a person what they may, whom they act for and who acts for them.
func (s *server) showRights(q *request) error { return s.renderRights(q, nil) }

func (s *server) renderRights(q *request, flaw error) error {
	v := rightsView{Mine: s.Rights.Mine(q.Who), Acting: q.Who.For != "", Matter: name.ID(q.FormValue("matter")), Today: s.Desk.Today()}
	v.acts = s.dangers()
	if s.Demo == nil { // what only the demo has is nobody's right here
		demo := []access.Action{access.DemoActAs, access.DemoTime, access.DemoTamper}
		v.Grants = slices.DeleteFunc(slices.Clone(v.Grants), func(g access.Grant) bool { return slices.Contains(demo, g.Action) })
	}
	v.Last, v.Objects = v.Today+29, groupRights(v.Grants)
	if !q.Who.IsNobody() && !v.Acting {
		v.People = colleagues(s.Desk.Directory(), q.Who)
	}
	status := http.StatusOK
	if flaw != nil {
		v.Flaw, status = words.Of(flaw, q.Lang), statusOf(flaw)
	}
	return q.render(status, "rights", v)
}

// againRights answers a form of the page of rights.
func (s *server) againRights(q *request, err error) error {
	return q.after(err, "/rights", s.renderRights)
}

// colleagues are everybody else, those of the caller's own unit first.
func colleagues(dir *desk.Directory, who desk.Caller) []desk.Person {
	all := slices.DeleteFunc(slices.Clone(dir.Persons), func(p desk.Person) bool { return p.Key == who.Person })
	slices.SortStableFunc(all, func(a, b desk.Person) int {
		switch {
		case (a.Unit == who.Unit) == (b.Unit == who.Unit):
			return 0
		case a.Unit == who.Unit:
			return -1
		}
		return 1
	})
	return all
}

// groupRights puts the cells of the policy by type of object and by action, each in the order of the policy's documentation.
func groupRights(grants []access.Grant) (all []objectRights) {
	for _, t := range access.ObjectTypes() {
		o := objectRights{Type: t}
		for _, d := range access.Actions() {
			a := actionRights{Action: d.Action, Words: d.Words}
			for _, g := range grants {
				if g.On == t && g.Action == d.Action {
					a.Cells = append(a.Cells, g)
				}
			}
			if len(a.Cells) > 0 {
				o.Actions = append(o.Actions, a)
			}
		}
		if len(o.Actions) > 0 {
			all = append(all, o)
		}
	}
	return all
}

// Role returns the words of a role for a template.
func (q *request) Role(r name.Role) name.Text {
	for _, row := range q.s.Desk.Policy().Roles() {
		if row.Role == r {
			return row.Words
		}
	}
	return name.Text{ZH: string(r), EN: string(r)}
}

// KeepOut returns who keeps out of a matter, for the matter's own page.
func (q *request) KeepOut(id name.ID) []account.Recusal {
	if q.s.Rights == nil {
		return nil
	}
	return q.s.Rights.Recusals(id)
}

// GlassState says how a broken glass stands.
func (q *request) GlassState(g account.Glass) string {
	now, say := q.s.Desk.Now(), func(key string, with ...any) string { return words.Say(q.Lang, "glass."+key, with...) }
	switch {
	case g.Refused != 0:
		return say("refused")
	case g.Reviewed != 0 && g.Finding != "":
		return say("reviewed") + " · " + say("finding") + g.Finding
	case g.Reviewed != 0:
		return say("reviewed")
	case g.InForce(now):
		return say("open", "until", moment(q.Lang, g.Until))
	case g.Opened != 0 && g.Late != 0:
		return say("late")
	case g.Opened != 0:
		return say("to-review", "by", date(q.Lang, calendar.Instant(g.ReviewBy-1).Date()))
	case g.Waits(now):
		return say("waits", "n", len(g.Approved))
	}
	return say("stale")
}

// statusOf returns the status of an error's kind.
func statusOf(err error) int {
	kind := fault.KindOf(err)
	for _, a := range answers {
		if a.kind == kind {
			return a.status
		}
	}
	return http.StatusInternalServerError
}

// delegate has somebody act for the caller.
func (s *server) delegate(q *request) error {
	from, err := calendar.ParseDate(q.FormValue("from"))
	until, err2 := calendar.ParseDate(q.FormValue("until"))
	if err != nil || err2 != nil {
		return s.againRights(q, fault.Refuse(fault.ErrInvalid, "delegation-span", "until", "days", "30"))
	}
	var roles []name.Role
	for _, r := range q.Form["roles"] {
		roles = append(roles, name.Role(r))
	}
	_, err = s.Rights.Give(q.Context(), q.Who, name.Person(q.FormValue("to")), roles, from, until, q.FormValue("why"))
	return s.againRights(q, err)
}

func (s *server) endDelegation(q *request) error {
	return s.againRights(q, s.Rights.EndDelegation(q.Context(), q.Who, name.ID(q.PathValue("id")), q.FormValue("why")))
}

// askGlass asks to break the glass.
func (s *server) askGlass(q *request) error {
	_, err := s.Rights.AskGlass(q.Context(), q.Who, name.Role(q.FormValue("role")), atoi(q.FormValue("hours")), q.FormValue("why"))
	return s.againRights(q, err)
}

func (s *server) closeGlass(q *request) error {
	_, err := s.Rights.StepGlass(q.Context(), q.Who, name.ID(q.PathValue("id")), account.GlassClose, q.FormValue("why"), "")
	return s.againRights(q, err)
}

// recuse has the caller, or somebody of their unit, keep out of a matter.
func (s *server) recuse(q *request) error {
	id, p := name.ID(q.FormValue("matter")), name.Person(q.FormValue("person"))
	if p == "" {
		p = q.Who.Person
	}
	if err := s.Rights.Recuse(q.Context(), q.Who, id, p, q.FormValue("why")); err != nil {
		return s.againRights(q, err)
	}
	return q.redirect("/matters/" + url.PathEscape(string(id)))
}

func (s *server) endRecusal(q *request) error {
	return s.againRights(q, s.Rights.EndRecusal(q.Context(), q.Who, name.ID(q.PathValue("id")), q.FormValue("why")))
}
