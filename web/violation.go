package web

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"bihuan/desk/pace"
	"bihuan/desk/security"
	"bihuan/ground/fault"
)

// ViolationsPath is where browsers tell of content that a policy kept out.
const ViolationsPath = "/csp-report"

// maxViolation bounds what a browser tells, ours: a report has some 2 KB.
const maxViolation = 32 << 10

// violation is what a browser tells of content that it did not load or run because a page's policy forbids it.
//
// Source: W3C Content Security Policy Level 3, 5.3 (application/csp-report), as read about.
type violation struct {
	Document string `json:"document-uri"` // the address of the page
	Blocked  string `json:"blocked-uri"`  // what was kept out: an address or its scheme, inline, eval
}

// takeViolation takes what a browser tells of content that was kept out, and has the security log count it by page and sort: no address, no text and no person of the
// report is kept. Whoever tells is not looked at, and told nothing.
func (s *server) takeViolation(q *request) error {
	if err := s.Pace.Admit("", q.entrance().Address, pace.Told); err != nil {
		return err
	}
	b, err := io.ReadAll(http.MaxBytesReader(q.w, q.Body, maxViolation))
	if err != nil {
		return err
	}
	v, err := readViolation(q.Header.Get("Content-Type"), b)
	if err != nil {
		return err
	}
	if code := v.code(); code != "" {
		s.Security.Tell(security.Event{Kind: security.Refused, Code: code, Address: q.entrance().Address, Where: s.patternOf(v.Document, q.Host)})
	}
	q.done = true
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

// readViolation reads what a browser tells. It wraps [fault.ErrInvalid].
func readViolation(contentType string, b []byte) (v violation, err error) {
	var told struct {
		Report *violation `json:"csp-report"`
	}
	media, _, _ := mime.ParseMediaType(contentType)
	if media != "application/csp-report" || json.Unmarshal(b, &told) != nil || told.Report == nil {
		return v, fmt.Errorf("this is no report of a browser: %w", fault.ErrInvalid)
	}
	return *told.Report, nil
}

// code says which sort of content was kept out; empty for that of a browser's own additions, which say nothing of our pages.
func (v *violation) code() string {
	scheme, _, _ := strings.Cut(v.Blocked, ":")
	switch {
	case strings.HasSuffix(scheme, "-extension") || scheme == "about" || scheme == "chrome":
		return ""
	case v.Blocked == "inline" || v.Blocked == "eval" || v.Blocked == "wasm-eval" || scheme == "data" || scheme == "javascript":
		return "content-inline"
	}
	return "content-foreign"
}

// patternOf is the pattern of the page that an address of ours leads to, without what is particular in it; empty for other addresses.
func (s *server) patternOf(address, host string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.EqualFold(u.Host, host) {
		return ""
	}
	_, pattern := s.table.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: u.Path}, Host: host})
	return pattern
}
