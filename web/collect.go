package web

import (
	"net/url"
	"slices"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// collectView is what a collector or a grid worker has to do today, on a phone.
type collectView struct {
	Mine   []taskRow // named to the caller
	Free   []taskRow // of the caller's unit, named to nobody
	New    []desk.Opening
	Done   string // words of the act that was sent just now
	DoneOf *journal.Row
}

// taskRow is one task with where it is.
type taskRow struct {
	workRow
	Address string
	Class   name.Text
}

// fieldKinds are the kinds of matter that are collected and looked at on the spot.
var fieldKinds = []string{"urban/case", "grid/event"}

// fieldRoles are the roles that do so.
var fieldRoles = []name.Role{"collector", "grid-worker"}

// freeStates are the states in which somebody of the unit may take a task that is named to nobody: to be confirmed, to be
// verified, to be acknowledged.
var freeStates = []string{"to-confirm", "reported", "given"}

// mostTasks is how many tasks each list of the phone shows.
const mostTasks = 50

// mayCollect refuses whoever does not work outside.
func (s *server) mayCollect(q *request) error {
	if slices.ContainsFunc(fieldRoles, q.Who.Has) {
		return nil
	}
	return denied(q.Who)
}

// showTasks is the phone's first page: what to look at, and what can be reported.
func (s *server) showTasks(q *request) error {
	if err := s.mayCollect(q); err != nil {
		return err
	}
	v := collectView{New: s.fieldOpenings(q)}
	yes := true
	ask := journal.Query{Kinds: fieldKinds, Open: &yes, Person: q.Who.Person, Order: journal.ByDue, Limit: mostTasks}
	var err error
	if v.Mine, err = s.tasks(q, ask, false); err != nil {
		return err
	}
	ask.Person, ask.Units, ask.States = "", []name.Unit{q.Who.Unit}, freeStates
	if v.Free, err = s.tasks(q, ask, true); err != nil {
		return err
	}
	if id := name.ID(q.Asked("done")); id != "" {
		if m, err := s.Desk.Matter(q.Context(), q.Who, id); err == nil {
			v.DoneOf = &journal.Row{Stream: id, Number: m.Number, Title: m.Title()}
			if act := m.Def.Act(q.Asked("act")); act != nil {
				v.Done = act.Words.In(q.Lang)
			}
		}
	}
	return q.render(200, "collect", v)
}

// tasks are the rows of a question as tasks; free leaves out those that somebody is named for.
func (s *server) tasks(q *request, ask journal.Query, free bool) (all []taskRow, err error) {
	page, err := s.Desk.Worklist(q.Context(), q.Who, ask)
	for _, r := range page.Rows {
		if free && r.Person != "" {
			continue
		}
		all = append(all, q.taskRow(r))
	}
	return all, err
}

// taskRow adds to a row where it is and what it is about.
func (q *request) taskRow(r journal.Row) taskRow {
	t := taskRow{workRow: q.workRow(r)}
	fields := bodyOf(&r)
	t.Address = fields["address"]
	if t.Kind != nil {
		t.Class = q.recordWords(t.Kind, "class", fields["class"])
	}
	return t
}

// fieldOpenings are the acts by which the caller reports something from outside.
func (s *server) fieldOpenings(q *request) (all []desk.Opening) {
	for _, o := range s.Desk.Openings(q.Who) {
		if slices.Contains(fieldKinds, o.Kind.Ref) && slices.ContainsFunc(o.Act.By, func(p matter.Party) bool { return slices.Contains(fieldRoles, p.Role) }) {
			all = append(all, o)
		}
	}
	return all
}

// collected leads back to the tasks and says what was sent.
func (q *request) collected(id name.ID, act string) error {
	return q.redirect("/collect?done=" + string(id) + "&act=" + url.QueryEscape(act))
}
