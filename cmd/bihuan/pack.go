package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bihuan/pack"
	"bihuan/packs"
)

const packHelp = `usage: bihuan pack COMMAND [flags] [arguments]

  check [DIR…]       report every fault of the packs at once
  test [DIR…]        walk their cases.yaml through the rules
  list [DIR…]        list packs with version and words
  show PACK|DIR      tell what a pack holds: kinds, states, acts, clocks, registers, indicators
  install DIR…       install packs into a database as official records
  move PACK          put its open matters under the newest version, each by an event
  new NAME DIR       write a small pack that passes check and test into DIR/NAME
  schema pack|cases  print the JSON Schema of pack.yaml or cases.yaml for editors

Without DIR these are the packs that the binary carries. A pack in DIR may need packs that
lie beside it, and those that the binary carries. A DIR that holds packs stands for all of
them. Faults and failures go to standard error.

  --lang zh|en       language of what is said (zh)
  --db FILE          of install and move: the database (bihuan.db)
  --reason TEXT      of move: stands in every matter's history
  --act ID           of install: the approval of two, for a pack that opens what was masked
  --dry-run          of move: tell what can be moved and what stands in the way, and move nothing
`

// runPack finds the command behind pack.
func runPack(args []string, std streams) int {
	if len(args) == 0 {
		fmt.Fprint(std.err, packHelp)
		return exitUsage
	}
	set := flag.NewFlagSet("pack", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	lang := set.String("lang", "zh", "")
	db := set.String("db", defaults().Database, "")
	reason := set.String("reason", "", "")
	act := set.String("act", "", "")
	dry := set.Bool("dry-run", false, "")
	command := args[0]
	switch command {
	case "help", "-h", "-help", "--help":
		fmt.Fprint(std.out, packHelp)
		return exitFine
	}
	dirs, err := interspersed(set, args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(std.out, packHelp)
		return exitFine
	case err != nil:
		return wrongPack(std, flagFault(err))
	case *lang != "zh" && *lang != "en":
		return wrongPack(std, fmt.Errorf("--lang %q: neither zh nor en", *lang))
	}
	for _, c := range packCommands {
		if c.name == command {
			if c.folders {
				dirs = unfolded(dirs)
			}
			return c.run(packCall{args: dirs, lang: *lang, db: *db, reason: *reason, act: *act, dry: *dry, std: std, shown: map[string]string{}})
		}
	}
	return wrongPack(std, fmt.Errorf("there is no command %q", command))
}

// packCall is one call of a command behind pack.
type packCall struct {
	args []string
	lang string
	db   string // of install and move
	std  streams

	reason string            // of move
	act    string            // of install
	dry    bool              // of move
	shown  map[string]string // the folder under which each pack was named
}

// file turns the name of a pack's file into the path that it was named by.
func (c packCall) file(name string) string {
	called, rest, _ := strings.Cut(name, "/")
	if dir := c.shown[called]; dir != "" {
		return filepath.Join(dir, filepath.FromSlash(rest))
	}
	return name
}

var packCommands = []struct {
	name    string
	run     func(packCall) int
	folders bool // its arguments are folders of packs, or folders that hold such
}{
	{"check", packCheck, true},
	{"test", packTest, true},
	{"list", packList, true},
	{"show", packShow, false},
	{"install", packInstall, true},
	{"move", packMove, false},
	{"new", packNew, false},
	{"schema", packSchema, false},
}

// unfolded puts the packs of a folder in its place, as --packs of serve and demo takes such a folder: one that is no pack itself and holds some.
func unfolded(dirs []string) (all []string) {
	for _, dir := range dirs {
		var inside []string
		if !isThere(filepath.Join(dir, "pack.yaml")) {
			entries, _ := os.ReadDir(dir) // what cannot be read is told when it is loaded
			for _, e := range entries {
				if at := filepath.Join(dir, e.Name()); isThere(filepath.Join(at, "pack.yaml")) {
					inside = append(inside, at)
				}
			}
		}
		if inside == nil {
			inside = []string{dir}
		}
		all = append(all, inside...)
	}
	return all
}

// interspersed parses flags that may stand among the arguments.
func interspersed(set *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			return nil, err
		}
		if set.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, set.Arg(0)), set.Args()[1:]
	}
}

func wrongPack(std streams, err error) int {
	fmt.Fprintf(std.err, "bihuan pack: %v\nbihuan pack -h tells how it is used.\n", err)
	return exitUsage
}

// packCheck reports every fault of the packs.
func packCheck(c packCall) int {
	set, _, code := c.load()
	if set != nil {
		for _, p := range set.Packs() {
			fmt.Fprintf(c.std.out, "ok %s %s %s\n", p.Name, p.Version, p.Hash)
		}
	}
	return code
}

// packTest walks the cases of the packs.
func packTest(c packCall) int {
	set, names, code := c.load()
	if set == nil {
		return code
	}
	for _, p := range set.Packs() {
		if len(names) > 0 && !slices.Contains(names, p.Name) {
			continue
		}
		r, err := pack.Test(set, p.Name)
		if err != nil {
			fmt.Fprintf(c.std.err, "bihuan pack: %s: %v\n", p.Name, err)
			return exitBad
		}
		for i := range r.Failures {
			r.Failures[i].File = c.file(r.Failures[i].File)
			fmt.Fprint(c.std.err, r.Failures[i].In(c.lang))
			code = exitBad
		}
		if len(r.Failures) == 0 {
			fmt.Fprintf(c.std.out, "ok %s: %s\n", p.Name, walked(r, c.lang))
		}
	}
	return code
}

// walked tells how far the cases of a pack reach.
func walked(r pack.Report, lang string) string {
	if lang == "en" {
		return fmt.Sprintf("%d cases, %d steps, %d acts done, %d never, refusals %s", r.Cases, r.Steps, len(r.Acts), len(r.Idle), strings.Join(r.Codes(), " "))
	}
	return fmt.Sprintf("%d 个用例，%d 步，办过 %d 种动作，没办过 %d 种，遇到的拒绝：%s", r.Cases, r.Steps, len(r.Acts), len(r.Idle), strings.Join(r.Codes(), " "))
}

// packList lists packs.
func packList(c packCall) int {
	set, _, code := c.load()
	if set != nil {
		for _, p := range set.Packs() {
			fmt.Fprintf(c.std.out, "%-12s %-8s %s\n", p.Name, p.Version, p.Words.In(c.lang))
		}
	}
	return code
}

// packShow tells what a pack holds. The argument is the name of a pack that the binary carries, or a folder.
func packShow(c packCall) int {
	if len(c.args) != 1 {
		return wrongPack(c.std, errors.New("show needs one pack"))
	}
	name := c.args[0]
	if _, err := fs.Stat(packs.FS, name+"/pack.yaml"); err == nil {
		c.args = nil
	}
	set, names, code := c.load()
	if set == nil {
		return code
	}
	if len(names) > 0 {
		name = names[0]
	}
	p, _ := set.Pack(name)
	fmt.Fprint(c.std.out, p.Show(c.lang))
	return exitFine
}

// packNew writes a small pack.
func packNew(c packCall) int {
	if len(c.args) != 2 {
		return wrongPack(c.std, errors.New("new needs a name and a folder"))
	}
	files, err := pack.New(c.args[0])
	if err != nil {
		return wrongPack(c.std, err)
	}
	dir := filepath.Join(c.args[1], c.args[0])
	if _, err := os.Stat(dir); err == nil {
		return wrongPack(c.std, fmt.Errorf("%s is there already", dir))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		fmt.Fprintf(c.std.err, "bihuan pack: %v\n", err)
		return exitBad
	}
	for _, f := range files {
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.WriteFile(file, f.Data, 0o644); err != nil {
			fmt.Fprintf(c.std.err, "bihuan pack: %v\n", err)
			return exitBad
		}
		fmt.Fprintln(c.std.out, file)
	}
	return exitFine
}

// packSchema prints a schema for editors.
func packSchema(c packCall) int {
	if len(c.args) != 1 {
		return wrongPack(c.std, errors.New("schema needs pack or cases"))
	}
	b, ok := pack.Schema(c.args[0])
	if !ok {
		return wrongPack(c.std, fmt.Errorf("there is no schema %q, only pack and cases", c.args[0]))
	}
	c.std.out.Write(b)
	return exitFine
}

// load compiles the packs in the folders named, or all that the binary carries, and says what is wrong with them.
func (c packCall) load() (set *pack.Set, names []string, code int) {
	folders, err := pack.Sub(packs.FS)
	if err != nil {
		fmt.Fprintf(c.std.err, "bihuan pack: %v\n", err)
		return nil, nil, exitBad
	}
	var policy fs.FS = packs.FS
	for _, dir := range c.args {
		if beside := filepath.Dir(filepath.Clean(dir)); isThere(filepath.Join(beside, pack.PolicyFile)) {
			policy = os.DirFS(beside)
		}
		name, err := addFolder(folders, c.shown, dir)
		if err != nil {
			return nil, nil, wrongPack(c.std, err)
		}
		names = append(names, name)
	}
	set, err = pack.Load(governed{folders, policy}, names...)
	if faults, ok := errors.AsType[pack.Faults](err); ok {
		for i := range faults {
			faults[i].File = c.file(faults[i].File)
		}
		fmt.Fprint(c.std.err, faults.In(c.lang))
		return nil, nil, exitBad
	}
	if err != nil {
		fmt.Fprintf(c.std.err, "bihuan pack: %v\n", err)
		return nil, nil, exitBad
	}
	return set, names, exitFine
}

// governed are packs under a policy: that of the binary, or one that lies beside a pack's folder. An act that nobody could ever do is a
// fault then.
type governed struct {
	pack.Folders
	policy fs.FS
}

// Open opens a file of a pack, or the policy.
func (g governed) Open(name string) (fs.File, error) {
	if name == pack.PolicyFile {
		return g.policy.Open(name)
	}
	return g.Folders.Open(name)
}

// addFolder adds a pack's folder and the packs beside it, which it may need. It notes under which path each is shown.
func addFolder(folders pack.Folders, shown map[string]string, dir string) (name string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s is not a folder", dir)
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	beside, err := pack.Sub(os.DirFS(filepath.Dir(full)))
	if err != nil {
		return "", err
	}
	for n := range beside {
		if _, taken := shown[n]; !taken {
			folders[n] = beside[n]
			shown[n] = filepath.Join(filepath.Dir(dir), n)
		}
	}
	name = filepath.Base(full)
	folders[name], shown[name] = os.DirFS(full), dir
	return name, nil
}
