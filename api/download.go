package api

import (
	"mime"
	"net/http"
	"strconv"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// matterFile hands out a file of a matter; whether the caller may read it, the desk says.
func (s *server) matterFile(q *request) (answer, error) {
	hash, err := q.hash()
	if err != nil {
		return answer{}, err
	}
	id := name.ID(q.PathValue("id"))
	if q.said("original") == "true" {
		f, err := s.Desk.Original(q.Context(), q.Who, id, hash)
		return answer{file: &f}, err
	}
	f, err := s.Desk.File(q.Context(), q.Who, id, hash)
	if err == nil {
		f, err = s.Desk.Served(q.Context(), f)
	}
	return answer{file: &f}, err
}

// goalFile hands out a file that came with a goal's figure.
func (s *server) goalFile(q *request) (answer, error) {
	hash, err := q.hash()
	if err != nil {
		return answer{}, err
	}
	f, err := s.Desk.GoalFile(q.Context(), q.Who, name.ID(q.PathValue("id")), hash)
	if err == nil {
		f, err = s.Desk.Served(q.Context(), f)
	}
	return answer{file: &f}, err
}

// hash reads the SM3 in the path. What is none names no file.
func (q *request) hash() (ledger.Hash, error) {
	h, err := ledger.ParseHash(q.PathValue("hash"))
	if err != nil {
		return h, fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	return h, nil
}

// send answers with a file, to be kept: whatever the bytes are, a browser runs nothing of them. The hash is also the ETag.
func (q *request) send(f *journal.File) {
	h := q.w.Header()
	media := f.Media
	if _, _, err := mime.ParseMediaType(media); err != nil {
		media = "application/octet-stream"
	}
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.Itoa(len(f.Bytes)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	h.Set("ETag", `"`+f.Hash.String()+`"`)
	q.w.WriteHeader(http.StatusOK)
	if _, err := q.w.Write(f.Bytes); err != nil {
		q.s.Log.Debug("file not taken", "error", err) // the caller has gone; there is nobody to tell
	}
}
