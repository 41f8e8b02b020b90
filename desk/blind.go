package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/seal"
	"bihuan/kernel/journal"
)

// sought are the personal fields by whose value people are found again, and how a value is brought into one form first.
var sought = map[string]func(string) string{"phone": phoneDigits}

// leastDigits is how many digits a number has at least; shorter ones are internal extensions that many share.
const leastDigits = 7

// phoneDigits returns the digits of a phone number without the country's code; empty for what is none.
func phoneDigits(v string) string {
	d := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, v)
	d = strings.TrimPrefix(d, "00")
	if rest, ok := strings.CutPrefix(d, "86"); ok && len(rest) >= 10 {
		d = rest
	}
	if len(d) < leastDigits {
		return ""
	}
	return d
}

// FitsBlind reports whether the key of blind indexes is the one by which this database's values were indexed, by the first that is found among the
// values of some hundred subjects. It wraps [fault.ErrUnavailable] if it is another one: nobody who was there before is found again with it.
func (d *Desk) FitsBlind(ctx context.Context, s Vault) error {
	keys, err := s.Keys(ctx, d.world.District, "", portion)
	if err != nil {
		return err
	}
	for _, k := range keys {
		values, err := d.personalOf(ctx, k.Subject)
		if err != nil {
			return err
		}
		for _, v := range values {
			switch {
			case v.Blind == "":
			case v.Blind == d.blind(v.Field, v.Value):
				return nil
			default:
				return fmt.Errorf("the key is another one than that by which telephones are found again: %w", fault.ErrUnavailable)
			}
		}
	}
	return nil
}

// indexKeys are the keys of blind indexes: the one of now, and while it is being changed the one before, under which some values still are.
type indexKeys struct{ now, before []byte }

// TakeIndex takes another key of blind indexes into use, from the next value that is appended on: a batch that is on its way is indexed by one
// key or by the other, as its append comes first or second. before is found too, nil ends that.
func (d *Desk) TakeIndex(now, before []byte) {
	d.vault.mu.Lock() // nothing is between indexing and appending, see sealAll
	defer d.vault.mu.Unlock()
	d.index.Store(&indexKeys{now, before})
}

// Reindex gives every value that is sealed under a subject's key the blind index of the key of now (换盲索引), in portions, while others read and
// write, and returns how many got another one. Interrupted, the next call goes on with it. A value whose subject has no key is left: nobody reads it.
func (d *Desk) Reindex(ctx context.Context, s Vault) (n int, err error) {
	for after := name.ID(""); ; {
		keys, err := s.Keys(ctx, d.world.District, after, portion)
		if err != nil || len(keys) == 0 {
			return n, err
		}
		after = keys[len(keys)-1].Subject
		var all []journal.Reindex
		for _, k := range keys {
			values, err := d.personalOf(ctx, k.Subject)
			if err != nil {
				return n, err
			}
			for _, v := range values {
				if blind := d.blind(v.Field, v.Value); blind != v.Blind {
					all = append(all, journal.Reindex{Subject: v.Subject, Field: v.Field, Was: v.Blind, Blind: blind})
				}
			}
		}
		if len(all) == 0 {
			continue
		}
		done, err := s.Reindex(ctx, d.world.District, all)
		n += done
		if err != nil {
			return n, fmt.Errorf("index personal values anew: %w", err)
		}
	}
}

// subjectsOf returns the subjects that hold the same value of a field, newest first, at most limit.
func (d *Desk) subjectsOf(ctx context.Context, field, value string, limit int) ([]name.ID, error) {
	keys := d.index.Load()
	all, err := d.store.Subjects(ctx, d.world.District, d.blindBy(keys.now, field, value), limit)
	if err != nil || keys.before == nil {
		return all, err
	}
	older, err := d.store.Subjects(ctx, d.world.District, d.blindBy(keys.before, field, value), limit)
	all = append(all, older...)
	slices.Sort(all)
	all = slices.Compact(all)
	slices.Reverse(all)
	return all[:min(limit, len(all))], err
}

// blind returns the blind index of a personal value in its one form. It is empty for a field that nobody looks for, and
// without a key.
func (d *Desk) blind(field, v string) string { return d.blindBy(d.index.Load().now, field, v) }

func (d *Desk) blindBy(key []byte, field, v string) string {
	form, ok := sought[field]
	if !ok || len(key) < 32 {
		return ""
	}
	if v = form(v); v == "" {
		return ""
	}
	return seal.Blind(key, d.world.District, field, v)
}
