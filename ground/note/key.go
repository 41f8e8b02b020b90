package note

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm2"

	"bihuan/ground/fault"
)

// Kind is what a key is for and which algorithm it signs with. The bytes are those that stand before a public key.
type Kind string

// The kinds of key.
const (
	Ed25519       Kind = "\x01"                               // a log's; C2SP signed-note
	Ed25519Cosign Kind = "\x04"                               // a witness's; C2SP tlog-cosignature
	SM2           Kind = "\xffbihuan/sm2-sm3/1\n"             // a log's; GB/T 32918.2-2016 with SM3 and the usual id
	SM2Cosign     Kind = "\xffbihuan/sm2-sm3-cosignature/1\n" // a witness's
)

var kinds = []Kind{Ed25519, Ed25519Cosign, SM2, SM2Cosign}

// String names the algorithm for people.
func (k Kind) String() string {
	switch k {
	case Ed25519, Ed25519Cosign:
		return "Ed25519"
	case SM2, SM2Cosign:
		return "SM2-SM3"
	}
	return "unknown"
}

// Cosigns reports whether keys of the kind are a witness's.
func (k Kind) Cosigns() bool { return k == Ed25519Cosign || k == SM2Cosign }

func (k Kind) sm2() bool { return k == SM2 || k == SM2Cosign }

// publicLen is the length of a public key: SM2's are uncompressed points.
func (k Kind) publicLen() int {
	if k.sm2() {
		return 65
	}
	return ed25519.PublicKeySize
}

// Verifier is a public key with its name. The zero Verifier verifies nothing. Verifiers are compared with ==.
type Verifier struct {
	Name string
	Kind Kind
	key  string
}

// ID returns the four bytes by which a signature line names the key.
//
// Source: C2SP signed-note, “Signatures”.
func (v Verifier) ID() uint32 {
	sum := sha256.Sum256([]byte(v.Name + "\n" + string(v.Kind) + v.key))
	return binary.BigEndian.Uint32(sum[:4])
}

// String returns the key as one writes it down: name+id+base64, without blanks.
//
// Source: C2SP signed-note, “Verifier keys”.
func (v Verifier) String() string {
	return fmt.Sprintf("%s+%08x+%s", v.Name, v.ID(), base64.StdEncoding.EncodeToString([]byte(string(v.Kind)+v.key)))
}

// ParseVerifier reads what String prints. It wraps [fault.ErrInvalid].
func ParseVerifier(s string) (Verifier, error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(s), "+")
	id, encoded, _ := strings.Cut(rest, "+")
	b, err := base64.StdEncoding.DecodeString(encoded)
	v := Verifier{Name: name}
	if err == nil && checkName(name) == nil {
		v.Kind, v.key = split(string(b))
	}
	if v.Kind == "" || len(v.key) != v.Kind.publicLen() || id != fmt.Sprintf("%08x", v.ID()) {
		return Verifier{}, fmt.Errorf("%q is no key of a log or a witness: %w", s, fault.ErrInvalid)
	}
	if _, err := v.point(); v.Kind.sm2() && err != nil {
		return Verifier{}, fmt.Errorf("%q is no point of the curve: %w", s, fault.ErrInvalid)
	}
	return v, nil
}

// split cuts the kind off an encoded key; it is empty for an unknown one.
func split(s string) (Kind, string) {
	for _, k := range kinds {
		if key, ok := strings.CutPrefix(s, string(k)); ok {
			return k, key
		}
	}
	return "", ""
}

// checkName refuses what is no name of a key.
//
// Source: C2SP signed-note, “Format”.
func checkName(s string) error {
	if s == "" || len(s) > 200 || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '+' }) {
		return fmt.Errorf("%q is no name of a key: %w", s, fault.ErrInvalid)
	}
	return nil
}

func (v Verifier) point() (*ecdsa.PublicKey, error) { return sm2.NewPublicKey([]byte(v.key)) }

// verify reports whether sig is the key's signature on text; for a witness's key, its timestamp included.
func (v Verifier) verify(text string, sig []byte) bool {
	message := []byte(text)
	if v.Kind.Cosigns() {
		if len(sig) < 8 {
			return false
		}
		at := binary.BigEndian.Uint64(sig)
		if at > 1<<63-1 {
			return false
		}
		message, sig = cosigned(text, int64(at)), sig[8:]
	}
	switch {
	case len(sig) != 64 || len(v.key) != v.Kind.publicLen():
		return false
	case v.Kind.sm2():
		pub, err := v.point()
		return err == nil && sm2.VerifyASN1WithSM2(pub, nil, message, derOf(sig))
	case v.Kind == Ed25519 || v.Kind == Ed25519Cosign:
		return ed25519.Verify(ed25519.PublicKey(v.key), message, sig)
	}
	return false
}

// cosigned is what a witness signs.
//
// Source: C2SP tlog-cosignature, “Ed25519 signed message”.
func cosigned(text string, at int64) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text)
}

// Signer is a secret key. It is written down by Secret and must not be logged.
type Signer struct {
	verifier Verifier
	secret   []byte // SM2: the number d, 32 bytes; Ed25519: the seed
	key      *sm2.PrivateKey
}

// NewSigner makes a key from chance, which must be a secure random source.
func NewSigner(name string, k Kind, chance io.Reader) (*Signer, error) {
	for range 100 { // a random number is an SM2 key but for one in 2^32
		seed := make([]byte, 32)
		if _, err := io.ReadFull(chance, seed); err != nil {
			return nil, err
		}
		if s, err := signer(name, k, seed); err == nil || !k.sm2() {
			return s, err
		}
	}
	return nil, fmt.Errorf("a key of kind %q for %q: %w", string(k), name, fault.ErrInvalid)
}

func signer(name string, k Kind, seed []byte) (*Signer, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	s := &Signer{verifier: Verifier{Name: name, Kind: k}, secret: seed}
	switch k {
	case Ed25519, Ed25519Cosign:
		s.verifier.key = string(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey))
	case SM2, SM2Cosign:
		key, err := sm2.NewPrivateKey(seed)
		if err != nil {
			return nil, fmt.Errorf("SM2 key of %s: %w", name, fault.ErrInvalid)
		}
		s.key = key
		var b [65]byte
		b[0] = 4
		key.X.FillBytes(b[1:33])
		key.Y.FillBytes(b[33:])
		s.verifier.key = string(b[:])
	default:
		return nil, fmt.Errorf("kind of key %q: %w", string(k), fault.ErrInvalid)
	}
	return s, nil
}

// secretMark begins a secret key that is written down.
const secretMark = "PRIVATE+KEY+"

// Secret returns the key as it is kept: one line, to be read by nobody but its owner.
func (s *Signer) Secret() string {
	return fmt.Sprintf("%s%s+%08x+%s", secretMark, s.verifier.Name, s.verifier.ID(), base64.StdEncoding.EncodeToString(append([]byte(s.verifier.Kind), s.secret...)))
}

// ParseSigner reads what Secret returns. It wraps [fault.ErrInvalid] and never quotes the key.
func ParseSigner(text string) (*Signer, error) {
	bad := fmt.Errorf("no secret key of a log or a witness: %w", fault.ErrInvalid)
	text, ok := strings.CutPrefix(strings.TrimSpace(text), secretMark)
	name, rest, _ := strings.Cut(text, "+")
	id, encoded, _ := strings.Cut(rest, "+")
	b, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil {
		return nil, bad
	}
	k, seed := split(string(b))
	if k == "" || len(seed) != 32 {
		return nil, bad
	}
	s, err := signer(name, k, []byte(seed))
	if err != nil || id != fmt.Sprintf("%08x", s.verifier.ID()) {
		return nil, bad
	}
	return s, nil
}

// Verifier returns the public part.
func (s *Signer) Verifier() Verifier { return s.verifier }

// Sign returns a log's signature line on text. It wraps [fault.ErrInvalid] for a witness's key. chance is a secure
// random source; Ed25519 needs none.
func (s *Signer) Sign(text string, chance io.Reader) (Signature, error) {
	if s.verifier.Kind.Cosigns() {
		return Signature{}, fmt.Errorf("%s is a witness's key: %w", s.verifier.Name, fault.ErrInvalid)
	}
	b, err := s.sign([]byte(text), chance)
	return Signature{s.verifier.Name, s.verifier.ID(), b}, err
}

// Cosign returns a witness's signature line on the text of a checkpoint, made at an instant in seconds since 1970. It wraps
// [fault.ErrInvalid] for a log's key.
func (s *Signer) Cosign(text string, at int64, chance io.Reader) (Signature, error) {
	if !s.verifier.Kind.Cosigns() || at < 0 {
		return Signature{}, fmt.Errorf("%s is not a witness's key, or time %d: %w", s.verifier.Name, at, fault.ErrInvalid)
	}
	b, err := s.sign(cosigned(text, at), chance)
	return Signature{s.verifier.Name, s.verifier.ID(), append(binary.BigEndian.AppendUint64(nil, uint64(at)), b...)}, err
}

func (s *Signer) sign(message []byte, chance io.Reader) ([]byte, error) {
	if s.key == nil {
		return ed25519.Sign(ed25519.NewKeyFromSeed(s.secret), message), nil
	}
	der, err := s.key.SignWithSM2(chance, nil, message)
	if err != nil {
		return nil, err
	}
	return rawOf(der)
}

// rawOf turns the two numbers of an SM2 signature, in DER, into r ‖ s of 32 bytes each.
func rawOf(der []byte) ([]byte, error) {
	var rs struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &rs); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("SM2 signature: %w", fault.ErrInvalid)
	}
	raw := make([]byte, 64)
	rs.R.FillBytes(raw[:32])
	rs.S.FillBytes(raw[32:])
	return raw, nil
}

func derOf(raw []byte) []byte {
	der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])})
	if err != nil {
		return nil
	}
	return der
}

// Same reports whether two keys are the same one.
func (s *Signer) Same(t *Signer) bool {
	return s.verifier == t.verifier && bytes.Equal(s.secret, t.secret)
}

// Fingerprint returns the id as eight hexadecimal digits, as people compare it.
func (v Verifier) Fingerprint() string {
	return hex.EncodeToString(binary.BigEndian.AppendUint32(nil, v.ID()))
}
