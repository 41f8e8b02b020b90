package journal

import "bihuan/ground/name"

// Key is the key of one subject, locked under a key of the district. When it is destroyed, every value of the subject is lost,
// in copies of the database too, as long as the list of keys is not copied with them.
type Key struct {
	Subject name.ID
	Under   string // the id of the district's key
	Wrapped []byte
	Made    int64 // µs
	Due     int64 // µs, when retention looks at the subject again; 0 as soon as it can
}

// Rewrap locks the key of a subject anew: from Was, as it was read, to Key. One that has changed meanwhile is left.
type Rewrap struct {
	Was []byte
	Key Key
}

// Reindex gives a personal value another blind index (盲索引): from Was, as it was read, to Blind. One that has changed meanwhile is left.
type Reindex struct {
	Subject    name.ID
	Field      string
	Was, Blind string
}
