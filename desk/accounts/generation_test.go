package accounts_test

import (
	"strings"
	"testing"

	. "bihuan/desk/accounts"
	"bihuan/ground/password"
	"bihuan/kernel/account"
)

// TestAPasswordMovesUnderTheNewKeyAtTheNextSignIn: what is under an older key goes on holding, is renewed by whoever signs in and by nobody who is
// wrong, and says which key it needs where that is not held.
func TestAPasswordMovesUnderTheNewKeyAtTheNextSignIn(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112", "p118")
	ctx := t.Context()
	of := func(login string) uint32 {
		t.Helper()
		c, err := r.Store.CredentialBy(ctx, r.desk.District(), "login", login)
		r.must(err)
		kept, err := r.Store.Credentials(ctx, r.desk.District(), c.Owner, "password")
		r.must(err)
		v, _ := r.VerifierIn(&kept[0])
		g, err := password.GenerationOf(v)
		r.must(err)
		return g
	}
	first := r.Keys[0]
	later := Key{Generation: 1, Secret: []byte("another key of accounts for tests")}
	r.must(r.Take([]Key{later, first}))
	if n, err := r.Reseal(ctx); err != nil || n != 4 {
		t.Errorf("%d seeds and verifiers were sealed anew, %v", n, err)
	}
	if n, err := r.Reseal(ctx); err != nil || n != 0 {
		t.Errorf("%d seeds were sealed anew the second time, %v", n, err)
	}
	if got := says(r.try("p112", "wrong-Wrong-1", r.code("p112"), "192.0.2.7:1")); got != "sign-in-refused" || of("p112") != 0 {
		t.Errorf("%s; a wrong password was renewed: %d", got, of("p112"))
	}
	r.must(r.try("p112", good, r.code("p112"), "192.0.2.7:1"))
	if of("p112") != 1 || of("p118") != 0 {
		t.Errorf("under generations %d and %d, want 1 and 0", of("p112"), of("p118"))
	}
	counts, err := r.Hanging(ctx)
	if err != nil || counts[1] != 2 || counts[0] != 2 {
		t.Errorf("hanging %v, %v", counts, err)
	}
	r.must(r.Take([]Key{later}))
	if err := r.try("p118", good, r.code("p118"), "192.0.2.8:1"); err == nil || !strings.Contains(err.Error(), "generation 0") {
		t.Errorf("without the key that it needs: %v", err)
	}
	for _, bad := range [][]Key{nil, {{Secret: []byte("short")}}, {first, first}} {
		if r.Take(bad) == nil {
			t.Errorf("%d keys are taken", len(bad))
		}
	}
}

// TestWhatHasANameKeepsIt: a way of proving and a natural person that are known under an older key keep their hash, new ones are under the new key.
func TestWhatHasANameKeepsIt(t *testing.T) {
	r := stand(t, cheap, Limits{})
	r.people("p112")
	ctx := t.Context()
	first := r.Keys[0]
	id, err := r.FactorID(ctx, account.Passkey, "device")
	r.must(err)
	r.must(r.Store.PutCredential(ctx, r.desk.District(), account.Credential{Owner: r.desk.NewID(), Kind: string(account.Passkey), ID: id, Body: []byte{1}}))
	code, err := r.FactorID(ctx, account.OneTimeCode, "number", "123456")
	r.must(err)
	r.must(r.Take([]Key{{Generation: 1, Secret: []byte("another key of accounts for tests")}, first}))
	if again, err := r.FactorID(ctx, account.Passkey, "device"); err != nil || again != id {
		t.Errorf("%s, then %s, %v", id, again, err)
	}
	if other, err := r.FactorID(ctx, account.Passkey, "another"); err != nil || !strings.HasPrefix(other, "1.") {
		t.Errorf("a new one is %s, %v", other, err)
	}
	if !r.Matches(account.OneTimeCode, code, "number", "123456") || r.Matches(account.OneTimeCode, code, "number", "123457") {
		t.Error("a code from before the change is judged wrongly")
	}
}
