package open311

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"bihuan/desk/doors"
	"bihuan/desk/words"
	"bihuan/ground/fault"
)

// failure is a refusal that is answered with a status of its own. Several may be told at once: see [failures].
type failure struct {
	status int
	*fault.Refusal
}

// Unwrap gives the refusal for its words.
func (f *failure) Unwrap() error { return f.Refusal }

// wrong returns a failure on a parameter. with alternates names and values.
func wrong(status int, code, parameter string, with ...string) *failure {
	return &failure{status, fault.Refuse(fault.ErrInvalid, code, parameter, with...)}
}

// failures are several things that are wrong with one request.
type failures []error

func (f failures) Error() string { return errors.Join(f...).Error() }

// add notes what is wrong, if anything is.
func (f *failures) add(err error) {
	if err != nil {
		*f = append(*f, err)
	}
}

// called are the parameters of GeoReport that fields of doors go by.
var called = map[string]string{"service": "service_code", "text": "description", "place": "lat, long", "photos": "media", "name": "first_name, last_name"}

// wrong answers an error as GeoReport v2 has it: 404 for what does not exist, 403 for a key, 400 for anything else that is the
// caller's; and 429 for who came too often.
func (q *request) wrong(err error) answer {
	all := failures{err}
	if many, ok := errors.AsType[failures](err); ok {
		all = many
	}
	status, list := 0, listOf[oops]{}
	for _, one := range all {
		s := statusOf(one)
		if s == http.StatusInternalServerError && !errors.Is(one, context.Canceled) { // whoever has gone away is no fault
			q.s.Log.Error("fault", "route", q.route(), "error", one)
		}
		status = max(status, s)
		list = append(list, oops{s, q.says(one)})
	}
	if busy, ok := errors.AsType[*doors.Busy](err); ok {
		q.w.Header().Set("Retry-After", strconv.Itoa(busy.Seconds()))
	}
	return answer{status: status, root: "errors", list: list}
}

func statusOf(err error) int {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.status
	}
	if _, ok := errors.AsType[*doors.Busy](err); ok {
		return http.StatusTooManyRequests
	}
	r, _ := errors.AsType[*fault.Refusal](err)
	switch {
	case r != nil && r.Code == "service-unknown", errors.Is(err, fault.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, fault.ErrDenied):
		return http.StatusForbidden
	case errors.Is(err, fault.ErrUnavailable):
		return http.StatusServiceUnavailable
	case fault.KindOf(err) != nil:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// says tells a person what is wrong, with the parameter in front.
func (q *request) says(err error) string {
	said := words.Of(err, q.Lang)
	r, ok := errors.AsType[*fault.Refusal](err)
	if !ok || r.Field == "" {
		return said
	}
	parameter := r.Field
	if p, ok := called[parameter]; ok {
		parameter = p
	} else if q.rt != nil && q.form.attribute(parameter) {
		parameter = "attribute[" + parameter + "]"
	}
	return parameter + ": " + said
}
