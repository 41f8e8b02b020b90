package desk

import (
	"context"
	"encoding/base32"
	"strings"

	"bihuan/ground/field"
	"bihuan/ground/mask"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/matter"
)

// masks says by the key of a personal field how it is masked; of one that is not named here [mask.Guess] tells. Ours.
var masks = map[string]mask.Kind{
	"caller": mask.Name, "reporter": mask.Name, "name": mask.Name, "asker": mask.Name, "person-name": mask.Name, "informant": mask.Hidden,
	"phone": mask.Phone, "mobile": mask.Phone, "email": mask.Email, "caller-address": mask.Address, "home": mask.Address,
	"id-number": mask.ID, "plate": mask.Plate, "bank": mask.Bank,
}

// MaskedValue is a personal value as it is shown without a purpose.
type MaskedValue struct {
	Field *field.Field
	Shown string // masked; the alias of who is kept secret; empty for what was erased
	High  bool   // class H: shown in the clear only by two
}

// MaskedOf returns the personal values of a matter, masked, in the order of its kind's fields, for whoever has been let read it. Of class H
// nothing of the value is shown but an alias, by which the matter's papers can speak of somebody. A matter that holds none costs nothing.
func (d *Desk) MaskedOf(ctx context.Context, m *matter.Matter) (all []MaskedValue, err error) {
	if len(m.Personal) == 0 {
		return nil, nil
	}
	k, err := d.kindOf(m)
	if err != nil {
		return nil, err
	}
	values, err := d.personalOf(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	held := map[string]string{}
	for _, v := range values {
		held[v.Field] = v.Value
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		if _, there := m.Personal[f.Key]; !there || !f.Class.IsPersonal() {
			continue
		}
		v := MaskedValue{Field: f, High: isHigh(m, f)}
		switch {
		case held[f.Key] == "":
		case v.High:
			v.Shown = d.alias(m.ID)
		default:
			v.Shown = maskedField(f.Key, held[f.Key])
		}
		all = append(all, v)
	}
	return all, nil
}

// maskedField masks a value by the key of its field.
func maskedField(key, v string) string {
	kind, ok := masks[key]
	if !ok {
		kind = mask.Guess(v)
	}
	return mask.Mask(kind, v)
}

// secretField is the field by which somebody asks that nobody be told who they are (要求保密): with it what the matter holds of a
// person is of class H, as everything is that a field of class H holds.
const secretField = "secret"

// isHigh reports whether a personal field of a matter is highly sensitive: reporter identity (举报人) by the field's class, or by what the
// reporter asked for.
func isHigh(m *matter.Matter, f *field.Field) bool {
	return f.Class == field.H || f.Class == field.S && m.Fields[secretField] == "yes"
}

// alias is how papers speak of somebody who is kept secret: the same within a matter, and different in each, so that two reports of one
// person cannot be put together. Without the installation's key nobody works it out.
func (d *Desk) alias(id name.ID) string {
	h := seal.Blind(d.index.Load().now, d.world.District, "alias", string(id))
	return "化名-" + strings.ToUpper(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(h[:5])))[:6]
}
