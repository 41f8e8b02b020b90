package notice

import (
	"context"

	"bihuan/ground/name"
)

// Keeper keeps what people are told, what was sent of it, and how they can be reached.
type Keeper interface {
	Tell(ctx context.Context, log name.District, consumer string, seq int64, told Told) error
	Lamps(ctx context.Context, log name.District, until int64, limit int) ([]Lamp, error)
	Notices(ctx context.Context, log name.District, a Asked) ([]Notice, error)
	Unread(ctx context.Context, log name.District, p name.Person) (map[About]int64, error)
	SetRead(ctx context.Context, log name.District, p name.Person, ids []string, at int64) error
	Postings(ctx context.Context, log name.District, a AskedPostings) ([]Posting, error)
	CountPostings(ctx context.Context, log name.District) (map[State]int64, error)
	Claim(ctx context.Context, log name.District, batch string, all []Posting) error
	Settle(ctx context.Context, log name.District, batch string, state State, due int64, why string) error
	Unsettled(ctx context.Context, log name.District) (int64, error)
	SendAgain(ctx context.Context, log name.District, batch string, due int64) error
	// OldReaches are preferences that a database from before keeps under a key of the house.
	OldReaches(ctx context.Context, log name.District) ([]OldReach, error)
	DropOldReach(ctx context.Context, log name.District, p name.Person) error
	DropTold(ctx context.Context, log name.District, before int64, limit int) (int64, error)
}

// OldReach is how somebody wants to be reached, sealed under a key of the house.
type OldReach struct {
	Person name.Person
	Body   []byte
}
