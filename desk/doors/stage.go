package doors

import (
	"context"
	"crypto/hmac"
	"slices"
	"time"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
)

// Limits of photos that wait for the rest of their report. Ours: enough for some dozen people who choose a class at the same
// time, on the disk of a small machine.
const (
	StagedFor  = 20 * time.Minute
	mostStaged = 96 << 20 // bytes, of all reports together
)

// Shelf is where photos wait: under a key, bounded, beside the records and never among them.
type Shelf interface {
	PutWaiting(ctx context.Context, log name.District, key string, files []journal.File, at, most int64) error
	Waiting(ctx context.Context, log name.District, key string, after int64) ([]journal.File, error)
	DropWaiting(ctx context.Context, log name.District, until int64) (int64, error)
}

// On has photos wait on a shelf between two sendings of one form, so that nobody has to choose them again, whatever becomes of
// the server meanwhile. Without one none are kept. It returns the room.
func (r *Room) On(s Shelf) *Room {
	r.shelf = s
	return r
}

// Stage keeps photos for a report that is not filed yet, instead of those that it kept before, at most [MaxPhotos]; a photo
// that comes twice is kept once. They wait under a hash of the receipt that only the reporter has, and go after [StagedFor], when
// none are given, or when others need the place more. An unreadable receipt keeps nothing.
func (r *Room) Stage(ctx context.Context, receipt string, photos []journal.File) error {
	receipt, err := ReadReceipt(receipt)
	if err != nil || r.shelf == nil {
		return nil
	}
	var kept []journal.File
	size := 0
	for _, p := range photos {
		size += len(p.Bytes) + seal.Overhead
		if len(kept) < MaxPhotos && size <= mostStaged && !slices.ContainsFunc(kept, func(k journal.File) bool { return k.Hash == p.Hash }) {
			kept = append(kept, lock(receipt, p))
		}
	}
	return r.shelf.PutWaiting(ctx, r.desk.District(), stagedUnder(receipt), kept, r.desk.Now(), mostStaged)
}

// Staged returns the photos that are kept for a report, in the order in which they came.
func (r *Room) Staged(ctx context.Context, receipt string) ([]journal.File, error) {
	receipt, err := ReadReceipt(receipt)
	if err != nil || r.shelf == nil {
		return nil, nil
	}
	files, err := r.shelf.Waiting(ctx, r.desk.District(), stagedUnder(receipt), r.desk.Now()-StagedFor.Microseconds())
	for i := range files {
		if err == nil {
			files[i].Bytes, err = seal.Open(stagedKey(receipt), stagedAt, files[i].Bytes)
		}
	}
	return files, err
}

// stagedAt is where photos that wait are sealed for.
var stagedAt = seal.Place{Field: "staged photo"}

// lock seals a photo that waits: it may tell where it was taken, and nobody but who has the receipt opens it.
func lock(receipt string, f journal.File) journal.File {
	f.Bytes = seal.Seal(stagedKey(receipt), [16]byte{}, stagedAt, f.Bytes) // the nonce is made of the bytes too: see the package
	return f
}

// stagedKey is the key of a report's photos while they wait: the first half of HMAC-SM3 under the receipt, of which the database holds a hash alone.
func stagedKey(receipt string) seal.Key {
	m := hmac.New(ledger.SM3.New, []byte(receipt))
	m.Write([]byte("bihuan/staged/1"))
	return seal.Key(m.Sum(nil)[:seal.KeySize])
}

// DropStaged forgets the photos that have waited too long. The scheduler calls it.
func (r *Room) DropStaged(ctx context.Context) error {
	if r.shelf == nil {
		return nil
	}
	_, err := r.shelf.DropWaiting(ctx, r.desk.District(), r.desk.Now()-StagedFor.Microseconds())
	return err
}

// stagedUnder is the key of a report's photos: who reads the database does not learn the receipt from it.
func stagedUnder(receipt string) string {
	h := ledger.SM3.New()
	h.Write([]byte("staged " + receipt))
	return ledger.Hash(h.Sum(nil)).String()
}
