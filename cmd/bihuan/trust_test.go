//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"bihuan/kernel/journal"
)

// rootCertificate is a new authority's certificate, PEM.
func rootCertificate(t *testing.T) []byte {
	t.Helper()
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "测试根"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	der, err := smx509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// TestCertificatesOfAuthoritiesAreGuarded: a file that decides whose certificates sign in is refused while others can change it or put another in its place, at the start and at each
// sign-in; when its owner changes it, both logs are told.
func TestCertificatesOfAuthoritiesAreGuarded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ca")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(path, rootCertificate(t), 0o644); err != nil {
		t.Fatal(err)
	}
	c := defaults()
	c.Database, c.Authorities = filepath.Join(t.TempDir(), "d.db"), path
	var log bytes.Buffer
	for _, mode := range []struct {
		of   string
		mode os.FileMode
		ok   bool
	}{{path, 0o666, false}, {path, 0o664, false}, {path, 0o644, true}, {dir, 0o777, false}, {dir, 0o775, false}, {dir, 0o777 | os.ModeSticky, true}, {dir, 0o755, true}} {
		if err := os.Chmod(mode.of, mode.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := readTrusted(path); (err == nil) != mode.ok || err != nil && !strings.Contains(err.Error(), mode.of) {
			t.Errorf("%s with %v: %v", mode.of, mode.mode, err)
		}
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	if h, err := build(t.Context(), c, systemTime, systemChance, logger(&log, "info")); err == nil {
		h.Close()
		t.Error("the house stands on certificates that everybody can change")
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	h, err := build(t.Context(), c, systemTime, systemChance, logger(&log, "info"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if _, err := h.trust(); err != nil || strings.Contains(log.String(), "other certificates") {
		t.Errorf("unchanged: %v\n%s", err, &log)
	}
	if err := os.WriteFile(path, rootCertificate(t), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := h.trust(); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.guard.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines, err := h.store.SecurityLines(t.Context(), journal.SecurityAsk{Log: h.desk.District(), Kind: "key", Limit: 10})
	if err != nil || len(lines) != 1 || lines[0].Code != "authorities.changed" || lines[0].Count != 1 || strings.Count(log.String(), "other certificates") != 1 {
		t.Errorf("changed: %+v, %v\n%s", lines, err, &log)
	}
}
