package witness

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/note"
)

// Files is a State on the disk: the last checkpoint of each log in a folder, and beside the key, in a file of its own, how many
// records each was cosigned with. A folder that was lost, or an old copy of it, disagrees with that file.
type Files struct {
	dir  string
	mark string
}

// OpenFiles returns the state in a folder, which is made if it is missing, with its marks in the file mark.
func OpenFiles(dir, mark string) (*Files, error) {
	f := &Files{dir, mark}
	if _, err := f.marks(); err != nil {
		return nil, err
	}
	return f, os.MkdirAll(dir, 0o700)
}

// path is the file of a log: origins have characters that file names do not.
func (f *Files) path(origin string) string {
	return filepath.Join(f.dir, fmt.Sprintf("%x.checkpoint", sha256.Sum256([]byte(origin))))
}

// Last returns the last checkpoint of a log.
func (f *Files) Last(origin string) (string, error) {
	marks, err := f.marks()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(f.path(origin))
	if errors.Is(err, os.ErrNotExist) {
		if _, began := marks[origin]; began {
			return "", ErrLost
		}
		return "", nil
	}
	if err != nil {
		return "", err
	}
	n, err := note.Parse(string(text))
	if err != nil {
		return "", fmt.Errorf("%s: %w", f.path(origin), errors.Join(ErrLost, err))
	}
	c, err := note.ParseCheckpoint(n.Text)
	if err != nil || c.Origin != origin || c.Size < marks[origin] {
		return "", fmt.Errorf("%s: %w", f.path(origin), ErrLost)
	}
	return string(text), nil
}

// Keep writes a checkpoint, then its mark.
func (f *Files) Keep(origin string, size int64, checkpoint string) error {
	if err := Replace(f.path(origin), checkpoint); err != nil {
		return err
	}
	marks, err := f.marks()
	if err != nil {
		return err
	}
	if was, ok := marks[origin]; ok && was == size {
		return nil
	}
	marks[origin] = size
	var b strings.Builder
	for origin, size := range marks {
		fmt.Fprintf(&b, "%d %s\n", size, origin)
	}
	return Replace(f.mark, b.String())
}

// marks reads how many records were cosigned of each log.
func (f *Files) marks() (map[string]int64, error) {
	marks := map[string]int64{}
	text, err := os.ReadFile(f.mark)
	if errors.Is(err, os.ErrNotExist) {
		return marks, nil
	}
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		size, origin, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		n, err := strconv.ParseInt(size, 10, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("%s is no list of marks: %w", f.mark, fault.ErrInvalid)
		}
		marks[origin] = n
	}
	return marks, nil
}

// Replace writes a file so that it is whole, old or new, whenever the machine stops: what a log remembers of what it
// signed is kept like that too.
func Replace(path, text string) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, os.ErrInvalid) {
		return err
	}
	return nil
}
