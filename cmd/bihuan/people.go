package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"bihuan/desk/accounts"
	"bihuan/ground/ledger"
	"bihuan/ground/password"
	"bihuan/kernel/journal"
)

// accountsKey is where the key of accounts lies: beside the database.
func (c config) accountsKey() string { return c.Database + ".accounts.key" }

// open opens the room of accounts. A database that has
// accounts is not opened without their key: with another one no password would be right.
func (h *house) open(ctx context.Context) error {
	c := h.config.people
	path := h.config.accountsKey()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		page, err := h.store.Rows(ctx, journal.Query{Log: h.desk.District(), Now: h.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{accounts.Kind}, Limit: 1})
		if err != nil {
			return err
		}
		if len(page.Rows) > 0 {
			return fmt.Errorf("the key of accounts %s is missing: bring it back from where it was kept; without it nobody can sign in", path)
		}
	}
	key, err := blindKey(path, systemChance)
	if err != nil {
		return err
	}
	c.Desk, c.Store, c.Policy, c.Chance, c.Key = h.desk, h.store, h.world.Policy, systemChance, key
	c.Failed = h.notProven
	if c.Profile, err = password.ParseProfile(h.config.Passwords); err != nil {
		return err
	}
	if c.Breached, err = h.config.breached(); err != nil {
		return err
	}
	if h.people, err = accounts.New(c); err == nil {
		h.rights.Know(accounts.Standing{Room: h.people})
	}
	return err
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
