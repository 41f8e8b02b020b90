package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"bihuan/desk"
	"bihuan/export"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// agendaView is the page on which somebody gets the address of their deadlines.
type agendaView struct {
	Since   int64  // µs, 0 if there is no address
	Address string // told once
	Next    []desk.Deadline
}

// mostUpcoming is how many deadlines the page shows.
const mostUpcoming = 10

// showAgenda shows whether there is an address, and the nearest deadlines.
func (s *server) showAgenda(q *request) error { return s.renderAgenda(q, "") }

// changeAgenda gives the caller a new address or ends the present one.
func (s *server) changeAgenda(q *request) error {
	if q.FormValue("do") == "end" {
		if err := s.Agenda.End(q.Context(), q.Who); err != nil {
			return err
		}
		return q.redirect("/desk/calendar")
	}
	_, secret, err := s.Agenda.Renew(q.Context(), q.Who)
	if err != nil {
		return err
	}
	return s.renderAgenda(q, secret)
}

func (s *server) renderAgenda(q *request, secret string) error {
	v := agendaView{}
	feed, there, err := s.Agenda.Mine(q.Context(), q.Who)
	if err != nil {
		return err
	}
	if there {
		v.Since = feed.Since
	}
	if secret != "" {
		v.Address = q.origin() + "/calendar/" + secret + ".ics"
	}
	all, err := s.Desk.Deadlines(q.Context(), q.Who)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b desk.Deadline) int { return cmp.Compare(a.Clock.Due, b.Clock.Due) })
	v.Next = all[:min(len(all), mostUpcoming)]
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(200, "agenda", v)
}

// feed serves the deadlines behind an address to a calendar program. It has no session: the address is the key.
func (s *server) feed(q *request) error {
	secret, ok := strings.CutSuffix(q.PathValue("file"), ".ics")
	if !ok {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	who, all, err := s.Agenda.Read(q.Context(), secret)
	if errors.Is(err, fault.ErrNotFound) {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	if err != nil {
		return err
	}
	if s.Accounts != nil { // an account that is disabled has no calendar from that moment on
		if _, err := s.Accounts.ByPerson(q.Context(), who.Person); errors.Is(err, fault.ErrNotFound) {
			return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
		} else if err != nil {
			return err
		}
	}
	q.Lang = who.Lang
	a := export.Agenda{Name: q.Says("agenda.name", "person", s.Desk.Directory().Person(who.Person).Words.In(q.Lang))}
	for i := range all {
		a.Events = append(a.Events, q.event(&all[i]))
	}
	var b bytes.Buffer
	if err := export.ICalendar(&b, a); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	h := q.w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="bihuan.ics"`)
	h.Set("Cache-Control", "private, max-age=300")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(q.w, q.Request, "", time.Time{}, bytes.NewReader(b.Bytes()))
	return nil
}

// event is a deadline as a calendar program shows it.
func (q *request) event(l *desk.Deadline) export.Event {
	c := &l.Clock
	e := export.Event{UID: l.Key() + "@bihuan", Sequence: l.Moved(), Changed: calendar.Instant(l.Changed).Time(), Whole: l.Whole, Tentative: c.IsPaused() || c.Provisional,
		Link: q.origin() + "/matters/" + string(l.Matter)}
	if e.At = calendar.Instant(c.Due).Time(); l.Whole {
		e.At = calendar.Instant(c.Due - 1).Time()
	}
	if !c.IsPaused() {
		e.Warn = calendar.Instant(c.Yellow).Time()
	}
	e.Title = q.Says("agenda.event", "clock", c.Words().In(q.Lang), "number", l.Number, "title", l.Title)
	lines := []string{l.Kind.In(q.Lang)}
	if c.IsPaused() {
		lines = append(lines, q.Says("agenda.paused"))
	}
	for _, step := range c.Derivation {
		lines = append(lines, step.In(q.Lang))
	}
	e.Text = strings.Join(lines, "\n")
	return e
}

// MatterLink is where a deadline's matter is.
func (v agendaView) MatterLink(id name.ID) string { return "/matters/" + string(id) }
