package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// personaGroup is the persons of one role.
type personaGroup struct {
	Role    name.Role
	Words   string
	Does    string // what one does in the role
	To      string // where the day of such a person begins
	Persons []persona
	More    int
}

// persona is one person to act as.
type persona struct {
	desk.Person
	UnitWords string
	unitShort string
}

// personsView is the page on which one chooses who one is.
type personsView struct {
	Groups []personaGroup
	Ways   []Way // to sign in by hand
	Text   string
	Back   string
}

// rolesInOrder are the roles as the demo shows them: who steers, who works at the desks and outside, who keeps the house.
var rolesInOrder = []name.Role{"leader", "issuer", "supervisor", "head", "handler", "checker", "call-operator", "operator", "dispatcher", "collector", "grid-worker",
	"statistician", "publisher", "data-officer", "sysadmin", "secadmin", "auditor"}

// mostPersonas is how many persons of a role the page shows; the search finds the others.
const mostPersonas = 6

// showPersons lets one choose who one is, by role.
func (s *server) showPersons(q *request) error {
	v := personsView{Text: strings.TrimSpace(q.FormValue("q")), Back: local(q.FormValue("to"))}
	if s.Demo.Ways != nil {
		v.Ways = s.Demo.Ways()
	}
	persons, err := s.personsByGoals(q)
	if err != nil {
		return err
	}
	for _, role := range rolesInOrder {
		g := personaGroup{Role: role, Words: string(role), Does: q.Says("role." + string(role))}
		if t, ok := s.Desk.Packs().Role(role); ok {
			g.Words = t.In(q.Lang)
		}
		for _, p := range persons {
			shown := persona{p, q.Unit(p.Unit).Words.In(q.Lang), q.unitShort(p.Unit)}
			if !slices.Contains(p.Roles, role) || !shown.speaksOf(v.Text) {
				continue
			}
			if len(g.Persons) == mostPersonas && v.Text == "" {
				g.More++
				continue
			}
			g.Persons = append(g.Persons, shown)
		}
		if len(g.Persons) > 0 {
			g.To = q.beginning(role, g.Persons[0].Key, v.Back)
			v.Groups = append(v.Groups, g)
		}
	}
	return q.render(200, "demo_persons", v)
}

// beginning is the page on which somebody of a role begins: the one that was asked for if they may open it, else their own.
func (q *request) beginning(role name.Role, p name.Person, asked string) string {
	who, ok := q.s.Desk.Directory().Caller(p, q.Lang)
	if !ok {
		return "/"
	}
	as := *q
	as.Who = who
	if asked != "/" && as.Opens(asked) {
		return asked
	}
	return as.firstPage(role)
}

// personsByGoals are all persons, those whose units lead most goals first.
func (s *server) personsByGoals(q *request) ([]desk.Person, error) {
	goals, err := s.Desk.Promises(q.Context(), 0, "")
	if err != nil {
		return nil, err
	}
	leads := map[name.Unit]int{}
	for _, g := range goals {
		leads[g.Lead]++
	}
	persons := slices.Clone(s.Desk.Directory().Persons)
	slices.SortStableFunc(persons, func(a, b desk.Person) int { return leads[b.Unit] - leads[a.Unit] })
	return persons, nil
}

func (p persona) speaksOf(text string) bool {
	in := strings.ToLower(p.Words.ZH + p.Words.EN + p.UnitWords + p.unitShort + p.Post.ZH + p.Post.EN)
	return strings.Contains(in, strings.ToLower(text))
}

// actAs makes a session of the person chosen, as signing in does; nobody leaves.
func (s *server) actAs(q *request) error {
	person := name.Person(q.FormValue("person"))
	if person == "" {
		return errors.Join(q.leave(), q.redirect(local(q.FormValue("to"))))
	}
	if err := q.end(); err != nil {
		return err
	}
	if _, ok := s.Desk.Directory().Caller(person, q.Lang); !ok {
		return fault.Refuse(fault.ErrNotFound, "no-such-person", "person")
	}
	secret, err := s.Demo.ActAs(q.Context(), person)
	if err != nil {
		return err
	}
	q.enter(secret)
	s.endActing(q.w)
	return q.redirect(local(q.FormValue("to")))
}

// pasteReport reads a visitor's report in as the government office does: it makes the session, then it is the office's own import.
func (s *server) pasteReport(q *request) error {
	office, ok := s.anybody(q, "issuer")
	if !ok {
		return fault.Refuse(fault.ErrNotFound, "no-such-person", "")
	}
	secret, err := s.Demo.ActAs(q.Context(), office.Person)
	if err != nil {
		return err
	}
	q.enter(secret)
	q.Who = office
	return s.importReport(q)
}

// stepTime moves the demo's clock on and lets the real scheduler look.
func (s *server) stepTime(q *request) error {
	step := q.FormValue("step")
	if step != "day" && step != "week" && step != "month" {
		return fault.Refuse(fault.ErrInvalid, "no-such-option", "step")
	}
	from := s.Desk.Now()
	rungs, err := s.Demo.Step(q.Context(), step)
	if err != nil {
		return err
	}
	http.SetCookie(q.w, &http.Cookie{Name: "stepped", Value: fmt.Sprintf("%d-%d", rungs, from), Path: "/", MaxAge: 5, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return q.redirect(local(q.FormValue("to")))
}

// step is a step of the clock that was just made: how many rungs of ladders it fired, and from when it led.
type step struct {
	Rungs int
	From  int64 // µs
}

// Stepped returns the step that this page follows, nil for none. Nothing but what is shown hangs on it.
func (q *request) Stepped() *step {
	c, err := q.Cookie("stepped")
	if err != nil {
		return nil
	}
	var st step
	if _, err := fmt.Sscanf(c.Value, "%d-%d", &st.Rungs, &st.From); err != nil || st.Rungs < 0 || st.From <= 0 || st.From > q.s.Desk.Now() {
		return nil
	}
	return &st
}

// cheatView is what came of trying to cheat.
type cheatView struct {
	Goal    goalShown
	Cheated *Cheated
	Was     string
	Now     string
	Took    string
}

// showCheat offers to alter a figure in a copy.
func (s *server) showCheat(q *request) error {
	g, err := s.cheatable(q)
	if err != nil {
		return err
	}
	return q.render(200, "demo_cheat", cheatView{Goal: g})
}

// cheat alters a figure in a copy of the database and shows what verify says of the copy.
func (s *server) cheat(q *request) error {
	g, err := s.cheatable(q)
	if err != nil {
		return err
	}
	c, err := s.Demo.Cheat(q.Context(), g.ID)
	if err != nil {
		return err
	}
	v := cheatView{Goal: g, Cheated: &c, Was: g.altered(c.Was), Now: g.altered(c.Now)}
	return q.render(200, "demo_cheat", v)
}

// altered reads the value out of a record's body, the body itself if there is none.
func (g goalShown) altered(body string) string {
	_, rest, ok := strings.Cut(body, `"value":"`)
	if v, _, ok2 := strings.Cut(rest, `"`); ok && ok2 {
		return quantityOf(v, g.FigureUnit(), g.lang)
	}
	return body
}

// cheatable is the goal asked for, or the first one that has a figure.
func (s *server) cheatable(q *request) (goalShown, error) {
	if id := q.FormValue("goal"); id != "" {
		g, err := s.Desk.Promise(q.Context(), name.ID(id))
		return goalShown{GoalView: g, lang: q.Lang}, err
	}
	all, err := s.Desk.Promises(q.Context(), 0, "")
	if err != nil {
		return goalShown{}, err
	}
	for _, g := range all {
		if g.Reading.Actual.Sign() > 0 && g.Shape == indicator.Accumulate {
			return goalShown{GoalView: g, lang: q.Lang}, nil
		}
	}
	return goalShown{}, fault.Refuse(fault.ErrNotFound, "no-figure-yet", "")
}
