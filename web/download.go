package web

import (
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"net/url"

	"bihuan/export"
	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// writers are the formats in which every list can be had.
var writers = map[string]struct {
	media string
	write func(io.Writer, export.Table) error
}{
	"csv":  {"text/csv; charset=utf-8", export.CSV},
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", export.XLSX},
	"json": {"application/json; charset=utf-8", export.JSON},
}

// download answers with a list as a file. Once the first byte is out, a fault can only break it off, which the
// browser shows as a failed download.
func (q *request) download(called, format string, t export.Table) error {
	w, ok := writers[format]
	if !ok {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	q.attach(called+"."+format, w.media)
	q.done = true
	if err := w.write(q.w, t); err != nil {
		q.s.Log.Error("download", "route", q.Pattern, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// attach sets the header of an answer that is kept, never shown in the page's place: whatever the bytes are, the
// browser runs nothing of them.
func (q *request) attach(called, media string) {
	h := q.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q; filename*=UTF-8''%s", plainName(called), url.PathEscape(called)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-store")
}

// plainName is a file's name for old clients: ASCII, the rest as underscores.
func plainName(called string) string {
	b := []byte{}
	for _, r := range called {
		if r > ' ' && r < 0x7f && r != '"' && r != '\\' && r != '%' {
			b = append(b, byte(r))
		} else {
			b = append(b, '_')
		}
	}
	return string(b)
}

// file answers with an upload as it may be handed out.
func (q *request) file(f journal.File) error {
	f, err := q.s.Desk.Served(q.Context(), f)
	if err != nil {
		return err
	}
	return q.bytes(f)
}

// bytes answers with a file as it is.
func (q *request) bytes(f journal.File) error {
	media := f.Media
	if _, _, err := mime.ParseMediaType(media); err != nil {
		media = "application/octet-stream"
	}
	q.attach(f.Name, media)
	q.done = true
	_, err := q.w.Write(f.Bytes)
	return err
}

// rowsOf yields rows that are all there already.
func rowsOf(rows [][]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}
