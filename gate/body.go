package gate

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strings"
)

// separators counts what stands between parameters.
func separators(query string) int { return strings.Count(query, "&") + strings.Count(query, ";") }

// bound puts the body behind its limits.
func bound(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "application/x-www-form-urlencoded" {
		r.Body = &fields{body: http.MaxBytesReader(w, r.Body, MaxForm), left: MaxFields}
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
}

// fields is a form that may have only so many fields. One more ends it as one byte too many does.
type fields struct {
	body io.ReadCloser
	left int
}

func (f *fields) Read(p []byte) (int, error) {
	n, err := f.body.Read(p)
	if f.left -= bytes.Count(p[:n], []byte{'&'}); f.left <= 0 {
		return 0, &http.MaxBytesError{Limit: MaxForm}
	}
	return n, err
}

func (f *fields) Close() error { return f.body.Close() }
