// Package atlas is the matters on the map: where they lie, how they stand, and the tiles that show them.
//
// [Room.Matters] returns the vector tile of the matters that somebody may read, [Room.Open] that of those anybody may,
// [Room.Outlines] that of cells, grids, communities and streets; [Room.Marks] returns the same counts for a drawing made on
// the server. Points are gathered into squares with counts by light, so that a tile is small however much lies in it; nothing
// in a tile tells of a matter more than where it is and how it stands. A square is listed by asking for its box.
//
// The room keeps what a tile asks of each matter in memory, 48 bytes and its share of what matters have alike, in the order of the cells of [geo.Cell]: a tile of a
// district with a million matters takes a few milliseconds, whatever it is narrowed to and whoever asks. The rows of the store
// are the source: they are read when the room is opened and followed by [Room.Heard].
//
// It rests on engine/tile and on what [desk.Desk] says of who may read what.
package atlas
