package identity

import (
	"context"
	"slices"

	"bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// credReceipt is what of a report is kept with an account: its receipt, sealed.
const credReceipt = "receipt"

// maxReceipts is how many receipts an account keeps. Ours.
const maxReceipts = 100

// KeepReceipt keeps a receipt with the account of whoever is signed in: what they filed, or what they were given the receipt of. It
// stands beside the log, and goes with the account.
func (r *Room) KeepReceipt(ctx context.Context, v accounts.Visit, receipt string) error {
	log, id := r.Accounts.Desk.District(), v.Account.ID
	all, err := r.Accounts.Store.Credentials(ctx, log, id, credReceipt)
	if err == nil && len(all) >= maxReceipts {
		err = fault.Refuse(fault.ErrInvalid, "too-many-receipts", "receipt")
	}
	if err != nil {
		return err
	}
	kept, err := r.Accounts.FactorID(ctx, credReceipt, string(id), receipt)
	if err != nil {
		return err
	}
	return r.Accounts.Store.PutCredential(ctx, log, account.Credential{Owner: id, Kind: credReceipt, ID: kept,
		Body: r.Accounts.SealFor(id, credReceipt, []byte(receipt)), Used: r.Accounts.Desk.Now()})
}

// Receipts returns the receipts that are kept with an account, the latest first.
func (r *Room) Receipts(ctx context.Context, v accounts.Visit) (all []string, err error) {
	kept, err := r.Accounts.Store.Credentials(ctx, r.Accounts.Desk.District(), v.Account.ID, credReceipt)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(kept, func(a, b account.Credential) int { return int(min(max(b.Used-a.Used, -1), 1)) })
	for _, c := range kept {
		b, err := r.Accounts.OpenFor(v.Account.ID, credReceipt, c.Body)
		if err != nil {
			return nil, err
		}
		all = append(all, string(b))
	}
	return all, nil
}
