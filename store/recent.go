package store

import (
	"bytes"
	"sync"

	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
)

// recent remembers what every request asks for and what only this process changes: sessions,
// and small files that were written a moment ago.
type recent struct {
	mu       sync.Mutex
	turn     int64 // changes of sessions so far
	sessions map[ledger.Hash]session
	files    map[ledger.Hash]journal.File
}

type session struct {
	body  []byte
	until int64
}

// Bounds of what is remembered: some 8 MB. What is dropped is read again.
const (
	maxRecent     = 4096
	maxRecentFile = 1 << 10
)

func newRecent() *recent {
	return &recent{sessions: map[ledger.Hash]session{}, files: map[ledger.Hash]journal.File{}}
}

// remember adds to a map of recent things, from which any one goes if it is full.
func remember[T any](m map[ledger.Hash]T, key ledger.Hash, v T) {
	if len(m) >= maxRecent {
		for old := range m {
			delete(m, old)
			break
		}
	}
	m[key] = v
}

// session returns a session that is remembered, and the turn at which it is not.
func (r *recent) session(hash ledger.Hash) (v session, found bool, turn int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, found = r.sessions[hash]
	return v, found, r.turn
}

// keepSession remembers a session that was read from the database, unless sessions have changed since.
func (r *recent) keepSession(hash ledger.Hash, v session, turn int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.turn == turn {
		remember(r.sessions, hash, v)
	}
}

func (r *recent) file(hash ledger.Hash) (journal.File, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f, found := r.files[hash]
	f.Bytes = bytes.Clone(f.Bytes)
	return f, found
}

// committed takes over what a transaction has done: it stored files, changed sessions and dropped those
// that ended by an instant. Whoever is reading a session meanwhile does not remember it.
func (r *recent) committed(stored []journal.File, changed []ledger.Hash, ended int64) {
	if len(stored)+len(changed) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range stored {
		f.Bytes = bytes.Clone(f.Bytes)
		remember(r.files, f.Hash, f)
	}
	if len(changed) == 0 {
		return
	}
	r.turn++
	for _, hash := range changed {
		delete(r.sessions, hash)
	}
	for hash, v := range r.sessions {
		if v.until <= ended {
			delete(r.sessions, hash)
		}
	}
}
