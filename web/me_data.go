package web

import (
	"errors"
	"net/http"
	"strings"

	"bihuan/desk/doors"
	"bihuan/desk/personal"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// wishes are what somebody may ask about the data that is held of them, in the order of the form.
var wishes = []string{"copy", "correct", "erase", "restrict", "withdraw", "explain"}

// dataView is a person's own page: what is held, who looked, what was asked.
type dataView struct {
	Mine    *personal.Mine  // of who is signed in
	Kept    []matterData    // of the receipts that are kept with their account
	Account *accountData    // of who is signed in, as far as their account itself holds something
	Of      *personal.About // of the receipt's matter
	Receipt string
	Clear   bool // the person proved who they are: values stand in full
	Wishes  []string
	Asked   string // the number of the request just made
	Flaw    flaw
	Form    map[string]string
}

// matterData is one matter of the page.
type matterData struct {
	personal.About
	Receipt string // by which it is shown in full; empty for one that is
}

// Matters are the matters of the page, one or more.
func (v *dataView) Matters() (all []matterData) {
	if v.Of != nil {
		return []matterData{{About: *v.Of}}
	}
	if v.Mine != nil {
		for _, a := range v.Mine.Matters {
			all = append(all, matterData{About: a})
		}
	}
	return append(all, v.Kept...)
}

// mine is the page of who is signed in. What they filed at a door is found by the receipts that are kept with their account, since the log does not say who filed it; a receipt can be somebody else's, so
// its values are masked here and in full on its own page.
func (q *request) mine() (*dataView, error) {
	m, err := q.s.Persons.Mine(q.Context(), q.Who, true)
	v := &dataView{Mine: &m, Clear: true, Wishes: wishes}
	if err == nil {
		v.Account, err = q.account()
	}
	if err != nil || q.s.Ways == nil || q.visit == nil {
		return v, err
	}
	receipts, err := q.s.Ways.Receipts(q.Context(), *q.visit)
	if err != nil {
		return v, err
	}
	for _, r := range receipts {
		id, err := q.s.ownMatter(q, r)
		if k := fault.KindOf(err); k == fault.ErrNotFound || k == fault.ErrDenied {
			continue // followed only, or of a firm for which they act no longer
		} else if err != nil {
			return v, err
		}
		a, err := q.s.Persons.About(q.Context(), id, false)
		if err != nil {
			return v, err
		}
		v.Kept = append(v.Kept, matterData{a, r})
	}
	return v, nil
}

// showMyData is the page of who is signed in; somebody else is asked for a receipt.
func (s *server) showMyData(q *request) error {
	v := &dataView{Wishes: wishes}
	if !q.Who.IsNobody() {
		var err error
		if v, err = q.mine(); err != nil {
			return err
		}
	}
	v.Asked = requestNumber(q.Asked("asked"))
	return q.renderData(200, v)
}

// requestNumber keeps an address from writing anything but a number on the page.
func requestNumber(s string) string {
	if len(s) > 40 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
		return ""
	}
	return s
}

func (q *request) renderData(status int, v *dataView) error {
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "me_data", v)
}

// exportMyData hands out what is held of who is signed in.
func (s *server) exportMyData(q *request) error {
	if q.Who.IsNobody() {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	v, err := q.mine()
	if err != nil {
		return err
	}
	for _, k := range v.Kept {
		v.Mine.Matters = append(v.Mine.Matters, k.About)
	}
	return q.takeAway("my-data.json", heldData{v.Mine, v.Account})
}

// takeAway answers with JSON that is kept.
func (q *request) takeAway(called string, v any) error {
	b, err := personal.Export(v)
	if err != nil {
		return err
	}
	return q.bytes(journal.File{Name: called, Media: "application/json; charset=utf-8", Bytes: b})
}

// SaidText is what somebody wrote or chose, in words.
func (q *request) SaidText(f personal.Said) string { return q.valueText(f.Field, f.Value) }

// askMyData opens a request of who is signed in.
func (s *server) askMyData(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	if q.Who.IsNobody() {
		return denied(q.Who)
	}
	w := wishOf(q)
	w.Subject, w.Asker = string(q.Who.Person), q.personName(q.Who.Person)
	number, err := s.Persons.Ask(q.Context(), w)
	if err == nil {
		return q.redirect("/me/data?asked=" + number)
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v, err := q.mine()
	if err != nil {
		return err
	}
	v.Flaw, v.Form = f, map[string]string{"what": w.What, "wish": w.Text}
	return q.renderData(422, v)
}

func wishOf(q *request) personal.Wish {
	get := func(key string) string { return strings.TrimSpace(q.FormValue(key)) }
	return personal.Wish{Command: q.sentCommand(), What: get("what"), Text: get("wish"), Asker: get("asker"), Phone: get("phone")}
}

// showReceiptData is the page of a receipt's matter. Values are masked: whoever finds a receipt learns nothing of its owner.
func (s *server) showReceiptData(q *request) error {
	v, err := s.receiptData(q, false)
	if err != nil {
		return err
	}
	v.Asked = requestNumber(q.Asked("asked"))
	return q.renderData(200, v)
}

func (s *server) receiptData(q *request, clear bool) (*dataView, error) {
	receipt := q.PathValue("receipt")
	id, err := s.ownMatter(q, receipt)
	if err != nil {
		return nil, err
	}
	a, err := s.Persons.About(q.Context(), id, clear)
	if err != nil {
		return nil, err
	}
	return &dataView{Of: &a, Receipt: receipt, Clear: clear, Wishes: wishes}, nil
}

// ownMatter is the matter that a receipt's owner reported, not one that they follow.
func (s *server) ownMatter(q *request, receipt string) (name.ID, error) {
	p, err := s.Doors.Follow(q.Context(), q.follower(), receipt)
	if err != nil {
		return "", err
	}
	if p.Followed {
		return "", fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	return p.Matter, nil
}

// useReceiptData shows everything in full or hands it out, to whoever also knows what was left with the report, or opens a request.
func (s *server) useReceiptData(q *request) error {
	if err := s.Doors.Admit(q.entrance()); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v, err := s.receiptData(q, false)
	if err != nil {
		return err
	}
	if q.FormValue("do") == "ask" {
		return s.askByReceipt(q, v)
	}
	ok, err := s.Doors.Prove(v.Of.Matter, func() (bool, error) { return s.Persons.Proves(q.Context(), v.Of.Matter, q.FormValue("proof")) })
	if busy, is := errors.AsType[*doors.Busy](err); is {
		v.Flaw, _ = q.flaw(err)
		q.w.Header().Set("Retry-After", itoa(busy.Seconds()))
		return q.renderData(http.StatusTooManyRequests, v)
	} else if err != nil {
		return err
	}
	if !ok {
		v.Flaw = flaw{"proof", q.Says("data.no-proof")}
		return q.renderData(422, v)
	}
	if v, err = s.receiptData(q, true); err != nil {
		return err
	}
	if q.FormValue("do") == "export" {
		return q.takeAway("data-"+v.Of.Number+".json", v.Of)
	}
	return q.renderData(200, v)
}

// askByReceipt opens a request about the receipt's matter.
func (s *server) askByReceipt(q *request, v *dataView) error {
	w := wishOf(q)
	w.Subject, w.About = string(v.Of.Matter), v.Of.Number
	number, err := s.Persons.Ask(q.Context(), w)
	if err == nil {
		return q.redirect("/receipts/" + v.Receipt + "/data?asked=" + number)
	}
	f, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw, v.Form = f, map[string]string{"what": w.What, "wish": w.Text, "asker": w.Asker, "phone": w.Phone}
	return q.renderData(422, v)
}
