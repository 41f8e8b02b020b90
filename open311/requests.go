package open311

import (
	"net/http"
	"strings"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// requests lists requests, latest first.
func (s *server) requests(q *request) (answer, error) {
	f, err := q.filter()
	if err != nil {
		return answer{}, err
	}
	done, err := s.turn(q.Context())
	if err != nil {
		return answer{}, err
	}
	defer done()
	all, err := q.find311(f)
	if err != nil {
		return answer{}, err
	}
	list := listOf[serviceRequest]{}
	for i := range all {
		list = append(list, q.shown(&all[i], f.extensions && len(all) <= maxNoted))
	}
	return answer{root: "service_requests", list: list}, nil
}

// maxNoted is how many requests to an answer are told with their notes: each costs a reading of its history.
const maxNoted = 100

// find311 returns the requests that a filter leaves, of its page.
func (q *request) find311(f *filter) (all []doors.Public, err error) {
	switch {
	case q.test:
		return f.page(q.s.box.requests()), nil
	case len(f.numbers) > 0:
		return q.s.Doors.Numbered(q.Context(), doors.Programs, f.numbers)
	case f.updated != journal.Between{}:
		changed, _, err := q.s.Doors.Updated(q.Context(), doors.Programs, f.updated.From, f.updated.Until, false)
		return f.page(changed), err
	}
	skip := f.skip()
	err = q.s.Doors.Each(q.Context(), doors.Programs, f.query(), func(p *doors.Public) bool {
		if f.takes(p) {
			if skip--; skip < 0 {
				all = append(all, *p)
			}
		}
		return len(all) < f.size
	})
	return all, err
}

// request tells one request.
func (s *server) request(q *request) (answer, error) {
	p, err := q.numbered(q.id)
	if err != nil {
		return answer{}, err
	}
	return answer{root: "service_requests", list: listOf[serviceRequest]{q.shown(p, q.asked.one("extensions") == "true")}}, nil
}

// numbered returns one request. One that does not exist and one that is not public are alike.
func (q *request) numbered(number string) (*doors.Public, error) {
	var all []doors.Public
	var err error
	if q.test {
		all = (&filter{numbers: []string{number}, size: 1}).page(q.s.box.requests())
	} else if all, err = q.s.Doors.Numbered(q.Context(), doors.Programs, []string{number}); err != nil {
		return nil, err
	}
	if len(all) != 1 {
		return nil, wrong(http.StatusNotFound, "request-unknown", "service_request_id", "value", number)
	}
	return &all[0], nil
}

// token tells which request a receipt is of.
func (s *server) token(q *request) (answer, error) {
	unknown := wrong(http.StatusNotFound, "token-unknown", "token")
	if q.test {
		number, ok := s.box.receipt(q.id)
		if !ok {
			return answer{}, unknown
		}
		return answer{root: "service_requests", list: listOf[resolved]{{number, q.id}}}, nil
	}
	p, err := s.Doors.Follow(q.Context(), desk.Nobody, q.id)
	if err != nil {
		if statusOf(err) == http.StatusNotFound {
			return answer{}, unknown
		}
		return answer{}, err
	}
	return answer{root: "service_requests", list: listOf[resolved]{{p.Number, q.id}}}, nil
}

// shown writes a request as it is told. What is not public is not in p.
func (q *request) shown(p *doors.Public, extensions bool) serviceRequest {
	v := serviceRequest{ID: p.Number, Status: statusWord(p.Open), StatusNotes: text(q.notesOn(p.State, p.Answer)), ServiceName: p.Service.In(q.Lang), ServiceCode: p.Code,
		Description: text(p.Text), Agency: text(q.s.Desk.Directory().Unit(p.Unit).Words.In(q.Lang)), Notice: text(q.notice(p)),
		Requested: moment(p.Opened), Updated: moment(p.Changed), Address: text(p.Address)}
	if p.Text == "" {
		v.Description = text(p.Title)
	}
	if p.Expected != 0 {
		v.Expected = text(moment(p.Expected - 1))
	}
	if lng, lat, ok := strings.Cut(p.Place, ","); ok {
		v.Lat, v.Long = number(lat), number(lng)
	}
	if extensions {
		v.Attributes, v.Notes = q.attributesOf(p), q.notesOf(p)
		v.Extended = &extended{AgencyCode: string(p.Unit), Closed: momentOrNone(p.Closed), Title: p.Title, Answer: text(p.Answer)}
	}
	return v
}

func statusWord(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}

// notesOn says how a request stands, with the answer where there is one.
func (q *request) notesOn(state name.Text, answer string) string {
	if answer == "" {
		return state.In(q.Lang)
	}
	return words.Say(q.Lang, "open311.answered", "state", state.In(q.Lang), "answer", answer)
}

// notice says by when what is to be expected.
func (q *request) notice(p *doors.Public) string {
	if p.Expected == 0 || !p.Open {
		return ""
	}
	at, key := calendar.Instant(p.Expected-1), "open311.expected"
	if p.Step {
		key = "open311.expected-step"
	}
	return words.Say(q.Lang, key, "by", at.Date().In(q.Lang)+at.Time().Format(" 15:04"), "state", p.State.In(q.Lang))
}

// attributesOf tells what was said of the attributes of a service, as far as it is public.
func (q *request) attributesOf(p *doors.Public) (all listOf[saidAttribute]) {
	for _, a := range q.s.Doors.Asks(p.Door) {
		v := p.Fields[a.Field.Key]
		if v == "" {
			continue
		}
		shown := v
		if o, ok := a.Field.Option(v); ok {
			shown = o.Words.In(q.Lang)
		} else if a.Field.Kind == field.Record {
			shown = q.s.Desk.RecordName(q.Context(), a.Field.Register, v).In(q.Lang)
		}
		all = append(all, saidAttribute{Label: a.Field.Words.In(q.Lang), Name: a.Field.Key, Value: shown, Code: v})
	}
	return all
}

// notesOf tells the steps of a request's way, oldest first. A history that cannot be read leaves the request without notes.
func (q *request) notesOf(p *doors.Public) (all listOf[note]) {
	if q.test {
		return nil
	}
	steps, err := q.s.Doors.Steps(q.Context(), doors.Programs, p.Matter)
	if err != nil {
		q.s.Log.Error("open311 notes", "request", p.Number, "error", err)
	}
	for i, u := range steps {
		kind := statusWord(u.Open)
		if i == 0 {
			kind = "submitted"
		}
		all = append(all, note{moment(u.At), q.notesOn(u.State, u.Answer), kind})
	}
	return all
}

// updates lists what became of requests, latest first: the extension of mySociety's proposal.
func (s *server) updates(q *request) (answer, error) {
	f, err := q.filter()
	if err == nil {
		err = f.readSpan(&q.asked, s.Desk.Now())
	}
	if err != nil {
		return answer{}, err
	}
	done, err := s.turn(q.Context())
	if err != nil {
		return answer{}, err
	}
	defer done()
	all := s.box.updated()
	if !q.test {
		if _, all, err = s.Doors.Updated(q.Context(), doors.Programs, f.opened.From, f.opened.Until, true); err != nil {
			return answer{}, err
		}
	}
	list := listOf[requestUpdate]{}
	for _, u := range all {
		if len(f.numbers) == 0 || f.has(u.Number) {
			list = append(list, requestUpdate{ID: u.ID, RequestID: u.Number, Status: statusWord(u.Open), Updated: moment(u.At), Description: text(q.notesOn(u.State, u.Answer))})
		}
	}
	return answer{root: "service_request_updates", list: list[:min(len(list), f.size)]}, nil
}
