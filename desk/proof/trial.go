package proof

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/merkle"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
)

// The flaws that a trial finds beside those of the chain itself.
const (
	FlawSigned   ledger.FlawCode = "signed"   // the log is not what was signed
	FlawTree     ledger.FlawCode = "tree"     // a stored tile does not follow from the log
	FlawKept     ledger.FlawCode = "kept"     // a stored checkpoint is not the log's
	FlawPersonal ledger.FlawCode = "personal" // a personal value is not the one that was committed to, or is gone and was not erased
)

// Trial holds a log, record by record, against what was signed of it earlier, against its stored tree and against the personal
// values that it commits to. It is given every record in order by [Trial.Each], then [Trial.End] once.
type Trial struct {
	log      name.District
	signed   []note.Checkpoint // by size
	ranges   map[merkle.Algorithm]*merkle.Range
	at       int64 // records seen
	good     int64 // the greatest size up to which something signed agrees
	from     Evidence
	edge     *merkle.Edge
	size     int64 // of the stored tree
	promised map[place]promised
	Shut     int // personal values that could not be opened, where none could: keys are not at hand, as in a copy
}

// Evidence is where a trial finds what is stored beside the log.
type Evidence interface {
	Tree(ctx context.Context, log name.District) (algorithm string, size int64, err error)
	Tile(ctx context.Context, log name.District, level int, place int64) ([]byte, error)
	Checkpoints(ctx context.Context, log name.District, below int64, limit int) ([]journal.Checkpoint, error)
	AllPersonal(ctx context.Context, log name.District, after name.ID, field string, limit int) ([]journal.Personal, error)
	PersonalOf(ctx context.Context, subject name.ID) ([]journal.Personal, error)
	Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error)
}

// NewTrial returns a trial of a log against checkpoints, which the caller has found to be signed by it, and against those that are stored, if
// keys are not the zero Keys: there must be none that they have not signed.
func NewTrial(ctx context.Context, from Evidence, log name.District, keys note.Keys, signed []note.Checkpoint) (*Trial, error) {
	t := &Trial{log: log, from: from, signed: slices.Clone(signed), ranges: map[merkle.Algorithm]*merkle.Range{}, promised: map[place]promised{}}
	if keys.Now != (note.Verifier{}) {
		if err := t.kept(ctx, keys); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(t.signed, func(a, b note.Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	for _, c := range t.signed {
		a := merkle.Algorithm(c.Says(note.MoreTree))
		if !a.Known() {
			return nil, fmt.Errorf("a checkpoint of %d records has a tree by %q: %w", c.Size, a, fault.ErrInvalid)
		}
		t.ranges[a] = &merkle.Range{Algorithm: a}
	}
	algorithm, size, err := from.Tree(ctx, log)
	if err == nil && size > 0 {
		t.size = size
		t.edge, err = merkle.NewEdge(merkle.Algorithm(algorithm), 0, nil)
	}
	return t, err
}

// kept adds the stored checkpoints.
func (t *Trial) kept(ctx context.Context, keys note.Keys) error {
	for below := int64(-1); ; {
		page, err := t.from.Checkpoints(ctx, t.log, below, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, c := range page {
			cp, _, _, err := keys.Open(c.Note)
			if err != nil || cp.Size != c.Size {
				return &ledger.Flaw{Seq: max(1, c.Size), Code: FlawKept, Text: fmt.Sprintf("the stored checkpoint of %d records was not signed by %s", c.Size, keys.Now.Name)}
			}
			t.signed = append(t.signed, cp)
			below = c.Size
		}
	}
}

// Each takes the next record, whose leaf is known to be right. Its error is a [ledger.Flaw].
func (t *Trial) Each(ctx context.Context, e *ledger.Entry) error {
	t.at = e.Seq
	for _, r := range t.ranges {
		r.Add(merkle.Hash(e.Leaf))
	}
	for len(t.signed) > 0 && t.signed[0].Size <= t.at {
		if err := t.agrees(&t.signed[0], e.Head); err != nil {
			return err
		}
		t.signed = t.signed[1:]
	}
	if t.edge != nil {
		if t.edge.Add(merkle.Hash(e.Leaf)); t.at%merkle.TileWidth == 0 {
			if err := t.tiles(ctx, t.edge.Changed(), true); err != nil {
				return err
			}
		}
	}
	t.promise(&e.Event)
	return nil
}

// agrees compares what was signed with the first records as they are now.
func (t *Trial) agrees(c *note.Checkpoint, head ledger.Hash) error {
	r := t.ranges[merkle.Algorithm(c.Says(note.MoreTree))]
	if c.Size != t.at { // of size 0
		return nil
	}
	if merkle.Hash(c.Root) != r.Root() || c.Says(note.MoreHead) != "" && c.Says(note.MoreHead) != head.String() {
		return &ledger.Flaw{Seq: t.good + 1, Code: FlawSigned, Text: fmt.Sprintf(
			"records %d to %d are not those that were signed%s: something among them was changed and every hash after it computed anew; signed root %s, now %s",
			t.good+1, c.Size, when(c), merkle.Hash(c.Root), r.Root())}
	}
	t.good = c.Size
	return nil
}

func when(c *note.Checkpoint) string {
	if at := c.Says(note.MoreTime); at != "" {
		return " on " + at
	}
	return ""
}

// promise remembers which values of persons a record commits to, and forgets those that it erased.
func (t *Trial) promise(e *ledger.Event) {
	if !bytes.Contains(e.Body, []byte(`"personal":{`)) {
		return
	}
	var body struct {
		Personal map[string]ledger.Commitment `json:"personal"`
	}
	if json.Unmarshal(e.Body, &body) != nil { // of another shape: it commits to none
		return
	}
	for field, c := range body.Personal {
		at := place{e.Stream, field}
		if c == "" {
			delete(t.promised, at)
		} else {
			t.promised[at] = promised{c, e.Seq}
		}
	}
}

// place is where a personal value belongs.
type place struct {
	subject name.ID
	field   string
}

// promised is the last commitment to a value, and the record that has it.
type promised struct {
	commitment ledger.Commitment
	seq        int64
}

// End looks at what is left once every record was seen: that nothing was cut off, that the stored tree follows from the log, and that each personal
// value is the one that was committed to last, and is there unless a record erased it. open opens a sealed value; nil leaves them out. A
// fault that it finds is a [ledger.Flaw].
func (t *Trial) End(ctx context.Context, open func(context.Context, journal.Personal) (journal.Personal, error)) error {
	if len(t.signed) > 0 {
		c := &t.signed[len(t.signed)-1]
		return &ledger.Flaw{Seq: t.at + 1, Code: FlawSigned, Text: fmt.Sprintf("the log ends with record %d, but %d were signed%s: it was cut off", t.at, c.Size, when(c))}
	}
	if t.edge != nil {
		if err := t.tiles(ctx, t.edge.Open(), false); err != nil {
			return err
		}
	}
	if t.size > t.at {
		return &ledger.Flaw{Seq: t.at + 1, Code: FlawTree, Text: fmt.Sprintf("the stored tree has %d records, the log %d", t.size, t.at)}
	}
	return t.personal(ctx, open)
}

// tiles compares tiles with those that are stored. The stored tree may be behind the log.
func (t *Trial) tiles(ctx context.Context, tiles []merkle.Tile, full bool) error {
	for _, tile := range tiles {
		width := min(tile.Width(t.size), len(tile.Hashes))
		if width == 0 || full && len(tile.Hashes) < merkle.TileWidth {
			continue
		}
		stored, err := t.from.Tile(ctx, t.log, tile.Level, tile.Index)
		if err != nil && !errors.Is(err, fault.ErrNotFound) {
			return err
		}
		for i, h := range tile.Hashes[:width] {
			if len(stored) < 32*(i+1) || !bytes.Equal(stored[32*i:32*i+32], h[:]) {
				first := (tile.Index*merkle.TileWidth+int64(i))<<(merkle.TileHeight*tile.Level) + 1
				return &ledger.Flaw{Seq: first, Code: FlawTree, Text: fmt.Sprintf("hash %d of the stored tile %d/%d is not that of the records from %d on, which agree with their chain", i, tile.Level, tile.Index, first)}
			}
		}
	}
	return nil
}

// opener opens a sealed value; it wraps [fault.ErrNotFound] where its key is gone.
type opener func(context.Context, journal.Personal) (journal.Personal, error)

// personal holds the values of persons against the last commitment to each: what was altered, put in, put back from before, or taken away while no
// record erased it.
func (t *Trial) personal(ctx context.Context, open opener) error {
	if open == nil {
		return nil
	}
	opened, shut := 0, []place(nil)
	for last := (journal.Personal{}); ; {
		page, err := t.from.AllPersonal(ctx, t.log, last.Subject, last.Field, 500)
		if err != nil {
			return err
		}
		for _, p := range page {
			last = p
			at := place{p.Subject, p.Field}
			clear, err := open(ctx, p)
			switch {
			case errors.Is(err, fault.ErrNotFound):
				shut = append(shut, at)
				continue
			case err != nil || !committed(&clear, t.promised[at]):
				if err := t.again(ctx, open, at); err != nil {
					return err
				}
			}
			if p.Suite != seal.Plain {
				opened++
			}
			delete(t.promised, at)
		}
		if len(page) < 500 {
			break
		}
	}
	return t.missing(ctx, open, opened, shut)
}

// missing finds what is not there, or cannot be opened, and was not erased. Where nothing could be opened the keys are not at hand, as in a copy.
func (t *Trial) missing(ctx context.Context, open opener, opened int, shut []place) error {
	if opened == 0 {
		t.Shut = len(shut)
		for _, at := range shut {
			delete(t.promised, at)
		}
	}
	for len(t.promised) > 0 {
		var first place
		for at, p := range t.promised {
			if was := t.promised[first]; was.seq == 0 || p.seq < was.seq {
				first = at
			}
		}
		if err := t.again(ctx, open, first); err != nil {
			return err
		}
		delete(t.promised, first)
	}
	return nil
}

// again looks at one value that is not as the record says, by its own events: it may have been changed or erased since the record was read.
func (t *Trial) again(ctx context.Context, open opener, at place) error {
	was := t.promised[at]
	values, err := t.from.PersonalOf(ctx, at.subject)
	if err != nil {
		return err
	}
	events, err := t.from.Events(ctx, at.subject, 0)
	if err != nil {
		return err
	}
	now := Trial{promised: map[place]promised{}}
	for i := range events {
		now.promise(&events[i])
	}
	p, stands := now.promised[at]
	i := slices.IndexFunc(values, func(v journal.Personal) bool { return v.Field == at.field })
	flaw := func(text string) error {
		return &ledger.Flaw{Seq: max(1, cmp.Or(p.seq, was.seq, t.at)), Code: FlawPersonal, Text: fmt.Sprintf("the value of %s of %s %s", at.field, at.subject, text)}
	}
	switch {
	case i < 0 && !stands:
		return nil
	case i < 0:
		return flaw("is gone, and no record erased it")
	}
	clear, err := open(ctx, values[i])
	switch {
	case errors.Is(err, fault.ErrNotFound) && stands:
		return flaw("cannot be opened, since its key is gone, and no record erased it")
	case err != nil || !committed(&clear, p):
		return flaw("is none that a record commits to")
	}
	return nil
}

// committed reports whether a value is the one that a record commits to.
func committed(v *journal.Personal, p promised) bool {
	for _, s := range []ledger.Suite{ledger.SM3, ledger.SHA256} {
		if p.commitment == ledger.Commit(s, v.Salt, v.Subject, v.Field, v.Value) {
			return true
		}
	}
	return false
}

// ReadCheckpoints reads the checkpoints of files, each signed by one of the log's keys. It wraps what [note.Open] does.
func ReadCheckpoints(keys note.Keys, texts ...string) (all []note.Checkpoint, err error) {
	for _, text := range texts {
		c, _, _, err := keys.Open(strings.ReplaceAll(text, "\r\n", "\n"))
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}
