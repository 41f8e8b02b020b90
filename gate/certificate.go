package gate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/ocsp"
)

// Certificate is the server's certificate, as its files have it now: whoever connects gets a new one within [lookEvery] after its files were replaced. It is safe for many goroutines.
type Certificate struct {
	chain, key, word string
	now              func() time.Time
	log              *slog.Logger

	mu     sync.Mutex
	looked time.Time
	stamps [3]stamp // of the files as they were read
	pair   *tls.Certificate
}

// lookEvery is how often it is looked whether the files are others.
const lookEvery = 10 * time.Second

// maxWord bounds an authority's word, in bytes: it has some 2 KB.
const maxWord = 64 << 10

// stamp tells whether a file is another one.
type stamp struct {
	at   time.Time
	size int64
}

// NewCertificate reads the files: the chain, the server's own certificate first, and its key, both PEM; and, if word is not empty, the authority's word that it is not revoked (an OCSP
// response in DER), which is handed to whoever connects (stapling). A word that is missing, late, of another certificate or not good is not handed out, and the log is told why.
//
// Source: OWASP ASVS 5.0.0, 12.1.4, as read; RFC 6066 (2011), 8; RFC 6960 (2013), 4.2.
func NewCertificate(chain, key, word string, now func() time.Time, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{chain: chain, key: key, word: word, now: now, log: log}
	c.stamps = c.stampsNow()
	pair, err := c.read()
	if err != nil {
		return nil, err
	}
	c.pair, c.looked = pair, now()
	return c, nil
}

// Get is what [tls.Config.GetCertificate] asks.
func (c *Certificate) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.present(), nil }

// Leaf is the server's own certificate.
func (c *Certificate) Leaf() *x509.Certificate { return c.present().Leaf }

// present is the certificate as the files have it. Files that cannot be read leave the one from before, for another try when they change again.
func (c *Certificate) present() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if now.Sub(c.looked) < lookEvery {
		return c.pair
	}
	c.looked = now
	if s := c.stampsNow(); s != c.stamps || c.isLate(now) {
		c.stamps = s
		pair, err := c.read()
		if err != nil {
			c.log.Error("the new certificate cannot be used; the old one is served on", "error", err)
			return c.pair
		}
		c.pair = pair
	}
	return c.pair
}

func (c *Certificate) stampsNow() (all [3]stamp) {
	for i, path := range []string{c.chain, c.key, c.word} {
		if f, err := os.Stat(path); err == nil {
			all[i] = stamp{f.ModTime(), f.Size()}
		}
	}
	return all
}

// isLate reports whether a word that is handed out holds no longer.
func (c *Certificate) isLate(now time.Time) bool {
	if len(c.pair.OCSPStaple) == 0 {
		return false
	}
	r, err := ocsp.ParseResponse(c.pair.OCSPStaple, nil)
	return err != nil || !now.Before(r.NextUpdate)
}

func (c *Certificate) read() (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(c.chain, c.key)
	if err != nil {
		return nil, fmt.Errorf("TLS: %w", err)
	}
	if c.word == "" {
		return &pair, nil
	}
	if pair.OCSPStaple, err = c.readWord(&pair); err != nil {
		pair.OCSPStaple = nil
		c.log.Warn("the authority's word that the certificate is not revoked is not handed out", "file", c.word, "error", err)
	}
	return &pair, nil
}

func (c *Certificate) readWord(pair *tls.Certificate) ([]byte, error) {
	if len(pair.Certificate) < 2 {
		return nil, errors.New("the file of the certificate lacks that of its authority, by which the word is checked")
	}
	issuer, err := x509.ParseCertificate(pair.Certificate[1])
	if err != nil {
		return nil, err
	}
	f, err := os.Stat(c.word)
	if err == nil && f.Size() > maxWord {
		err = fs.ErrInvalid
	}
	if err != nil {
		return nil, err
	}
	der, err := os.ReadFile(c.word)
	if err != nil {
		return nil, err
	}
	r, err := ocsp.ParseResponseForCert(der, pair.Leaf, issuer)
	now := c.now()
	switch {
	case err != nil:
		return nil, err
	case r.Status != ocsp.Good:
		return nil, errors.New("it does not say that the certificate is good: have another one issued")
	case now.Before(r.ThisUpdate) || r.NextUpdate.IsZero() || !now.Before(r.NextUpdate):
		return nil, fmt.Errorf("it holds until %s: fetch it anew", r.NextUpdate.UTC().Format(time.RFC3339))
	}
	return der, nil
}
