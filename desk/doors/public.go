package doors

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Public is a report as anybody may read it: what its kind shows without login, masked, and how it stands.
type Public struct {
	Matter   name.ID
	Number   string
	Code     string // of the service, empty while nobody has said which it is
	Service  name.Text
	Title    string
	Text     string // empty where the kind keeps it to itself
	Address  string
	Place    string // "lng,lat" in WGS-84
	Answer   string
	State    name.Text // in public words
	Open     bool
	Unit     name.Unit // who is responsible: the unit that it was given to, before that the one that has it
	Opened   int64     // µs
	Closed   int64     // µs, 0 while open
	Changed  int64     // µs: when it was closed, or while open of its last event
	Expected int64     // µs, the first instant that is late; 0 if nothing is known
	Step     bool      // Expected is of the present step alone
	Into     name.ID   // the matter that it was merged into
	Fields   map[string]string
	Kind     *matter.Kind
	Door     *pack.Door
}

// public reads one report as anybody may.
func (r *Room) public(ctx context.Context, a pack.Audience, id name.ID, history bool, called called) (Public, []desk.Entry, error) {
	v, way, err := r.desk.PublicWay(ctx, id, history)
	if err != nil {
		return Public{}, nil, err
	}
	door := r.desk.DoorOf(v.Kind, a)
	if door == nil {
		return Public{}, nil, fmt.Errorf("report %s: %w", id, fault.ErrNotFound)
	}
	p := r.publicOf(ctx, door, &v, called)
	p.Expected, p.Step, p.Into = way.Expected, way.Step, way.Into
	return p, way.History, nil
}

// called are the names of services that were looked up for one answer; nil remembers nothing.
type called map[string]name.Text

// of returns the name of a door's service.
func (c called) of(ctx context.Context, r *Room, door *pack.Door, code string) name.Text {
	key := door.Register + " " + code
	if w, ok := c[key]; ok {
		return w
	}
	w := r.desk.RecordName(ctx, door.Register, code)
	if c != nil {
		c[key] = w
	}
	return w
}

// publicOf returns a report out of the public view of its matter.
func (r *Room) publicOf(ctx context.Context, door *pack.Door, v *desk.MatterView, c called) Public {
	p := Public{Matter: v.ID, Number: v.Number, Code: v.Fields[door.Services], Title: v.Fields["title"], Text: v.Fields[door.Says.Text], Address: v.Fields[door.Says.Address],
		Place: v.Fields[door.Says.Place], Answer: v.Fields[door.Answer], Open: v.IsOpen(), Unit: name.Unit(v.Fields["unit"]), Opened: v.Opened, Closed: v.Closed,
		Changed: cmp.Or(v.Closed, v.Changed), Fields: v.Fields, Kind: v.Def, Door: door}
	if p.Unit == "" {
		p.Unit = v.Holder.Unit
	}
	if s := v.Def.State(v.State); s != nil {
		p.State = desk.PublicWords(s)
	}
	if p.Code != "" {
		p.Service = c.of(ctx, r, door, p.Code)
	}
	return p
}

// kindsOf are the kinds of matter that an audience reports.
func (r *Room) kindsOf(a pack.Audience) (all []string) {
	for _, door := range r.desk.Packs().Doors(a) {
		if !slices.Contains(all, door.Of) {
			all = append(all, door.Of)
		}
	}
	return all
}

// Each calls f for the public reports of an audience's kinds that q leaves, in q's order, until f returns false.
func (r *Room) Each(ctx context.Context, a pack.Audience, q journal.Query, f func(*Public) bool) error {
	names := called{}
	return r.each(ctx, a, q, func(id name.ID) (bool, error) {
		p, _, err := r.public(ctx, a, id, false, names)
		if err != nil {
			return false, err
		}
		return f(&p), nil
	})
}

func (r *Room) each(ctx context.Context, a pack.Audience, q journal.Query, f func(name.ID) (bool, error)) error {
	if q.Kinds = r.kindsOf(a); len(q.Kinds) == 0 {
		return nil
	}
	for {
		ids, next, err := r.desk.PublicStreams(ctx, q)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if more, err := f(id); err != nil || !more {
				return err
			}
		}
		if q.Cursor = next; q.Cursor == "" {
			return nil
		}
	}
}

// Numbered returns the public reports with these numbers, in their order; a number that is none, or not public, is left out.
func (r *Room) Numbered(ctx context.Context, a pack.Audience, numbers []string) (all []Public, err error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	err = r.Each(ctx, a, journal.Query{Numbers: numbers, Order: journal.ByNumber, Limit: 500}, func(p *Public) bool {
		all = append(all, *p)
		return true
	})
	slices.SortStableFunc(all, func(a, b Public) int { return slices.Index(numbers, a.Number) - slices.Index(numbers, b.Number) })
	return all, err
}

// Update is a step of a report's way that the public is told of.
type Update struct {
	ID      string // of the update: the report's number and its version
	Number  string
	At      int64 // µs
	State   name.Text
	Open    bool
	Answer  string // of the report, once it is at its end
	Version int64
}

// maxUpdated is how many reports are looked at for what became of them; more than a district has under way.
const maxUpdated = 20_000

// Updated returns the public reports that were changed in [from, until), and what the public is told of each of these
// changes if steps, latest first. It wraps [fault.ErrInvalid] for a span in which more happened than is looked at.
func (r *Room) Updated(ctx context.Context, a pack.Audience, from, until int64, steps bool) (all []Public, updates []Update, err error) {
	yes, no, seen, names := true, false, 0, called{}
	look := func(id name.ID) (bool, error) {
		if seen++; seen > maxUpdated {
			return false, fault.Refuse(fault.ErrInvalid, "span-too-wide", "start_date")
		}
		p, history, err := r.public(ctx, a, id, steps, names)
		if err != nil || p.Changed < from {
			return err == nil, err
		}
		if p.Changed < until {
			all = append(all, p)
		}
		for _, u := range updatesOf(&p, history) {
			if u.At >= from && u.At < until {
				updates = append(updates, u)
			}
		}
		return true, nil
	}
	q := journal.Query{Order: journal.ByOpened, Limit: 500, Open: &yes, Opened: journal.Between{Until: until}}
	if err = r.each(ctx, a, q, look); err == nil {
		q.Open, q.Closed = &no, journal.Between{From: from}
		err = r.each(ctx, a, q, look)
	}
	slices.SortStableFunc(all, func(a, b Public) int {
		return cmp.Or(cmp.Compare(b.Changed, a.Changed), cmp.Compare(a.Number, b.Number))
	})
	slices.SortStableFunc(updates, func(a, b Update) int {
		return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(a.Number, b.Number), cmp.Compare(b.Version, a.Version))
	})
	return all, updates, err
}

// Steps returns what the public is told of a report's way, oldest first.
func (r *Room) Steps(ctx context.Context, a pack.Audience, id name.ID) ([]Update, error) {
	p, history, err := r.public(ctx, a, id, true, nil)
	return updatesOf(&p, history), err
}

// updatesOf returns the states that a report has gone through, in public words; one that reads like the one before is left out.
func updatesOf(p *Public, history []desk.Entry) (all []Update) {
	for _, e := range history {
		s := p.Kind.State(e.Change.To)
		if s == nil {
			continue
		}
		u := Update{ID: fmt.Sprintf("%s-%d", p.Number, e.Version), Number: p.Number, At: e.At, State: desk.PublicWords(s), Open: s.Phase.IsOpen(), Version: e.Version}
		if n := len(all); n > 0 && all[n-1].State == u.State {
			continue
		}
		if !u.Open && !p.Open {
			u.Answer = p.Answer
		}
		all = append(all, u)
	}
	return all
}
