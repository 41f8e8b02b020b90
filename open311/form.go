package open311

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/kernel/journal"
)

// Limits of what is sent. Ours: a description of 4000 characters takes 36 KB in the encoding of forms.
const (
	maxForm   = 256 << 10 // bytes without files
	maxUpload = 32 << 20  // bytes with files
	maxFields = 200
	maxValue  = 64 << 10 // bytes of one value
)

// form is what a request says, as forms do: several values to a name, in their order.
type form struct {
	values map[string][]string
	files  []journal.File
}

// one returns the first value of a name without the blanks around it, empty if there is none.
func (f *form) one(name string) string {
	for _, v := range f.values[name] {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}

// list returns all values of a name; each may hold several with commas between.
func (f *form) list(name string) (all []string) {
	for _, v := range f.values[name] {
		for _, one := range strings.Split(v, ",") {
			if one = strings.TrimSpace(one); one != "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// attribute reports whether the form has something to say of an attribute.
func (f *form) attribute(code string) bool { return len(f.attributes()[code]) > 0 }

// attributes returns what is said as attribute[code]=value or attribute[code][]=value, by code. What is said twice alike is said
// once: forms send a list with one choice under either name, and some under both.
func (f *form) attributes() map[string][]string {
	all := map[string][]string{}
	for name, values := range f.values {
		rest, ok := strings.CutPrefix(name, "attribute[")
		if !ok {
			continue
		}
		code, rest, ok := strings.Cut(rest, "]")
		if !ok || code == "" || rest != "" && rest != "[]" {
			continue
		}
		for _, v := range values {
			if v = strings.TrimSpace(v); v != "" && !slices.Contains(all[code], v) {
				all[code] = append(all[code], v)
			}
		}
	}
	return all
}

// queryForm reads what stands behind the question mark of an address.
func queryForm(raw string) (form, error) {
	if len(raw) > maxForm {
		return form{}, wrong(http.StatusBadRequest, "form-too-large", "", "limit", strconv.Itoa(maxForm>>10)+" KB")
	}
	v, err := url.ParseQuery(raw)
	if err != nil {
		return form{}, wrong(http.StatusBadRequest, "form-broken", "")
	}
	return checked(form{values: v})
}

// checked refuses a form with more fields than anybody needs, or with bytes that are no UTF-8.
func checked(f form) (form, error) {
	n := 0
	for name, values := range f.values {
		n += len(values)
		for _, v := range append([]string{name}, values...) {
			switch {
			case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
				return form{}, wrong(http.StatusBadRequest, "not-utf8", "")
			case len(v) > maxValue:
				return form{}, wrong(http.StatusBadRequest, "form-too-large", "", "limit", strconv.Itoa(maxValue>>10)+" KB")
			}
		}
	}
	if n > maxFields {
		return form{}, wrong(http.StatusBadRequest, "form-too-large", "", "limit", strconv.Itoa(maxFields))
	}
	return f, nil
}

// read reads the body of a request, and before a large one looks who sends it.
func (q *request) read() error {
	media, params, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	limit := int64(maxForm)
	if media == "multipart/form-data" {
		limit = maxUpload
		if q.secret() == "" && (q.ContentLength < 0 || q.ContentLength > maxForm) {
			if err := q.s.Doors.Admit(q.entrance()); err != nil {
				return err
			}
		}
	}
	if err != nil && q.Header.Get("Content-Type") != "" {
		return wrong(http.StatusBadRequest, "form-media", "")
	}
	q.form, err = readForm(media, params, http.MaxBytesReader(q.w, q.Request.Body, limit))
	return err
}

// readForm reads a form from a body of either of the two types that forms have; none is the first.
func readForm(media string, params map[string]string, body io.Reader) (form, error) {
	if c := strings.ToLower(params["charset"]); c != "" && !slices.Contains([]string{"utf-8", "utf8", "us-ascii"}, c) {
		return form{}, wrong(http.StatusBadRequest, "not-utf8", "")
	}
	switch media {
	case "", "application/x-www-form-urlencoded":
		b, err := io.ReadAll(body)
		if err != nil {
			return form{}, brokenForm(err)
		}
		return queryForm(string(b))
	case "multipart/form-data":
		return readParts(multipart.NewReader(body, params["boundary"]))
	}
	return form{}, wrong(http.StatusBadRequest, "form-media", "")
}

// readParts reads the parts of a form: a part with a file's name is a photo, whatever it is called; any other is a value.
func readParts(r *multipart.Reader) (form, error) {
	f := form{values: map[string][]string{}}
	for n := 0; ; n++ {
		p, err := r.NextPart()
		switch {
		case err == io.EOF:
			return checked(f)
		case err != nil:
			return form{}, brokenForm(err)
		case n == maxFields:
			return form{}, wrong(http.StatusBadRequest, "form-too-large", "", "limit", strconv.Itoa(maxFields))
		case p.FileName() != "":
			err = f.photo(p)
		default:
			var b []byte
			if b, err = io.ReadAll(io.LimitReader(p, maxValue+1)); err == nil {
				f.values[p.FormName()] = append(f.values[p.FormName()], string(b))
			}
		}
		if err != nil {
			return form{}, brokenForm(err)
		}
	}
}

// photo keeps a part that is a picture. An empty part is one where nobody chose a file.
func (f *form) photo(p *multipart.Part) error {
	b, err := io.ReadAll(io.LimitReader(p, desk.MaxUpload+1))
	if err != nil || len(b) == 0 {
		return err
	}
	if len(f.files) == doors.MaxPhotos {
		return wrong(http.StatusBadRequest, "too-many-photos", "photos", "limit", strconv.Itoa(doors.MaxPhotos))
	}
	media := http.DetectContentType(b)
	if !strings.HasPrefix(media, "image/") {
		return wrong(http.StatusBadRequest, "not-photo", "photos", "file", p.FileName())
	}
	file, err := desk.Upload("photos", p.FileName(), media, b)
	f.files = append(f.files, file)
	return err
}

// brokenForm keeps a refusal and what the limit says; anything else is a body that is no form.
func brokenForm(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return wrong(http.StatusBadRequest, "form-too-large", "", "limit", strconv.FormatInt(tooLarge.Limit>>10, 10)+" KB")
	}
	if statusOf(err) != http.StatusInternalServerError {
		return err
	}
	return wrong(http.StatusBadRequest, "form-broken", "")
}

// secret is the key that a request shows: in the form, in its address, or in the header X-API-Key.
func (q *request) secret() string {
	if s := q.said("api_key"); s != "" {
		return s
	}
	return q.Header.Get("X-API-Key")
}

// entrance is who stands at the door, before any key is known.
func (q *request) entrance() doors.Entrance {
	return doors.Entrance{Address: doors.Address(q.RemoteAddr)}
}
