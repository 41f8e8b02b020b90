package web

import (
	"fmt"
	"net/url"
	"strconv"

	"bihuan/desk/audit"
	"bihuan/desk/proof"
	"bihuan/desk/rights"
	"bihuan/desk/words"
	"bihuan/export"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/note"
	"bihuan/kernel/journal"
)

// auditView is how the log stands.
type auditView struct {
	State proof.State
	Last  *journal.Examination // the last verification, nil if there is none
	Late  bool                 // the last checkpoint is more than a day and a half old, or there is none
	Stale bool                 // verifying is as late
	Flaw  flaw
	now   int64
	Keys  note.Keys // by which the log is signed and was
}

// late is how long, in µs, the daily work may lie back before the page turns red: a day and a half.
const late = 36 * 3600 * 1_000_000

// Off reports whether something is wrong that somebody has to look into.
func (v *auditView) Off() bool {
	if v.Late || v.Stale || v.State.Refused != "" || v.Last != nil && v.Last.Bad != 0 {
		return true
	}
	for _, w := range v.State.Witnesses {
		if w.Fault != "" || v.Silent(w) {
			return true
		}
	}
	return false
}

// Silent reports whether a witness has cosigned nothing for longer than it should.
func (v *auditView) Silent(w proof.WitnessState) bool { return w.At < v.now-late }

// showAudit shows how the log stands.
func (s *server) showAudit(q *request) error { return s.renderAudit(q, 200, flaw{}) }

func (s *server) renderAudit(q *request, status int, f flaw) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	st, err := s.Audit.State(q.Context(), q.Who)
	if err != nil {
		return err
	}
	now := s.Desk.Now()
	v := &auditView{State: st, Flaw: f, now: now, Keys: s.Proof.Keys()}
	v.Late = st.Last.Size == 0 || st.Last.At < now-late
	if len(st.Verified) > 0 {
		v.Last = &st.Verified[0]
	}
	v.Stale = v.Last == nil || v.Last.At < now-late
	return q.render(status, "audit", v)
}

// signLog signs the log now.
func (s *server) signLog(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	err := s.Audit.Sign(q.Context(), q.Who)
	if err != nil && fault.KindOf(err) == fault.ErrConflict {
		return s.renderAudit(q, 409, flaw{Says: q.Says("audit.refused")})
	}
	if err != nil {
		return err
	}
	return q.redirect("/audit?done=signed")
}

// examineLog verifies the log now.
func (s *server) examineLog(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	if _, err := s.Audit.Examine(q.Context(), q.Who); err != nil {
		return err
	}
	return q.redirect("/audit?done=verified")
}

// auditSearch is the page on which records are found.
type auditSearch struct {
	Ask      audit.Ask
	From, To string // days as they were typed
	Topics   []audit.Topic
	Asked    bool
	Page     audit.Page
	Flaw     flaw
}

// askOf reads a question from the page's address.
func (q *request) askOf() (a audit.Ask, f flaw) {
	a = audit.Ask{Topic: audit.Topic(q.Asked("topic")), Person: name.Person(q.Asked("person")), Unit: name.Unit(q.Asked("unit")), Object: q.Asked("object"), Type: q.Asked("type")}
	a.Before, _ = strconv.ParseInt(q.Asked("cursor"), 10, 64)
	for _, end := range []struct {
		key string
		to  *int64
		add calendar.Date
	}{{"from", &a.Time.From, 0}, {"to", &a.Time.Until, 1}} {
		if q.Asked(end.key) == "" {
			continue
		}
		d, err := calendar.ParseDate(q.Asked(end.key))
		if err != nil {
			return a, flaw{Field: end.key, Says: q.Says("audit.no-day")}
		}
		*end.to = int64((d + end.add).Start())
	}
	return a, f
}

// searchLog finds records by who, what and when.
func (s *server) searchLog(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	v := &auditSearch{From: q.Asked("from"), To: q.Asked("to"), Topics: audit.Topics, Asked: q.URL.RawQuery != ""}
	if v.Ask, v.Flaw = q.askOf(); v.Flaw.Says != "" || !v.Asked {
		return q.render(status(v.Flaw), "audit_search", v)
	}
	var err error
	v.Page, err = s.Audit.Search(q.Context(), q.Who, v.Ask)
	if f, ok := q.mendable(err); ok {
		v.Flaw, err = f, nil
	}
	if err != nil {
		return err
	}
	return q.render(status(v.Flaw), "audit_search", v)
}

func status(f flaw) int {
	if f.Says != "" {
		return 422
	}
	return 200
}

// Next is the address of the next page, empty on the last.
func (v *auditSearch) Next(q *request) string {
	if v.Page.Before == 0 {
		return ""
	}
	return q.With("cursor", strconv.FormatInt(v.Page.Before, 10))
}

// mostRecords bounds a file of records.
const mostRecords = 5000

// exportLog answers with the records of a question as a file.
func (s *server) exportLog(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	format := q.PathValue("format")
	if _, ok := writers[format]; !ok {
		return noSuchPage()
	}
	a, f := q.askOf()
	if f.Says != "" {
		return fault.Refuse(fault.ErrInvalid, "not-date", f.Field)
	}
	a.Export, a.Limit, a.Before = format, 500, 0
	t := export.Table{Title: q.Says("audit.search")}
	for _, c := range []string{"seq", "at", "person", "for", "unit", "role", "type", "object", "number", "reason", "body"} {
		t.Columns = append(t.Columns, export.Column{Key: c, Title: q.Says("audit.col-" + c)})
	}
	var rows [][]string
	for len(rows) < mostRecords {
		page, err := s.Audit.Search(q.Context(), q.Who, a)
		if err != nil {
			return err
		}
		for _, r := range page.Records {
			rows = append(rows, []string{strconv.FormatInt(r.Seq, 10), calendar.Instant(r.At).String(), q.personName(r.Actor.Person), q.personName(r.Actor.For), string(r.Actor.Unit),
				string(r.Actor.Role), r.Type, string(r.Stream), r.Number, r.Reason, r.Body})
		}
		if a.Before = page.Before; a.Before == 0 {
			break
		}
	}
	t.Rows = rowsOf(rows)
	return q.download("audit", format, t)
}

// watchAuditor shows the system administrator what the auditor has read.
func (s *server) watchAuditor(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	before, _ := strconv.ParseInt(q.Asked("cursor"), 10, 64)
	page, err := s.Audit.Reads(q.Context(), q.Who, before)
	if err != nil {
		return err
	}
	return q.render(200, "audit_reads", &auditSearch{Page: page})
}

// findingsView is the page of findings.
type findingsView struct {
	Open, Closed []audit.Finding
	Flagged      []rights.Flagged  // what the platform puts before the auditor
	With         map[string]string // as it was filled in, or led here with
	Flaw         flaw
	On           name.ID // the finding that the flaw is about, empty for a new one
}

// showFindings shows findings and lets one be opened.
func (s *server) showFindings(q *request) error {
	with := map[string]string{"record": q.Asked("record"), "about": q.Asked("about"), "unit": q.Asked("unit")}
	return s.renderFindings(q, 200, &findingsView{With: with})
}

func (s *server) renderFindings(q *request, status int, v *findingsView) (err error) {
	if s.Audit == nil {
		return noSuchPage()
	}
	if v.Open, err = s.Audit.Findings(q.Context(), q.Who, true); err != nil {
		return err
	}
	if v.Closed, err = s.Audit.Findings(q.Context(), q.Who, false); err != nil {
		return err
	}
	if s.Rights != nil {
		if v.Flagged, err = s.Rights.Flagged(q.Context(), q.Who); err != nil {
			return err
		}
	}
	return q.render(status, "audit_findings", v)
}

// findingFields are what is filled in to open a finding.
var findingFields = []string{"title", "unit", "facts", "record", "about"}

// openFinding opens a finding.
func (s *server) openFinding(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	with := map[string]string{}
	for _, key := range findingFields {
		if v := q.PostFormValue(key); v != "" {
			with[key] = v
		}
	}
	_, err := s.Audit.Open(q.Context(), q.Who, q.sentCommand(), with)
	if f, ok := q.mendable(err); ok {
		return s.renderFindings(q, 422, &findingsView{With: with, Flaw: f})
	}
	if err != nil {
		return err
	}
	return q.redirect("/audit/findings?done=opened")
}

// settleFinding closes a finding or sends it back.
func (s *server) settleFinding(q *request) error {
	if s.Audit == nil {
		return noSuchPage()
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	id := name.ID(q.PathValue("id"))
	_, err := s.Audit.Settle(q.Context(), q.Who, id, q.sentCommand(), q.PostFormValue("do"), q.PostFormValue("opinion"))
	if f, ok := q.mendable(err); ok {
		return s.renderFindings(q, 422, &findingsView{With: map[string]string{}, Flaw: f, On: id})
	}
	if err != nil {
		return err
	}
	return q.redirect("/audit/findings?done=" + url.QueryEscape(q.PostFormValue("do")))
}

// ObjectWords names what a record is about: its number, or the end of its id.
func (q *request) ObjectWords(r audit.Record) string {
	if r.Number != "" {
		return r.Number
	}
	id := string(r.Stream)
	kind := string(r.Kind)
	if words.Has("family." + kind) {
		kind = q.Says("family." + kind)
	}
	return fmt.Sprintf("%s…%s", kind, id[max(0, len(id)-6):])
}

// mendable returns what is wrong with what was filled in, and false where filling it in otherwise helps nothing.
func (q *request) mendable(err error) (flaw, bool) {
	if kind := fault.KindOf(err); kind != fault.ErrInvalid && kind != fault.ErrNotFound && kind != fault.ErrConflict {
		return flaw{}, false
	}
	return q.flaw(err)
}

// RoleWords names a role, by its key where no pack has words for it.
func (q *request) RoleWords(r name.Role) string {
	if t, ok := q.s.Desk.Packs().Role(r); ok {
		return t.In(q.Lang)
	}
	return string(r)
}
