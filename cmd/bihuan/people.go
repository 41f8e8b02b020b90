package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"bihuan/desk/accounts"
	"bihuan/ground/password"
)

// open opens the room of accounts.
func (h *house) open(ctx context.Context) error {
	c := h.config.people
	held, err := h.openAccountsKeys(ctx)
	if err != nil {
		return err
	}
	c.Desk, c.Store, c.Policy, c.Chance, c.Keys = h.desk, h.store, h.world.Policy, systemChance, held.keys
	c.Failed = h.notProven
	if c.Profile, err = password.ParseProfile(h.config.Passwords); err != nil {
		return err
	}
	if c.Breached, err = h.config.breached(); err != nil {
		return err
	}
	if h.people, err = accounts.New(c); err != nil {
		return err
	}
	h.rights.Know(accounts.Standing{Room: h.people})
	return h.fitAccounts(ctx, held)
}

// breached opens the set of stolen passwords that the operator gives, nil for none. The file stays open while the house stands.
func (c config) breached() (*password.Breached, error) {
	if c.Breached == "" {
		return nil, nil
	}
	f, err := os.Open(c.Breached)
	if err != nil {
		return nil, fmt.Errorf("set of stolen passwords: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	b, err := password.NewBreached(f, info.Size())
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return b, nil
}
