package account

import (
	"context"

	"bihuan/ground/name"
)

// Challenge is what the house remembers of a proof that it has asked for and not got yet: the flow of a sign-in elsewhere, a
// text to sign, a code that was sent. It is answered once, by whoever has the secret that ID is the hash of.
type Challenge struct {
	Kind  string
	ID    string  // hash of a secret; of one kind no two have the same
	Owner name.ID // the account whose person asked while signed in, empty otherwise
	Body  []byte
	Tries int64 // how often somebody was wrong
	Until int64 // µs
}

// MaxChallenges is how many challenges of a log are open at once; who asks for one more has to wait. Ours.
const MaxChallenges = 100_000

// Challenges is where challenges are kept.
type Challenges interface {
	// PutChallenge keeps a challenge and forgets those that ended before now. It wraps fault.ErrUnavailable when too many are
	// open.
	PutChallenge(ctx context.Context, log name.District, c Challenge, now int64) error
	// TakeChallenge returns a challenge and ends it: of many who ask at once one gets it. It wraps fault.ErrNotFound for one that
	// never was, was taken, or has ended.
	TakeChallenge(ctx context.Context, log name.District, kind, id string, now int64) (Challenge, error)
	// TryChallenge counts one more try and returns the challenge, Tries included; the one after the last that most allows
	// ends it. It wraps fault.ErrNotFound like TakeChallenge.
	TryChallenge(ctx context.Context, log name.District, kind, id string, most, now int64) (Challenge, error)
}
