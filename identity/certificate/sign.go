package certificate

import (
	"encoding/pem"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"bihuan/ground/fault"
)

// Signer is who holds a key: a file, a USB key, a device in a rack.
type Signer interface {
	// Chain returns the certificate of the key, then those between it and a root, if it has them.
	Chain() []*smx509.Certificate
	// Sign signs a text with SM2 over SM3, with the usual identity of the signer, in DER.
	//
	// Source: GB/T 32918.2-2016, and GB/T 35276-2017 for the identity 1234567812345678, as read about.
	Sign(text []byte) ([]byte, error)
}

// Respond has a signer answer a challenge.
func Respond(s Signer, challenge []byte) (Answer, error) {
	sig, err := s.Sign(challenge)
	return Answer{Chain: s.Chain(), Signature: sig}, err
}

// fileKey is a key in a file, with its certificates.
type fileKey struct {
	key    *sm2.PrivateKey
	chain  []*smx509.Certificate
	chance io.Reader
}

// ReadKey reads a key and its certificates from PEM: PRIVATE KEY (PKCS #8) or EC PRIVATE KEY, not encrypted, and one or more
// CERTIFICATE, that of the key first. chance is the source of random bytes for signatures. It wraps [fault.ErrInvalid].
func ReadKey(key, certificates []byte, chance io.Reader) (Signer, error) {
	f := &fileKey{chance: chance}
	for rest := key; f.key == nil; {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return nil, fmt.Errorf("no key of SM2 in PEM: %w", fault.ErrInvalid)
		}
		f.key = parseKey(b)
	}
	if err := blocks(certificates, "CERTIFICATE", func(der []byte) error {
		c, err := smx509.ParseCertificate(der)
		f.chain = append(f.chain, c)
		return err
	}); err != nil {
		return nil, err
	}
	if len(f.chain) == 0 {
		return nil, fmt.Errorf("no certificate: %w", fault.ErrInvalid)
	}
	if pub, ok := sm2Key(f.chain[0]); !ok || !f.key.PublicKey.Equal(pub) {
		return nil, fmt.Errorf("the certificate is not of this key: %w", fault.ErrInvalid)
	}
	return f, nil
}

func parseKey(b *pem.Block) *sm2.PrivateKey {
	switch b.Type {
	case "PRIVATE KEY":
		if k, err := smx509.ParsePKCS8PrivateKey(b.Bytes); err == nil {
			if s, ok := k.(*sm2.PrivateKey); ok {
				return s
			}
		}
	case "EC PRIVATE KEY":
		if k, err := smx509.ParseSM2PrivateKey(b.Bytes); err == nil {
			return k
		}
	}
	return nil
}

// Chain returns the certificates of the file.
func (f *fileKey) Chain() []*smx509.Certificate { return f.chain }

// Sign signs with the key of the file.
func (f *fileKey) Sign(text []byte) ([]byte, error) {
	return f.key.Sign(f.chance, text, sm2.DefaultSM2SignerOpts)
}
