package notices_test

import (
	"context"
	"testing"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// TestAPersonIsToldOfTheirAccount: of a new factor, a changed password, a lock and a new network, though they did it themselves, and not
// of what their account was activated with nor of signing in from where they did before.
func TestAPersonIsToldOfTheirAccount(t *testing.T) {
	w := newWorld(t)
	id := w.Desk.NewID()
	own := name.Actor{Person: w.hand.Person, Unit: w.hand.Unit, Role: "handler"}
	version := int64(0)
	add := func(by name.Actor, typ string, c account.Change) {
		t.Helper()
		b := w.Desk.Begin(context.Background(), w.Desk.NewCommand())
		o := b.Own(id, ledger.Account, version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) {
			return &journal.Row{Stream: id, Noun: ledger.Account, Kind: "account", Body: []byte("{}")}, nil
		})
		must(t, o.Add(by, typ, "", c))
		if typ == account.TypeActivated {
			must(t, o.Add(by, account.TypeFactorAdded, "", account.Change{Factor: &account.Factor{ID: "a", Kind: account.Password}}))
			version++
		}
		_, err := b.Commit()
		must(t, err)
		version++
	}
	add(name.System, account.TypeInvited, account.Change{Sort: account.Staff, Person: w.hand.Person, Unit: w.hand.Unit, Until: 1})
	add(own, account.TypeActivated, account.Change{Login: "li", Natural: "n"})
	add(own, account.TypeSignedIn, account.Change{})
	w.tick()
	w.is(w.hand)
	w.Clock.Forward(1e9)
	add(own, account.TypeFactorAdded, account.Change{Factor: &account.Factor{ID: "b", Kind: account.TOTP}})
	add(own, account.TypePasswordChanged, account.Change{})
	add(name.System, account.TypeLocked, account.Change{Until: 2})
	add(own, account.TypeSignedIn, account.Change{New: true})
	w.tick()
	w.is(w.hand, "account", "account", "account", "account")
}
