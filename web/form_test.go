package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// withFiles returns a request with a form with files.
func withFiles(t *testing.T, address string, kv ...string) *request {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(kv); i += 2 {
		if err := w.WriteField(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, address, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return &request{Request: r}
}

// TestAFormGoesBeforeItsAddress with files as without.
func TestAFormGoesBeforeItsAddress(t *testing.T) {
	const address = "/report?text=address&only=address"
	plain := httptest.NewRequest(http.MethodPost, address, strings.NewReader("text=form&text=again"))
	plain.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, q := range map[string]*request{"without files": {Request: plain}, "with files": withFiles(t, address, "text", "form", "text", "again")} {
		if q.FormValue("text") != "form" || q.PostFormValue("text") != "form" || q.FormValue("only") != "address" || q.PostFormValue("only") != "" || len(q.Form["text"]) != 3 {
			t.Errorf("%s: %v, %v", name, q.Form, q.PostForm)
		}
	}
}

// TestABrokenFormIsNoFaultOfOurs: it is told as what it is, and nothing is done.
func TestABrokenFormIsNoFaultOfOurs(t *testing.T) {
	h := stand(t)
	part := "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx\r\n"
	for name, c := range map[string]struct{ media, body string }{
		"a byte 0 in a file's name": {"multipart/form-data; boundary=b", part + "--b\r\nContent-Disposition: form-data; name=\"photos\"; filename=\"a\x00b.png\"\r\n\r\nx\r\n--b--\r\n"},
		"cut off":                   {"multipart/form-data; boundary=b", part},
		"without a boundary":        {"multipart/form-data", part},
		"of another sort":           {"multipart/mixed; boundary=b", part + "--b--\r\n"},
		"in pieces without end":     {"multipart/form-data; boundary=b", strings.Repeat(part, 1001) + "--b--\r\n"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/report", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.media)
		w := httptest.NewRecorder()
		h.pages.ServeHTTP(w, r)
		if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}
