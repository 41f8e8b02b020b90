// Package traces looks for what is left of values that have to be gone: in bytes, in files and in every cell of a database, in each of the forms
// in which a program may have written them down.
//
// [Of] takes the values, [Set.In] looks through bytes, [Set.Files] through files as they lie on the disk (deleted rows and the log file included), and
// [Set.Cells] through the database as it is read, so that a value which lies across two of the file's pages is found too. A value
// that was encrypted, or packed, is out of its reach.
package traces

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
	"zombiezen.com/go/sqlite"
)

// least is how many bytes a form has at least: shorter ones stand everywhere by accident.
const least = 8

// Form is one way to write a value.
type Form struct {
	Name  string
	Bytes []byte
}

// Forms returns a value as UTF-8, UTF-16 of either order, base64 of both alphabets in each of the three ways in which a value can lie in it, hexadecimal, with
// the escapes of JSON and of addresses, and in GB 18030. Forms that are alike appear once, those under eight bytes not at all.
func Forms(value string) (all []Form) {
	add := func(name string, b []byte) {
		for _, f := range all {
			if bytes.Equal(f.Bytes, b) {
				return
			}
		}
		if len(b) >= least {
			all = append(all, Form{name, b})
		}
	}
	add("UTF-8", []byte(value))
	units := utf16.Encode([]rune(value))
	little, big, escaped := make([]byte, 0, 2*len(units)), make([]byte, 0, 2*len(units)), ""
	for _, u := range units {
		little, big = binary.LittleEndian.AppendUint16(little, u), binary.BigEndian.AppendUint16(big, u)
		if u < 0x80 {
			escaped += string(rune(u))
		} else {
			escaped += fmt.Sprintf(`\u%04x`, u)
		}
	}
	add("UTF-16LE", little)
	add("UTF-16BE", big)
	add("JSON", []byte(escaped))
	add("JSON in capitals", []byte(upperEscapes(escaped)))
	for shift := range 3 {
		add(fmt.Sprintf("base64 behind %d", shift), inBase64(base64.RawStdEncoding, value, shift))
		add(fmt.Sprintf("base64url behind %d", shift), inBase64(base64.RawURLEncoding, value, shift))
	}
	add("percent", []byte(percent(value, "0123456789ABCDEF")))
	add("percent in small letters", []byte(percent(value, "0123456789abcdef")))
	add("hexadecimal", []byte(hex.EncodeToString([]byte(value))))
	if gb, err := simplifiedchinese.GB18030.NewEncoder().String(value); err == nil {
		add("GB 18030", []byte(gb))
	}
	return all
}

// inBase64 is what a value gives wherever shift bytes of something else stand before it: without the signs that it shares with its neighbours.
func inBase64(e *base64.Encoding, value string, shift int) []byte {
	s := e.EncodeToString(append(make([]byte, shift), value...))
	first := (8*shift + 5) / 6
	last := 8 * (shift + len(value)) / 6
	if first >= last {
		return nil
	}
	return []byte(s[first:last])
}

func upperEscapes(s string) string {
	parts := strings.Split(s, `\u`)
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToUpper(parts[i][:4]) + parts[i][4:]
	}
	return strings.Join(parts, `\u`)
}

func percent(value, digits string) (s string) {
	for _, b := range []byte(value) {
		if b < 0x80 && b != ' ' && b != '%' {
			s += string(rune(b))
		} else {
			s += "%" + string(digits[b>>4]) + string(digits[b&15])
		}
	}
	return s
}

// Hit is that a value was found.
type Hit struct {
	Where string
	Value string
	Form  string
}

// Set is values to look for. Looking costs one pass over the bytes, however many values there are.
type Set struct {
	begins [1 << 16]bool // by the first two bytes of a form
	by     map[uint64][]needle
}

type needle struct {
	Form
	value string
}

// Of returns the set of values in all their [Forms].
func Of(values ...string) *Set {
	s := &Set{by: map[uint64][]needle{}}
	for _, v := range values {
		for _, f := range Forms(v) {
			s.add(needle{f, v})
		}
	}
	return s
}

// Also adds bytes as they are, such as envelopes; those under eight are left out.
func (s *Set) Also(called string, b []byte) {
	if len(b) >= least {
		s.add(needle{Form{"as it is", b}, called})
	}
}

func (s *Set) add(n needle) {
	s.begins[binary.LittleEndian.Uint16(n.Bytes)] = true
	first := binary.LittleEndian.Uint64(n.Bytes)
	s.by[first] = append(s.by[first], n)
}

// In returns what of the set stands in bytes.
func (s *Set) In(where string, b []byte) (hits []Hit) {
	for i := 0; i+least <= len(b); i++ {
		if !s.begins[binary.LittleEndian.Uint16(b[i:])] {
			continue
		}
		for _, n := range s.by[binary.LittleEndian.Uint64(b[i:])] {
			if bytes.HasPrefix(b[i:], n.Bytes) {
				hits = append(hits, Hit{where, n.value, n.Name})
			}
		}
	}
	return hits
}

// Files looks through files as they lie on the disk; those that are not there are left out.
func (s *Set) Files(paths ...string) (hits []Hit, err error) {
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return hits, err
		}
		hits = append(hits, s.In(filepath.Base(path), b)...)
	}
	return hits, nil
}

// Cells looks through every cell of every table of a database that nobody has open. It returns how many it read.
func (s *Set) Cells(path string) (hits []Hit, cells int, err error) {
	c, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return nil, 0, err
	}
	defer c.Close()
	var tables []string
	if err := each(c, "SELECT name FROM sqlite_schema WHERE type = 'table'", func(st *sqlite.Stmt) { tables = append(tables, st.ColumnText(0)) }); err != nil {
		return nil, 0, err
	}
	for _, table := range tables {
		if err := each(c, `SELECT * FROM "`+strings.ReplaceAll(table, `"`, `""`)+`"`, func(st *sqlite.Stmt) {
			for i := range st.ColumnCount() {
				cells++
				b := make([]byte, st.ColumnLen(i))
				st.ColumnBytes(i, b)
				hits = append(hits, s.In(table+"."+st.ColumnName(i), b)...)
			}
		}); err != nil {
			return hits, cells, err
		}
	}
	return hits, cells, nil
}

func each(c *sqlite.Conn, sql string, row func(*sqlite.Stmt)) error {
	st, _, err := c.PrepareTransient(sql)
	if err != nil {
		return err
	}
	defer st.Finalize()
	for {
		more, err := st.Step()
		if err != nil || !more {
			return err
		}
		row(st)
	}
}
