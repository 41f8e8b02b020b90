package desk

import (
	"context"
	"sync"
	"sync/atomic"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
	"bihuan/pack"
)

// Journal is where events are appended and read again.
type Journal interface {
	Append(ctx context.Context, b journal.Batch) (journal.Receipt, error)
	Receipt(ctx context.Context, log name.District, command string) (journal.Receipt, bool, error)
	Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error)
}

// Lists is what can be asked of the rows.
type Lists interface {
	Row(ctx context.Context, stream name.ID) (journal.Row, error)
	Rows(ctx context.Context, q journal.Query) (journal.Page, error)
	Tally(ctx context.Context, t journal.Tally) ([]journal.Bucket, error)
	Counts(ctx context.Context, queries []journal.Query, most int64) ([]int64, error)
	Together(ctx context.Context, queries []journal.Query) ([]journal.Row, error)
}

// Files is where uploads are.
type Files interface {
	File(ctx context.Context, hash ledger.Hash) (journal.File, error)
}

// People is the personal values that stand beside the log.
type People interface {
	PersonalOf(ctx context.Context, subject name.ID) ([]journal.Personal, error)
	Subjects(ctx context.Context, log name.District, blind string, limit int) ([]name.ID, error)
	KeyOf(ctx context.Context, subject name.ID) (journal.Key, error)
}

// Store is all that the desk asks of a store.
type Store interface {
	Journal
	Lists
	Files
	People
}

// World is what the desk needs besides a store: time, chance and what the district has laid down.
type World struct {
	District name.District
	Now      func() int64   // µs; the server's clock
	Chance   func(b []byte) // fills b with random bytes
	Policy   *access.Policy // who may do what
	Packs    *pack.Set      // what is installed
	Blind    []byte         // the key of blind indexes, at least 32 bytes; without it the same number is not found again
	Keys     seal.KeyHolder // what locks the keys of persons; without it their values stay plain
	Guarded  bool           // what the policy asks of the moment (a fresh proof, a network, duty hours) is held against callers; off only where no person signs in
	// Scanner looks at files; nil: nothing does. Quarantine remembers what it said.
	Scanner    Scanner
	Quarantine Quarantine
}

// Desk is where a request meets the store. It is safe for many goroutines.
type Desk struct {
	store Store
	world World
	vault *vault
	index atomic.Pointer[indexKeys]

	mu       sync.RWMutex
	packs    atomic.Pointer[pack.Set]
	env      matter.Env
	holidays int64 // the version of the holidays in env
	limits   indicator.Thresholds
	dir      *Directory
	matters  *cache[matter.Matter]
	goals    *cache[indicator.Goal]
	records  *cache[register.Record]
	names    names
	feeds    map[string][]name.ID // goals by the kind of matter that they are counted from
	heard    []func(Announcement)
	finder   Finder // nil: lists look in title and number only
	counts   recounts
	ground   atomic.Pointer[ground] // nil while nobody has asked where a point lies
	routes   atomic.Pointer[routes]
	copies   *copies
	rights   Rights     // nil: the directory alone says who may do what
	mandates Mandates   // nil: nobody acts for a firm
	rules    sync.Map   // compiled predicates by kind and source
	looking  sync.Mutex // held from counting somebody's looks until the next one is in the log
}

// Open returns a desk over a store and reads what it keeps in memory: the directory and the goals that are counted.
func Open(ctx context.Context, store Store, w World) (*Desk, error) {
	d := empty(store, w)
	if err := d.Adopt(ctx, w.Packs); err != nil {
		return nil, err
	}
	return d, nil
}

// How many states of streams are kept once they were read. A matter takes some 3 kB and is read anew within a millisecond. What
// walks past all of them, as the index of full text and the notices do, passes the cache by, see glance; the demo starts no faster with 20,000.
const (
	mostMatters = 4000
	mostGoals   = 5000
	mostRecords = 20000
)

// empty returns a desk that has read nothing yet.
func empty(store Store, w World) *Desk {
	d := &Desk{store: store, world: w, vault: newVault(w.Keys), copies: newCopies(), limits: indicator.DefaultThresholds(),
		matters: newCache[matter.Matter](mostMatters), goals: newCache[indicator.Goal](mostGoals), records: newCache[register.Record](mostRecords)}
	d.index.Store(&indexKeys{now: w.Blind})
	return d
}

// Adopt makes packs the ones that are installed, from the next request on, and reads again what depends on them.
func (d *Desk) Adopt(ctx context.Context, set *pack.Set) error {
	d.packs.Store(set)
	d.rules.Clear()
	return d.Reload(ctx)
}

// Reload reads the directory, the holidays and the feeds of goals again. It is called when one of them has changed.
func (d *Desk) Reload(ctx context.Context) error {
	dir, err := d.readDirectory(ctx)
	if err != nil {
		return err
	}
	cal, holidays, err := d.readCalendar(ctx)
	if err != nil {
		return err
	}
	feeds, err := d.readFeeds(ctx)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dir, d.feeds, d.holidays = dir, feeds, holidays
	d.ground.Store(nil)
	d.routes.Store(nil)
	d.env = matter.Env{Calendar: cal, Office: dir.Office, Supervision: dir.Supervision, Staff: roster{d}, Same: d.same}
	d.limits = dir.Limits
	return nil
}

// Env returns what the rules know about the world: calendar, office hours, the supervision office.
func (d *Desk) Env() matter.Env {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.env
}

// Holidays returns the version of the holidays that clocks are counted by; it grows with every notice.
func (d *Desk) Holidays() int64 {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.holidays
}

// Packs returns the packs that are installed.
func (d *Desk) Packs() *pack.Set { return d.packs.Load() }

// Directory returns units, persons and streets as they are today.
func (d *Desk) Directory() *Directory {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.dir
}

// District returns the district that the desk serves.
func (d *Desk) District() name.District { return d.world.District }

// Now returns the server's time in µs.
func (d *Desk) Now() int64 { return d.world.Now() }

// Today returns the civil day of Now.
func (d *Desk) Today() calendar.Date { return calendar.Instant(d.world.Now()).Date() }

// Announcement tells that something was appended.
type Announcement struct {
	Receipt journal.Receipt
	Batch   *journal.Batch
	Moved   map[name.ID]bool // for each matter: whether anything changed by which it is counted
}

// Listen has f called after each append, in the goroutine that appended. Listeners are added before requests are served.
func (d *Desk) Listen(f func(Announcement)) { d.heard = append(d.heard, f) }
