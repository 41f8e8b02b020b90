package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// flaw is a refusal in words, at the field of the form that it concerns.
type flaw struct {
	Field string // empty for the form as a whole
	Says  string
}

// flaw returns what an error says on the form that was sent, and false for one that no form can mend: a fault of
// ours, or nothing there.
func (q *request) flaw(err error) (flaw, bool) {
	var r *fault.Refusal
	if !errors.As(err, &r) {
		return flaw{}, false
	}
	says := words.Of(err, q.Lang)
	if t := r.With["title"]; t != "" && !strings.Contains(says, t) {
		says = words.Say(q.Lang, "form.of", "title", t) + says
	}
	return flaw{r.Field, says}, true
}

// uploads reads the files of a form's field, which are to be kept. A field without a file gives none.
func (q *request) uploads(field string) ([]journal.File, error) {
	return q.files(field, func(called string, b []byte) (journal.File, error) {
		return desk.Upload(field, called, "text/plain; charset=utf-8", b)
	})
}

// papers reads the files of a form's field of which only the text or the rows are taken and which are not kept. What a page may carry
// besides, as each saved from a browser does, goes no further; what their reader cannot read it refuses itself, and says how to have it read.
func (q *request) papers(field string) ([]journal.File, error) {
	return q.files(field, func(called string, b []byte) (journal.File, error) {
		return journal.File{Name: called, Bytes: b}, nil
	})
}

func (q *request) files(field string, take func(called string, b []byte) (journal.File, error)) (all []journal.File, err error) {
	if err := q.parseForm(); err != nil {
		return nil, err
	}
	if q.MultipartForm == nil {
		return nil, nil
	}
	for _, h := range q.MultipartForm.File[field] {
		if h.Filename == "" && h.Size == 0 {
			continue
		}
		if len(all) == desk.MaxUploads {
			return nil, fault.Refuse(fault.ErrInvalid, "too-many-files", field, "limit", "20")
		}
		b, err := readUpload(h)
		if err != nil {
			return nil, err
		}
		f, err := take(h.Filename, b)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, q.s.Pace.AdmitFiles(q.Who.Person, q.entrance().Address, all)
}

// readUpload reads a file as far as one may be long, and one byte more.
func readUpload(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, desk.MaxUpload+1))
}

// maxMemory is how much of a form is kept in memory; larger files go to the system's temporary folder meanwhile.
const maxMemory = 8 << 20

// parseForm reads the form, with or without files. A form that is too large wraps http.MaxBytesError; what says that it has files and
// is no such form is refused.
func (q *request) parseForm() error {
	if !strings.HasPrefix(q.Header.Get("Content-Type"), "multipart/") {
		return q.ParseForm()
	}
	if q.MultipartForm != nil {
		return q.otherHands()
	}
	err := q.ParseMultipartForm(maxMemory)
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge:
		return err
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return &http.MaxBytesError{Limit: maxForm}
	case err != nil:
		return fault.Refuse(fault.ErrInvalid, "form-broken", "")
	}
	q.bodyFirst()
	return q.otherHands()
}

// bodyFirst puts what a form with files says before what its address says, as net/http does for forms without: otherwise whoever
// makes somebody's browser send it elsewhere says what is in it.
func (q *request) bodyFirst() {
	all := q.URL.Query()
	for k, v := range q.PostForm {
		all[k] = slices.Concat(v, all[k])
	}
	q.Form = all
}

// FormValue is the first value of a field, empty if there is none or if there is no form to read; see parseForm.
func (q *request) FormValue(key string) string {
	if err := q.parseForm(); err != nil {
		return ""
	}
	return q.Form.Get(key)
}

// PostFormValue is FormValue without what the address says.
func (q *request) PostFormValue(key string) string {
	if err := q.parseForm(); err != nil {
		return ""
	}
	return q.PostForm.Get(key)
}

// readForm reads a form before its page does: pages take the values that they find, and a form that is too large
// would be one without any. What is merely misspelt is left to the page.
func (q *request) readForm() error {
	switch media, _, _ := mime.ParseMediaType(q.Header.Get("Content-Type")); media {
	case "application/x-www-form-urlencoded":
		err := q.ParseForm()
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return err
		}
	case "multipart/form-data":
		return q.parseForm()
	}
	return nil
}

// Asked returns a value of the page's own address.
func (q *request) Asked(key string) string { return q.URL.Query().Get(key) }

// With returns the page's own address with values changed; an empty value takes the key out. The cursor goes too
// unless it is what changes: another question begins at its first page.
func (q *request) With(kv ...string) string {
	v := q.URL.Query()
	v.Del("cursor")
	v.Del("done")
	v.Del("n")
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i+1] == "" {
			v.Del(kv[i])
		} else {
			v.Set(kv[i], kv[i+1])
		}
	}
	return address(q.URL.Path, v)
}

// Narrowed returns how many conditions of a list's filter the page's own address holds, for the phone, where the filter is folded. What every
// filter sends along (the year, whose cases) and what is no condition (tab, page, the row that is open, the words of a search) is left out.
func (q *request) Narrowed() int {
	n := 0
	for key, all := range q.URL.Query() {
		switch key {
		case "q", "tab", "cursor", "case", "act", "box", "year", "whose", "done", "n", "list":
		default:
			if all[0] != "" {
				n++
			}
		}
	}
	return n
}

// address writes a path with its query.
func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// Units returns all units, for choices.
func (q *request) Units() []desk.Unit { return q.s.Desk.Directory().Units }

// staff is the persons of one unit, for choices.
type staff struct {
	Unit    desk.Unit
	Persons []desk.Person
}

// Staff returns all persons by unit, in the order of the units.
func (q *request) Staff() (all []staff) {
	dir := q.s.Desk.Directory()
	for _, u := range dir.Units {
		if persons := dir.Of(u.Key, ""); len(persons) > 0 {
			all = append(all, staff{u, persons})
		}
	}
	return all
}

// StaffOf is [request.Staff] of one unit, without whoever has left or has no role any more: who may have a matter there. Of no unit, it is of all.
func (q *request) StaffOf(unit name.Unit) []staff {
	if unit == "" {
		return q.Staff()
	}
	all := slices.DeleteFunc(q.Staff(), func(s staff) bool { return s.Unit.Key != unit })
	for i := range all {
		all[i].Persons = slices.DeleteFunc(slices.Clone(all[i].Persons), func(p desk.Person) bool { return len(q.s.Desk.RolesNow(p.Key)) == 0 })
	}
	return all
}

// Leaders returns the persons who may be answerable leaders.
func (q *request) Leaders() []desk.Person { return q.s.Desk.StaffWith("", "leader") }

// Says returns a key of the catalogue in the language of the request.
func (q *request) Says(key string, with ...any) string { return words.Say(q.Lang, key, with...) }

// unitsOf reads keys of units that were ticked.
func unitsOf(keys []string) (all []name.Unit) {
	for _, k := range keys {
		if k != "" {
			all = append(all, name.Unit(k))
		}
	}
	return all
}
