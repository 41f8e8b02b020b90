package traces

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const secret = "买买提·示𠮷例138"

// written is a value as programs that are not this package write it, between other things: each is a leak that has to be found.
func written(t testing.TB, value string) map[string][]byte {
	t.Helper()
	enc := func(b []byte, err error) []byte {
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	utf16 := func(order unicode.Endianness) []byte {
		return enc(unicode.UTF16(order, unicode.IgnoreBOM).NewEncoder().Bytes([]byte("某" + value + "某")))
	}
	all := map[string][]byte{
		"UTF-8":     []byte("name: " + value + "\n"),
		"UTF-16LE":  utf16(unicode.LittleEndian),
		"UTF-16BE":  utf16(unicode.BigEndian),
		"GB 18030":  enc(simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("姓名：" + value + "。"))),
		"percent":   []byte("GET /find?q=" + url.QueryEscape(value) + "&n=1"),
		"JSON":      []byte(`{"name":` + ascii(t, value) + `}`),
		"JSON caps": []byte(strings.NewReplacer("a", "A", "b", "B", "c", "C", "d", "D", "e", "E", "f", "F").Replace(ascii(t, value))),
		"hex":       []byte(strings.ToLower(hexOf("=" + value + "="))),
	}
	for i, before := range []string{"", "x", "xy", "xyz", "wxyz"} {
		all["base64 behind "+before] = []byte(base64.StdEncoding.EncodeToString([]byte(before + value + strings.Repeat("!", i))))
		all["base64url behind "+before] = []byte(base64.URLEncoding.EncodeToString([]byte(before + value + ">")))
	}
	return all
}

// ascii writes JSON as encoders do that are told to use ASCII alone.
func ascii(t testing.TB, s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, r := range string(b) {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			out.WriteString(`\u` + hex4(0xd800+r>>10) + `\u` + hex4(0xdc00+r&0x3ff))
		default:
			out.WriteString(`\u` + hex4(r))
		}
	}
	return out.String()
}

func hex4(r rune) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

func hexOf(s string) (out string) {
	for _, b := range []byte(s) {
		out += hex4(rune(b))[2:]
	}
	return out
}

// A leak of each form is found wherever it is planted: in a file, in a cell of a table, in the log file of a database that is not carried over yet, in what
// a deleted row left, and across the pages of a long cell. Another value is found in none.
func TestBar_V08_APlantedLeakOfEachFormIsFound(t *testing.T) {
	set, other := Of(secret), Of("买买提·示𠮷例738")
	for form, leak := range written(t, secret) {
		t.Run(form, func(t *testing.T) {
			if len(set.In("bytes", leak)) == 0 {
				t.Fatalf("%q is not found", leak)
			}
			if hits := other.In("bytes", leak); len(hits) > 0 {
				t.Errorf("another value is found: %v", hits)
			}
			path := filepath.Join(t.TempDir(), "d.db")
			c := database(t, path)
			run(t, c, "INSERT INTO staged VALUES (?)", leak)
			if hits, err := set.Files(path, path+"-wal", path+"-none"); err != nil || len(hits) == 0 || hits[0].Where != "d.db-wal" {
				t.Errorf("in the log file: %v, %v", hits, err)
			}
			run(t, c, "DELETE FROM staged", nil)
			run(t, c, "PRAGMA wal_checkpoint(TRUNCATE)", nil)
			if hits, err := set.Files(path, path+"-wal"); err != nil || len(hits) == 0 || hits[0].Where != "d.db" {
				t.Errorf("of a deleted row: %v, %v", hits, err)
			}
			for at := range 10 { // wherever the pages of a long cell end
				run(t, c, "INSERT INTO staged VALUES (?)", slices.Concat(bytes.Repeat([]byte{'-'}, 4000+10*at), leak, bytes.Repeat([]byte{'-'}, 4000)))
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if hits, cells, err := set.Cells(path); err != nil || cells != 10 || len(hits) < 10 || hits[0].Where != "staged.bytes" {
				t.Errorf("in %d cells: %v, %v", cells, hits, err)
			}
		})
	}
}

func database(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"PRAGMA journal_mode = WAL", "PRAGMA secure_delete = OFF", "CREATE TABLE staged (bytes BLOB)"} {
		run(t, c, sql, nil)
	}
	return c
}

func run(t *testing.T, c *sqlite.Conn, sql string, arg []byte) {
	t.Helper()
	o := &sqlitex.ExecOptions{}
	if arg != nil {
		o.Args = []any{arg}
	}
	if err := sqlitex.ExecuteTransient(c, sql, o); err != nil {
		t.Fatal(err)
	}
}

func TestFilesThatCannotBeReadAreTold(t *testing.T) {
	if _, err := Of(secret).Files(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
	if _, _, err := Of(secret).Cells(filepath.Join(t.TempDir(), "none.db")); err == nil {
		t.Error("a database that is not there was read")
	}
	bad := filepath.Join(t.TempDir(), "bad.db")
	if err := os.WriteFile(bad, []byte("no database at all, of sufficient length"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Of(secret).Cells(bad); err == nil {
		t.Error("no database was read")
	}
	s := Of("short")
	s.Also("too short", []byte("1234"))
	s.Also("envelope", []byte("12345678"))
	if hits := s.In("x", []byte("..12345678..")); len(hits) != 1 || hits[0] != (Hit{"x", "envelope", "as it is"}) {
		t.Errorf("%v", hits)
	}
}
