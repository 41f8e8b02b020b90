package web

import (
	"strconv"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/personal"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// closeView is the page on which a resident closes their account, and what it says once that is done.
type closeView struct {
	accounts.Visit
	Staff      bool
	Fresh      bool
	Done       bool
	Filed      []closedRow    // the receipts that are kept with the account: it no longer keeps them
	Erasable   int            // of how many of these personal values are held
	Represents []account.Firm // that nobody represents afterwards
	Serves     []mandateRow   // mandates that end
	Bar        string         // why it cannot be closed yet, in words
	Asked      []string       // numbers of the requests to erase that were made on the way
	Flaw       flaw
}

// closedRow is one report whose receipt is kept with the account.
type closedRow struct {
	filedRow
	Held bool // personal values of who shows the receipt
}

// showClose tells what closing one's account means.
func (s *server) showClose(q *request) error { return q.closing(200, flaw{}) }

func (q *request) closing(status int, f flaw) error {
	v, err := q.toClose()
	if err != nil {
		return err
	}
	v.Flaw = f
	return q.renderClose(status, v)
}

func (q *request) renderClose(status int, v closeView) error {
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "me_close", v)
}

// toClose gathers what closing ends.
func (q *request) toClose() (v closeView, err error) {
	if v.Visit, err = q.own(); err != nil {
		return v, err
	}
	if v.Staff = v.Account.Sort == account.Staff; v.Staff {
		return v, nil
	}
	v.Fresh = q.s.Accounts.IsFresh(v.Visit)
	if err := q.s.Accounts.MayLeave(q.Context(), v.Visit); err != nil {
		f, ok := q.flaw(err)
		if !ok {
			return v, err
		}
		v.Bar = f.Says
	}
	if err := q.firmsToLeave(&v); err != nil {
		return v, err
	}
	return v, q.filedToLeave(&v)
}

func (q *request) firmsToLeave(v *closeView) error {
	if q.s.Firms == nil {
		return nil
	}
	represents, serves, err := q.s.Firms.Of(q.Context(), v.Person)
	if err != nil {
		return err
	}
	v.Represents = represents
	for _, f := range serves {
		for _, m := range f.Mandates {
			if row := (mandateRow{f, m, q.s.Desk.Now()}); m.Agent == v.Person && m.Ended == 0 && row.Now < m.Until {
				v.Serves = append(v.Serves, row)
			}
		}
	}
	return nil
}

// filedToLeave finds the reports whose receipts are kept, and of which of them personal values are held that their person may want erased: a firm's are the firm's.
func (q *request) filedToLeave(v *closeView) error {
	if q.s.Ways == nil {
		return nil
	}
	receipts, err := q.s.Ways.Receipts(q.Context(), v.Visit)
	if err != nil {
		return err
	}
	for _, r := range receipts {
		p, err := q.s.Doors.Follow(q.Context(), q.follower(), r)
		if k := fault.KindOf(err); k == fault.ErrNotFound || k == fault.ErrDenied {
			continue
		} else if err != nil {
			return err
		}
		row := closedRow{filedRow: filedRow{r, p}}
		if row.Held, err = q.holdsOwn(&row); err != nil {
			return err
		}
		if row.Held {
			v.Erasable++
		}
		v.Filed = append(v.Filed, row)
	}
	return nil
}

func (q *request) holdsOwn(row *closedRow) (bool, error) {
	if row.Followed {
		return false, nil
	}
	if _, err := q.s.Doors.OfFirm(q.Context(), q.follower(), row.Matter); err == nil {
		return false, nil
	} else if fault.KindOf(err) != fault.ErrNotFound {
		return false, err
	}
	about, err := q.s.Persons.About(q.Context(), row.Matter, false)
	return len(about.Values) > 0, err
}

// closeMe closes the account of who is signed in, once they have confirmed it, and asks for what is held of them to be erased if they want that too. The requests come first: the receipts by
// which their matters are found go with the account, and what came of each stands at its receipt.
func (s *server) closeMe(q *request) error {
	v, err := q.toClose()
	if err != nil {
		return err
	}
	switch {
	case v.Staff:
		err = fault.Refuse(fault.ErrDenied, "staff-account-stays", "")
	case !v.Fresh:
		return q.proveAgain()
	case q.PostFormValue("sure") == "":
		err = fault.Refuse(fault.ErrInvalid, "leave-unsure", "sure")
	default:
		err = s.Accounts.MayLeave(q.Context(), v.Visit)
	}
	if err == nil && q.PostFormValue("erase") != "" {
		err = q.askErasing(&v)
	}
	if err == nil {
		err = s.Accounts.Leave(q.Context(), v.Visit)
	}
	if f, ok := q.flaw(err); ok {
		return q.closing(422, f)
	} else if err != nil {
		return err
	}
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	if err := q.leave(); err != nil {
		return err
	}
	v.Done, q.Who, q.visit = true, desk.Nobody, nil
	q.Who.Lang = q.Lang
	return q.renderClose(200, v)
}

// askErasing asks for what is held of the account's person to be erased, matter by matter; the same form again asks once.
func (q *request) askErasing(v *closeView) error {
	command := q.sentCommand()
	for i, row := range v.Filed {
		if !row.Held {
			continue
		}
		number, err := q.s.Persons.Ask(q.Context(), personal.Wish{Command: command + "-" + strconv.Itoa(i), What: "erase", Subject: string(row.Matter), About: row.Number, Text: q.Says("close.wish")})
		if err != nil {
			return err
		}
		v.Asked = append(v.Asked, number)
	}
	return nil
}
