package doors

import (
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
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
	Photos   int
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
	Acts     []*matter.Act // what the reporter may do now
	Kind     *matter.Kind
	Into     name.ID // the matter that it was merged into, empty if none
}

// Step is one step of a report's way that its reporter is told of.
type Step struct {
	At    int64 // µs
	State name.Text
	Unit  name.Unit // whose it was from then on
}

// Follow returns how the report of a receipt stands. It wraps fault.ErrNotFound for an unknown receipt.
func (r *Room) Follow(ctx context.Context, typed string) (Progress, error) {
	receipt, err := ReadReceipt(typed)
	if err != nil {
		return Progress{}, err
	}
	id, err := r.desk.ByCommand(ctx, command(receipt))
	if err != nil {
		return Progress{}, err
	}
	v, err := r.desk.Reported(ctx, id)
	if err != nil {
		return Progress{}, err
	}
	return r.progress(ctx, &v), nil
}

func (r *Room) progress(ctx context.Context, v *desk.MatterView) Progress {
	p := Progress{Matter: v.ID, Version: v.Version, Number: v.Number, Phase: v.Phase, Open: v.IsOpen(), Unit: v.Holder.Unit, Opened: v.Opened, Closed: v.Closed, Kind: v.Def}
	p.Expected, p.Step = desk.ExpectedBy(v)
	if s := v.Def.State(v.State); s != nil {
		p.State = publicWords(s)
	}
	if door := r.desk.DoorOf(v.Kind, pack.People); door != nil {
		p.Text, p.Address, p.Place, p.Answer = v.Fields[door.Says.Text], v.Fields[door.Says.Address], v.Fields[door.Says.Place], v.Fields[door.Answer]
		p.Service = r.desk.RecordName(ctx, door.Register, v.Fields[door.Services])
	}
	for _, e := range v.Evidence {
		if e.Kind == matter.Photo {
			p.Photos++
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

// publicWords are the words of a state for the public.
func publicWords(s *matter.State) name.Text {
	if s.Public.IsZero() {
		return s.Words
	}
	return s.Public
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
		step := Step{At: e.At, State: publicWords(s), Unit: unit}
		if n := len(all); n > 0 && all[n-1].State == step.State && all[n-1].Unit == step.Unit {
			continue
		}
		all = append(all, step)
	}
	return all
}

// Act does what the kind leaves to the reporter, such as rating or contesting what was done.
func (r *Room) Act(ctx context.Context, typed string, do desk.Do) (desk.Done, error) {
	p, err := r.Follow(ctx, typed)
	if err != nil {
		return desk.Done{}, err
	}
	do.Matter = p.Matter
	return r.desk.ActAsReporter(ctx, do)
}

// May reports whether the reporter may do an act now.
func (p *Progress) May(act string) bool {
	return slices.ContainsFunc(p.Acts, func(a *matter.Act) bool { return a.Key == act })
}
