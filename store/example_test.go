package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// A case is opened with its number, and found again on the worklist of its unit.
func ExampleStore_Append() {
	dir, err := os.MkdirTemp("", "store-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(filepath.Join(dir, "bihuan.db"), store.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	ctx := context.Background()
	receipt, err := s.Append(ctx, journal.Batch{
		Log: "220105", Command: "made-by-the-browser",
		Appends: []journal.Append{{
			Stream: name.NewID("220105", [16]byte{15: 1}), Kind: ledger.Matter, Series: "城管〔2023〕",
			Events: []ledger.Event{{At: 1_697_414_400_000_000, Actor: name.Actor{Person: "p1", Unit: "hotline", Role: "clerk"},
				Type: "matter.register", Schema: 1, Body: []byte(`{"title":"吉林大路井盖破损"}`)}},
			Row: &journal.Row{Kind: "city/component", Title: "吉林大路井盖破损", State: "registered", Open: true, Unit: "housing"},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(receipt.LastSeq, receipt.Streams[0].Number)
	page, err := s.Rows(ctx, journal.Query{Log: "220105", Scope: journal.Scope{Units: []name.Unit{"housing"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range page.Rows {
		fmt.Println(r.Number, r.Title, r.State)
	}
	// Output:
	// 1 城管〔2023〕00001
	// 城管〔2023〕00001 吉林大路井盖破损 registered
}
