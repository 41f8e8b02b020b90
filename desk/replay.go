package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// Replay plays the log again, event by event, and then holds every row against what its events add up to: a row that
// was edited behind the platform's back shows. It knows matters, goals and records of registers; streams that a
// sub-room keeps itself are held against their version only.
type Replay struct {
	d       *Desk
	matters map[name.ID]matter.Matter
	goals   map[name.ID]indicator.Goal
	records map[name.ID]register.Record
	last    map[name.ID]int64 // the place in the log of each stream's last event
}

// Replay returns an empty replay. It keeps the state of every stream until it is compared.
func (d *Desk) Replay() *Replay {
	return &Replay{d: d, matters: map[name.ID]matter.Matter{}, goals: map[name.ID]indicator.Goal{}, records: map[name.ID]register.Record{}, last: map[name.ID]int64{}}
}

// Each plays one event.
func (r *Replay) Each(e *ledger.Event) (err error) {
	r.last[e.Stream] = e.Seq
	switch {
	case e.Kind == ledger.Matter:
		r.matters[e.Stream], err = matter.Apply(r.matters[e.Stream], e)
	case e.Kind == ledger.Indicator:
		r.goals[e.Stream], err = indicator.Apply(r.goals[e.Stream], e)
	case e.Type == register.PutDown || e.Type == register.EndedOn:
		r.records[e.Stream], err = register.Apply(r.records[e.Stream], e)
	}
	return err
}

// Compare holds the rows against what was played, and returns the place in the log of the first stream whose row is
// not what its events add up to, with the reason; 0 if all are.
func (r *Replay) Compare(ctx context.Context) (seq int64, reason string, err error) {
	note := func(id name.ID, why string) {
		if at := r.last[id]; seq == 0 || at < seq {
			seq, reason = at, fmt.Sprintf("the row of %s is not what its events add up to: %s", id, why)
		}
	}
	for id, m := range r.matters {
		k, err := r.d.kindOf(&m)
		if err != nil {
			note(id, err.Error())
			continue
		}
		want, err := matterRow(k, &m)
		if err != nil {
			return 0, "", err
		}
		want.Number = m.Number
		if err := r.hold(ctx, want, m.Version, note); err != nil {
			return 0, "", err
		}
	}
	for _, g := range r.goals {
		want, err := r.d.goalRow(&g)
		if err != nil {
			return 0, "", err
		}
		if err := r.hold(ctx, want, g.Version, note); err != nil {
			return 0, "", err
		}
	}
	for _, rec := range r.records {
		k, ok := r.d.Packs().Register(rec.Register)
		if !ok {
			continue // a register that the newest packs no longer have
		}
		want, err := recordRow(k, &rec)
		if err != nil {
			return 0, "", err
		}
		if err := r.hold(ctx, want, rec.Version, note); err != nil {
			return 0, "", err
		}
	}
	return seq, reason, nil
}

// hold compares one row. A light that follows from times is not compared, it is never written.
func (r *Replay) hold(ctx context.Context, want *journal.Row, version int64, note func(name.ID, string)) error {
	got, err := r.d.store.Row(ctx, want.Stream)
	if err != nil {
		note(want.Stream, err.Error())
		return nil
	}
	want.Version, want.Seq = version, r.last[want.Stream]
	if want.Due != 0 && want.Open {
		want.Light, got.Light = "", ""
	}
	if got.Number != want.Number && want.Noun != ledger.Record {
		note(want.Stream, "number "+got.Number)
	}
	got.Number, want.Number = "", ""
	a, err := json.Marshal(got)
	if err != nil {
		return err
	}
	b, err := json.Marshal(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		note(want.Stream, firstDifference(a, b))
	}
	return nil
}

// firstDifference quotes where two JSON texts part.
func firstDifference(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-30)
	return fmt.Sprintf("…%s… instead of …%s…", a[from:min(len(a), i+30)], b[from:min(len(b), i+30)])
}
