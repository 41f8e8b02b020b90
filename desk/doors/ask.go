package doors

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Ask is one more thing that may be said at a door: a field of the opening act that neither the service nor what is said
// at every door fills.
type Ask struct {
	Field    *field.Field
	Required bool
}

// asked are the kinds of field that can be asked for at a door: files, tables and persons of the district cannot.
var asked = []field.Kind{field.Text, field.LongText, field.Integer, field.Decimal, field.Money, field.Date, field.Month, field.Instant, field.Choice, field.YesNo, field.Unit,
	field.Record}

// Asks returns what a door asks besides, in the order of its act's form. Personal fields are not among it.
func (r *Room) Asks(door *pack.Door) (all []Ask) {
	k, ok := r.desk.Packs().Kind(door.Of)
	if !ok {
		return nil
	}
	act := k.Act(door.Act)
	if act == nil {
		return nil
	}
	said := []string{"title", door.Services, door.Says.Text, door.Says.Place, door.Says.Address, door.Says.Name, door.Says.Phone, door.Says.Email}
	for _, fixed := range door.Sets {
		said = append(said, fixed.Facet)
	}
	for _, in := range act.Form {
		f := field.Find(k.Fields, in.Field)
		if f != nil && !slices.Contains(said, in.Field) && !f.Class.IsPersonal() && slices.Contains(asked, f.Kind) {
			all = append(all, Ask{f, in.Required})
		}
	}
	return all
}

// Choice is one of the values that something asked may have.
type Choice struct {
	Key   string
	Words name.Text
}

// mostChoices is how many rows of a register are offered as choices; of a longer one the key is asked for.
const mostChoices = 200

// Choices returns the values that an ask may have for a service, in their order; none where anything may be said. Rows of a
// register which say what service they belong to are offered for that service alone.
func (r *Room) Choices(ctx context.Context, a *Ask, s *Service) (all []Choice, err error) {
	switch a.Field.Kind {
	case field.Choice:
		for _, o := range a.Field.Options {
			all = append(all, Choice{o.Key, o.Words})
		}
	case field.YesNo:
		all = []Choice{{"yes", name.Text{ZH: "是", EN: "Yes"}}, {"no", name.Text{ZH: "否", EN: "No"}}}
	case field.Unit:
		for _, u := range r.desk.Directory().Units {
			all = append(all, Choice{string(u.Key), u.Words})
		}
	case field.Record:
		rows, err := r.rowsFor(ctx, a.Field.Register, s)
		if err != nil || len(rows) > mostChoices {
			return nil, err
		}
		for _, row := range rows {
			all = append(all, Choice{row.Key, row.Words})
		}
	}
	return all, nil
}

// rowsFor returns the rows of a register that may belong to a service.
func (r *Room) rowsFor(ctx context.Context, register string, s *Service) ([]desk.Record, error) {
	rows, err := r.desk.ValidRecords(ctx, register)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(rows, func(row desk.Record) bool { return !r.mayBe(register, &row, s) }), nil
}

// mayBe reports whether a row of a register may belong to a service: unless it says that it belongs to another.
func (r *Room) mayBe(register string, row *desk.Record, s *Service) bool {
	k, ok := r.desk.Packs().Register(register)
	if !ok || register == s.Door.Register {
		return true
	}
	i := slices.IndexFunc(k.Fields, func(f field.Field) bool { return f.Kind == field.Record && f.Register == s.Door.Register })
	return i < 0 || row.Fields[k.Fields[i].Key] == s.Code
}

// rowFor returns the row of a key, if it may belong to a service. It wraps [fault.ErrNotFound].
func (r *Room) rowFor(ctx context.Context, register, key string, s *Service) (desk.Record, error) {
	row, err := r.desk.ValidRecord(ctx, register, key)
	if err == nil && !r.mayBe(register, &row, s) {
		return desk.Record{}, fmt.Errorf("record %s of %s is not of service %s: %w", key, register, s.Code, fault.ErrNotFound)
	}
	return row, err
}

// checkMore refuses, on the field, what a door does not ask, what it asks and was not said, and a row that does not exist.
// The rest is checked where every form is.
func (r *Room) checkMore(ctx context.Context, f *Filing, s *Service) error {
	asks := r.Asks(s.Door)
	for key := range f.More {
		if !slices.ContainsFunc(asks, func(a Ask) bool { return a.Field.Key == key }) {
			return fault.Refuse(fault.ErrInvalid, "field-not-asked", key, "field", key)
		}
	}
	for i := range asks {
		a, v := &asks[i], f.More[asks[i].Field.Key]
		switch {
		case v == "" && a.Required:
			return fault.Refuse(fault.ErrInvalid, "field-missing", a.Field.Key, "field", a.Field.Key)
		case v != "" && a.Field.Kind == field.Record:
			if _, err := r.rowFor(ctx, a.Field.Register, v, s); errors.Is(err, fault.ErrNotFound) {
				return fault.Refuse(fault.ErrInvalid, "no-such-option", a.Field.Key, "field", a.Field.Key, "value", v)
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}

// Spot is a place that the district knows by a code of its own: a lamp, a manhole.
type Spot struct {
	Field string // of the report, which points to it
	Key   string
	Words name.Text
	Place string // "lng,lat"
}

// Spot returns the place of a code in one of the registers that a door asks for. It wraps [fault.ErrNotFound].
func (r *Room) Spot(ctx context.Context, s *Service, code string) (Spot, error) {
	for _, a := range r.Asks(s.Door) {
		if a.Field.Kind != field.Record {
			continue
		}
		k, ok := r.desk.Packs().Register(a.Field.Register)
		if !ok {
			continue
		}
		at := slices.IndexFunc(k.Fields, func(f field.Field) bool { return f.Kind == field.Place })
		if at < 0 {
			continue
		}
		row, err := r.rowFor(ctx, a.Field.Register, code, s)
		if err == nil {
			return Spot{a.Field.Key, row.Key, row.Words, row.Fields[k.Fields[at].Key]}, nil
		} else if !errors.Is(err, fault.ErrNotFound) {
			return Spot{}, err
		}
	}
	return Spot{}, fault.Refuse(fault.ErrNotFound, "spot-unknown", "address_id", "value", code)
}

// Supplement adds something to a public report for whoever made it: with its receipt, or from the program whose key filed
// it. id is the program's own id of the update; the same again adds nothing.
//
// It wraps [fault.ErrNotFound] for a report that is none, or that somebody else made, and [fault.ErrConflict] where nothing
// can be added any more.
func (r *Room) Supplement(ctx context.Context, a pack.Audience, by name.Person, receipt, number, id, text string) (Update, error) {
	of, err := r.made(ctx, a, by, receipt, number)
	if err != nil {
		return Update{}, err
	}
	v, err := r.desk.Reported(ctx, of)
	if err != nil {
		return Update{}, err
	}
	do := desk.Do{Matter: of, Command: commandOf("update", string(by), number, id), With: map[string]string{}}
	for i := range v.Acts {
		if in := supplements(v.Def, v.Acts[i].Act); in != "" {
			do.Act, do.With[in] = v.Acts[i].Act.Key, text
			break
		}
	}
	closed := fault.Refuse(fault.ErrConflict, "no-supplement", "service_request_id")
	late := do.Act == "" // nothing can be added any more; what was added before is answered as it was
	for i := range v.Def.Acts {
		if in := supplements(v.Def, &v.Def.Acts[i]); in != "" && do.Act == "" {
			do.Act, do.With[in] = v.Def.Acts[i].Key, text
		}
	}
	if do.Act == "" {
		return Update{}, closed
	}
	done, err := r.desk.ActAsReporter(ctx, do)
	if late && err != nil {
		return Update{}, closed
	}
	if refusal, ok := errors.AsType[*fault.Refusal](err); ok && do.With[refusal.Field] != "" {
		said := *refusal
		said.Field = "text" // whoever adds to a report does not know what the pack calls it
		err = &said
	}
	if err != nil {
		return Update{}, err
	}
	u := Update{ID: number + "-" + itoa(done.Version), Number: number, At: done.Receipt.At, Open: v.IsOpen(), Version: done.Version}
	if s := v.Def.State(v.State); s != nil {
		u.State = desk.PublicWords(s)
	}
	return u, nil
}

// made returns the report of a number if whoever asks made it.
func (r *Room) made(ctx context.Context, a pack.Audience, by name.Person, receipt, number string) (name.ID, error) {
	unknown := fault.Refuse(fault.ErrNotFound, "request-unknown", "service_request_id", "value", number)
	all, err := r.Numbered(ctx, a, []string{number})
	if err != nil {
		return "", err
	}
	if len(all) != 1 {
		return "", unknown
	}
	if receipt != "" {
		p, err := r.Follow(ctx, desk.Nobody, receipt)
		if err == nil && p.Matter == all[0].Matter && !p.Followed {
			return p.Matter, nil
		}
		return "", unknown
	}
	_, history, err := r.public(ctx, a, all[0].Matter, true, nil)
	if err != nil {
		return "", err
	}
	if len(history) == 0 || by == "" || history[0].Actor.Person != by {
		return "", unknown
	}
	return all[0].Matter, nil
}

// supplements returns the field of an act that adds words and asks for nothing else, empty if it is no such act.
func supplements(k *matter.Kind, act *matter.Act) string {
	if act.Verb != matter.Note || len(act.Form) != 1 || len(act.Evidence) > 0 {
		return ""
	}
	if f := field.Find(k.Fields, act.Form[0].Field); f != nil && (f.Kind == field.LongText || f.Kind == field.Text) {
		return f.Key
	}
	return ""
}
