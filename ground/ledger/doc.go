// Package ledger holds the envelope of official events and the chain that makes any edit show.
//
// Most callers need [Event] and, to extend or check a log, [Chainer]: the leaf of an event
// commits to all of it, and each head commits to every leaf before it. The canonical
// encoding and the byte vectors of testdata/vectors.txt never change.
//
// Personal values never stand in a body: the body holds a [Commitment], the value is kept
// beside the log and can be erased without breaking the chain.
//
// The room keeps nothing: remembering events is the store's work.
package ledger
