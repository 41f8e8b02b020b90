package atlas

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Store is where the matters with a place are read when the room is opened.
type Store interface {
	// Placed returns the matters that have a place and whose stream comes after one, at most so many, in the order of streams.
	Placed(ctx context.Context, log name.District, after name.ID, most int) ([]journal.Row, error)
}

// Room is the map of one desk. It is safe for many goroutines.
type Room struct {
	desk  *desk.Desk
	store Store

	mu    sync.RWMutex // of book and shelf
	book  book
	shelf *shelf

	heardMu sync.Mutex
	heard   map[name.ID]heard // what was announced and is not on the shelf yet
	follow  bool              // the store has been read, or is being read: announcements count

	opening chan struct{} // holds one token: who has it reads the store
}

// mostHeard is how many streams may have changed before the shelf follows though nobody looks at the map.
const mostHeard = 8192

// heard is the last row that was announced of a stream.
type heard struct {
	row     *journal.Row
	version int64
}

// New returns the map of a desk, to which announcements are to be handed, see [Room.Heard]. The matters are read when they are
// asked for the first time, or by [Room.Open] before.
func New(d *desk.Desk, s Store) *Room {
	r := &Room{desk: d, store: s, heard: map[name.ID]heard{}, opening: make(chan struct{}, 1)}
	r.opening <- struct{}{}
	return r
}

// Heard takes note of what was appended; the shelf follows before the next tile is made. It never waits for a tile.
func (r *Room) Heard(a desk.Announcement) {
	versions := map[name.ID]int64{}
	for _, s := range a.Receipt.Streams {
		versions[s.Stream] = s.Version
	}
	r.heardMu.Lock()
	if !r.follow {
		r.heardMu.Unlock()
		return
	}
	for i := range a.Batch.Appends {
		p := &a.Batch.Appends[i]
		if p.Row == nil || p.Kind != "matter" {
			continue
		}
		if v := versions[p.Stream]; r.heard[p.Stream].version < v {
			r.heard[p.Stream] = heard{p.Row, v}
		}
	}
	many := len(r.heard) > mostHeard
	r.heardMu.Unlock()
	if many && r.mu.TryLock() { // nobody looks at the map: it must not grow for ever
		if r.shelf != nil {
			r.take()
		}
		r.mu.Unlock()
	}
}

// take puts what was heard on the shelf. The caller holds mu.
func (r *Room) take() {
	r.heardMu.Lock()
	all := r.heard
	r.heard = map[name.ID]heard{}
	r.heardMu.Unlock()
	spots := make([]spot, 0, len(all))
	for _, h := range all {
		if s, ok := r.book.spot(h.row, h.version); ok {
			spots = append(spots, s)
		}
	}
	r.shelf.put(spots...)
	if r.book.hands.many() {
		r.book.hands.forget(r.shelf)
	}
}

// Open reads the matters from the store, once; who asks for a tile meanwhile waits for it.
func (r *Room) Open(ctx context.Context) error {
	if r.isOpen() {
		return nil
	}
	select {
	case <-r.opening:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { r.opening <- struct{}{} }()
	if r.isOpen() {
		return nil
	}
	r.following(true)
	err := r.read(ctx)
	if err != nil {
		r.following(false)
	}
	return err
}

// following says whether announcements count from now on.
func (r *Room) following(yes bool) {
	r.heardMu.Lock()
	defer r.heardMu.Unlock()
	r.follow, r.heard = yes, map[name.ID]heard{}
}

func (r *Room) isOpen() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.shelf != nil
}

// perRead is how many matters are read at once: the database is not held longer than for these.
const perRead = 5000

func (r *Room) read(ctx context.Context) error {
	b, shelf := book{}, newShelf(perBlock)
	for after := name.ID(""); ; {
		rows, err := r.store.Placed(ctx, r.desk.District(), after, perRead)
		if err != nil {
			return fmt.Errorf("read the matters of the map: %w", err)
		}
		for i := range rows {
			if s, ok := b.spot(&rows[i], rows[i].Version); ok {
				shelf.add(s)
			}
			after = rows[i].Stream
		}
		if len(rows) < perRead {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	b.hands.began = len(b.hands.ends)
	r.book, r.shelf = b, shelf
	return nil
}

// look calls f with the shelf as it is now, the shelf not changing meanwhile.
func (r *Room) look(ctx context.Context, f func(*book, *shelf)) error {
	if err := r.Open(context.WithoutCancel(ctx)); err != nil { // others wait for it when whoever asked first has gone
		return err
	}
	r.heardMu.Lock()
	some := len(r.heard) > 0
	r.heardMu.Unlock()
	if some {
		r.mu.Lock()
		r.take()
		r.mu.Unlock()
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	f(&r.book, r.shelf)
	return nil
}

// Ask is what a map is narrowed to. Empty fields do not narrow.
type Ask struct {
	Kinds  []string
	States []string
	Unit   name.Unit
	Class  string
	Lights []string // red, yellow, green, grey; only what is open has one
	Open   *bool
	Opened journal.Between
	Public bool // what anybody may read, of kinds that tell anybody where a matter is
}

// sieve is an Ask and a scope in the numbers of the shelf. It is of one goroutine: what it has found out of a number it keeps.
type sieve struct {
	ask         *Ask
	standings   []standing
	found       []uint8 // by number of a standing, its flags and what the sieve found
	now         uint32
	from, until uint32
	narrowed    bool
	units       *meeting // if narrowed: the sets whose matter one unit has
	lights      *[shades]bool

	free  seer // what the asker may see wherever it is
	there seer // what the asker may see besides, in grids
	grids []bool
}

// seer is the reasons of a [journal.Scope] in the numbers of the shelf.
type seer struct {
	all, public bool
	hands       *meeting // the sets with a part that lets the asker see
}

func (b *book) sieve(a *Ask, scope journal.Scope, now int64) *sieve {
	s := &sieve{ask: a, standings: b.standings.list, found: make([]uint8, len(b.standings.list)), now: uint32(now / 1_000_000), from: seconds(a.Opened.From), until: seconds(a.Opened.Until), free: b.seer(&scope)}
	if scope.There != nil {
		s.there, s.grids = b.seer(scope.There), b.below(scope.Grids)
	}
	if s.narrowed = a.Unit != ""; s.narrowed {
		s.units = b.having(as(holds, []name.Unit{a.Unit}))
	}
	if len(a.Lights) > 0 {
		s.lights = &[shades]bool{}
		for _, l := range a.Lights {
			s.lights[shadeOf(l)] = true
		}
	}
	return s
}

func (b *book) seer(scope *journal.Scope) seer {
	v := seer{all: scope.All, public: scope.Public}
	if v.all {
		return v
	}
	parts := as(holds, scope.Units)
	parts = append(parts, as(named, scope.Persons)...)
	parts = append(parts, as(assists, scope.Assist)...)
	parts = append(parts, as(issued, scope.SetBy)...)
	parts = append(parts, as(supervises, scope.Supervise)...)
	parts = append(parts, as(took, scope.Took)...)
	v.hands = b.having(parts)
	return v
}

func as[T ~string](r role, some []T) (parts []part) {
	for _, who := range some {
		parts = append(parts, part{r, string(who)})
	}
	return parts
}

// having returns which sets have one of some parts.
func (b *book) having(parts []part) *meeting {
	in := make([]bool, len(b.parts.list))
	for _, p := range parts {
		if n, ok := b.parts.at[p]; ok {
			in[n] = true
		}
	}
	return b.hands.meeting(in)
}

// below returns, by number, which places are in some grids, or below one of them.
func (b *book) below(some []string) []bool {
	in := make([]bool, len(b.places.list))
	for i, at := range b.places.list {
		in[i] = at.grid != "" && slices.ContainsFunc(some, func(g string) bool { return g != "" && strings.HasPrefix(at.grid+"/", g+"/") })
	}
	return in
}

// shows reports whether a spot is asked for and may be seen, and its shade.
func (v *sieve) shows(s *spot) (shade, bool) {
	flags := v.found[s.standing]
	if flags == 0 {
		flags = v.look(&v.standings[s.standing])
		v.found[s.standing] = flags
	}
	if flags&isAsked == 0 || v.from != 0 && s.opened < v.from || v.until != 0 && s.opened >= v.until || v.narrowed && !v.units.has(s.hands) || !v.maySee(s, flags) {
		return 0, false
	}
	sh := s.shade(flags, v.now)
	return sh, v.lights == nil || sh < Plain && v.lights[sh]
}

// look returns the flags of a standing with whether it is asked for.
func (v *sieve) look(s *standing) uint8 {
	among := func(some []string, one string) bool { return len(some) == 0 || slices.Contains(some, one) }
	flags := s.flags | isKnown
	if among(v.ask.Kinds, s.kind) && among(v.ask.States, s.state) && (v.ask.Class == "" || v.ask.Class == s.class) && (v.ask.Open == nil || *v.ask.Open == (flags&isOpen != 0)) {
		flags |= isAsked
	}
	return flags
}

// maySee is [journal.Scope] for a spot whose standing has these flags.
func (v *sieve) maySee(s *spot, flags uint8) bool {
	return v.free.sees(s, flags) || v.grids != nil && v.grids[s.lies] && v.there.sees(s, flags)
}

func (v *seer) sees(s *spot, flags uint8) bool {
	return v.all || v.public && flags&isPublic != 0 || v.hands.has(s.hands)
}

// scope returns what may be shown, and narrows an Ask for the public to kinds that tell anybody where a matter is.
func (r *Room) scope(who desk.Caller, a *Ask) (journal.Scope, bool) {
	if !a.Public {
		return r.desk.Scope(who, access.MatterRead, access.Matter), true
	}
	open := r.desk.KindsWithPublicPlace()
	if len(a.Kinds) > 0 {
		open = slices.DeleteFunc(open, func(k string) bool { return !slices.Contains(a.Kinds, k) })
	}
	a.Kinds, a.Unit, a.States = open, "", nil
	if len(a.Lights) > 0 { // how somebody stands with their clocks is theirs
		a.Lights = nil
	}
	return r.desk.Scope(desk.Nobody, access.PublicRead, access.Matter), len(open) > 0
}
