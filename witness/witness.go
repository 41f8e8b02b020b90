// Package witness is somebody outside of a log's house who remembers what the log was: it cosigns a checkpoint only if it has
// seen none that the new one does not begin with, so that a log cannot be cut off, rewritten or shown differently to different people
// without a witness refusing.
//
// [New] makes one over a [State], [Witness.Add] is its one rule, [Witness.Handler] serves it over HTTP, and [Client] asks one. The protocol is C2SP
// tlog-witness; the cosignatures are C2SP tlog-cosignature, with SM2 beside Ed25519.
//
// It promises: what was cosigned is on the disk before the signature leaves; a witness that has lost its state, or was given
// an old one, refuses until its keeper shows it a checkpoint with its own cosignature. It does not look into records: it never sees any.
package witness

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"bihuan/ground/fault"
	"bihuan/ground/merkle"
	"bihuan/ground/note"
)

// State is what a witness remembers of each log.
type State interface {
	// Last returns the last checkpoint cosigned for a log, a note as text; empty if there was none. It wraps [ErrLost] if there
	// was one that is not there any more.
	Last(origin string) (checkpoint string, err error)
	// Keep remembers a checkpoint of a size; it is on the disk when it returns.
	Keep(origin string, size int64, checkpoint string) error
}

// Refusals of a witness, each an answer of the protocol.
var (
	ErrUnknown = fmt.Errorf("log not known here: %w", fault.ErrNotFound)                                                         // 404
	ErrProof   = fmt.Errorf("not shown to begin with what was seen: %w", fault.ErrInvalid)                                       // 422
	ErrLost    = fmt.Errorf("the witness has lost what it had seen; its keeper must show it the last: %w", fault.ErrUnavailable) // 503
)

// Behind refuses a checkpoint that was sent with another size before it than the witness has seen: 409 with Size.
type Behind struct{ Size int64 }

func (b *Behind) Error() string { return fmt.Sprintf("the witness has seen %d records", b.Size) }

// Unwrap makes it a [fault.ErrConflict].
func (b *Behind) Unwrap() error { return fault.ErrConflict }

// Witness cosigns checkpoints of the logs that it knows. It is safe for many goroutines.
type Witness struct {
	key    *note.Signer
	logs   map[string][]note.Verifier // the keys of each log, the one that signs now last
	state  State
	now    func() int64
	chance io.Reader
	mu     sync.Mutex
}

// New returns a witness. key is a witness's key; logs are the keys of the logs, whose names are their origins: of several of one
// log the last signs now, and by the others only what was cosigned before is read; now is in seconds
// since 1970. It wraps [fault.ErrInvalid] for keys that are not what they should be.
func New(key *note.Signer, logs []note.Verifier, state State, now func() int64, chance io.Reader) (*Witness, error) {
	w := &Witness{key: key, logs: map[string][]note.Verifier{}, state: state, now: now, chance: chance}
	if !key.Verifier().Kind.Cosigns() {
		return nil, fmt.Errorf("%s is not a witness's key: %w", key.Verifier().Name, fault.ErrInvalid)
	}
	for _, l := range logs {
		if l.Kind.Cosigns() || slices.Contains(w.logs[l.Name], l) {
			return nil, fmt.Errorf("%s is not a log's key, or given twice: %w", l.Name, fault.ErrInvalid)
		}
		w.logs[l.Name] = append(w.logs[l.Name], l)
	}
	return w, nil
}

// Key returns the witness's public key.
func (w *Witness) Key() note.Verifier { return w.key.Verifier() }

// Request is a checkpoint with the proof that it begins with the one before.
type Request struct {
	Old        int64
	Proof      []merkle.Hash
	Checkpoint string // a note
}

// MaxRequest is the most bytes of a request.
const MaxRequest = note.MaxNote + 64*45

// String returns the request as it is sent.
//
// Source: C2SP tlog-witness, “add-checkpoint”.
func (q *Request) String() string {
	return fmt.Sprintf("old %d\n%s\n%s", q.Old, merkle.FormatProof(q.Proof), q.Checkpoint)
}

// ParseRequest reads what String returns. It wraps [fault.ErrInvalid].
func ParseRequest(text string) (q Request, err error) {
	bad := fmt.Errorf("the request is not old size, proof, empty line, checkpoint: %w", fault.ErrInvalid)
	head, checkpoint, ok := strings.Cut(text, "\n\n")
	if !ok || len(text) > MaxRequest {
		return q, bad
	}
	first, proof, _ := strings.Cut(head+"\n", "\n")
	size, ok := strings.CutPrefix(first, "old ")
	if q.Old, err = strconv.ParseInt(size, 10, 64); !ok || err != nil || q.Old < 0 || strconv.FormatInt(q.Old, 10) != size {
		return Request{}, bad
	}
	if q.Proof, err = merkle.ParseProof(proof); err != nil {
		return Request{}, err
	}
	q.Checkpoint = checkpoint
	return q, nil
}

// Add looks at a checkpoint and cosigns it if everything that was cosigned before is its beginning.
//
// It wraps [ErrUnknown], [fault.ErrDenied] for one that the log has not signed, [fault.ErrInvalid], [Behind], [ErrProof] and
// [ErrLost], in this order of looking.
func (w *Witness) Add(q *Request) (note.Signature, error) {
	n, err := note.Parse(q.Checkpoint)
	if err != nil {
		return note.Signature{}, err
	}
	c, err := note.ParseCheckpoint(n.Text)
	if err != nil {
		return note.Signature{}, err
	}
	keys := w.logs[c.Origin]
	if len(keys) == 0 {
		return note.Signature{}, fmt.Errorf("%q: %w", c.Origin, ErrUnknown)
	}
	log := keys[len(keys)-1]
	if c, n, err = note.Open(q.Checkpoint, log); err != nil {
		return note.Signature{}, err
	}
	if q.Old > c.Size {
		return note.Signature{}, fmt.Errorf("old size %d is above the checkpoint's %d: %w", q.Old, c.Size, fault.ErrInvalid)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.follows(q, &c); err != nil {
		return note.Signature{}, err
	}
	sig, err := w.key.Cosign(n.Text, w.now(), w.chance)
	if err != nil {
		return note.Signature{}, err
	}
	signed, _ := n.By(log)
	kept := note.Note{Text: n.Text, Signatures: []note.Signature{signed, sig}}
	if err := w.state.Keep(c.Origin, c.Size, kept.String()); err != nil {
		return note.Signature{}, err
	}
	return sig, nil
}

// follows reports whether a checkpoint begins with the last one that was cosigned.
func (w *Witness) follows(q *Request, c *note.Checkpoint) error {
	text, err := w.state.Last(c.Origin)
	if err != nil {
		return err
	}
	if text == "" {
		if q.Old != 0 {
			return &Behind{0}
		}
		if len(q.Proof) != 0 || !algorithm(c).Known() {
			return ErrProof
		}
		return nil
	}
	was, err := w.remembered(c.Origin, text)
	if err != nil {
		return fmt.Errorf("what the witness remembers of %s: %w", c.Origin, errors.Join(ErrLost, err))
	}
	if q.Old != was.Size || was.Size == c.Size && was.Root != c.Root {
		return &Behind{was.Size}
	}
	if algorithm(&was) != algorithm(c) || merkle.VerifyConsistency(algorithm(c), was.Size, c.Size, was.Root, c.Root, q.Proof) != nil {
		return fmt.Errorf("%s with %d records after %d: %w", c.Origin, c.Size, was.Size, ErrProof)
	}
	return nil
}

// remembered opens what was cosigned before, by whichever of the log's keys signed it then.
func (w *Witness) remembered(origin, text string) (c note.Checkpoint, err error) {
	err = fmt.Errorf("%q: %w", origin, ErrUnknown)
	for _, k := range w.logs[origin] {
		if c, _, err = note.Open(text, k); err == nil {
			break
		}
	}
	return c, err
}

// algorithm is that of a checkpoint's tree: SHA-256 unless it says otherwise, as the specifications have it.
func algorithm(c *note.Checkpoint) merkle.Algorithm {
	if a := c.Says(note.MoreTree); a != "" {
		return merkle.Algorithm(a)
	}
	return merkle.SHA256
}

// Resume has the witness go on from a checkpoint that carries its own cosignature, after it has lost what it had seen. It wraps
// [fault.ErrDenied] for one that it has not cosigned, and [fault.ErrConflict] for one that is older than what it remembers.
func (w *Witness) Resume(checkpoint string) error {
	n, err := note.Parse(checkpoint)
	if err != nil {
		return err
	}
	c, err := note.ParseCheckpoint(n.Text)
	if err != nil {
		return err
	}
	if _, err := w.remembered(c.Origin, checkpoint); err != nil {
		return err
	}
	if _, ok := n.By(w.Key()); !ok {
		return fmt.Errorf("the checkpoint of %s with %d records does not carry this witness's cosignature: %w", c.Origin, c.Size, fault.ErrDenied)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if text, err := w.state.Last(c.Origin); err == nil && text != "" {
		if was, err := w.remembered(c.Origin, text); err == nil && was.Size > c.Size {
			return &Behind{was.Size}
		}
	}
	return w.state.Keep(c.Origin, c.Size, checkpoint)
}
