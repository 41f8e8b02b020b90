package desk

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/photo"
	"bihuan/ground/upload"
	"bihuan/kernel/journal"
)

// Limits of uploads, ours: a phone's photo has 3 to 8 MB, a scanned document seldom more.
const (
	MaxUpload  = 20 << 20 // bytes of one file
	MaxUploads = 20       // files of one form
)

// Upload returns a file as it is kept: by the SM3 of its bytes, under the name that the person gave it, without any
// folder and with an ending that fits what it is. What it is is told by the bytes; media is kept for text that the caller
// knows better. Refused on the field are an empty or oversized file, a picture that cannot be read or has too many points,
// and what [upload.Look] refuses.
func Upload(field, called, media string, b []byte) (journal.File, error) {
	switch {
	case len(b) == 0:
		return journal.File{}, fault.Refuse(fault.ErrInvalid, "upload-empty", field, "file", called)
	case len(b) > MaxUpload:
		return journal.File{}, fault.Refuse(fault.ErrInvalid, "upload-too-large", field, "limit", fmt.Sprintf("%d MB", MaxUpload>>20))
	}
	kind, err := upload.Look(b)
	if err == nil && kind.Image {
		if _, bad := photo.Size(b); bad != nil {
			err = fault.Refuse(fault.ErrInvalid, "upload-picture", "", "limit", fmt.Sprint(photo.MaxPixels/1_000_000))
		}
	}
	if err != nil {
		r := asRefusal(err)
		return journal.File{}, fault.Refuse(fault.ErrInvalid, r.Code, field, "file", fileName(called), "limit", r.With["limit"])
	}
	if !strings.HasPrefix(kind.Media, "text/") {
		media = kind.Media
	}
	f := journal.File{Name: kind.Name(fileName(called)), Media: media, Bytes: b}
	h := ledger.SM3.New()
	h.Write(b)
	h.Sum(f.Hash[:0])
	return f, nil
}

// fileName keeps the last part of a name, without signs that a header or a file system could misread, at most 120 characters.
func fileName(called string) string {
	called = path.Base(strings.ReplaceAll(called, `\`, "/"))
	called = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"<>|:*?/`, r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1 // signs of direction would show "photo\u202egpj.exe" as a photo
		}
		return r
	}, strings.ToValidUTF8(called, "_"))
	called = strings.TrimRight(called, " .")
	if r := []rune(called); len(r) > 120 {
		called = string(r[len(r)-120:])
	}
	if called == "" || called == "." || called == ".." {
		return "file"
	}
	return called
}

// File returns an upload, if the caller may read evidence of the matter that it belongs to, under the name that it has there: whoever
// has the same bytes does not learn what somebody else called them.
func (d *Desk) File(ctx context.Context, who Caller, of name.ID, hash ledger.Hash) (journal.File, error) {
	v, err := d.Matter(ctx, who, of)
	if err != nil {
		return journal.File{}, err
	}
	o := d.object(&v.Matter)
	if o.Type = access.Evidence; d.allow(who, access.EvidenceRead, o) != nil {
		return journal.File{}, fmt.Errorf("file %s of matter %s: %w", hash, of, fault.ErrNotFound)
	}
	for _, e := range v.Evidence {
		if e.File == hash.String() {
			return d.fileAs(ctx, hash, e.Name)
		}
	}
	for i := range v.Def.Fields {
		if f := &v.Def.Fields[i]; f.Kind == field.File && v.Fields[f.Key] == hash.String() { // what somebody typed into a text names no file
			return d.fileAs(ctx, hash, f.Words.In(who.Lang))
		}
	}
	return journal.File{}, fmt.Errorf("file %s of matter %s: %w", hash, of, fault.ErrNotFound)
}

// fileAs returns a file under a name, with the ending that it came with if the name has none.
func (d *Desk) fileAs(ctx context.Context, hash ledger.Hash, called string) (journal.File, error) {
	f, err := d.store.File(ctx, hash)
	if path.Ext(called) == "" {
		called += path.Ext(f.Name)
	}
	f.Name = fileName(called)
	return f, err
}

// given refuses a form that names a file which neither came with it nor belongs to the matter already: whoever knows the hash of
// somebody else's file gets nothing by naming it.
func (b *Batch) given(p *part, do *Do, with map[string]string) error {
	for key, v := range with {
		if f := field.Find(p.def.Fields, key); f != nil && f.Kind == field.File && v != "" && !b.hasFile(p, do, v) {
			return fault.Refuse(fault.ErrInvalid, "not-file", key, "field-zh", f.Words.ZH, "field-en", f.Words.EN)
		}
	}
	for i := range do.Evidence {
		if v := do.Evidence[i].File; v != "" && !b.hasFile(p, do, v) {
			return fault.Refuse(fault.ErrInvalid, "not-file", "evidence", "field-zh", "佐证材料", "field-en", "evidence")
		}
	}
	return nil
}

func (b *Batch) hasFile(p *part, do *Do, hash string) bool {
	is := func(f journal.File) bool { return f.Hash.String() == hash }
	if slices.ContainsFunc(do.Files, is) || slices.ContainsFunc(b.files, is) {
		return true
	}
	for _, e := range p.matter.Evidence {
		if e.File == hash {
			return true
		}
	}
	return slices.ContainsFunc(p.def.Fields, func(f field.Field) bool { return f.Kind == field.File && p.matter.Fields[f.Key] == hash })
}
