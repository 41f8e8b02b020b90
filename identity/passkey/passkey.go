// Package passkey enrols and recognises passkeys 通行密钥: key pairs that a device keeps for one site and uses only after its
// owner has shown it who they are (WebAuthn level 3).
//
// [New] is the site. [Site.Enrol] and [Site.Enrolled] are the two halves of taking a passkey in, [Site.Ask] and
// [Site.Answered] of recognising one: the first gives what the browser's script is told and what the house remembers, the
// second takes what the script brings back.
//
// It promises that a passkey is taken only with user verification, from this site's own pages, for the challenge that was
// given, and that one whose counter went back is refused as copied. It rests on [github.com/go-webauthn/webauthn/webauthn],
// which draws challenges from the system's own source. It leaves to the caller that a challenge is used once, in time, and by
// the browser that it was given to.
package passkey

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"bihuan/ground/fault"
)

// MaxAnswer is the most bytes of what a script brings back.
const MaxAnswer = 32 << 10

// Site is the site that passkeys are made for. It is safe for many goroutines.
type Site struct{ w *webauthn.WebAuthn }

// New returns the site with an id, the domain of its addresses such as "bihuan.example", the name that devices show, and the
// addresses that its pages may have, such as "https://bihuan.example". It wraps [fault.ErrInvalid].
func New(id, shown string, origins ...string) (*Site, error) {
	w, err := webauthn.New(&webauthn.Config{RPID: id, RPDisplayName: shown, RPOrigins: origins, AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, fmt.Errorf("site %q of passkeys: %w: %w", id, err, fault.ErrInvalid)
	}
	return &Site{w}, nil
}

// Key is a passkey as the house keeps it: what is public of it. It is text, to be handed back as it is.
type Key struct {
	ID   string // as browsers write it: base64url
	Body []byte // JSON
}

// Owner is who a passkey is of.
type Owner struct {
	Handle string // what devices keep to name the owner: an account's id, at most 64 bytes; no name of a person
	Shown  string // what devices show in their list
	Keys   []Key
}

// user is an owner as the library asks for one.
type user struct {
	Owner
	keys []webauthn.Credential
}

func (u user) WebAuthnID() []byte                         { return []byte(u.Handle) }
func (u user) WebAuthnName() string                       { return u.Shown }
func (u user) WebAuthnDisplayName() string                { return u.Shown }
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.keys }

func userOf(o Owner) (user, error) {
	u := user{Owner: o}
	for _, k := range o.Keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Body, &c); err != nil {
			return u, fmt.Errorf("passkey %s as it was kept: %w", k.ID, err)
		}
		u.keys = append(u.keys, c)
	}
	return u, nil
}

// Enrol returns what the owner's browser is told to make a passkey, and what the house remembers until it answers. Devices
// that have one of the owner's passkeys make no second.
func (s *Site) Enrol(o Owner) (told, remembered []byte, err error) {
	u, err := userOf(o)
	if err != nil {
		return nil, nil, err
	}
	options, session, err := s.w.BeginRegistration(u, webauthn.WithExclusions(webauthn.Credentials(u.keys).CredentialDescriptors()))
	if err != nil {
		return nil, nil, err
	}
	return both(options, session)
}

// Enrolled returns the passkey that a browser has made. It wraps [fault.ErrDenied] for what does not fit.
func (s *Site) Enrolled(o Owner, remembered, answer []byte) (Key, error) {
	u, err := userOf(o)
	if err != nil {
		return Key{}, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(remembered, &session); err != nil {
		return Key{}, fmt.Errorf("what was remembered of a passkey: %w", err)
	}
	if len(answer) > MaxAnswer {
		return Key{}, refused()
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Key{}, refused()
	}
	c, err := s.w.CreateCredential(u, session, parsed)
	if err != nil {
		return Key{}, refused()
	}
	return keyOf(c)
}

// Ask returns what a browser is told to show a passkey, whosever it is, and what the house remembers until it answers.
func (s *Site) Ask() (told, remembered []byte, err error) {
	options, session, err := s.w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, err
	}
	return both(options, session)
}

// Answered returns whose passkey a browser has shown, with the passkey as it is to be kept from now on. find is asked for the
// owner with a handle; an error of it that is of a kind of [fault] but not found is returned. It wraps [fault.ErrDenied] for
// what does not fit.
func (s *Site) Answered(remembered, answer []byte, find func(handle string) (Owner, error)) (Owner, Key, error) {
	var session webauthn.SessionData
	if err := json.Unmarshal(remembered, &session); err != nil {
		return Owner{}, Key{}, fmt.Errorf("what was remembered of a passkey: %w", err)
	}
	if len(answer) > MaxAnswer {
		return Owner{}, Key{}, refused()
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Owner{}, Key{}, refused()
	}
	var found error
	who, c, err := s.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		o, err := find(string(handle))
		if err == nil {
			var u user
			if u, err = userOf(o); err == nil {
				return u, nil
			}
		}
		found = err
		return nil, err
	}, session, parsed)
	switch {
	case found != nil && !errors.Is(found, fault.ErrNotFound):
		return Owner{}, Key{}, found
	case err != nil:
		return Owner{}, Key{}, refused()
	case c.Authenticator.CloneWarning:
		return Owner{}, Key{}, fault.Refuse(fault.ErrDenied, "passkey-copied", "")
	}
	k, err := keyOf(c)
	return who.(user).Owner, k, err
}

func both(options, session any) (told, remembered []byte, err error) {
	if told, err = json.Marshal(options); err == nil {
		remembered, err = json.Marshal(session)
	}
	return told, remembered, err
}

func keyOf(c *webauthn.Credential) (Key, error) {
	c.Attestation = webauthn.CredentialAttestation{} // who made the device is nothing to us
	b, err := json.Marshal(c)
	return Key{ID: protocol.URLEncodedBase64(c.ID).String(), Body: b}, err
}

func refused() error { return fault.Refuse(fault.ErrDenied, "passkey-refused", "") }
