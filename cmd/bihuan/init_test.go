package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"bihuan/desk/accounts"
	"bihuan/ground/otp"
)

// certificate writes a certificate for loopback, signed by itself: certificate CERT KEY.
func certificate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: certificate CERT KEY")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	ts.Check(err)
	private, err := x509.MarshalECPrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}), 0o600))
}

// TestBar_A04_TheThreeAreInPlaceBeforeAnybodyElseCanReachIt: the codes of the ceremony are taken up by natural persons; two of
// them by one person are refused, and with three the house may be served.
func TestBar_A04_TheThreeAreInPlaceBeforeAnybodyElseCanReachIt(t *testing.T) {
	ctx := t.Context()
	c := defaults()
	c.Database, c.Addr = filepath.Join(t.TempDir(), "d.db"), "0.0.0.0:0"
	h, err := build(ctx, c, systemTime, systemChance, logger(os.Stderr, "error"))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	officers, err := h.people.First(ctx)
	if err != nil || len(officers) != 3 {
		t.Fatalf("%d officers, %v", len(officers), err)
	}
	take := func(n int, login, number string) error {
		p, err := h.people.Pending(ctx, officers[n].Code, "192.0.2.1:1")
		if err != nil {
			return err
		}
		_, err = h.people.Activate(ctx, accounts.Activation{Invite: officers[n].Code, Login: login, IDNumber: number, Password: "Vq8-tundra-Km2",
			Code: otp.Code(otp.SHA1, p.Seed, otp.StepAt(h.desk.Now())), Address: "192.0.2.1:1"})
		return err
	}
	numbers := []string{idNumber("22010519900307002"), idNumber("22010519881224003"), idNumber("22010519770615004")}
	if err := h.manned(ctx); err == nil {
		t.Error("served before anybody has activated")
	}
	if err := take(0, "first", numbers[0]); err != nil {
		t.Fatal(err)
	}
	if err := take(1, "second", numbers[0]); err == nil {
		t.Error("one natural person took up two of the three invitations")
	}
	if err := take(1, "first", numbers[1]); err == nil {
		t.Error("two people have one name to sign in with")
	}
	for n, login := range map[int]string{1: "second", 2: "third"} {
		if err := h.manned(ctx); err == nil {
			t.Error("served before all three have activated")
		}
		if err := take(n, login, numbers[n]); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.manned(ctx); err != nil {
		t.Errorf("with three administrators: %v", err)
	}
	if err := take(0, "first", numbers[0]); err == nil {
		t.Error("an invitation was taken up twice")
	}
}

// idNumber completes the number of an identity card that nobody has with its check digit (GB 11643-1999).
func idNumber(s string) string {
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return s + string("10X98765432"[sum%11])
}
