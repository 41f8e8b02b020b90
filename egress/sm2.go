package egress

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// SM2Header is the header of the second signature of a webhook, for receivers that have to check with the national algorithms.
const SM2Header = "Webhook-Signature-Sm2"

// Signer signs calls by SM2 with SM3 (GB/T 32918.2-2016; user id 1234567812345678 of GB/T 35276-2017). The key is worked out from the
// house's own key: it is the same after every start, and is kept nowhere.
type Signer struct{ key *sm2.PrivateKey }

// NewSigner returns the signer of a house key.
func NewSigner(secret []byte) (*Signer, error) {
	curve := sm2.P256()
	n := new(big.Int).Sub(curve.Params().N, big.NewInt(2))
	wide := make([]byte, 0, 64) // twice as long as the order, so that no private key is likelier than another
	for i := range 2 {
		h := hmac.New(sha256.New, secret)
		fmt.Fprintf(h, "bihuan/webhook-sm2/1 %d", i)
		wide = h.Sum(wide)
	}
	d := new(big.Int).Mod(new(big.Int).SetBytes(wide), n)
	d.Add(d, big.NewInt(1)) // from 1 to n-2, GB/T 32918.1-2016, 6.1
	key, err := sm2.NewPrivateKeyFromInt(d)
	if err != nil {
		return nil, fmt.Errorf("key of webhooks: %w", err)
	}
	return &Signer{key}, nil
}

// Sign returns a signature of content: base64 of its ASN.1 form.
func (s *Signer) Sign(content []byte) (string, error) {
	sig, err := s.key.Sign(rand.Reader, content, sm2.DefaultSM2SignerOpts)
	if err != nil {
		return "", fmt.Errorf("sign by SM2: %w", err)
	}
	return base64.StdEncoding.EncodeToString(sig), nil
}

// PublicKey returns the public key as PEM (SubjectPublicKeyInfo).
func (s *Signer) PublicKey() ([]byte, error) {
	der, err := smx509.MarshalPKIXPublicKey(&s.key.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("public key of webhooks: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// VerifySM2 reports whether a signature is of content, by a public key as PEM: what a receiver does.
func VerifySM2(public, content []byte, signature string) bool {
	block, _ := pem.Decode(public)
	if block == nil {
		return false
	}
	k, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return false
	}
	sig, err := base64.StdEncoding.DecodeString(signature)
	pub, ok := k.(*ecdsa.PublicKey)
	return err == nil && ok && sm2.VerifyASN1WithSM2(pub, nil, content, sig)
}
