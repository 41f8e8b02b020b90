package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"bihuan/api"
	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/atlas"
	"bihuan/desk/audit"
	"bihuan/desk/boards"
	"bihuan/desk/doors"
	"bihuan/desk/drafts"
	"bihuan/desk/firms"
	"bihuan/desk/goals"
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
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/ingest"
	"bihuan/mcp"
	"bihuan/open311"
	"bihuan/pack"
	"bihuan/scan"
	"bihuan/store"
	"bihuan/web"
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

// pages returns the handler of the pages; demo is nil outside of the demo.
func (h *house) pages(demo *web.Demo) (http.Handler, error) {
	return web.New(web.Config{Desk: h.desk, Goals: goals.New(h.desk, h.store), Reports: h.reports, Rights: h.rights, Doors: h.doors, Keys: h.keys, Public: h.config.Public, Drafts: h.drafts, Agenda: agenda.New(h.desk, h.store, systemChance),
		Assess: assess.New(h.desk, h.store), Atlas: h.atlas, Search: h.search, Boards: h.boards, Imports: h.imports, Persons: h.persons, Accounts: h.people, Ways: h.enters, Firms: h.firms, Pace: h.pace, Secure: h.config.isSecure(), Notices: h.out.notices, Outgoing: web.Outgoing{Hooks: h.out.hooks, Places: h.out.places, Key: h.out.publicKey}, Demo: demo, Security: h.guard, Log: h.log, Version: version,
		Held: func() ([]keys.Held, int64, error) {
			now := systemTime()
			all, err := h.held(now, true)
			return all, now, err
		},
		Decode: decode, Verify: h.verify, Proof: h.proof, Audit: audit.New(h.desk, h.store, h.proof),
		Methods: methodsOf(demo != nil),
		Sheet: func(_ context.Context, name string, r io.Reader) (reports.Sheet, error) {
			table, err := ingest.Sheet(r, name)
			return sheetOf(table), err
		},
	})
}

// methodsOf hands the methods of the API on as their page takes them.
func methodsOf(demo bool) (all []web.Method) {
	for _, m := range api.Methods(demo) {
		all = append(all, web.Method(m))
	}
	return all
}

// faces returns everything that the house serves, behind the gate: the pages, and the same desk over JSON beside them.
func (h *house) faces(demo *web.Demo) (http.Handler, error) {
	pages, err := h.pages(demo)
	if err != nil {
		return nil, err
	}
	methods, err := h.methods(demo)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/api/", methods)
	programs := open311.New(open311.Config{Desk: h.desk, Doors: h.doors, Keys: h.keys, Past: h.store, Pace: h.pace, Security: h.guard, Log: h.log})
	mux.Handle("/open311", programs)
	mux.Handle("/open311/", programs)
	mux.Handle(mcp.Path, mcp.New(mcp.Config{Desk: h.desk, Search: h.search, Drafts: h.drafts, Caller: h.behind, Pace: h.pace, Log: h.log, Version: version}))
	if demo != nil {
		mux.Handle("/demo/persons.json", methods)
	}
	proxies, err := gate.ParseProxies(h.config.Proxies)
	if err != nil {
		return nil, fmt.Errorf("proxies: %w", err)
	}
	return gate.New(gate.Config{Hosts: h.config.hosts(), Vouched: h.vouched(), Proxies: proxies, Chance: systemChance, Log: h.log, Reports: web.ViolationsPath, Told: h.turnedAway}, open311.Tidy(mux)), nil
}

// behind returns who is behind the secret of a session.
func (h *house) behind(ctx context.Context, secret, lang string) (desk.Caller, error) {
	who, err := h.people.Caller(ctx, secret, lang)
	return h.desk.Entitled(who, ""), err
}

// methods returns the handler of the API.
func (h *house) methods(demo *web.Demo) (http.Handler, error) {
	c := api.Config{Desk: h.desk, Search: h.search, Doors: h.doors, Keys: h.keys, Reports: h.reports, Past: h.store, Accounts: h.people, Pace: h.pace, Secure: h.config.isSecure(), Security: h.guard, Log: h.log, Version: version, Form: pack.FormSchema, Decode: decode,
		Verify: func(ctx context.Context) (api.Verdict, error) {
			f, err := h.check(ctx)
			return api.Verdict{Events: f.Events, Head: f.Head, Bad: f.Bad, Reason: f.Reason}, err
		}}
	if demo != nil {
		c.Demo = &api.Demo{ActAs: demo.ActAs}
	}
	return api.New(c)
}

// decode reads the text of a report's file.
func decode(_ context.Context, name string, r io.Reader) (string, error) {
	doc, err := ingest.Text(r, name)
	return doc.Text, err
}

// sheetOf hands a spreadsheet on as the desk takes it.
func sheetOf(t ingest.Table) reports.Sheet {
	s := reports.Sheet{Header: t.Header}
	for _, row := range t.Rows {
		cells := make([]reports.Cell, len(row))
		for i, c := range row {
			cells[i] = reports.Cell{Text: c.Text, Ref: c.Ref()}
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

// verify replays the chain and compares the rows.
func (h *house) verify(ctx context.Context) (web.Verdict, error) {
	f, err := h.check(ctx)
	return verdict(f), err
}

func verdict(f finding) web.Verdict {
	return web.Verdict{Events: f.Events, Head: f.Head, Bad: f.Bad, Reason: f.Reason, Took: time.Duration(f.Millis) * time.Millisecond}
}

// tick runs the scheduler every so often until ctx ends.
func (h *house) tick(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	h.daily(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := h.watch.Tick(ctx); err != nil && ctx.Err() == nil {
				h.log.Error("scheduler", "error", err)
			}
			h.daily(ctx)
			h.settle(ctx)
			h.keepWatch(ctx)
		}
	}
}

// settle has the log told of accounts that were locked.
func (h *house) settle(ctx context.Context) {
	if err := h.people.Settle(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("locked accounts", "error", err)
	}
}

// daily has the log signed, cosigned and verified, each once a day.
func (h *house) daily(ctx context.Context) {
	if err := h.proof.Daily(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("daily proofs", "error", err)
	}
	if err := h.remind(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("keys that end", "error", err)
	}
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

// retain destroys what has been kept long enough.
func (h *house) retain(ctx context.Context) error {
	k, err := h.persons.Tick(ctx)
	if k.Purged+k.Logs > 0 {
		h.log.Info("retention", "looked", k.Looked, "purged", k.Purged, "log_days", k.Logs)
	}
	return err
}

// rest is how long the scheduler leaves files alone after none of them has waited: it walks along all of their hashes to know.
const rest = 10 * time.Minute

// rescan has the scanner asked again about files that it could not look at. That it is away holds nothing else up.
func (h *house) rescan(ctx context.Context) error {
	if now := h.desk.Now(); now < h.rested {
		return nil
	}
	looked, found, err := h.desk.Rescan(ctx)
	if looked == 0 && err == nil {
		h.rested = h.desk.Now() + rest.Microseconds()
	}
	if looked > 0 {
		h.log.Info("files looked at that had waited", "files", looked, "found", found)
	}
	if errors.Is(err, fault.ErrUnavailable) {
		h.log.Warn("files wait for the scanner", "error", err)
		return nil
	}
	return err
}

// process names this very process on the scheduler's lease: two that are configured alike are not the same.
func process(holder string) string {
	var b [4]byte
	systemChance(b[:])
	return fmt.Sprintf("%s-%x", holder, b)
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
