// Package records fills a store with made-up records for tests of proofs: cases of a fictitious district, some with personal
// values that their records commit to. The same count gives the same records.
package records

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Log is the district whose log is filled.
const Log name.District = "220105"

// Appender is a store.
type Appender interface {
	Append(ctx context.Context, b journal.Batch) (journal.Receipt, error)
}

// Start is when the first record is made, in µs; each next one is made a second later.
const Start = 1_697_414_400_000_000

// Fill appends n records behind the given number of earlier ones. Every tenth opens a case of which the nine behind it are steps.
func Fill(t testing.TB, st Appender, from, n int) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(uint64(from), 7))
	for at := from; at < from+n; {
		b := journal.Batch{Log: Log, Command: fmt.Sprintf("fill-%d", at)}
		for len(b.Appends) < 50 && at < from+n {
			take := min(10, from+n-at)
			b.Appends = append(b.Appends, matter(rnd, at, take, &b))
			at += take
		}
		if _, err := st.Append(context.Background(), b); err != nil {
			t.Fatal(err)
		}
	}
}

// matter makes a case of so many records.
func matter(rnd *rand.Rand, at, n int, b *journal.Batch) journal.Append {
	var id [16]byte
	for i := range 8 {
		id[15-i] = byte(at >> (8 * i))
	}
	a := journal.Append{Stream: name.NewID(Log, id), Kind: ledger.Matter, Series: "试〔2023〕"}
	for i := range n {
		e := ledger.Event{At: Start + int64(at+i)*1_000_000, Actor: name.Actor{Person: name.Person(fmt.Sprintf("p%02d", rnd.IntN(40))), Unit: name.Unit([]string{"housing", "urban", "tax"}[rnd.IntN(3)]), Role: "handler"},
			Type: []string{"matter.opened", "matter.acted"}[min(i, 1)], Schema: 1, Suite: ledger.SM3, Command: b.Command}
		for j := range e.Salt {
			e.Salt[j] = byte(rnd.Uint32())
		}
		phone := ""
		if i == 0 {
			p := journal.Personal{Subject: a.Stream, Field: "phone", Suite: "plain", Value: fmt.Sprintf("138%08d", rnd.IntN(1e8))}
			for j := range p.Salt {
				p.Salt[j] = byte(rnd.Uint32())
			}
			b.Personal = append(b.Personal, p)
			phone = fmt.Sprintf(`,"personal":{"phone":"%s"}`, ledger.Commit(ledger.SM3, p.Salt, p.Subject, p.Field, p.Value))
		}
		e.Body = fmt.Appendf(nil, `{"title":"试验事项第%d件","step":%d%s,"note":"某街道某社区巡查发现路面破损约%d平方米，已通知养护单位处置。"}`, at/10, i, phone, rnd.IntN(90)+1)
		a.Events = append(a.Events, e)
	}
	a.Row = &journal.Row{Kind: "works/site", Title: fmt.Sprintf("试验事项第%d件", at/10), State: "open", Open: true, Unit: "housing"}
	return a
}
