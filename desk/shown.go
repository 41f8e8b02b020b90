package desk

import (
	"context"
	"fmt"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// OpenPhotos is the yes-no field by which somebody says that the photos which a matter has are fit to be seen by anybody: no faces,
// no plates, nobody's home inside. Faces and plates are not found by the platform, so that without a person's yes no photo is
// public; one that comes later waits for another yes, and a no takes all back.
const OpenPhotos = "open-photos"

// PublicPhotos returns the photos of a public matter that anybody may see, in the order in which they came. It wraps
// [fault.ErrNotFound] for a matter that is not public.
func (d *Desk) PublicPhotos(ctx context.Context, id name.ID) ([]matter.Evidence, error) {
	v, err := d.PublicMatter(ctx, id)
	if err != nil {
		return nil, err
	}
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return nil, err
	}
	if f := field.Find(v.Def.Fields, OpenPhotos); f == nil || f.Kind != field.YesNo || m.Fields[OpenPhotos] != "yes" {
		return nil, nil
	}
	history, err := d.history(ctx, id)
	if err != nil {
		return nil, err
	}
	return fitPhotos(v.Def, history), nil
}

// fitPhotos are the photos that were there when somebody last said that they are fit to be seen. A yes that is said again stands in
// no field of its event, which holds what changed: it is known by its act.
func fitPhotos(k *matter.Kind, history []Entry) (fit []matter.Evidence) {
	var had []matter.Evidence
	said := ""
	for i := range history {
		c := &history[i].Change
		v, looked := c.Fields[OpenPhotos]
		if looked {
			said = v
		}
		if act := k.Act(c.Act); act != nil && !looked {
			looked = slices.ContainsFunc(act.Form, func(in matter.Input) bool { return in.Field == OpenPhotos && in.Required })
		}
		if looked { // what comes with the yes itself was not looked at yet
			if fit = nil; said == "yes" {
				fit = slices.Clone(had)
			}
		}
		for _, e := range c.Evidence {
			if e.Kind == matter.Photo && e.File != "" {
				had = append(had, e)
			}
		}
	}
	return fit
}

// PublicPhoto returns one of [Desk.PublicPhotos] as it may be handed out: made anew from its points. It wraps [fault.ErrNotFound]
// for any other file.
func (d *Desk) PublicPhoto(ctx context.Context, id name.ID, hash ledger.Hash) (journal.File, error) {
	fit, err := d.PublicPhotos(ctx, id)
	if err != nil {
		return journal.File{}, err
	}
	if !slices.ContainsFunc(fit, func(e matter.Evidence) bool { return e.File == hash.String() }) {
		return journal.File{}, fmt.Errorf("public photo %s of %s: %w", hash, id, fault.ErrNotFound)
	}
	f, err := d.store.File(ctx, hash)
	if err != nil {
		return journal.File{}, err
	}
	if f, err = d.Served(ctx, f); err == nil {
		f.Name = "" // what somebody called it may tell who it is of
	}
	return f, err
}
