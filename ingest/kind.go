package ingest

import (
	"bytes"
	"path"
	"strings"
)

// signature is how files of one kind begin, and what we do with them: the code of a refusal.
type signature struct {
	offset int
	magic  string
	code   string
}

// signatures are the kinds of file that are known by their first bytes and not read.
// Archives (PK) and compound files (old Office) are looked into further.
var signatures = []signature{
	{0, "\x89PNG\r\n\x1a\n", "is-image"},
	{0, "\xff\xd8\xff", "is-image"},
	{0, "GIF87a", "is-image"},
	{0, "GIF89a", "is-image"},
	{0, "II*\x00", "is-image"},
	{0, "MM\x00*", "is-image"},
	{8, "WEBP", "is-image"},
	{4, "ftypheic", "is-image"},
	{4, "ftypmif1", "is-image"},
	{4, "ftypavif", "is-image"},
	{0, "\x00\x00\x01\x00", "is-image"},
	{4, "ftyp", "is-media"},
	{0, "ID3", "is-media"},
	{8, "WAVE", "is-media"},
	{8, "AVI ", "is-media"},
	{0, "OggS\x00", "is-media"},
	{0, "\x1a\x45\xdf\xa3", "is-media"},
	{0, "Rar!\x1a\x07", "is-archive"},
	{0, "7z\xbc\xaf\x27\x1c", "is-archive"},
	{0, "\x1f\x8b\x08", "is-archive"},
	{0, "BZh91AY&SY", "is-archive"},
	{0, "\xfd7zXZ\x00", "is-archive"},
	{0, "{\\rtf", "is-rtf"},
	{0, "MIME-Version:", "is-web-archive"},
}

const (
	zipMagic      = "PK\x03\x04"
	emptyZipMagic = "PK\x05\x06"
	compoundMagic = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// known returns the refusal for data of a kind that is not read, nil if its first bytes
// name none. Archives that may hold a document pass: they are for [openArchive]. Behind a
// byte order mark of UTF-8 stands text, whatever its fifth letter is.
func known(data []byte) *Refused {
	if bytes.Contains(head(data, 1024), []byte("%PDF-")) && !bytes.HasPrefix(data, []byte(zipMagic)) && binaryLooking(data) {
		return refuse("is-pdf")
	}
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return refuse("is-pdf")
	}
	if bytes.HasPrefix(data, []byte(compoundMagic)) {
		if bytes.Contains(data, utf16LE("EncryptedPackage")) {
			return refuse("is-encrypted")
		}
		return refuse("is-old-office")
	}
	if bytes.HasPrefix(data, []byte(utf8Mark)) {
		return nil
	}
	for _, s := range signatures {
		if len(data) >= s.offset && bytes.HasPrefix(data[s.offset:], []byte(s.magic)) {
			return refuse(s.code)
		}
	}
	if bytes.HasPrefix(data, []byte("BM")) && binaryLooking(data) {
		return refuse("is-image")
	}
	return nil
}

// isZip reports whether data begins like a ZIP archive, an empty one included.
func isZip(data []byte) bool {
	return bytes.HasPrefix(data, []byte(zipMagic)) || bytes.HasPrefix(data, []byte(emptyZipMagic))
}

// binaryLooking reports whether the first kilobytes hold a NUL or many control characters:
// more than one in thirty, while text has line ends, tabs and form feeds only.
func binaryLooking[T []byte | string](data T) bool {
	h := data[:min(len(data), 64<<10)]
	controls := 0
	for i := range len(h) {
		switch b := h[i]; {
		case b == 0:
			return true
		case b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != '\v':
			controls++
		}
	}
	return controls*30 > len(h)
}

func head(data []byte, n int) []byte { return data[:min(n, len(data))] }

func utf16LE(ascii string) []byte {
	b := make([]byte, 0, 2*len(ascii))
	for i := range len(ascii) {
		b = append(b, ascii[i], 0)
	}
	return b
}

// looksHTML reports whether text is an HTML page: by its first tag, or by its name and any tag.
func looksHTML(text, file string) bool {
	start := strings.ToLower(strings.TrimSpace(text[:min(len(text), 512)]))
	if strings.HasPrefix(start, "<?xml") {
		return strings.Contains(start, "<html") || strings.Contains(start, "<!doctype html")
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<meta ", "<title>", "<div", "<p>", "<p ", "<table", "<article", "<section", "<span", "<h1", "<h2"} {
		if strings.HasPrefix(start, tag) {
			return true
		}
	}
	if strings.HasPrefix(start, "<!--") && strings.Contains(strings.ToLower(text[:min(len(text), 64<<10)]), "<html") {
		return true
	}
	ext := extension(file)
	return (ext == ".html" || ext == ".htm") && strings.Contains(text, "</")
}

func extension(file string) string { return strings.ToLower(path.Ext(file)) }
