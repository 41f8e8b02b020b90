package ledger

import (
	"encoding/binary"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// ParseCanonical reads what [Event.AppendCanonical] writes, without a salt, which stands beside it. It wraps
// [fault.ErrInvalid] for anything that would not be written so, also where something follows.
func ParseCanonical(b []byte) (e Event, err error) {
	p := parser{rest: b}
	if p.take(len("bihuan/event/1")) != "bihuan/event/1" {
		p.bad = true
	}
	var schema, suite int64
	for _, to := range []any{(*string)(&e.Log), &e.Seq, (*string)(&e.Stream), (*string)(&e.Kind), &e.Version, &e.At,
		(*string)(&e.Actor.Person), (*string)(&e.Actor.For), (*string)(&e.Actor.Unit), (*string)(&e.Actor.Role), &e.Type, &schema, &suite,
		&e.Number, &e.Reason, &e.Command} {
		switch to := to.(type) {
		case *string:
			*to = p.text()
		case *int64:
			*to = p.number()
		}
	}
	e.Body = []byte(p.text())
	e.Schema, e.Suite = int(schema), Suite(suite)
	if p.bad || len(p.rest) > 0 || schema != int64(e.Schema) || suite != int64(e.Suite) {
		return Event{}, fmt.Errorf("%d bytes are no event: %w", len(b), fault.ErrInvalid)
	}
	if _, err := name.ParseDistrict(string(e.Log)); err != nil {
		return Event{}, err
	}
	return e, e.Check()
}

// parser reads what is left of an encoding. After the first fault it reads nothing.
type parser struct {
	rest []byte
	bad  bool
}

func (p *parser) take(n int) string {
	if p.bad || n < 0 || n > len(p.rest) {
		p.bad = true
		return ""
	}
	s := string(p.rest[:n])
	p.rest = p.rest[n:]
	return s
}

func (p *parser) text() string {
	n := p.take(4)
	if p.bad {
		return ""
	}
	return p.take(int(binary.BigEndian.Uint32([]byte(n))))
}

func (p *parser) number() int64 {
	n := p.take(8)
	if p.bad {
		return 0
	}
	return int64(binary.BigEndian.Uint64([]byte(n)))
}
