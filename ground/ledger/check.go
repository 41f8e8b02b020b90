package ledger

import (
	"fmt"

	"bihuan/ground/name"
)

// Entry is an event as a log keeps it: with its leaf, and with the head after it.
type Entry struct {
	Event
	Leaf Hash
	Head Hash
}

// Flaw is the first place at which a log is not what it claims to be.
type Flaw struct {
	Seq  int64    // where; one past the last entry if the end is wrong
	Code FlawCode // what
	Text string   // what was found, for the person who looks into it
}

// FlawCode says what kind of flaw it is.
type FlawCode string

// The flaws.
const (
	FlawGap     FlawCode = "gap"     // the next entry is missing, doubled, or of another log
	FlawVersion FlawCode = "version" // a stream's events are not 1, 2, 3 …
	FlawKind    FlawCode = "kind"    // a stream changed its kind
	FlawSuite   FlawCode = "suite"   // algorithms that this version does not know
	FlawLeaf    FlawCode = "leaf"    // the event is not the one that was entered
	FlawHead    FlawCode = "head"    // what came before is not what was entered
	FlawEnd     FlawCode = "end"     // the log does not end where it is said to end
)

func (f *Flaw) Error() string { return fmt.Sprintf("bad %d %s: %s", f.Seq, f.Code, f.Text) }

// Checker replays a log: it is given every entry in order and returns the first [Flaw].
// It remembers where each stream is, about 60 bytes a stream. It sees an edit, a
// deletion, an insertion and a change of order; a log that was cut off at its end, or
// rewritten as a whole with new hashes, it sees only against a head kept elsewhere.
type Checker struct {
	chain   Chainer
	log     name.District
	seq     int64
	head    Hash
	streams streams
	flaw    *Flaw
}

// NewChecker returns a Checker at the start of a log.
func NewChecker(log name.District) *Checker {
	c := &Checker{log: log, streams: newStreams(log)}
	c.head = c.chain.Start(log)
	return c
}

// Add checks the next entry. After a flaw it keeps returning that flaw: what follows cannot be judged.
func (c *Checker) Add(e *Entry) error {
	return c.AddLeaf(e, c.chain.Leaf(&e.Event))
}

// AddLeaf is Add for who has computed the leaf of the entry's event already, with [Chainer.Leaf]: leaves can be computed side by side,
// heads cannot.
func (c *Checker) AddLeaf(e *Entry, leaf Hash) error {
	if c.flaw == nil {
		c.flaw = c.look(e, leaf)
	}
	if c.flaw != nil {
		return c.flaw
	}
	c.seq, c.head = e.Seq, e.Head
	c.streams.put(e.Stream, streamAt{e.Version, e.Seq, c.streams.kind(e.Kind)})
	return nil
}

func (c *Checker) look(e *Entry, leaf Hash) *Flaw {
	next := c.seq + 1
	if e.Log != c.log || e.Seq != next {
		return &Flaw{next, FlawGap, fmt.Sprintf("entry %d of log %s stands here", e.Seq, e.Log)}
	}
	before := c.streams.at(e.Stream)
	if e.Version != before.version+1 {
		return &Flaw{next, FlawVersion, fmt.Sprintf("stream %s has version %d after %d", e.Stream, e.Version, before.version)}
	}
	if was := c.streams.kinds[before.kind]; before.version > 0 && e.Kind != was {
		return &Flaw{next, FlawKind, fmt.Sprintf("stream %s was %q and is %q", e.Stream, was, e.Kind)}
	}
	if !e.Suite.Known() {
		return &Flaw{next, FlawSuite, fmt.Sprintf("suite %d is not known", e.Suite)}
	}
	if leaf != e.Leaf {
		return &Flaw{next, FlawLeaf, fmt.Sprintf("computed %s, stored %s", leaf, e.Leaf)}
	}
	if head := c.chain.Head(e.Suite, c.head, e.Leaf); head != e.Head {
		return &Flaw{next, FlawHead, fmt.Sprintf("computed %s, stored %s", head, e.Head)}
	}
	return nil
}

// End checks that the log ends here: seq entries, and this head. It is called after the last Add.
func (c *Checker) End(seq int64, head Hash) error {
	if c.flaw == nil && (seq != c.seq || head != c.head) {
		c.flaw = &Flaw{c.seq + 1, FlawEnd, fmt.Sprintf("%d entries and head %s are claimed, %d and %s are there", seq, head, c.seq, c.head)}
	}
	if c.flaw != nil {
		return c.flaw
	}
	return nil
}

// At returns how many entries were good, and the head after them.
func (c *Checker) At() (seq int64, head Hash) { return c.seq, c.head }

// Version returns the version that a stream has reached, 0 if it has no entry.
func (c *Checker) Version(stream name.ID) int64 { return c.streams.at(stream).version }

// Last returns the place in the log of a stream's last entry so far, 0 if it has none.
func (c *Checker) Last(stream name.ID) int64 { return c.streams.at(stream).seq }

// Streams returns how many streams were seen.
func (c *Checker) Streams() int { return c.streams.len() }

// Sorted returns the streams seen, by the place of their last entry.
func (c *Checker) Sorted() []name.ID { return c.streams.sorted() }
