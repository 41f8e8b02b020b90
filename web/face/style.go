package face

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"path"
	"slices"
)

// sheets are the style sheets of the folder style in the order in which they make up one, which every page loads once: what stands
// on every page, the parts of pages, then what only some of them have, and paper last, which takes away from all of them.
var sheets = []string{"base", "frame", "parts", "tables", "forms", "draw", "report", "matter", "packs", "paper", "month", "search", "notices",
	"people", "cockpit", "wall", "goal", "hall", "work", "map", "print"}

// Sheets returns the names of the style sheets, in their order.
func Sheets() []string { return slices.Clone(sheets) }

// styleSheet is the name by which pages ask for all sheets together.
const styleSheet = "bihuan.css"

// readStyle returns all sheets as one, compressed.
func readStyle(files fs.FS) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	for _, s := range sheets {
		b, err := fs.ReadFile(files, path.Join("style", s+".css"))
		if err != nil {
			return nil, err
		}
		if _, err := z.Write(b); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
