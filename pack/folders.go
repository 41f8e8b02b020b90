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

// ReadDir lists the folders themselves, or what is in one of them.
func (f Folders) ReadDir(name string) (entries []fs.DirEntry, err error) {
	if name != "." {
		called, rest, inside := strings.Cut(name, "/")
		if !inside {
			rest = "."
		}
		if f[called] == nil {
			return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
		}
		return fs.ReadDir(f[called], rest)
	}
	for _, n := range f.Names() {
		info, err := fs.Stat(f[n], ".")
		if err != nil {
			return nil, err
		}
		entries = append(entries, folder{fs.FileInfoToDirEntry(info), n})
	}
	return entries, nil
}

// folder is a folder under the name that it has here.
type folder struct {
	fs.DirEntry
	called string
}

func (f folder) Name() string { return f.called }

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
