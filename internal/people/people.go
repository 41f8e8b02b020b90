// Package people lets tests and benchmarks have the persons of a directory signed in: each becomes an account with the roles of the
// post, and is let in on the test's word. Hashes cost next to nothing here.
package people

import (
	"context"
	"crypto/rand"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/pack"
	"bihuan/packs"
)

// Key is the key of accounts in tests.
const Key = "a key of accounts for tests only"

// Room returns the accounts of a desk, in which sessions do not end by themselves. Without a policy it is that of the packs.
func Room(d *desk.Desk, st accounts.Store, policy *access.Policy) (*accounts.Room, error) {
	const long = int64(1e15)
	if policy == nil {
		var err error
		if policy, err = pack.ReadPolicy(packs.FS); err != nil {
			return nil, err
		}
	}
	return accounts.New(accounts.Config{Desk: d, Store: st, Policy: policy, Chance: func(b []byte) { rand.Read(b) }, Keys: []accounts.Key{{Secret: []byte(Key)}},
		Cost: password.Cost{Time: 1, Memory: 64}, Limits: accounts.Limits{Idle: long, Absolute: long}, Vouched: true})
}

// Full is [Room] with an account for every person of the directory.
func Full(ctx context.Context, d *desk.Desk, st accounts.Store, policy *access.Policy) (*accounts.Room, error) {
	r, err := Room(d, st, policy)
	if err != nil {
		return nil, err
	}
	return r, r.Import(ctx, accounts.Newcomers(d.Directory()))
}

// SignIn opens a session of a person and returns its secret.
func SignIn(ctx context.Context, r *accounts.Room, p name.Person) (string, error) {
	s, err := r.ActAs(ctx, p)
	return s.Secret, err
}
