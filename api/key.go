package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"bihuan/ground/ledger"
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

// asked is a hash of what a request asks for. It is kept with what its command did, so that the same key with another request can be told from
// the same request again. The answer itself is the command's receipt.
func (q *request) asked(body any, files []journal.File) (ledger.Hash, error) {
	what := struct {
		Path  string
		Body  any
		Files []string
	}{q.URL.Path, body, nil}
	for _, f := range files {
		what.Files = append(what.Files, f.Hash.String())
	}
	b, err := json.Marshal(what)
	return hashOf(b), err
}

// again reports whether the command of a key was carried out before, and refuses the key if that was for another request.
func (q *request) again(command string, asked ledger.Hash) (done bool, err error) {
	if command == "" {
		return false, nil
	}
	r, done, err := q.s.Past.Receipt(q.Context(), q.s.Desk.District(), command)
	if err == nil && done {
		err = sameRequest(&r, asked)
	}
	return done, err
}

// reused is the refusal of a key that stands for another request.
func reused() error {
	return fail(http.StatusUnprocessableEntity, "key-reused", "", "parameter", "Idempotency-Key")
}

// sameRequest refuses a key that comes again with another request. What was not noted when the key came first, by a version before, is
// taken for the same.
func sameRequest(r *journal.Receipt, asked ledger.Hash) error {
	if r.Asked != asked && r.Asked != (ledger.Hash{}) {
		return reused()
	}
	return nil
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
