package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/identity/certificate"
	"bihuan/kernel/account"
)

// MaxAnswer is the most bytes of an answer with a certificate.
const MaxAnswer = certificate.MaxAnswer

// AskCertificate returns a text to be signed with the key of a certificate, and the secret that its answer has to bring. v is
// whoever is signed in and wants to add a certificate, nil for a sign-in.
func (r *Room) AskCertificate(ctx context.Context, v *accounts.Visit, address string) (text, secret string, err error) {
	if r.Trust == nil {
		return "", "", fmt.Errorf("certificates: %w", fault.ErrNotFound)
	}
	if err := r.Accounts.Admit(address); err != nil {
		return "", "", err
	}
	purpose := "sign-in 登录"
	if v != nil {
		if err := r.Accounts.FreshProof(*v); err != nil {
			return "", "", err
		}
		purpose = "add-certificate 登记证书 " + string(v.Account.ID)
	}
	var chance [16]byte
	r.Accounts.Chance(chance[:])
	until := time.UnixMicro(r.Accounts.Desk.Now() + span).UTC().Format(time.RFC3339)
	text = fmt.Sprintf("bihuan challenge 1\nhouse: %s %s\npurpose: %s\nonce: %x\nuntil: %s", r.Accounts.Desk.District(), r.House, purpose, chance, until)
	secret, err = r.ask(ctx, askCertificate, v, text)
	return text, secret, err
}

// AnswerCertificate takes what somebody has signed. The question is over, whatever the answer is worth.
func (r *Room) AnswerCertificate(ctx context.Context, secret string, answer []byte, v *accounts.Visit, address, device string) (Outcome, error) {
	if r.Trust == nil {
		return Outcome{}, fmt.Errorf("certificates: %w", fault.ErrNotFound)
	}
	if err := r.Accounts.Admit(address); err != nil {
		return Outcome{}, err
	}
	var text string
	if err := r.answered(ctx, askCertificate, secret, v, &text); err != nil {
		return Outcome{}, err
	}
	h, err := r.holder(text, answer)
	if err != nil {
		return Outcome{}, r.wrong(address, err)
	}
	id, err := r.Accounts.FactorID(ctx, account.Certificate, h.Fingerprint)
	if err != nil {
		return Outcome{}, err
	}
	f := account.Factor{ID: id, Kind: account.Certificate, Label: clip(h.Issuer + " " + tail(h.Serial))}
	if v != nil {
		return Outcome{Added: true}, r.add(ctx, v, f, []byte(h.Fingerprint+" "+h.Name))
	}
	a, _, err := r.Accounts.Holder(ctx, account.Certificate, f.ID)
	if errors.Is(err, fault.ErrNotFound) {
		err = r.wrong(address, fault.Refuse(fault.ErrDenied, "certificate-unlinked", ""))
	}
	return Outcome{Proof: accounts.Proof{Account: a.ID, Proven: []account.FactorKind{account.Certificate}, Device: device}}, err
}

// breaks are how editors write the text down: it says the same with a line break at its end, and with those of Windows.
var breaks = []struct{ between, end string }{{"\n", ""}, {"\n", "\n"}, {"\r\n", ""}, {"\r\n", "\r\n"}}

// holder holds an answer against the certificates that are believed now.
func (r *Room) holder(text string, answer []byte) (h certificate.Holder, err error) {
	a, err := certificate.ParseAnswer(answer)
	if err != nil {
		return certificate.Holder{}, err
	}
	trust, err := r.Trust()
	if err != nil {
		return certificate.Holder{}, err
	}
	for _, b := range breaks {
		if h, err = trust.Check([]byte(strings.ReplaceAll(text, "\n", b.between)+b.end), a, time.UnixMicro(r.Accounts.Desk.Now())); err == nil {
			break
		}
	}
	return h, err
}

// tail is the end of a serial number, by which a person tells certificates apart.
func tail(serial string) string { return serial[max(0, len(serial)-8):] }
