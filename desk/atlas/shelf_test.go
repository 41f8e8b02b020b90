package atlas

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"bihuan/ground/geo"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

func idAt(n int) name.ID {
	var u [16]byte
	binary.BigEndian.PutUint32(u[12:], uint32(n))
	return name.NewID("220105", u)
}

// drawRow draws a row from few values, so that rows and questions meet often.
func drawRow(t *rapid.T) journal.Row {
	one := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	r := journal.Row{Noun: "matter", Kind: one("kind", "urban/case", "works/site"), State: one("state", "open", "closed", ""), Open: rapid.Bool().Draw(t, "open"),
		Unit: name.Unit(one("unit", "urban", "housing", "tax", "")), Person: name.Person(one("person", "p1", "p2", "")), Light: one("light", "", "grey", "green", "red"),
		Opened: rapid.Int64Range(0, 4).Draw(t, "opened") * 1e6, Due: rapid.Int64Range(0, 4).Draw(t, "due") * 1e6, Yellow: rapid.Int64Range(0, 4).Draw(t, "yellow") * 1e6,
		Public: rapid.Bool().Draw(t, "public"), Place: rapid.SampledFrom([]geo.Point{{}, {Lng: 125.4, Lat: 43.86}, {Lng: 125.41, Lat: 43.87}, {Lng: 125.4, Lat: 43.861}}).Draw(t, "place")}
	if c := one("class", "", "hole", "lamp"); c != "" {
		r.Facets = append(r.Facets, journal.Facet{Name: "class", Text: c})
	}
	for _, u := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"urban", "housing", "tax"}), rapid.ID).Draw(t, "involved") {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Involved, Text: u})
	}
	if u := one("issuer", "", "urban", "tax"); u != "" {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Issuer, Text: u})
	}
	if u := one("supervisor", "", "urban", "tax"); u != "" {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Supervisor, Text: u})
	}
	for _, p := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"p1", "p2", "p3"}), rapid.ID).Draw(t, "took part") {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Took, Text: p})
	}
	if at := one("grid", "", "001/01", "001/01/1", "001/011", "002"); at != "" {
		r.Facets = append(r.Facets, journal.Facet{Name: journal.Lies, Text: at})
	}
	return r
}

func drawAsk(t *rapid.T) (a Ask, s journal.Scope) {
	list := func(label string, from ...string) []string {
		if rapid.IntRange(0, 2).Draw(t, "narrow by "+label) > 0 {
			return nil
		}
		return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 2, rapid.ID).Draw(t, label)
	}
	a = Ask{Kinds: list("kinds", "urban/case", "works/site", "none/such"), States: list("states", "open", "closed", "gone"), Lights: list("lights", "red", "yellow", "green", "grey"),
		Unit: rapid.SampledFrom([]name.Unit{"", "", "urban", "nowhere"}).Draw(t, "unit"), Class: rapid.SampledFrom([]string{"", "", "hole", "none"}).Draw(t, "class")}
	if rapid.IntRange(0, 2).Draw(t, "narrow by open") == 0 {
		open := rapid.Bool().Draw(t, "open")
		a.Open = &open
	}
	if rapid.IntRange(0, 2).Draw(t, "narrow by opened") == 0 {
		a.Opened = journal.Between{From: rapid.Int64Range(1, 3).Draw(t, "from") * 1e6, Until: rapid.Int64Range(2, 4).Draw(t, "until") * 1e6}
	}
	reasons := func() (s journal.Scope) {
		s = journal.Scope{All: rapid.IntRange(0, 2).Draw(t, "all") == 0, Public: rapid.Bool().Draw(t, "public")}
		for _, u := range list("units", "urban", "tax", "nowhere") {
			s.Units = append(s.Units, name.Unit(u))
		}
		for _, u := range list("assisting units", "urban", "tax", "nowhere") {
			s.Assist = append(s.Assist, name.Unit(u))
		}
		for _, u := range list("setting units", "urban", "tax", "nowhere") {
			s.SetBy = append(s.SetBy, name.Unit(u))
		}
		for _, u := range list("supervising units", "urban", "tax", "nowhere") {
			s.Supervise = append(s.Supervise, name.Unit(u))
		}
		for _, p := range list("persons", "p1", "p9") {
			s.Persons = append(s.Persons, name.Person(p))
		}
		for _, p := range list("persons who took part", "p1", "p3", "p9") {
			s.Took = append(s.Took, name.Person(p))
		}
		return s
	}
	if s = reasons(); rapid.Bool().Draw(t, "bound") {
		there := reasons()
		s.There, s.Grids = &there, list("grids", "001/01", "001/02", "009")
	}
	return a, s
}

// TestTimesBeyondTheShelfAreFarAway: seconds are counted until 2106; what is later is as late as that, and never earlier.
func TestTimesBeyondTheShelfAreFarAway(t *testing.T) {
	for micros, want := range map[int64]uint32{0: 0, -5: 0, math.MinInt64: 0, 1: 1, 1_000_000: 1, 1_000_001: 2, (1<<32 - 1) * 1_000_000: math.MaxUint32, 1 << 32 * 1_000_000: math.MaxUint32,
		math.MaxInt64: math.MaxUint32} {
		if got := seconds(micros); got != want {
			t.Errorf("%d µs are %d s, want %d", micros, got, want)
		}
	}
}

// matches answers an Ask and a scope by the row itself, as journal.Query and journal.Scope are written.
func matches(a *Ask, s *journal.Scope, r *journal.Row, now int64) bool {
	facet := func(key string, in ...string) bool {
		return slices.ContainsFunc(r.Facets, func(f journal.Facet) bool { return f.Name == key && slices.Contains(in, f.Text) })
	}
	q := a.Query()
	return s.Sees(r) && !r.Place.IsZero() && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, r.Kind)) && (len(q.States) == 0 || slices.Contains(q.States, r.State)) &&
		(len(q.Units) == 0 || slices.Contains(q.Units, r.Unit)) && (len(q.Facets) == 0 || facet(q.Facets[0].Name, q.Facets[0].Text)) &&
		(a.Open == nil || *a.Open == r.Open) && (q.Open == nil || *q.Open == r.Open) && (len(q.Lights) == 0 || slices.Contains(q.Lights, r.LightAt(now))) &&
		(q.Opened == journal.Between{} || r.Opened >= q.Opened.From && (q.Opened.Until == 0 || r.Opened < q.Opened.Until))
}

// TestTheShelfAnswersLikeTheRows changes a few matters again and again and asks in between.
func TestTheShelfAnswersLikeTheRows(t *testing.T) {
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		b, rows, versions := book{}, map[int]journal.Row{}, map[int]int64{}
		var first []spot
		put := func(n int) spot {
			r := drawRow(t)
			r.Stream = idAt(n)
			rows[n] = r
			versions[n]++
			s, ok := b.spot(&r, versions[n])
			if !ok {
				t.Fatalf("no spot for %s", r.Stream)
			}
			return s
		}
		for n := range rapid.IntRange(0, 10).Draw(t, "there from the beginning") {
			if s := put(n); s.cell != nowhere {
				first = append(first, s)
			}
		}
		shelf := newShelf(rapid.IntRange(2, 5).Draw(t, "spots of a block"))
		for _, s := range first {
			shelf.add(s)
		}
		for range rapid.IntRange(0, 20).Draw(t, "changes") {
			var together []spot
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 12), 1, 3, rapid.ID).Draw(t, "which") {
				together = append(together, put(n))
			}
			shelf.put(together...)
			for i := range together { // what comes late changes nothing
				together[i].version, together[i].standing = together[i].version-1, b.standings.number(standing{kind: "late"}, standing.clone)
			}
			shelf.put(together...)
			if rapid.IntRange(0, 3).Draw(t, "forget") == 0 {
				b.hands.forget(shelf)
			}
		}
		now := rapid.Int64Range(0, 5).Draw(t, "now") * 1e6
		for range 4 {
			a, scope := drawAsk(t)
			v := b.sieve(&a, scope, now)
			got, want := map[[16]byte]shade{}, map[[16]byte]shade{}
			shelf.within(geo.Span{Until: 1 << 62}, func(s *spot) {
				if sh, ok := v.shows(s); ok {
					if _, twice := got[s.id]; twice {
						t.Fatalf("a matter stands on the shelf twice")
					}
					got[s.id] = sh
				}
			})
			for _, r := range rows {
				if matches(&a, &scope, &r, now) {
					id, _ := idOf(r.Stream)
					want[id] = shadeOf(r.LightAt(now))
					if !r.Open {
						want[id] = Done
					}
				}
			}
			shown += len(want)
			if len(got) != len(want) {
				t.Fatalf("%+v within %+v at %d: %d are shown, want %d", a, scope, now, len(got), len(want))
			}
			for id, sh := range want {
				if got[id] != sh {
					t.Fatalf("%x is shown as %s, want %s", id, Shades[got[id]], Shades[sh])
				}
			}
		}
	})
	if shown == 0 {
		t.Error("nothing was shown: the test has looked at nothing")
	}
}

// TestTheShelfKeepsItsOrder puts many spots on the shelf, moves a third of them and takes the place from some, and looks at the blocks.
func TestTheShelfKeepsItsOrder(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 7))
	const n, most = 20_000, 64
	shelf, where := newShelf(most), map[[16]byte]geo.Cell{}
	one := func(i int, version uint16) spot {
		s := spot{cell: geo.Cell(chance.Uint64N(1 << 62)), version: version}
		binary.BigEndian.PutUint32(s.id[4:], uint32(i))
		where[s.id] = s.cell
		return s
	}
	for i := range n {
		shelf.put(one(i, 1))
	}
	var moved []spot
	for i := range n / 3 {
		s := one(i*3, 2)
		if i%5 == 0 {
			s.cell = nowhere
			delete(where, s.id)
		}
		moved = append(moved, s)
	}
	shelf.put(moved...)
	var before *spot
	count := 0
	for _, block := range shelf.blocks {
		if len(block) == 0 || len(block) > most || cap(block) > most {
			t.Fatalf("a block of %d spots with room for %d", len(block), cap(block))
		}
		for i := range block {
			if before != nil && bySpot(before, &block[i]) >= 0 {
				t.Fatalf("%x stands behind %x", block[i].id, before.id)
			}
			before = &block[i]
			count++
		}
	}
	if count != n {
		t.Errorf("%d spots stand on the shelf, want %d", count, n)
	}
	for range 200 {
		span := geo.Span{From: geo.Cell(chance.Uint64N(1 << 62))}
		span.Until = span.From + geo.Cell(chance.Uint64N(1<<57))
		got, want := 0, 0
		shelf.within(span, func(s *spot) { got++ })
		for _, c := range where {
			if span.From <= c && c < span.Until {
				want++
			}
		}
		if got != want {
			t.Errorf("%d spots within %v, want %d", got, span, want)
		}
	}
}

// TestKnownNeverDenies: what was added is held, and of what was not hardly anything is.
func TestKnownNeverDenies(t *testing.T) {
	k := newKnown(1 << 14)
	id := func(i int) (id [16]byte) { binary.BigEndian.PutUint64(id[:], uint64(i)); return id }
	for i := range 1 << 14 {
		k.add(id(i))
	}
	wrong := 0
	for i := range 1 << 14 {
		if !k.mayHold(id(i)) {
			t.Fatalf("%d is denied", i)
		}
		if k.mayHold(id(i + 1<<20)) {
			wrong++
		}
	}
	if wrong > 1<<14/100 {
		t.Errorf("%d of %d that were never added are held", wrong, 1<<14)
	}
	if !k.full() {
		t.Error("it holds what it is made for and is not full")
	}
}

// BenchmarkShelf puts a million spots on a shelf, changes one, moves one and walks through all.
func BenchmarkShelf(b *testing.B) {
	chance := rand.New(rand.NewPCG(3, 7))
	spots := make([]spot, 1_000_000)
	for i := range spots {
		spots[i].cell = geo.Cell(chance.Uint64N(1 << 62))
		binary.BigEndian.PutUint32(spots[i].id[4:], uint32(i))
	}
	var shelf *shelf
	fill := func() {
		shelf = newShelf(perBlock)
		for i := range spots {
			shelf.add(spots[i])
		}
	}
	b.Run("fill", func(b *testing.B) {
		for b.Loop() {
			fill()
		}
	})
	if shelf == nil {
		fill()
	}
	b.Run("change", func(b *testing.B) {
		for b.Loop() {
			s := spots[chance.IntN(len(spots))]
			s.version = lastVersion
			shelf.put(s)
		}
	})
	b.Run("move", func(b *testing.B) {
		for b.Loop() {
			s := &spots[chance.IntN(len(spots))]
			s.version, s.cell = lastVersion, geo.Cell(chance.Uint64N(1<<62))
			shelf.put(*s)
		}
	})
	b.Run("walk", func(b *testing.B) {
		open := 0
		for b.Loop() {
			shelf.within(geo.Span{Until: 1 << 62}, func(s *spot) { open += int(s.standing & 1) })
		}
	})
}
