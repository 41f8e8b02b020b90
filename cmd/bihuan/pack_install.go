package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/pack"
)

// packInstall installs packs from folders into a database, as official records. A database that is being served is
// installed into by the process that serves it, which uses the new packs from the next request on.
func packInstall(c packCall) int {
	if len(c.args) == 0 {
		return wrongPack(c.std, errors.New("install needs at least one folder"))
	}
	set, _, code := c.load()
	if set == nil {
		return code
	}
	changed, err := installInto(context.Background(), c.db, c.act, c.args)
	if err != nil {
		fmt.Fprintln(c.std.err, "bihuan pack install:", err)
		return exitBad
	}
	for _, called := range changed {
		fmt.Fprintf(c.std.out, "installed %s\n", called)
	}
	if len(changed) == 0 {
		fmt.Fprintln(c.std.out, "nothing to install: the database has these very packs")
	}
	return exitFine
}

// installInto installs into a database, or has the process that holds it do so.
func installInto(ctx context.Context, database, act string, dirs []string) ([]string, error) {
	q := url.Values{"act": {act}}
	for _, d := range dirs {
		abs, err := filepath.Abs(d)
		if err != nil {
			return nil, err
		}
		q.Add("dir", abs)
	}
	return in(ctx, database, "/install?"+q.Encode(), func(ctx context.Context, h *house) ([]string, error) { return h.install(ctx, act, q["dir"]) })
}

// install puts packs from folders into the database and has the desk use them. Clocks whose holidays have changed
// are computed again, each with its old time and the reason. A pack that opens what was masked needs an approval.
func (h *house) install(ctx context.Context, act string, dirs []string) ([]string, error) {
	set, err := h.withInstalled(dirs)
	if err != nil {
		return nil, err
	}
	if open := set.Opened(h.desk.Packs()); len(open) > 0 {
		if err := h.take(ctx, unmaskAct, act); err != nil {
			return nil, fmt.Errorf("personal values of a lower class than before (%s): %w", strings.Join(open, ", "), err)
		}
	}
	world := h.world
	world.Packs = set
	changed, err := desk.InstallPacks(ctx, h.store, world, set, name.System)
	if err != nil || len(changed) == 0 {
		return changed, err
	}
	installed, err := desk.InstalledPacks(ctx, h.store, world.District, world.Now(), set)
	if err != nil {
		return changed, err
	}
	if err := h.desk.Adopt(ctx, installed); err != nil {
		return changed, err
	}
	_, err = h.watch.Recalendar(ctx, "calendar-changed")
	return changed, err
}

// withInstalled compiles the packs of folders together with those that the database has.
func (h *house) withInstalled(dirs []string) (*pack.Set, error) {
	bundles := map[string][]byte{}
	for _, p := range h.desk.Packs().Packs() {
		bundles[p.Name] = pack.Bundle(p.Files)
	}
	for _, dir := range dirs {
		called := filepath.Base(dir)
		files, err := folderFiles(os.DirFS(dir))
		if err != nil {
			return nil, fmt.Errorf("folder %s: %w", dir, err)
		}
		bundles[called] = pack.Bundle(files)
	}
	return pack.LoadBundles(bundles)
}

// maxPackFile is the largest file of a pack that is read; the compiler has narrower limits of its own.
const maxPackFile = 8 << 20

// folderFiles reads the files of a pack's folder in the order of their names.
func folderFiles(fsys fs.FS) (files []pack.File, err error) {
	err = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() > maxPackFile {
			return fmt.Errorf("%s has %d bytes, at most %d: %w", p, info.Size(), maxPackFile, fault.ErrInvalid)
		}
		b, err := fs.ReadFile(fsys, p)
		files = append(files, pack.File{Name: p, Data: b})
		return err
	})
	return files, err
}
