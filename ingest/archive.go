package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"bihuan/ground/upload"
)

// archive is an Office Open XML package (ECMA-376-2) that was examined and found harmless.
type archive struct {
	parts map[string]*zip.File // by cleaned name, without a leading slash
}

// openArchive reads the directory of a ZIP archive and refuses what is damaged,
// encrypted, carries macros, or unpacks abnormally: more than maxEntries entries,
// maxUnzipped bytes, maxRatio to one, or entries that overlap in the file.
// Nothing is unpacked here and no entry's name is ever used as a path.
func openArchive(data []byte) (*archive, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, refuse("archive-broken")
	}
	if len(r.File) > maxEntries {
		return nil, refuse("archive-bomb")
	}
	a := &archive{map[string]*zip.File{}}
	var total uint64
	for _, f := range r.File {
		total += f.UncompressedSize64
		if total > maxUnzipped || swollen(f) {
			return nil, refuse("archive-bomb")
		}
		if f.Flags&1 != 0 {
			return nil, refuse("is-encrypted")
		}
		if strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") {
			return nil, refuse("has-macros")
		}
		a.parts[partName(f.Name)] = f
	}
	if upload.Overlapping(r.File) {
		return nil, refuse("archive-bomb")
	}
	return a, nil
}

func swollen(f *zip.File) bool {
	return f.UncompressedSize64 > minRatioSize && f.UncompressedSize64 > maxRatio*f.CompressedSize64
}

func partName(s string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, `\`, "/")), "/")
}

// packageKinds are archives that are documents of another kind, by a part they hold.
var packageKinds = []struct{ part, code string }{
	{"xl/workbook.xml", "is-spreadsheet"},
	{"xl/workbook.bin", "is-spreadsheet"},
	{"ppt/presentation.xml", "is-presentation"},
	{"OFD.xml", "is-ofd"},
	{"META-INF/manifest.xml", "is-opendocument"},
}

// other returns the refusal for an archive that is not the kind that was looked for.
func (a *archive) other() *Refused {
	for _, k := range packageKinds {
		if a.parts[k.part] != nil {
			return refuse(k.code)
		}
	}
	return refuse("is-archive")
}

// open returns the unpacked part, which fails beyond maxPart bytes whatever the directory claims.
func (a *archive) open(part string) (io.ReadCloser, error) {
	f := a.parts[part]
	if f.UncompressedSize64 > maxPart {
		return nil, refuse("archive-bomb")
	}
	rc, err := f.Open()
	if err != nil {
		return nil, refuse("archive-broken")
	}
	return struct {
		io.Reader
		io.Closer
	}{&bounded{rc, maxPart}, rc}, nil
}

// bounded reads at most left bytes and then refuses.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, refuse("archive-bomb")
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// mainPart returns the part that the package names as its document, and fallback if it names none.
func (a *archive) mainPart(fallback string) string {
	if a.parts["_rels/.rels"] == nil {
		return fallback
	}
	r, err := a.open("_rels/.rels")
	if err != nil {
		return fallback
	}
	defer r.Close()
	var rels struct {
		Relationship []struct {
			Type   string `xml:",attr"`
			Target string `xml:",attr"`
		}
	}
	if xml.NewDecoder(io.LimitReader(r, 1<<20)).Decode(&rels) != nil {
		return fallback
	}
	for _, rel := range rels.Relationship {
		if name := partName(rel.Target); strings.HasSuffix(rel.Type, "/officeDocument") && a.parts[name] != nil {
			return name
		}
	}
	return fallback
}

// damaged returns err if it is a refusal of ours, which passes through the XML reader, and "archive-broken" otherwise.
func damaged(err error) error {
	var r *Refused
	if errors.As(err, &r) {
		return r
	}
	return refuse("archive-broken")
}
