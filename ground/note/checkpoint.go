package note

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"bihuan/ground/fault"
)

// Checkpoint says what a log was at some time: how many records, and the root over them.
type Checkpoint struct {
	Origin string // which log
	Size   int64
	Root   [32]byte
	More   []string // extension lines, each a word, a blank and a value in the logs of this house
}

// The extension lines of this house.
const (
	MoreTree = "tree" // the algorithm of the tree, such as SM3
	MoreHead = "head" // the chain's head after the last record, in hexadecimal
	MoreTime = "time" // when the log signed it, RFC 3339 in UTC
)

// Says returns what an extension line says, empty if there is none.
func (c *Checkpoint) Says(word string) string {
	for _, line := range c.More {
		if value, ok := strings.CutPrefix(line, word+" "); ok {
			return value
		}
	}
	return ""
}

// Text returns the checkpoint as the text of a note.
//
// Source: C2SP tlog-checkpoint, “Note text”.
func (c *Checkpoint) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	for _, line := range c.More {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// ParseCheckpoint reads the text of a note. It wraps [fault.ErrInvalid].
func ParseCheckpoint(text string) (Checkpoint, error) {
	bad := func(what string) (Checkpoint, error) {
		return Checkpoint{}, fmt.Errorf("checkpoint: %s: %w", what, fault.ErrInvalid)
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[len(lines)-1] != "" || len(lines) > 20 {
		return bad("not three lines and a few more")
	}
	c := Checkpoint{Origin: lines[0], More: lines[3 : len(lines)-1]}
	if c.Origin == "" || len(c.Origin) > 200 {
		return bad("the first line names no log")
	}
	var err error
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return bad("the second line is no number of records")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != 32 || base64.StdEncoding.EncodeToString(root) != lines[2] {
		return bad("the third line is no root")
	}
	copy(c.Root[:], root)
	for _, line := range c.More {
		if line == "" {
			return bad("an extension line is empty")
		}
	}
	if len(c.More) == 0 {
		c.More = nil
	}
	return c, nil
}

// Open reads a checkpoint that the log of a verifier has signed: a note whose origin is the verifier's name. It wraps
// [fault.ErrInvalid] for what is no checkpoint and [fault.ErrDenied] for one that the log has not signed.
func Open(text string, log Verifier) (Checkpoint, *Note, error) {
	n, err := Parse(text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	c, err := ParseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	if _, ok := n.By(log); !ok || c.Origin != log.Name || log.Kind.Cosigns() {
		return Checkpoint{}, nil, fmt.Errorf("checkpoint of %s with %d records is not signed by %s: %w", c.Origin, c.Size, log.Name, fault.ErrDenied)
	}
	return c, n, nil
}
