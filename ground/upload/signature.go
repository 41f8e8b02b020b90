package upload

import "bytes"

// signature is how files of one kind begin.
type signature struct {
	at    int
	magic string
	kind  Kind
	code  string // of the refusal, empty for what is kept
}

func (s *signature) is(b []byte) bool {
	return len(b) >= s.at && bytes.HasPrefix(b[s.at:], []byte(s.magic))
}

// also refuses a file that is a second kind besides: an archive behind a document, a document behind a picture is found out by
// making the picture anew.
func (s *signature) also(b []byte) error {
	if !s.kind.Image && endsAsArchive(b) {
		return refuse("upload-twofold")
	}
	if s.kind.Media == pdf.Media && bytes.Contains(b[:min(len(b), 1024)], []byte("<html")) {
		return refuse("upload-twofold")
	}
	return nil
}

// refused are programs and archives that nobody can look into.
var refused = []signature{
	{0, "MZ", Kind{}, "upload-program"},                        // Windows
	{0, "\x7fELF", Kind{}, "upload-program"},                   // Linux
	{0, "\xca\xfe\xba\xbe", Kind{}, "upload-program"},          // Java, macOS
	{0, "\xfe\xed\xfa\xce", Kind{}, "upload-program"},          // macOS
	{0, "\xfe\xed\xfa\xcf", Kind{}, "upload-program"},          // macOS
	{0, "\xcf\xfa\xed\xfe", Kind{}, "upload-program"},          // macOS
	{0, "\xce\xfa\xed\xfe", Kind{}, "upload-program"},          // macOS
	{0, "dex\n", Kind{}, "upload-program"},                     // Android
	{0, "\x00asm", Kind{}, "upload-program"},                   // WebAssembly
	{0, "L\x00\x00\x00\x01\x14\x02", Kind{}, "upload-program"}, // Windows shortcut
	{0, "CWS", Kind{}, "upload-active"},                        // Flash
	{0, "FWS", Kind{}, "upload-active"},
	{0, "MSCF", Kind{}, "upload-archive"}, // cabinet
	{0, "ITSF", Kind{}, "upload-active"},  // compiled help
	{0, "Rar!\x1a\x07", Kind{}, "upload-archive"},
	{0, "7z\xbc\xaf\x27\x1c", Kind{}, "upload-archive"},
	{0, "\x1f\x8b", Kind{}, "upload-archive"},
	{0, "BZh", Kind{}, "upload-archive"},
	{0, "\xfd7zXZ\x00", Kind{}, "upload-archive"},
	{0, "\x28\xb5\x2f\xfd", Kind{}, "upload-archive"}, // zstd
	{257, "ustar", Kind{}, "upload-archive"},
	{32769, "CD001", Kind{}, "upload-archive"}, // disc image
	{0, "{\\rtf", Kind{}, "upload-active"},     // carries objects
	{0, "MIME-Version:", Kind{}, "upload-active"},
}

// known are kinds that are kept.
var known = []signature{
	{0, "\xff\xd8\xff", Kind{"image/jpeg", []string{".jpg", ".jpeg"}, true}, ""},
	{0, "\x89PNG\r\n\x1a\n", Kind{"image/png", []string{".png"}, true}, ""},
	{8, "WEBPVP8", Kind{"image/webp", []string{".webp"}, true}, ""},
	{0, "GIF87a", Kind{"image/gif", []string{".gif"}, true}, ""},
	{0, "GIF89a", Kind{"image/gif", []string{".gif"}, true}, ""},
	{4, "ftypheic", Kind{"image/heic", []string{".heic"}, false}, ""},
	{4, "ftypheix", Kind{"image/heic", []string{".heic"}, false}, ""},
	{4, "ftypmif1", Kind{"image/heif", []string{".heif", ".heic"}, false}, ""},
	{4, "ftypavif", Kind{"image/avif", []string{".avif"}, false}, ""},
	{4, "ftypqt", Kind{"video/quicktime", []string{".mov"}, false}, ""},
	{4, "ftyp", Kind{"video/mp4", []string{".mp4", ".m4a", ".m4v"}, false}, ""},
	{0, "ID3", Kind{"audio/mpeg", []string{".mp3"}, false}, ""},
	{8, "WAVEfmt", Kind{"audio/wav", []string{".wav"}, false}, ""},
	{0, "#!AMR", Kind{"audio/amr", []string{".amr"}, false}, ""},
	{0, "OggS\x00", Kind{"audio/ogg", []string{".ogg"}, false}, ""},
	{0, "II*\x00", Kind{"image/tiff", []string{".tif", ".tiff"}, false}, ""},
	{0, "MM\x00*", Kind{"image/tiff", []string{".tif", ".tiff"}, false}, ""},
	{0, "%PDF-", pdf, ""},
}
