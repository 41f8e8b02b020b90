package web

import (
	"errors"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// mostWhose is how many persons are named who may do what the caller may not.
const mostWhose = 3

// TaskOf says to staff whose task something is that is not theirs: the posts that may do it, and some of the persons who hold them. It
// is empty for whoever holds such a post, since then it is not the post that keeps them from it, and for the public.
func (q *request) TaskOf(action, on string) string {
	if action == "" || q.Who.IsNobody() {
		return ""
	}
	roles := q.rolesFor(access.Action(action), access.ObjectType(on))
	if len(roles) == 0 || slices.ContainsFunc(roles, q.Who.Has) {
		return ""
	}
	var posts, persons []string
	for _, r := range roles {
		posts = append(posts, q.Role(r).In(q.Lang))
	}
	for _, p := range q.s.Desk.StaffWith("", roles...) {
		if len(persons) < mostWhose {
			persons = append(persons, words.Say(q.Lang, "task.person", "person", p.Words.In(q.Lang), "unit", q.Unit(p.Unit).Words.In(q.Lang)))
		}
	}
	and := words.Say(q.Lang, "list.and")
	if len(persons) == 0 {
		return words.Say(q.Lang, "task.posts", "posts", strings.Join(posts, and))
	}
	return words.Say(q.Lang, "task.whose", "posts", strings.Join(posts, and), "persons", strings.Join(persons, and))
}

// actorsOf says whose act it is that is not the caller's part: the posts and persons of the unit that holds the matter, gave it or set it.
func (q *request) actorsOf(m *desk.MatterView, a desk.ActView) string {
	var r *fault.Refusal
	if !errors.As(a.Refused, &r) || r.Code != "not-your-part" {
		return ""
	}
	hands := map[matter.Part]name.Unit{matter.Holder: m.Holder.Unit, matter.Giver: m.Giver.Unit, matter.Issuer: m.Issuer.Unit}
	var posts, persons []string
	for _, by := range a.Act.By {
		if hands[by.Part] == "" {
			continue
		}
		if post := q.Role(by.Role).In(q.Lang); !slices.Contains(posts, post) {
			posts = append(posts, post)
		}
		for _, p := range q.s.Desk.StaffWith(hands[by.Part], by.Role) {
			said := words.Say(q.Lang, "task.person", "person", p.Words.In(q.Lang), "unit", q.Unit(p.Unit).Short.In(q.Lang))
			if len(persons) < mostWhose && !slices.Contains(persons, said) {
				persons = append(persons, said)
			}
		}
	}
	if len(persons) == 0 {
		return ""
	}
	and := words.Say(q.Lang, "list.and")
	return words.Say(q.Lang, "task.whose", "posts", strings.Join(posts, and), "persons", strings.Join(persons, and))
}

// rolesFor are the roles of staff that a grant gives an action on a type of object, in the order of the policy.
func (q *request) rolesFor(a access.Action, on access.ObjectType) (all []name.Role) {
	for _, g := range q.s.Desk.Policy().Grants() {
		if g.Action == a && g.On == on && g.Role != "public" && g.Role != "emergency" && !slices.Contains(all, g.Role) {
			all = append(all, g.Role)
		}
	}
	return all
}
