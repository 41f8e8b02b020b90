package desk

import (
	"sync"

	"bihuan/ground/name"
)

// names keeps what records are called, since a matter that is filed, listed or put into the index names its class, place and
// cause by their keys. It forgets everything when a record is put down, which is rare, and when it is full.
type names struct {
	mu   sync.Mutex
	turn uint64 // how often it has forgotten
	by   map[recordKey]name.Text
}

type recordKey struct{ register, key string }

// mostNames bounds the names that are kept: some hundred bytes each.
const mostNames = 4096

// of returns a kept name, or reads and keeps it. A name that was read while a record was put down is not kept.
func (n *names) of(k recordKey, read func() (name.Text, bool)) name.Text {
	n.mu.Lock()
	words, ok := n.by[k]
	turn := n.turn
	n.mu.Unlock()
	if ok {
		return words
	}
	words, ok = read()
	n.mu.Lock()
	defer n.mu.Unlock()
	if !ok || turn != n.turn {
		return words
	}
	if n.by == nil || len(n.by) >= mostNames {
		n.by = map[recordKey]name.Text{}
	}
	n.by[k] = words
	return words
}

func (n *names) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.turn++
	n.by = nil
}
