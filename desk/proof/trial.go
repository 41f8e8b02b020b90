package proof

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/merkle"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/kernel/journal"
)

// The flaws that a trial finds beside those of the chain itself.
const (
	FlawSigned   ledger.FlawCode = "signed"   // the log is not what was signed
	FlawTree     ledger.FlawCode = "tree"     // a stored tile does not follow from the log
	FlawKept     ledger.FlawCode = "kept"     // a stored checkpoint is not the log's
	FlawPersonal ledger.FlawCode = "personal" // a personal value is not the one that was committed to
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
	promised map[ledger.Commitment]bool
}

// Evidence is where a trial finds what is stored beside the log.
type Evidence interface {
	Tree(ctx context.Context, log name.District) (algorithm string, size int64, err error)
	Tile(ctx context.Context, log name.District, level int, place int64) ([]byte, error)
	Checkpoints(ctx context.Context, log name.District, below int64, limit int) ([]journal.Checkpoint, error)
	AllPersonal(ctx context.Context, log name.District, after name.ID, field string, limit int) ([]journal.Personal, error)
}

// NewTrial returns a trial of a log against checkpoints, which the caller has found to be signed by it, and against those that are stored, if
// keys are not the zero Keys: there must be none that they have not signed.
func NewTrial(ctx context.Context, from Evidence, log name.District, keys note.Keys, signed []note.Checkpoint) (*Trial, error) {
	t := &Trial{log: log, from: from, signed: slices.Clone(signed), ranges: map[merkle.Algorithm]*merkle.Range{}, promised: map[ledger.Commitment]bool{}}
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
	t.promise(e.Body)
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

// promise remembers the commitments of a body: a text of the suite's number, a colon and 64 hexadecimal digits.
func (t *Trial) promise(body []byte) {
	for rest := body; ; {
		i := bytes.IndexByte(rest, ':')
		if i < 0 {
			return
		}
		begin := i
		for begin > 0 && rest[begin-1] >= '0' && rest[begin-1] <= '9' {
			begin--
		}
		if begin < i && begin > 0 && rest[begin-1] == '"' && len(rest) > i+65 && rest[i+65] == '"' {
			t.promised[ledger.Commitment(rest[begin:i+65])] = true
		}
		rest = rest[i+1:]
	}
}

// End looks at what is left once every record was seen: that nothing was cut off, that the stored tree follows from the log, and that each personal
// value is one that was committed to. open opens a sealed value; one that cannot be opened any more was erased. A
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

func (t *Trial) personal(ctx context.Context, open func(context.Context, journal.Personal) (journal.Personal, error)) error {
	if open == nil {
		return nil
	}
	last := journal.Personal{}
	for {
		page, err := t.from.AllPersonal(ctx, t.log, last.Subject, last.Field, 500)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			last = p
			clear, err := open(ctx, p)
			if errors.Is(err, fault.ErrNotFound) {
				continue
			}
			if err != nil || !t.committed(&clear) {
				return &ledger.Flaw{Seq: max(1, t.at), Code: FlawPersonal, Text: fmt.Sprintf("the value of %s of %s is none that a record commits to", p.Field, p.Subject)}
			}
		}
	}
}

func (t *Trial) committed(p *journal.Personal) bool {
	for _, s := range []ledger.Suite{ledger.SM3, ledger.SHA256} {
		if t.promised[ledger.Commit(s, p.Salt, p.Subject, p.Field, p.Value)] {
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
