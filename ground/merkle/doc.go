// Package merkle holds the tree over a log's leaves, by which anybody can check that a record is in the log and that
// a later log still begins as an earlier one did.
//
// A keeper grows an [Edge] and stores the tiles that it gives out; from the tiles [Nodes] answers any node, and
// [Root], [Inclusion] and [Consistency] answer any size of the past in O(log n). Whoever was given a proof needs
// [VerifyInclusion] and [VerifyConsistency] alone.
//
// The tree is that of RFC 6962, section 2.1, with SM3 or SHA-256 in it; the tiles are those of C2SP tlog-tiles, 256
// hashes each. A proof has at most 63 hashes, and a wrong one is refused, never a panic.
//
// The room keeps nothing: remembering tiles is the store's work.
package merkle
