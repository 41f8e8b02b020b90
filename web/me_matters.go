package web

import (
	"bihuan/desk/doors"
	"bihuan/ground/fault"
)

// mineView is what a resident has filed, or keeps the receipt of.
type mineView struct {
	Matters []filedRow
	Flaw    flaw
}

// filedRow is one report whose receipt is kept with the account.
type filedRow struct {
	Receipt string
	doors.Progress
}

func (s *server) showMyMatters(q *request) error { return q.myMatters(200, flaw{}) }

func (q *request) myMatters(status int, f flaw) error {
	ways, err := q.s.ways()
	if err != nil {
		return err
	}
	me, err := q.own()
	if err != nil {
		return err
	}
	receipts, err := ways.Receipts(q.Context(), me)
	if err != nil {
		return err
	}
	v := mineView{Flaw: f}
	for _, r := range receipts {
		p, err := q.s.Doors.Follow(q.Context(), q.follower(), r)
		if k := fault.KindOf(err); k == fault.ErrNotFound || k == fault.ErrDenied { // denied: of a firm for which they act no longer
			continue
		} else if err != nil {
			return err
		}
		v.Matters = append(v.Matters, filedRow{r, p})
	}
	return q.render(status, "me_matters", v)
}

// keepReceipt puts a report with one's own matters, by its receipt.
func (s *server) keepReceipt(q *request) error {
	ways, err := s.ways()
	if err != nil {
		return err
	}
	me, err := q.own()
	if err != nil {
		return err
	}
	typed, err := doors.ReadReceipt(q.PostFormValue("receipt"))
	if err == nil {
		_, err = s.Doors.Follow(q.Context(), q.follower(), typed)
	}
	if err == nil {
		err = ways.KeepReceipt(q.Context(), me, typed)
	}
	switch {
	case err == nil:
		return q.redirect("/me/matters")
	case fault.KindOf(err) == nil:
		return err
	}
	return q.myMatters(422, flaw{"receipt", q.Says("mine.unknown")})
}
