package desk

import (
	"container/list"
	"context"
	"fmt"
	"sync"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/photo"
	"bihuan/ground/upload"
	"bihuan/kernel/journal"
)

// Served returns a file as it may be handed out: a picture made anew from its points, so that neither a place nor anything that
// hides in it travels on; anything else under the name and the media type that fit its bytes. The hash stays that of what was
// sent, which is kept as it came: see [Desk.Original]. What cannot be read as what it should be is bytes and nothing else.
//
// With a scanner, a file in which it found something, or that it has not seen yet and cannot see now, is refused.
func (d *Desk) Served(ctx context.Context, f journal.File) (journal.File, error) {
	if err := d.cleared(ctx, &f); err != nil {
		return journal.File{}, err
	}
	kind, err := upload.Look(f.Bytes)
	if err != nil {
		return opaque(f), nil // it came before this was asked, or by the platform's own hand
	}
	if !kind.Image {
		f.Media, f.Name = kind.Media, kind.Name(f.Name)
		return f, nil
	}
	made, err := d.copies.of(ctx, f.Hash, func() (journal.File, error) {
		b, media, err := photo.Copy(f.Bytes)
		if err != nil {
			return opaque(f), nil
		}
		return journal.File{Hash: f.Hash, Media: media, Bytes: b}, nil
	})
	if kind.Exts = extensions[made.Media]; kind.Exts == nil {
		kind.Exts = opaqueExts
	}
	made.Name = kind.Name(f.Name) // the same picture may have another name elsewhere
	return made, err
}

// Original returns a file as it was sent, byte for byte, to whoever may verify the matter that it belongs to: they hold its hash
// against the log. It is handed out as bytes, never as what it says it is.
func (d *Desk) Original(ctx context.Context, who Caller, of name.ID, hash ledger.Hash) (journal.File, error) {
	f, err := d.File(ctx, who, of, hash)
	if err != nil {
		return f, err
	}
	m, err := d.loadMatter(ctx, of)
	if err != nil {
		return journal.File{}, err
	}
	if err := d.allow(who, access.MatterVerify, d.object(&m)); err != nil {
		return journal.File{}, err
	}
	if err := d.cleared(ctx, &f); err != nil {
		return journal.File{}, err
	}
	f.Media = "application/octet-stream"
	return f, nil
}

var extensions = map[string][]string{"image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}}

// opaqueExts are those of a file of which nothing is known but its bytes.
var opaqueExts = []string{".bin"}

// opaque is a file of which nothing is known but its bytes.
func opaque(f journal.File) journal.File {
	f.Media, f.Name = "application/octet-stream", upload.Kind{Exts: opaqueExts}.Name(f.Name)
	return f
}

// Scanner looks for what only a scanner knows. It returns the name of what it found, empty for nothing, and an error if it
// could not look.
type Scanner interface {
	Scan(ctx context.Context, b []byte) (found string, err error)
}

// Quarantine remembers what a scanner said of files.
type Quarantine interface {
	Scanned(ctx context.Context, hash ledger.Hash) (found string, asked bool, err error)
	PutScanned(ctx context.Context, hash ledger.Hash, at int64, found string) error
	Unscanned(ctx context.Context, after string, limit int) ([]ledger.Hash, error)
}

// atOnceScanned is how many files one call of Rescan looks at: at 20 MB each a scanner is busy with them for some seconds.
const atOnceScanned = 20

// Rescan has files looked at that came in while the scanner was away, or before there was one, some at a time; it returns how many it was told
// about, and in how many of them something was found. The scheduler calls it. An error of the scanner ends it, with [fault.ErrUnavailable]: nobody is
// told anything new by asking for the next file too.
func (d *Desk) Rescan(ctx context.Context) (looked, found int, err error) {
	if d.world.Scanner == nil {
		return 0, 0, nil
	}
	waiting, err := d.world.Quarantine.Unscanned(ctx, "", atOnceScanned)
	if err != nil {
		return 0, 0, err
	}
	for _, hash := range waiting {
		f, err := d.store.File(ctx, hash)
		if err != nil {
			return looked, found, err
		}
		if err = d.cleared(ctx, &f); isWaiting(err) {
			return looked, found, fmt.Errorf("the scanner does not answer: %w", fault.ErrUnavailable)
		}
		if err != nil && fault.KindOf(err) == nil {
			return looked, found, err
		}
		if looked++; err != nil {
			found++
		}
	}
	return looked, found, nil
}

// scan looks at files that come in. One in which something is found is refused, and that is remembered; when the scanner does
// not answer they are taken, and are not handed out before it has looked.
func (d *Desk) scan(ctx context.Context, files []journal.File) error {
	if d.world.Scanner == nil {
		return nil
	}
	for i := range files {
		if err := d.cleared(ctx, &files[i]); err != nil && !isWaiting(err) {
			return err
		}
	}
	return nil
}

// cleared returns nil for a file that may be handed out.
func (d *Desk) cleared(ctx context.Context, f *journal.File) error {
	if d.world.Scanner == nil {
		return nil
	}
	found, asked, err := d.world.Quarantine.Scanned(ctx, f.Hash)
	if err != nil {
		return err
	}
	if !asked {
		if found, err = d.world.Scanner.Scan(ctx, f.Bytes); err != nil {
			return fault.Refuse(fault.ErrUnavailable, "file-waiting", "", "file", f.Name)
		}
		if err := d.world.Quarantine.PutScanned(ctx, f.Hash, d.world.Now(), found); err != nil {
			return err
		}
	}
	if found != "" {
		return fault.Refuse(fault.ErrInvalid, "file-quarantined", "", "file", f.Name, "found", found)
	}
	return nil
}

func isWaiting(err error) bool { return asRefusal(err).Code == "file-waiting" }

// Limits of pictures that are kept as they are handed out.
const (
	maxCopies  = 48 << 20 // bytes of all together
	maxAtOnce  = 2        // pictures that are made at the same time
	perPicture = 8 << 20  // bytes of one that is kept
)

// copies keeps the pictures that were handed out lately.
type copies struct {
	mu    sync.Mutex
	by    map[ledger.Hash]*list.Element
	used  list.List // front: used last
	bytes int
	turns chan struct{}
}

func newCopies() *copies {
	return &copies{by: map[ledger.Hash]*list.Element{}, turns: make(chan struct{}, maxAtOnce)}
}

// of returns the copy of a picture, making it if it is not there. At most [maxAtOnce] are made at once; others wait.
func (c *copies) of(ctx context.Context, hash ledger.Hash, make func() (journal.File, error)) (journal.File, error) {
	if f, ok := c.get(hash); ok {
		return f, nil
	}
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return journal.File{}, fmt.Errorf("make a picture: %w", ctx.Err())
	}
	if f, ok := c.get(hash); ok { // made while this one waited
		return f, nil
	}
	f, err := make()
	if err == nil && len(f.Bytes) <= perPicture {
		c.put(f)
	}
	return f, err
}

func (c *copies) get(hash ledger.Hash) (journal.File, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.by[hash]
	if !ok {
		return journal.File{}, false
	}
	c.used.MoveToFront(e)
	return e.Value.(journal.File), true
}

func (c *copies) put(f journal.File) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by[f.Hash] = c.used.PushFront(f)
	for c.bytes += len(f.Bytes); c.bytes > maxCopies; {
		last := c.used.Back()
		old := c.used.Remove(last).(journal.File)
		delete(c.by, old.Hash)
		c.bytes -= len(old.Bytes)
	}
}
