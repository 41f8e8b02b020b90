package identity

import (
	"context"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// maxSubject is the most characters of a subject: OpenID Connect Core 1.0 (2023, with errata 2), section 2.
const maxSubject = 255

// ProposeLink has an administrator say which subject of a provider of staff is the person of an account. It opens nothing before the
// security administrator has approved it, see [accounts.Room.ApproveLink].
func (r *Room) ProposeLink(ctx context.Context, who desk.Caller, id name.ID, provider, subject, reason string) error {
	p, err := r.Provider(provider)
	if err != nil || p.Residents {
		return fault.Refuse(fault.ErrInvalid, "no-such-option", "provider")
	}
	if subject = strings.TrimSpace(subject); subject == "" || len(subject) > maxSubject || strings.ContainsFunc(subject, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return fault.Refuse(fault.ErrInvalid, "subject-unreadable", "subject")
	}
	known, err := r.Accounts.FactorID(ctx, account.OIDC, p.Issuer(), subject)
	if err != nil {
		return err
	}
	f := account.Factor{ID: known, Kind: account.OIDC, Label: clip(p.Words.ZH)}
	return r.Accounts.ProposeLink(ctx, who, id, f, []byte(p.Issuer()+" "+subject), reason)
}

// StaffProviders are the providers by which staff sign in.
func (r *Room) StaffProviders() (all []Provider) {
	for _, p := range r.Providers {
		if !p.Residents {
			all = append(all, p)
		}
	}
	return all
}
