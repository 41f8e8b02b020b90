package note

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// Limits of a note.
const (
	MaxNote       = 64 << 10 // bytes
	MaxSignatures = 64
)

// Note is a text and who signed it. The text ends in a newline.
type Note struct {
	Text       string
	Signatures []Signature
}

// Signature is one line below a note.
type Signature struct {
	Name  string
	ID    uint32
	Bytes []byte // for a witness, eight bytes of seconds since 1970 come first
}

// String returns the line with its newline.
func (s Signature) String() string {
	return "— " + s.Name + " " + base64.StdEncoding.EncodeToString(append(binary.BigEndian.AppendUint32(nil, s.ID), s.Bytes...)) + "\n"
}

// At returns when a witness signed, in seconds since 1970; of another's signature it means nothing.
func (s Signature) At() int64 {
	if len(s.Bytes) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(s.Bytes) &^ (1 << 63))
}

// String returns the note as it is published.
func (n *Note) String() string {
	var b strings.Builder
	b.WriteString(n.Text)
	b.WriteByte('\n')
	for _, s := range n.Signatures {
		b.WriteString(s.String())
	}
	return b.String()
}

// Parse reads a note with at least one signature. It wraps [fault.ErrInvalid].
//
// Source: C2SP signed-note, “Format”.
func Parse(text string) (*Note, error) {
	if len(text) > MaxNote || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 && r != '\n' }) {
		return nil, fmt.Errorf("a note of %d bytes, or with control characters: %w", len(text), fault.ErrInvalid)
	}
	at := strings.LastIndex(text, "\n\n")
	if at < 0 {
		return nil, fmt.Errorf("a note without an empty line before its signatures: %w", fault.ErrInvalid)
	}
	n := &Note{Text: text[:at+1]}
	var err error
	if n.Signatures, err = ParseSignatures(text[at+2:]); err == nil && len(n.Signatures) == 0 {
		err = fmt.Errorf("a note without signatures: %w", fault.ErrInvalid)
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// ParseSignatures reads signature lines, each with its newline, as a witness answers them. It wraps [fault.ErrInvalid].
func ParseSignatures(lines string) (all []Signature, err error) {
	for lines != "" {
		line, rest, ended := strings.Cut(lines, "\n")
		if !ended || len(all) == MaxSignatures {
			return nil, fmt.Errorf("signature %d is not ended, or one too many: %w", len(all)+1, fault.ErrInvalid)
		}
		s, ok := parseSignature(line)
		if !ok {
			return nil, fmt.Errorf("signature %d is none: %w", len(all)+1, fault.ErrInvalid)
		}
		all, lines = append(all, s), rest
	}
	return all, nil
}

func parseSignature(line string) (Signature, bool) {
	rest, ok := strings.CutPrefix(line, "— ")
	name, encoded, _ := strings.Cut(rest, " ")
	b, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if !ok || err != nil || len(b) < 5 || len(b) > 8<<10 || checkName(name) != nil || base64.StdEncoding.EncodeToString(b) != encoded {
		return Signature{}, false
	}
	return Signature{name, binary.BigEndian.Uint32(b), b[4:]}, true
}

// By returns the first signature of a verifier, and whether there is one and it is right. Other lines are left alone.
func (n *Note) By(v Verifier) (Signature, bool) {
	for _, s := range n.Signatures {
		if s.Name == v.Name && s.ID == v.ID() {
			return s, v.verify(n.Text, s.Bytes)
		}
	}
	return Signature{}, false
}

// Add puts a signature below the note; one of the same key is replaced.
func (n *Note) Add(s Signature) {
	for i, old := range n.Signatures {
		if old.Name == s.Name && old.ID == s.ID {
			n.Signatures[i] = s
			return
		}
	}
	n.Signatures = append(n.Signatures, s)
}
