//go:build long

package desk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/internal/district"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
	"bihuan/packs"
)

// drawMatter draws a matter as rights look at it.
func drawMatter(r *rand.Rand, units []name.Unit, persons []name.Person, id name.ID) *matter.Matter {
	hand := func() (h matter.Hand) {
		if r.IntN(3) > 0 {
			h.Unit = units[r.IntN(len(units))]
			if r.IntN(2) == 0 {
				h.Person = persons[r.IntN(len(persons))]
			}
		}
		return h
	}
	m := &matter.Matter{ID: id, Version: 1, Holder: hand(), Issuer: hand(), Worker: hand(), Public: r.IntN(4) == 0, Fields: map[string]string{"title": string(id)}}
	for range r.IntN(3) {
		m.DidWork = append(m.DidWork, persons[r.IntN(len(persons))])
	}
	m.DidWork = slices.Compact(m.DidWork)
	for range r.IntN(3) {
		m.Orders = append(m.Orders, matter.Order{Matter: id, By: units[r.IntN(len(units))], Void: r.IntN(3) == 0})
	}
	if r.IntN(3) == 0 {
		m.Fields["assist"] = string(units[r.IntN(len(units))])
	}
	if r.IntN(3) > 0 {
		m.Fields["grid"] = []string{"220105001001G01", "220105001001G02", "220105001001G011", "220105002001G01"}[r.IntN(4)]
	} else if r.IntN(2) == 0 {
		m.Fields["area"] = "220105001"
	}
	return m
}

// TestBar_A01_RowsOfTheDatabaseEqualTheDecisions puts random matters into SQLite and asks for lists as everybody of the
// district, in their own roles and in random ones: each list holds exactly the rows whose matter may be read, and neither
// what is read from memory nor what is found says otherwise.
func TestBar_A01_RowsOfTheDatabaseEqualTheDecisions(t *testing.T) {
	x := district.New(t, day)
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	dir := x.Desk.Directory()
	units := []name.Unit{"dongsheng-one", "dongsheng", "housing", "urban", "government", "office", "hotline-center"}
	persons := []name.Person{"p101", "p109", "p112", "p270", "p272"}
	kind := x.Desk.Packs().Kinds()[0]
	var matters []*matter.Matter
	rows := map[name.ID]*journal.Row{}
	for i := range 400 {
		m := drawMatter(r, units, persons, x.Desk.NewID())
		row, err := desk.RowOf(kind, m)
		if err != nil {
			t.Fatal(err)
		}
		row.Kind = "test/right"
		e := ledger.Event{At: x.Desk.Now(), Actor: name.System, Type: "test.put", Schema: 1, Suite: ledger.SM3, Body: []byte("{}")}
		if _, err := x.Store.Append(ctx, journal.Batch{Log: "220105", Command: fmt.Sprint("rights-", i),
			Appends: []journal.Append{{Stream: m.ID, Kind: ledger.Matter, Events: []ledger.Event{e}, Row: row}}}); err != nil {
			t.Fatal(err)
		}
		matters, rows[m.ID] = append(matters, m), row
	}
	policy, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	var roles []name.Role
	for _, row := range policy.Roles() {
		roles = append(roles, row.Role)
	}
	asked, seen := 0, 0
	for n := range 300 {
		who, _ := dir.Caller(persons[r.IntN(len(persons))], "zh")
		if n%3 > 0 {
			who.Unit, who.Roles = units[r.IntN(len(units))], []name.Role{roles[r.IntN(len(roles))], roles[r.IntN(len(roles))]}
		}
		scope := x.Desk.Scope(who, access.MatterRead, access.Matter)
		got := map[name.ID]bool{}
		for q := (journal.Query{Log: "220105", Now: x.Desk.Now(), Scope: scope, Kinds: []string{"test/right"}, Limit: 500}); ; {
			page, err := x.Store.Rows(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range page.Rows {
				got[row.Stream] = true
			}
			if q.Cursor = page.Next; page.Next == "" {
				break
			}
		}
		for _, m := range matters {
			may := x.Desk.MayRead(who, m)
			if may != got[m.ID] || may != scope.Sees(rows[m.ID]) {
				t.Fatalf("seed %d: %v of %v may read: %v; in the list: %v; by the row: %v\n%+v\n%+v", seed, who.Roles, who.Unit, may, got[m.ID], scope.Sees(rows[m.ID]), scope, m)
			}
			asked++
			if may {
				seen++
			}
		}
	}
	if seen < asked/100 {
		t.Errorf("only %d of %d may be seen: the questions test too little", seen, asked)
	}
	bar.Report(t, "A-01", "%d rows asked for in SQLite as %d callers, %d of them shown: each list is what the decisions allow", asked, 300, seen)
}
