// Package passkeytest is a device that keeps passkeys, for tests: what a browser and its authenticator do, in Go. [New] is the
// device, [Device.Make] answers what a site tells a browser to make a passkey, [Device.Show] to show one. What it answers can be
// bent before it is signed, by the fields of [Device].
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/fxamacker/cbor/v2"
)

// Device has at most one passkey.
type Device struct {
	Origin  string // the address of the page that the browser is on
	Site    string // the id that the device signs for
	Flags   byte   // what the device says it did: 1 present, 4 verified
	Counter uint32
	Type    string // of the client's data; empty for the right one
	Forge   bool   // sign with another key

	ID     []byte
	Handle []byte
	key    *ecdsa.PrivateKey
}

// New returns a device at a page of a site, which verifies its owner.
func New(origin, site string) *Device {
	return &Device{Origin: origin, Site: site, Flags: 1 | 4}
}

var b64 = base64.RawURLEncoding

type told struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"publicKey"`
}

func (d *Device) client(typ, challenge string) []byte {
	if d.Type != "" {
		typ = d.Type
	}
	b, _ := json.Marshal(map[string]any{"type": typ, "challenge": challenge, "origin": d.Origin, "crossOrigin": false})
	return b
}

func (d *Device) data(more []byte, flags byte) []byte {
	h := sha256.Sum256([]byte(d.Site))
	b := append(h[:], flags)
	d.Counter++
	b = binary.BigEndian.AppendUint32(b, d.Counter)
	return append(b, more...)
}

// Make makes a passkey and returns what the browser's script sends.
func (d *Device) Make(options []byte) ([]byte, error) {
	var t told
	if err := json.Unmarshal(options, &t); err != nil {
		return nil, err
	}
	var err error
	if d.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	d.ID = make([]byte, 32)
	rand.Read(d.ID)
	if d.Handle, err = b64.DecodeString(t.PublicKey.User.ID); err != nil {
		return nil, err
	}
	x, y := make([]byte, 32), make([]byte, 32)
	d.key.X.FillBytes(x)
	d.key.Y.FillBytes(y)
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err != nil {
		return nil, err
	}
	public, err := mode.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: x, -3: y}) // RFC 9053, section 7.1.1
	if err != nil {
		return nil, err
	}
	more := append(make([]byte, 16), 0, byte(len(d.ID)))
	more = append(append(more, d.ID...), public...)
	att, err := mode.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": d.data(more, d.Flags|0x40)})
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"id": b64.EncodeToString(d.ID), "rawId": b64.EncodeToString(d.ID), "type": "public-key",
		"response":               map[string]any{"clientDataJSON": b64.EncodeToString(d.client("webauthn.create", t.PublicKey.Challenge)), "attestationObject": b64.EncodeToString(att), "transports": []string{"internal"}},
		"clientExtensionResults": map[string]any{}})
}

// Show shows the passkey and returns what the browser's script sends.
func (d *Device) Show(options []byte) ([]byte, error) {
	var t told
	if err := json.Unmarshal(options, &t); err != nil {
		return nil, err
	}
	key := d.key
	if key == nil {
		return nil, errors.New("the device has no passkey")
	}
	if d.Forge {
		key, _ = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	client, data := d.client("webauthn.get", t.PublicKey.Challenge), d.data(nil, d.Flags)
	of := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), of[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"id": b64.EncodeToString(d.ID), "rawId": b64.EncodeToString(d.ID), "type": "public-key",
		"response":               map[string]any{"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data), "signature": b64.EncodeToString(sig), "userHandle": b64.EncodeToString(d.Handle)},
		"clientExtensionResults": map[string]any{}})
}
