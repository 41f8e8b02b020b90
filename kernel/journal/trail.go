package journal

import (
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Trail asks for events of a log by who, where, what and when, newest first. Empty fields do not narrow.
type Trail struct {
	Log    name.District
	Person name.Person // who acted, or for whom somebody acted
	Unit   name.Unit
	Roles  []name.Role
	Stream name.ID
	Types  []string // each an event's type, or the beginning of one up to a full stop: "account."
	Time   Between  // µs
	Before int64    // events before this place in the log alone; 0 means from the end
	Limit  int      // at most 500; 0 means 50
}

// Trace is a page of a trail. Reached is the place in the log down to which was looked: a page may have less than it could and yet not be the
// last, since only so many events are looked through for one. It is 0 when everything was.
type Trace struct {
	Entries []ledger.Entry
	Reached int64
}
