package store

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/emmansun/gmsm/sm3"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// place is where a page ended: the last row's key of the order, and its stream.
type place struct {
	text   string
	number int64
	stream string
}

// A cursor is base64url of: eight bytes of the query's hash, the number, the length of the
// text, the text, the stream, and eight bytes of the hash of all that. It gives no rights:
// the scope is applied anew, so a forged one shows nothing that its forger may not see.
const cursorHead, cursorTail = 8 + 8 + 4, 8

func newCursor(q *journal.Query, o ordering, last *journal.Row) string {
	p := placeOf(o, last)
	b := fingerprint(q)
	b = binary.BigEndian.AppendUint64(b, uint64(p.number))
	b = binary.BigEndian.AppendUint32(b, uint32(len(p.text)))
	b = append(append(b, p.text...), p.stream...)
	sum := sm3.Sum(b)
	return base64.RawURLEncoding.EncodeToString(append(b, sum[:cursorTail]...))
}

func placeOf(o ordering, r *journal.Row) place {
	p := place{stream: string(r.Stream)}
	switch o.column {
	case "due":
		p.number = orNever(r.Due)
	case "wake":
		p.number = orNever(r.Wake)
	case "opened":
		p.number = r.Opened
	case "number":
		p.text = r.Number
	case "find":
		p.text = findText(r)
	}
	return p
}

// parseCursor returns the place that a query's cursor names, nil if it has none.
func parseCursor(q *journal.Query) (*place, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	wrong := fmt.Errorf("a cursor of another list: %w", fault.ErrInvalid)
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || len(b) < cursorHead+cursorTail {
		return nil, wrong
	}
	b, tail := b[:len(b)-cursorTail], b[len(b)-cursorTail:]
	sum := sm3.Sum(b)
	n := int64(binary.BigEndian.Uint32(b[16:]))
	if string(sum[:cursorTail]) != string(tail) || string(b[:8]) != string(fingerprint(q)) || n > int64(len(b)-cursorHead) {
		return nil, wrong
	}
	rest := b[cursorHead:]
	return &place{number: int64(binary.BigEndian.Uint64(b[8:])), text: string(rest[:n]), stream: string(rest[n:])}, nil
}

// fingerprint is eight bytes that tell one list from another: its filters and its order, not
// its scope, its moment and its streams, which may change between two pages.
func fingerprint(q *journal.Query) []byte {
	k := *q
	k.Scope, k.Streams, k.Cursor, k.Limit, k.Now = journal.Scope{}, nil, "", 0, 0
	b, _ := json.Marshal(k) // texts and numbers always marshal
	sum := sm3.Sum(b)
	return sum[:8]
}

// behind adds the condition that a row comes after a place.
func (b *builder) behind(o ordering, p *place) {
	var key any = p.text
	if o.number {
		key = p.number
	}
	than := ">"
	if o.down {
		than = "<"
	}
	k := b.arg(key)
	b.place = []string{fmt.Sprintf("row.%[1]s %[2]s= %[3]s AND (row.%[1]s %[2]s %[3]s OR row.stream > %[4]s)", o.column, than, k, b.arg(p.stream))}
	b.add(b.place[0])
}
