package main

import (
	"context"
	"slices"
	"time"

	"bihuan/desk/accounts"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/ground/password"
	"bihuan/web"
)

// sessionSpan is how long a demo's session lives in the demo's own time, which visitors move on by months.
const sessionSpan = 10 * 365 * 24 * time.Hour

// demoPeople lets visitors of a demo be anybody, in sessions that do not end while the clock is moved on. Hashes cost a fifth of
// the usual, so that the demo starts at once.
func demoPeople() accounts.Config {
	span := sessionSpan.Microseconds()
	return accounts.Config{Vouched: true, Cost: password.Cost{Time: 1, Memory: 8 << 10}, Limits: accounts.Limits{Idle: span, Absolute: span, Fresh: span}}
}

// demoPassword is the password of those who can sign in by hand; nothing in a demo is secret.
const demoPassword = "Kx7-lotus-Pier-42"

// furnish makes an account for everybody in the demo's directory, and gives one person of each role a password and an authenticator.
func (h *house) furnish(ctx context.Context) error {
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil {
		return err
	}
	for _, w := range h.showcase() {
		if _, err := h.people.Furnish(ctx, w.Person, demoPassword, demoSeed(w.Person)); err != nil {
			return err
		}
	}
	return nil
}

// demoSeed is the seed of a person's authenticator.
func demoSeed(p name.Person) (s otp.Seed) {
	sum := ledger.SM3.New()
	sum.Write([]byte("bihuan/demo/seed/" + p))
	copy(s[:], sum.Sum(nil))
	return s
}

// showcase is the first person of each role.
func (h *house) showcase() (all []web.Way) {
	for _, row := range h.world.Policy.Roles() {
		for _, p := range h.desk.Directory().Persons {
			if slices.Contains(p.Roles, row.Role) && !slices.ContainsFunc(all, func(w web.Way) bool { return w.Person == p.Key }) {
				all = append(all, web.Way{Role: row.Role, Person: p.Key})
				break
			}
		}
	}
	return all
}

// ways are the persons whom a visitor can sign in as by hand, with what to type now.
func (h *house) ways(now int64) []web.Way {
	all := h.showcase()
	for i := range all {
		all[i].Login, all[i].Password = string(all[i].Person), demoPassword
		all[i].Code = otp.Code(otp.SHA1, demoSeed(all[i].Person), otp.StepAt(now))
	}
	return all
}
