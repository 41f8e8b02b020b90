// Package proof lets people who do not trust the house check its log: a tree over the leaves that the log has already, signed
// checkpoints of it, proofs, and receipts that can be checked without us.
//
// [Room.Run] keeps the tree up with the log, [Room.Checkpoint] signs what the log is now, [Room.Daily] does so once a day and asks the
// witnesses, [Room.Receipt] makes what whoever files something takes home, and [Check] is what they, or the offline page, do
// with it.
//
// It promises: nothing is computed in the transaction of an event; the tree follows from the log alone and can be dropped and made
// anew; only hashes leave by tiles and proofs; and what was signed once is never contradicted: a log that no longer begins with the
// last checkpoint is not signed again.
//
// The rooms it rests on are [merkle] and [note]; a store keeps tiles and checkpoints, and asking witnesses over the network is the
// face's work.
package proof

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/merkle"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/kernel/journal"
)

// Store is where the log, the tiles and the checkpoints are.
type Store interface {
	Log(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Entry, error)
	Head(ctx context.Context, log name.District) (seq int64, head ledger.Hash, err error)
	LeafHashes(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Hash, error)
	Tree(ctx context.Context, log name.District) (algorithm string, size int64, err error)
	PutTiles(ctx context.Context, log name.District, algorithm string, from, size int64, tiles []journal.Tile) error
	Tile(ctx context.Context, log name.District, level int, place int64) ([]byte, error)
	DropTree(ctx context.Context, log name.District) error
	PutCheckpoint(ctx context.Context, c journal.Checkpoint) error
	Checkpoints(ctx context.Context, log name.District, below int64, limit int) ([]journal.Checkpoint, error)
	DropCheckpoints(ctx context.Context, log name.District, before int64) error
	PutExamination(ctx context.Context, x journal.Examination) error
	Examinations(ctx context.Context, log name.District, limit int) ([]journal.Examination, error)
}

// Memory keeps the last checkpoint that was signed outside of the database, so that whoever can write to the database alone cannot
// have another past signed.
type Memory interface {
	Last() (note string, err error) // empty if nothing was signed yet
	Keep(note string) error         // on the disk when it returns
}

// Cosigner asks a witness for its signature below a checkpoint. have is the size that the witness has seen, told with
// a [fault.ErrConflict] when old is another one.
type Cosigner interface {
	Witness() note.Verifier
	Cosign(ctx context.Context, old int64, proof []merkle.Hash, checkpoint string) (s note.Signature, have int64, err error)
}

// Config is what the room needs besides a store.
type Config struct {
	District  name.District
	Now       func() int64 // µs
	Signer    *note.Signer // the district's key; its name is the log's origin
	Past      []note.Past  // the keys before it, the oldest first
	Followed  []string     // the notes by which each followed the one before
	Chance    io.Reader    // secure
	Algorithm merkle.Algorithm
	Memory    Memory
	Cosigners []Cosigner
	Verify    func(ctx context.Context) (journal.Examination, error) // replays the log; nil: never by itself
}

// Room is the proofs of one log. It is safe for many goroutines.
type Room struct {
	Config
	store Store
	wake  chan struct{}

	mu   sync.Mutex // held by whoever lengthens the tree or signs
	edge *merkle.Edge
	told map[note.Verifier]int64 // the size that each witness has seen, as far as is known
	last State

	failures map[note.Verifier]int64 // when each witness last failed
	halted   error                   // a change of the key that was begun and not ended
	signs    atomic.Pointer[signing]
}

// New returns a room. The tree is read when it is first asked for.
func New(s Store, c Config) *Room {
	if c.Algorithm == "" {
		c.Algorithm = merkle.SM3
	}
	r := &Room{Config: c, store: s, wake: make(chan struct{}, 1), told: map[note.Verifier]int64{}, failures: map[note.Verifier]int64{}}
	r.signs.Store(&signing{c.Signer, note.Keys{Now: c.Signer.Verifier(), Past: c.Past}, c.Followed})
	return r
}

// Key returns the public key by which checkpoints are verified.
func (r *Room) Key() note.Verifier { return r.Keys().Now }

// Heard tells the room that something was appended. It costs next to nothing.
func (r *Room) Heard(desk.Announcement) {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// pause is how long Run lets the log run ahead: tiles are written once for all that came in between.
const pause = time.Second

// Run keeps the tree up with the log until ctx ends.
func (r *Room) Run(ctx context.Context, log *slog.Logger) {
	r.Heard(desk.Announcement{})
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		}
		if err := r.CatchUp(ctx); err != nil && ctx.Err() == nil {
			log.Error("follow the log for the tree", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// CatchUp takes everything that was appended into the tree.
func (r *Room) CatchUp(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.catchUp(ctx)
}

// atOnce is how many leaves are taken in before their tiles are written: 39 tiles of 8 kB and a few above.
const atOnce = 10_000

func (r *Room) catchUp(ctx context.Context) error {
	if r.edge == nil {
		if err := r.open(ctx); err != nil {
			return err
		}
	}
	for {
		from := r.edge.Size()
		leaves, err := r.store.LeafHashes(ctx, r.District, from, atOnce)
		if err != nil || len(leaves) == 0 {
			return err
		}
		for _, l := range leaves {
			r.edge.Add(merkle.Hash(l))
		}
		if err := r.store.PutTiles(ctx, r.District, string(r.Algorithm), from, r.edge.Size(), written(r.edge.Changed())); err != nil {
			r.edge = nil // it is ahead of what is kept; read again next time
			if errors.Is(err, fault.ErrConflict) {
				return nil // another process has done it
			}
			return err
		}
	}
}

// open reads the edge of the tree that is kept. A tree by another algorithm is made anew, and so is one whose tiles do not say what was
// signed and what the log has said since: they are a copy, and whoever alters them does not choose what is signed next.
func (r *Room) open(ctx context.Context) error {
	algorithm, size, err := r.store.Tree(ctx, r.District)
	if err != nil {
		return err
	}
	if size > 0 && algorithm == string(r.Algorithm) {
		edge, err := merkle.NewEdge(r.Algorithm, size, r.tiles(ctx))
		if err == nil {
			err = r.sound(ctx, edge)
		}
		if err == nil {
			r.edge = edge
			return nil
		}
		if !errors.Is(err, fault.ErrNotFound) && !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, errTiles) {
			return err
		}
		r.last.Remade = r.Now()
	}
	if size > 0 {
		if err := r.store.DropTree(ctx, r.District); err != nil {
			return err
		}
	}
	r.edge, err = merkle.NewEdge(r.Algorithm, 0, r.tiles(ctx))
	return err
}

// errTiles is what is wrong with tiles that differ from the log.
var errTiles = errors.New("the tiles of the tree are not those of the log")

// sound holds the edge that was read from the tiles against what was signed last, as it is remembered outside of the database, and against
// the log from there on. Its cost is one hash for each record since then.
func (r *Room) sound(ctx context.Context, edge *merkle.Edge) error {
	was, err := r.remembered()
	if err != nil || was.Size > edge.Size() {
		return err // agrees says what is wrong
	}
	if was.Says(note.MoreTree) != string(r.Algorithm) {
		was.Size = 0
	}
	again, err := merkle.NewEdge(r.Algorithm, was.Size, r.tiles(ctx))
	if err != nil {
		return err
	}
	if was.Size > 0 && again.Root() != merkle.Hash(was.Root) {
		return errTiles
	}
	for again.Size() < edge.Size() {
		leaves, err := r.store.LeafHashes(ctx, r.District, again.Size(), int(min(atOnce, edge.Size()-again.Size())))
		if err != nil {
			return err
		}
		if len(leaves) == 0 {
			return errTiles // more leaves than the log has records
		}
		for _, l := range leaves {
			again.Add(merkle.Hash(l))
		}
		again.Changed() // they are there
	}
	if again.Root() != edge.Root() {
		return errTiles
	}
	return nil
}

// rebuild makes the tree anew from the log, for who holds the lock: after its tiles were damaged.
func (r *Room) rebuild(ctx context.Context) error {
	r.edge, r.last.Remade = nil, r.Now()
	if err := r.store.DropTree(ctx, r.District); err != nil {
		return err
	}
	return r.catchUp(ctx)
}

// remake makes the tree anew, unless this process has done so before, and says whether it did.
func (r *Room) remake(ctx context.Context) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last.Remade != 0 {
		return false, nil
	}
	return true, r.rebuild(ctx)
}

func written(tiles []merkle.Tile) (out []journal.Tile) {
	for _, t := range tiles {
		b := make([]byte, 0, 32*len(t.Hashes))
		for _, h := range t.Hashes {
			b = append(b, h[:]...)
		}
		out = append(out, journal.Tile{Level: t.Level, Place: t.Index, Hashes: b})
	}
	return out
}

// tiles reads tiles of the store.
func (r *Room) tiles(ctx context.Context) merkle.Tiles {
	return func(p merkle.Place, width int) ([]merkle.Hash, error) {
		b, err := r.store.Tile(ctx, r.District, p.Level, p.Index)
		if err != nil {
			return nil, err
		}
		all := make([]merkle.Hash, 0, len(b)/32)
		for h := range slices.Chunk(b[:len(b)/32*32], 32) {
			all = append(all, merkle.Hash(h))
		}
		if len(all) < width {
			return nil, fmt.Errorf("tile %d/%d of the log: %w", p.Level, p.Index, fault.ErrNotFound)
		}
		return all[:width], nil
	}
}

// size returns how many leaves the kept tree has.
func (r *Room) size(ctx context.Context) (int64, error) {
	_, size, err := r.store.Tree(ctx, r.District)
	return size, err
}

// Tile returns the hashes of a tile as wide as asked, 32 bytes each. It wraps [fault.ErrNotFound] for one that the tree does not have.
func (r *Room) Tile(ctx context.Context, level int, index int64, width int) ([]byte, error) {
	size, err := r.size(ctx)
	if err != nil {
		return nil, err
	}
	p := merkle.Place{Level: level, Index: index}
	if width < 1 || width > p.Width(size) {
		return nil, fmt.Errorf("tile %d/%d of %d hashes: %w", level, index, width, fault.ErrNotFound)
	}
	b, err := r.store.Tile(ctx, r.District, level, index)
	if err == nil && len(b) < 32*width {
		err = fmt.Errorf("tile %d/%d: %w", level, index, fault.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return b[:32*width], nil
}

// Inclusion proves that record seq, from 1, is in the log of the first size records. It wraps [fault.ErrNotFound] for
// a size that the tree has not reached, and [fault.ErrInvalid].
func (r *Room) Inclusion(ctx context.Context, seq, size int64) ([]merkle.Hash, error) {
	if err := r.reached(ctx, size); err != nil {
		return nil, err
	}
	return merkle.Inclusion(r.Algorithm, seq-1, size, merkle.Nodes(r.Algorithm, size, r.tiles(ctx)))
}

// Consistency proves that the log of size records begins with that of old. It wraps [fault.ErrNotFound] for a size that
// the tree has not reached, and [fault.ErrInvalid].
func (r *Room) Consistency(ctx context.Context, old, size int64) ([]merkle.Hash, error) {
	if err := r.reached(ctx, size); err != nil {
		return nil, err
	}
	return merkle.Consistency(r.Algorithm, old, size, merkle.Nodes(r.Algorithm, size, r.tiles(ctx)))
}

func (r *Room) reached(ctx context.Context, size int64) error {
	has, err := r.size(ctx)
	if err == nil && size > has {
		err = fmt.Errorf("the tree has %d records, not %d: %w", has, size, fault.ErrNotFound)
	}
	return err
}
