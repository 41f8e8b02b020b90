// Package certificate recognises a person by a certificate 数字证书 for an SM2 key: whoever has the key signs a text that
// was made for this one sign-in, and the certificate leads to a root that the house trusts.
//
// [ReadTrust] reads the roots and the lists of revoked certificates, [Trust.Check] holds an answer against them, and a
// [Signer] makes one: [ReadKey] is a key in a file, a USB key behind SKF (GM/T 0016) or a device behind SDF (GM/T 0018) is
// another Signer.
//
// It promises that what is out of date, revoked, for another use, not SM2, or without a current list of its issuer is
// refused. It leaves to the caller that a text is asked for once, and whose account a certificate is.
package certificate

import (
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"

	"bihuan/ground/fault"
)

// Limits of what is read.
const (
	MaxAnswer = 64 << 10 // bytes of an answer: a certificate with its chain and a signature
	maxTrust  = 4 << 20  // bytes of a file of roots or lists
	maxChain  = 6        // certificates in an answer
)

// Holder is whom a certificate names.
type Holder struct {
	Fingerprint string // SM3 of the certificate, in hexadecimal
	Name        string // the common name of the subject, as the issuer wrote it
	Serial      string // hexadecimal
	Issuer      string // the common name of the issuer
}

// Trust is which certificates are believed.
type Trust struct {
	roots         *smx509.CertPool
	intermediates *smx509.CertPool
	lists         []*smx509.RevocationList
	known         []*smx509.Certificate
}

// ReadTrust reads certificates of authorities and lists of revoked certificates, each as PEM. Self-signed certificates are
// roots, the others lead to them. It wraps [fault.ErrInvalid] for what is none, for no root, and for a list that none of the
// authorities has signed.
func ReadTrust(authorities, lists []byte) (*Trust, error) {
	if len(authorities) > maxTrust || len(lists) > maxTrust {
		return nil, fmt.Errorf("certificates or lists of more than %d bytes: %w", maxTrust, fault.ErrInvalid)
	}
	t := &Trust{roots: smx509.NewCertPool(), intermediates: smx509.NewCertPool()}
	roots := 0
	if err := blocks(authorities, "CERTIFICATE", func(der []byte) error {
		c, err := smx509.ParseCertificate(der)
		if err != nil {
			return err
		}
		if !c.IsCA {
			return fmt.Errorf("%s is no authority", c.Subject)
		}
		t.known = append(t.known, c)
		if c.CheckSignatureFrom(c) == nil {
			roots++
			t.roots.AddCert(c)
		} else {
			t.intermediates.AddCert(c)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if roots == 0 {
		return nil, fmt.Errorf("no root among the authorities: %w", fault.ErrInvalid)
	}
	return t, blocks(lists, "X509 CRL", func(der []byte) error {
		l, err := smx509.ParseRevocationList(der)
		if err != nil {
			return err
		}
		for _, c := range t.known {
			if l.CheckSignatureFrom(c) == nil {
				t.lists = append(t.lists, l)
				return nil
			}
		}
		return fmt.Errorf("the list of %s is signed by none of the authorities", l.Issuer)
	})
}

// blocks calls f with each PEM block of a type, and refuses what stands beside them.
func blocks(text []byte, typ string, f func(der []byte) error) error {
	for n := 1; ; n++ {
		b, rest := pem.Decode(text)
		if b == nil {
			if strings.TrimSpace(string(text)) != "" {
				return fmt.Errorf("block %d is no PEM: %w", n, fault.ErrInvalid)
			}
			return nil
		}
		if b.Type != typ {
			return fmt.Errorf("block %d is a %q, a %q is needed: %w", n, b.Type, typ, fault.ErrInvalid)
		}
		if err := f(b.Bytes); err != nil {
			return fmt.Errorf("block %d: %w: %w", n, err, fault.ErrInvalid)
		}
		text = rest
	}
}

// Answer is what somebody sends back: their certificate, perhaps with the authorities between it and a root, and the signature.
type Answer struct {
	Chain     []*smx509.Certificate // the person's first
	Signature []byte                // DER
}

// ParseAnswer reads an answer as `bihuan sign-challenge` writes it: the certificates as PEM, and the signature as a PEM block
// BIHUAN SIGNATURE or as base64 after them. It wraps [fault.ErrInvalid].
func ParseAnswer(text []byte) (a Answer, err error) {
	if len(text) > MaxAnswer {
		return a, refused("answer-too-long")
	}
	for {
		b, rest := pem.Decode(text)
		if b == nil {
			break
		}
		text = rest
		switch b.Type {
		case "CERTIFICATE":
			c, err := smx509.ParseCertificate(b.Bytes)
			if err != nil || len(a.Chain) == maxChain {
				return Answer{}, refused("certificate-unreadable")
			}
			a.Chain = append(a.Chain, c)
		case signatureBlock:
			a.Signature = b.Bytes
		default:
			return Answer{}, refused("certificate-unreadable") // a private key does not belong here
		}
	}
	if rest := strings.Join(strings.Fields(string(text)), ""); rest != "" && a.Signature == nil {
		if a.Signature, err = base64.StdEncoding.DecodeString(rest); err != nil {
			return Answer{}, refused("signature-unreadable")
		}
	}
	if len(a.Chain) == 0 {
		return Answer{}, refused("certificate-unreadable")
	}
	if len(a.Signature) == 0 || len(a.Signature) > 128 {
		return Answer{}, refused("signature-unreadable")
	}
	return a, nil
}

const signatureBlock = "BIHUAN SIGNATURE"

// Format writes an answer as [ParseAnswer] reads it.
func (a Answer) Format() []byte {
	var b []byte
	for _, c := range a.Chain {
		b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return append(b, pem.EncodeToMemory(&pem.Block{Type: signatureBlock, Bytes: a.Signature})...)
}

// Check returns whom an answer names, if it signs the challenge and its certificate holds at now: an SM2 key, a chain of
// SM2 signatures to a root, each within its validity, for signing, and for signing in where it says for what; and no
// certificate of the chain revoked by the list of its issuer, which must be there and current. It wraps
// [fault.ErrDenied] with the reason.
func (t *Trust) Check(challenge []byte, a Answer, now time.Time) (Holder, error) {
	if len(a.Chain) == 0 {
		return Holder{}, refused("certificate-unreadable")
	}
	leaf := a.Chain[0]
	key, ok := sm2Key(leaf)
	if !ok {
		return Holder{}, denied("certificate-not-sm2")
	}
	if leaf.IsCA || leaf.KeyUsage&smx509.KeyUsageDigitalSignature == 0 {
		return Holder{}, denied("certificate-other-use")
	}
	between := t.intermediates.Clone()
	for _, c := range a.Chain[1:] {
		between.AddCert(c)
	}
	chains, err := leaf.Verify(smx509.VerifyOptions{Roots: t.roots, Intermediates: between, CurrentTime: now,
		KeyUsages: []smx509.ExtKeyUsage{smx509.ExtKeyUsageClientAuth}})
	if err != nil {
		return Holder{}, denied(reasonOf(err))
	}
	if err := t.anyStanding(chains, now); err != nil {
		return Holder{}, err
	}
	if !sm2.VerifyASN1WithSM2(key, nil, challenge, a.Signature) {
		return Holder{}, denied("signature-wrong")
	}
	h := sm3.Sum(leaf.Raw)
	return Holder{Fingerprint: hex.EncodeToString(h[:]), Name: leaf.Subject.CommonName, Serial: leaf.SerialNumber.Text(16),
		Issuer: leaf.Issuer.CommonName}, nil
}

// sm2Key returns the key of a certificate if it is one of SM2.
func sm2Key(c *smx509.Certificate) (*ecdsa.PublicKey, bool) {
	k, ok := c.PublicKey.(*ecdsa.PublicKey)
	return k, ok && k.Curve == sm2.P256()
}

// reasonOf says why no chain was found.
func reasonOf(err error) string {
	var bad smx509.CertificateInvalidError
	if !errors.As(err, &bad) {
		return "certificate-untrusted"
	}
	switch bad.Reason {
	case smx509.Expired:
		return "certificate-expired"
	case smx509.IncompatibleUsage:
		return "certificate-other-use"
	}
	return "certificate-untrusted"
}

// anyStanding returns nil if one of the chains is SM2 from end to end and not revoked, otherwise what is wrong with the last.
func (t *Trust) anyStanding(chains [][]*smx509.Certificate, now time.Time) (err error) {
	for _, chain := range chains {
		if err = t.stands(chain, now); err == nil {
			return nil
		}
	}
	return err
}

func (t *Trust) stands(chain []*smx509.Certificate, now time.Time) error {
	for i := range len(chain) - 1 {
		c, issuer := chain[i], chain[i+1]
		if _, ok := sm2Key(issuer); !ok {
			return denied("certificate-not-sm2")
		}
		l := t.list(issuer)
		if l == nil || now.Before(l.ThisUpdate) || !now.Before(l.NextUpdate) {
			return fault.Refuse(fault.ErrDenied, "revocation-unknown", "")
		}
		for _, gone := range l.RevokedCertificateEntries {
			if gone.SerialNumber.Cmp(c.SerialNumber) == 0 && !gone.RevocationTime.After(now) {
				return denied("certificate-revoked")
			}
		}
	}
	return nil
}

// list returns the newest list of an issuer.
func (t *Trust) list(issuer *smx509.Certificate) (newest *smx509.RevocationList) {
	for _, l := range t.lists {
		if l.CheckSignatureFrom(issuer) == nil && (newest == nil || l.ThisUpdate.After(newest.ThisUpdate)) {
			newest = l
		}
	}
	return newest
}

func denied(code string) error  { return fault.Refuse(fault.ErrDenied, code, "") }
func refused(code string) error { return fault.Refuse(fault.ErrInvalid, code, "answer") }
