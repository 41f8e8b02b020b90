package web

import (
	"strconv"
	"strings"

	"bihuan/desk/security"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// securityView is the page of the security log.
type securityView struct {
	Ask      journal.SecurityAsk
	From, To string // days as they were typed
	Kinds    []security.Kind
	Lines    []journal.SecurityLine
	Flaw     flaw
}

// rowsOfSecurity is how many lines a page shows.
const rowsOfSecurity = 100

// showSecurity shows the security log, found by kind, person and time.
func (s *server) showSecurity(q *request) error {
	if s.Security == nil {
		return noSuchPage()
	}
	v := &securityView{From: q.Asked("from"), To: q.Asked("to"), Kinds: security.Kinds,
		Ask: journal.SecurityAsk{Kind: q.Asked("kind"), Person: name.Person(q.Asked("person")), Limit: rowsOfSecurity}}
	v.Ask.Before, _ = strconv.ParseInt(q.Asked("cursor"), 10, 64)
	for _, end := range []struct {
		key string
		to  *int64
		add calendar.Date
	}{{"from", &v.Ask.Time.From, 0}, {"to", &v.Ask.Time.Until, 1}} {
		if q.Asked(end.key) == "" {
			continue
		}
		d, err := calendar.ParseDate(q.Asked(end.key))
		if err != nil {
			v.Flaw = flaw{Field: end.key, Says: q.Says("audit.no-day")}
			return q.render(422, "security", v)
		}
		*end.to = int64((d + end.add).Start())
	}
	var err error
	if v.Lines, err = s.Security.Lines(q.Context(), q.Who, v.Ask); err != nil {
		return err
	}
	return q.render(200, "security", v)
}

// folded are lines next to each other that tell of the same on one day, the latest first; at least one.
type folded []journal.SecurityLine

// Folded puts lines together that stand next to each other and say the same of different persons or records.
func (v *securityView) Folded() (all []folded) {
	for _, l := range v.Lines {
		if n := len(all); n > 0 && isAlike(&all[n-1][0], &l) {
			all[n-1] = append(all[n-1], l)
			continue
		}
		all = append(all, folded{l})
	}
	return all
}

// isAlike reports whether two lines say the same of one network on one day. What happened on a page says where, and is not folded with others.
func isAlike(a, b *journal.SecurityLine) bool {
	return a.Kind == b.Kind && a.Code == b.Code && a.Network == b.Network && a.Where == b.Where && calendar.Instant(a.From).Date() == calendar.Instant(b.From).Date()
}

// CodeWords says why a line of the security log stands there, in words; never the code itself.
func (q *request) CodeWords(code string) string {
	if s := q.TypeWords(code); s != code && !strings.Contains(s, "{") {
		return s
	}
	return q.Says("security.other")
}

// Place says in words where something happened; of a page or a method it is the address, which is what people see of it.
func (q *request) Place(where string) string {
	if words.Has("security.where-" + where) {
		return q.Says("security.where-" + where)
	}
	return ""
}

// Next is the address of the next page, empty on the last.
func (v *securityView) Next(q *request) string {
	if len(v.Lines) < rowsOfSecurity {
		return ""
	}
	return q.With("cursor", strconv.FormatInt(v.Lines[len(v.Lines)-1].Seq, 10))
}
