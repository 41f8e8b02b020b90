package proof

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/merkle"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/kernel/journal"
)

// Signed is a checkpoint as it is published.
type Signed struct {
	note.Checkpoint
	At   int64 // µs
	Kept bool
	Note *note.Note
	Key  note.Verifier // that signed it
}

// State is how the proofs of the log stand, for whoever watches over it.
type State struct {
	Records   int64 // in the log
	Head      ledger.Hash
	Tree      int64  // records that the tree holds
	Last      Signed // the last checkpoint, of size 0 if there is none
	Witnesses []WitnessState
	Verified  []journal.Examination // the last first
	Refused   string                // why nothing is signed any more, empty if all is well
	Remade    int64                 // µs, when this process last made the tree anew because its tiles were not those of the log; 0 for never
}

// WitnessState is how far a configured witness has come.
type WitnessState struct {
	Key   note.Verifier
	Size  int64  // of the newest checkpoint that it has cosigned, 0 for none
	At    int64  // µs, when it did
	Fault string // why it did not cosign the last one, empty if it did or was not asked
}

// Checkpoint signs the log as it is now, remembers that, and returns it. kept says whether it stays; one made for a receipt goes
// after some days. A log that has not grown is signed again only to be kept, once a day.
//
// It wraps [fault.ErrConflict] and signs nothing if the log does not begin with what was signed before.
func (r *Room) Checkpoint(ctx context.Context, kept bool) (Signed, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.halted != nil {
		return Signed{}, r.halted
	}
	return r.checkpoint(ctx, kept)
}

// checkpoint is Checkpoint for who holds the lock.
func (r *Room) checkpoint(ctx context.Context, kept bool) (Signed, error) {
	if err := r.catchUp(ctx); err != nil {
		return Signed{}, err
	}
	if r.edge == nil || r.edge.Size() == 0 {
		return Signed{}, fmt.Errorf("the log is empty, or another process follows it: %w", fault.ErrUnavailable)
	}
	last, err := r.Latest(ctx)
	if err != nil {
		return Signed{}, err
	}
	err = r.agrees(ctx)
	if err != nil && r.last.Remade == 0 { // it may be the tiles that are wrong and not the log: once
		if err = r.rebuild(ctx); err == nil {
			err = r.agrees(ctx)
		}
	}
	if err != nil {
		r.last.Refused = err.Error()
		return Signed{}, err
	}
	r.last.Refused = ""
	if last.Size == r.edge.Size() && last.Key == r.Key() && (!kept || last.Kept && sameDay(last.At, r.Now())) {
		return last, nil
	}
	return r.sign(ctx, kept)
}

// remembered is the last checkpoint that was signed, as it is kept outside of the database; of size 0 if there is none.
func (r *Room) remembered() (note.Checkpoint, error) {
	if r.Memory == nil {
		return note.Checkpoint{}, nil
	}
	text, err := r.Memory.Last()
	if err != nil || text == "" {
		return note.Checkpoint{}, err
	}
	was, _, _, err := r.Keys().Open(text)
	if err != nil {
		return was, fmt.Errorf("the checkpoint that is remembered: %w", err)
	}
	return was, nil
}

// agrees looks whether the tree begins with the last checkpoint that was signed.
func (r *Room) agrees(ctx context.Context) error {
	was, err := r.remembered()
	if err != nil || was.Size == 0 {
		return err
	}
	if r.edge == nil {
		return fmt.Errorf("another process follows the log: %w", fault.ErrUnavailable)
	}
	if was.Size > r.edge.Size() {
		return fmt.Errorf("%d records were signed, the log has %d: it was cut off, or an old copy was put in its place: %w", was.Size, r.edge.Size(), fault.ErrConflict)
	}
	if was.Says(note.MoreTree) != string(r.Algorithm) {
		return nil // a change of algorithm is the operator's act; the chain's head still binds both
	}
	root, err := merkle.Root(r.Algorithm, was.Size, merkle.Nodes(r.Algorithm, r.edge.Size(), r.tiles(ctx)))
	if err == nil && root != merkle.Hash(was.Root) {
		err = fmt.Errorf("the first %d records are not those that were signed: %w", was.Size, fault.ErrConflict)
	}
	return err
}

func (r *Room) sign(ctx context.Context, kept bool) (Signed, error) {
	size := r.edge.Size()
	entries, err := r.store.Log(ctx, r.District, size-1, 1)
	if err == nil && (len(entries) != 1 || entries[0].Seq != size) {
		err = fmt.Errorf("record %d of the log: %w", size, fault.ErrNotFound)
	}
	if err != nil {
		return Signed{}, err
	}
	at := r.Now()
	s := Signed{At: at, Kept: kept, Key: r.Key(), Checkpoint: note.Checkpoint{Origin: r.Key().Name, Size: size, Root: r.edge.Root(), More: []string{
		note.MoreTree + " " + string(r.Algorithm), note.MoreHead + " " + entries[0].Head.String(), note.MoreTime + " " + time.UnixMicro(at).UTC().Format(time.RFC3339)}}}
	sig, err := r.signs.Load().signer.Sign(s.Text(), r.Chance)
	if err != nil {
		return Signed{}, err
	}
	s.Note = &note.Note{Text: s.Text(), Signatures: []note.Signature{sig}}
	if r.Memory != nil {
		if err := r.Memory.Keep(s.Note.String()); err != nil {
			return Signed{}, fmt.Errorf("remember the checkpoint: %w", err)
		}
	}
	return s, r.store.PutCheckpoint(ctx, s.stored(r.District))
}

func (s *Signed) stored(log name.District) journal.Checkpoint {
	return journal.Checkpoint{Log: log, Size: s.Size, At: s.At, Kept: s.Kept, Note: s.Note.String()}
}

// Latest returns the last checkpoint, of size 0 if nothing was signed yet.
func (r *Room) Latest(ctx context.Context) (Signed, error) {
	return r.first(ctx, func(*Signed) bool { return true })
}

// first returns the largest checkpoint of our keys that fits, of size 0 if none does.
func (r *Room) first(ctx context.Context, fits func(*Signed) bool) (Signed, error) {
	for below := int64(-1); ; {
		rows, err := r.store.Checkpoints(ctx, r.District, below, 20)
		if err != nil || len(rows) == 0 {
			return Signed{}, err
		}
		for _, c := range rows {
			if s, err := r.read(c); err == nil && fits(&s) {
				return s, nil
			}
			below = c.Size
		}
	}
}

// Checkpoints returns checkpoints with fewer records than below, the largest first; below 0 means all sizes. Those that none of our keys has
// signed are left out: they were put there by somebody else.
func (r *Room) Checkpoints(ctx context.Context, below int64, limit int) (out []Signed, err error) {
	rows, err := r.store.Checkpoints(ctx, r.District, below, limit)
	for _, c := range rows {
		if s, err := r.read(c); err == nil {
			out = append(out, s)
		}
	}
	return out, err
}

func (r *Room) read(c journal.Checkpoint) (Signed, error) {
	cp, n, by, err := r.Keys().Open(c.Note)
	return Signed{Checkpoint: cp, At: c.At, Kept: c.Kept, Note: n, Key: by}, err
}

// Covering returns a checkpoint that record seq is in: the last one if it is, and otherwise one signed now.
func (r *Room) Covering(ctx context.Context, seq int64) (Signed, error) {
	last, err := r.Latest(ctx)
	if err != nil || last.Size >= seq {
		return last, err
	}
	return r.Checkpoint(ctx, false)
}

// looseSpan is how long a checkpoint that was made for a receipt is kept here; the receipt carries it.
const looseSpan = 2 * 24 * time.Hour

// Daily signs the log once a day, asks the witnesses for what they have not cosigned yet, drops what is no longer needed and, if the log
// was not verified since yesterday, has that done. It is called as often as one likes and does little when there is nothing to do.
func (r *Room) Daily(ctx context.Context) error {
	last, err := r.first(ctx, func(s *Signed) bool { return s.Kept })
	if err != nil {
		return err
	}
	now := r.Now()
	var errs []error
	if last.Size == 0 || !sameDay(last.At, now) {
		if last, err = r.Checkpoint(ctx, true); errors.Is(err, fault.ErrUnavailable) {
			return nil // nothing to sign yet
		} else if err != nil {
			errs = append(errs, fmt.Errorf("daily checkpoint: %w", err))
		}
		errs = append(errs, r.store.DropCheckpoints(ctx, r.District, now-looseSpan.Microseconds()))
	}
	if last.Size > 0 {
		errs = append(errs, r.gather(ctx, last, now-patience.Microseconds()))
	}
	return errors.Join(append(errs, r.examine(ctx, now))...)
}

func sameDay(a, b int64) bool { return calendar.Instant(a).Date() == calendar.Instant(b).Date() }

// examine has the log verified once a day.
func (r *Room) examine(ctx context.Context, now int64) error {
	if r.Verify == nil {
		return nil
	}
	before, err := r.store.Examinations(ctx, r.District, 1)
	if err != nil || len(before) > 0 && sameDay(before[0].At, now) {
		return err
	}
	_, err = r.Examine(ctx)
	return err
}

// Examine verifies the log now and remembers what was found.
func (r *Room) Examine(ctx context.Context) (journal.Examination, error) {
	if r.Verify == nil {
		return journal.Examination{}, fmt.Errorf("verifying is not set up: %w", fault.ErrUnavailable)
	}
	x, err := r.Verify(ctx)
	if err != nil {
		return x, fmt.Errorf("verify the log: %w", err)
	}
	x.Log, x.At = r.District, r.Now()
	return x, r.store.PutExamination(ctx, x)
}

// Gather asks every witness that has not cosigned a checkpoint to do so, and publishes it with what came. A witness that cannot be reached is told in
// [State] and asked again next time; the error is of our own store.
func (r *Room) Gather(ctx context.Context, s Signed) error { return r.gather(ctx, s, r.Now()+1) }

// patience is how long a witness that refused or did not answer is left alone by the daily work.
const patience = 10 * time.Minute

// gather asks the witnesses that have not failed since an instant.
func (r *Room) gather(ctx context.Context, s Signed, since int64) error {
	for _, w := range r.Cosigners {
		if _, ok := s.Note.By(w.Witness()); ok || r.failed(w.Witness()) > since {
			continue
		}
		sig, err := r.cosign(ctx, w, &s)
		r.heardOf(w.Witness(), &s, err)
		if err != nil {
			continue
		}
		s.Note.Add(sig)
		if err := r.store.PutCheckpoint(ctx, s.stored(r.District)); err != nil {
			return err
		}
	}
	return nil
}

// cosign asks one witness, again with the size that it says it has if that was not known.
func (r *Room) cosign(ctx context.Context, w Cosigner, s *Signed) (note.Signature, error) {
	r.mu.Lock()
	old := min(r.told[w.Witness()], s.Size)
	r.mu.Unlock()
	for range 2 {
		proof, err := r.Consistency(ctx, old, s.Size)
		if err != nil {
			return note.Signature{}, err
		}
		sig, have, err := w.Cosign(ctx, old, proof, s.Note.String())
		if err == nil {
			n := &note.Note{Text: s.Note.Text, Signatures: []note.Signature{sig}}
			if _, ok := n.By(w.Witness()); !ok {
				err = fmt.Errorf("the witness answers with a signature that is not its own: %w", fault.ErrInvalid)
			}
			return sig, err
		}
		if !errors.Is(err, fault.ErrConflict) || have == old {
			return note.Signature{}, err
		}
		if have > s.Size {
			return note.Signature{}, fmt.Errorf("the witness has seen %d records, this checkpoint has %d: %w", have, s.Size, fault.ErrConflict)
		}
		old = have
	}
	return note.Signature{}, fmt.Errorf("the witness keeps moving: %w", fault.ErrConflict)
}

// failed returns when a witness last failed, 0 if it did not or has answered since.
func (r *Room) failed(w note.Verifier) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failures[w]
}

func (r *Room) heardOf(w note.Verifier, s *Signed, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := 0
	for i < len(r.last.Witnesses) && r.last.Witnesses[i].Key != w {
		i++
	}
	if i == len(r.last.Witnesses) {
		r.last.Witnesses = append(r.last.Witnesses, WitnessState{Key: w})
	}
	r.last.Witnesses[i].Fault = ""
	if err != nil {
		r.last.Witnesses[i].Fault = err.Error()
		r.failures[w] = r.Now()
		return
	}
	delete(r.failures, w)
	r.told[w] = s.Size
}

// recent is how many checkpoints are looked through for cosignatures.
const recent = 200

// State returns how the proofs stand.
func (r *Room) State(ctx context.Context) (State, error) {
	r.mu.Lock()
	st := r.last
	st.Witnesses = nil
	faults := map[note.Verifier]string{}
	for _, w := range r.last.Witnesses {
		faults[w.Key] = w.Fault
	}
	r.mu.Unlock()
	var err error
	if st.Tree, err = r.size(ctx); err != nil {
		return st, err
	}
	if st.Records, st.Head, err = r.store.Head(ctx, r.District); err != nil {
		return st, err
	}
	all, err := r.Checkpoints(ctx, -1, recent)
	if err != nil {
		return st, err
	}
	if len(all) > 0 {
		st.Last = all[0]
	}
	for _, w := range r.Cosigners {
		ws := WitnessState{Key: w.Witness(), Fault: faults[w.Witness()]}
		for _, s := range all {
			if sig, ok := s.Note.By(w.Witness()); ok {
				ws.Size, ws.At = s.Size, sig.At()*1e6
				break
			}
		}
		st.Witnesses = append(st.Witnesses, ws)
	}
	st.Verified, err = r.store.Examinations(ctx, r.District, 30)
	return st, err
}
