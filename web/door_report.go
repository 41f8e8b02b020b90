package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// doorView is the page on which anybody reports something: what, where, photos, and if they like, who they are.
type doorView struct {
	Doors     []doorChoice
	Door      name.Text
	Help      name.Text
	Asks      doorAsks
	Groups    []serviceGroup
	Suggested []doors.Suggestion // what the words may mean, likeliest first
	Demands   []string           // where the words ask for several things: each of them
	Near      []nearView         // what was reported already and may be the same
	Filing    doors.Filing
	sent      string   // the receipt that the form brought
	Staged    []upload // photos that came before and wait for the rest
	Flaw      flaw
	Pin       pinView
}

// doorAsks says what the door has a field for: what it has none for is not asked, as it would be kept nowhere.
type doorAsks struct{ Address, Place, Name, Phone bool }

// Who reports whether the door asks who reports.
func (a doorAsks) Who() bool { return a.Name || a.Phone }

// doorChoice is one of the doors that people may report at.
type doorChoice struct {
	Key   string
	Words name.Text
	On    bool
}

// serviceGroup is the services of one group, for the list to choose from.
type serviceGroup struct {
	Words    name.Text
	Services []doors.Service
}

// showDoor shows the empty form.
func (s *server) showDoor(q *request) error {
	v := doorView{Filing: doors.Filing{Receipt: doors.NewReceipt(random), Door: q.door(), Text: q.Asked("text")}}
	return s.renderDoor(q, 200, &v)
}

func (s *server) renderDoor(q *request, status int, v *doorView) (err error) {
	if err := s.services(q, v); err != nil {
		return err
	}
	if v.Pin, err = q.pin(v.Filing.Place); err != nil {
		return err
	}
	if v.Staged, err = s.Doors.Staged(q.Context(), v.Filing.Receipt); err != nil {
		return err
	}
	return q.render(status, "door_report", v)
}

// services gathers what can be reported, by group.
func (s *server) services(q *request, v *doorView) error {
	all, err := s.Doors.Services(q.Context(), doors.People)
	if err != nil {
		return err
	}
	for _, d := range s.Doors.Doors(doors.People) {
		on := d.Key == v.Filing.Door
		if on {
			v.Door, v.Help = d.Words, d.Help
			v.Asks = doorAsks{Address: d.Says.Address != "", Place: d.Says.Place != "", Name: d.Says.Name != "", Phone: d.Says.Phone != ""}
		}
		v.Doors = append(v.Doors, doorChoice{d.Key, d.Words, on})
	}
	for _, one := range all {
		if one.Door.Key != v.Filing.Door {
			continue
		}
		i := slices.IndexFunc(v.Groups, func(g serviceGroup) bool { return g.Words == one.Group })
		if i < 0 {
			i = len(v.Groups)
			v.Groups = append(v.Groups, serviceGroup{Words: one.Group})
		}
		v.Groups[i].Services = append(v.Groups[i].Services, one)
	}
	return nil
}

// door is the door that the address or the form names, the first of people's otherwise; empty where there is none.
func (q *request) door() string {
	all := q.s.Doors.Doors(doors.People)
	for _, d := range all {
		if d.Key == q.FormValue("door") {
			return d.Key
		}
	}
	if len(all) == 0 {
		return ""
	}
	return all[0].Key
}

// hintDoor answers while somebody writes a report: the services that the words may mean.
func (s *server) hintDoor(q *request) error {
	if err := s.Doors.AdmitTyping(q.entrance()); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v := doorView{Filing: doors.Filing{Door: q.door(), Service: q.FormValue("service"), Text: clipText(strings.TrimSpace(q.FormValue("text")), doors.MaxText)}}
	if err := s.suggest(q, &v); err != nil {
		return err
	}
	if err := s.services(q, &v); err != nil {
		return err
	}
	return q.renderPart("door_report", "door-classes", &v)
}

// clipText cuts a text to a number of characters.
func clipText(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// suggest proposes what the words may mean.
func (s *server) suggest(q *request, v *doorView) (err error) {
	if v.Filing.Text == "" {
		return nil
	}
	if v.Suggested, err = s.Doors.Suggest(q.Context(), doors.People, v.Filing.Door, v.Filing.Text, mostSuggested); err != nil {
		return err
	}
	if pieces := doors.Demands(v.Filing.Text); len(pieces) > 1 {
		v.Demands = pieces
	}
	return nil
}

// entrance is who stands at the public door.
func (q *request) entrance() doors.Entrance {
	return doors.Entrance{Address: doors.Address(q.RemoteAddr)}
}

// random fills b with chance for a receipt.
func random(b []byte) { rand.Read(b) } // cannot fail

// mostSuggested is how many services the page proposes.
const mostSuggested = 4

// fileReport takes the form. Without a class it proposes what the words may mean, and files only what somebody chose.
func (s *server) fileReport(q *request) error {
	if err := s.Doors.Admit(q.entrance()); err != nil {
		return s.tooOften(q, err)
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v := doorView{Filing: q.filing()}
	v.sent = v.Filing.Receipt
	if of := q.FormValue("follow"); of != "" {
		if err := s.Doors.FollowInstead(q.Context(), doors.People, v.Filing, name.ID(of)); err != nil {
			return err
		}
		return q.redirect("/receipts/" + url.PathEscape(v.Filing.Receipt) + "?new=yes")
	}
	err := s.takeReport(q, &v)
	if err == nil {
		s.stage(q, v.sent, nil)
		return q.redirect("/receipts/" + v.Filing.Receipt + "?new=yes")
	}
	flaw, ok := q.flaw(err)
	if !ok {
		return err
	}
	v.Flaw = flaw
	s.stage(q, v.sent, v.Filing.Photos)
	return s.renderDoor(q, 422, &v)
}

// longestAgain is up to how many bytes a form is read for somebody who comes too often: words, no photos.
const longestAgain = 64 << 10

// tooOften shows the form again with what was typed, if that is short: many people share one address, and none of them is to lose their words.
func (s *server) tooOften(q *request, err error) error {
	busy, ok := errors.AsType[*doors.Busy](err)
	if !ok || q.ContentLength < 0 || q.ContentLength > longestAgain || q.parseForm() != nil {
		return err
	}
	v := doorView{Filing: q.filing()}
	v.Flaw, _ = q.flaw(err)
	q.w.Header().Set("Retry-After", itoa(busy.Seconds()))
	return s.renderDoor(q, http.StatusTooManyRequests, &v)
}

// stage keeps photos for the next sending of a form, or forgets them. That it cannot is no reason not to take the report.
func (s *server) stage(q *request, receipt string, photos []upload) {
	if err := s.Doors.Stage(q.Context(), receipt, photos); err != nil {
		s.Log.Warn("photos are not kept for the next sending", "error", err)
	}
}

// filing reads the form of the door, without its photos.
func (q *request) filing() doors.Filing {
	return doors.Filing{Receipt: q.FormValue("receipt"), Door: q.door(), Service: q.FormValue("service"), Text: strings.TrimSpace(q.FormValue("text")),
		Place: strings.TrimSpace(q.FormValue("place")), Address: strings.TrimSpace(q.FormValue("address")),
		Name: strings.TrimSpace(q.FormValue("name")), Phone: strings.TrimSpace(q.FormValue("phone"))}
}

func (s *server) takeReport(q *request, v *doorView) error {
	if err := s.photos(q, v); err != nil {
		return err
	}
	if v.Filing.Text == "" { // nothing can be proposed of it, and it is the first thing to be said
		return fault.Refuse(fault.ErrInvalid, "report-empty", "text")
	}
	if v.Filing.Service == "" {
		if err := s.suggest(q, v); err != nil {
			return err
		}
		near, err := s.near(q, v.Filing)
		if err != nil {
			return err
		}
		v.Near = near
		return fault.Refuse(fault.ErrInvalid, "service-missing", "service")
	}
	if q.FormValue("seen") == "" { // somebody who has seen what is there already reports all the same
		near, err := s.near(q, v.Filing)
		if err != nil {
			return err
		}
		if v.Near = near; len(near) > 0 {
			return fault.Refuse(fault.ErrConflict, "report-alike", "")
		}
	}
	who, err := q.filer()
	if err != nil {
		return err
	}
	filed, err := s.Doors.File(q.Context(), who, doors.People, v.Filing)
	if err != nil {
		return err
	}
	if s.Ways != nil && q.visit != nil { // who is signed in finds it again without the receipt
		if err := s.Ways.KeepReceipt(q.Context(), *q.visit, filed.Receipt); err != nil {
			s.Log.Warn("receipt not kept", "error", err)
		}
	}
	v.Filing.Receipt = filed.Receipt
	return nil
}

// photos gathers the photos of a report: those that came before and were not dropped, and those that come now. They are kept
// for the next sending, should this one be refused.
func (s *server) photos(q *request, v *doorView) error {
	before, err := s.Doors.Staged(q.Context(), v.Filing.Receipt)
	if err != nil {
		return err
	}
	for _, p := range before {
		if !slices.Contains(q.Form["drop"], p.Hash.String()) {
			v.Filing.Photos = append(v.Filing.Photos, p)
		}
	}
	now, err := q.uploads("photos")
	if err != nil {
		return err
	}
	for _, p := range now {
		if !strings.HasPrefix(p.Media, "image/") {
			return fault.Refuse(fault.ErrInvalid, "not-photo", "photos", "file", p.Name)
		}
		bare, err := desk.Bare("photos", p) // what came waits, and is sealed once it is filed
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(v.Filing.Photos, func(k upload) bool { return samePicture(k, bare) }) {
			v.Filing.Photos = append(v.Filing.Photos, p)
		}
	}
	if len(v.Filing.Photos) > doors.MaxPhotos {
		return fault.Refuse(fault.ErrInvalid, "too-many-photos", "photos", "limit", itoa(doors.MaxPhotos))
	}
	return nil
}

// samePicture reports whether a photo shows what a bare one does, whatever its file tells besides.
func samePicture(p, bare upload) bool {
	own, err := desk.Bare("photos", p)
	return err == nil && own.Hash == bare.Hash
}
