//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"strings"
	"testing"

	"bihuan/desk/accounts"
	"bihuan/desk/keys"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/pack"
)

// TestKeysThatEndAreTold: the log is told of them once a day, by the scheduler's own round.
func TestKeysThatEndAreTold(t *testing.T) {
	var log bytes.Buffer
	at := int64(calendar.NewDate(2023, 10, 16).At(9 * 60))
	h := loggedHouse(t, at, accounts.Config{}, logger(&log, "info"))
	for called, days := range map[string]int{"井盖": 20, "市民App": 300} {
		if _, _, err := h.keys.IssueAs(t.Context(), name.System, keys.Order{Name: called, For: []pack.Audience{pack.Sensors}, Days: days}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		h.daily(t.Context())
	}
	h.Close() // nobody writes any more
	if said := log.String(); strings.Count(said, "has to be replaced") != 1 || !strings.Contains(said, "井盖") || strings.Contains(said, "市民App") {
		t.Errorf("the log was told:\n%s", said)
	}
}
