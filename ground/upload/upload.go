// Package upload says what a file is that somebody sends: by its bytes, never by its name or by what the sender calls it.
//
// [Look] returns the [Kind] under which a file may be kept and handed out, or refuses it with what to do instead: programs and
// scripts, pages and drawings that a browser would run, Office files with macros, archives that cannot be looked into, and
// files that are two kinds at once. [Kind.Name] gives a file the name that fits what it is. It unpacks nothing, reads
// each file once or twice and keeps none of it. It is pure and rests on the standard library alone.
//
// Whether a file carries something that only a scanner knows is left to the desk, which asks one.
package upload

import (
	"bytes"
	"path"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
)

// Kind is what a file is.
type Kind struct {
	Media string   // as it is handed out
	Exts  []string // the names that such files have, the usual one first
	Image bool     // a picture that can be made anew
}

// The kinds that are told apart by more than their first bytes.
var (
	text   = Kind{"text/plain; charset=utf-8", []string{".txt", ".csv", ".md", ".json", ".geojson", ".log"}, false}
	old    = Kind{"text/plain; charset=gb18030", []string{".txt", ".csv", ".md"}, false} // in another encoding, such as GB 18030
	binary = Kind{"application/octet-stream", []string{".bin"}, false}
	pdf    = Kind{"application/pdf", []string{".pdf"}, false}
	ole    = Kind{"application/octet-stream", []string{".doc", ".xls", ".ppt", ".wps", ".et", ".dps"}, false} // old Office, old WPS
)

// Look returns what a file is. It wraps [fault.ErrInvalid] in a refusal with a code: upload-program, upload-active,
// upload-macros, upload-locked, upload-archive, upload-bomb or upload-twofold.
func Look(b []byte) (Kind, error) {
	for _, s := range refused {
		if s.is(b) {
			return Kind{}, refuse(s.code)
		}
	}
	for _, s := range known {
		if s.is(b) {
			return s.kind, s.also(b)
		}
	}
	switch {
	case bytes.HasPrefix(b, []byte("PK")):
		return archive(b)
	case bytes.HasPrefix(b, compound):
		return ole, lookCompound(b)
	case looksText(b):
		return lookText(b)
	}
	return binary, nil
}

func refuse(code string) error { return fault.Refuse(fault.ErrInvalid, code, "") }

// Name returns called with an ending that fits the kind. Only the last ending counts: "report.pdf.exe" that is a PDF becomes
// "report.pdf.pdf", and a program's ending never stays.
func (k Kind) Name(called string) string {
	raw := path.Ext(called)
	ext := strings.ToLower(raw)
	for _, e := range k.Exts {
		if ext == e {
			return called
		}
	}
	base := called
	if raw != "" && len(raw) <= 6 {
		base = called[:len(called)-len(raw)]
	}
	return base + k.Exts[0]
}

// looksText reports whether the bytes hold no more control characters than text does: none but line ends, tabs and form feeds.
func looksText(b []byte) bool {
	for _, c := range b[:min(len(b), 64<<10)] {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b {
			return false
		}
	}
	return true
}

// lookText refuses what a browser or an interpreter would run.
func lookText(b []byte) (Kind, error) {
	head := strings.ToLower(string(b[:min(len(b), 64<<10)]))
	start := strings.TrimLeft(strings.TrimPrefix(head, "\ufeff"), " \t\r\n\f")
	for _, s := range scripts {
		if strings.HasPrefix(start, s) {
			return Kind{}, refuse("upload-program")
		}
	}
	if strings.HasPrefix(start, "<") {
		for _, s := range active {
			if strings.Contains(head, s) {
				return Kind{}, refuse("upload-active")
			}
		}
	}
	if utf8.Valid(b) {
		return text, nil
	}
	return old, nil
}

// scripts are the beginnings of programs in text.
var scripts = []string{"#!", "@echo off", "@echo on", "<?php", "<%@", "<job", "<hta:", "windows registry editor", "[internetshortcut]", "regedit4"}

// active are what makes text that begins with a tag a page, a drawing or another document that may carry a script.
var active = []string{"<html", "<!doctype", "<script", "<svg", "<body", "<head", "<iframe", "<object", "<embed", "<img", "<math", "<link", "<meta", "<style", "<form", "<video",
	"<audio", "<a ", "<x:", "xmlns", "<?xml"}
