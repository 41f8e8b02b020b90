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

// Unit returns the unit that a matter of a kind, class and street, by its division code, may belong to: what the rules of dispatch
// say of it now, which the form of the dispatch will say again.
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
	if _, ok, err := r.record(ctx, f.Register, class); err != nil || !ok {
		return Unit{}, err
	}
	for i := range k.Acts {
		to, has, err := r.desk.Route(ctx, k, &k.Acts[i], map[string]string{classField: class, areaField: street})
		switch {
		case err != nil:
			return Unit{}, err
		case !has:
			continue
		case to.Unit == "" && street == "":
			return Unit{Why: name.Text{ZH: "选定街道后按派遣规则推荐", EN: "proposed by the rules of dispatch once a street is chosen"}}, nil
		}
		return Unit{to.Unit, to.Words}, nil
	}
	return Unit{}, nil
}

// areaField is the field of a kind that says in which street a matter is.
const areaField = "area"

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
