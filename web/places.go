package web

import (
	"slices"

	"bihuan/ground/name"
)

// places are the pages that people of a role work in all day, besides their list.
var places = []struct {
	path  string
	roles []name.Role
}{
	{"/desk/calls", []name.Role{"call-operator"}},
	{"/desk/cases", []name.Role{"operator", "dispatcher"}},
	{"/collect", fieldRoles},
	{"/audit", []name.Role{"auditor"}},
	{"/audit/reads", []name.Role{"sysadmin"}},
	{"/personal", []name.Role{"data-officer"}},
	{"/personal/looks", []name.Role{"auditor"}},
	{"/admin/keys", []name.Role{"sysadmin"}},
	{"/admin/webhooks", []name.Role{"sysadmin"}},
	{"/admin/roles", []name.Role{"secadmin"}},
	{"/admin/places", []name.Role{"secadmin"}},
	{"/admin/firms", []name.Role{"sysadmin", "secadmin"}},
	{"/security", []name.Role{"secadmin", "auditor"}},
}

// firstPages are where the roles begin that do not begin at a place of their own or at the desk.
var firstPages = map[name.Role]string{"leader": "/cockpit", "issuer": "/reports", "publisher": "/goals", "sysadmin": "/admin/accounts", "secadmin": "/admin/roles"}

// firstPage is the page on which the caller begins in a role: the start page if they may open none of their own.
func (q *request) firstPage(role name.Role) string {
	for _, to := range append(append([]string{firstPages[role]}, placesOf(func(r name.Role) bool { return r == role })...), "/desk") {
		if to != "" && q.Opens(to) {
			return to
		}
	}
	return "/"
}

// work is the page on which whoever has just signed in begins, by the first of their roles; residents begin at the start page.
func (q *request) work(secret string) string {
	v, err := q.s.Accounts.Visit(q.Context(), secret, q.Lang)
	if err != nil {
		return "/"
	}
	v.Caller.Zone = q.s.Desk.ZoneOf(q.RemoteAddr)
	as := *q
	as.Who = q.s.Desk.Entitled(v.Caller, "")
	for _, role := range rolesInOrder {
		if as.Who.Has(role) {
			return as.firstPage(role)
		}
	}
	return "/"
}

// Places returns the caller's own among them.
func (q *request) Places() []string { return placesOf(q.Who.Has) }

// placesOf returns those of whoever has the roles that has says.
func placesOf(has func(name.Role) bool) (all []string) {
	for _, p := range places {
		if slices.ContainsFunc(p.roles, has) {
			all = append(all, p.path)
		}
	}
	return all
}
