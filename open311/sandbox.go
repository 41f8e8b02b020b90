package open311

import (
	"fmt"
	"net/http"
	"slices"
	"sync"

	"bihuan/desk/doors"
)

// sandbox is what was filed for a test: remembered in memory until newer tests take its place or the process ends. No record
// is made of it, and nobody works on it. The zero value is ready.
type sandbox struct {
	mu       sync.Mutex
	count    int
	all      []doors.Public // oldest first
	receipts map[string]string
	news     []doors.Update // oldest first
}

// maxSandbox is how many tests are remembered.
const maxSandbox = 200

// take remembers a test under a number of its own, the same for the same receipt.
func (b *sandbox) take(p doors.Public, receipt string) *doors.Public {
	b.mu.Lock()
	defer b.mu.Unlock()
	if number, ok := b.receipts[receipt]; ok {
		if i := slices.IndexFunc(b.all, func(p doors.Public) bool { return p.Number == number }); i >= 0 {
			return &b.all[i]
		}
	}
	b.count++
	p.Number = fmt.Sprintf("TEST%05d", b.count)
	b.all = append(b.all, p)
	if b.receipts == nil {
		b.receipts = map[string]string{}
	}
	b.receipts[receipt] = p.Number
	if len(b.all) > maxSandbox {
		b.forget()
	}
	return &p
}

// forget drops the oldest test.
func (b *sandbox) forget() {
	gone := b.all[0].Number
	b.all = slices.Clone(b.all[1:])
	for receipt, number := range b.receipts {
		if number == gone {
			delete(b.receipts, receipt)
		}
	}
	b.news = slices.DeleteFunc(b.news, func(u doors.Update) bool { return u.Number == gone })
}

// requests returns what is remembered, latest first.
func (b *sandbox) requests() []doors.Public {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Clone(b.all)
	slices.Reverse(all)
	return all
}

// receipt returns the number of a receipt.
func (b *sandbox) receipt(r string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	number, ok := b.receipts[r]
	return number, ok
}

// maxNews is how many updates of a test are remembered.
const maxNews = 20

// add remembers that somebody added to a test; the same id again adds nothing.
func (b *sandbox) add(number, id string, at int64) (doors.Update, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.all, func(p doors.Public) bool { return p.Number == number })
	if i < 0 {
		return doors.Update{}, wrong(http.StatusNotFound, "request-unknown", "service_request_id", "value", number)
	}
	n := 0
	for _, u := range b.news {
		if u.Number == number {
			if u.Answer == id {
				return u, nil
			}
			n++
		}
	}
	if n == maxNews {
		return doors.Update{}, wrong(http.StatusBadRequest, "too-many", "update_id", "limit", fmt.Sprint(maxNews))
	}
	p := &b.all[i]
	p.Changed = at
	u := doors.Update{ID: fmt.Sprintf("%s-%d", number, n+2), Number: number, At: at, State: p.State, Open: p.Open, Answer: id}
	b.news = append(b.news, u)
	return u, nil
}

// updated returns the updates of tests, latest first.
func (b *sandbox) updated() []doors.Update {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Clone(b.news)
	slices.Reverse(all)
	for i := range all {
		all[i].Answer = "" // here it held the program's own id
	}
	return all
}
