package journal

import "bihuan/ground/name"

// Tile is a tile of the tree over a log's leaves, see [bihuan/ground/merkle].
type Tile struct {
	Level  int
	Place  int64
	Hashes []byte // 32 bytes each, at most 256 of them
}

// Checkpoint is what was signed of a log.
type Checkpoint struct {
	Log  name.District
	Size int64
	At   int64  // µs
	Kept bool   // it stays; one that was made for a receipt goes after a while
	Note string // a signed note, with the cosignatures that have come
}

// Examination is what verifying a log found.
type Examination struct {
	Log    name.District
	At     int64 // µs
	Events int64 // that are good
	Head   string
	Bad    int64 // the first bad record, 0 if there is none
	Reason string
	Took   int64 // µs
}
