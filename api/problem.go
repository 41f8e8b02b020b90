package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bihuan/desk/doors"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// problem is a problem document (RFC 9457, 2023, §3). Its words are in the language of the request.
type problem struct {
	Type      string `json:"type" doc:"where the code is explained"`
	Title     string `json:"title" doc:"what kind of problem it is"`
	Status    int    `json:"status"`
	Detail    string `json:"detail" doc:"what happened and what to do"`
	Code      string `json:"code" doc:"for programs: which problem it is"`
	Field     string `json:"field,omitempty" doc:"JSON Pointer (RFC 6901) to the value that is wrong"`
	Parameter string `json:"parameter,omitempty" doc:"the query parameter or header that is wrong"`
}

// problemWords is what a code means.
type problemWords struct {
	Code  string    `json:"code"`
	Words name.Text `json:"words"`
}

// failure is a refusal that is answered with a status of its own.
type failure struct {
	status int
	*fault.Refusal
}

// fail returns a failure. with alternates names and values; the value of parameter names what is wrong.
func fail(status int, code, pointer string, with ...string) *failure {
	return &failure{status, fault.Refuse(fault.ErrInvalid, code, pointer, with...)}
}

// Unwrap gives the refusal for its words.
func (f *failure) Unwrap() error { return f.Refusal }

// answers has a status for each kind of error.
var answers = []struct {
	kind   error
	status int
}{
	{fault.ErrInvalid, http.StatusUnprocessableEntity},
	{fault.ErrNotFound, http.StatusNotFound},
	{fault.ErrConflict, http.StatusConflict},
	{fault.ErrDenied, http.StatusForbidden},
	{fault.ErrLate, http.StatusConflict},
	{fault.ErrUnavailable, http.StatusServiceUnavailable},
}

// codeless has a code for each kind of error that comes without one.
var codeless = map[int]string{
	http.StatusUnprocessableEntity: "invalid", http.StatusNotFound: "not-found", http.StatusConflict: "conflict", http.StatusForbidden: "denied",
	http.StatusServiceUnavailable: "unavailable", http.StatusInternalServerError: "ours", http.StatusBadRequest: "invalid", http.StatusUnauthorized: "denied",
}

// fail answers with the problem document of an error: a refusal in its own words, a fault of ours in one polite sentence.
func (q *request) fail(err error) {
	p := q.problem(err)
	busy, _ := errors.AsType[*doors.Busy](err)
	if p.Status == http.StatusInternalServerError {
		q.s.Log.Error("fault", "route", q.Pattern, "error", err)
	}
	b, err := json.Marshal(p)
	if err != nil {
		q.s.Log.Error("problem document", "error", err)
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", q.Lang)
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", challenge(p.Code))
	case http.StatusConflict:
		if p.Code == "key-in-flight" {
			h.Set("Retry-After", "1")
		}
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "2")
	}
	if busy != nil {
		h.Set("Retry-After", strconv.Itoa(busy.Seconds()))
	}
	q.w.WriteHeader(p.Status)
	if _, err := q.w.Write(append(b, '\n')); err != nil {
		q.s.Log.Debug("answer not taken", "error", err)
	}
}

// challenge says how to authenticate (RFC 6750, 2012, §3).
func challenge(code string) string {
	if code == "token-invalid" {
		return `Bearer realm="bihuan", error="invalid_token"`
	}
	return `Bearer realm="bihuan"`
}

func (q *request) problem(err error) problem {
	p := problem{Status: q.statusOf(err)}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = fail(p.Status, "too-much", "", "limit", strconv.FormatInt(tooLarge.Limit>>20, 10)+" MB")
	}
	if p.Status == http.StatusUnauthorized && q.Who.IsNobody() && errors.Is(err, fault.ErrDenied) {
		err = fault.Refuse(fault.ErrDenied, "sign-in-first", "")
	}
	p.Code, p.Detail = codeless[p.Status], words.Of(err, q.Lang)
	var r *fault.Refusal
	if errors.As(err, &r) {
		p.Code, p.Parameter = r.Code, r.With["parameter"]
		p.Field = q.pointer(r.Field)
	}
	var said interface{ Words() name.Text }
	if errors.As(err, &said) {
		p.Detail = said.Words().In(q.Lang)
	}
	p.Title = words.Say(q.Lang, "problem."+strconv.Itoa(p.Status))
	p.Type = Base + "/problems/" + url.PathEscape(p.Code)
	return p
}

func (q *request) statusOf(err error) int {
	var f *failure
	var tooLarge *http.MaxBytesError
	var r *fault.Refusal
	var said interface{ Words() name.Text }
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &f):
		return f.status
	case isBusy(err):
		return http.StatusTooManyRequests
	case errors.As(err, &r) && r.Code == "late-version":
		return http.StatusPreconditionFailed
	case errors.As(err, &said) && r != nil && r.Code == "too-large": // of a file; of a number it is a value that is wrong
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, fault.ErrDenied) && q.Who.IsNobody():
		return http.StatusUnauthorized
	case errors.Is(err, fault.ErrInvalid) && q.Method == http.MethodGet:
		return http.StatusBadRequest // only the query can be wrong
	}
	for _, a := range answers {
		if errors.Is(err, a.kind) {
			return a.status
		}
	}
	return http.StatusInternalServerError
}

func isBusy(err error) bool { _, ok := errors.AsType[*doors.Busy](err); return ok }

// topLevel are the fields of bodies that stand beside the form of an act.
var topLevel = map[string]bool{"reason": true, "code": true, "units": true, "until": true, "clock": true, "evidence": true, "kind": true, "goal": true, "act": true,
	"text": true, "title": true, "year": true, "drafts": true, "period": true, "value": true, "standing": true, "note": true, "file": true, "name": true, "all": true, "service": true, "place": true, "address": true, "for": true, "event": true, "sensor": true, "at": true}

// pointer returns a refusal's field as a JSON Pointer into the body: a field of a form stands below /with.
func (q *request) pointer(field string) string {
	_, form := q.body().(actLike)
	switch {
	case field == "" || field[0] == '/':
		return field
	case form && (!topLevel[field] || formOnly[field]):
		return "/with/" + escape(field)
	}
	return "/" + escape(field)
}

// formOnly are names that bodies of acts have in the form, if at all.
var formOnly = map[string]bool{"title": true, "year": true, "note": true, "period": true, "value": true, "name": true, "text": true, "file": true, "standing": true}

// body is the example of the route's body.
func (q *request) body() any {
	if q.rt == nil {
		return nil
	}
	return q.rt.body
}

// escape writes a key as a JSON Pointer does (RFC 6901, 2013, §3).
func escape(key string) string { return pointer.Replace(key) }

var pointer = strings.NewReplacer("~", "~0", "/", "~1")

// problem answers what a code means.
func (s *server) problem(q *request) (answer, error) {
	code := q.PathValue("code")
	for _, key := range []string{"refusal." + code, "fault." + code} {
		if words.Has(key) {
			return answer{body: problemWords{code, name.Text{ZH: words.Say("zh", key), EN: words.Say("en", key)}}}, nil
		}
	}
	return answer{}, fail(http.StatusNotFound, "not-found", "")
}
