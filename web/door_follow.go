package web

import (
	"errors"
	"html/template"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/web/draw"
)

// receiptView is how a report stands, for whoever has its receipt.
type receiptView struct {
	doors.Progress
	Receipt string
	New     bool
	Done    bool
	Picture template.HTML // the receipt's address as a QR code
	Forms   []receiptForm
	Flaw    flaw
	Shown   []matter.Evidence // its photos that anybody may see
}

// receiptForm is one act that the reporter may do, with its inputs.
type receiptForm struct {
	Act    *matter.Act
	Inputs []inputView
}

// findReceipt asks for a receipt and leads to its page.
func (s *server) findReceipt(q *request) error {
	typed := q.Asked("receipt")
	if typed == "" {
		return q.render(200, "door_find", flaw{})
	}
	receipt, err := doors.ReadReceipt(typed)
	if err == nil {
		_, err = s.Doors.Follow(q.Context(), q.follower(), receipt)
	}
	if errors.Is(err, fault.ErrNotFound) {
		return q.render(404, "door_find", flaw{Field: "receipt", Says: q.Says("door.no-receipt")})
	}
	if err != nil {
		return err
	}
	return q.redirect("/receipts/" + receipt)
}

// showReceipt shows how a report stands.
func (s *server) showReceipt(q *request) error {
	return s.renderReceipt(q, 200, flaw{})
}

func (s *server) renderReceipt(q *request, status int, f flaw) error {
	receipt := q.PathValue("receipt")
	p, err := s.Doors.Follow(q.Context(), q.follower(), receipt)
	if err != nil {
		return err
	}
	v := receiptView{Progress: p, Receipt: receipt, New: q.Asked("new") == "yes", Done: q.Asked("done") == "yes", Flaw: f}
	if v.Picture, err = draw.QR(q.origin()+"/receipts/"+receipt, q.Says("door.qr")); err != nil {
		return err
	}
	if v.Shown, err = s.Desk.PublicPhotos(q.Context(), p.Matter); err != nil && !errors.Is(err, fault.ErrNotFound) {
		return err // of one that is not public none are
	}
	for _, a := range p.Acts {
		if slices.ContainsFunc(p.Acts, func(b *matter.Act) bool { return b.Instead.Act == a.Key }) {
			continue // an answer to the other's form leads to it
		}
		form := receiptForm{Act: a}
		for _, in := range p.Asks(a) {
			if fd := field.Find(p.Kind.Fields, in.Field); fd != nil {
				if fd.Kind == field.LongText && (a.Verb == matter.Contest || a.Verb == matter.Rate) { // inside it is the note of a call: 回访记录
					own := *fd
					own.Words = name.Text{ZH: words.Say("zh", "door.own-words"), EN: words.Say("en", "door.own-words")}
					fd = &own
				}
				form.Inputs = append(form.Inputs, q.input(fd, "f."+fd.Key, q.FormValue("f."+fd.Key), in.Required))
			}
		}
		v.Forms = append(v.Forms, form)
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return q.render(status, "door_follow", v)
}

// actByReceipt does what the kind leaves to the reporter.
func (s *server) actByReceipt(q *request) error {
	if err := s.Doors.Admit(q.entrance()); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	receipt := q.PathValue("receipt")
	p, err := s.Doors.Follow(q.Context(), q.follower(), receipt)
	if err != nil {
		return err
	}
	act := p.Kind.Act(q.PathValue("act"))
	if act == nil {
		return fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", q.PathValue("act"))
	}
	do := desk.Do{Command: q.sentCommand(), Act: act.Key, Reason: q.FormValue("reason"), With: map[string]string{}}
	for _, in := range act.Form {
		if fd := field.Find(p.Kind.Fields, in.Field); fd != nil {
			do.With[fd.Key] = typedValue(fd, "f."+fd.Key, q.Form)
		}
	}
	if _, err = s.Doors.Act(q.Context(), q.follower(), receipt, do); err == nil {
		return q.redirect("/receipts/" + receipt + "?done=yes")
	}
	f, ok := q.flaw(err)
	if !ok || !p.May(act.Key) {
		return err
	}
	return s.renderReceipt(q, 422, f)
}

// openMattersView is what was reported and is public.
type openMattersView struct {
	Rows  []rowShown
	Open  string // yes, no, or empty for both
	Text  string
	Next  string
	Found int64 // see part_rows, best
}

// openMatters lists what was reported, open and closed, without anything personal.
func (s *server) openMatters(q *request) error {
	v := openMattersView{Open: q.Asked("open"), Text: q.Asked("q")}
	query := journal.Query{Text: v.Text, Order: journal.ByOpened, Cursor: q.Asked("cursor"), Limit: 50}
	if v.Open == "yes" || v.Open == "no" {
		open := v.Open == "yes"
		query.Open = &open
	}
	page, err := s.Doors.Open(q.Context(), query)
	if err != nil {
		return err
	}
	v.Rows, v.Next, v.Found = q.shownRows(page.Rows), page.Next, page.Found
	return q.render(200, "door_open", v)
}

// origin is where the pages are reached: the configured address, otherwise what the browser named.
func (q *request) origin() string {
	if q.s.Public != "" {
		return strings.TrimRight(q.s.Public, "/")
	}
	if q.TLS != nil {
		return "https://" + q.Host
	}
	return "http://" + q.Host
}
