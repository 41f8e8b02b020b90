package notices

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// stood is how matters stand of which events are being told: each is added up once, not for each of its events.
type stood map[name.ID]struct {
	m matter.Matter
	k *matter.Kind
}

func (s stood) stands(ctx context.Context, r *Room, id name.ID, version int64) (matter.Matter, *matter.Kind, error) {
	at, ok := s[id]
	if ok && at.m.Version >= version {
		return at.m, at.k, nil
	}
	var err error
	if at.m, at.k, err = r.Desk.Stands(ctx, id, version); err == nil {
		s[id] = at
	}
	return at.m, at.k, err
}

func (r *Room) tellOfMatter(ctx context.Context, told *notice.Told, met stood, e *ledger.Event) error {
	m, k, err := met.stands(ctx, r, e.Stream, e.Version)
	if errors.Is(err, fault.ErrNotFound) {
		return nil // of a kind that is no longer there: one such matter must not hold up the others
	}
	if err != nil {
		return err
	}
	var c matter.Change
	if err := json.Unmarshal(e.Body, &c); err != nil {
		return err
	}
	g := gathering{r: r, ctx: ctx, told: told, m: &m, k: k, at: e.At, id: itoa(e.Seq), actor: e.Actor.Person, joined: map[name.Person]bool{}}
	g.facts = g.standing()
	if c.Act != "" {
		g.facts.Act = c.Act
	}
	if c.To != "" {
		g.facts.State = c.To
	}
	if c.To != "" || c.Holder != nil || c.Phase != "" && !c.Phase.IsOpen() {
		over := notice.Settled{Stream: e.Stream, At: e.At, But: itoa(e.Seq) + "."}
		if m.Pending != nil { // the matter has moved on, and what was asked for waits
			over.Not = notice.ToDecide
		}
		told.Over = append(told.Over, over)
	}
	g.asked(&c)
	g.event(&c)
	return g.err
}

// asked tells whoever may decide what was asked for that it waits for them, and whoever asked what came of it.
func (g *gathering) asked(c *matter.Change) {
	was := g.facts
	defer func() { g.facts = was }()
	if c.Asked != nil {
		g.facts.Unit = g.m.Pending.By.Unit
		g.to(notice.ToDecide, g.r.deciders(g.k, g.m, c.Asked.Act))
	}
	if s := c.Settled; s != nil {
		g.told.Over = append(g.told.Over, notice.Settled{Stream: g.m.ID, At: g.at, But: g.id + ".", About: notice.ToDecide},
			notice.Settled{Stream: g.m.ID, At: g.at, But: g.id + ".", About: notice.Undecided})
		g.facts.State = string(s.As)
		if s.As == matter.Lapsed {
			g.facts.Act = ""
		}
		g.to(notice.Decided, []name.Person{s.Asker})
	}
}

// standing are the facts of a matter as it stands.
func (g *gathering) standing() notice.Facts {
	return notice.Facts{Number: g.m.Number, Kind: g.m.Kind, State: g.m.State, Unit: g.m.Holder.Unit, Due: g.m.Due()}
}

// event tells those whom a change concerns.
func (g *gathering) event(c *matter.Change) {
	switch {
	case c.Rung != nil:
		g.rung(c.Rung)
		return
	case c.Phase == matter.Closed || c.Phase == matter.Stopped:
		g.ended()
	case c.Verb == matter.Extend:
		g.to(notice.Extended, g.r.hands(g.k, g.m.State, g.m.Holder))
	case c.Verb == matter.Remind:
		g.to(notice.Urged, g.r.hands(g.k, g.m.State, g.m.Holder))
	case c.Verb == matter.Supervise:
		g.to(notice.Supervised, g.r.hands(g.k, g.m.State, g.m.Holder))
	}
	state := c.To
	if state == "" {
		state = g.m.State
	}
	if c.To != "" {
		g.callBack(state)
	}
	if c.Holder != nil && g.phaseOf(state).IsOpen() {
		about := notice.Assigned
		if c.Verb == matter.Return || c.Verb == matter.Rework || c.Verb == matter.Contest || c.Verb == matter.Reopen {
			about = notice.Returned
		}
		g.facts.Unit = c.Holder.Unit
		g.to(about, g.r.hands(g.k, state, *c.Holder))
		g.group(about, c.Holder.Unit)
	}
	if c.Verb == matter.Join || c.Verb == matter.Whistle {
		for _, u := range strings.Fields(c.Fields["assist"]) {
			g.to(notice.Joined, g.r.hands(g.k, state, matter.Hand{Unit: name.Unit(u)}))
		}
	}
}

func (g *gathering) phaseOf(state string) matter.Phase {
	if s := g.k.State(state); s != nil {
		return s.Phase
	}
	return g.m.Phase
}

// pressed is what a rung tells whoever has the matter in hand.
var pressed = map[matter.RungKind]notice.About{matter.RungRemind: notice.Reminded, matter.RungUrge: notice.Urged, matter.RungSupervise: notice.Supervised, matter.RungCirculate: notice.Circulated}

// rung tells whoever the rung names, and whoever has the matter in hand.
func (g *gathering) rung(f *matter.Fired) {
	g.facts.Clock = f.Clock
	if f.Decision {
		g.undecided(f)
		return
	}
	about, known := pressed[f.Rung]
	if !known {
		about = notice.Reminded
	}
	if f.To == g.m.Holder && f.As == "" {
		g.to(about, g.r.hands(g.k, g.m.State, f.To))
		g.group(about, f.To.Unit)
		return
	}
	g.to(notice.Watched, g.r.above(f.To))
	g.to(about, g.r.hands(g.k, g.m.State, g.m.Holder))
	g.group(about, g.m.Holder.Unit)
}

// undecided tells whoever may decide what was asked for, and whoever the rung names, that it still waits.
func (g *gathering) undecided(f *matter.Fired) {
	p := g.m.Pending
	if p == nil {
		return // it was settled since: the log is read behind
	}
	g.facts.Unit = p.By.Unit
	if ask := g.k.Asks(p.Act); ask != nil {
		g.facts.Act = ask.Key
	}
	if c := g.m.Clock(f.Clock); c != nil {
		g.facts.Due = c.Due
	}
	deciders := g.r.deciders(g.k, g.m, p.Act)
	g.to(notice.ToDecide, deciders)
	g.to(notice.Undecided, slices.DeleteFunc(g.r.above(f.To), func(p name.Person) bool { return slices.Contains(deciders, p) }))
}

// ended tells whoever set or gave the matter, and whoever reported it.
func (g *gathering) ended() {
	for _, h := range []matter.Hand{g.m.Issuer, g.m.Giver} {
		if h.Person != "" {
			g.to(notice.Closed, []name.Person{h.Person})
		}
	}
	if g.r.Ways != nil && (g.r.Ways.Open(notice.Mail) || g.r.Ways.Open(notice.SMS)) && g.r.Desk.Answerable(g.m) {
		n := g.notice(notice.Answered, reporterPrefix)
		g.told.Notices = append(g.told.Notices, n)
		channel := notice.Mail
		if to, err := g.r.Desk.ReporterOf(g.ctx, g.m.ID); err != nil {
			g.err = err
		} else if to.Mail == "" || !g.r.Ways.Open(notice.Mail) {
			channel = notice.SMS
		}
		g.told.Postings = append(g.told.Postings, notice.Posting{Notice: n.ID, Person: n.Person, Channel: channel, At: n.At, Due: g.r.quiet().Release(n.At)})
	}
}

// callBack tells those who may ask the reporter now.
func (g *gathering) callBack(state string) {
	var who []name.Person
	for i := range g.k.Acts {
		act := &g.k.Acts[i]
		if act.Verb != matter.CallBack || !slices.Contains(act.From, state) {
			continue
		}
		for _, by := range act.By {
			who = append(who, g.r.party(g.m, by)...)
		}
	}
	slices.Sort(who)
	who = slices.Compact(who)
	g.to(notice.CallBack, who[:min(len(who), mostHands)])
}
