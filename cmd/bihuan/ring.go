package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/store"
)

// ringPath is where the district's keys for personal values stand: the file that the configuration names, or one beside the
// database. It belongs on another medium than copies of the database.
func (c config) ringPath() string {
	if c.Keys != "" {
		return c.Keys
	}
	return c.Database + ".ring"
}

// openRing is openRing of the file that is configured, which is not made anew for a database that holds keys of subjects: no key of another ring opens
// them. Who only reads the record needs none.
func (h *house) openRing(ctx context.Context, log name.District) (*seal.Ring, error) {
	path := h.config.ringPath()
	if isThere(path) {
		return openRing(path, systemChance)
	}
	locked, err := h.store.Keys(ctx, log, "", 1)
	switch {
	case err != nil:
		return nil, err
	case len(locked) == 0:
		return openRing(path, systemChance)
	case h.reading:
		return seal.NewRing(systemChance), nil // kept nowhere
	}
	return nil, fmt.Errorf("%s is missing: it holds the district's keys, without which no value of a person is read. Put it back from its copy, or name the file by --keys", path)
}

// openRing reads the district's keys, and makes the first one when there is no file.
func openRing(path string, chance func([]byte)) (*seal.Ring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		r := seal.NewRing(chance)
		return r, saveRing(path, r)
	}
	if err != nil {
		return nil, err
	}
	r, err := seal.ParseRing(string(text), chance)
	if err != nil {
		return nil, fmt.Errorf("keys in %s: %w", path, err)
	}
	return r, nil
}

func saveRing(path string, r *seal.Ring) error { return writeSecret(path, []byte(r.Text())) }

// writeSecret puts a file in the place of the one of that name, at once and durably; only the owner may read it.
func writeSecret(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".bihuan-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// fits refuses a ring that does not open the database's keys: one that was made because the right file was missing would lock
// everything new under a key that nobody expects.
func fits(ctx context.Context, st *store.Store, log name.District, r *seal.Ring, path string) error {
	keys, err := st.Keys(ctx, log, "", 1)
	if err != nil || len(keys) == 0 {
		return err
	}
	k := keys[0]
	if _, err := r.Unwrap(log, k.Subject, k.Under, k.Wrapped); err != nil {
		return fmt.Errorf("the keys in %s do not open this database's personal values: put back the file that was kept with it: %w: %w", path, fault.ErrUnavailable, err)
	}
	return nil
}
