package desk

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// This file keeps the originals of photos that residents send (原件封存): what is served is bare, what came is sealed under a key of its own.
// That key is a personal value of the matter, so that it is committed to by the log, sealed under the matter's key, held, kept and erased as those are.

// Original is a photo as it came, beside the bare one that the evidence of the same place names.
type Original struct {
	Nr   int // of the evidence of the opening, from 1
	File journal.File
}

// SealedOriginal is an original as lists tell it: nothing of the photo but which one it is.
type SealedOriginal struct {
	Key  string // the name of its personal value
	Nr   int    // of the evidence, from 1
	Name string // of the evidence
}

// Originals returns which originals of a matter are still sealed, in the order of its evidence.
func Originals(m *matter.Matter) (all []SealedOriginal) {
	for i, e := range m.Evidence {
		if key := matter.OriginalKey(i + 1); m.Personal[key] != "" {
			all = append(all, SealedOriginal{Key: key, Nr: i + 1, Name: e.Name})
		}
	}
	return all
}

// originalParts is of how many parts the value of an original is made: the key, the hash of the envelope and that of what came.
const originalParts = 3

// sealedField stands for an original where a field is asked how it is to be treated.
var sealedField = field.Field{Key: "original", Class: field.S}

// commit locks originals, adds the envelopes to the files and the keys to the personal values of a batch, and commits to them in a change.
func (b *Batch) commit(p *part, change *matter.Change, originals []Original) {
	if len(originals) > 0 && change.Personal == nil {
		change.Personal = map[string]ledger.Commitment{}
	}
	for _, o := range originals {
		var key seal.Key
		var chance [16]byte
		b.d.world.Chance(key[:])
		b.d.world.Chance(chance[:])
		at := matter.OriginalKey(o.Nr)
		env := journal.File{Name: "sealed", Media: "application/octet-stream",
			Bytes: seal.Seal(key, chance, seal.Place{Log: b.d.world.District, Subject: p.stream, Field: at}, o.File.Bytes)}
		env.Hash = hashOf(env.Bytes)
		b.files = append(b.files[:len(b.files):len(b.files)], env)
		v := journal.Personal{Subject: p.stream, Field: at, Suite: seal.Plain, Value: hex.EncodeToString(key[:]) + " " + env.Hash.String() + " " + hashOf(o.File.Bytes).String()}
		key.Wipe()
		b.d.world.Chance(v.Salt[:])
		b.people = append(b.people, v)
		change.Personal[at] = ledger.Commit(ledger.SM3, v.Salt, p.stream, at, v.Value)
	}
}

func hashOf(b []byte) (h ledger.Hash) {
	s := ledger.SM3.New()
	s.Write(b)
	s.Sum(h[:0])
	return h
}

// parseOriginal reads the value of an original.
func parseOriginal(value string) (key seal.Key, envelope, came ledger.Hash, err error) {
	parts := strings.Fields(value)
	if len(parts) != originalParts {
		return key, envelope, came, fmt.Errorf("the value of an original has %d parts: %w", len(parts), fault.ErrInvalid)
	}
	k, err := hex.DecodeString(parts[0])
	if err != nil || len(k) != len(key) {
		return key, envelope, came, fmt.Errorf("the key of an original cannot be read: %w", fault.ErrInvalid)
	}
	copy(key[:], k)
	if envelope, err = ledger.ParseHash(parts[1]); err == nil {
		came, err = ledger.ParseHash(parts[2])
	}
	return key, envelope, came, err
}

// Unseal returns an original as it came, byte for byte, to whoever may be shown the persons of the matter: with a purpose, counted, listed and
// within the same budget as [Desk.Reveal]; of a reporter who is kept secret it takes two. u names one original by its key. That they looked is
// appended to the log before anything is handed out. With a scanner, what it finds is refused. It wraps [fault.ErrNotFound] for one that is not sealed any more.
func (d *Desk) Unseal(ctx context.Context, who Caller, u Unmask) (journal.File, error) {
	if len(u.Fields) != 1 || !matter.IsOriginal(u.Fields[0]) {
		return journal.File{}, fault.Refuse(fault.ErrInvalid, "not-original", "original")
	}
	un, err := d.mayUnmask(ctx, who, u)
	if err != nil {
		return journal.File{}, err
	}
	var asked *journal.Row
	if un.high {
		if asked, err = d.agreed(ctx, who, &un); err != nil {
			return journal.File{}, err
		}
	}
	d.looking.Lock()
	defer d.looking.Unlock()
	if err := d.mayLookAgain(ctx, who); err != nil {
		return journal.File{}, err
	}
	f, err := d.original(ctx, &un.m, u.Fields[0])
	if err != nil {
		return f, err
	}
	return f, d.looked(ctx, who, un.body, asked)
}

// original opens the original of a key.
func (d *Desk) original(ctx context.Context, m *matter.Matter, at string) (f journal.File, err error) {
	held, err := d.Held(ctx, m.ID)
	if err != nil {
		return f, err
	}
	if held[at] == "" {
		return f, fmt.Errorf("%s of matter %s: %w", at, m.ID, fault.ErrNotFound)
	}
	key, envelope, came, err := parseOriginal(held[at])
	if err != nil {
		return f, err
	}
	defer key.Wipe()
	if f, err = d.store.File(ctx, envelope); err != nil {
		return f, fmt.Errorf("%s of matter %s: %w", at, m.ID, err)
	}
	plain, err := seal.Open(key, seal.Place{Log: d.world.District, Subject: m.ID, Field: at}, f.Bytes)
	if err == nil && hashOf(plain) != came {
		err = fmt.Errorf("%s of matter %s is not what came: %w", at, m.ID, fault.ErrInvalid)
	}
	if err != nil {
		return journal.File{}, err
	}
	f = journal.File{Hash: came, Name: at + ".bin", Media: "application/octet-stream", Bytes: plain}
	for _, o := range Originals(m) {
		if o.Key == at && o.Name != "" {
			f.Name = o.Name
		}
	}
	return f, d.looksClean(ctx, &f)
}

// looksClean asks the scanner about what was sealed, and remembers nothing of it: not even its hash stays when the key goes.
func (d *Desk) looksClean(ctx context.Context, f *journal.File) error {
	if d.world.Scanner == nil {
		return nil
	}
	found, err := d.world.Scanner.Scan(ctx, f.Bytes)
	switch {
	case err != nil:
		return fault.Refuse(fault.ErrUnavailable, "file-waiting", "", "file", f.Name)
	case found != "":
		return fault.Refuse(fault.ErrInvalid, "file-quarantined", "", "file", f.Name, "found", found)
	}
	return nil
}
