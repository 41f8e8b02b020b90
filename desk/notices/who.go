package notices

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// This file says who is told of what, event by event.

// stale is how long after it happened something is still sent: what is older, after a new start or a long stop, stands in the inbox only.
const stale = 3 * 24 * time.Hour

// mostHands is how many persons of one unit are told of what is nobody's by name.
const mostHands = 6

// Whoever is told without being staff.
const (
	reporterPrefix = "@reporter" // of the matter of the notice
	groupPrefix    = "@unit."    // the group of a unit in an enterprise chat
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// tell says what a stretch of the log tells.
func (r *Room) tell(ctx context.Context, entries []ledger.Entry) (told notice.Told, err error) {
	last, met := map[name.ID]*ledger.Event{}, stood{}
	for i := range entries {
		e := &entries[i].Event
		if e.Kind == ledger.Indicator {
			if err := r.tellOfGoal(ctx, &told, e); err != nil {
				return told, fmt.Errorf("event %d: %w", e.Seq, err)
			}
			continue
		}
		if e.Kind != ledger.Matter {
			if err := r.tellOfAccounts(ctx, &told, e); err != nil {
				return told, err
			}
			continue
		}
		last[e.Stream] = e
		if err := r.tellOfMatter(ctx, &told, met, e); err != nil {
			return told, fmt.Errorf("event %d: %w", e.Seq, err)
		}
	}
	for id, e := range last {
		m, _, err := met.stands(ctx, r, id, e.Version)
		if errors.Is(err, fault.ErrNotFound) {
			continue
		}
		if err != nil {
			return told, err
		}
		lit := notice.Relit{Stream: id}
		if m.IsOpen() {
			lit.Lamps = lamps(id, m.Yellow(), m.Due(), e.At)
		}
		told.Lamps = append(told.Lamps, lit)
	}
	slices.SortFunc(told.Lamps, func(a, b notice.Relit) int { return strings.Compare(string(a.Stream), string(b.Stream)) })
	return told, nil
}

// gathering is what one event tells.
type gathering struct {
	r      *Room
	ctx    context.Context
	told   *notice.Told
	m      *matter.Matter
	goal   name.ID // instead of a matter
	k      *matter.Kind
	at     int64
	id     string // what ids of its notices begin with
	facts  notice.Facts
	actor  name.Person // is not told of what they did
	err    error
	joined map[name.Person]bool // has been told already by this event
}

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

// deciders are those who may decide an act that was asked for: a leader in charge of the matter before the others, at most six.
func (r *Room) deciders(k *matter.Kind, m *matter.Matter, called string) (all []name.Person) {
	act := k.Act(called)
	if act == nil {
		return nil
	}
	for _, p := range act.By {
		who := r.party(m, p)
		if p.Part == matter.Anybody && p.Role == "leader" {
			who = r.inCharge(m, who)
		}
		all = append(all, who...)
	}
	return all[:min(len(all), mostHands)]
}

// inCharge narrows leaders to the one who is accountable for a matter, or in charge of the unit that works on it, if there is one.
func (r *Room) inCharge(m *matter.Matter, leaders []name.Person) []name.Person {
	for _, p := range []name.Person{name.Person(m.Fields["leader"]), r.Desk.Directory().Unit(m.Holder.Unit).Leader} {
		if slices.Contains(leaders, p) {
			return []name.Person{p}
		}
	}
	return leaders
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

// party returns the persons who are a party of a matter.
func (r *Room) party(m *matter.Matter, p matter.Party) (all []name.Person) {
	unit := name.Unit("")
	switch p.Part {
	case matter.Holder:
		if m.Holder.Person != "" {
			return []name.Person{m.Holder.Person}
		}
		unit = m.Holder.Unit
	case matter.Giver:
		unit = m.Giver.Unit
	case matter.Issuer:
		unit = m.Issuer.Unit
	case matter.Supervision:
		unit = r.Desk.Directory().Supervision
	case matter.Anybody, matter.Verifier:
		if p.Role == "" || p.Role == name.Visitor.Role {
			return nil
		}
	default:
		return nil
	}
	if p.Role != "" {
		return keys(r.Desk.StaffWith(unit, p.Role))
	}
	return keys(r.Desk.Directory().Of(unit, "")) // without a role there is a unit
}

// hands returns who is meant by a hand in a state: the person, or those of the unit who may do what comes next, or its handlers, or
// its head; at most six.
func (r *Room) hands(k *matter.Kind, state string, h matter.Hand) []name.Person {
	if h.Person != "" {
		return []name.Person{h.Person}
	}
	var roles []name.Role
	for i := range k.Acts {
		if act := &k.Acts[i]; slices.Contains(act.From, state) && act.Verb != matter.Note {
			for _, by := range act.By {
				if by.Part == matter.Holder && by.Role != "" {
					roles = append(roles, by.Role)
				}
			}
		}
	}
	return r.firstOf(h.Unit, roles, []name.Role{"handler"}, []name.Role{"head"}, []name.Role{"leader"})
}

// above returns who is meant by the hand that a rung names: the person, or whoever answers for the unit.
func (r *Room) above(h matter.Hand) []name.Person {
	if h.Person != "" {
		return []name.Person{h.Person}
	}
	return r.firstOf(h.Unit, []name.Role{"head"}, []name.Role{"supervisor"}, []name.Role{"leader"}, []name.Role{"handler"})
}

// firstOf returns those of a unit who hold one of the first roles that anybody there holds now, at most six.
func (r *Room) firstOf(unit name.Unit, ranks ...[]name.Role) []name.Person {
	if unit == "" {
		return nil
	}
	for _, roles := range ranks {
		if all := r.Desk.StaffWith(unit, roles...); len(all) > 0 {
			return keys(all[:min(len(all), mostHands)])
		}
	}
	return nil
}

func keys(persons []desk.Person) (all []name.Person) {
	for _, p := range persons {
		all = append(all, p.Key)
	}
	return all
}

func (g *gathering) notice(about notice.About, p name.Person) notice.Notice {
	return notice.Notice{ID: g.id + "." + string(about), Person: p, About: about, At: g.at, Stream: g.streamID(), Facts: g.facts}
}

func (g *gathering) streamID() name.ID {
	if g.m == nil {
		return g.goal
	}
	return g.m.ID
}

// to tells persons, each at most once by one event and not of what they did themselves.
func (g *gathering) to(about notice.About, who []name.Person) {
	for _, p := range who {
		if g.err != nil || p == g.actor || g.joined[p] || p == name.System.Person || p == name.Visitor.Person {
			continue
		}
		if _, staff := g.r.Desk.Directory().Caller(p, ""); !staff {
			continue
		}
		if g.joined == nil {
			g.joined = map[name.Person]bool{}
		}
		g.joined[p] = true
		n := g.notice(about, p)
		g.told.Notices = append(g.told.Notices, n)
		g.post(n)
	}
}

// post has a notice sent by the ways that its person has opened.
func (g *gathering) post(n notice.Notice) {
	if g.r.Ways == nil || g.r.Desk.Now()-n.At > stale.Microseconds() {
		return
	}
	reach, err := g.r.reachOf(g.ctx, n.Person)
	if err != nil {
		g.err = err
		return
	}
	for _, c := range reach.channels(n.About) {
		if g.r.Ways.Open(c) {
			g.told.Postings = append(g.told.Postings, notice.Posting{Notice: n.ID, Person: n.Person, Channel: c, At: n.At, Due: g.r.due(n.About, reach, g.r.Desk.Now())})
		}
	}
}

// group says it in the unit's group, if it has a robot there.
func (g *gathering) group(about notice.About, u name.Unit) {
	if g.r.Ways == nil || g.err != nil || g.r.Desk.Now()-g.at > stale.Microseconds() || !slices.Contains(g.r.Ways.Robots(), u) {
		return
	}
	n := g.notice(about, groupPrefix+name.Person(u))
	g.told.Notices = append(g.told.Notices, n)
	g.told.Postings = append(g.told.Postings, notice.Posting{Notice: n.ID, Person: n.Person, Channel: notice.Robot, At: n.At, Due: g.r.due(about, Reach{}, g.r.Desk.Now())})
}

// tellOfAccounts tells of what happens to permissions.
func (r *Room) tellOfAccounts(ctx context.Context, told *notice.Told, e *ledger.Event) error {
	if e.Type == account.TypeDisabled {
		return r.leave(ctx, e)
	}
	about, known := ofAccounts[e.Type]
	if !known {
		return r.tellOwner(ctx, told, e)
	}
	g := gathering{r: r, ctx: ctx, told: told, at: e.At, id: itoa(e.Seq), actor: e.Actor.Person, joined: map[name.Person]bool{}}
	if about.about == notice.ReviewDue {
		g.facts.State = strings.TrimPrefix(e.Type, "account.")
	}
	g.to(about.about, keys(r.Desk.StaffWith("", about.roles...)))
	return g.err
}

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

// ofAccounts says which events of accounts whom concern.
var ofAccounts = map[string]struct {
	about notice.About
	roles []name.Role
}{
	account.TypeGlassAsked:  {notice.BreakGlass, []name.Role{"secadmin", "leader"}}, // one of each approves
	account.TypeGlassOpened: {notice.BreakGlass, []name.Role{"secadmin", "auditor"}},
	account.TypeGlassClosed: {notice.ReviewDue, []name.Role{"auditor"}},
	account.TypeGlassLate:   {notice.ReviewDue, []name.Role{"auditor", "secadmin"}},
	account.TypeRoleEnded:   {notice.ReviewDue, []name.Role{"secadmin"}}, // nobody renewed it
	account.TypeRoleDue:     {notice.ReviewDue, []name.Role{"secadmin"}},

	account.TypeReviewOpened: {notice.ReviewDue, []name.Role{"secadmin", "auditor"}},
	account.TypeReviewLate:   {notice.ReviewDue, []name.Role{"secadmin", "auditor"}},
}
