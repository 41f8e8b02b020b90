package main

import (
	"context"
	"encoding/json"
	"fmt"
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

// answerMixed serves the doctor of the same machine.
func (h *house) answerMixed(w http.ResponseWriter, r *http.Request) {
	all, err := h.people.Mixed(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(all)
}
