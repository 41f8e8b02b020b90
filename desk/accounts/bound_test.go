package accounts_test

import (
	"errors"
	"testing"

	. "bihuan/desk/accounts"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// TestWhatIsMovedInTheDatabaseOpensNothing: with every right over the database, but without the key that stands beside it, a session that one writes opens
// nothing, nor do one's own password and recovery codes under somebody else's account.
func TestWhatIsMovedInTheDatabaseOpensNothing(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112", "p118")
	ctx, log := t.Context(), r.desk.District()
	mine, err := r.ByPerson(ctx, "p112")
	r.must(err)
	theirs, err := r.ByPerson(ctx, "p118")
	r.must(err)

	signed, err := r.SignIn(ctx, Proof{Account: mine.ID, Proven: []account.FactorKind{account.Password, account.TOTP}})
	r.must(err)
	v, err := r.Visit(ctx, signed.Secret, "zh")
	r.must(err)
	secret, _, err := account.Open(ctx, r.Store, r.Chance, account.Session{Account: theirs.ID, Person: "p118", Proved: opened, Ends: opened + 1e12, Idle: 1e12, Strength: 3}, opened)
	r.must(err)
	if _, err := r.Visit(ctx, secret, "zh"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a session that was written into the database opens: %v", err)
	}
	if all, err := account.List(ctx, r.Sittings(), theirs.ID, opened); err != nil || len(all) != 0 {
		t.Errorf("it is listed: %v, %v", all, err)
	}

	codes, err := r.NewRecovery(ctx, v)
	r.must(err)
	other, err := r.SignIn(ctx, Proof{Account: theirs.ID, Proven: []account.FactorKind{account.Password, account.TOTP}})
	r.must(err)
	w, err := r.Visit(ctx, other.Secret, "zh")
	r.must(err)
	_, err = r.NewRecovery(ctx, w)
	r.must(err)
	move := func(kind, id string) {
		t.Helper()
		from, err := r.Store.Credentials(ctx, log, mine.ID, kind)
		r.must(err)
		_, err = r.Store.DropCredentials(ctx, log, mine.ID, kind, "")
		r.must(err)
		for _, c := range from {
			if c.Owner = theirs.ID; id != "" {
				c.ID = id
			}
			r.must(r.Store.PutCredential(ctx, log, c))
		}
	}
	move("recovery", "")
	if got := says(r.try("p118", good, codes[0], "192.0.2.7:1")); got != "sign-in-refused" {
		t.Errorf("with somebody else's recovery code: %s", got)
	}
	kept, err := r.Store.Credentials(ctx, log, theirs.ID, "password")
	r.must(err)
	r.must(r.try("p118", good, r.code("p118"), "192.0.2.7:1"))
	r.now.Add(60e6)
	move("password", kept[0].ID)
	for _, typed := range []string{good, ""} {
		if got := says(r.try("p118", typed, r.code("p118"), "192.0.2.7:1")); got != "sign-in-refused" {
			t.Errorf("with somebody else's password in its place, %q: %s", typed, got)
		}
	}
}

// TestAPasswordOfBeforeIsSealedAtTheNextSignIn: a verifier that stood open goes on holding, and stands sealed once its person has signed in.
func TestAPasswordOfBeforeIsSealedAtTheNextSignIn(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	ctx, log := t.Context(), r.desk.District()
	a, err := r.ByPerson(ctx, "p112")
	r.must(err)
	kept, err := r.Store.Credentials(ctx, log, a.ID, "password")
	r.must(err)
	c := kept[0]
	open, sealed := r.VerifierIn(&c)
	if !sealed {
		t.Fatal("a new one stands open")
	}
	c.Body = open
	r.must(r.Store.PutCredential(ctx, log, c))
	r.must(r.try("p112", good, r.code("p112"), "192.0.2.7:1"))
	kept, err = r.Store.Credentials(ctx, log, a.ID, "password")
	r.must(err)
	if _, sealed := r.VerifierIn(&kept[0]); !sealed {
		t.Error("it stands open after its person has signed in")
	}
}

// TestAnInvitationThatWasMovedOpensNothing: whoever holds one code and every right over the database does not become another administrator by it, nor by an
// invitation that was given for the same account before, or that was to have ended.
func TestAnInvitationThatWasMovedOpensNothing(t *testing.T) {
	r := stand(t, cheap, Limits{})
	ctx, log := t.Context(), r.desk.District()
	all, err := r.First(ctx)
	r.must(err)
	mine, theirs := all[0], all[1]
	kept := func(of Officer) account.Credential {
		t.Helper()
		cs, err := r.Store.Credentials(ctx, log, of.Account.ID, "invitation")
		r.must(err)
		if len(cs) != 1 {
			t.Fatalf("%d invitations", len(cs))
		}
		return cs[0]
	}
	put := func(c account.Credential) {
		t.Helper()
		for _, of := range all[:2] {
			_, err := r.Store.DropCredentials(ctx, log, of.Account.ID, "invitation", "")
			r.must(err)
		}
		r.must(r.Store.PutCredential(ctx, log, c))
	}
	own, other := kept(mine), kept(theirs)
	refused := func(what string) {
		t.Helper()
		if p, err := r.Pending(ctx, mine.Code, "192.0.2.7:1"); says(err) != "invitation-unknown" {
			t.Errorf("%s: opens the account of %s: %v", what, p.Account.Person, err)
		}
	}
	moved := own
	moved.Owner = theirs.Account.ID
	put(moved)
	refused("moved to another account")
	moved.Body = other.Body
	put(moved)
	refused("with what was kept of the other's")
	longer := own
	longer.Until += 1e12
	put(longer)
	refused("made to last longer")
	put(own)
	if p, err := r.Pending(ctx, mine.Code, "192.0.2.7:1"); err != nil || p.Account.ID != mine.Account.ID {
		t.Errorf("as it was: %v", err)
	}
	r.forward(73 * 60 * 60 * 1e9)
	again, err := r.First(ctx)
	r.must(err)
	own.Until = again[0].Account.Until
	put(own)
	refused("an earlier one that is put back")
}
