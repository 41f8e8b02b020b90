package web

import (
	"errors"

	"bihuan/desk/personal"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// heldData is everything that is held of who is signed in, as they take it away.
type heldData struct {
	*personal.Mine
	Account *accountData `json:"account,omitempty"`
}

// accountData is what an account itself holds of its person: by what they sign in, where they are, for whom they act, and where notices reach them.
type accountData struct {
	Key      name.Person   `json:"key"`
	Login    string        `json:"login,omitempty"`
	Made     int64         `json:"made"` // µs, as all times here
	Seen     int64         `json:"signed-in-last,omitempty"`
	Ways     []wayData     `json:"ways"`
	Sessions []sessionData `json:"sessions"`
	Firms    []firmData    `json:"firms"`
	Mail     string        `json:"mail,omitempty"` // for notices, of whoever works here
	Phone    string        `json:"phone,omitempty"`
}

type wayData struct {
	Kind  string `json:"kind"`
	Label string `json:"label,omitempty"` // of a number or mailbox what is kept of it besides its hash
	Added int64  `json:"since"`
}

type sessionData struct {
	Device string `json:"device"`
	Opened int64  `json:"opened"`
	Seen   int64  `json:"seen"`
}

// firmData is a firm that somebody represents, or for which they have or had a mandate.
type firmData struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Represents bool     `json:"represents"`
	Kinds      []string `json:"kinds,omitempty"` // of matter
	From       int64    `json:"from,omitempty"`
	Until      int64    `json:"until,omitempty"`
	Ended      int64    `json:"ended,omitempty"` // revoked before its time
}

// account gathers what the account of who is signed in holds of them; nil for somebody without one.
func (q *request) account() (*accountData, error) {
	if q.visit == nil || q.s.Accounts == nil {
		return nil, nil
	}
	a := q.visit.Account
	d := &accountData{Key: q.visit.Person, Login: a.Login, Made: a.Made, Seen: a.Seen, Ways: []wayData{}, Sessions: []sessionData{}, Firms: []firmData{}}
	for _, f := range a.Factors {
		d.Ways = append(d.Ways, wayData{string(f.Kind), f.Label, f.Added})
	}
	sessions, err := q.s.Accounts.Sessions(q.Context(), *q.visit)
	if err != nil {
		return nil, err
	}
	for _, s := range sessions {
		d.Sessions = append(d.Sessions, sessionData{s.Device, s.Opened, s.Seen})
	}
	if err := q.firmsHeld(d); err != nil {
		return nil, err
	}
	if q.s.Notices == nil {
		return d, nil
	}
	reach, err := q.s.Notices.Reach(q.Context(), q.visit.Caller)
	if err != nil && !errors.Is(err, fault.ErrDenied) { // whoever has no inbox
		return nil, err
	}
	d.Mail, d.Phone = reach.Mail, reach.Phone
	return d, nil
}

func (q *request) firmsHeld(d *accountData) error {
	if q.s.Firms == nil {
		return nil
	}
	represents, serves, err := q.s.Firms.Of(q.Context(), d.Key)
	for _, f := range represents {
		d.Firms = append(d.Firms, firmData{Code: string(f.Code), Name: f.Name, Represents: true, From: f.Since})
	}
	for _, f := range serves {
		for _, m := range f.Mandates {
			if m.Agent == d.Key {
				d.Firms = append(d.Firms, firmData{Code: string(f.Code), Name: f.Name, Kinds: m.Kinds, From: m.From, Until: m.Until, Ended: m.Ended})
			}
		}
	}
	return err
}
