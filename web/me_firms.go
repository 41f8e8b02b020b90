package web

import (
	"net/http"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/codelist"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// The cookie in which a browser keeps for which firm somebody acts: a choice, which each request holds against the firm's
// mandates.
const (
	plainFirm  = "bihuan-firm"
	secureFirm = "__Host-bihuan-firm"
)

func (s *server) firmName() string {
	if s.Secure {
		return secureFirm
	}
	return plainFirm
}

// filer is who reports at a door: anybody as nobody, and whoever acts for a firm in its name, within their mandate.
func (q *request) filer() (desk.Caller, error) {
	who, _, err := q.acting()
	if err != nil || who.For == "" && who.Kinds == nil {
		return desk.Nobody, err
	}
	return who, nil
}

// follower is who shows a receipt: whoever is signed in, since a firm's receipts open to those alone who act for it.
func (q *request) follower() desk.Caller {
	if q.visit == nil {
		return desk.Nobody
	}
	return q.visit.Caller
}

// acting is whoever is signed in as they act for the firm that they chose, with its name.
func (q *request) acting() (desk.Caller, string, error) {
	c, err := q.Cookie(q.s.firmName())
	if err != nil || q.s.Firms == nil || q.visit == nil {
		return q.Who, "", nil
	}
	return q.s.Firms.Acting(q.Context(), q.visit.Caller, c.Value)
}

// Firm is the code of the firm that the browser keeps as the one to act for, whether its person still may or not; empty for oneself. The form of a report carries it: see otherHands.
func (q *request) Firm() string {
	c, err := q.Cookie(q.s.firmName())
	if err != nil || q.s.Firms == nil || q.visit == nil {
		return ""
	}
	return c.Value
}

// ActsForFirm is the name of the firm that whoever is signed in acts for, empty for themselves.
func (q *request) ActsForFirm() string {
	_, firm, err := q.acting()
	if err != nil {
		return ""
	}
	return firm
}

// forgetFirm has the browser forget for which firm somebody acts.
func (q *request) forgetFirm() {
	if _, err := q.Cookie(q.s.firmName()); err == nil {
		http.SetCookie(q.w, &http.Cookie{Name: q.s.firmName(), Path: "/", HttpOnly: true, Secure: q.s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	}
}

// firmsView is the page of the firms for which somebody acts.
type firmsView struct {
	Person     name.Person
	Acting     string // the name of the firm, empty for oneself
	Represents []account.Firm
	Serves     []mandateRow
	Flaw       flaw
}

// mandateRow is a mandate with its firm.
type mandateRow struct {
	Firm account.Firm
	account.Mandate
	Now int64
}

// Holds reports whether the mandate is in force.
func (m mandateRow) Holds() bool { return m.InForce(m.Now) }

// showFirms shows for whom one may act.
func (s *server) showFirms(q *request) error {
	me, err := q.firmsOwn()
	if err != nil {
		return err
	}
	v := firmsView{Person: me}
	if _, v.Acting, err = q.acting(); err != nil {
		return err
	}
	if v.Acting == "" { // nothing, or a firm for which they act no longer: they are themselves again
		q.forgetFirm()
	}
	represents, serves, err := s.Firms.Of(q.Context(), me)
	if err != nil {
		return err
	}
	v.Represents = represents
	for _, f := range serves {
		for _, m := range f.Mandates {
			if m.Agent == me {
				v.Serves = append(v.Serves, mandateRow{f, m, s.Desk.Now()})
			}
		}
	}
	return q.render(200, "me_firms", v)
}

// firmsOwn is whoever is signed in, for the pages of firms.
func (q *request) firmsOwn() (name.Person, error) {
	me, err := q.own()
	if err == nil && q.s.Firms == nil {
		err = fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	return me.Person, err
}

// chooseFirm remembers for whom one acts from now on; a firm that is not one's own is as absent.
func (s *server) chooseFirm(q *request) error {
	me, err := q.firmsOwn()
	if err != nil {
		return err
	}
	cookie := &http.Cookie{Name: s.firmName(), Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1}
	if code := q.PostFormValue("code"); code != "" {
		f, err := s.Firms.Firm(q.Context(), code)
		if err == nil && !f.ActsFor(me, s.Desk.Now()) {
			err = fault.Refuse(fault.ErrNotFound, "not-found", "")
		}
		if err != nil {
			return err
		}
		cookie.Value, cookie.MaxAge = string(f.Code), 0
	}
	http.SetCookie(q.w, cookie)
	return q.redirect("/me/firms")
}

// agentsView is the page on which a representative gives and revokes mandates.
type agentsView struct {
	Firm     account.Firm
	Mandates []mandateRow
	Kinds    []kindChoice
	Flaw     flaw
}

type kindChoice struct {
	Ref   string
	Words name.Text
}

// showAgents shows a firm's mandates to its representative.
func (s *server) showAgents(q *request) error { return q.agents(200, q.Asked("code"), flaw{}) }

func (q *request) agents(status int, code string, f flaw) error {
	me, err := q.firmsOwn()
	if err != nil {
		return err
	}
	firm, err := q.s.Firms.Firm(q.Context(), code)
	if err == nil && firm.Representative != me {
		err = fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	if err != nil {
		return err
	}
	v := agentsView{Firm: firm, Flaw: f}
	for _, m := range firm.Mandates {
		v.Mandates = append(v.Mandates, mandateRow{firm, m, q.s.Desk.Now()})
	}
	for _, ref := range q.s.Firms.Kinds() {
		if k, ok := q.s.Desk.Packs().Kind(ref); ok {
			v.Kinds = append(v.Kinds, kindChoice{ref, k.Words})
		}
	}
	return q.render(status, "firm_agents", v)
}

// changeAgents gives or revokes a mandate.
func (s *server) changeAgents(q *request) error {
	if _, err := q.firmsOwn(); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	ctx, code := q.Context(), q.PostFormValue("code")
	var err error
	if id := q.PostFormValue("revoke"); id != "" {
		err = s.Firms.Revoke(ctx, q.visit.Caller, code, id)
	} else {
		err = q.giveMandate(code)
	}
	if f, ok := q.flaw(err); ok && fault.KindOf(err) != fault.ErrNotFound {
		return q.agents(422, code, f)
	} else if err != nil {
		return err
	}
	if q.PostFormValue("back") != "" {
		return q.redirect("/me/firms")
	}
	return q.redirect("/firm/agents?code=" + code)
}

func (q *request) giveMandate(code string) error {
	day, err := calendar.ParseDate(q.PostFormValue("until"))
	if err != nil {
		return fault.Refuse(fault.ErrInvalid, "mandate-span", "until")
	}
	w := account.FirmChange{Person: name.Person(q.PostFormValue("agent")), Kinds: q.PostForm["kind"], Until: int64(day.At(24 * 60))}
	return q.s.Firms.Give(q.Context(), q.visit.Caller, code, w, q.PostFormValue("why"))
}

// registerFirmView is the page on which one says who represents a firm, and another confirms it.
type registerFirmView struct {
	Flaw    flaw
	Typed   account.FirmChange
	Waiting []account.Firm
	Done    bool
}

// Until is when a claim that waits lapses, in µs.
func (registerFirmView) Until(c account.Claim) int64 { return c.At + account.MaxProposal }

// MayConfirm reports whether the caller may confirm a claim.
func (q *request) MayConfirm(c account.Claim) bool {
	return q.May("firm.confirm", "person") && !q.s.Desk.IsSame(q.Who.Person, c.By.Person) && !q.s.Desk.IsSame(q.Who.Person, c.Person)
}

func (s *server) showRegisterFirm(q *request) error {
	return q.registerFirm(200, registerFirmView{Done: q.Asked("done") != ""})
}

func (q *request) registerFirm(status int, v registerFirmView) (err error) {
	if q.s.Firms == nil {
		return noSuchPage()
	}
	if v.Waiting, err = q.s.Firms.Waiting(q.Context(), q.Who); err != nil {
		return err
	}
	return q.render(status, "admin_firms", v)
}

// askFirm says who represents a firm.
func (s *server) askFirm(q *request) error {
	if _, err := q.firmsOwn(); err != nil {
		return err
	}
	w := account.FirmChange{Code: codelist.CreditCode(q.PostFormValue("code")), Name: q.PostFormValue("name"), Person: name.Person(q.PostFormValue("person"))}
	err := s.Firms.Ask(q.Context(), q.Who, w, q.PostFormValue("why"))
	if f, ok := q.flaw(err); ok && fault.KindOf(err) != fault.ErrDenied {
		return q.registerFirm(422, registerFirmView{Flaw: f, Typed: w})
	} else if err != nil {
		return err
	}
	return q.redirect("/admin/firms?done=yes")
}

// decideFirm confirms or refuses what was said, or takes it back.
func (s *server) decideFirm(q *request) (err error) {
	if _, err := q.firmsOwn(); err != nil {
		return err
	}
	code, of := q.PostFormValue("code"), int64(atoi(q.PostFormValue("of")))
	if q.PostFormValue("do") == "confirm" {
		err = s.Firms.Confirm(q.Context(), q.Who, code, of)
	} else {
		err = s.Firms.Refuse(q.Context(), q.Who, code, of, q.PostFormValue("reason"))
	}
	if f, ok := q.flaw(err); ok && fault.KindOf(err) != fault.ErrDenied {
		return q.registerFirm(422, registerFirmView{Flaw: f})
	} else if err != nil {
		return err
	}
	return q.redirect("/admin/firms")
}
