package web

import (
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/hooks"
	"bihuan/desk/notices"
	allowed "bihuan/desk/places"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/kernel/notice"
)

// Outgoing is what the pages need of what leaves the house.
type Outgoing struct {
	Hooks  *hooks.Room
	Places *allowed.Room
	Key    func() string // the public key of signatures by SM2, PEM
}

// postView is how the sending of messages stands.
type postView struct {
	Post   notices.Post
	States []notice.State
}

// showPost shows what could not be sent.
func (s *server) showPost(q *request) error {
	p, err := s.Notices.Post(q.Context(), q.Who)
	if err != nil {
		return err
	}
	return q.render(200, "admin_notices", postView{p, notice.States})
}

// sendAgain has a message go once more.
func (s *server) sendAgain(q *request) error {
	if err := s.Notices.SendAgain(q.Context(), q.Who, q.FormValue("batch")); err != nil {
		return err
	}
	return q.redirect("/admin/notices")
}

// hooksView is the subscriptions of other programs.
type hooksView struct {
	Hooks  []hookView
	Order  hooks.Order
	Events []choiceCount
	Kinds  []choiceCount
	Flaw   flaw
	Key    string
	Said   string // what came of a trial
	Tried  string // and why, as [notice.Why] keeps it
}

// hookView is one of them.
type hookView struct {
	hooks.Standing
	Secret string
	State  string // a key of the catalogue
}

// showHooks shows the subscriptions, with what was delivered lately and what was refused.
func (s *server) showHooks(q *request) error { return s.renderHooks(q, 200, hooksView{}) }

func (s *server) renderHooks(q *request, status int, v hooksView) error {
	all, err := s.Outgoing.Hooks.List(q.Context(), q.Who)
	if err != nil {
		return err
	}
	for i := range all {
		v.Hooks = append(v.Hooks, hookView{all[i], s.Outgoing.Hooks.SecretText(&all[i].Hook), hookState(&all[i])})
	}
	for _, e := range append([]string{"*"}, hooks.Events()...) {
		v.Events = append(v.Events, choiceCount{Key: e, Words: q.EventWords(e), On: has(v.Order.Events, e)})
	}
	for _, k := range s.Desk.Packs().Kinds() {
		v.Kinds = append(v.Kinds, choiceCount{Key: k.Ref, Words: k.Words.In(q.Lang), On: has(v.Order.Kinds, k.Ref)})
	}
	v.Key = s.Outgoing.Key()
	return q.render(status, "admin_webhooks", v)
}

// EventWords are the words of an event that can be subscribed to.
func (q *request) EventWords(e string) string {
	called, _ := strings.CutPrefix(e, "matter.")
	if t, ok := matter.Verb(called).Words(); ok {
		return t.In(q.Lang)
	}
	switch called {
	case "rung", "clock", "order":
		return q.Says("hook.event-" + called)
	}
	return q.Says("hook.every")
}

// KindWords are the words of a kind of matter, its key where it is not installed.
func (q *request) KindWords(ref string) string {
	if k, ok := q.s.Desk.Packs().Kind(ref); ok {
		return k.Words.In(q.Lang)
	}
	return ref
}

func hookState(h *hooks.Standing) string {
	switch {
	case h.Stopped != 0:
		return "stopped"
	case h.At.Off != "":
		return "off"
	case h.At.Fails > 0:
		return "down"
	}
	return "active"
}

// makeHook makes a subscription.
func (s *server) makeHook(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	o := hooks.Order{Name: q.FormValue("name"), URL: q.FormValue("url"), Events: q.Form["events"]}
	for _, k := range q.Form["kinds"] {
		if k != "" {
			o.Kinds = append(o.Kinds, k)
		}
	}
	_, err := s.Outgoing.Hooks.Make(q.Context(), q.Who, q.sentCommand(), o)
	if f, ok := q.flaw(err); ok {
		return s.renderHooks(q, 422, hooksView{Order: o, Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/admin/webhooks")
}

// changeHook stops, tries, renews or replays a subscription, or sends one event again.
func (s *server) changeHook(q *request) error {
	room, ctx := s.Outgoing.Hooks, q.Context()
	id, err := name.ParseID(q.PathValue("id"))
	if err != nil {
		return fault.ErrNotFound
	}
	switch q.FormValue("do") {
	case "stop":
		err = room.Stop(ctx, q.Who, id, q.FormValue("reason"))
	case "rotate":
		err = room.Rotate(ctx, q.Who, id)
	case "replay":
		err = room.Replay(ctx, q.Who, id, q.FormValue("from"))
	case "again":
		seq, bad := strconv.ParseInt(q.FormValue("seq"), 10, 64)
		if bad != nil {
			return fault.ErrNotFound
		}
		err = room.Again(ctx, q.Who, id, seq)
	case "test":
		status, called := room.TryNow(ctx, q.Who, id)
		if status != 0 {
			v := hooksView{Said: q.Says("hook.answers", "status", status)}
			if t := notice.OfStatus(status); t != "" {
				v.Tried = "@" + string(t) + " "
			}
			return s.renderHooks(q, 200, v)
		}
		if called != nil && fault.KindOf(called) == fault.ErrNotFound {
			return called
		}
		if called == nil {
			called = fault.ErrUnavailable
		}
		return s.renderHooks(q, 200, hooksView{Said: q.Says("hook.no-answer"), Tried: notice.Why(called, 200)})
	default:
		err = fault.ErrInvalid
	}
	if f, ok := q.flaw(err); ok {
		return s.renderHooks(q, 422, hooksView{Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/admin/webhooks")
}

// WhyWords are why something did not go, in words for people; WhyDetail is what stands behind them, for whoever mends it, empty for nothing more.
func (q *request) WhyWords(kept string) string {
	t, _ := notice.ReadWhy(kept)
	return q.Says("trouble." + string(t))
}

// WhyDetail is the technical half of [request.WhyWords].
func (q *request) WhyDetail(kept string) string {
	_, text := notice.ReadWhy(kept)
	return text
}

// allowedView is where the house may connect to.
type allowedView struct {
	Places   []allowed.Place
	Order    allowed.Order
	Networks string
	Flaw     flaw
}

// showAllowed shows where the house may connect to.
func (s *server) showAllowed(q *request) error { return s.renderAllowed(q, 200, allowedView{}) }

func (s *server) renderAllowed(q *request, status int, v allowedView) (err error) {
	if v.Places, err = s.Outgoing.Places.All(q.Context(), q.Who); err != nil {
		return err
	}
	return q.render(status, "admin_places", v)
}

// proposePlace writes a place down that nobody may connect to yet.
func (s *server) proposePlace(q *request) error {
	o := allowed.Order{Host: q.FormValue("host"), CA: q.FormValue("ca"), Pin: q.FormValue("pin"), Why: q.FormValue("why"), Networks: strings.Fields(q.FormValue("networks"))}
	port, err := strconv.ParseUint(strings.TrimSpace(q.FormValue("port")), 10, 16)
	o.Port = uint16(port)
	if err == nil {
		_, err = s.Outgoing.Places.Propose(q.Context(), q.Who, q.sentCommand(), o)
	} else {
		err = fault.Refuse(fault.ErrInvalid, "place-port", "port")
	}
	if f, ok := q.flaw(err); ok {
		return s.renderAllowed(q, 422, allowedView{Order: o, Networks: q.FormValue("networks"), Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/admin/places")
}

// decidePlace approves or revokes a place.
func (s *server) decidePlace(q *request) error {
	id, err := name.ParseID(q.PathValue("id"))
	if err != nil {
		return fault.ErrNotFound
	}
	switch q.FormValue("do") {
	case "approve":
		err = s.Outgoing.Places.Approve(q.Context(), q.Who, id)
	case "revoke":
		err = s.Outgoing.Places.Revoke(q.Context(), q.Who, id, q.FormValue("reason"))
	default:
		err = fault.ErrInvalid
	}
	if f, ok := q.flaw(err); ok {
		return s.renderAllowed(q, 422, allowedView{Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/admin/places")
}

// MayApprove reports whether the caller may approve a place that they did not propose.
func (q *request) MayApprove(p allowed.Place) bool {
	return q.s.Desk.Holds(q.Who, access.PlaceApprove, access.Platform) && !q.s.Desk.IsSame(p.By.Person, q.Who.Person)
}

// showTray shows what the demo would have sent.
func (s *server) showTray(q *request) error {
	return q.render(200, "demo_outbox", s.Demo.Tray.Letters())
}

// UnitNamed is a unit by its key as text.
func (q *request) UnitNamed(key string) desk.Unit { return q.Unit(name.Unit(key)) }
