package open311

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
)

// maxKey is the longest Idempotency-Key, in bytes.
const maxKey = 200

// sealed adds to what is filed under an Idempotency-Key a small file that stands for all that was said, so that the same key with
// something else can be told from the same again. It refuses a key whose first request is still under way. What it returns is to be
// called at the end. Without a key, and in the sandbox, nothing is sealed.
//
// Source: draft-ietf-httpapi-idempotency-key-header-07 (2025), §2, which GeoReport v2 does not know.
func (q *request) sealed(f *doors.Filing) (landed func(), err error) {
	key := q.Header.Get("Idempotency-Key")
	switch {
	case key == "" || q.test || q.s.Past == nil:
		return func() {}, nil
	case len(key) > maxKey:
		return nil, wrong(http.StatusBadRequest, "key-too-long", "Idempotency-Key", "limit", "200")
	}
	if _, busy := q.s.flying.LoadOrStore(f.Receipt, true); busy {
		q.w.Header().Set("Retry-After", "1")
		return nil, wrong(http.StatusConflict, "key-in-flight", "Idempotency-Key")
	}
	f.Seals = append(f.Seals, q.seal(f.Receipt))
	return func() { q.s.flying.Delete(f.Receipt) }, nil
}

// seal stands for a receipt and everything that was said with it, but for the key of whoever says it.
func (q *request) seal(receipt string) journal.File {
	h := ledger.SM3.New()
	fmt.Fprintf(h, "open311 %q", receipt)
	for _, said := range []map[string][]string{q.asked.values, q.form.values} {
		for _, name := range slices.Sorted(maps.Keys(said)) {
			if name != "api_key" {
				fmt.Fprintf(h, "%q %q", name, said[name])
			}
		}
	}
	for _, p := range q.form.files {
		h.Write(p.Hash[:])
	}
	f := journal.File{Name: "request", Media: "text/plain; charset=us-ascii", Bytes: fmt.Appendf(nil, "idempotency open311 %x", h.Sum(nil))}
	h = ledger.SM3.New()
	h.Write(f.Bytes)
	h.Sum(f.Hash[:0])
	return f
}

// same refuses with 422 what came under a key that stands for something else.
func (q *request) same(f *doors.Filing) error {
	if len(f.Seals) == 0 || q.test || q.s.Past == nil {
		return nil
	}
	_, err := q.s.Past.File(q.Context(), f.Seals[0].Hash)
	if errors.Is(err, fault.ErrNotFound) {
		return wrong(http.StatusUnprocessableEntity, "key-reused", "Idempotency-Key")
	}
	return err
}
