package web

import (
	"slices"
	"strconv"
	"strings"

	"bihuan/desk/doors"
	"bihuan/desk/keys"
)

// keysView is the keys of programs and sensors.
type keysView struct {
	Keys      []keyShown
	Audiences []doors.Audience
	Order     keys.Order
	Made      *keyMade
	Flaw      flaw
	Done      string // the name of a key that was just ended
	Held      []heldShown
}

// heldShown is a key or a secret of the house's own as it stands.
type heldShown struct {
	keys.Held
	State keys.State
}

// keyShown is a key as it stands.
type keyShown struct {
	keys.Key
	Over, Soon bool  // its time is over; it has to be replaced
	Used       int64 // µs, when it opened a door last since the server started; 0 if it has not
}

// keyMade is a key that was just made, with its secret, which is shown this once.
type keyMade struct{ Name, Secret string }

// Asked reports whether a new key is to open the doors of an audience.
func (v keysView) Asked(a doors.Audience) bool { return slices.Contains(v.Order.For, a) }

// MostDays is how long a key lives at most, in days.
func (keysView) MostDays() int { return keys.MostDays }

// showKeys shows every key that was issued.
func (s *server) showKeys(q *request) error { return s.renderKeys(q, 200, keysView{}) }

func (s *server) renderKeys(q *request, status int, v keysView) error {
	all, err := s.Keys.List(q.Context(), q.Who)
	if err != nil {
		return err
	}
	now := s.Desk.Now()
	for _, k := range all {
		v.Keys = append(v.Keys, keyShown{k, k.HasEnded(now), k.EndsSoon(now), s.Keys.Used(k.ID)})
		if k.Revoked != 0 && string(k.ID) == q.Asked("ended") {
			v.Done = k.Name
		}
	}
	if s.Held != nil {
		all, at, err := s.Held()
		if err != nil {
			return err
		}
		for i := range all {
			v.Held = append(v.Held, heldShown{all[i], all[i].At(at)})
		}
	}
	v.Audiences = []doors.Audience{doors.Programs, doors.Sensors}
	q.w.Header().Set("Cache-Control", "no-store") // a secret may be on it
	return q.render(status, "admin_keys", v)
}

// makeKey issues a key. Its page is the only one that ever shows the secret: it is answered at once, without a second address that
// would bring it back.
func (s *server) makeKey(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	o := keys.Order{Name: q.FormValue("name")}
	if said := strings.TrimSpace(q.FormValue("days")); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil || n < 1 {
			n = -1 // which no key lives
		}
		o.Days = n
	}
	for _, a := range q.Form["for"] {
		o.For = append(o.For, doors.Audience(a))
	}
	k, secret, err := s.Keys.Issue(q.Context(), q.Who, o)
	if f, ok := q.flaw(err); ok {
		return s.renderKeys(q, 422, keysView{Order: o, Flaw: f})
	}
	if err != nil {
		return err
	}
	return s.renderKeys(q, 200, keysView{Made: &keyMade{k.Name, secret}})
}

// endKey revokes a key, with the reason.
func (s *server) endKey(q *request) error {
	id := q.id()
	_, err := s.Keys.Revoke(q.Context(), q.Who, id, q.FormValue("reason"))
	if f, ok := q.flaw(err); ok {
		return s.renderKeys(q, 422, keysView{Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/admin/keys?ended=" + string(id))
}
