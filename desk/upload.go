package desk

import (
	"fmt"
	"path"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/kernel/journal"
)

// Limits of uploads, ours: a phone's photo has 3 to 8 MB, a scanned document seldom more.
const (
	MaxUpload  = 20 << 20 // bytes of one file
	MaxUploads = 20       // files of one form
)

// Upload returns a file as it is kept: by the SM3 of its bytes, under the name that the person gave it, without any
// folder. media is what the bytes are, not what they claim. An empty or oversized file is refused on the field.
func Upload(field, called, media string, b []byte) (journal.File, error) {
	switch {
	case len(b) == 0:
		return journal.File{}, fault.Refuse(fault.ErrInvalid, "upload-empty", field, "file", called)
	case len(b) > MaxUpload:
		return journal.File{}, fault.Refuse(fault.ErrInvalid, "upload-too-large", field, "limit", fmt.Sprintf("%d MB", MaxUpload>>20))
	}
	f := journal.File{Name: fileName(called), Media: media, Bytes: b}
	h := ledger.SM3.New()
	h.Write(b)
	h.Sum(f.Hash[:0])
	return f, nil
}

// fileName keeps the last part of a name, without signs that a header or a file system could misread, at most 120 characters.
func fileName(called string) string {
	called = path.Base(strings.ReplaceAll(called, `\`, "/"))
	called = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"<>|:*?/`, r) {
			return -1
		}
		return r
	}, called)
	if r := []rune(called); len(r) > 120 {
		called = string(r[len(r)-120:])
	}
	if called == "" || called == "." || called == ".." {
		return "file"
	}
	return called
}
