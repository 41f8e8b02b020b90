// Package face is what the binary holds of the pages: their templates, parsed once for each language, and the styles, scripts and
// pictures that they refer to; the style sheets are sent as one.
//
// [Read] reads them all; [Face.Page] writes a page and [Face.Part] a piece of one, [Face.URL] is the address of a file, and
// [Face.ServeAsset] sends it. What a page shows, and what its templates may call, is whoever calls's.
package face

import (
	"fmt"
	"html/template"
	"io"
	"io/fs"
)

// Languages are those in which there are pages.
var Languages = []string{"zh", "en"}

// Face is the pages and their files. It does not change once it is read, and is safe for many goroutines.
type Face struct {
	files  fs.FS
	assets *assets
	pages  map[string]*page
}

// Read reads the templates of the folder templates, the files of the folder assets and the sheets of the folder style. funcs returns what templates of a language may
// call; it is handed the addresses of files. The fault of a template that does not parse names its file.
func Read(files fs.FS, funcs func(lang string, url func(string) string) template.FuncMap) (f *Face, err error) {
	f = &Face{files: files, pages: map[string]*page{}}
	if f.assets, err = readAssets(files); err != nil {
		return nil, err
	}
	return f, f.parsePages(funcs)
}

// Page writes a page, with what stands around every page, in a language.
func (f *Face) Page(w io.Writer, lang, called string, view any) error {
	return f.Part(w, lang, called, layout, view)
}

// Part writes one piece of a page, for scripts that put it in its place.
func (f *Face) Part(w io.Writer, lang, called, part string, view any) error {
	p, ok := f.pages[called]
	if !ok {
		return fmt.Errorf("there is no page %q", called)
	}
	return p.byLang[lang].ExecuteTemplate(w, p.name(part), view)
}
