package web

import (
	"bytes"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"bihuan/desk/doors"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/kernel/account"
)

// render answers with a page. A page that cannot be rendered is answered as a fault of ours, never in half.
func (q *request) render(status int, page string, view any) error {
	b := takeSheet()
	defer putSheet(b)
	if err := q.s.face.Page(b, q.Lang, page, shown{q, view}); err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.Header().Set("Cache-Control", "no-store")
	q.w.WriteHeader(status)
	_, err := b.WriteTo(q.w)
	q.done = true
	return err
}

// sheets are what pages are rendered on before they are sent, so that not every page has one grow for itself.
var sheets sync.Pool

// largeSheet is from how many bytes on a sheet is not kept: few pages are so large.
const largeSheet = 256 << 10

func takeSheet() *bytes.Buffer {
	if b, ok := sheets.Get().(*bytes.Buffer); ok {
		return b
	}
	return new(bytes.Buffer)
}

func putSheet(b *bytes.Buffer) {
	if b.Reset(); b.Cap() <= largeSheet {
		sheets.Put(b)
	}
}

// renderPart answers with one piece of a page, for scripts that put it in its place.
func (q *request) renderPart(page, part string, view any) error {
	var b bytes.Buffer
	if err := q.s.face.Part(&b, q.Lang, page, part, shown{q, view}); err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.Header().Set("Cache-Control", "no-store")
	_, err := b.WriteTo(q.w)
	q.done = true
	return err
}

// redirect answers a form with the page to show next.
func (q *request) redirect(to string) error {
	http.Redirect(q.w, q.Request, to, http.StatusSeeOther)
	q.done = true
	return nil
}

// after answers a form: what was done leads on to a page; what was refused shows the form's own page again, with the reason. Faults of ours, and
// whoever has only to prove once more who they are, are left to the caller.
func (q *request) after(err error, to string, again func(*request, error) error) error {
	switch {
	case err == nil:
		return q.redirect(to)
	case fault.KindOf(err) == nil || isProveAgain(err):
		return err
	}
	return again(q, err)
}

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

// wrongView is the page of what went wrong.
type wrongView struct {
	Status int
	Title  string // key of the heading
	What   string
	Next   string   // key of what to do, empty where What says it
	Whose  string   // the posts and persons that may do this, empty where it is not the post that is missing
	Why    string   // address of the page that says who may do this, empty where that helps nobody
	Kept   []string // what somebody wrote in the form that was not taken, to copy
}

// What is shown of a form that was not taken. Ours: shorter texts are typed again sooner than they are copied.
const (
	keptFrom   = 12      // characters of a text
	mostKeptOf = 4000    // characters of one
	mostKeptIn = 1 << 20 // bytes of a form, of whoever may be anybody
)

// keptTexts are the texts of a form that was not taken: whoever wrote for an hour and was signed out meanwhile has them to copy, as the form
// itself is gone. Only what is written at length and openly is among them, no secret.
func (q *request) keptTexts() (all []string) {
	if q.Method != http.MethodPost || q.ContentLength <= 0 || q.ContentLength > mostKeptIn || q.parseForm() != nil {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(q.PostForm)) {
		if !strings.HasPrefix(key, "f.") && !slices.Contains([]string{"text", "reason", "note"}, key) {
			continue
		}
		for _, text := range q.PostForm[key] {
			if text = strings.TrimSpace(text); utf8.RuneCountInString(text) >= keptFrom {
				all = append(all, clipText(text, mostKeptOf))
			}
		}
	}
	return all
}

// fail answers with the page of what went wrong: a refusal in its own words, a fault of ours in one polite sentence.
func (q *request) fail(err error) {
	if q.done {
		return
	}
	if r := (*fault.Refusal)(nil); errors.As(err, &r) && r.Code == "prove-again" && q.visit != nil {
		q.proveAgain()
		return
	}
	status := http.StatusInternalServerError
	for _, a := range answers {
		if errors.Is(err, a.kind) {
			status = a.status
			break
		}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		status, err = http.StatusRequestEntityTooLarge, fault.Refuse(fault.ErrInvalid, "upload-too-large", "", "limit", "32 MB")
	}
	if busy, ok := errors.AsType[*doors.Busy](err); ok {
		status = http.StatusTooManyRequests
		q.w.Header().Set("Retry-After", itoa(busy.Seconds()))
	}
	if status == http.StatusInternalServerError {
		q.s.Log.Error("fault", "route", q.Pattern, "error", err)
	}
	what := words.Of(err, q.Lang)
	action, on := q.deniedOf(status, err)
	title, next := q.wrongWords(status)
	if err := q.render(status, "wrong", wrongView{Status: status, Title: title, Next: next, What: what, Whose: q.TaskOf(string(action), string(on)), Why: q.whyDenied(status, err), Kept: q.keptTexts()}); err != nil {
		q.s.Log.Error("fault page", "error", err)
		http.Error(q.w, what, status)
	}
}

// wrongWords are the keys of the heading of a page of what went wrong, and of what to do then.
func (q *request) wrongWords(status int) (title, next string) {
	switch {
	case status == http.StatusForbidden && q.Who.IsNobody():
		return "wrong.sign-in", ""
	case status == http.StatusForbidden && q.visit != nil && q.visit.Account.Sort != account.Staff:
		return "wrong.not-yours", "wrong.staff-only"
	case status == http.StatusForbidden:
		return "wrong.not-yours", "wrong.denied"
	case status == http.StatusNotFound:
		return "wrong.not-found", "wrong.look-again"
	case status == http.StatusTooManyRequests:
		if q.Method == http.MethodPost {
			return "wrong.wait", "wrong.again"
		}
		return "wrong.wait", ""
	case status >= http.StatusInternalServerError:
		return "wrong.ours", ""
	}
	return "wrong.title", "wrong.next"
}
