package notice

import (
	"time"

	"bihuan/ground/name"
)

// How often and how long is tried again.
const (
	firstWait = 5 * time.Second
	// LongestWait is the longest pause between two tries.
	LongestWait = time.Hour
	// MostTries is how often a message is tried that the other side refuses, or that does not reach anybody.
	MostTries = 8
)

// Backoff returns how long to wait after the n-th failure in a row, n from 1: five seconds, doubled each time, an hour at most, and
// of that between half and all by chance, so that many who failed together do not come back together. roll is any number.
func Backoff(n int, roll uint64) time.Duration {
	wait := LongestWait
	if n < 11 { // 5 s × 2¹⁰ is more than an hour
		wait = min(wait, firstWait<<max(0, n-1))
	}
	half := uint64(wait / 2)
	return time.Duration(half + roll%(half+1))
}

// HookAt is how far the events have come that a subscription gets.
type HookAt struct {
	Seq   int64  // up to here everything was delivered or given up
	Fails int    // in a row, of a receiver that gives no answer or none that says something
	Until int64  // µs, before which it is not asked again: the breaker is open
	Off   string // not empty: it was switched off, and why
}

// Delivery is one event on its way to one subscription.
type Delivery struct {
	Hook   name.ID
	Seq    int64
	Stream name.ID
	State  State // waiting, sent or failed (the dead letters)
	Tries  int
	Due    int64  // µs, of the next try
	Status int    // of the last answer, 0 for none
	Why    string // the last fault
	At     int64  // µs, of the last try
}
