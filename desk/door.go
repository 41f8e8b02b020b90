package desk

import (
	"context"
	"fmt"
	"slices"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
	"bihuan/pack"
)

// Report opens a matter through a door: what a resident, a program or a sensor reports. Who may do so is said by the
// policy and by the opening act of the kind.
func (d *Desk) Report(ctx context.Context, who Caller, door *pack.Door, do Do) (Done, error) {
	gather, err := d.report(who, door, do)
	if err != nil {
		return Done{}, err
	}
	return d.run(ctx, do, gather)
}

// TryReport decides like [Desk.Report] and opens nothing: it returns what anybody would read of the matter, without a number.
func (d *Desk) TryReport(ctx context.Context, who Caller, door *pack.Door, do Do) (MatterView, error) {
	gather, err := d.report(who, door, do)
	if err != nil {
		return MatterView{}, err
	}
	p, err := gather(d.Begin(ctx, d.NewCommand()))
	if err != nil {
		return MatterView{}, err
	}
	m := *p.matter
	m.Fields = d.PublicFields(p.def, m.Fields)
	return MatterView{Matter: m, Def: p.def}, nil
}

// report returns what gathers a report into a batch, if the caller may report.
func (d *Desk) report(who Caller, door *pack.Door, do Do) (func(*Batch) (*part, error), error) {
	if err := d.allow(who, access.DoorReport, access.Object{Type: access.Platform, Class: access.Public}); err != nil {
		return nil, err
	}
	if err := who.within(door.Of); err != nil {
		return nil, err
	}
	def, ok := d.Packs().Kind(door.Of)
	if !ok {
		return nil, fmt.Errorf("kind %q: %w", door.Of, fault.ErrNotFound)
	}
	do.Act = door.Act
	if who.IsNobody() {
		who = Nobody
	}
	return func(b *Batch) (*part, error) {
		p := b.newMatter(def)
		return p, b.act(p, who, do)
	}, nil
}

// ByReceipt returns the matter that a command opened, or that it chose to follow instead: how a receipt leads to what was reported; followed tells that
// it was somebody else's report. It wraps [fault.ErrNotFound] for a command that opened none.
func (d *Desk) ByReceipt(ctx context.Context, command string) (id name.ID, followed bool, err error) {
	r, found, err := d.store.Receipt(ctx, d.world.District, command)
	if err != nil {
		return "", false, err
	}
	if !found || len(r.Streams) == 0 {
		return "", false, fmt.Errorf("receipt: %w", fault.ErrNotFound)
	}
	if r.Streams[0].Number != "" {
		return r.Streams[0].Stream, false, nil
	}
	row, err := d.store.Row(ctx, r.Streams[0].Stream)
	if err != nil || row.Kind != FollowKind || row.Parent == "" {
		return "", false, fmt.Errorf("receipt: %w", fault.ErrNotFound)
	}
	return row.Parent, true, nil
}

// Reported returns a matter to whoever showed its receipt: its own fields as far as they may be told, and the acts that
// its kind leaves to the public.
func (d *Desk) Reported(ctx context.Context, id name.ID) (MatterView, error) {
	if err := d.allow(Nobody, access.DoorFollow, access.Object{Type: access.Platform, Class: access.Public}); err != nil {
		return MatterView{}, err
	}
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return MatterView{}, err
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return MatterView{}, err
	}
	v := MatterView{Matter: m, Def: k, Light: m.Light(d.world.Now())}
	for i := range k.Acts {
		act := &k.Acts[i]
		if m.Accepts(act) && matter.MayDo(k, &m, act, name.Visitor, d.Env()) == nil {
			v.Acts = append(v.Acts, ActView{Act: act})
		}
	}
	for _, c := range m.Clocks {
		v.Clocks = append(v.Clocks, d.clockView(k, c))
	}
	v.History, err = d.history(ctx, id)
	return v, err
}

// ActAsReporter does what a kind leaves to the public, for whoever showed the receipt of the matter.
func (d *Desk) ActAsReporter(ctx context.Context, do Do) (Done, error) {
	if err := d.allow(Nobody, access.DoorFollow, access.Object{Type: access.Platform, Class: access.Public}); err != nil {
		return Done{}, err
	}
	return d.run(ctx, do, func(b *Batch) (*part, error) {
		p, err := b.matterPart(do.Matter)
		if err != nil {
			return nil, err
		}
		return p, b.act(p, Nobody, do)
	})
}

// RegisterOf returns the register that a door's services stand in.
func (d *Desk) RegisterOf(door *pack.Door) (*register.Kind, bool) {
	return d.Packs().Register(door.Register)
}

// ExpectedBy returns the day by which a reporter may expect the answer: the latest due time of the clocks that a law or a
// promise stands behind. Where none of those runs yet it is when the present step has to be done, and step is true; 0 where no
// clock runs.
func ExpectedBy(v *MatterView) (by calendar.Date, step bool) {
	end, step := Expected(v.Def, &v.Matter)
	if end == 0 {
		return 0, false
	}
	return calendar.Instant(end - 1).Date(), step
}

// Expected is [ExpectedBy] to the µs: the first instant that is late.
func Expected(k *matter.Kind, m *matter.Matter) (end int64, step bool) {
	var outer, inner int64
	for _, c := range m.Clocks {
		def := k.Clock(c.Key)
		if c.Stopped != 0 || def == nil || c.Decision {
			continue
		}
		if def.Term == matter.Internal {
			inner = max(inner, c.Due)
		} else {
			outer = max(outer, c.Due)
		}
	}
	if outer != 0 {
		return outer, false
	}
	return inner, inner != 0
}

// Way is what the public is told of a matter besides its fields: by when it is to be done, what it was merged into, and, if
// asked for, its history.
type Way struct {
	Expected int64 // µs, the first instant that is late; 0 if no clock runs
	Step     bool  // Expected is of the present step alone
	Into     name.ID
	Photos   int
	History  []Entry // holds what the public may not read: for the rooms of the desk, never for a face
}

// PublicWay returns a public matter with its way, its history among it if told.
func (d *Desk) PublicWay(ctx context.Context, id name.ID, history bool) (v MatterView, w Way, err error) {
	if v, err = d.PublicMatter(ctx, id); err != nil {
		return v, w, err
	}
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return v, w, err
	}
	w.Expected, w.Step = Expected(v.Def, &m)
	if into := m.Linked(matter.MergedInto); len(into) > 0 {
		w.Into = into[len(into)-1]
	}
	for _, e := range m.Evidence {
		if e.Kind == matter.Photo {
			w.Photos++
		}
	}
	if history {
		w.History, err = d.history(ctx, id)
	}
	return v, w, err
}

// InstalledAt returns when a pack was installed last, in µs: since then what can be reported is what it is. 0 if none was.
func (d *Desk) InstalledAt(ctx context.Context) (int64, error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record", Kinds: []string{PackKind},
		Order: journal.ByOpened, Limit: 1})
	if err != nil || len(page.Rows) == 0 {
		return 0, err
	}
	return page.Rows[0].Opened, nil
}

// DoorOf returns the door by which matters of a kind come in from an audience, or nil.
func (d *Desk) DoorOf(kind string, a pack.Audience) *pack.Door {
	doors := d.Packs().Doors(a)
	if i := slices.IndexFunc(doors, func(door *pack.Door) bool { return door.Of == kind }); i >= 0 {
		return doors[i]
	}
	return nil
}

// Reporter is where whoever reported a matter at a door left word to be reached.
type Reporter struct{ Mail, Phone string }

// Answerable reports whether whoever reported a matter may have left an address: the kind has a door that asks for one, and the
// matter holds it.
func (d *Desk) Answerable(m *matter.Matter) bool {
	door := d.doorOf(m)
	return door != nil && (m.Personal[door.Says.Email] != "" || m.Personal[door.Says.Phone] != "")
}

// ReporterOf returns where the reporter of a matter can be reached, for the answer that the platform sends them and nothing else. An
// address that was erased is empty.
func (d *Desk) ReporterOf(ctx context.Context, id name.ID) (r Reporter, err error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil || !d.Answerable(&m) {
		return r, err
	}
	door := d.doorOf(&m)
	values, err := d.personalOf(ctx, id)
	for _, v := range values {
		switch v.Field {
		case door.Says.Email:
			r.Mail = v.Value
		case door.Says.Phone:
			r.Phone = v.Value
		}
	}
	return r, err
}

// doorOf returns the door for people of a matter's kind, nil for none.
func (d *Desk) doorOf(m *matter.Matter) *pack.Door {
	for _, door := range d.Packs().Doors(pack.People) {
		if door.Of == m.Kind {
			return door
		}
	}
	return nil
}
