package desk

import (
	"encoding/json"
	"fmt"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Own is a stream whose state a sub-room keeps itself, such as a report with its drafts.
type Own struct {
	b *Batch
	p *part
}

// Own takes a stream of a sub-room into the batch. apply brings an event into the room's own state; row
// projects that state when the batch is committed.
func (b *Batch) Own(id name.ID, kind ledger.StreamKind, expected int64, apply func(*ledger.Event) error, row func() (*journal.Row, error)) Own {
	p := &part{stream: id, kind: kind, expected: expected, apply: apply, own: row}
	b.parts = append(b.parts, p)
	return Own{b, p}
}

// Add adds an event to the stream.
func (o Own) Add(by name.Actor, typ, reason string, body any) error {
	j, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("body of %s: %w", typ, err)
	}
	return o.b.add(o.p, by, typ, reason, j)
}

// Seal adds a personal value of the stream and returns the commitment that the event's body holds in its place. It is sealed under the
// stream's own key and read back by [Desk.Held]; see decision 0016.
func (o Own) Seal(field, value string) ledger.Commitment { return o.b.setAside(o.p, field, value) }

// Anew destroys what the stream held of persons until now, key and all, in the transaction of the batch: what the batch seals is under another key.
func (o Own) Anew() { o.b.erase = append(o.b.erase, o.p.stream) }

// Keep adds uploads that the batch's events refer to.
func (b *Batch) Keep(files ...journal.File) { b.files = append(b.files, files...) }

// Answers says which request the batch's command stands for, so that the same key with another request can be told from the same request again.
func (b *Batch) Answers(asked ledger.Hash) { b.asked = asked }
