package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"bihuan/desk/proof"
	"bihuan/ground/merkle"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/kernel/journal"
	"bihuan/witness"
)

// algorithms are what may be configured: the kind of the signing key, and the hash function of the tree that goes with it.
var algorithms = map[string]struct {
	kind note.Kind
	tree merkle.Algorithm
}{
	"sm":   {note.SM2, merkle.SM3},
	"intl": {note.Ed25519, merkle.SHA256},
}

// signingKey returns the key with which the district signs its log. It stands in a file beside the database and is made when it is
// missing; its kind is that of the file, whatever is configured.
func signingKey(path string, district name.District, kind note.Kind) (*note.Signer, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		s, err := note.ParseSigner(string(text))
		if err != nil || s.Verifier().Kind.Cosigns() {
			return nil, fmt.Errorf("%s is no signing key of a log", path)
		}
		return s, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	s, err := newSigner(district, kind)
	if err != nil {
		return nil, err
	}
	return s, newSecretFile(path, s.Secret()+"\n")
}

// newSigner draws a signing key of a district's log.
func newSigner(district name.District, kind note.Kind) (*note.Signer, error) {
	return note.NewSigner("bihuan/"+string(district), kind, rand.Reader)
}

// newSecretFile writes a file that only its owner reads and that must not exist yet.
func newSecretFile(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// lastSigned remembers, in a file beside the database, the last checkpoint that was signed.
type lastSigned string

// Last returns it, empty if nothing was signed yet.
func (path lastSigned) Last() (string, error) {
	text, err := os.ReadFile(string(path))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return string(text), err
}

// Keep replaces it.
func (path lastSigned) Keep(note string) error { return witness.Replace(string(path), note) }

// proofs builds the room of proofs. Only a process that serves has one: others must not make keys beside a copy.
func (h *house) proofs(ctx context.Context, now func() int64) error {
	a, known := algorithms[h.config.Signing]
	if !known {
		return fmt.Errorf("signing %q is neither sm nor intl", h.config.Signing)
	}
	signer, err := signingKey(h.config.Database+".sign", name.District(h.config.District), a.kind)
	if err != nil {
		return err
	}
	followed, keys, err := h.config.successions(signer.Verifier())
	if err != nil {
		return err
	}
	followed, keys = upTo(signer.Verifier(), followed, keys)
	var cosigners []proof.Cosigner
	for _, w := range strings.Split(h.config.Witnesses, ",") {
		if strings.TrimSpace(w) == "" {
			continue
		}
		c, err := witness.NewClient(w)
		if err != nil {
			return err
		}
		cosigners = append(cosigners, c)
	}
	h.proof = proof.New(h.store, proof.Config{District: name.District(h.config.District), Now: now, Signer: signer, Past: keys.Past, Followed: followed, Chance: rand.Reader, Algorithm: a.tree,
		Memory: lastSigned(h.config.Database + ".signed"), Cosigners: cosigners, Verify: h.examine})
	h.desk.Listen(h.proof.Heard)
	return h.endChange(ctx)
}

// examine verifies the log for the daily look at it.
func (h *house) examine(ctx context.Context) (journal.Examination, error) {
	start := time.Now()
	f, err := h.check(ctx)
	return journal.Examination{Events: f.Events, Head: f.Head, Bad: f.Bad, Reason: f.Reason, Took: time.Since(start).Microseconds()}, err
}

// check verifies the log of the house against what was signed of it, one replay at a time.
func (h *house) check(ctx context.Context) (finding, error) {
	return h.replays.ask(ctx, func(ctx context.Context) (finding, error) {
		a, err := h.config.held("")
		if err != nil {
			return finding{}, err
		}
		return check(ctx, h.store, h.desk, a)
	})
}
