// Package storetest is the examination that every store has to pass, whatever database it
// keeps its records in. [Run] takes a function that opens one.
//
// What a store must do is written here first. Questions are compared with a model that holds
// everything in memory and answers by looking at each row.
package storetest

import (
	"context"
	"testing"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
	"bihuan/store"
)

// Store is what is examined.
type Store interface {
	Append(context.Context, journal.Batch) (journal.Receipt, error)
	Receipt(ctx context.Context, log name.District, command string) (journal.Receipt, bool, error)
	Events(ctx context.Context, stream name.ID, after int64) ([]ledger.Event, error)
	Log(ctx context.Context, log name.District, after int64, limit int) ([]ledger.Entry, error)
	Head(ctx context.Context, log name.District) (int64, ledger.Hash, error)
	Logs(context.Context) ([]name.District, error)
	Row(context.Context, name.ID) (journal.Row, error)
	Rows(context.Context, journal.Query) (journal.Page, error)
	Tally(context.Context, journal.Tally) ([]journal.Bucket, error)
	Counts(ctx context.Context, queries []journal.Query, most int64) ([]int64, error)
	Together(ctx context.Context, queries []journal.Query) ([]journal.Row, error)
	File(context.Context, ledger.Hash) (journal.File, error)
	PersonalOf(ctx context.Context, subject name.ID) ([]journal.Personal, error)
	Subjects(ctx context.Context, log name.District, blind string, limit int) ([]name.ID, error)
	KeyOf(ctx context.Context, subject name.ID) (journal.Key, error)
	Keys(ctx context.Context, log name.District, after name.ID, limit int) ([]journal.Key, error)
	KeysDue(ctx context.Context, log name.District, now int64, limit int) ([]journal.Key, error)
	SetDue(ctx context.Context, log name.District, due int64, subjects ...name.ID) error
	Rewrap(ctx context.Context, log name.District, all []journal.Rewrap) (int, error)
	Reindex(ctx context.Context, log name.District, all []journal.Reindex) (int, error)
	PutKeys(ctx context.Context, log name.District, keys []journal.Key) error
	Unsealed(ctx context.Context, log name.District, after journal.Personal, limit int) ([]journal.Personal, error)
	Seal(ctx context.Context, log name.District, keys []journal.Key, values []journal.Personal) error
	Scrub(ctx context.Context, whole bool) error
	account.Store
	account.Vault
	account.Challenges
	Cursor(ctx context.Context, log name.District, consumer string) (int64, error)
	SetCursor(ctx context.Context, log name.District, consumer string, seq int64) error
	Text
	Tree
	Trail(ctx context.Context, q journal.Trail) (journal.Trace, error)
	Notices
	Hooks
	Lease(ctx context.Context, work, holder string, now, until int64) (token int64, err error)
	Verify(ctx context.Context, log name.District, each func(*ledger.Entry) error) (store.Report, error)
	Healthy() error
	Close() error
}

var _ Store = (*store.Store)(nil)

// Open opens the store of a folder, made by the test, as often as it was closed.
type Open func(t testing.TB, dir string) Store

// Run examines a store.
func Run(t *testing.T, open Open) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Open)
	}{
		{"a batch is remembered whole", whole},
		{"a batch that breaks a rule is refused and leaves nothing", refused},
		{"a version that has passed is a conflict", conflict},
		{"a command is carried out once", once},
		{"a refused batch takes no number", numbers},
		{"a hundred writers on one stream", crowd},
		{"numbers have no gaps under a hundred writers", gapless},
		{"the head is the hash of everything before it", chain},
		{"two districts have a log each", districts},
		{"a book of full text is kept and changed at once", book},
		{"notices are told once, over when nothing is left to do, and read", notices},
		{"a message is sent by whoever claimed it", postings},
		{"a subscription goes on where it was and begins again", hooks},
		{"a tree grows from the size that it has", tree},
		{"checkpoints that are kept stay", checkpoints},
		{"a trail is found by who, what and when", trails},
		{"a random history answers like the model", history},
		{"the zero scope sees nothing", scopes},
		{"a cursor of another list is refused", cursors},
		{"a page goes on when rows come and go", moving},
		{"text is found folded and literally", search},
		{"files are kept by their hash", files},
		{"personal values are replaced by field", personal},
		{"the same value is found by its blind index", blind},
		{"keys of subjects come, are locked anew and go with their values", subjectKeys},
		{"plain values are sealed once", sealed},
		{"sessions end", sessions},
		{"all sessions of somebody end at once", ownedSessions},
		{"credentials are used once", credentials},
		{"challenges are answered once", challenges},
		{"a session that was ended is not read again", logout},
		{"consumers only move forward", consumers},
		{"a lease changes hands with a greater token", leases},
		{"a question sees what was acknowledged before it", fresh},
		{"what was acknowledged is there after opening again", reopen},
		{"an ended context leaves no trace in the queue", ended},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open) })
	}
}
