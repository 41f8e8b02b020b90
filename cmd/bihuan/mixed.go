package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"

	"bihuan/desk/accounts"
)

// remindMixed tells the log which administrators hold another role besides, which has no effect.
func (h *house) remindMixed(ctx context.Context) error {
	all, err := h.people.Mixed(ctx)
	for _, m := range all {
		h.log.Warn("an administrator holds another role besides, which is without effect: revoke one or the other on /admin/roles", "administrator", m.Person, "role", m.Role, "account", m.Other, "besides", m.Beside)
	}
	return err
}

// mixedProbes say whether the administrators do nothing but that, for the doctor.
func mixedProbes(all []accounts.Mixed, err error) (probes []probe) {
	const what = "administrators hold no other role"
	if err != nil || len(all) == 0 {
		return []probe{{what, err}}
	}
	for _, m := range all {
		probes = append(probes, probe{what, fmt.Errorf("%s is %s and, as %s, %s: the other role is without effect, revoke one on /admin/roles", m.Person, m.Role, m.Other, m.Beside)})
	}
	return probes
}

// askMixed asks the process that serves a database.
func askMixed(ctx context.Context, database string) []probe {
	var all []accounts.Mixed
	err := ask(ctx, database, "/mixed", &all)
	return mixedProbes(all, err)
}

// accountsProbes are the doctor's look at the accounts of a house that nobody serves: whether their key is there and opens what is kept, and who holds a role beside an
// administrator's. It writes nothing down, and makes no key.
func (h *house) accountsProbes(ctx context.Context) []probe {
	what := "key of accounts " + h.config.accountsKey()
	k, err := readAccountsKeys(h.config.accountsKey())
	if errors.Is(err, fs.ErrNotExist) {
		if err = h.needsNoAccountsKey(ctx); err == nil {
			return mixedProbes(nil, nil)
		}
	}
	if err != nil {
		return []probe{{what, err}}
	}
	h.people, err = accounts.New(accounts.Config{Desk: h.desk, Store: h.store, Policy: h.world.Policy, Chance: systemChance, Keys: k.keys})
	if err != nil {
		return []probe{{what, err}}
	}
	h.rights.Know(accounts.Standing{Room: h.people})
	return append([]probe{{what, h.people.Fits(ctx)}}, mixedProbes(h.people.Mixed(ctx))...)
}

// answerMixed serves the doctor of the same machine.
func (h *house) answerMixed(w http.ResponseWriter, r *http.Request) {
	all, err := h.people.Mixed(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(all)
}
