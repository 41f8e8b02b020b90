package ingest

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Document is a report as text.
type Document struct {
	Name     string // the name it came with, empty for pasted text
	Format   string // text, markdown, html or docx
	Encoding string // of the file: utf-8, utf-16le, utf-16be, gb18030; docx is utf-8
	Text     string // UTF-8, no byte order mark, line ends \n, at most MaxText code points, not blank
}

// The formats of [Document].Format.
const (
	FormatText     = "text"
	FormatMarkdown = "markdown"
	FormatHTML     = "html"
	FormatDOCX     = "docx"
)

// Text reads a report from r: plain text, Markdown, HTML, DOCX, or pasted text.
//
// name is the file's name or empty; it only tells Markdown and HTML from plain text where
// the bytes do not. Plain text stays as it is but for the byte order mark and line ends;
// HTML gives what a browser would show, DOCX its paragraphs, see there. Both give
// one line for a paragraph and one for a row of a table, its cells divided by tabs.
//
// The error is a [*Refused] when the file is the cause (wrong kind, damaged, empty, above
// [MaxFile] or [MaxText]) and the reader's own otherwise. At most MaxFile+1 bytes are read.
func Text(r io.Reader, name string) (Document, error) {
	data, err := read(r, name)
	if err != nil {
		return Document{}, err
	}
	doc := Document{Name: name}
	if isZip(data) {
		doc.Format, doc.Encoding = FormatDOCX, encodingUTF8
		doc.Text, err = docxText(data)
	} else {
		err = doc.decode(data)
	}
	if err != nil {
		return Document{}, err
	}
	return doc, doc.check()
}

// read takes at most MaxFile bytes and refuses what is of a known other kind.
func read(r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if refused := known(data); refused != nil {
		return nil, refused
	}
	if len(data) > MaxFile {
		return nil, refuse("too-large", "limit", itoa(MaxFile>>20))
	}
	if len(data) == 0 {
		return nil, refuse("is-empty")
	}
	return data, nil
}

// decode fills the document from bytes that are no archive.
func (d *Document) decode(data []byte) (err error) {
	d.Format = FormatText
	if d.Text, d.Encoding, err = decode(data); err != nil {
		return foreign(data, err)
	}
	switch ext := extension(d.Name); {
	case ext == ".md" || ext == ".markdown":
		d.Format, d.Text = FormatMarkdown, markdownText(d.Text)
	case looksHTML(d.Text, d.Name):
		d.Format = FormatHTML
		d.Text, err = htmlText(d.Text)
	case strings.HasPrefix(d.Text, "<?xml"):
		err = refuse("is-xml")
	}
	return err
}

// foreign says which encoding an HTML page claims to be in, if decoding it failed and it claims one.
func foreign(data []byte, err error) error {
	var r *Refused
	if errors.As(err, &r) && r.Code() == "unknown-encoding" {
		if charset := metaCharset(head(data, 4096)); charset != "" {
			return refuse("foreign-encoding", "charset", charset)
		}
	}
	return err
}

// check refuses a text that is blank or too long.
func (d Document) check() error {
	switch {
	case strings.TrimSpace(d.Text) == "":
		return refuse("is-empty")
	case len(d.Text) > MaxText && utf8.RuneCountInString(d.Text) > MaxText:
		return refuse("text-too-long", "limit", itoa(MaxText))
	}
	return nil
}
