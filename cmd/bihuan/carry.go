package main

import (
	"context"
	"fmt"
	"strings"

	"bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// The dangerous acts that a command carries out, by their keys in the policy. An approval is named by --act, and is taken
// before the command does anything: it carries out one act, once.
const (
	unmaskAct  = "unmask"  // bihuan pack install, of a pack that opens a class of personal values
	keyAct     = "key"     // bihuan keys save, to anywhere but beside the database
	restoreAct = "restore" // bihuan keys load
)

// carried are the acts of commands.
var carried = []string{unmaskAct, keyAct, restoreAct}

// take takes the approval of a dangerous act, and refuses without one. Before the three administrators are there nobody could
// give it, and the machine is in one hand: then none is asked for.
func (h *house) take(ctx context.Context, act string, id string) error {
	if id == "" {
		manned, err := h.isManned(ctx)
		if err != nil || !manned {
			return err
		}
		return fmt.Errorf("this takes two persons: have it proposed and approved on /admin/roles (%s), and name the approval with --act: %w", act, fault.ErrDenied)
	}
	n, err := name.ParseID(strings.TrimSpace(id))
	if err != nil {
		return fmt.Errorf("--act %q: %w", id, err)
	}
	return h.rights.CarryOut(ctx, n, act)
}

// isManned reports whether the three administrators have accounts. It asks the store: a command that serves nothing has no room of
// accounts.
func (h *house) isManned(ctx context.Context) (bool, error) {
	for _, role := range accounts.Officers {
		page, err := h.store.Rows(ctx, journal.Query{Log: h.desk.District(), Now: h.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{accounts.Kind},
			Facets: []journal.Facet{{Name: "role", Text: string(role)}}, Order: journal.ByOpened, Limit: 1})
		if err != nil || len(page.Rows) == 0 {
			return false, err
		}
	}
	return true, nil
}
