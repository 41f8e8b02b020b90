package web

import (
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// firmMattersView is what was filed in a firm's name.
type firmMattersView struct {
	Firm    account.Firm
	Matters []doors.Progress
	Next    string
}

// showFirmMatters lists what was filed for a firm to whoever acts for it now, as far as their mandate goes.
func (s *server) showFirmMatters(q *request) error {
	me, err := q.firmsOwn()
	if err != nil {
		return err
	}
	firm, page, err := s.Firms.Filed(q.Context(), me, q.Asked("code"), q.Asked("cursor"))
	if err != nil {
		return err
	}
	v := firmMattersView{Firm: firm, Next: page.Next}
	for _, row := range page.Rows {
		p, err := s.Doors.OfFirm(q.Context(), q.follower(), row.Stream)
		if k := fault.KindOf(err); k == fault.ErrNotFound || k == fault.ErrDenied { // a mandate that ended just now
			continue
		} else if err != nil {
			return err
		}
		v.Matters = append(v.Matters, p)
	}
	return q.render(200, "firm_matters", v)
}
