package doors

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Progress is how a report stands, in words for whoever made it.
type Progress struct {
	Matter   name.ID
	Version  int64
	Number   string
	Service  name.Text
	Text     string // what was reported
	Address  string
	Place    string
	Photos   int       // that came with the report
	State    name.Text // in public words
	Phase    matter.Phase
	Open     bool
	Unit     name.Unit     // whose it is now
	Opened   int64         // µs
	Closed   int64         // µs, 0 while open
	Expected calendar.Date // by which the answer is to be expected, 0 if nothing is known
	Step     bool          // Expected is of the present step alone
	Answer   string
	Steps    []Step
	Acts     []*matter.Act // what the receipt's owner may do now
	ActsOn   name.ID       // to which matter: the report, or the one that goes on for it
	Kind     *matter.Kind
	Into     name.ID     // the matter that it was merged into, empty if none
	By       name.Person // of a firm's report: the account that filed it
	Followed bool        // it is somebody else's report, which the receipt's owner follows: what only its reporter may read is left out
	Goes     *Going      // of a merged report: how the matter stands that goes on for it
}

// Going is how a matter stands that has taken a report up: its closing answers the report too.
type Going struct {
	Number   string
	State    name.Text // in public words
	Open     bool
	Unit     name.Unit
	Expected calendar.Date
	Step     bool
	Closed   int64
	Answer   string
}

// Step is one step of a report's way that its reporter is told of.
type Step struct {
	At    int64 // µs
	State name.Text
	Unit  name.Unit // whose it was from then on
}

// Follow returns how the report of a receipt stands, to whoever shows it; one that was filed for a firm to whoever acts for that firm now, in that
// kind of matter. It wraps fault.ErrNotFound for an unknown receipt and fault.ErrDenied for one of a firm.
func (r *Room) Follow(ctx context.Context, who desk.Caller, typed string) (Progress, error) {
	receipt, err := ReadReceipt(typed)
	if err != nil {
		return Progress{}, err
	}
	id, followed, err := r.desk.ByReceipt(ctx, command(receipt))
	if err != nil {
		return Progress{}, err
	}
	v, err := r.desk.Reported(ctx, id)
	if err != nil {
		return Progress{}, err
	}
	if !followed {
		if err := r.mayFollow(ctx, who, &v); err != nil {
			return Progress{}, err
		}
	}
	p := r.progress(ctx, &v)
	if p.Followed = followed; followed {
		r.asPublic(&p, &v)
	}
	if p.ActsOn = p.Matter; p.Into == "" {
		return p, nil
	}
	if p.Goes, err = r.going(ctx, p.Into); err != nil || p.Goes == nil {
		return p, err
	}
	return p, r.joinIn(ctx, &p)
}

// OfFirm returns how a report stands that was filed in a firm's name, to whoever acts for that firm now in that kind of matter, as its receipt would
// show it; of any other it wraps [fault.ErrNotFound].
func (r *Room) OfFirm(ctx context.Context, who desk.Caller, id name.ID) (Progress, error) {
	v, err := r.desk.Reported(ctx, id)
	if err != nil {
		return Progress{}, err
	}
	if !strings.HasPrefix(string(v.For), account.FirmPrefix) {
		return Progress{}, fmt.Errorf("a firm's report %s: %w", id, fault.ErrNotFound)
	}
	if err := r.mayFollow(ctx, who, &v); err != nil {
		return Progress{}, err
	}
	p := r.progress(ctx, &v)
	p.By = v.History[0].Actor.Person
	return p, nil
}

// mayFollow refuses the receipt of a firm's report to whoever does not act for the firm now: an agent whose mandate has ended still knows the receipt.
func (r *Room) mayFollow(ctx context.Context, who desk.Caller, v *desk.MatterView) error {
	if len(v.History) == 0 || !strings.HasPrefix(string(v.History[0].Actor.For), account.FirmPrefix) {
		return nil
	}
	as, err := r.desk.ActingFor(ctx, who, v.History[0].Actor.For)
	if err == nil && (as.Kinds == nil || slices.Contains(as.Kinds, v.Kind)) {
		return nil
	}
	if err != nil && fault.KindOf(err) != fault.ErrDenied {
		return err
	}
	return fault.Refuse(fault.ErrDenied, "receipt-of-firm", "receipt")
}

// joinIn lets whoever's report was merged contest the closing of the matter that goes on for it.
func (r *Room) joinIn(ctx context.Context, p *Progress) error {
	survivor, err := r.desk.Survivor(ctx, p.Into)
	if err != nil {
		return err
	}
	v, err := r.desk.Reported(ctx, survivor)
	if err != nil {
		return err
	}
	p.ActsOn, p.Acts = survivor, nil
	for _, a := range v.Acts {
		p.Acts = append(p.Acts, a.Act)
	}
	p.Acts = contests(p.Acts)
	return nil
}

// contests are those of some acts that a bystander may do as well as the reporter: to say that it is not done.
func contests(acts []*matter.Act) (all []*matter.Act) {
	for _, a := range acts {
		if a.Verb == matter.Contest {
			all = append(all, a)
		}
	}
	return all
}

// asPublic leaves out what only the reporter may read and do.
func (r *Room) asPublic(p *Progress, v *desk.MatterView) {
	p.Acts, p.Photos = contests(p.Acts), 0
	open := r.desk.PublicFields(v.Def, v.Fields)
	if door := r.desk.DoorOf(v.Kind, pack.People); door != nil {
		p.Text, p.Address, p.Place, p.Answer = open["title"], open[door.Says.Address], open[door.Says.Place], open[door.Answer]
	}
}

// going returns how the matter stands that goes on for a merged one, through however many mergers; nil where that one is not
// public.
func (r *Room) going(ctx context.Context, id name.ID) (*Going, error) {
	id, err := r.desk.Survivor(ctx, id)
	if err != nil {
		return nil, err
	}
	v, way, err := r.desk.PublicWay(ctx, id, false)
	if errors.Is(err, fault.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	g := &Going{Number: v.Number, Open: v.IsOpen(), Unit: v.Holder.Unit, Step: way.Step, Closed: v.Closed}
	if way.Expected != 0 {
		g.Expected = calendar.Instant(way.Expected - 1).Date()
	}
	if s := v.Def.State(v.State); s != nil {
		g.State = desk.PublicWords(s)
	}
	if door := r.desk.DoorOf(v.Kind, pack.People); door != nil {
		g.Answer = v.Fields[door.Answer]
	}
	return g, nil
}

// Near returns the public matters that may be of the same thing as a report that somebody is about to make, likeliest first.
func (r *Room) Near(ctx context.Context, a pack.Audience, f Filing) (all []desk.Alike, err error) {
	for _, door := range r.desk.Packs().Doors(a) {
		list, err := r.desk.PublicAlike(ctx, desk.Probe{Kind: door.Of, Class: f.Service, Place: f.Place, Text: f.Text + "\n" + f.Address})
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// FollowInstead has whoever is about to report follow a public matter instead: the receipt leads to it from then on, and its
// answer is theirs too. What they left of themselves is not kept: nobody would read it, and no page of theirs could erase it.
//
// Source: Personal Information Protection Law (2021), article 6 (what the purpose needs, and no more), as read.
func (r *Room) FollowInstead(ctx context.Context, a pack.Audience, f Filing, of name.ID) error {
	receipt, err := ReadReceipt(f.Receipt)
	if err != nil {
		return fault.Refuse(fault.ErrInvalid, "receipt-unreadable", "receipt")
	}
	v, err := r.desk.PublicMatter(ctx, of)
	if err != nil {
		return err
	}
	if r.desk.DoorOf(v.Kind, a) == nil {
		return fmt.Errorf("door of %s: %w", v.Kind, fault.ErrNotFound)
	}
	return r.desk.FollowInstead(ctx, command(receipt), of)
}

func (r *Room) progress(ctx context.Context, v *desk.MatterView) Progress {
	p := Progress{Matter: v.ID, Version: v.Version, Number: v.Number, Phase: v.Phase, Open: v.IsOpen(), Unit: v.Holder.Unit, Opened: v.Opened, Closed: v.Closed, Kind: v.Def}
	p.Expected, p.Step = desk.ExpectedBy(v)
	if s := v.Def.State(v.State); s != nil {
		p.State = desk.PublicWords(s)
	}
	if door := r.desk.DoorOf(v.Kind, pack.People); door != nil {
		p.Text, p.Address, p.Place, p.Answer = v.Fields[door.Says.Text], v.Fields[door.Says.Address], v.Fields[door.Says.Place], v.Fields[door.Answer]
		p.Service = r.desk.RecordName(ctx, door.Register, v.Fields[door.Services])
	}
	for _, e := range v.History[:min(1, len(v.History))] { // what the house adds is not what they sent
		for _, sent := range e.Change.Evidence {
			if sent.Kind == matter.Photo {
				p.Photos++
			}
		}
	}
	for _, a := range v.Acts {
		p.Acts = append(p.Acts, a.Act)
	}
	if into := v.Linked(matter.MergedInto); len(into) > 0 {
		p.Into = into[len(into)-1]
	}
	p.Steps = steps(v)
	return p
}

// steps returns the states that a matter has gone through; one that reads the same as the one before is left out.
func steps(v *desk.MatterView) (all []Step) {
	unit := name.Unit("")
	for _, e := range v.History {
		if e.Change.Holder != nil {
			unit = e.Change.Holder.Unit
		}
		s := v.Def.State(e.Change.To)
		if s == nil {
			continue
		}
		step := Step{At: e.At, State: desk.PublicWords(s), Unit: unit}
		if n := len(all); n > 0 && all[n-1].State == step.State && all[n-1].Unit == step.Unit {
			continue
		}
		all = append(all, step)
	}
	return all
}

// Act does what the kind leaves to the reporter, such as rating or contesting what was done.
func (r *Room) Act(ctx context.Context, who desk.Caller, typed string, do desk.Do) (desk.Done, error) {
	p, err := r.Follow(ctx, who, typed)
	if err != nil {
		return desk.Done{}, err
	}
	if !p.May(do.Act) {
		if at, done, err := r.desk.Filed(ctx, do.Command); err != nil || done && slices.ContainsFunc(at.Streams, func(s journal.StreamAt) bool { return s.Stream == p.ActsOn }) {
			return desk.Done{Receipt: at, Matter: p.ActsOn}, err // the same form again, when it has done what it says
		}
		return desk.Done{}, fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", do.Act)
	}
	for key, v := range do.With {
		if asks := p.Asks(p.Kind.Act(do.Act)); v != "" && !slices.ContainsFunc(asks, func(in matter.Input) bool { return in.Field == key }) {
			return desk.Done{}, fault.Refuse(fault.ErrInvalid, "field-not-asked", key, "field", key)
		}
	}
	do.Matter = p.ActsOn
	return r.desk.ActAsReporter(ctx, do)
}

// Asks are the inputs of an act that are the receipt's owner's to fill in. How satisfied somebody is says who reported the matter: who follows it, or whose
// own report was merged into it, contests with words alone.
func (p *Progress) Asks(act *matter.Act) []matter.Input {
	switch {
	case act == nil:
		return nil
	case !p.Followed && p.Into == "":
		return act.Form
	}
	return slices.DeleteFunc(slices.Clone(act.Form), func(in matter.Input) bool {
		return !in.Required && slices.ContainsFunc(p.Kind.Acts, func(rate matter.Act) bool {
			return rate.Verb == matter.Rate && slices.ContainsFunc(rate.Form, func(asked matter.Input) bool { return asked.Field == in.Field })
		})
	})
}

// May reports whether the reporter may do an act now.
func (p *Progress) May(act string) bool {
	return slices.ContainsFunc(p.Acts, func(a *matter.Act) bool { return a.Key == act })
}
