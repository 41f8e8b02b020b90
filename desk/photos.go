package desk

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/photo"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// Bare returns a photo as it may become public: where, when and with what it was taken is gone from it, the picture is the
// same. It refuses, on the field, what is no JPEG, PNG or WebP or is broken.
func Bare(on string, f journal.File) (journal.File, error) {
	b, err := photo.Strip(f.Bytes)
	if err != nil {
		return journal.File{}, fault.Refuse(fault.ErrInvalid, "photo-broken", on, "file", f.Name)
	}
	return Upload(on, f.Name, photo.Kind(b), b)
}

// takenForm is how a capture says when: UTC to the millisecond, as browsers write it.
const takenForm = "2006-01-02T15:04:05.000Z"

// TakenAt writes an instant (µs) as a capture says it.
func TakenAt(micros int64) string { return time.UnixMicro(micros).UTC().Format(takenForm) }

// Seal returns the seal of a photo with where and when it was taken: SM3 over "bihuan/capture/1", the place and the time, a
// line each, and the photo's bytes. place is "lng,lat" or empty; taken is UTC to the millisecond.
func Seal(b []byte, place, taken string) string {
	h := ledger.SM3.New()
	h.Write([]byte("bihuan/capture/1\n" + place + "\n" + taken + "\n"))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// Capture checks what a phone says of a photo that it sealed when it was taken, and returns it as the event keeps it. It
// refuses a place or a time that cannot be read, and a seal that does not belong to these bytes, this place and this time.
func Capture(on string, b []byte, place, taken, seal string) (matter.Capture, error) {
	p, err := (&field.Field{Key: on, Kind: field.Place}).Check(place)
	if _, bad := time.Parse(takenForm, taken); err != nil || bad != nil || p != place {
		return matter.Capture{}, fault.Refuse(fault.ErrInvalid, "capture-unreadable", on)
	}
	if Seal(b, place, taken) != seal {
		return matter.Capture{}, fault.Refuse(fault.ErrInvalid, "capture-broken", on)
	}
	return matter.Capture{Place: place, Taken: taken, Seal: seal}, nil
}

// Received seals a photo when it arrives, for a phone that could not seal it when it was taken; the event says so.
func (d *Desk) Received(b []byte, place string) matter.Capture {
	taken := TakenAt(d.world.Now())
	return matter.Capture{Place: place, Taken: taken, Seal: Seal(b, place, taken), Late: true}
}

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
