package notices

import (
	"context"
	"encoding/json"
	"strings"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/notice"
)

// tellOfGoal tells whoever is asked to decide a change of a goal that they are, and whoever asked what came of it.
func (r *Room) tellOfGoal(ctx context.Context, told *notice.Told, e *ledger.Event) error {
	g := gathering{r: r, ctx: ctx, told: told, goal: e.Stream, at: e.At, id: itoa(e.Seq), actor: e.Actor.Person, joined: map[name.Person]bool{}}
	g.facts.Unit = e.Actor.Unit
	var a indicator.Amend // of the other types its part alone
	switch e.Type {
	case indicator.Asked, indicator.Changed, indicator.Declined, indicator.Withdrawn:
		if err := json.Unmarshal(e.Body, &a); err != nil {
			return err
		}
	}
	switch e.Type {
	case indicator.Urged:
		return g.urged(e)
	case indicator.Asked:
		g.to(notice.ToDecide, []name.Person{a.Approver})
	case indicator.Changed, indicator.Declined:
		if a.Cause != "" { // it went with its task: nobody asked, and what is asked waits on
			return nil
		}
		g.facts.State = strings.TrimPrefix(e.Type, "goal.")
		g.to(notice.Decided, []name.Person{a.Asker})
		fallthrough
	case indicator.Withdrawn, indicator.Ended:
		told.Over = append(told.Over, notice.Settled{Stream: e.Stream, At: e.At, But: g.id + "."})
	}
	return g.err
}

// urged tells those whom a rung names that a change of a goal still waits for a decision.
func (g *gathering) urged(e *ledger.Event) error {
	var u indicator.Urge
	if err := json.Unmarshal(e.Body, &u); err != nil {
		return err
	}
	g.facts.Unit, g.facts.Clock, g.facts.Due = u.Unit, "change", int64((u.Due + 1).Start())
	first := min(1, len(u.To))
	g.to(notice.ToDecide, u.To[:first])
	g.to(notice.Undecided, u.To[first:])
	return g.err
}
