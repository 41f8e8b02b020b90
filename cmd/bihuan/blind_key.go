package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk/hooks"
	"bihuan/desk/keys"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/witness"
)

// blindKey is where the key of blind indexes lies: beside the database, so that a copy of the database alone does not tell whose numbers are in it.
// Aliases on papers, the secrets and the SM2 key of webhooks and the pseudonyms of networks follow from it too.
func (c config) blindKey() string { return c.Database + ".key" }

// blindKeys is what the file of the key of blind indexes holds: a key as 64 hexadecimal digits in a line; once it was changed, a first line, then
// the key of now, those from before by which webhooks are still signed, and the reason of a change that is under way.
type blindKeys struct {
	now      []byte
	past     []hooks.Past
	changing string // why; empty where no change is under way
}

const blindHead = "bihuan-key 1"

// readBlindKeys reads the file, and never quotes it. It wraps [fs.ErrNotExist].
func readBlindKeys(path string) (k blindKeys, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return k, err
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if lines[0] != blindHead {
		if k.now, err = hexKey(lines[0]); err != nil || len(lines) != 1 {
			return k, fmt.Errorf("%s is no key of blind indexes: %d hexadecimal digits are expected", path, 2*blindKeyBytes)
		}
		return k, nil
	}
	for i, line := range lines[1:] {
		if err := k.add(line); err != nil {
			return k, fmt.Errorf("%s, line %d: %w", path, i+2, err)
		}
	}
	if k.now == nil {
		return k, fmt.Errorf("%s holds no key of blind indexes", path)
	}
	return k, nil
}

// add reads a line of the file.
func (k *blindKeys) add(line string) (err error) {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case word == "now" && k.now == nil:
		if k.now, err = hexKey(rest); err == nil {
			return nil
		}
	case word == "past":
		digits, until, _ := strings.Cut(rest, " ")
		secret, bad := hexKey(digits)
		end, err := strconv.ParseInt(until, 10, 64)
		if k.past = append(k.past, hooks.Past{Secret: secret, Until: end}); err == nil && bad == nil {
			return nil
		}
	case word == "changing" && rest != "":
		k.changing = rest
		return nil
	}
	return errors.New("now, past or changing is expected, with a key of hexadecimal digits")
}

// write puts the keys in the place of the file, durably.
func (k *blindKeys) write(path string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nnow %x\n", blindHead, k.now)
	for _, p := range k.past {
		fmt.Fprintf(&b, "past %x %d\n", p.Secret, p.Until)
	}
	if k.changing != "" {
		fmt.Fprintf(&b, "changing %s\n", k.changing)
	}
	return witness.Replace(path, b.String())
}

// before is the key under which some values still are while it is being changed, nil if that was lost or no change is under way.
func (k *blindKeys) before() []byte {
	if k.changing == "" || len(k.past) == 0 || k.past[0].Until != 0 {
		return nil
	}
	return k.past[0].Secret
}

// missingKey is that a database was used with a key file that is not there.
type missingKey struct{ path string }

func (m missingKey) Error() string {
	return m.path + " is missing: it holds the key by which telephones are found again, and from which aliases on papers and the secrets of webhooks follow. " +
		"Put it back from its copy. If there is no copy any more: bihuan key change blind --lost --reason TEXT"
}

// openBlindKeys reads the file, and makes it for a database in which nothing stands yet: with another key nobody is found again. Who only reads the
// record needs none.
func (h *house) openBlindKeys(ctx context.Context, log name.District) (k blindKeys, err error) {
	path := h.config.blindKey()
	if k, err = readBlindKeys(path); !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	seq, _, err := h.store.Head(ctx, log)
	switch {
	case err != nil:
		return k, err
	case seq == 0:
		k.now, err = newBlindKey(path, systemChance)
		return k, err
	case h.reading || h.lost:
		k.now = make([]byte, blindKeyBytes)
		systemChance(k.now) // kept nowhere
		return k, nil
	}
	return k, missingKey{path}
}

// fitBlind refuses a key of blind indexes that is another database's, or older than this one; it ends a change that was interrupted, and lets go of
// keys that sign no more.
func (h *house) fitBlind(ctx context.Context) error {
	h.changing.Lock()
	defer h.changing.Unlock()
	if h.blind.changing != "" {
		h.log.Info("a change of the key of blind indexes is ended", "to", fingerprintOf(h.blind.now))
		_, err := h.carryOutBlind(ctx, h.blind)
		return err
	}
	if err := h.blindFits(ctx); err != nil {
		return fmt.Errorf("%s does not fit this database: put back the file that was kept with it, the one from the same time for a database from a copy. "+
			"If there is none any more: bihuan key change blind --lost --reason TEXT: %w", h.config.blindKey(), err)
	}
	return h.dropPast()
}

// blindStands is how the key is, for the doctor: a change that was interrupted is ended by the next start.
func (h *house) blindStands(ctx context.Context) error {
	if !isThere(h.config.blindKey()) {
		return missingKey{h.config.blindKey()}
	}
	if h.blind.changing != "" {
		return nil
	}
	return h.blindFits(ctx)
}

// blindFits holds the key against the values that are indexed, and against the last change on record.
func (h *house) blindFits(ctx context.Context) error {
	all, err := h.keys.Changes(ctx)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(c keys.Change) bool { return c.What == "blind" }); i >= 0 && all[i].To != fingerprintOf(h.blind.now) {
		return fmt.Errorf("the key was changed for %s and this one is %s: %w", all[i].To, fingerprintOf(h.blind.now), fault.ErrUnavailable)
	}
	return h.desk.FitsBlind(ctx, h.store)
}

// useBlind takes keys into use in every room that works something out of them.
func (h *house) useBlind(k blindKeys) error {
	if err := h.out.take(k); err != nil {
		return err
	}
	h.desk.TakeIndex(k.now, k.before())
	h.guard.Take(k.now)
	h.blind = k
	return nil
}

// dropPast lets go of the keys by which webhooks are signed no more.
func (h *house) dropPast() error {
	k, now := h.blind, h.desk.Now()
	k.past = slices.DeleteFunc(slices.Clone(k.past), func(p hooks.Past) bool { return p.Until != 0 && p.Until <= now })
	if len(k.past) == len(h.blind.past) || k.changing != "" {
		return nil
	}
	if err := k.write(h.config.blindKey()); err != nil {
		return err
	}
	return h.useBlind(k)
}

// forgetPast is dropPast for the scheduler.
func (h *house) forgetPast(context.Context) error {
	h.changing.Lock()
	defer h.changing.Unlock()
	return h.dropPast()
}

// changeBlindKey puts everything that follows from the key of blind indexes under a new one: telephones are indexed anew out of the sealed values,
// so it also helps where the key was lost. A change that is under way is ended instead.
func (h *house) changeBlindKey(ctx context.Context, reason string) (string, error) {
	k := h.blind
	if kept, err := readBlindKeys(h.config.blindKey()); err == nil && kept.changing != "" {
		k = kept // it was cut off before it was taken into use
	}
	if k.changing == "" {
		if fits := h.blindFits(ctx); h.lost && fits == nil && isThere(h.config.blindKey()) {
			return "", fmt.Errorf("%s is there and fits: leave out --lost: %w", h.config.blindKey(), fault.ErrInvalid)
		} else if !h.lost && fits != nil {
			return "", fmt.Errorf("%s does not fit this database; with --lost it is given up: %w", h.config.blindKey(), fits)
		}
		next := blindKeys{now: make([]byte, blindKeyBytes), changing: strings.Join(strings.Fields(reason), " ")}
		systemChance(next.now)
		if !h.lost {
			if _, err := h.out.notices.Adopt(ctx); err != nil { // what an older version sealed under the key
				return "", err
			}
			next.past = append([]hooks.Past{{Secret: k.now}}, k.past...)
		}
		k = next
	}
	return h.carryOutBlind(ctx, k)
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// carryOutBlind takes the steps of a change. The file holds the new key before anything is under it, and the old one until nothing is; each step may
// be done again.
func (h *house) carryOutBlind(ctx context.Context, k blindKeys) (string, error) {
	path, indexed := h.config.blindKey(), 0
	from, to := "lost", fingerprintOf(k.now)
	if was := k.before(); was != nil {
		from = fingerprintOf(was)
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"keep the new key", func() error { return k.write(path) }},
		{"take it into use", func() error { return h.useBlind(k) }},
		{"record", func() error {
			return h.keys.Changed(ctx, name.System, keys.Change{What: "blind", From: from, To: to}, k.changing)
		}},
		{"index anew", func() (err error) { indexed, err = h.desk.Reindex(ctx, h.store); return err }},
		{"write over", func() error { return h.store.Scrub(ctx, false) }},
		{"forget the change", func() error {
			if k.before() != nil {
				k.past = slices.Clone(k.past)
				k.past[0].Until = h.desk.Now() + hooks.Overlap.Microseconds()
			}
			k.changing = ""
			if err := k.write(path); err != nil {
				return err
			}
			return h.useBlind(k)
		}},
	} {
		if err := h.before(step.name); err != nil {
			return "", err
		}
		if err := step.do(); err != nil {
			return "", fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return fmt.Sprintf("blind indexes, aliases and webhooks are under %s instead of %s; %d values were indexed anew. Copy %s anew, and keep the copy from before for copies of the database from before.\n%s",
		to, from, indexed, path, h.tellReceivers(from)), nil
}

// tellReceivers says what the receivers of webhooks have to be given.
func (h *house) tellReceivers(from string) string {
	if from == "lost" {
		return "Receivers of webhooks refuse what is sent until they are given the secrets and the public key that stand on /admin/webhooks now"
	}
	return fmt.Sprintf("For %d hours webhooks are signed under both: give their receivers the secrets and the public key that stand on /admin/webhooks now", int(hooks.Overlap.Hours()))
}

// newBlindKey draws a key and keeps it in a file that is not there yet.
func newBlindKey(path string, chance func([]byte)) ([]byte, error) {
	key := make([]byte, blindKeyBytes)
	chance(key)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err == nil {
		err = f.Sync()
	}
	return key, errors.Join(err, f.Close())
}

// blindKeyBytes is the length of the key of blind indexes.
const blindKeyBytes = 32
