package web

import (
	"html/template"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// rowShown is a matter in a list of a leaders' page, in the words of one language.
type rowShown struct {
	journal.Row
	q    *request
	shut bool // it stands behind a public figure, and the caller may not read it
}

func (q *request) shownRows(rows []journal.Row) []rowShown {
	all := make([]rowShown, len(rows))
	for i, r := range rows {
		all[i] = rowShown{Row: r, q: q}
	}
	return all
}

// Address is the matter's own page.
func (r rowShown) Address() string { return "/matters/" + string(r.Stream) }

// Link is its title, leading to its page where the caller may open that.
func (r rowShown) Link() template.HTML {
	if r.shut {
		return template.HTML(template.HTMLEscapeString(r.Title))
	}
	return r.q.To(r.Address(), r.Title)
}

// shutUnread marks the rows that the caller may not read.
func (q *request) shutUnread(rows []rowShown) error {
	for i := range rows {
		seen, err := q.s.Desk.MayReadMatter(q.Context(), q.Who, rows[i].Stream)
		if err != nil {
			return err
		}
		rows[i].shut = !seen
	}
	return nil
}

// KindText is the name of its kind.
func (r rowShown) KindText() string {
	if k, ok := r.q.s.Desk.Packs().Kind(r.Kind); ok {
		return k.Words.In(r.q.Lang)
	}
	return r.Kind
}

// StateText is the name of its state, in public words where the caller may not read it.
func (r rowShown) StateText() string {
	if k, ok := r.q.s.Desk.Packs().Kind(r.Kind); ok {
		if s := k.State(r.State); s != nil && r.shut {
			return desk.PublicWords(s).In(r.q.Lang)
		} else if s != nil {
			return s.Words.In(r.q.Lang)
		}
	}
	return r.State
}

// PublicState is the name of its state in public words.
func (r rowShown) PublicState() string {
	if k, ok := r.q.s.Desk.Packs().Kind(r.Kind); ok {
		if s := k.State(r.State); s != nil && s.Public.In(r.q.Lang) != "" {
			return s.Public.In(r.q.Lang)
		}
	}
	return r.StateText()
}

// UnitText is whose it is.
func (r rowShown) UnitText() string { return r.q.unitShort(r.Unit) }

// Badge is its light with the word, nothing when no clock runs.
func (r rowShown) Badge() template.HTML {
	if r.Closed != 0 {
		return ""
	}
	return r.q.LampOf(r.LightAt(r.q.s.Desk.Now()))
}

// DueText says by when, which limit that is, and if it has passed how many days ago; of a closed one, when it was closed.
func (r rowShown) DueText() string {
	switch {
	case r.Closed != 0:
		return r.q.Says("row.closed", "date", date(r.q.Lang, calendar.Instant(r.Closed).Date()))
	case r.Due == 0:
		return ""
	}
	if late := r.LateText(); late != "" {
		return late
	}
	return r.ofClock("row.due", "date", r.dueDate())
}

// LateText says by when it was due and how many days ago that was, empty for one that is in time or closed.
func (r rowShown) LateText() string {
	days := r.late()
	if days == 0 {
		return ""
	}
	return r.ofClock("row.overdue", "date", r.dueDate(), "days", days)
}

// LateShort says by how many days an open matter is overdue, empty for one that is in time.
func (r rowShown) LateShort() string {
	if days := r.late(); days > 0 {
		return r.ofClock("row.late", "days", days)
	}
	return ""
}

// ofClock says something of the limit that the row is due by, which it names: a month's report that is due is not the task.
// The matter is loaded for that; one that the caller may not read is not.
func (r rowShown) ofClock(key string, with ...any) string {
	if !r.shut {
		if c, ok := r.q.s.Desk.Standing(r.q.Context(), &r.Row); ok {
			return r.q.Says(key+"-of", append(with, "clock", c.Words().In(r.q.Lang))...)
		}
	}
	return r.q.Says(key, with...)
}

func (r rowShown) dueDate() string { return date(r.q.Lang, calendar.Instant(r.Due-1).Date()) }

// late is by how many days an open matter is overdue, 0 when it is in time.
func (r rowShown) late() int {
	if r.Closed != 0 || r.Due == 0 {
		return 0
	}
	return max(0, int(r.q.Today()-calendar.Instant(r.Due-1).Date()))
}
