package web

import (
	"strings"

	"bihuan/desk/notices"
	"bihuan/ground/access"
	"bihuan/kernel/notice"
)

// inboxView is a person's own notices.
type inboxView struct {
	Ask    notices.Ask
	In     notices.Inbox
	Abouts []choiceCount // those of which there are unread ones, and the chosen one
}

// showInbox shows what the caller was told.
func (s *server) showInbox(q *request) (err error) {
	v := &inboxView{Ask: notices.Ask{About: notice.About(q.Asked("about")), Unread: q.Asked("unread") == "yes", Cursor: q.Asked("cursor")}}
	if _, known := v.Ask.About.Find(); !known {
		v.Ask.About = ""
	}
	if v.In, err = s.Notices.Inbox(q.Context(), q.Who, v.Ask); err != nil {
		return err
	}
	for _, o := range notice.Abouts() {
		if n := v.In.Unread[o.About]; n > 0 || o.About == v.Ask.About {
			v.Abouts = append(v.Abouts, choiceCount{Key: string(o.About), Words: q.Says("notice.about-" + string(o.About)), Count: int(n), On: o.About == v.Ask.About})
		}
	}
	return q.render(200, "inbox", v)
}

// markInbox marks what was chosen as read or unread, or everything as read.
func (s *server) markInbox(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	var ids []string
	for _, id := range q.Form["id"] { // one box stands for all that are alike
		ids = append(ids, strings.Fields(id)...)
	}
	if q.FormValue("do") == "all" {
		ids = nil
	} else if len(ids) == 0 {
		return q.redirect(inboxAgain(q))
	}
	if err := s.Notices.Mark(q.Context(), q.Who, ids, q.FormValue("do") != "unread"); err != nil {
		return err
	}
	return q.redirect(inboxAgain(q))
}

// inboxAgain is the page from which the form came.
func inboxAgain(q *request) string {
	if to := local(q.FormValue("to")); to != "" {
		return to
	}
	return "/inbox"
}

// IDs are the ids of notices that stand together, for the one box that chooses them all.
func (*inboxView) IDs(all notices.Alike) string {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	return strings.Join(ids, " ")
}

// HasInbox reports whether the caller has an inbox.
func (q *request) HasInbox() bool {
	return q.s.Notices != nil && !q.Who.IsNobody() && q.s.Desk.Holds(q.Who, access.InboxRead, access.Platform)
}

// unread is how many notices somebody has not read.
type unread struct{ All, Watched, Undecided int64 }

// Unread counts the caller's unread notices, for the header; what cannot be counted is left out.
func (q *request) Unread() (n unread) {
	if q.s.Notices == nil || q.Who.IsNobody() {
		return n
	}
	var err error
	if n.All, n.Watched, n.Undecided, err = q.s.Notices.Unread(q.Context(), q.Who); err != nil && q.Context().Err() == nil { // whoever has gone away misses nothing
		q.s.Log.Error("count notices", "error", err)
	}
	return n
}

// reachView is how somebody wants to be reached.
type reachView struct {
	Reach  notices.Reach
	Abouts []choiceCount // that may be muted; on: is told
	Open   []notice.Channel
	Flaw   flaw
	Saved  bool
}

// showReach shows how the caller wants to be reached.
func (s *server) showReach(q *request) error {
	reach, err := s.Notices.Reach(q.Context(), q.Who)
	if err != nil {
		return err
	}
	return s.renderReach(q, 200, reachView{Reach: reach, Saved: q.Asked("saved") == "yes"})
}

// setReach changes it.
func (s *server) setReach(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	reach := notices.Reach{Mail: q.FormValue("mail"), Phone: q.FormValue("phone"), ByMail: q.FormValue("by-mail") == "yes", BySMS: q.FormValue("by-sms") == "yes",
		Daily: q.FormValue("daily") == "yes", Lang: q.Lang}
	for _, o := range notice.Abouts() {
		if mutable(o) && !has(q.Form["tell"], string(o.About)) {
			reach.Mute = append(reach.Mute, o.About)
		}
	}
	err := s.Notices.SetReach(q.Context(), q.Who, reach)
	if f, ok := q.flaw(err); ok {
		return s.renderReach(q, 422, reachView{Reach: reach, Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/me/notices?saved=yes")
}

func has(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

// mutable reports whether one can choose not to be sent an occasion.
func mutable(o notice.Occasion) bool { return !o.Urgent && o.About != notice.Answered }

func (s *server) renderReach(q *request, status int, v reachView) error {
	for _, o := range notice.Abouts() {
		if mutable(o) {
			v.Abouts = append(v.Abouts, choiceCount{Key: string(o.About), Words: q.Says("notice.about-" + string(o.About)), On: !muted(&v.Reach, o.About)})
		}
	}
	v.Open = s.Notices.Channels()
	return q.render(status, "me_notices", v)
}

func muted(r *notices.Reach, a notice.About) bool {
	for _, m := range r.Mute {
		if m == a {
			return true
		}
	}
	return false
}

// HasWay reports whether a channel is set up.
func (v reachView) HasWay(c string) bool {
	for _, o := range v.Open {
		if string(o) == c {
			return true
		}
	}
	return false
}
