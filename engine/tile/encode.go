package tile

import (
	"encoding/binary"
)

// Geometry says what the places of a feature are.
type Geometry uint8

// The geometries (specification §4.3.4). The parts of a feature are its points all in one, its lines, or its rings as [ID.Areas]
// returns them.
const (
	Points Geometry = 1
	Lines  Geometry = 2
	Areas  Geometry = 3
)

// Layer is features under a name that is the only one of its kind in a tile.
type Layer struct {
	Name     string
	Features []Feature
}

// Feature is one thing on a tile. A feature without parts is not written.
type Feature struct {
	ID       uint64 // 0 for none
	Geometry Geometry
	Parts    [][]XY
	Tags     []Tag // keys are distinct
}

// Tag is a property of a feature.
type Tag struct {
	Key   string
	Value Value
}

// Value is a text, a whole number, a number or yes and no; see [Text], [Int], [Number] and [Bool].
type Value struct {
	kind uint8 // the field of the message Value, §4.1
	text string
	bits uint64
}

// Text returns a value that is a text.
func Text(s string) Value { return Value{kind: 1, text: s} }

// Int returns a value that is a whole number.
func Int(n int64) Value { return Value{kind: 4, bits: uint64(n)} }

// Encode writes layers as a tile. A layer without features is left out, so that the tile of nothing has no bytes.
func Encode(layers ...Layer) []byte {
	var b []byte
	for i := range layers {
		if body := layers[i].encode(); body != nil {
			b = appendBytes(b, 3, body)
		}
	}
	return b
}

// dictionary numbers what the features of a layer share.
type dictionary[K comparable] struct {
	at   map[K]uint64
	list []K
}

func (d *dictionary[K]) number(k K) uint64 {
	n, ok := d.at[k]
	if !ok {
		n = uint64(len(d.list))
		d.list = append(d.list, k)
		d.at[k] = n
	}
	return n
}

func (l *Layer) encode() []byte {
	keys, values := dictionary[string]{at: map[string]uint64{}}, dictionary[Value]{at: map[Value]uint64{}}
	b := appendBytes(nil, 1, []byte(l.Name))
	head := len(b)
	var body, tags, commands []byte
	for i := range l.Features {
		f := &l.Features[i]
		commands = f.commands(commands[:0])
		if len(commands) == 0 {
			continue
		}
		body, tags = body[:0], tags[:0]
		if f.ID != 0 {
			body = appendNumber(body, 1, f.ID)
		}
		for _, t := range f.Tags {
			tags = binary.AppendUvarint(tags, keys.number(t.Key))
			tags = binary.AppendUvarint(tags, values.number(t.Value))
		}
		if len(tags) > 0 {
			body = appendBytes(body, 2, tags)
		}
		body = appendNumber(body, 3, uint64(f.Geometry))
		b = appendBytes(b, 2, appendBytes(body, 4, commands))
	}
	if len(b) == head {
		return nil
	}
	for _, k := range keys.list {
		b = appendBytes(b, 3, []byte(k))
	}
	for _, v := range values.list {
		b = appendBytes(b, 4, v.encode())
	}
	return appendNumber(appendNumber(b, 5, Extent), 15, 2)
}

func (v Value) encode() []byte {
	if v.kind == 1 {
		return appendBytes(nil, 1, []byte(v.text))
	}
	return appendNumber(nil, uint64(v.kind), v.bits)
}

// The commands of geometry (§4.3.1).
const moveTo, lineTo, closePath = 1, 2, 7

func command(b []byte, id, count int) []byte { return binary.AppendUvarint(b, uint64(id|count<<3)) }

// commands writes the geometry of a feature; nothing if it has none.
func (f *Feature) commands(b []byte) []byte {
	pen := XY{}
	for _, part := range f.Parts {
		if len(part) < shortest[f.Geometry] {
			continue
		}
		switch f.Geometry {
		case Points:
			b = pen.to(command(b, moveTo, len(part)), part)
		case Lines, Areas:
			b = pen.to(command(b, moveTo, 1), part[:1])
			b = pen.to(command(b, lineTo, len(part)-1), part[1:])
		}
		if f.Geometry == Areas {
			b = command(b, closePath, 1)
		}
	}
	return b
}

// shortest is how many places a part has at least.
var shortest = [...]int{Points: 1, Lines: 2, Areas: 3}

// to writes the way from the pen to each place in turn, zigzag (§4.3.2).
func (pen *XY) to(b []byte, places []XY) []byte {
	for _, p := range places {
		b = binary.AppendUvarint(b, zigzag(p.X-pen.X))
		b = binary.AppendUvarint(b, zigzag(p.Y-pen.Y))
		*pen = p
	}
	return b
}

func zigzag(n int32) uint64 { return uint64(uint32(n<<1) ^ uint32(n>>31)) }

// Fields of a protocol buffer: numbers as varints, all else by its length.

func appendNumber(b []byte, field, n uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, field<<3), n)
}

func appendBytes(b []byte, field uint64, body []byte) []byte {
	b = binary.AppendUvarint(binary.AppendUvarint(b, field<<3|2), uint64(len(body)))
	return append(b, body...)
}
