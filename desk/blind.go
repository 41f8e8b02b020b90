package desk

import (
	"context"
	"fmt"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/seal"
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

// blind returns the blind index of a personal value in its one form. It is empty for a field that nobody looks for, and
// without a key.
func (d *Desk) blind(key, v string) string {
	form, ok := sought[key]
	if !ok || len(d.world.Blind) < 32 {
		return ""
	}
	if v = form(v); v == "" {
		return ""
	}
	return seal.Blind(d.world.Blind, d.world.District, key, v)
}
