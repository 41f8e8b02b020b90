// Package store remembers what the desk decides, and does nothing else.
//
// [Open] takes the database file, [Store.Append] remembers a batch of events with the rows
// projected from them, [Store.Rows] and [Store.Tally] answer lists and boards, and
// [Store.Verify] replays the log.
//
// The tables that lists read come behind the log: what they lack stands in the table behind
// until they have it, and who asks for a list waits for them (decision 0007).
//
// It promises: a batch is remembered whole or not at all, and a receipt is returned only
// when it is on the disk; a command is carried out once however often it is sent; case
// numbers have no gaps; a question sees what was acknowledged before it; after a failed
// write nothing more is written until a restart.
// An error that wraps [fault.ErrUnavailable] leaves open whether the batch was remembered:
// sending the same command again tells.
//
// It leaves to others: whether a step is allowed, what events mean, and what time it is.
//
// The rooms it rests on are [ledger] and [journal].
package store

import (
	_ "bihuan/ground/fault"
	_ "bihuan/ground/ledger"
	_ "bihuan/kernel/journal"
)
