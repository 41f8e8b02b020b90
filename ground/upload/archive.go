package upload

import (
	"archive/zip"
	"bytes"
	"cmp"
	"io/fs"
	"math"
	"slices"
	"strings"
)

// Limits of archives, ours, as those of reading reports in.
const (
	MaxEntries   = 1000      // entries of an archive
	MaxUnpacked  = 200 << 20 // bytes of all entries together, as declared
	MaxRatio     = 100       // unpacked to packed, above minRatioSize
	minRatioSize = 1 << 20
)

// packages are archives that are documents, by a part that they hold.
var packages = []struct {
	part string
	kind Kind
}{
	{"word/document.xml", Kind{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}, false}},
	{"xl/workbook.xml", Kind{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}, false}},
	{"ppt/presentation.xml", Kind{"application/vnd.openxmlformats-officedocument.presentationml.presentation", []string{".pptx"}, false}},
	{"OFD.xml", Kind{"application/ofd", []string{".ofd"}, false}},
	{"META-INF/manifest.xml", Kind{"application/octet-stream", []string{".odt", ".ods", ".odp"}, false}},
}

var plainArchive = Kind{"application/zip", []string{".zip"}, false}

// archive looks at the directory of a ZIP archive; no entry is unpacked and no name is ever used as a path.
func archive(b []byte) (Kind, error) {
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(r.File) == 0 {
		return Kind{}, refuse("upload-archive")
	}
	if len(r.File) > MaxEntries || Overlapping(r.File) {
		return Kind{}, refuse("upload-bomb")
	}
	kind, total := plainArchive, uint64(0)
	for _, f := range r.File {
		if f.UncompressedSize64 > MaxUnpacked || f.CompressedSize64 > uint64(len(b)) { // beyond these the sums below could run over
			return Kind{}, refuse("upload-bomb")
		}
		total += f.UncompressedSize64
		part := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		switch {
		case total > MaxUnpacked || f.UncompressedSize64 > minRatioSize && f.UncompressedSize64 > MaxRatio*f.CompressedSize64:
			return Kind{}, refuse("upload-bomb")
		case f.Flags&1 != 0:
			return Kind{}, refuse("upload-locked")
		case strings.HasSuffix(part, "vbaproject.bin") || strings.HasPrefix(part, "basic/") || strings.HasPrefix(part, "xl/macrosheets/"):
			return Kind{}, refuse("upload-macros")
		case f.Mode()&fs.ModeType&^fs.ModeDir != 0, strings.HasPrefix(part, "/"), slices.Contains(strings.Split(part, "/"), ".."), strings.Contains(part, ":"):
			return Kind{}, refuse("upload-bomb") // links and paths that lead out
		case part == "meta-inf/manifest.mf" || strings.HasSuffix(part, ".class") || strings.HasSuffix(part, ".dex"):
			return Kind{}, refuse("upload-program")
		}
		for _, p := range packages {
			if f.Name == p.part {
				kind = p.kind
			}
		}
	}
	if kind.Media == plainArchive.Media {
		for _, f := range r.File {
			if isRisky(f.Name) {
				return Kind{}, refuse("upload-archive")
			}
		}
	}
	return kind, nil
}

// risky are the endings of what must not come in an archive either, archives in archives among them.
var risky = []string{".exe", ".dll", ".com", ".scr", ".pif", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".wsh", ".hta", ".msi", ".msp", ".lnk", ".jar", ".apk", ".sh",
	".html", ".htm", ".svg", ".mht", ".mhtml", ".chm", ".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".xlam", ".iso", ".img", ".zip", ".rar", ".7z", ".gz", ".tar", ".cab", ".reg", ".scf", ".url"}

func isRisky(called string) bool {
	called = strings.TrimRight(strings.ToLower(called), " .")
	for _, ext := range risky {
		if strings.HasSuffix(called, ext) {
			return true
		}
	}
	return false
}

// Overlapping reports whether two entries share bytes of the file, as in bombs that unpack one stretch many times.
func Overlapping(files []*zip.File) bool {
	type stretch struct{ from, to int64 }
	all := make([]stretch, 0, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil || f.CompressedSize64 > math.MaxInt64-uint64(from) {
			return true
		}
		all = append(all, stretch{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(all, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(all); i++ {
		if all[i].from < all[i-1].to {
			return true
		}
	}
	return false
}

// endsAsArchive reports whether a ZIP directory stands at the end of a file, where readers of archives look for it.
func endsAsArchive(b []byte) bool {
	return bytes.Contains(b[max(0, len(b)-(64<<10)-22):], []byte("PK\x05\x06"))
}

const oleMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

var compound = []byte(oleMagic)

// lookCompound refuses macros, passwords and installers in files of old Office and WPS, by the names of their streams.
func lookCompound(b []byte) error {
	for _, s := range []struct{ stream, code string }{
		{"EncryptedPackage", "upload-locked"}, {"EncryptionInfo", "upload-locked"}, {"_VBA_PROJECT", "upload-macros"}, {"Macros", "upload-macros"}, {"VBA", "upload-macros"},
		{"Ole10Native", "upload-active"},
	} {
		if bytes.Contains(b, wide(s.stream)) {
			return refuse(s.code)
		}
	}
	for _, s := range []string{"WordDocument", "Workbook", "Book", "PowerPoint Document"} {
		if bytes.Contains(b, wide(s)) {
			return nil
		}
	}
	return refuse("upload-program") // installers and mail
}

// wide writes ASCII as UTF-16, as names of streams stand in compound files.
func wide(ascii string) []byte {
	w := make([]byte, 0, 2*len(ascii))
	for i := range len(ascii) {
		w = append(w, ascii[i], 0)
	}
	return w
}
