package pack

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/kernel/register"
)

// maxRecords bounds the rows of one file of records.
const maxRecords = 50_000

// register compiles a register and reads the rows that it starts with.
func (u *unit) register(s *registerSyntax) {
	k := register.Kind{Ref: u.pack.Name + "/" + s.Register.Text, Version: u.pack.Hash, Words: s.Words.text(), Key: s.Key.Text, Title: s.Title.Text, Public: s.Public.yes()}
	k.Fields = u.fields(s.Fields, "")
	k.Facets = u.facets(s.Facets, k.Fields)
	for _, w := range []word{s.Key, s.Title} {
		if !u.one(w, "field", keysOfFields(k.Fields)) {
			continue
		}
		f := field.Find(k.Fields, w.Text)
		if k.Public && f.Class != field.P {
			u.add(w.At, "public-class", "field", f.Key, "class", string(f.Class))
		}
		if slices.Contains([]field.Kind{field.LongText, field.Table, field.File, field.Place, field.Shape, field.Units}, f.Kind) {
			u.add(w.At, "key-kind", "field", f.Key, "kind", string(f.Kind))
		}
	}
	for i := range s.Fields {
		if f := &s.Fields[i]; field.Class(f.Class.Text).IsPersonal() {
			u.add(f.Class.At, "register-personal", "field", f.Field.Text, "class", f.Class.Text)
		}
	}
	u.pack.Registers = append(u.pack.Registers, k)
	if s.Records.Text == "" {
		return
	}
	i := slices.IndexFunc(u.pack.Files, func(f File) bool { return f.Name == s.Records.Text })
	if i < 0 {
		u.add(s.Records.At, "file-missing", "file", s.Records.Text)
		return
	}
	sheet := &sheet{unit: u, k: &k, name: u.pack.Name + "/" + s.Records.Text}
	sheet.read(u.pack.Files[i].Data)
	u.pack.Records = append(u.pack.Records, sheet.rows...)
	u.rows[k.Ref] = sheet.keys
}

// sheet is one file of records on its way.
type sheet struct {
	*unit
	k       *register.Kind
	name    string
	src     *source
	r       *csv.Reader
	columns []string
	rows    []register.Entry
	keys    map[string]bool
	spans   map[string][]register.Entry
	looks   map[string]string // titles by what they look like
}

// read reads the file: a header of field keys, then one record a row. An empty cell is an empty field.
func (s *sheet) read(data []byte) {
	text := strings.TrimPrefix(string(data), "\uFEFF")
	s.src = newSource(s.name, text)
	if !readable(s.collector, s.src) {
		return
	}
	s.keys, s.spans, s.looks = map[string]bool{}, map[string][]register.Entry{}, map[string]string{}
	s.r = csv.NewReader(strings.NewReader(text))
	s.r.FieldsPerRecord = -1
	if !s.header() {
		return
	}
	for len(s.rows) <= maxRecords {
		cells, err := s.r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			s.broken(err)
			return
		}
		s.row(cells)
	}
	s.add(s.src.whole(), "too-many", "limit", itoa(maxRecords))
}

func (s *sheet) broken(err error) {
	at := s.src.whole()
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		at = spot{s.src, p.StartLine, 1, max(1, utf8.RuneCountInString(s.src.line(p.StartLine)))}
	}
	s.add(at, "csv")
}

// characters turns the reader's column of bytes into one of characters.
func (s *sheet) characters(line, column int) int {
	text := s.src.line(line)
	return utf8.RuneCountInString(text[:min(max(column-1, 0), len(text))]) + 1
}

// cell is the place of the i-th cell of the row that was read last.
func (s *sheet) cell(i int, text string) spot {
	line, column := s.r.FieldPos(i)
	return spot{s.src, line, s.characters(line, column), max(1, utf8.RuneCountInString(text))}
}

// header reads the first row; false if nothing can be made of it.
func (s *sheet) header() bool {
	cells, err := s.r.Read()
	if errors.Is(err, io.EOF) {
		s.add(s.src.whole(), "file-empty")
		return false
	}
	if err != nil {
		s.broken(err)
		return false
	}
	known := append(keysOfFields(s.k.Fields), "valid-from", "valid-to")
	var heads []word
	for i, c := range cells {
		w := word{c, s.cell(i, c)}
		if c == "" {
			s.add(w.At, "text-empty")
		}
		s.one(w, "field", known)
		heads = append(heads, w)
	}
	s.twice(heads)
	for _, must := range []string{s.k.Key, s.k.Title} {
		if must != "" && !slices.Contains(cells, must) {
			s.add(s.cell(0, cells[0]), "column-missing", "field", must)
			return false
		}
	}
	s.columns = cells
	return true
}

// row checks one record into its stored form.
func (s *sheet) row(cells []string) {
	if len(cells) != len(s.columns) {
		s.add(s.cell(0, cells[0]), "row-width", "cells", itoa(len(cells)), "columns", itoa(len(s.columns)))
		return
	}
	e := register.Entry{Register: s.k.Ref, Fields: map[string]string{}, From: s.pack.Effective, Source: s.name}
	for i, c := range cells {
		switch head := s.columns[i]; head {
		case "valid-from":
			s.day(i, c, &e.From)
		case "valid-to":
			s.day(i, c, &e.Until)
		default:
			s.value(i, c, field.Find(s.k.Fields, head), &e)
		}
	}
	for i, head := range s.columns {
		if (head == s.k.Key || head == s.k.Title) && strings.TrimSpace(cells[i]) == "" {
			s.add(s.cell(i, cells[i]), "cell-empty", "field", head)
			return
		}
	}
	s.keep(e, cells)
}

func (s *sheet) value(i int, c string, f *field.Field, e *register.Entry) {
	if f == nil {
		return // the header has reported it
	}
	v, err := f.Check(c)
	if err != nil {
		s.add(s.cell(i, c), "bad-cell", "field", f.Key, "kind", string(f.Kind), "value", clip(c), "known", listed(optionsOf(f)))
		return
	}
	if v == "" {
		return
	}
	e.Fields[f.Key] = v
	if f.Kind == field.Unit || f.Kind == field.Person || f.Kind == field.Record {
		s.mentions = append(s.mentions, mention{word{v, s.cell(i, c)}, f})
	}
}

func optionsOf(f *field.Field) (keys []string) {
	for _, o := range f.Options {
		keys = append(keys, o.Key)
	}
	return keys
}

func (s *sheet) day(i int, c string, to *calendar.Date) {
	if c == "" {
		return
	}
	d, err := calendar.ParseDate(c)
	if err != nil {
		s.add(s.cell(i, c), "bad-date", "value", clip(c), "meant", suggestion("date", c))
		return
	}
	*to = d
}

// keep adds a record unless another one of its key is valid at the same time.
func (s *sheet) keep(e register.Entry, cells []string) {
	if e.Until != 0 && e.Until <= e.From {
		s.add(s.cell(slices.Index(s.columns, "valid-to"), e.Until.String()), "until-before-from")
		return
	}
	key := e.Fields[s.k.Key]
	for _, o := range s.spans[key] {
		if (e.Until == 0 || o.From < e.Until) && (o.Until == 0 || e.From < o.Until) {
			i := slices.Index(s.columns, s.k.Key)
			s.add(s.cell(i, cells[i]), "record-twice", "key", key)
			return
		}
	}
	if s.k.Title != "" {
		i, title := slices.Index(s.columns, s.k.Title), e.Fields[s.k.Title]
		looks := field.Skeleton(title)
		if other, seen := s.looks[looks]; seen && other != title {
			s.add(s.cell(i, cells[i]), "lookalike", "name", title, "other", other)
		}
		s.looks[looks] = title
	}
	s.keys[key] = true
	s.spans[key] = append(s.spans[key], e)
	s.rows = append(s.rows, e)
}

// registerRefs checks what a register refers to elsewhere: the registers of its fields, and the records,
// units and persons that its own rows name.
func (u *unit) registerRefs(s *registerSyntax) {
	u.fieldRefs(s.Fields)
}

// mention is a value of a row that names a record.
type mention struct {
	word
	of *field.Field
}

// mentioned checks that the units, persons and records that rows name are among those that registers start with.
func (u *unit) mentioned() {
	near := map[field.Kind]map[string]bool{field.Unit: u.rowsOf("unit"), field.Person: u.rowsOf("person")}
	for _, m := range u.mentions {
		rows := near[m.of.Kind]
		if m.of.Kind == field.Record {
			if other := u.all.unitOf(packOf(m.of.Register)); other != nil {
				rows = other.rows[m.of.Register]
			}
		}
		u.among(m.word, string(m.of.Kind), rows)
	}
}
