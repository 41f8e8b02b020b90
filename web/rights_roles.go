package web

import (
	"net/http"
	"slices"
	"strings"

	"bihuan/desk/accounts"
	"bihuan/desk/rights"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// rolesView is the page on which roles are proposed, granted, reviewed and revoked.
type rolesView struct {
	rights.Administration
	Roles    []access.RoleRow // that can be granted
	Acts     []access.TogetherRow
	Proposes bool
	Begins   bool // and only the first role
	Revokes  bool
	Reviews  bool
	Mixed    []accounts.Mixed // administrators who hold another role besides
	Find     string
	Flaw     string
	acts     map[string]name.Text
}

// IsOfficer reports whether a role is one of the three administrators', which is not revoked here.
func (rolesView) IsOfficer(role name.Role) bool { return slices.Contains(accounts.Officers, role) }

// Act returns the words of a dangerous act.
func (v rolesView) Act(key string) name.Text { return v.acts[key] }

// dangers are the words of the dangerous acts.
func (s *server) dangers() map[string]name.Text {
	all := map[string]name.Text{}
	for _, row := range s.Desk.Policy().Together() {
		all[row.Act] = row.Words
	}
	return all
}

// adminRoles shows who has which roles and what waits for a decision.
func (s *server) adminRoles(q *request) error { return s.renderRoles(q, nil) }

func (s *server) renderRoles(q *request, flaw error) error {
	a, err := s.Rights.Administration(q.Who, strings.TrimSpace(q.FormValue("find")))
	if err != nil {
		return err
	}
	v := rolesView{Administration: a, Find: strings.TrimSpace(q.FormValue("find")), Proposes: s.Rights.Proposes(q.Who),
		Revokes: s.Desk.Holds(q.Who, access.RoleRevoke, access.Person), Reviews: s.Desk.Holds(q.Who, access.RoleReview, access.Person), acts: s.dangers()}
	v.Begins = s.Rights.Begins(q.Who)
	if s.Accounts != nil && v.Reviews { // for who reviews roles: the security administrator and the auditor
		if v.Mixed, err = s.Accounts.Mixed(q.Context()); err != nil {
			return err
		}
	}
	for _, row := range s.Rights.Proposable(q.Who) {
		if row.Role != "sensor" {
			v.Roles = append(v.Roles, row)
		}
	}
	for _, row := range s.Desk.Policy().Together() {
		if d, _ := access.Lookup(row.Propose); row.Act != rights.GrantAct && s.Rights.IsCarried(row.Act) && s.Desk.Holds(q.Who, row.Propose, d.On[0]) {
			v.Acts = append(v.Acts, row)
		}
	}
	status := http.StatusOK
	if flaw != nil {
		v.Flaw, status = words.Of(flaw, q.Lang), statusOf(flaw)
	}
	return q.render(status, "rights_roles", v)
}

// againRoles answers a form of the page of roles.
func (s *server) againRoles(q *request, err error) error {
	return q.after(err, "/admin/roles", s.renderRoles)
}

// proposeRole proposes a role for somebody, or another dangerous act.
func (s *server) proposeRole(q *request) error {
	o := rights.Order{Act: q.FormValue("act"), For: name.Person(q.FormValue("for")), Role: name.Role(q.FormValue("role")), Why: q.FormValue("why")}
	if v := q.FormValue("ends"); v != "" {
		day, err := calendar.ParseDate(v)
		if err != nil {
			return s.againRoles(q, fault.Refuse(fault.ErrInvalid, "not-a-date", "ends"))
		}
		o.Ends = int64((day + 1).Start())
	}
	_, err := s.Rights.Propose(q.Context(), q.Who, o)
	return s.againRoles(q, err)
}

// decideRole approves or refuses what was proposed.
func (s *server) decideRole(q *request) error {
	id := name.ID(q.PathValue("id"))
	if q.FormValue("do") == "refuse" {
		return s.againRoles(q, s.Rights.RefuseAct(q.Context(), q.Who, id, q.FormValue("why")))
	}
	_, err := s.Rights.Approve(q.Context(), q.Who, id)
	return s.againRoles(q, err)
}

// keepRole renews or revokes a role.
func (s *server) keepRole(q *request) error {
	p, role := name.Person(q.FormValue("person")), name.Role(q.FormValue("role"))
	if q.FormValue("do") == "renew" {
		return s.againRoles(q, s.Rights.Renew(q.Context(), q.Who, p, role))
	}
	return s.againRoles(q, s.Rights.Revoke(q.Context(), q.Who, p, role, q.FormValue("why")))
}

// reviewPosts says that people still need the roles of their posts.
func (s *server) reviewPosts(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	var persons []name.Person
	for _, p := range q.PostForm["person"] {
		persons = append(persons, name.Person(p))
	}
	return s.againRoles(q, s.Rights.ReviewPosts(q.Context(), q.Who, persons))
}

// decideGlass approves, refuses or ends a broken glass.
func (s *server) decideGlass(q *request) error {
	_, err := s.Rights.StepGlass(q.Context(), q.Who, name.ID(q.PathValue("id")), account.GlassStep(q.FormValue("do")), q.FormValue("why"), "")
	return s.againRoles(q, err)
}
