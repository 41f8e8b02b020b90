package face

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// assets are the files that pages refer to, under names that change with their content, so that a browser may keep
// them for ever. Large ones are kept compressed (NAME.gz) and sent so.
type assets struct {
	byURL  map[string]asset
	byName map[string]string
}

type asset struct {
	bytes []byte
	media string
	gzip  bool
}

func readAssets(files fs.FS) (*assets, error) {
	a := &assets{byURL: map[string]asset{}, byName: map[string]string{}}
	all, err := fs.ReadDir(files, "assets")
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		b, err := fs.ReadFile(files, path.Join("assets", f.Name()))
		if err != nil {
			return nil, err
		}
		plain, zipped := strings.CutSuffix(f.Name(), ".gz")
		a.add(plain, b, zipped)
	}
	style, err := readStyle(files)
	if err != nil {
		return nil, err
	}
	a.add(styleSheet, style, true)
	return a, nil
}

func (a *assets) add(called string, b []byte, zipped bool) {
	sum := sha256.Sum256(b)
	ext := path.Ext(called)
	url := strings.TrimSuffix(called, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.byName[called] = "/assets/" + url
	a.byURL[url] = asset{b, mediaOf(ext), zipped}
}

func mediaOf(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if m := mime.TypeByExtension(ext); m != "" {
		return m
	}
	return "application/octet-stream"
}

// URL returns the address of a file that pages refer to, by its plain name; empty for one that is not there.
func (f *Face) URL(called string) string { return f.assets.byName[called] }

// ServeAsset sends the file that the request's path names as {file}. Every browser that can show the pages takes gzip.
func (f *Face) ServeAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := f.assets.byURL[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.media)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if a.gzip {
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
	}
	w.Write(a.bytes)
}
