package desk

import (
	"encoding/hex"
	"regexp"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// NewID returns a new id of the district: a UUIDv7 (RFC 9562 §5.7) of the server's time and chance.
func (d *Desk) NewID() name.ID {
	var u [16]byte
	d.world.Chance(u[:])
	ms := uint64(d.world.Now() / 1000)
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return name.NewID(d.world.District, u)
}

// NewCommand returns a new idempotency key, for a form that a page is about to show.
func (d *Desk) NewCommand() string {
	var b [16]byte
	d.world.Chance(b[:])
	return hex.EncodeToString(b[:])
}

// series returns what the case numbers of a kind begin with on a day: W22010520231016.
func (d *Desk) series(k *matter.Kind, at int64) string {
	day := calendar.Instant(at).Date().String()
	return k.Series + string(d.world.District) + strings.ReplaceAll(day, "-", "")
}

// formCommand is a key of [Desk.NewCommand], or that of a form which an assistant filled in.
var formCommand = regexp.MustCompile(`^([0-9a-f]{32}|assistant-[0-9a-f]{40})$`)

// FormCommand returns the key of a command that a form came with; for one that no form is given it returns a new one, and what was sent
// then is not known again. So nobody takes beforehand the key by which the platform will act, such as that of a matter's next rung,
// which then would have no effect.
func (d *Desk) FormCommand(typed string) string {
	if !formCommand.MatchString(typed) {
		return d.NewCommand()
	}
	return typed
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
