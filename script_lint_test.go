//go:build !race

package bihuan

import (
	"path/filepath"
	"regexp"
	"testing"
)

// scriptFaults are what the scripts that we write for pages must not do.
//
// Source: OWASP ASVS 5.0.0, 1.3.2, 3.2.3, 3.5.6 and 15.3.6, as read.
var scriptFaults = []struct {
	what, planted string
	pattern       *regexp.Regexp
}{
	{"runs a text as code", `eval(x)`, regexp.MustCompile(`\beval\s*\(|new\s+Function\s*\(|set(?:Timeout|Interval)\s*\(\s*["'` + "`" + `]|document\.write|javascript:`)},
	{"takes an element for a variable by its name (DOM clobbering)", `window.config.url`, regexp.MustCompile(`\bwindow\.(?:[^P]|P[^u])|\bwindow\[|\bself\[|\bglobalThis\b|\bdocument\.(?:forms|images|links|scripts|anchors|embeds|all)\b|\bdocument\[`)},
	{"declares a variable that every script sees", `var x = 1`, regexp.MustCompile(`(?m)^\s*var\s|^\s*[a-zA-Z_$]\w*\s*=[^=>]`)},
	{"loads a script from a name that somebody else chose (JSONP)", `s.src = "/api/x?callback=f"`, regexp.MustCompile(`createElement\(\s*["']script|[?&](?:callback|jsonp)=`)},
	{"lets a foreign key reach a prototype", `Object.assign(a, JSON.parse(b))`, regexp.MustCompile(`__proto__|\.constructor\[|\.prototype\[|Object\.assign\(|\.\.\.JSON\.parse|for\s*\([^)]*\bin\b`)},
}

// nothingForeign are the only places at which an object is written to by a key that is no constant, with where the key is from.
var nothingForeign = map[string]string{
	"b[i] =": "bytes of an identifier, i counts", "padded[n] =": "bytes that are hashed", "w[j] =": "words of SM3", "style.sources[layer] =": "layers are names of the template's own list",
}

var keyed = regexp.MustCompile(`[\w.]+\[[a-zA-Z_][\w.]*\] =`)

// TestScriptsOfOurs looks at every script that we write: no text as code, no variable for everybody, no name of an element for a
// variable, no foreign key into an object. That they are strict is asked too.
func TestScriptsOfOurs(t *testing.T) {
	files, err := filepath.Glob("web/assets/*.js")
	if err != nil || len(files) < 3 {
		t.Fatalf("only %d scripts, %v", len(files), err)
	}
	strict, whole := regexp.MustCompile(`(?m)^\s*"use strict";`), regexp.MustCompile(`(?s)^(?:\s*//[^\n]*\n)*\(\(\) => \{.*\}\)\(\);\s*$`)
	for _, file := range files {
		code := read(t, file)
		for _, f := range scriptFaults {
			if at := f.pattern.FindString(code); at != "" && !isOwnVariable(code, at) {
				t.Errorf("%s %s: %q", file, f.what, at)
			}
		}
		for _, at := range keyed.FindAllString(code, -1) {
			if nothingForeign[at] == "" {
				t.Errorf("%s writes by a key that is not on the list: %q", file, at)
			}
		}
		if !strict.MatchString(code) && !whole.MatchString(code) {
			t.Errorf("%s is not strict", file)
		}
	}
	for _, f := range scriptFaults {
		if !f.pattern.MatchString(f.planted) {
			t.Errorf("%q is not found: it %s", f.planted, f.what)
		}
	}
}

// isOwnVariable reports whether an assignment is to a variable that the script declares itself; in a strict script any other is an error.
func isOwnVariable(code, at string) bool {
	m := regexp.MustCompile(`^\s*([a-zA-Z_$]\w*)\s*=[^=>]$`).FindStringSubmatch(at)
	return m != nil && regexp.MustCompile(`\b(?:let|const)\b[^;\n]*\b`+regexp.QuoteMeta(m[1])+`\b`).MatchString(code)
}
