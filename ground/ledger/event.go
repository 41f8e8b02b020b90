package ledger

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// StreamKind says what a stream of events is about.
type StreamKind string

// The kinds of stream.
const (
	Matter    StreamKind = "matter"    // 件 something that somebody must bring to a close
	Record    StreamKind = "record"    // 册 something that exists
	Indicator StreamKind = "indicator" // 数 a figure with a target
	Account   StreamKind = "account"   // who someone is
)

// Event is the envelope of everything that was officially done: one step of one stream.
// Its fields and their canonical encoding are fixed by decision 0002; new facts go into
// the body under a new schema version.
type Event struct {
	Log     name.District // the district whose log this is
	Seq     int64         // place in the log, from 1 without gaps; set by the store
	Stream  name.ID       // what it is about
	Kind    StreamKind    // what kind of thing that is
	Version int64         // place in the stream, from 1 without gaps; set by the store
	At      int64         // when, in microseconds since 1970 UTC, by the server's clock
	Actor   name.Actor    // who, for whom, for which unit, in which role
	Type    string        // what happened, such as "matter.accept"
	Schema  int           // version of the body's schema for this type, from 1
	Suite   Suite         // which algorithms made leaf and head
	Number  string        // the gap-free case number allotted with this event, mostly empty; set by the store
	Reason  string        // why, in the actor's words or as a code
	Command string        // id of the command that led to it; all events of one command share it
	Salt    [16]byte      // chance that keeps the leaf from being guessed; travels in the command
	Body    []byte        // UTF-8 JSON object, hashed as these very bytes; no floating-point numbers
}

// Limits of the envelope. A longer value is refused, never cut.
const (
	MaxBody   = 1 << 20 // bytes
	MaxReason = 4000    // bytes
	maxShort  = 200     // bytes, any other text
)

// Check reports what is wrong with the parts of an event that its author sets.
// It wraps [fault.ErrInvalid]. Whether the body is JSON is checked where it is made.
func (e *Event) Check() error {
	for _, f := range [...]struct {
		name, text string
		max        int
		required   bool
	}{
		{"log", string(e.Log), maxShort, true},
		{"stream", string(e.Stream), maxShort, true},
		{"kind", string(e.Kind), maxShort, true},
		{"person", string(e.Actor.Person), maxShort, true},
		{"unit", string(e.Actor.Unit), maxShort, true},
		{"role", string(e.Actor.Role), maxShort, true},
		{"acting for", string(e.Actor.For), maxShort, false},
		{"type", e.Type, maxShort, true},
		{"reason", e.Reason, MaxReason, false},
		{"command", e.Command, maxShort, true},
	} {
		plain := utf8.ValidString(f.text) && strings.IndexByte(f.text, 0) < 0
		if err := checkPart(f.name, len(f.text), f.max, f.required, plain); err != nil {
			return err
		}
	}
	if err := checkPart("body", len(e.Body), MaxBody, true, utf8.Valid(e.Body) && bytes.IndexByte(e.Body, 0) < 0); err != nil {
		return err
	}
	if e.Schema < 1 {
		return fmt.Errorf("event without schema version: %w", fault.ErrInvalid)
	}
	if !e.Suite.Known() {
		return fmt.Errorf("event of unknown suite %d: %w", e.Suite, fault.ErrInvalid)
	}
	return nil
}

// checkPart reports what is wrong with a part of an event, from what is known of it.
func checkPart(name string, size, most int, required, plain bool) error {
	switch {
	case required && size == 0:
		return fmt.Errorf("event without %s: %w", name, fault.ErrInvalid)
	case size > most:
		return fmt.Errorf("event's %s has %d bytes, %d are allowed: %w", name, size, most, fault.ErrInvalid)
	case !plain:
		return fmt.Errorf("event's %s is not UTF-8 or has a zero byte: %w", name, fault.ErrInvalid)
	}
	return nil
}

// AppendCanonical appends the canonical encoding of e to b and returns the longer slice:
// the tag "bihuan/event/1", then the fields in the order of [Event] without salt, texts as
// a length of four bytes and their UTF-8, numbers as eight bytes, all big-endian.
// Two different events have different encodings.
func (e *Event) AppendCanonical(b []byte) []byte {
	b = append(b, "bihuan/event/1"...)
	b = appendText(b, string(e.Log))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq))
	b = appendText(b, string(e.Stream))
	b = appendText(b, string(e.Kind))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Version))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At))
	b = appendText(b, string(e.Actor.Person))
	b = appendText(b, string(e.Actor.For))
	b = appendText(b, string(e.Actor.Unit))
	b = appendText(b, string(e.Actor.Role))
	b = appendText(b, e.Type)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Schema))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Suite))
	b = appendText(b, e.Number)
	b = appendText(b, e.Reason)
	b = appendText(b, e.Command)
	return appendText(b, string(e.Body))
}

func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}
