package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// trivialPack is a pack as an office would write it: nothing of it is in Go.
const trivialPack = `pack: keys
version: 1.0.0
effective: 2023-01-01
source: {zh: 钥匙管理办法（测试）, en: "rules for keys (test)"}
words: {zh: 钥匙领用, en: Keys}
needs: [cn, erdao]
matters:
  - matter: loan
    words: {zh: 钥匙领用, en: Loan of a key}
    series: K
    fields:
      - {field: title, kind: text, class: P, words: {zh: 事由, en: What for}}
      - {field: unit, kind: unit, class: P, words: {zh: 领用单位, en: Unit}}
    states:
      - {state: lent, phase: handling, words: {zh: 已领用, en: Lent}}
      - {state: back, phase: closed, words: {zh: 已归还, en: Back}}
    acts:
      - {act: lend, verb: register, words: {zh: 领用, en: Lend}, to: lent, by: [issuer/issuer], form: [title!, unit!], holder: "field:unit", clocks: {start: [return]}}
      - {act: give-back, verb: close, words: {zh: 归还, en: Give back}, from: [lent], to: back, by: [holder/handler, issuer/issuer], clocks: {stop: [return]}}
    clocks:
      - clock: return
        words: {zh: 归还, en: Return}
        term: internal
        basis: working-day
        length: 5
        source: {zh: 测试, en: test}
        confirmed: no
    facets: [unit]
`

const trivialCases = `cases:
  - case: {zh: 领用归还, en: lent and given back}
    matter: loan
    persons: {zhao: {unit: office, role: issuer}}
    steps:
      - {at: "2023-09-27T09:00", by: zhao, do: lend, with: {title: 档案室, unit: housing}, expect: {state: lent, holder: housing, clocks: {return: 2023-10-10}}}
      - {at: "2023-09-28T09:00", by: zhao, do: give-back, expect: {state: back}}
`

func dueOf(t *testing.T, h *house, who desk.Caller, id name.ID) string {
	t.Helper()
	v, err := h.desk.Matter(context.Background(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Clocks {
		if c.Key == "acknowledge" {
			return c.DueDate.String()
		}
	}
	t.Fatal("no clock acknowledge")
	return ""
}

// copyPack writes an installed pack into a folder of its own.
func copyPack(t *testing.T, h *house, called string) string {
	t.Helper()
	p, ok := h.desk.Packs().Pack(called)
	if !ok {
		t.Fatalf("pack %s is not installed", called)
	}
	dir := filepath.Join(t.TempDir(), called)
	for _, f := range p.Files {
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// testHouse is a house over an empty database at a time that stands still.
func testHouse(t *testing.T, at int64) *house {
	t.Helper()
	return peopledHouse(t, at, accounts.Config{})
}

// peopledHouse is one with accounts of its own making: of [demoPeople] everybody is let in on the test's word.
func peopledHouse(t *testing.T, at int64, people accounts.Config) *house {
	t.Helper()
	return loggedHouse(t, at, people, logger(io.Discard, "error"))
}

// loggedHouse is one that tells its log.
func loggedHouse(t *testing.T, at int64, people accounts.Config, log *slog.Logger) *house {
	t.Helper()
	dir := t.TempDir()
	copyInstalled(t, at, dir)
	return houseIn(t, dir, at, people, log)
}

// houseIn is one in a folder, with the keys that lie there or else its own.
func houseIn(t *testing.T, dir string, at int64, people accounts.Config, log *slog.Logger) *house {
	t.Helper()
	c := defaults()
	c.Database, c.people = filepath.Join(dir, "test.db"), people
	h, err := build(context.Background(), c, func() int64 { return at }, demoChance(), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

var (
	installed   = map[int64]map[string][]byte{}
	installedMu sync.Mutex
)

// copyInstalled puts into a folder a database into which the packs of the binary were installed at an instant, and its keys: made once for each instant.
func copyInstalled(t *testing.T, at int64, to string) {
	t.Helper()
	installedMu.Lock()
	defer installedMu.Unlock()
	if installed[at] == nil {
		c := defaults()
		c.Database = filepath.Join(t.TempDir(), "test.db")
		h, err := build(context.Background(), c, func() int64 { return at }, systemChance, logger(io.Discard, "error"))
		if err == nil {
			err = h.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(filepath.Dir(c.Database), "*"))
		if err != nil {
			t.Fatal(err)
		}
		installed[at] = map[string][]byte{}
		for _, f := range files {
			if installed[at][filepath.Base(f)], err = os.ReadFile(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, b := range installed[at] {
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// request is a request to a house that is served on this machine.
func request(method, target string, body io.Reader) *http.Request {
	q := httptest.NewRequest(method, target, body)
	q.Host = "localhost"
	return q
}

// TestRestart opens a database again: packs, matters and numbers go on where they were.
func TestRestart(t *testing.T) {
	ctx := context.Background()
	c := defaults()
	c.Database = filepath.Join(t.TempDir(), "test.db")
	var at atomic.Int64 // what runs beside the requests asks for the time too
	at.Store(int64(calendar.NewDate(2023, 3, 1).At(9 * 60)))
	var ids []name.ID
	var numbers []string
	for range 2 {
		h, err := build(ctx, c, func() int64 { return at.Add(1) }, systemChance, logger(io.Discard, "error"))
		if err != nil {
			t.Fatal(err)
		}
		office, _ := h.desk.Directory().Caller("p109", "zh")
		done, err := h.desk.Start(ctx, office, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "任务", "unit": "housing", "due": "2023-12-31"}})
		if err != nil {
			t.Fatal(err)
		}
		ids, numbers = append(ids, done.Matter), append(numbers, done.Number)
		page, err := h.desk.Worklist(ctx, office, journal.Query{Kinds: []string{"promise/promise"}})
		if err != nil || len(page.Rows) != len(ids) {
			t.Errorf("%d matters, %v; want %d", len(page.Rows), err, len(ids))
		}
		f, err := check(ctx, h.store, h.desk, against{})
		if err != nil || f.Bad != 0 {
			t.Errorf("verify: %+v, %v", f, err)
		}
		h.Close()
	}
	if !strings.HasSuffix(numbers[0], "00001") || !strings.HasSuffix(numbers[1], "00002") {
		t.Errorf("numbers %v, want them to go on without a gap", numbers)
	}
}
