package desk

import (
	"context"
	"fmt"
	"strings"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Move is what a pack's open matters are to its newest version: which already live under it, which can be put under it,
// and which cannot as they stand. A matter keeps the version that it was opened under until somebody moves it: invariant 9.
type Move struct {
	Pack    string
	Version string // of the newest
	Hash    string
	Current int // open matters that live under it
	Ready   []name.ID
	Stuck   []Unfit
	Moved   int // by this call
}

// Unfit is a matter that cannot be moved as it stands, and why. What it is about is not told: who installs packs reads no
// matters.
type Unfit struct {
	Matter    name.ID
	Number    string
	State     string
	Obstacles []matter.Obstacle
}

// DryMove looks at every open matter of a pack and moves none. It costs one reading of each.
func (d *Desk) DryMove(ctx context.Context, who Caller, called string) (Move, error) {
	if err := d.allow(who, access.PackInstall, access.Object{Type: access.Pack}); err != nil {
		return Move{}, err
	}
	return d.LookAtMove(ctx, called)
}

// LookAtMove is [Desk.DryMove] for whoever may already read the database: the command line.
func (d *Desk) LookAtMove(ctx context.Context, called string) (Move, error) {
	p, ok := d.Packs().Pack(called)
	if !ok {
		return Move{}, fmt.Errorf("pack %s: %w", called, fault.ErrNotFound)
	}
	v := Move{Pack: p.Name, Version: p.Version, Hash: p.Hash}
	for i := range p.Kinds {
		if err := d.eachOpen(ctx, p.Kinds[i].Ref, func(r *journal.Row) error { return d.weigh(ctx, &v, &p.Kinds[i], r) }); err != nil {
			return v, err
		}
	}
	return v, nil
}

// weigh sorts one open matter into the move.
func (d *Desk) weigh(ctx context.Context, v *Move, to *matter.Kind, r *journal.Row) error {
	m, err := d.glanceMatter(ctx, r.Stream, r.Version)
	if err != nil {
		return err
	}
	if m.Pack == to.Version {
		v.Current++
		return nil
	}
	from, err := d.kindOf(&m)
	if err != nil {
		return err
	}
	if all := matter.Obstacles(from, to, &m); len(all) > 0 {
		v.Stuck = append(v.Stuck, Unfit{m.ID, m.Number, m.State, all})
		return nil
	}
	v.Ready = append(v.Ready, m.ID)
	return nil
}

// eachOpen calls f for every open matter of a kind.
func (d *Desk) eachOpen(ctx context.Context, kind string, f func(*journal.Row) error) error {
	yes := true
	return d.eachRow(ctx, journal.Query{Noun: "matter", Kinds: []string{kind}, Open: &yes, Order: journal.ByOpened}, f)
}

// MoveMatters puts every open matter of a pack that can be moved under its newest version, each by an event with the reason.
// What cannot be moved stays as it is and is told. Done again it moves nothing more.
func (d *Desk) MoveMatters(ctx context.Context, who Caller, called, reason string) (Move, error) {
	if err := d.allow(who, access.PackInstall, access.Object{Type: access.Pack}); err != nil {
		return Move{}, err
	}
	return d.MoveAs(ctx, who.actor("sysadmin"), called, reason)
}

// MoveAs is [Desk.MoveMatters] for whoever may already write to the database: the command line.
func (d *Desk) MoveAs(ctx context.Context, by name.Actor, called, reason string) (Move, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Move{}, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	}
	v, err := d.LookAtMove(ctx, called)
	if err != nil {
		return v, err
	}
	ready := v.Ready
	v.Ready = nil
	for _, id := range ready {
		if err := d.move(ctx, by, id, v.Hash, reason); err != nil {
			return v, fmt.Errorf("move matter %s: %w", id, err)
		}
		v.Moved++
	}
	return v, nil
}

func (d *Desk) move(ctx context.Context, by name.Actor, id name.ID, hash, reason string) error {
	_, err := d.run(ctx, Do{Matter: id, Command: "move-" + string(id) + "-" + hash}, func(b *Batch) (*part, error) {
		p, err := b.matterPart(id)
		if err != nil {
			return nil, err
		}
		to, ok := d.Packs().KindAt(p.matter.Kind, hash)
		if !ok {
			return nil, fmt.Errorf("kind %s: %w", p.matter.Kind, fault.ErrNotFound)
		}
		dec, err := matter.Move(p.def, to, p.matter, reason)
		if err != nil {
			return nil, err
		}
		err = b.decide(p, by, dec)
		p.def = to
		return p, err
	})
	return err
}
