package pack

import (
	"io/fs"
	"slices"
	"strings"
)

// Folders is a file system with one folder per pack at its root, each from somewhere else: the way
// to check a pack that lies in any folder together with packs that the binary carries.
type Folders map[string]fs.FS

// Sub returns the folders of a file system that hold a pack.yaml, by name.
func Sub(fsys fs.FS) (Folders, error) {
	found, err := fs.Glob(fsys, "*/pack.yaml")
	if err != nil {
		return nil, err
	}
	all := Folders{}
	for _, f := range found {
		if all[packOf(f)], err = fs.Sub(fsys, packOf(f)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Open opens a file of one of the folders.
func (f Folders) Open(name string) (fs.File, error) {
	called, rest, inside := strings.Cut(name, "/")
	folder, ok := f[called]
	if !ok || !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if !inside {
		rest = "."
	}
	return folder.Open(rest)
}

// Names returns the names of the folders in order.
func (f Folders) Names() (names []string) {
	for n := range f {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
