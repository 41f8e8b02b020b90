package desk

import (
	"errors"
	"testing"

	"bihuan/ground/fault"
)

func TestUpload(t *testing.T) {
	for _, c := range []struct {
		name, called, want string
		bytes              int
		refused            string
	}{
		{"a name keeps no folder", `C:\桌面\验收 照片.jpg`, "验收 照片.bin", 1, ""},
		{"a name keeps no sign that a header could misread", "a\"b\r\n<c>.pdf", "abc.bin", 1, ""},
		{"a way out of the folder is no name", "../..", "file.bin", 1, ""},
		{"an empty file is refused", "a.pdf", "", 0, "upload-empty"},
		{"an oversized file is refused", "a.pdf", "", MaxUpload + 1, "upload-too-large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Upload("files", c.called, "text/plain", make([]byte, c.bytes))
			var r *fault.Refusal
			if code := ""; errors.As(err, &r) {
				if code = r.Code; code != c.refused || r.Field != "files" {
					t.Errorf("refused %s on %s, want %q", code, r.Field, c.refused)
				}
			} else if f.Name != c.want || c.refused != "" {
				t.Errorf("name %q, want %q", f.Name, c.want)
			}
		})
	}
}
