package notices

import (
	"context"
	"encoding/json"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/notice"
)

// ofOwners are the events of an account that its own person is told of at once, whoever did them: who has taken an account over does
// not say so (ASVS 5.0 6.3.5, 6.3.7). What is told stands in words.json under notice.account-.
var ofOwners = map[string]string{
	account.TypeFactorAdded:     "factor-added",
	account.TypeLinkApproved:    "factor-added",
	account.TypeFactorRemoved:   "factor-removed",
	account.TypePasswordChanged: "password-changed",
	account.TypeLocked:          "locked",
	account.TypeSignedIn:        "new-network",
	account.TypeDormant:         "dormant",
	account.TypeAgeing:          "ageing",
}

// tellOwner tells the person of an account what happened to it. The factors with which it is activated are no news, nor is signing in
// from where one signed in before.
func (r *Room) tellOwner(ctx context.Context, told *notice.Told, e *ledger.Event) error {
	what, known := ofOwners[e.Type]
	if !known || e.Kind != ledger.Account {
		return nil
	}
	var c account.Change
	if err := json.Unmarshal(e.Body, &c); err != nil || e.Type == account.TypeSignedIn && !c.New {
		return err
	}
	facts := notice.Facts{State: what}
	if e.Type == account.TypeLocked || e.Type == account.TypeDormant || e.Type == account.TypeAgeing {
		facts.Due = c.Until
	}
	events, err := r.Store.Events(ctx, e.Stream, 0)
	if err != nil {
		return err
	}
	var a account.Account
	for i := range events {
		if a, err = account.Apply(a, &events[i]); err != nil {
			return err
		}
		if events[i].Type == account.TypeActivated && events[i].At == e.At {
			return nil
		}
	}
	if a.Sort != account.Staff {
		return nil
	}
	g := gathering{r: r, ctx: ctx, told: told, at: e.At, id: itoa(e.Seq), facts: facts, joined: map[name.Person]bool{}}
	g.to(notice.Account, []name.Person{a.Person})
	return g.err
}
