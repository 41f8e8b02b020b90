package face

import (
	"compress/gzip"
	"errors"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"testing/fstest"
)

// TestSharedTemplatesAreHeldOnce: a page has its own templates and the layout; what all pages share is in the set once, and no page's
// call leads to another page's template.
func TestSharedTemplatesAreHeldOnce(t *testing.T) {
	f, err := Read(styled(fstest.MapFS{
		"templates/layout.html":      {Data: []byte(`{{template "title" .}}|{{template "frame" .}}|{{template "body" .}}`)},
		"templates/part_frame.html":  {Data: []byte(`{{define "frame"}}frame of {{.}}{{end}}`)},
		"templates/part_fold.html":   {Data: []byte(`{{define "fold"}}{{template "inside" .}}{{end}}{{define "lamp"}}lamp{{end}}`)},
		"templates/goal.html":        {Data: []byte(`{{define "title"}}goal{{end}}{{define "body"}}{{template "fold" .}}{{template "lamp" .}}{{end}}{{define "inside"}}of the goal{{end}}`)},
		"templates/matter.html":      {Data: []byte(`{{define "title"}}matter{{end}}{{define "body"}}{{template "lamp" .}}{{end}}`)},
		"templates/matter_open.html": {Data: []byte(`{{define "title"}}open{{end}}{{define "body"}}<img src="{{asset "mark.svg"}}">{{template "fold" .}}{{end}}{{define "inside"}}of anybody{{end}}`)},
		"assets/mark.svg":            {Data: []byte("<svg/>")},
	}), func(_ string, url func(string) string) template.FuncMap { return template.FuncMap{"asset": url} })
	if err != nil {
		t.Fatal(err)
	}
	pages := f.pages
	for called, p := range pages {
		for lang, set := range p.byLang {
			if set != pages["goal"].byLang[lang] {
				t.Fatalf("page %s has a set of its own", called)
			}
		}
		if !p.own["title"] || !p.own["body"] || !p.own[layout] {
			t.Errorf("page %s has no title, no body or no layout", called)
		}
	}
	copies := map[string]int{}
	for _, one := range pages["goal"].byLang["zh"].Templates() {
		page, own, isOwn := strings.Cut(one.Name(), "/")
		if one.Tree == nil {
			continue
		}
		if isOwn {
			copies[own]++
		}
		for _, call := range calls(one.Tree.Root) {
			to, _, far := strings.Cut(call.Name, "/")
			if far && to != page {
				t.Errorf("%s calls %s of another page", one.Name(), call.Name)
			}
			if p := pages[page]; p != nil && p.own[call.Name] {
				t.Errorf("%s %s calls %s by the name that all pages have for it", page, own, call.Name)
			}
		}
	}
	if copies[layout] != len(pages) || copies["fold"] != 2 || copies["lamp"] != 0 {
		t.Errorf("%d pages hold the layout %d times, the fold that calls what they define %d times and the lamp %d times", len(pages), copies[layout], copies["fold"], copies["lamp"])
	}
	for called, want := range map[string]string{
		"goal":        "goal|frame of you|of the goallamp",
		"matter":      "matter|frame of you|lamp",
		"matter_open": `open|frame of you|<img src="` + f.URL("mark.svg") + `">of anybody`,
	} {
		var b strings.Builder
		if err := f.Page(&b, "en", called, "you"); err != nil || b.String() != want {
			t.Errorf("page %s is %q (%v), want %q", called, b.String(), err, want)
		}
	}
	var b strings.Builder
	if err := f.Part(&b, "zh", "matter_open", "fold", nil); err != nil || b.String() != "of anybody" {
		t.Errorf("the part is %q (%v)", b.String(), err)
	}
	if err := f.Page(&b, "zh", "nothing", nil); err == nil {
		t.Error("a page that is not there is written")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /assets/{file}", f.ServeAsset)
	for path, status := range map[string]int{f.URL("mark.svg"): 200, "/assets/mark.svg": 404} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != status || status == 200 && (w.Body.String() != "<svg/>" || w.Header().Get("Content-Type") != "image/svg+xml") {
			t.Errorf("%s is answered with %d %s %q", path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

// TestWhatIsNotThereIsSaid: a page that leaves out what the layout calls is found when the pages are read, not when somebody opens it.
func TestWhatIsNotThereIsSaid(t *testing.T) {
	_, err := Read(styled(fstest.MapFS{
		"templates/layout.html": {Data: []byte(`{{template "title" .}}{{template "body" .}}`)},
		"templates/goal.html":   {Data: []byte(`{{define "body"}}goal{{end}}`)},
		"assets/mark.svg":       {Data: []byte("<svg/>")},
	}), func(string, func(string) string) template.FuncMap { return nil })
	if err == nil || err.Error() != `template goal.html: layout.html calls "title", which is not there` {
		t.Errorf("a page without a title is read: %v", err)
	}
}

// styled adds all style sheets to files.
func styled(files fstest.MapFS) fstest.MapFS {
	for _, s := range sheets {
		files["style/"+s+".css"] = &fstest.MapFile{Data: []byte("." + s + " {}\n")}
	}
	return files
}

// TestSheetsAreSentAsOne: in their order, compressed, under one address; one that is missing is a fault when the pages are read.
func TestSheetsAreSentAsOne(t *testing.T) {
	files := styled(fstest.MapFS{
		"templates/layout.html": {Data: []byte(`{{template "body" .}}`)},
		"templates/goal.html":   {Data: []byte(`{{define "body"}}goal{{end}}`)},
		"assets/mark.svg":       {Data: []byte("<svg/>")},
	})
	read := func() (*Face, error) {
		return Read(files, func(string, func(string) string) template.FuncMap { return nil })
	}
	f, err := read()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", f.URL(styleSheet), nil)
	r.SetPathValue("file", path.Base(f.URL(styleSheet)))
	w := httptest.NewRecorder()
	f.ServeAsset(w, r)
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/css; charset=utf-8" || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("the sheets are answered with %d %v", w.Code, w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if want := "." + strings.Join(sheets, " {}\n.") + " {}\n"; err != nil || string(got) != want {
		t.Errorf("the sheets are sent as %q (%v), want %q", got, err, want)
	}
	delete(files, "style/wall.css")
	if _, err := read(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a sheet that is missing is no fault: %v", err)
	}
}
