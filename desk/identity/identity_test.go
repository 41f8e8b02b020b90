package identity_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	. "bihuan/desk/identity"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/password"
	"bihuan/identity/passkey"
	"bihuan/identity/provider"
	"bihuan/internal/district"
	"bihuan/internal/oidctest"
	"bihuan/internal/passkeytest"
	"bihuan/kernel/account"
	"bihuan/kernel/notice"
	"bihuan/pack"
	"bihuan/packs"
)

const back = "http://localhost:9/signin/with/office/back"

// house is the ways into a district that has nothing but its packs.
type house struct {
	*Room
	*district.District
	t      *testing.T
	people *accounts.Room
	op     *oidctest.Server
	said   string   // the code that was sent last
	told   []string // of the security log
	fails  error    // of what is sent
}

// Send is that of [notice.Sender].
func (h *house) Send(_ context.Context, _ notice.Address, _ string, text name.Text) error {
	h.said = regexp.MustCompile(`\d{6}`).FindString(text.ZH)
	return h.fails
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func stand(t *testing.T) *house {
	t.Helper()
	day := calendar.Instant(time.Now().UnixMicro()).Date()
	h := &house{t: t, District: district.New(t, day)}
	t.Cleanup(func() { h.Verify(t, accounts.Keep) })
	policy, err := pack.ReadPolicy(packs.FS)
	h.must(err)
	profile, err := password.ParseProfile("asvs")
	h.must(err)
	h.people, err = accounts.New(accounts.Config{Failed: func(_ name.Person, _, code string) { h.told = append(h.told, code) }, Desk: h.Desk, Store: h.Store, Policy: policy, Chance: func(b []byte) { rand.Read(b) }, Profile: profile,
		Keys: []accounts.Key{{Secret: []byte("a key of accounts for tests only")}}, Cost: password.Cost{Time: 1, Memory: 64}, Vouched: true})
	h.must(err)
	h.op = oidctest.Start(t, "bihuan-"+t.Name(), back)
	p, err := provider.New(provider.Config{Key: "office", Issuer: h.op.Issuer, Client: h.op.Client, Secret: func() (string, error) { return oidctest.Secret, nil }, Redirect: back,
		HTTP: &http.Client{Timeout: 5 * time.Second}, Now: time.Now})
	h.must(err)
	site, err := passkey.New("localhost", "闭环", "http://localhost:9")
	h.must(err)
	h.Room = New(Config{Accounts: h.people, Store: h.Store, Sender: h, Passkeys: site, House: "http://localhost:9",
		Providers: []Provider{{Provider: p, Words: name.Text{ZH: "政务统一身份认证", EN: "Office"}}}})
	return h
}

// visit has a person of the directory signed in.
func (h *house) visit(p name.Person) accounts.Visit {
	h.t.Helper()
	h.must(h.people.Import(h.t.Context(), []accounts.Newcomer{{Person: p, Roles: h.Desk.Directory().Person(p).Roles, Natural: string(p)}}))
	s, err := h.people.ActAs(h.t.Context(), p)
	h.must(err)
	v, err := h.people.Visit(h.t.Context(), s.Secret, "zh")
	h.must(err)
	return v
}

func (h *house) refused(what string, err error, code string) {
	h.t.Helper()
	var r *fault.Refusal
	if !errors.As(err, &r) || r.Code != code {
		h.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

const here = "192.0.2.1:1"

func TestACodeIsForOneBrowserAndOneUse(t *testing.T) {
	h, ctx := stand(t), t.Context()
	secret, err := h.SendCode(ctx, "+86 138 0000 5678", "/me/matters", here, "zh")
	h.must(err)
	code := h.said
	_, err = h.SendCode(ctx, "13800005678", "/", here, "zh")
	if _, busy := errors.AsType[*doors.Busy](err); !busy {
		t.Errorf("a second code within a minute, the number written otherwise: %v", err)
	}
	other := "0000000000000000000000000000000000000000000000000000000000000000"
	_, err = h.AnswerCode(ctx, other, code, here, "")
	h.refused("the code in a browser that did not ask", err, "question-over")
	_, err = h.AnswerCode(ctx, secret, "12345", here, "")
	h.refused("a wrong code", err, "sent-code-wrong")
	o, err := h.AnswerCode(ctx, secret, code, here, "")
	h.must(err)
	if o.To != "/me/matters" || !slices.Equal(o.Proof.Proven, []account.FactorKind{account.OneTimeCode}) {
		t.Errorf("led to %+v", o)
	}
	_, err = h.AnswerCode(ctx, secret, code, here, "")
	h.refused("the code a second time", err, "question-over")
	a, err := h.people.Account(ctx, o.Proof.Account)
	h.must(err)
	if a.Sort != account.Resident || a.Factors[0].Label != "手机 138****" {
		t.Errorf("became %+v", a)
	}
}

// elsewhere goes to the provider and comes back as its first user.
func (h *house) elsewhere(v *accounts.Visit) (Outcome, error) {
	h.t.Helper()
	to, secret, err := h.BeginProvider(h.t.Context(), "office", v, "/desk", here)
	h.must(err)
	return h.FinishProvider(h.t.Context(), "office", secret, h.op.Login(h.t, to, 1).Query(), v, here, "")
}

// TestAdministratorsLinkAnIdentity: what the system administrator proposes opens nothing before the security administrator, another
// person, has approved it; and everything stands in the log without the subject.
func TestAdministratorsLinkAnIdentity(t *testing.T) {
	h, ctx := stand(t), t.Context()
	li := h.visit("p112")
	dir := h.Desk.Directory()
	officer := func(role name.Role) desk.Caller {
		for _, p := range dir.Persons {
			if slices.Contains(p.Roles, role) {
				return h.visit(p.Key).Caller
			}
		}
		t.Fatal("no ", role)
		return desk.Caller{}
	}
	sys, sec := officer("sysadmin"), officer("secadmin")
	id := li.Account.ID
	_, err := h.elsewhere(nil)
	h.refused("an identity that nobody linked", err, "provider-unlinked")
	h.refused("somebody else proposes", h.ProposeLink(ctx, li.Caller, id, "office", "id1", "入职"), "no-grant")
	h.refused("an unreadable subject", h.ProposeLink(ctx, sys, id, "office", "张 三", "入职"), "subject-unreadable")
	h.refused("an unknown provider", h.ProposeLink(ctx, sys, id, "bank", "id1", "入职"), "no-such-option")
	h.refused("without a reason", h.ProposeLink(ctx, sys, id, "office", "id1", ""), "reason-missing")
	h.must(h.ProposeLink(ctx, sys, id, "office", "id1", "入职"))
	h.refused("for another account as well", h.ProposeLink(ctx, sys, h.visit("p114").Account.ID, "office", "id1", "入职"), "linked-elsewhere")
	a, err := h.people.Account(ctx, id)
	h.must(err)
	if len(a.Proposed) != 1 {
		t.Fatalf("proposed %+v", a.Proposed)
	}
	factor := a.Proposed[0].Factor.ID
	_, err = h.elsewhere(nil)
	h.refused("what was only proposed", err, "provider-unlinked")
	h.refused("the one who proposed approves", h.people.ApproveLink(ctx, sys, id, factor, "同意"), "no-grant")
	h.must(h.people.ApproveLink(ctx, sec, id, factor, "同意"))
	o, err := h.elsewhere(nil)
	h.must(err)
	if o.Proof.Account != id {
		t.Errorf("signed in as %s, want %s", o.Proof.Account, id)
	}
	_, err = h.people.SignIn(ctx, o.Proof)
	h.refused("a provider that asked for one factor only", err, "factors-missing")
	events, err := h.Store.Events(ctx, id, 0)
	h.must(err)
	for _, e := range events {
		if slices.Contains([]string{account.TypeLinkProposed, account.TypeLinkApproved}, e.Type) && (e.Reason == "" || regexp.MustCompile(`"id1"`).Match(e.Body)) {
			t.Errorf("the log says %s %q %s", e.Type, e.Reason, e.Body)
		}
	}
}

// TestADroppedProposalIsForgotten: the subject can be linked by its own person afterwards.
func TestADroppedProposalIsForgotten(t *testing.T) {
	h, ctx := stand(t), t.Context()
	li, sys, sec := h.visit("p112"), h.visit("p118").Caller, h.visit("p119").Caller
	h.must(h.ProposeLink(ctx, sys, h.visit("p114").Account.ID, "office", "id1", "入职"))
	_, err := h.elsewhere(&li)
	h.refused("while it is proposed for another", err, "linked-elsewhere")
	wrong, err := h.people.ByPerson(ctx, "p114")
	h.must(err)
	h.must(h.people.DropLink(ctx, sec, wrong.ID, wrong.Proposed[0].Factor.ID, "填错了人"))
	if o, err := h.elsewhere(&li); err != nil || !o.Added {
		t.Errorf("linked by its person: %+v, %v", o, err)
	}
}

// TestAProviderOfResidentsOpensNoAccountOfStaff: neither by an identity that its person has linked, however many factors it says that it has seen, nor is one linked there; staff are not offered it.
func TestAProviderOfResidentsOpensNoAccountOfStaff(t *testing.T) {
	h, ctx := stand(t), t.Context()
	li := h.visit("p112")
	if o, err := h.elsewhere(&li); err != nil || !o.Added {
		t.Fatalf("linked at the provider of the office: %+v, %v", o, err)
	}
	if o, err := h.elsewhere(nil); err != nil || o.Proof.Account != li.Account.ID || len(h.ProvidersFor(&li.Account)) != 1 {
		t.Fatalf("signed in there: %+v, %v", o, err)
	}
	h.Providers[0].Residents = true
	_, err := h.elsewhere(nil)
	h.refused("the same identity where residents sign in", err, "provider-residents")
	_, _, err = h.BeginProvider(ctx, "office", &li, "/me/ways", here)
	h.refused("to be linked where residents sign in", err, "provider-residents")
	if all := h.ProvidersFor(&li.Account); len(all) != 0 {
		t.Errorf("staff are offered %v", all)
	}
	resident := account.Account{Sort: account.Resident}
	if len(h.ProvidersFor(&resident)) != 1 {
		t.Error("residents are not offered theirs")
	}
}

// TestAPasskeyIsItsOwners: it signs its owner in, proves nothing for anybody else, and a copy whose counter went back is refused.
func TestAPasskeyIsItsOwners(t *testing.T) {
	h, ctx := stand(t), t.Context()
	li, wang := h.visit("p112"), h.visit("p114")
	d := passkeytest.New("http://localhost:9", "localhost")
	told, secret, err := h.EnrolPasskey(ctx, li)
	h.must(err)
	made, err := d.Make(told)
	h.must(err)
	h.refused("an answer to what somebody else asked", h.AnswerEnrolment(ctx, wang, secret, made, ""), "question-over")
	told, secret, err = h.EnrolPasskey(ctx, li)
	h.must(err)
	made, err = d.Make(told)
	h.must(err)
	h.must(h.AnswerEnrolment(ctx, li, secret, made, "手机"))
	show := func(v *accounts.Visit) (Outcome, error) {
		told, secret, err := h.AskPasskey(ctx, here)
		h.must(err)
		shown, err := d.Show(told)
		h.must(err)
		return h.AnswerPasskey(ctx, secret, shown, v, here, "")
	}
	o, err := show(nil)
	h.must(err)
	if o.Proof.Account != li.Account.ID {
		t.Errorf("signed in as %s", o.Proof.Account)
	}
	_, err = show(&wang)
	h.refused("a fresh proof for somebody else", err, "passkey-refused")
	if _, err = show(&li); err != nil {
		t.Errorf("a fresh proof for its owner: %v", err)
	}
	h.people.Profile = password.Dengbao3
	if _, _, err := h.AskPasskey(ctx, here); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("in the other profile: %v", err)
	}
}

// TestCodesByPhoneOnly: a house that does not take mailboxes for proof sends no code to one, and says so; numbers get theirs.
func TestCodesByPhoneOnly(t *testing.T) {
	h := stand(t)
	h.ByPhone = true
	for _, mail := range []string{"li@example.cn", " LI@EXAMPLE.CN ", "13800005678@example.cn"} {
		h.said = ""
		_, err := h.SendCode(t.Context(), mail, "/", here, "zh")
		h.refused(mail, err, "number-phone-only")
		if h.said != "" {
			t.Errorf("%s was sent a code", mail)
		}
	}
	secret, err := h.SendCode(t.Context(), "13800005678", "/", here, "zh")
	h.must(err)
	if _, err := h.AnswerCode(t.Context(), secret, h.said, here, ""); err != nil {
		t.Error(err)
	}
}

// TestAMailboxThatIsNotThereIsAnsweredAlike: what a mail server refuses for good is answered like what it takes, and the security log is told; a server that is away is told of.
func TestAMailboxThatIsNotThereIsAnsweredAlike(t *testing.T) {
	h, ctx := stand(t), t.Context()
	h.fails = fmt.Errorf("no such user: %w", fault.ErrInvalid)
	secret, err := h.SendCode(ctx, "nobody@example.cn", "/", here, "zh")
	if err != nil || len(secret) != 64 || !slices.Contains(h.told, "code-undelivered") {
		t.Errorf("refused for good: %q, %v, told %v", secret, err, h.told)
	}
	if _, err := h.AnswerCode(ctx, secret, "x", here, ""); err == nil {
		t.Error("signed in")
	}
	h.fails = fmt.Errorf("away: %w", fault.ErrUnavailable)
	if _, err := h.SendCode(ctx, "somebody@example.cn", "/", here, "zh"); !errors.Is(err, fault.ErrUnavailable) {
		t.Errorf("a server that is away: %v", err)
	}
}

// TestCodesByMailOnly: a house without a way to mobile numbers says so, and counts no code against the number.
func TestCodesByMailOnly(t *testing.T) {
	h := stand(t)
	h.ByMail = true
	_, err := h.SendCode(t.Context(), "13800005678", "/", here, "zh")
	h.refused("a number", err, "number-mail-only")
	if _, err := h.SendCode(t.Context(), "li@example.cn", "/", here, "zh"); err != nil || h.said == "" {
		t.Errorf("a mailbox: %v", err)
	}
}

// TestAClosedAccountIsReplayed: the event says that its own person closed it and nothing else, the row is what the log makes of it, and nobody is known by the number any more.
func TestAClosedAccountIsReplayed(t *testing.T) {
	h, ctx := stand(t), t.Context()
	come := func() accounts.Visit {
		t.Helper()
		secret, err := h.SendCode(ctx, "13800005678", "/", here, "zh")
		h.must(err)
		o, err := h.AnswerCode(ctx, secret, h.said, here, "")
		h.must(err)
		s, err := h.people.SignIn(ctx, o.Proof)
		h.must(err)
		v, err := h.people.Visit(ctx, s.Secret, "zh")
		h.must(err)
		return v
	}
	v := come()
	h.must(h.KeepReceipt(ctx, v, "a receipt"))
	h.must(h.people.MayLeave(ctx, v))
	h.must(h.people.Leave(ctx, v))
	events, err := h.Store.Events(ctx, v.Account.ID, 0)
	h.must(err)
	if last := events[len(events)-1]; last.Type != account.TypeClosed || last.Actor.Person != v.Person || string(last.Body) != "{}" {
		t.Errorf("%s by %s: %s", last.Type, last.Actor.Person, last.Body)
	}
	if (accounts.Standing{Room: h.people}).Works(v.Person) {
		t.Error("whoever closed their account can still sign in")
	}
	if _, err := h.people.ByPerson(ctx, v.Person); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("still found: %v", err)
	}
	if err := h.people.Leave(ctx, v); fault.KindOf(err) != fault.ErrConflict {
		t.Errorf("twice: %v", err)
	}
}
