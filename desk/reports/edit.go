package reports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Edit is what somebody wants to do to drafts of a report.
type Edit struct {
	Command string
	What    string            // confirm, drop, restore; edit with Terms; split with Parts; merge
	Drafts  []string          // which; one for edit and split, at least two for merge
	Terms   *indicator.Terms  // of an edit or a merge: what the draft shall be
	Parts   []indicator.Terms // of a split, at least two
}

// Edit edits drafts. What was published stays as it is: its goal is changed on the goal's own page.
func (r *Room) Edit(ctx context.Context, who desk.Caller, id name.ID, e Edit) (*Report, error) {
	return r.change(ctx, who, e.Command, id, func(rep *Report, b *desk.Batch, own desk.Own) error {
		drafts, err := rep.pick(e.Drafts)
		if err != nil {
			return err
		}
		do, ok := edits[e.What]
		if !ok {
			return fault.Refuse(fault.ErrInvalid, "no-such-option", "what", "value", e.What)
		}
		changed, err := do(drafts, &e)
		if err != nil {
			return err
		}
		return own.Add(actor(who), typeDrafts, "", redrafting{What: e.What, Drafts: changed})
	})
}

// pick returns copies of the drafts that may still be edited, in the order asked for.
func (r *Report) pick(ids []string) ([]Draft, error) {
	if len(ids) == 0 {
		return nil, fault.Refuse(fault.ErrInvalid, "nothing-chosen", "drafts")
	}
	drafts := make([]Draft, 0, len(ids))
	for _, id := range ids {
		d := r.Draft(id)
		if d == nil {
			return nil, fmt.Errorf("draft %s: %w", id, fault.ErrNotFound)
		}
		if d.State == Published || d.State == Known {
			return nil, fault.Refuse(fault.ErrConflict, "already-published", "drafts", "title", d.Terms.Title)
		}
		drafts = append(drafts, *d)
	}
	return drafts, nil
}

// edits has a row for each thing that can be done to drafts.
var edits = map[string]func([]Draft, *Edit) ([]Draft, error){
	"confirm": confirm,
	"drop":    to(Dropped),
	"restore": to(Proposed),
	"edit":    edit,
	"split":   split,
	"merge":   merge,
}

func to(s State) func([]Draft, *Edit) ([]Draft, error) {
	return func(drafts []Draft, _ *Edit) ([]Draft, error) {
		for i := range drafts {
			if drafts[i].State == Fact && s != Dropped && drafts[i].Terms.Title == "" {
				return nil, fault.Refuse(fault.ErrInvalid, "fact-no-goal", "drafts", "title", drafts[i].Statement.Text)
			}
			drafts[i].State = s
		}
		return drafts, nil
	}
}

// confirm takes drafts as they are; each must be a goal that could be published.
func confirm(drafts []Draft, e *Edit) ([]Draft, error) {
	for i := range drafts {
		if err := drafts[i].Terms.Check(); err != nil {
			return nil, named(err, &drafts[i])
		}
		drafts[i].State = Confirmed
	}
	return drafts, nil
}

// named adds the draft's title to a refusal, so that one of many can be found.
func named(err error, d *Draft) error {
	if r, ok := err.(*fault.Refusal); ok {
		with := map[string]string{"title": cmp.Or(d.Terms.Title, d.Statement.Text)}
		maps.Copy(with, r.With)
		return &fault.Refusal{Kind: r.Kind, Code: r.Code, Field: r.Field, With: with}
	}
	return err
}

func edit(drafts []Draft, e *Edit) ([]Draft, error) {
	if len(drafts) != 1 || e.Terms == nil {
		return nil, fault.Refuse(fault.ErrInvalid, "one-at-a-time", "drafts")
	}
	d := &drafts[0]
	if err := d.take(*e.Terms); err != nil {
		return nil, err
	}
	return drafts, nil
}

// take gives a draft terms as a person wrote them; where it comes from stays.
func (d *Draft) take(t indicator.Terms) error {
	if tooLong(t.Title, MaxTitle) {
		return fault.Refuse(fault.ErrInvalid, "too-long", "title", "limit", fmt.Sprint(MaxTitle))
	}
	t.Source = d.Terms.Source
	if err := t.Check(); err != nil {
		return err
	}
	d.Terms, d.State, d.Edited = t, Confirmed, true
	return nil
}

// split makes several drafts of one; the first part keeps its identity.
func split(drafts []Draft, e *Edit) ([]Draft, error) {
	if len(drafts) != 1 || len(e.Parts) < 2 || len(e.Parts) > 50 {
		return nil, fault.Refuse(fault.ErrInvalid, "split-in-two", "parts")
	}
	whole := drafts[0]
	out := make([]Draft, 0, len(e.Parts))
	for i, t := range e.Parts {
		d := whole
		if i > 0 {
			d.ID, d.From = fmt.Sprintf("%s.%d", whole.ID, i+1), []string{whole.ID}
		}
		if err := d.take(t); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// merge makes one draft of several: the first one stays, the others are dropped into it.
func merge(drafts []Draft, e *Edit) ([]Draft, error) {
	if len(drafts) < 2 {
		return nil, fault.Refuse(fault.ErrInvalid, "merge-two", "drafts")
	}
	first := &drafts[0]
	t := first.Terms
	if e.Terms != nil {
		t = *e.Terms
	}
	if err := first.take(t); err != nil {
		return nil, err
	}
	for i := 1; i < len(drafts); i++ {
		drafts[i].State = Dropped
		first.From = append(slices.Clip(first.From), drafts[i].ID)
	}
	return drafts, nil
}

// mostAtOnce is how many goals one batch may publish; more are published in several.
const mostAtOnce = 400

// Publication is what somebody publishes.
type Publication struct {
	Command string
	Drafts  []string    // none for all that are confirmed
	Asked   ledger.Hash // of the request that the command stands for, see [desk.Do]
}

// Publish publishes drafts: each becomes a goal with its promise, all in one batch. Without drafts named, all that
// are confirmed are published. Nothing is published if one of them cannot be. Where the same statement waits in another reading of the
// report it is known there from then on.
func (r *Room) Publish(ctx context.Context, who desk.Caller, id name.ID, p Publication) (map[string]name.ID, error) {
	r.publishing.Lock() // two readings of one report must not be published at once
	defer r.publishing.Unlock()
	goals, ids := map[string]name.ID{}, p.Drafts
	var others []name.ID
	_, err := r.change(ctx, who, p.Command, id, func(rep *Report, b *desk.Batch, own desk.Own) error {
		clear(goals)
		b.Answers(p.Asked)
		if err := r.desk.Allow(who, access.GoalPublish, access.Object{Type: access.Goal, Unit: who.Unit, UnitPath: r.desk.Directory().Path(who.Unit), Class: access.Public}); err != nil {
			return err
		}
		if len(p.Drafts) == 0 {
			ids = rep.confirmed()
		}
		drafts, err := rep.pick(ids)
		if err != nil {
			return err
		}
		if len(drafts) > mostAtOnce {
			return fault.Refuse(fault.ErrInvalid, "too-many", "drafts", "limit", fmt.Sprint(mostAtOnce))
		}
		for i := range drafts {
			if drafts[i].State == Fact || drafts[i].State == Dropped {
				return fault.Refuse(fault.ErrConflict, "not-confirmed", "drafts", "title", cmp.Or(drafts[i].Terms.Title, drafts[i].Statement.Text))
			}
			drafts[i].Terms.Source.Report = rep.ID
			goal, err := b.PublishGoal(actor(who), drafts[i].Terms)
			if err != nil {
				return named(err, &drafts[i])
			}
			goals[drafts[i].ID] = goal
		}
		if others, err = r.knowElsewhere(ctx, who, b, rep.ID, goals); err != nil {
			return err
		}
		return own.Add(actor(who), typePublished, "", publishing{Goals: goals})
	})
	for _, other := range others {
		r.let(other) // read again when it is asked for
	}
	if err != nil {
		return nil, err
	}
	return goals, nil
}

// confirmed returns the drafts that somebody confirmed.
func (r *Report) confirmed() (ids []string) {
	for _, d := range r.Drafts {
		if d.State == Confirmed {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// knowElsewhere marks drafts that are being published as known in the other readings where they wait, refuses one that was
// published from another, and returns those readings.
func (r *Room) knowElsewhere(ctx context.Context, who desk.Caller, b *desk.Batch, id name.ID, goals map[string]name.ID) (others []name.ID, err error) {
	readings, err := r.List(ctx, who)
	if err != nil {
		return nil, err
	}
	for _, rw := range readings {
		if rw.Stream == id {
			continue
		}
		other, err := r.load(ctx, rw.Stream)
		if err != nil {
			return nil, err
		}
		var known []Draft
		for _, d := range other.Drafts {
			goal, published := goals[d.ID]
			switch {
			case !published:
			case d.State == Published:
				return nil, fault.Refuse(fault.ErrConflict, "already-published", "drafts", "title", d.Terms.Title)
			case d.State == Proposed || d.State == Confirmed:
				d.State, d.Goal = Known, goal
				known = append(known, d)
			}
		}
		if len(known) == 0 {
			continue
		}
		next := *other
		next.Drafts = slices.Clone(other.Drafts)
		own := b.Own(other.ID, ledger.Record, other.Version, func(e *ledger.Event) error { return next.apply(e, nil) }, func() (*journal.Row, error) { return row(&next) })
		if err := own.Add(actor(who), typeDrafts, "", redrafting{What: "known", Drafts: known}); err != nil {
			return nil, err
		}
		others = append(others, other.ID)
	}
	return others, nil
}
