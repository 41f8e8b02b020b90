package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// Replay plays the log again, event by event, and holds every row against what its events add up to: a row that was
// edited behind the platform's back shows. It knows matters, goals and records of registers, who was shown persons, and the
// streams of sub-rooms of which it was told by [Replay.Keep]; others are held against their version only, by the store. A stream is let go of once it was played to the event
// that its row names as the last, so that a replay of any length holds what is open at a time and [unasked] streams more.
type Replay struct {
	d       *Desk
	unasked int // how many streams are played before the rows are asked where the oldest of them end
	kept    map[string]func() Kept
	streams map[name.ID]*played
	unheld  map[string]int64 // how many streams nobody told of, by the type of their first event
	waiting []name.ID        // the streams of which nobody knows yet where they end, in order of their first event

	seq    int64 // of the first stream found whose row is not what its events add up to, 0 while there is none
	reason string
}

// played is how far a stream is played, and what it has become.
type played struct {
	last int64 // the place in the log of the event that was played last
	end  int64 // that of the event which its row names as the last, 0 while nobody asked

	matter *matter.Matter // one of these
	goal   *indicator.Goal
	record *register.Record
	kept   *Kept
	events int64 // of kept
}

// Kept is a stream that a sub-room keeps itself, while it is played: Apply brings the next event into the room's state, Row is what the row then
// should be, with Untold, if there is one, taking over from the row what events do not tell.
type Kept struct {
	Apply  func(*ledger.Event) error
	Row    func() (*journal.Row, error)
	Untold func(want, got *journal.Row)
}

// KeptRows begins a [Kept] for streams whose row follows from the row before and the next event; before is nil at the first.
func KeptRows(next func(before *journal.Row, e *ledger.Event) (*journal.Row, error), untold func(want, got *journal.Row)) func() Kept {
	return func() Kept {
		var row *journal.Row
		return Kept{Apply: func(e *ledger.Event) (err error) {
			row, err = next(row, e)
			return err
		}, Row: func() (*journal.Row, error) { return row, nil }, Untold: untold}
	}
}

// Keep has streams that begin with an event of a type held against what a sub-room makes of them. It is called before the first event.
func (r *Replay) Keep(first string, begin func() Kept) { r.kept[first] = begin }

// Replay returns an empty replay.
func (d *Desk) Replay() *Replay {
	r := &Replay{d: d, unasked: 4096, streams: map[name.ID]*played{}, kept: map[string]func() Kept{}, unheld: map[string]int64{}} // by then most have ended: a row that is asked too early is read twice
	r.Keep(TypeViewed, keptLook)
	r.Keep(TypeAsked, keptAsk)
	r.Keep(typeAlert, KeptRows(alertNext, func(want, got *journal.Row) { want.Unit = got.Unit }))
	r.Keep(typeHoney, KeptRows(honeyNext, func(want, got *journal.Row) { want.Number = got.Number }))
	r.Keep(typeRestricted, KeptRows(restrictionNext, nil))
	r.Keep(typeInstalled, KeptRows(packNext, packUntold))
	r.Keep(typeFollowed, KeptRows(followNext, nil))
	return r
}

// Each plays the next event of the log. Its errors are those of the store; what is wrong with the log or a row is kept for End.
func (r *Replay) Each(ctx context.Context, e *ledger.Event) error {
	p, held := r.streams[e.Stream]
	if !held {
		if p = r.begin(e); p == nil {
			if e.Version == 1 {
				r.unheld[e.Type]++
			}
			return nil
		}
		if e.Version != 1 {
			r.note(e.Seq, e.Stream, "it ends before this event")
			return nil
		}
		r.streams[e.Stream] = p
		r.waiting = append(r.waiting, e.Stream)
	}
	if err := p.play(e); err != nil {
		r.note(e.Seq, e.Stream, err.Error())
	}
	if p.end == e.Seq {
		return r.look(ctx, e.Stream, p)
	}
	if len(r.waiting) > r.unasked {
		id := r.waiting[0]
		r.waiting = r.waiting[1:]
		if p := r.streams[id]; p != nil {
			return r.look(ctx, id, p)
		}
	}
	return nil
}

// begin returns a stream at its start, nil if it is one that a sub-room keeps itself and nobody told of.
func (r *Replay) begin(e *ledger.Event) *played {
	begin, isKept := r.kept[e.Type]
	switch {
	case isKept && (e.Kind == ledger.Account || e.Kind == ledger.Record):
		k := begin()
		return &played{kept: &k}
	case e.Kind == ledger.Matter:
		return &played{matter: &matter.Matter{}}
	case e.Kind == ledger.Indicator:
		return &played{goal: &indicator.Goal{}}
	case e.Type == register.PutDown || e.Type == register.EndedOn:
		return &played{record: &register.Record{}}
	}
	return nil
}

// play plays the stream's next event.
func (p *played) play(e *ledger.Event) (err error) {
	p.last = e.Seq
	switch {
	case p.matter != nil:
		*p.matter, err = matter.Apply(*p.matter, e)
	case p.goal != nil:
		*p.goal, err = indicator.Apply(*p.goal, e)
	case p.kept != nil:
		p.events++
		err = p.kept.Apply(e)
	case e.Type == register.PutDown || e.Type == register.EndedOn:
		*p.record, err = register.Apply(*p.record, e)
	}
	return err
}

// version is how many events were played.
func (p *played) version() int64 {
	switch {
	case p.matter != nil:
		return p.matter.Version
	case p.goal != nil:
		return p.goal.Version
	case p.kept != nil:
		return p.events
	default:
		return p.record.Version
	}
}

// look holds a stream against its row and lets go of it, unless the row tells of events that are yet to be played.
func (r *Replay) look(ctx context.Context, id name.ID, p *played) error {
	row, err := r.d.store.Row(ctx, id)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		r.note(p.last, id, "it has none")
	case err != nil:
		return err
	case row.Seq > p.last:
		p.end = row.Seq
		return nil
	default:
		if err := r.hold(p, &row); err != nil {
			return err
		}
	}
	delete(r.streams, id)
	return nil
}

// End holds what is left against its rows, and returns the place in the log of the first stream found whose row is not
// what its events add up to, with the reason; 0 if all are. A row that has moved on since the replay began is held against
// the events that came since.
func (r *Replay) End(ctx context.Context) (seq int64, reason string, err error) {
	for id, p := range r.streams {
		if err := r.follow(ctx, id, p); err != nil {
			return 0, "", err
		}
	}
	r.streams, r.waiting = map[name.ID]*played{}, nil
	return r.seq, r.reason, nil
}

// follow plays a stream up to where its row is now and holds it against the row.
func (r *Replay) follow(ctx context.Context, id name.ID, p *played) error {
	for {
		if err := r.look(ctx, id, p); err != nil {
			return err
		}
		if _, held := r.streams[id]; !held {
			return nil
		}
		events, err := r.d.store.Events(ctx, id, p.version())
		if err != nil {
			return err
		}
		for i := range events {
			if err := p.play(&events[i]); err != nil {
				r.note(events[i].Seq, id, err.Error())
				return nil
			}
		}
		if len(events) == 0 {
			r.note(p.last, id, fmt.Sprintf("it ends with event %d, its events end here", p.end))
			return nil
		}
	}
}

// Unheld is how many streams there were that no room told of, so that their rows were held against nothing but their version, by the type of their first event.
func (r *Replay) Unheld() map[string]int64 { return r.unheld }

// note keeps what is wrong with a row, if nothing before it in the log was.
func (r *Replay) note(seq int64, id name.ID, why string) {
	if r.seq == 0 || seq < r.seq {
		r.seq, r.reason = seq, fmt.Sprintf("the row of %s is not what its events add up to: %s", id, why)
	}
}

// row returns what the row of a stream should be, nil for a record of a register that the newest packs no longer have.
// Its error is a kind that no pack lays down.
func (r *Replay) row(p *played) (want *journal.Row, flaw, err error) {
	switch {
	case p.matter != nil:
		k, flaw := r.d.kindOf(p.matter)
		if flaw != nil {
			return nil, flaw, nil
		}
		if want, err = matterRow(k, p.matter); err == nil {
			want.Number = p.matter.Number
		}
	case p.goal != nil:
		want, err = r.d.goalRow(p.goal)
	case p.kept != nil:
		if want, err = p.kept.Row(); err == nil {
			sortFacets(want)
			if len(want.Body) == 0 {
				want.Body = []byte("{}") // as the store keeps none
			}
		}
	default:
		k, ok := r.d.Packs().Register(p.record.Register)
		if !ok {
			return nil, nil, nil
		}
		want, err = recordRow(k, p.record)
	}
	if err == nil {
		want.Version, want.Seq = p.version(), p.last
	}
	return want, nil, err
}

// hold compares a row with what its events add up to. A light that follows from times is not compared, it is never written.
func (r *Replay) hold(p *played, got *journal.Row) error {
	want, flaw, err := r.row(p)
	if flaw != nil {
		r.note(p.last, got.Stream, flaw.Error())
	}
	if want == nil || err != nil {
		return err
	}
	if p.kept != nil && p.kept.Untold != nil {
		p.kept.Untold(want, got)
	}
	if want.Due != 0 && want.Open {
		want.Light, got.Light = "", ""
	}
	if got.Number != want.Number && want.Noun != ledger.Record {
		r.note(p.last, got.Stream, "number "+got.Number)
	}
	got.Number, want.Number = "", ""
	if got.Equal(want) {
		return nil
	}
	a, err := json.Marshal(got)
	if err != nil {
		return err
	}
	b, err := json.Marshal(want)
	if err != nil {
		return err
	}
	r.note(p.last, got.Stream, firstDifference(a, b))
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
