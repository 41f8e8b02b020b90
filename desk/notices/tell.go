package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// This file says who is told of what, event by event: of matters in matter.go, of goals in goal.go, of accounts in account.go.

// stale is how long after it happened something is still sent: what is older, after a new start or a long stop, stands in the inbox only.
const stale = 3 * 24 * time.Hour

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
