package accounts

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// This file is how an account is found by whose it is: the directory knows names and units, the log knows neither.

// Bounds of a page of what was found.
const (
	onPage     = 50
	mostLogins = 200 // accounts that are found by part of their login name, besides
)

// foundAt begins the cursor of a page of what was found by name or unit: how many stand before it.
const foundAt = "@"

// find returns a page of the accounts whose login name holds a text, and of those of the persons in whose name, key and unit every word of it stands, in this order; false if no person's does.
// People whom the directory does not know are found by their unit alone.
func (r *Room) find(ctx context.Context, text, cursor string) (all []account.Account, next string, found bool, err error) {
	words := strings.Fields(strings.ToLower(text))
	persons, units := matching(r.Desk.Directory(), words)
	if len(persons)+len(units) == 0 {
		return nil, "", false, nil
	}
	skip := 0
	if at, ok := strings.CutPrefix(cursor, foundAt); ok {
		skip, _ = strconv.Atoi(at)
		skip = max(0, skip)
	}
	seen := map[name.ID]bool{}
	add := func(more []account.Account) {
		for _, a := range more {
			if !seen[a.ID] {
				seen[a.ID] = true
				all = append(all, a)
			}
		}
	}
	q := r.query()
	q.Text, q.Limit = text, mostLogins
	logins, err := r.rows(ctx, q)
	if err != nil {
		return nil, "", true, err
	}
	sortByLogin(logins)
	add(logins)
	for _, p := range persons {
		if len(all) > skip+onPage {
			break
		}
		theirs, err := r.Of(ctx, p)
		if err != nil {
			return nil, "", true, err
		}
		add(theirs)
	}
	if len(units) > 0 && len(all) <= skip+onPage {
		q := r.query()
		q.Units, q.Limit = units, mostLogins
		there, err := r.rows(ctx, q)
		if err != nil {
			return nil, "", true, err
		}
		add(slices.DeleteFunc(there, func(a account.Account) bool { return r.Desk.Directory().Person(a.Person).Unit != "" })) // who is known is where the directory has them now
	}
	all = all[min(skip, len(all)):]
	if len(all) > onPage {
		all, next = all[:onPage], foundAt+strconv.Itoa(skip+onPage)
	}
	return all, next, true, nil
}

// matching returns the persons, unit after unit, in whose key, name and unit every word stands, and the units in whose names every word does.
func matching(dir *desk.Directory, words []string) (persons []name.Person, units []name.Unit) {
	if len(words) == 0 {
		return nil, nil
	}
	holds := func(text ...string) bool {
		all := strings.ToLower(strings.Join(text, "\n"))
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
	}
	of := map[name.Unit][]name.Person{}
	for _, p := range dir.Persons {
		u := dir.Unit(p.Unit)
		if holds(string(p.Key), p.Words.ZH, p.Words.EN, u.Words.ZH, u.Words.EN, u.Short.ZH, u.Short.EN) {
			of[p.Unit] = append(of[p.Unit], p.Key)
		}
	}
	for _, u := range dir.Units {
		persons = append(persons, of[u.Key]...)
		if holds(u.Words.ZH, u.Words.EN, u.Short.ZH, u.Short.EN) {
			units = append(units, u.Key)
		}
	}
	return persons, units
}
