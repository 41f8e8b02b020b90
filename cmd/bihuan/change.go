package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"bihuan/desk/keys"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/witness"
)

// This file changes the keys of the house (换钥). Each change goes forward only: the new key is on the disk before anything rests on it,
// every step may be done twice, and a change that was interrupted is ended at the next start or by the same command.

// before is called before each step of a change; its error ends the change there, as a cut of the power would. Tests set it.
func (h *house) before(step string) error {
	if h.step == nil {
		return nil
	}
	return h.step(step)
}

// changeKey changes one of the house's keys and says what was done.
func (h *house) changeKey(ctx context.Context, what, reason string) (string, error) {
	change, known := map[string]func(context.Context, string) (string, error){"log": h.changeLogKey, "accounts": h.changeAccountsKey, "blind": h.changeBlindKey}[what]
	if !known {
		return "", fmt.Errorf("there is no key %q to change: log, accounts, blind: %w", what, fault.ErrInvalid)
	}
	h.changing.Lock()
	defer h.changing.Unlock()
	return change(ctx, reason)
}

// The files of the log's key beside FILE.sign.
func (c config) signNext() string { return c.Database + ".sign.next" } // a change that is under way: secret, reason, succession
func (c config) signPast() string { return c.Database + ".sign.past" } // the notes by which each key followed the one before

// successions returns the notes by which the log's keys followed each other, and the keys of the log that known signs. A key that they do not
// name stands alone.
func (c config) successions(known note.Verifier) ([]string, note.Keys, error) {
	text, err := os.ReadFile(c.signPast())
	if errors.Is(err, os.ErrNotExist) {
		return nil, note.Only(known), nil
	}
	if err != nil {
		return nil, note.Keys{}, err
	}
	all := note.Split(string(text))
	for _, one := range all {
		if _, err := note.OpenSuccession(one); err != nil {
			return nil, note.Keys{}, fmt.Errorf("%s: %w", c.signPast(), err)
		}
	}
	keys, err := note.Follow(known, all...)
	if err != nil {
		return nil, note.Only(known), nil
	}
	return all, keys, nil
}

// upTo leaves out what follows a key: a change that was interrupted is not one yet.
func upTo(signer note.Verifier, followed []string, keys note.Keys) ([]string, note.Keys) {
	for i, p := range keys.Past {
		if was := p.Verifier; was == signer {
			return followed[:i], note.Keys{Now: signer, Past: keys.Past[:i]}
		}
	}
	return followed, keys
}

// pendingSign is a change of the log's key that is under way.
type pendingSign struct {
	next               *note.Signer
	reason, succession string
}

// pendingChange reads it; nil if there is none.
func (c config) pendingChange() (*pendingSign, error) {
	text, err := os.ReadFile(c.signNext())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	secret, rest, _ := strings.Cut(string(text), "\n")
	reason, succession, _ := strings.Cut(rest, "\n")
	p := &pendingSign{reason: reason, succession: succession}
	if p.next, err = note.ParseSigner(secret); err == nil {
		_, err = note.OpenSuccession(succession)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.signNext(), err)
	}
	return p, nil
}

// changeLogKey has the log signed by a new key of the kind that is configured. A change that is under way is ended instead.
func (h *house) changeLogKey(ctx context.Context, reason string) (string, error) {
	was := h.proof.Key()
	p, err := h.config.pendingChange()
	if err != nil {
		return "", err
	}
	if p == nil {
		next, err := newSigner(name.District(h.config.District), algorithms[h.config.Signing].kind)
		if err != nil {
			return "", err
		}
		p = &pendingSign{next: next, reason: strings.Join(strings.Fields(reason), " ")}
	}
	if err := h.carryOut(ctx, p); err != nil {
		return "", err
	}
	return fmt.Sprintf("the log is signed by %s instead of %s; its new public key, for witnesses and for whoever checks receipts:\n%s", h.proof.Key().Fingerprint(), was.Fingerprint(), h.proof.Key()), nil
}

// carryOut takes the steps of a change of the log's key.
func (h *house) carryOut(ctx context.Context, p *pendingSign) error {
	c := h.config
	_, err := h.proof.Succeed(ctx, p.next, p.succession, func(succession string) error {
		s, err := note.OpenSuccession(succession)
		if err != nil {
			return err
		}
		for _, step := range []struct {
			name string
			do   func() error
		}{
			{"keep the new key", func() error {
				return witness.Replace(c.signNext(), p.next.Secret()+"\n"+p.reason+"\n"+succession)
			}},
			{"record", func() error {
				return h.keys.Changed(ctx, name.System, keys.Change{What: "log", From: s.From.String(), To: s.To.String(), Note: succession}, p.reason)
			}},
			{"keep the old key's past", func() error {
				return witness.Replace(c.signPast(), strings.Join(h.proof.Followed(), "")+succession)
			}},
			{"replace the key", func() error { return witness.Replace(c.Database+".sign", p.next.Secret()+"\n") }},
			{"forget the change", func() error { return os.Remove(c.signNext()) }},
		} {
			if err := h.before(step.name); err != nil {
				return err
			}
			if err := step.do(); err != nil {
				return fmt.Errorf("%s: %w", step.name, err)
			}
		}
		return h.before("sign by the new key")
	})
	return err
}

// endChange ends a change of the log's key that was interrupted.
func (h *house) endChange(ctx context.Context) error {
	p, err := h.config.pendingChange()
	if err != nil || p == nil {
		return err
	}
	if p.next.Verifier() == h.proof.Key() { // all but the file was done
		return os.Remove(h.config.signNext())
	}
	h.log.Info("a change of the log's key is ended", "to", p.next.Verifier().Fingerprint())
	return h.carryOut(ctx, p)
}
