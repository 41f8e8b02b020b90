package accounts

import (
	"context"
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"hash"
	"strings"

	"bihuan/ground/codelist"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/ground/seal"
)

// mac is HMAC-SM3 over parts, each with its length before it.
func mac(key []byte, parts ...string) []byte {
	b := make([]byte, 0, 512)
	for _, p := range parts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(p))), p...)
	}
	m := hmac.New(func() hash.Hash { return ledger.SM3.New() }, key)
	m.Write(b)
	return m.Sum(nil)
}

// naturalOf is the keyed hash by which a natural person is known: of the number of the identity document, which is kept nowhere. Whoever has an
// account is known by the hash that it has.
func (r *Room) naturalOf(ctx context.Context, n codelist.IDNumber) (string, error) {
	return known(r.hashes("natural", n.Reveal()), func(hash string) (bool, error) {
		all, err := r.natural(ctx, hash)
		return len(all) > 0, err
	})
}

// crockford is base 32 without i, l, o and u: what is read out over the telephone arrives.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newCode returns a code of n random bytes, in groups of five letters and digits.
func (r *Room) newCode(n int) string {
	b := make([]byte, n)
	r.Chance(b)
	s := crockford.EncodeToString(b)
	var groups []string
	for len(s) > 5 {
		groups, s = append(groups, s[:5]), s[5:]
	}
	return strings.Join(append(groups, s), "-")
}

// plainCode brings a code that somebody typed into its one form: without blanks and hyphens, misread letters mended.
func plainCode(typed string) string {
	s := strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r':
			return -1
		}
		return c
	}, typed)
	return strings.NewReplacer("o", "0", "i", "1", "l", "1").Replace(s)
}

// codeID is what is kept of a new code: HMAC-SM3, in hexadecimal.
func (r *Room) codeID(kind, typed string) string { return r.current().hash(kind, plainCode(typed)) }

// codeIDs is what may be kept of a code that somebody types, under whichever key it was made.
func (r *Room) codeIDs(kind, typed string) []string { return r.hashes(kind, plainCode(typed)) }

// enrolSeed is the seed that a person enrols: it follows from a secret that only this person's page has, so that it need not
// be kept before it is confirmed and cannot be chosen by anybody.
func (r *Room) enrolSeed(of ...string) (s otp.Seed) {
	copy(s[:], mac(r.current().derive("enrol"), of...))
	return s
}

// seal locks a value for an account: a seed, or what other ways of proving have to keep.
func (r *Room) seal(owner name.ID, kind string, value []byte) []byte {
	var chance [16]byte
	r.Chance(chance[:])
	return seal.Seal(r.current().sealing(), chance, r.sealedAt(owner, kind), value)
}

// sealing is the key of envelopes.
func (k *Key) sealing() (s seal.Key) {
	copy(s[:], k.derive("seal"))
	return s
}

func (r *Room) sealedAt(owner name.ID, kind string) seal.Place {
	return seal.Place{Log: r.Desk.District(), Subject: owner, Field: "account " + kind}
}

func (r *Room) open(owner name.ID, kind string, envelope []byte) ([]byte, error) {
	value, _, err := r.unseal(owner, kind, envelope)
	return value, err
}

// unseal opens an envelope by whichever key it was locked under, and returns that one's generation.
func (r *Room) unseal(owner name.ID, kind string, envelope []byte) (value []byte, of uint32, err error) {
	all := r.ring.Load().keys
	for i := range all {
		if value, err = seal.Open(all[i].sealing(), r.sealedAt(owner, kind), envelope); err == nil {
			return value, all[i].Generation, nil
		}
	}
	return nil, 0, err
}
