// Package identity is the other ways in: the word of a provider elsewhere, a certificate, a passkey, a code that was sent.
// Each asks something and remembers it for minutes (Begin…, Ask…, Send…), and takes one answer to it (Finish…, Answer…),
// which becomes a proof for [accounts.Room.SignIn], or one more way of proving for whoever is signed in already.
//
// It promises that every question is answered once, in time, and by the browser that was given its secret; that a number that
// somebody has and one that nobody has are answered alike; and that residents become an account by their first proof while
// staff never do. What a proof is worth is kernel/account's; the protocols are those of the rooms under identity/.
package identity

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/identity/certificate"
	"bihuan/identity/passkey"
	"bihuan/identity/provider"
	"bihuan/kernel/account"
	"bihuan/kernel/notice"
)

// Config is what a room needs. A way that is nil is not offered.
type Config struct {
	Accounts  *accounts.Room
	Store     account.Challenges
	Providers []Provider
	// Trust reads which certificates are believed, anew each time: lists of revoked ones are replaced while the house runs.
	Trust    func() (*certificate.Trust, error)
	Passkeys *passkey.Site
	Sender   notice.Sender // of codes
	ByPhone  bool          // codes are sent to mobile numbers only, not to mailboxes
	ByMail   bool          // codes are sent to mailboxes only, since there is no way to a mobile number
	House    string        // the address of the house, which stands in the text that certificates sign
}

// Provider is a provider with its place on the page.
type Provider struct {
	*provider.Provider
	Words     name.Text
	Residents bool // whoever it recognises becomes a resident's account; otherwise only who is linked gets in
}

// Room is the other ways into one house. It is safe for many goroutines.
type Room struct {
	Config
	budget *budget
}

// New returns a room.
func New(c Config) *Room { return &Room{c, newBudget()} }

const minute = int64(time.Minute / time.Microsecond)

// span is how long a question waits for its answer: ten minutes, as ASVS 5.0 6.5.5 asks of codes; for all of them alike.
const span = 10 * minute

// Kinds of question.
const (
	askProvider    = "provider"
	askCertificate = "certificate"
	askPasskey     = "passkey"
	askEnrolment   = "enrolment"
	askCode        = "code"
)

// Outcome is what an answer led to.
type Outcome struct {
	Proof accounts.Proof // of whom to sign in; zero where Added
	Added bool           // one more way of proving for whoever is signed in
	To    string         // where the person wanted to go
}

// ask remembers a question and returns the secret that its answer has to bring.
func (r *Room) ask(ctx context.Context, kind string, v *accounts.Visit, body any) (secret string, err error) {
	b, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	var chance [32]byte
	r.Accounts.Chance(chance[:])
	secret = hex.EncodeToString(chance[:])
	now := r.Accounts.Desk.Now()
	c := account.Challenge{Kind: kind, ID: idOf(secret), Body: b, Until: now + span}
	if v != nil {
		c.Owner = v.Account.ID
	}
	return secret, r.Store.PutChallenge(ctx, r.Accounts.Desk.District(), c, now)
}

// answered ends the question of a secret and reads what was remembered. One that whoever is signed in did not ask, or that
// somebody else asked, is not theirs to answer.
func (r *Room) answered(ctx context.Context, kind, secret string, v *accounts.Visit, body any) error {
	if len(secret) != 64 {
		return over()
	}
	c, err := r.Store.TakeChallenge(ctx, r.Accounts.Desk.District(), kind, idOf(secret), r.Accounts.Desk.Now())
	if errors.Is(err, fault.ErrNotFound) {
		return over()
	} else if err != nil {
		return err
	}
	if c.Owner != "" && (v == nil || v.Account.ID != c.Owner) || c.Owner == "" && v != nil {
		return over()
	}
	return json.Unmarshal(c.Body, body)
}

// over is the refusal of an answer to a question that nobody asked, that was answered, or that waited too long.
func over() error { return fault.Refuse(fault.ErrDenied, "question-over", "") }

func idOf(secret string) string {
	h := ledger.SM3.New()
	h.Write([]byte(secret))
	return hex.EncodeToString(h.Sum(nil))
}

// add gives whoever is signed in one more way of proving who they are.
func (r *Room) add(ctx context.Context, v *accounts.Visit, f account.Factor, value []byte) error {
	c := account.Credential{Kind: string(f.Kind), ID: f.ID, Body: r.Accounts.SealFor(v.Account.ID, string(f.Kind), value)}
	err := r.Accounts.AddFactor(ctx, *v, f, c)
	if errors.Is(err, fault.ErrConflict) && !errors.As(err, new(*fault.Refusal)) {
		return fault.Refuse(fault.ErrConflict, "linked-elsewhere", "")
	}
	return err
}

// Provider returns the provider with a key. It wraps [fault.ErrNotFound].
func (r *Room) Provider(key string) (Provider, error) {
	for _, p := range r.Providers {
		if p.Key() == key {
			return p, nil
		}
	}
	return Provider{}, fmt.Errorf("provider %q: %w", key, fault.ErrNotFound)
}

// isFor reports whether a provider may say who the person of an account is. One of residents is not asked about staff, whatever it says of how many factors it has seen: who works here is known by a
// provider that was set up for it.
func (p *Provider) isFor(a *account.Account) bool { return !p.Residents || a.Sort != account.Staff }

// ProvidersFor are those that whoever is signed in may link with their account.
func (r *Room) ProvidersFor(a *account.Account) (all []Provider) {
	for _, p := range r.Providers {
		if p.isFor(a) {
			all = append(all, p)
		}
	}
	return all
}

// flow is what is remembered of a sign-in elsewhere.
type flow struct {
	Key string `json:"key"`
	provider.Flow
	To string `json:"to"`
}

// BeginProvider returns where to send the browser, and the secret that it has to bring back. v is whoever is signed in and wants to
// link an identity, nil for a sign-in; to is where they want to go afterwards.
func (r *Room) BeginProvider(ctx context.Context, key string, v *accounts.Visit, to, address string) (addr, secret string, err error) {
	p, err := r.Provider(key)
	if err == nil {
		err = r.Accounts.Admit(address)
	}
	if err == nil && v != nil {
		err = r.Accounts.FreshProof(*v)
	}
	if err == nil && v != nil && !p.isFor(&v.Account) {
		err = fault.Refuse(fault.ErrDenied, "provider-residents", "")
	}
	if err != nil {
		return "", "", err
	}
	f := flow{key, provider.NewFlow(r.Accounts.Chance), to}
	f.Again = v != nil
	if addr, err = p.Begin(ctx, f.Flow); err != nil {
		return "", "", err
	}
	secret, err = r.ask(ctx, askProvider, v, f)
	return addr, secret, err
}

// FinishProvider takes what the browser came back with from a provider.
func (r *Room) FinishProvider(ctx context.Context, key, secret string, back map[string][]string, v *accounts.Visit, address, device string) (Outcome, error) {
	p, err := r.Provider(key)
	if err == nil {
		err = r.Accounts.Admit(address)
	}
	if err != nil {
		return Outcome{}, err
	}
	var f flow
	if err := r.answered(ctx, askProvider, secret, v, &f); err != nil {
		return Outcome{}, err
	}
	if f.Key != key { // another provider's answer (mix-up)
		return Outcome{}, r.wrong(address, over())
	}
	who, err := p.Finish(ctx, f.Flow, back)
	if err != nil {
		return Outcome{}, r.wrong(address, err)
	}
	id, err := r.Accounts.FactorID(ctx, account.OIDC, who.Issuer, who.Subject)
	if err != nil {
		return Outcome{}, err
	}
	factor := account.Factor{ID: id, Kind: account.OIDC, Label: clip(p.Words.ZH)}
	kept := []byte(who.Issuer + " " + who.Subject)
	if v != nil {
		return Outcome{Added: true, To: f.To}, r.add(ctx, v, factor, kept)
	}
	a, _, err := r.Accounts.Holder(ctx, account.OIDC, factor.ID)
	switch {
	case err == nil && !p.isFor(&a):
		err = r.wrong(address, fault.Refuse(fault.ErrDenied, "provider-residents", ""))
	case errors.Is(err, fault.ErrNotFound) && p.Residents:
		a, err = r.Accounts.Newcome(ctx, factor, kept)
	case errors.Is(err, fault.ErrNotFound):
		err = fault.Refuse(fault.ErrDenied, "provider-unlinked", "")
	}
	proven := account.OIDC
	if who.Strong {
		proven = account.OIDCStrong
	}
	return Outcome{Proof: accounts.Proof{Account: a.ID, Proven: []account.FactorKind{proven}, Device: device}, To: f.To}, err
}

// wrong counts a refusal against its network and returns it as it is.
func (r *Room) wrong(address string, err error) error {
	if errors.Is(err, fault.ErrDenied) {
		_ = r.Accounts.Wrong(address) // counted; its words are of passwords
	}
	return err
}

// clip cuts words to what a factor may be called.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40])
	}
	return s
}
