package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// maxKey is the longest Idempotency-Key, in bytes.
const maxKey = 200

// command returns the id of the command that a request's Idempotency-Key stands for, empty without a key: the same
// key of the same person for the same method is the same command, whoever else uses that key.
//
// Source: draft-ietf-httpapi-idempotency-key-header-07 (2025), §2: a missing key is answered with 400 where it is required, a key
// that comes again with another request with 422, and one whose first request is still under way with 409.
func (q *request) command() (string, error) {
	key := strings.Trim(q.Header.Get("Idempotency-Key"), `" `)
	switch {
	case len(key) > maxKey:
		return "", fail(http.StatusBadRequest, "key-too-long", "", "limit", strconv.Itoa(maxKey), "parameter", "Idempotency-Key")
	case key == "" && q.rt.key == mustKey:
		return "", fail(http.StatusBadRequest, "key-missing", "", "parameter", "Idempotency-Key")
	case key == "":
		return "", nil
	}
	whose := string(q.Who.Person)
	if q.Who.For != "" {
		whose += " for " + string(q.Who.For)
	}
	h := hashOf([]byte(strings.Join([]string{"idempotency-key", whose, q.rt.method, q.rt.path, key}, "\x00")))
	q.flying = "api-" + h.String()[:40]
	if _, busy := q.s.flying.LoadOrStore(q.flying, true); busy {
		q.flying = ""
		return "", fail(http.StatusConflict, "key-in-flight", "", "parameter", "Idempotency-Key")
	}
	return q.flying, nil
}

// land lets the same key come again: the answer is on its way.
func (q *request) land() {
	if q.flying != "" {
		q.s.flying.Delete(q.flying)
	}
}

// seal is a small file that is kept with what a command did: it stands for the request, so that the same key with
// another request can be told from the same request again. The answer itself is the command's receipt.
func (q *request) seal(command string, body any, files []journal.File) (journal.File, error) {
	what := struct {
		Command, Path string
		Body          any
		Files         []string
	}{command, q.URL.Path, body, nil}
	for _, f := range files {
		what.Files = append(what.Files, f.Hash.String())
	}
	b, err := json.Marshal(what)
	h := hashOf(b)
	b = []byte("idempotency " + command + " " + h.String())
	return journal.File{Hash: hashOf(b), Name: "request", Media: "text/plain; charset=us-ascii", Bytes: b}, err
}

// reused is the refusal of a key that stands for another request.
func reused() error {
	return fail(http.StatusUnprocessableEntity, "key-reused", "", "parameter", "Idempotency-Key")
}

// holds returns nil if what a command did was sealed with this very request.
func (q *request) holds(seal journal.File) error {
	_, err := q.s.Past.File(q.Context(), seal.Hash)
	if errors.Is(err, fault.ErrNotFound) {
		return reused()
	}
	return err
}

// version returns the version that If-Match names, 0 for any (RFC 9110, 2022, §13.1.1; RFC 6585, 2012, §3 without it).
func (q *request) version() (int64, error) {
	h := strings.TrimSpace(q.Header.Get("If-Match"))
	switch {
	case h == "":
		return 0, fail(http.StatusPreconditionRequired, "match-missing", "", "parameter", "If-Match")
	case h == "*":
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.Trim(h, `"`), 10, 64)
	if err != nil || n < 1 {
		return 0, fail(http.StatusPreconditionFailed, "late-version", "", "parameter", "If-Match")
	}
	return n, nil
}
