package pack

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"bihuan/ground/fault"
)

//go:embed skeleton
var skeleton embed.FS

// New returns the files of a small pack of the name that passes check and test: a place to begin. It
// wraps [fault.ErrInvalid] for a name that is no key.
func New(called string) ([]File, error) {
	if !formats["key"].pattern.MatchString(called) || len(called) > formats["key"].limit() {
		return nil, fmt.Errorf("%q is no name for a pack: lower-case letters, digits and hyphens, a letter first: %w", called, fault.ErrInvalid)
	}
	var files []File
	for _, n := range []string{"README.md", "cases.yaml", "pack.yaml"} {
		data, err := fs.ReadFile(skeleton, "skeleton/"+n)
		if err != nil {
			return nil, fmt.Errorf("skeleton: %w", err)
		}
		text := strings.NewReplacer("NAME", called, "SERIES", series(called)).Replace(string(data))
		files = append(files, File{n, []byte(text)})
	}
	return files, nil
}

// series makes the letters of case numbers from a name: the first of each word, three at most.
func series(called string) (letters string) {
	for _, word := range strings.Split(called, "-") {
		if first := strings.ToUpper(word[:1]); len(letters) < 3 && first >= "A" && first <= "Z" {
			letters += first
		}
	}
	return letters
}
