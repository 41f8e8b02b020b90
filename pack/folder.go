package pack

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
)

// Limits of a folder.
const (
	maxFiles  = 100
	maxRows   = 4 << 20  // bytes of one file of records
	maxFolder = 32 << 20 // bytes of all files
)

// File is one file of a pack: its path inside the folder, with slashes, and its bytes.
type File struct {
	Name string
	Data []byte
}

// allowed are the files that a pack may have; anything else belongs elsewhere.
var allowed = regexp.MustCompile(`^(pack\.yaml|cases\.yaml|README(\.[a-z][A-Za-z-]*)?\.md|records/[a-z][a-z0-9]*(-[a-z0-9]+)*\.csv)$`)

// readFolder returns the files of a pack's folder in the order of their names.
func readFolder(c *collector, fsys fs.FS, folder string) (files []File) {
	total := 0
	err := fs.WalkDir(fsys, folder, func(p string, d fs.DirEntry, err error) error {
		inside := strings.TrimPrefix(p, folder+"/")
		at := spot{src: &source{name: p}}
		switch {
		case err != nil:
			return err
		case d.IsDir() && (p == folder || inside == "records"):
			return nil
		case d.IsDir():
			c.add(at, "stray-file", "file", inside+"/")
			return fs.SkipDir
		case !d.Type().IsRegular() || !allowed.MatchString(inside):
			c.add(at, "stray-file", "file", inside)
			return nil
		case len(files) == maxFiles:
			c.add(at, "too-many", "limit", itoa(maxFiles))
			return fs.SkipAll
		}
		data, err := readLimited(fsys, p, limitOf(inside))
		if errors.Is(err, errTooLarge) {
			c.add(at, "file-too-large", "limit", itoa(limitOf(inside)>>20)+" MB")
			return nil
		}
		if total += len(data); total > maxFolder {
			c.add(at, "file-too-large", "limit", "32 MB")
			return fs.SkipAll
		}
		files = append(files, File{inside, data})
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.add(spot{src: &source{name: folder}}, "pack-not-found", "pack", folder)
	case err != nil:
		c.add(spot{src: &source{name: folder}}, "unreadable", "reason", err.Error())
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files
}

var errTooLarge = errors.New("too large")

func limitOf(file string) int {
	if path.Ext(file) == ".csv" {
		return maxRows
	}
	return maxFile
}

func readLimited(fsys fs.FS, p string, limit int) ([]byte, error) {
	f, err := fsys.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(data) > limit {
		return nil, errTooLarge
	}
	return data, err
}

// bundleMagic opens a bundle; its digit is the version of the form.
const bundleMagic = "bihuan/pack/1\n"

// Bundle returns a pack's files as one piece of bytes, the same for the same files whatever their order:
// the magic, then for each file in the order of its name the lengths of name and content as four bytes
// big-endian each, the name and the content. It is what is stored, and what [Hash] is computed from.
func Bundle(files []File) []byte {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	b := []byte(bundleMagic)
	for _, f := range files {
		b = binary.BigEndian.AppendUint32(b, uint32(len(f.Name)))
		b = binary.BigEndian.AppendUint32(b, uint32(len(f.Data)))
		b = append(b, f.Name...)
		b = append(b, f.Data...)
	}
	return b
}

// Hash returns the content address of a bundle: its SM3 (GB/T 32905-2016) in lower-case hexadecimal.
func Hash(bundle []byte) string {
	h := ledger.SM3.New()
	h.Write(bundle)
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Unbundle returns the files of a bundle in order of their names. It wraps [fault.ErrInvalid] for bytes that
// [Bundle] would not have made.
func Unbundle(bundle []byte) (files []File, err error) {
	bad := fmt.Errorf("bundle of a pack: %w", fault.ErrInvalid)
	rest, ok := strings.CutPrefix(string(bundle), bundleMagic)
	if !ok || len(bundle) > maxFolder+maxFiles*200 {
		return nil, bad
	}
	for last := ""; rest != ""; {
		if len(rest) < 8 || len(files) == maxFiles {
			return nil, bad
		}
		n, m := int64(binary.BigEndian.Uint32([]byte(rest))), int64(binary.BigEndian.Uint32([]byte(rest[4:])))
		if rest = rest[8:]; n+m > int64(len(rest)) {
			return nil, bad
		}
		f := File{Name: rest[:n], Data: []byte(rest[n : n+m])}
		if f.Name <= last || !allowed.MatchString(f.Name) {
			return nil, bad
		}
		files, last, rest = append(files, f), f.Name, rest[n+m:]
	}
	if len(files) == 0 {
		return nil, bad
	}
	return files, nil
}
