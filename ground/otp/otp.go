// Package otp is one-time passwords 动态口令: codes of six digits that a device and the server count alike out of a shared
// seed and the time.
//
// [Match] says which time step a code belongs to, [Code] is the code of a step, [URI] what a device scans. It promises nothing
// about using a code twice: the caller keeps the step that was used last and accepts only later ones.
//
// Source: TOTP of RFC 6238 (2011) over HOTP of RFC 4226 (2005), HMAC-SHA-1 as every authenticator app has it; over SM3 for
// tokens in the manner of GM/T 0021 (as read about).
package otp

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"hash"
	"net/url"
	"strings"

	"github.com/emmansun/gmsm/sm3"
)

// Algorithm is the hash under the codes.
type Algorithm string

// The algorithms.
const (
	SHA1 Algorithm = "SHA1"
	SM3  Algorithm = "SM3"
)

func (a Algorithm) new() hash.Hash {
	if a == SM3 {
		return sm3.New()
	}
	return sha1.New()
}

const (
	// Digits is the length of a code.
	Digits = 6
	// Step is how long one code is shown, in µs.
	Step = 30 * 1_000_000
	// SeedSize is the length of a seed in bytes: 160 bits, RFC 4226 section 4, R6.
	SeedSize = 20
	// drift is how many steps a device's clock may be off, either way: RFC 6238 section 5.2 advises one.
	drift = 1
)

// Seed is the shared secret of a device and the server.
type Seed [SeedSize]byte

// String hides the seed.
func (Seed) String() string { return "(seed)" }

// GoString hides the seed.
func (Seed) GoString() string { return "otp.Seed{…}" }

var letters = base32.StdEncoding.WithPadding(base32.NoPadding)

// Text is the seed as a person types it into a device: 32 letters and digits.
func (s Seed) Text() string { return letters.EncodeToString(s[:]) }

// StepAt returns the time step of an instant in µs.
func StepAt(now int64) int64 { return now / Step }

// Code returns the code of a time step: [Digits] digits.
func Code(a Algorithm, seed Seed, step int64) string { return code(a, seed[:], step, Digits) }

// code is HOTP (RFC 4226 section 5.3) with the step as its counter.
func code(a Algorithm, key []byte, step int64, digits int) string {
	m := hmac.New(a.new, key)
	m.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

// Match returns the time step that a code belongs to at an instant (µs), one step early or late allowed, and false for a code
// of none of them. The caller refuses a step that was used. It compares in constant time.
func Match(a Algorithm, seed Seed, given string, now int64) (step int64, ok bool) {
	given = strings.Join(strings.Fields(given), "")
	for d := int64(-drift); d <= drift; d++ {
		s := StepAt(now) + d
		if subtle.ConstantTimeCompare([]byte(Code(a, seed, s)), []byte(given)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// URI returns what a device scans, in the form that authenticator apps read (otpauth://totp/…). issuer and account are shown on
// the device.
func URI(a Algorithm, seed Seed, issuer, account string) string {
	q := url.Values{"secret": {seed.Text()}, "issuer": {issuer}, "algorithm": {string(a)}, "digits": {fmt.Sprint(Digits)}, "period": {fmt.Sprint(Step / 1_000_000)}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
