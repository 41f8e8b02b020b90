package web

import (
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// drafted fills the form as it stands, or with the draft that the address names, which an assistant left for this person.
func (v *actView) drafted(q *request, id name.ID) error {
	v.fill(q, nil)
	key := q.Asked("draft")
	if key == "" {
		return nil
	}
	d, err := q.s.Drafts.Get(q.Context(), q.Who, key)
	if err == nil && (d.Kind != v.Kind.Ref || d.Act != v.Act.Key || d.Matter != id) {
		err = fault.ErrNotFound
	}
	if err != nil {
		return err
	}
	for i := range v.Inputs {
		in := &v.Inputs[i]
		if value, ok := d.With[in.Field.Key]; ok {
			within := in.Within
			*in = q.input(in.Field, "f."+in.Field.Key, editable(in.Field, value), in.Required)
			in.Within = within
		}
	}
	v.Drafted, v.Typed, v.Command = d.Made, d.Reason, q.forWhom(d.Command())
	return nil
}
