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
	{"/admin/places", []name.Role{"secadmin"}},
	{"/security", []name.Role{"secadmin", "auditor"}},
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
