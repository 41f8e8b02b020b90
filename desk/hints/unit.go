package hints

import (
	"context"
	"strings"

	"bihuan/desk"
	"bihuan/ground/field"
	"bihuan/ground/name"
)

// Unit is the unit that a matter may belong to, and why.
type Unit struct {
	Key name.Unit // empty where nothing points to one
	Why name.Text // in a sentence, also why none is known
}

// Unit returns the unit that a matter of a kind, class and street may belong to. The class's own register says who is in
// charge, or names the class of another register that does; where that one says 先属地, or nobody is in charge, it is the street.
func (r *Room) Unit(ctx context.Context, kind, class, street string) (Unit, error) {
	if class == "" {
		return Unit{Why: name.Text{ZH: "选定类别后推荐", EN: "proposed once a class is chosen"}}, nil
	}
	k, ok := r.desk.Packs().Kind(kind)
	if !ok {
		return Unit{}, nil
	}
	f := field.Find(k.Fields, classField)
	if f == nil || f.Kind != field.Record {
		return Unit{}, nil
	}
	rec, ok, err := r.record(ctx, f.Register, class)
	if err != nil || !ok {
		return Unit{}, err
	}
	owner := rec
	if via := rec.Fields["urban"]; via != "" && rec.Fields["unit"] == "" {
		if further, ok, err := r.record(ctx, r.registerOf(f.Register, "urban"), via); err != nil {
			return Unit{}, err
		} else if ok {
			owner = further
		}
	}
	return r.named(rec, owner, street), nil
}

// named words the choice between who is in charge and the street.
func (r *Room) named(class, owner desk.Record, street string) Unit {
	dir := r.desk.Directory()
	unit, local := owner.Fields["unit"], r.street(street)
	what := name.Text{ZH: "“" + class.Words.ZH + "”", EN: "“" + class.Words.EN + "”"}
	switch {
	case owner.Fields["line"] == "area-first" && local != "":
		w := dir.Unit(local).Words
		return Unit{local, name.Text{ZH: what.ZH + "先属地、后属主，发生在" + w.ZH + "辖区", EN: what.EN + " goes to the area first, and it is in " + w.EN}}
	case r.isAmong(unit):
		w := dir.Unit(name.Unit(unit)).Words
		return Unit{name.Unit(unit), name.Text{ZH: what.ZH + "由" + w.ZH + "主管", EN: w.EN + " is in charge of " + what.EN}}
	case local != "":
		w := dir.Unit(local).Words
		return Unit{local, name.Text{ZH: what.ZH + "没有明确主管单位，按属地由" + w.ZH + "办理", EN: "nobody is named for " + what.EN + ", so it is the area’s: " + w.EN}}
	}
	return Unit{Why: name.Text{ZH: what.ZH + "没有明确主管单位，选街道后按属地推荐", EN: "nobody is named for " + what.EN + "; choose a street to propose by area"}}
}

// street returns the unit of a street by its code, empty for an unknown one.
func (r *Room) street(code string) name.Unit {
	for _, s := range r.desk.Directory().Streets {
		if code != "" && s.Code == code {
			return s.Unit
		}
	}
	return ""
}

// registerOf returns the register that a field of a register points into, empty if it points nowhere.
func (r *Room) registerOf(ref, key string) string {
	k, ok := r.desk.Packs().Register(ref)
	if !ok {
		return ""
	}
	if f := field.Find(k.Fields, key); f != nil && f.Kind == field.Record {
		return f.Register
	}
	return ""
}

// record returns a valid record of a register by its key.
func (r *Room) record(ctx context.Context, ref, key string) (desk.Record, bool, error) {
	if ref == "" || strings.TrimSpace(key) == "" {
		return desk.Record{}, false, nil
	}
	all, err := r.desk.ValidRecords(ctx, ref)
	for _, rec := range all {
		if rec.Key == key {
			return rec, true, nil
		}
	}
	return desk.Record{}, false, err
}

// Way is how a demand of the hotline goes on.
type Way string

// The ways.
const (
	ToUnit  Way = "send"     // 转派责任单位
	ToUrban Way = "to-urban" // 转数字城管
	ToGrid  Way = "to-grid"  // 转网格
)

// Way returns how a demand of a class of the kind goes on best: what city management knows too becomes a case, what the grid,
// a community or a street can do goes there, anything else to the unit in charge.
func (r *Room) Way(ctx context.Context, kind, class string) (Way, error) {
	k, ok := r.desk.Packs().Kind(kind)
	if !ok {
		return ToUnit, nil
	}
	f := field.Find(k.Fields, classField)
	if f == nil {
		return ToUnit, nil
	}
	rec, _, err := r.record(ctx, f.Register, class)
	switch {
	case err != nil:
		return ToUnit, err
	case rec.Fields["group"] == "city" && rec.Fields["urban"] != "":
		return ToUrban, nil
	case rec.Fields["level"] == "grid" || rec.Fields["level"] == "community" || rec.Fields["level"] == "street":
		return ToGrid, nil
	}
	return ToUnit, nil
}
