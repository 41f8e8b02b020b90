package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/atlas"
	"bihuan/desk/boards"
	"bihuan/desk/doors"
	"bihuan/desk/drafts"
	"bihuan/desk/firms"
	"bihuan/desk/identity"
	"bihuan/desk/imports"
	"bihuan/desk/keys"
	"bihuan/desk/pace"
	"bihuan/desk/personal"
	"bihuan/desk/proof"
	"bihuan/desk/reports"
	"bihuan/desk/rights"
	"bihuan/desk/search"
	"bihuan/desk/security"
	"bihuan/desk/watch"
	"bihuan/gate"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/pack"
	"bihuan/scan"
	"bihuan/store"
)

// house is the whole house, wired: what serve and demo stand up.
type house struct {
	store       *store.Store
	desk        *desk.Desk
	reports     *reports.Room
	doors       *doors.Room
	keys        *keys.Room
	drafts      *drafts.Room
	boards      *boards.Room
	imports     *imports.Room
	watch       *watch.Watch
	search      *search.Room
	atlas       *atlas.Room
	pace        *pace.Keeper
	proof       *proof.Room
	people      *accounts.Room
	enters      *identity.Room // the other ways in
	reminded    calendar.Date  // the day on which the log was told of keys that end
	firms       *firms.Room
	persons     *personal.Room
	rights      *rights.Room
	guard       *security.Room       // the security log
	collectors  []security.Collector // where it is handed on to
	ring        *seal.Ring           // the district's keys for personal values
	certificate *gate.Certificate    // of the server; nil without TLS
	out         *outgoing            // everything that leaves the house
	stop        func()               // ends what runs beside the requests
	world       desk.World

	blind    blindKeys               // of blind indexes, as they are in use
	reading  bool                    // for who only reads the record: keys that are missing are not missed
	asIs     bool                    // for a command that knows the file alone: see asItStands
	lost     bool                    // the key of blind indexes is given up
	replays  replays                 // of the log, as pages, API and the scheduler ask for them
	changing sync.Mutex              // one change of a key at a time
	believed atomic.Pointer[[]byte]  // the certificates of authorities as they were read last
	looking  sync.Mutex              // one look at the ages of secrets at a time
	step     func(step string) error // of tests, see before
	rested   int64                   // µs, until when no file is looked for that waits for the scanner
	config   config
	log      *slog.Logger
}

// build opens the database, installs the packs that are new, and wires the rooms. now is the server's clock in µs.
func build(ctx context.Context, c config, now func() int64, chance func([]byte), log *slog.Logger) (*house, error) {
	c.tighten(log, os.Chmod)
	st, err := store.Open(c.Database, store.Options{Fleeting: c.passing})
	if err != nil {
		return nil, err
	}
	h := &house{store: st, config: c, log: log}
	if err := h.stand(ctx, now, chance); err != nil {
		st.Close()
		return nil, err
	}
	return h, nil
}

// stand wires all rooms, each upon those before it.
func (h *house) stand(ctx context.Context, now func() int64, chance func([]byte)) (err error) {
	if h.collectors, err = h.config.collectors(); err != nil {
		return err
	}
	if h.certificate, err = h.config.certified(h.log); err != nil {
		return err
	}
	if err := h.wire(ctx, now, chance); err != nil {
		return err
	}
	if err := h.secure(ctx); err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	if err := h.enter(); err != nil {
		return err
	}
	if err := h.proofs(ctx, now); err != nil {
		return err
	}
	return h.index(ctx)
}

// wire opens the desk and wires the rooms around it.
func (h *house) wire(ctx context.Context, now func() int64, chance func([]byte)) error {
	changed, err := h.openDesk(ctx, now, chance)
	if err != nil {
		return err
	}
	if err := h.wireRooms(ctx); err != nil {
		return err
	}
	if len(changed) > 0 {
		h.log.Info("packs installed", "packs", changed)
	}
	return nil
}

// openDesk opens the desk over the store, with the packs of the configuration installed, and returns those that were new or changed.
func (h *house) openDesk(ctx context.Context, now func() int64, chance func([]byte)) (changed []string, err error) {
	district, err := name.ParseDistrict(h.config.District)
	if err != nil {
		return nil, err
	}
	policy, err := h.config.policy()
	if err != nil {
		return nil, err
	}
	offered, err := h.config.packs()
	if err != nil {
		return nil, err
	}
	if err := h.ofDistrict(ctx, district); err != nil {
		return nil, err
	}
	if h.blind, err = h.openBlindKeys(ctx, district); err != nil {
		return nil, err
	}
	if h.ring, err = h.openRing(ctx, district); err != nil {
		return nil, err
	}
	world := desk.World{District: district, Now: now, Chance: chance, Policy: policy, Packs: offered, Blind: h.blind.now, Keys: h.ring, Quarantine: h.store,
		Guarded: !h.config.people.Vouched} // the demo lets its persons in on its own word, so that it has nothing to ask for again
	if h.config.Scanner != "" {
		if world.Scanner, err = scan.Dial(h.config.Scanner); err != nil {
			return nil, err
		}
	}
	if !h.reading && !h.asIs { // who looks at a record adds nothing to it, not even the packs of a newer binary
		if err := h.keepsItsPeople(ctx, district, now(), offered); err != nil {
			return nil, err
		}
		if changed, err = desk.InstallPacks(ctx, h.store, world, offered, name.System); err != nil {
			return nil, err
		}
	}
	if installed, err := desk.InstalledPacks(ctx, h.store, district, now(), offered); err != nil {
		return nil, err
	} else if installed != nil { // nothing is installed in a log that has not begun
		world.Packs = installed
	}
	h.world = world
	h.desk, err = desk.Open(ctx, h.store, world)
	return changed, err
}

// wireRooms stands up the rooms beside the desk and has the scheduler look after them.
func (h *house) wireRooms(ctx context.Context) (err error) {
	h.desk.Listen(func(a desk.Announcement) {
		if err := h.desk.Follow(ctx, a); err != nil {
			h.log.Error("follow figures", "error", err)
		}
	})
	h.guard = security.New(h.desk, h.store, h.blind.now)
	if h.rights, err = rights.Open(ctx, h.desk, h.store, nil); err != nil {
		return err
	}
	h.rights.Carried(carried...)
	h.reports = reports.New(h.desk, h.store)
	h.doors = doors.New(h.desk).On(h.store)
	if h.config.Pace != "off" {
		h.pace = pace.New(systemTime)
	}
	h.keys = keys.New(h.desk, h.store, systemChance)
	h.boards = boards.New(h.desk, h.store)
	h.imports = imports.New(h.desk, h.store)
	h.drafts = drafts.New(h.desk, h.store, systemChance)
	h.atlas = atlas.New(h.desk, h.store)
	h.desk.Listen(h.atlas.Heard)
	h.watch = watch.New(h.desk, h.store, h.store, process(h.config.Holder))
	if err := h.wireOutgoing(ctx); err != nil {
		return err
	}
	if err := h.useBlind(h.blind); err != nil {
		return err
	}
	h.watch.Also(func(ctx context.Context) error {
		n, err := h.rights.Tick(ctx)
		if n > 0 {
			h.log.Info("rights lapsed or late", "rights", n)
		}
		return err
	})
	h.watch.Also(h.rescan)
	h.watch.Also(h.doors.DropStaged)
	h.watch.Also(h.forgetPast)
	h.watch.Also(func(ctx context.Context) error { return h.people.Retire(ctx) }) // people are wired later
	return nil
}

// secure holds the district's keys against the database and seals what an older version left in the clear.
func (h *house) secure(ctx context.Context) error {
	if err := h.sealOlder(ctx); err != nil {
		return err
	}
	return h.fitBlind(ctx)
}

// sealOlder is secure without the key of blind indexes.
func (h *house) sealOlder(ctx context.Context) error {
	if err := fits(ctx, h.store, h.desk.District(), h.ring, h.config.ringPath()); err != nil {
		return err
	}
	n, foreign, err := h.desk.SealPlain(ctx, h.store)
	if n > 0 {
		h.log.Info("personal values sealed", "values", n)
	}
	if foreign > 0 {
		h.log.Error("values stand in the database in the clear to which no record commits: somebody wrote them there; they are shown to nobody, and bihuan verify names the first", "values", foreign)
	}
	if err != nil {
		return err
	}
	if n, err = h.out.notices.Adopt(ctx); n > 0 {
		h.log.Info("addresses of notices sealed under the keys of their persons", "persons", n)
	}
	return err
}

// index opens the index of full text and keeps it up with the log until the house is closed; the map is read before.
func (h *house) index(ctx context.Context) (err error) {
	if h.search, err = search.Open(ctx, h.desk, h.store); err != nil {
		return err
	}
	h.desk.FindBy(h.search)
	h.desk.Listen(h.search.Heard)
	rules, err := pack.ReadRetention(h.config.packFiles())
	if err != nil {
		return err
	}
	h.persons = personal.New(h.desk, h.store, rules, h.search, h.logs())
	h.watch.Also(h.retain)
	ctx, end := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		if err := h.atlas.Open(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("read the map", "error", err)
		}
		if err := h.boards.Warm(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("count the months", "error", err)
		}
		debug.FreeOSMemory() // reading them took much that is needed no more
		h.search.Run(ctx, h.log)
		close(done)
	}()
	followed := make(chan struct{})
	go func() {
		h.proof.Run(ctx, h.log)
		close(followed)
	}()
	h.stop = func() {
		end()
		<-done
		<-followed
	}
	return nil
}

// Close ends what runs beside the requests and closes the database.
func (h *house) Close() error {
	h.settle(context.Background())
	h.keepWatch(context.Background())
	if err := h.guard.Seal(context.Background()); err != nil {
		h.log.Error("seal of the security log", "error", err)
	}
	h.stop()
	return h.store.Close()
}

// systemTime is the real clock in µs.
func systemTime() int64 { return time.Now().UnixMicro() }

// systemChance fills b from the system's random source, which cannot fail.
func systemChance(b []byte) { rand.Read(b) }
