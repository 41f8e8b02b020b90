package accounts

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/hex"
	"hash"
	"strings"

	"bihuan/ground/codelist"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/otp"
	"bihuan/ground/seal"
)

// derive returns a key for one purpose: 32 bytes, HMAC-SM3 under the room's key.
func (r *Room) derive(purpose string) []byte { return mac(r.Key, "bihuan/accounts/1", purpose) }

// mac is HMAC-SM3 over parts, each with its length before it.
func mac(key []byte, parts ...string) []byte {
	m := hmac.New(func() hash.Hash { return ledger.SM3.New() }, key)
	for _, p := range parts {
		m.Write([]byte{byte(len(p) >> 24), byte(len(p) >> 16), byte(len(p) >> 8), byte(len(p))})
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

// naturalOf is the keyed hash by which a natural person is known: of the number of the identity document, which is kept nowhere.
func (r *Room) naturalOf(n codelist.IDNumber) string {
	return hex.EncodeToString(mac(r.derive("natural"), n.Reveal()))
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

// codeID is what is kept of a code: HMAC-SM3, in hexadecimal.
func (r *Room) codeID(kind, typed string) string {
	return hex.EncodeToString(mac(r.derive(kind), plainCode(typed)))
}

// enrolSeed is the seed that a person enrols: it follows from a secret that only this person's page has, so that it need not
// be kept before it is confirmed and cannot be chosen by anybody.
func (r *Room) enrolSeed(of ...string) (s otp.Seed) {
	copy(s[:], mac(r.derive("enrol"), of...))
	return s
}

// sealing is the key and the place of what is sealed for an account.
func (r *Room) sealing(owner name.ID, kind string) (seal.Key, seal.Place) {
	var k seal.Key
	copy(k[:], r.derive("seal"))
	return k, seal.Place{Log: r.Desk.District(), Subject: owner, Field: "account " + kind}
}

// seal locks a value for an account: a seed, or what other ways of proving have to keep.
func (r *Room) seal(owner name.ID, kind string, value []byte) []byte {
	var chance [16]byte
	r.Chance(chance[:])
	k, at := r.sealing(owner, kind)
	return seal.Seal(k, chance, at, value)
}

func (r *Room) open(owner name.ID, kind string, envelope []byte) ([]byte, error) {
	k, at := r.sealing(owner, kind)
	return seal.Open(k, at, envelope)
}
