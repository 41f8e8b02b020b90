package main

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"net/http"
	"os"
	"time"

	"bihuan/desk/keys"
	"bihuan/desk/security"
	"bihuan/egress"
	"bihuan/ground/calendar"
	"bihuan/ground/ledger"
	"bihuan/witness"
)

// seenSecrets is the file that remembers since when each key and secret is in use: by a fingerprint under a key of the file's own, so that it tells no secret.
type seenSecrets struct {
	Key  string          `json:"key"` // hexadecimal
	Seen map[string]seen `json:"seen"`
}

// seen is a secret as it was when it was seen first.
type seen struct {
	Print string `json:"print"`
	Since int64  `json:"since"` // µs
}

func (c config) seenPath() string { return c.Database + ".secrets" }

// readSeen reads the file, and makes it anew where there is none or where it is broken: then every age begins anew, and nothing else is lost.
func readSeen(path string) (s seenSecrets, err error) {
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if err != nil || json.Unmarshal(b, &s) != nil || len(s.Key) != 64 {
		var key [32]byte
		systemChance(key[:])
		s = seenSecrets{Key: hex.EncodeToString(key[:])}
	}
	if s.Seen == nil {
		s.Seen = map[string]seen{}
	}
	return s, nil
}

func (s *seenSecrets) print(called, secret string) string {
	m := hmac.New(func() hash.Hash { return ledger.SM3.New() }, []byte(s.Key))
	m.Write([]byte(called + "\n" + secret))
	return hex.EncodeToString(m.Sum(nil)[:8])
}

// ownSecret is a key or a secret that the house has, with how it is read.
type ownSecret struct {
	what, name string
	file       string // of a key of the house: its file changes with the key alone, so that a key never seen before is as old as that
	read       egress.Secret
}

// ownSecrets are all that this configuration has: the keys of the house, then what others gave.
func (h *house) ownSecrets() (all []ownSecret) {
	c := h.config
	all = append(all,
		ownSecret{what: "values", file: c.ringPath(), read: func() (string, error) { return h.ring.Current(), nil }},
		ownSecret{what: "accounts", file: c.accountsKey(), read: func() (string, error) {
			k, err := readAccountsKeys(c.accountsKey())
			if err != nil {
				return "", err
			}
			return hex.EncodeToString(k.keys[0].Secret), nil
		}},
		ownSecret{what: "log", file: c.Database + ".sign", read: func() (string, error) { b, err := os.ReadFile(c.Database + ".sign"); return string(b), err }},
		ownSecret{what: "blind", file: c.blindKey(), read: func() (string, error) {
			k, err := readBlindKeys(c.blindKey())
			return hex.EncodeToString(k.now), err
		}})
	return append(all, c.givenSecrets()...)
}

// givenSecrets are the secrets that others gave to the house.
func (c config) givenSecrets() (all []ownSecret) {
	if c.Mail != "" && hasUser(c.Mail) {
		all = append(all, ownSecret{what: "mail", read: c.secret(mailSecret, mailVariable)})
	}
	if c.SMS != "" {
		all = append(all, ownSecret{what: "sms", read: c.secret(smsSecret, smsVariable)})
	}
	if c.Robots != "" {
		all = append(all, ownSecret{what: "robots", read: func() (string, error) { b, err := os.ReadFile(c.secretPath(c.Robots)); return string(b), err }})
	}
	entries, _ := c.providerFile() // what is wrong with it keeps the house from opening
	for _, e := range entries {
		if read := c.providerSecret(&e); read != nil {
			all = append(all, ownSecret{what: "provider", name: e.Key, read: read})
		}
	}
	return all
}

// held tells since when each key and secret is in use at an instant (µs, of the server's own clock), and remembers what it sees for the first time if
// remember is set.
func (h *house) held(now int64, remember bool) (all []keys.Held, err error) {
	h.looking.Lock()
	defer h.looking.Unlock()
	s, err := readSeen(h.config.seenPath())
	if err != nil {
		return nil, err
	}
	changed := false
	for _, o := range h.ownSecrets() {
		called := o.what
		if o.name != "" {
			called += " " + o.name
		}
		text, err := o.read()
		if errors.Is(err, fs.ErrNotExist) && o.file != "" {
			continue // this process has no need of it
		} else if err != nil {
			all = append(all, keys.Held{What: o.what, Name: o.name, Why: err.Error()})
			continue
		}
		was, known := s.Seen[called]
		if print := s.print(called, text); print != was.Print {
			since := now
			if f, err := os.Stat(o.file); err == nil && !known {
				since = min(now, f.ModTime().UnixMicro())
			}
			was, changed = seen{print, since}, true
			s.Seen[called] = was
			if known && remember {
				h.tellChanged(o.what, o.name)
			}
		}
		all = append(all, keys.Since(o.what, o.name, was.Since))
	}
	if changed && remember {
		b, err := json.Marshal(s)
		if err == nil {
			err = witness.Replace(h.config.seenPath(), string(b)+"\n")
		}
		if err != nil {
			return all, err
		}
	}
	return append(all, h.heldCertificate()...), nil
}

// tellChanged tells the logs that a secret is another one now. Changes of the house's own keys stand in the record besides.
func (h *house) tellChanged(what, name string) {
	h.log.Info("a secret was changed", "what", what, "name", name)
	h.guard.Tell(security.Event{Kind: security.Key, Code: "secret.changed", Where: "files"})
}

// heldCertificate is the server's certificate among what is held.
func (h *house) heldCertificate() []keys.Held {
	c, err := h.certificate, error(nil)
	if c == nil { // of the doctor, who serves nothing
		if c, err = h.config.certified(h.log); err != nil {
			return []keys.Held{{What: keys.Certificate, Why: err.Error()}}
		}
	}
	if c == nil {
		return nil
	}
	return []keys.Held{{What: keys.Certificate, Since: c.Leaf().NotBefore.UnixMicro(), Ends: c.Leaf().NotAfter.UnixMicro()}}
}

// remindHeld tells the log which keys and secrets have to be changed, and which stand where they cannot be.
func (h *house) remindHeld() error {
	for _, s := range []struct {
		used     bool
		file     string
		variable string
	}{{h.config.Mail != "" && hasUser(h.config.Mail), mailSecret, mailVariable}, {h.config.SMS != "", smsSecret, smsVariable}} {
		if s.used && h.config.isOfEnvironment(s.file) {
			h.log.Warn("a secret stands in the environment, which everything of the same user reads and nobody changes while the process runs: put it into a file of the folder of secrets", "file", s.file, "variable", s.variable)
		}
	}
	now := systemTime()
	all, err := h.held(now, true)
	for i := range all {
		x := &all[i]
		switch x.At(now) {
		case keys.Absent:
			h.log.Error("a key or a secret cannot be read", "what", x.What, "name", x.Name, "error", x.Why)
		case keys.Soon, keys.Over:
			h.log.Warn("a key or a secret has to be changed: docs/cryptography.md says how", "what", x.What, "name", x.Name, "since", calendar.Instant(x.Since).String(), "until", calendar.Instant(x.Ends).String())
		}
	}
	return err
}

// heldProbes say of each key and secret whether it is due, for the doctor.
func heldProbes(all []keys.Held, now int64) (probes []probe) {
	for i := range all {
		x := &all[i]
		p := probe{what: "age of " + x.What}
		if x.Name != "" {
			p.what += " " + x.Name
		}
		switch x.At(now) {
		case keys.Absent:
			p.err = errors.New(x.Why)
		case keys.Over:
			p.err = fmt.Errorf("in use since %s, was to be changed by %s", calendar.Instant(x.Since), calendar.Instant(x.Ends))
		case keys.Soon:
			p.what += fmt.Sprintf(": to be changed by %s", calendar.Instant(x.Ends))
		default:
			p.what += fmt.Sprintf(": since %s", calendar.Instant(x.Since))
		}
		probes = append(probes, p)
	}
	return probes
}

// askHeld asks the process that serves a database for what it holds.
func askHeld(ctx context.Context, database string) []probe {
	var all []keys.Held
	if err := ask(ctx, database, "/held", &all); err != nil {
		return []probe{{"age of keys and secrets", err}}
	}
	return heldProbes(all, time.Now().UnixMicro())
}

// answerHeld serves the doctor of the same machine.
func (h *house) answerHeld(w http.ResponseWriter, _ *http.Request) {
	all, err := h.held(systemTime(), false)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(all)
}
