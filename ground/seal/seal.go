package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Suite names the algorithms of an envelope. Its number stands in the envelope, so that one table can change its
// algorithms without breaking what is older.
type Suite uint16

// SM4GCM is SM4 of GB/T 32907-2016 in Galois/Counter Mode, nonces of 12 and tags of 16 bytes: RFC 8998, section 2.
const SM4GCM Suite = 1

// Plain is what the column of suites says of a value that is not sealed.
const Plain = "plain"

// String returns the suite's name as tables keep it, such as "sm4-gcm".
func (s Suite) String() string {
	if s == SM4GCM {
		return "sm4-gcm"
	}
	return fmt.Sprintf("suite-%d", uint16(s))
}

// KeySize, NonceSize and TagSize are the lengths of SM4-GCM in bytes.
const (
	KeySize   = sm4.BlockSize
	NonceSize = 12
	TagSize   = 16
)

// Overhead is by how many bytes an envelope is longer than its value.
const Overhead = 2 + NonceSize + TagSize

// Key is the key of one subject or of a district. It never prints itself.
type Key [KeySize]byte

// String hides the key.
func (Key) String() string { return "(key)" }

// GoString hides the key.
func (Key) GoString() string { return "seal.Key{…}" }

// Format hides the key from every verb.
func (Key) Format(s fmt.State, _ rune) { s.Write([]byte("(key)")) }

// MarshalText hides the key from every encoder.
func (Key) MarshalText() ([]byte, error) { return []byte("(key)"), nil }

// Wipe overwrites the key. What the compiler or the runtime copied elsewhere is out of its reach.
func (k *Key) Wipe() { clear(k[:]) }

// Place is where an envelope belongs: nobody can move it to another field, person or log.
type Place struct {
	Log     name.District
	Subject name.ID
	Field   string
}

// append adds the associated data of a place: each text with its length.
func (p Place) append(b []byte, s Suite) []byte {
	b = append(b, "bihuan/seal/1"...)
	b = binary.BigEndian.AppendUint16(b, uint16(s))
	for _, t := range []string{string(p.Log), string(p.Subject), p.Field} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(t)))
		b = append(b, t...)
	}
	return b
}

// Seal returns the envelope of a value under key at a place: suite, nonce, ciphertext and tag, [Overhead] bytes longer than
// the value. chance is 16 bytes of the caller's random source; see the package for what happens when they repeat. Some
// two microseconds for a short value.
func Seal(key Key, chance [16]byte, of Place, value []byte) []byte {
	s := SM4GCM
	ad := of.append(nil, s)
	out := make([]byte, 0, len(value)+Overhead)
	out = binary.BigEndian.AppendUint16(out, uint16(s))
	out = append(out, nonce(key, chance, ad, value)...)
	return aead(key).Seal(out, out[2:2+NonceSize], value, ad)
}

// nonce is the first 12 bytes of HMAC-SM3 under the key over chance, place and value: two that are alike belong to the very
// same envelope, or were drawn alike by accident, of which there is no hope within 2³² values of one key.
func nonce(key Key, chance [16]byte, ad, value []byte) []byte {
	m := hmac.New(newSM3, key[:])
	m.Write([]byte("bihuan/nonce/1"))
	m.Write(chance[:])
	m.Write(ad)
	m.Write(value)
	return m.Sum(nil)[:NonceSize]
}

func newSM3() hash.Hash { return sm3.New() }

// aead never fails: the key has the one length that there is.
func aead(key Key) cipher.AEAD {
	block, err := sm4.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}

// Open returns the value of an envelope. It wraps [fault.ErrInvalid] for what is no envelope, one of an unknown suite, and one
// that was changed, belongs to another place or was sealed under another key; it does not tell these three apart.
func Open(key Key, of Place, envelope []byte) ([]byte, error) {
	if len(envelope) < Overhead {
		return nil, fmt.Errorf("an envelope of %d bytes: %w", len(envelope), fault.ErrInvalid)
	}
	s := Suite(binary.BigEndian.Uint16(envelope))
	if s != SM4GCM {
		return nil, fmt.Errorf("an envelope of %s: %w", s, fault.ErrInvalid)
	}
	value, err := aead(key).Open(nil, envelope[2:2+NonceSize], envelope[2+NonceSize:], of.append(nil, s))
	if err != nil {
		return nil, fmt.Errorf("the envelope of %s of %s does not open: %w", of.Field, of.Subject, fault.ErrInvalid)
	}
	return value, nil
}

// Blind returns the blind index of a value in its one form (盲索引): HMAC-SM3 under the installation's key over district, field and
// value, in hexadecimal. The same value of the same field has the same index; without the key it tells nothing.
//
// Source: HMAC of RFC 2104, SM3 of GB/T 32905-2016.
func Blind(key []byte, log name.District, field, form string) string {
	m := hmac.New(newSM3, key)
	m.Write([]byte("bihuan/blind/1\n" + string(log) + "\n" + field + "\n" + form))
	return hex.EncodeToString(m.Sum(nil))
}
