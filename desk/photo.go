package desk

import (
	"encoding/hex"
	"regexp"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
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

// commandID is a UUIDv7 (RFC 9562 §5.7) in lower case that a phone made, or a key of [Desk.NewCommand] that a form came with.
var commandID = regexp.MustCompile(`^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[0-9a-f]{32})$`)

// CommandOf returns the key of a command that a person's phone made: its id behind the person's name, so that nobody is
// answered with what somebody else sent. An id that is none gives a new key: what was sent then is not known again.
func (d *Desk) CommandOf(who Caller, id string) string {
	if !commandID.MatchString(id) {
		return d.NewCommand()
	}
	return "phone-" + string(who.Person) + "-" + id
}
