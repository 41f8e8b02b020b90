// Package note holds signed notes, and the checkpoints of a log and the cosignatures of witnesses that are written as notes.
//
// A log makes a [Checkpoint], signs its text with a [Signer] and publishes the [Note]; a witness adds a line by
// [Signer.Cosign]; whoever reads one takes [Parse], [Note.By] with the [Verifier]s that they trust, and [ParseCheckpoint].
//
// The formats are C2SP signed-note, tlog-checkpoint and tlog-cosignature. Ed25519 signatures are byte for byte those of
// the specifications; the specifications have no number for SM2, so those carry the byte 0xff and a name of our own,
// as signed-note recommends. Parsing is strict: what is read is written again as the same bytes.
//
// Whom to trust is the caller's to say: a note without a signature of a given verifier says nothing.
package note
