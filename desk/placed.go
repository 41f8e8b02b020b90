package desk

import (
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// placed works out where the place on a form lies, and fills the fields of the form that ask for it: those that point into a
// level's register, and one named cell. What somebody filled in stays; where the outline says otherwise that is said. The
// reasons go into the event. A form without a place, or with one that cannot be read, is left as it is.
func (b *Batch) placed(k *matter.Kind, act *matter.Act, with map[string]string) (reasons []matter.Reason, err error) {
	at := ""
	for _, in := range act.Form {
		if f := field.Find(k.Fields, in.Field); f != nil && f.Kind == field.Place && at == "" {
			at, _ = f.Check(with[in.Field])
		}
	}
	p, bad := geo.ParsePoint(at)
	if bad != nil {
		return nil, nil
	}
	spot, err := b.d.Locate(b.ctx, p, calendar.Instant(b.at).Date())
	if err != nil {
		return nil, err
	}
	for _, in := range act.Form {
		f := field.Find(k.Fields, in.Field)
		l := levelOf(f)
		if l == "" {
			continue
		}
		r := matter.Reason{Field: f.Key, Value: spot.Code(l), Words: spot.Words()}
		switch typed := strings.TrimSpace(with[f.Key]); {
		case typed == "" && r.Value == "":
			continue
		case typed == "":
			with[f.Key] = r.Value
		case r.Value == "":
			r.Words = name.Text{ZH: r.Words.ZH + "，按填写的", EN: r.Words.EN + "; as it was filled in"}
		case typed != r.Value:
			r.Words = name.Text{ZH: r.Words.ZH + "；填写的是" + typed + "，按填写的", EN: r.Words.EN + "; " + typed + " was filled in and stays"}
		}
		reasons = append(reasons, r)
	}
	return reasons, nil
}

// levelOf returns the level that a field tells of, empty for another field.
func levelOf(f *field.Field) Level {
	switch {
	case f == nil:
		return ""
	case f.Kind == field.Record:
		_, called, _ := strings.Cut(f.Register, "/")
		if slices.Contains(Levels, Level(called)) {
			return Level(called)
		}
	case f.Kind == field.Text && f.Key == string(Cell):
		return Cell
	}
	return ""
}
