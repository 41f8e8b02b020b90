package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bihuan/pack"
	"bihuan/packs"
)

const packHelp = `usage: bihuan pack COMMAND [flags] [arguments]

  check [DIR…]       report every fault of the packs; without DIR, of those that the binary carries
  list               list the packs that the binary carries

A pack that lies in DIR may need packs that lie beside it, and those that the binary carries.

  --lang zh|en       language of what is said (zh)
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
			return c.run(packCall{args: dirs, lang: *lang, std: std})
		}
	}
	return wrongPack(std, fmt.Errorf("there is no command %q", command))
}

// packCall is one call of a command behind pack.
type packCall struct {
	args []string
	lang string
	std  streams
}

var packCommands = []struct {
	name string
	run  func(packCall) int
}{
	{"check", packCheck},
	{"list", packList},
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

// packList lists the packs that the binary carries.
func packList(c packCall) int {
	if len(c.args) > 0 {
		return wrongPack(c.std, errors.New("list takes no arguments"))
	}
	set, _, code := c.load()
	if set != nil {
		for _, p := range set.Packs() {
			fmt.Fprintf(c.std.out, "%-12s %-8s %s\n", p.Name, p.Version, p.Words.In(c.lang))
		}
	}
	return code
}

// load compiles the packs in the folders named, or all that the binary carries, and says what is wrong with them.
func (c packCall) load() (set *pack.Set, names []string, code int) {
	folders, err := pack.Sub(packs.FS)
	if err != nil {
		fmt.Fprintf(c.std.err, "bihuan pack: %v\n", err)
		return nil, nil, exitBad
	}
	shown := map[string]string{}
	for _, dir := range c.args {
		name, err := addFolder(folders, shown, dir)
		if err != nil {
			return nil, nil, wrongPack(c.std, err)
		}
		names = append(names, name)
	}
	set, err = pack.Load(folders, names...)
	if faults, ok := errors.AsType[pack.Faults](err); ok {
		for i := range faults {
			called, rest, _ := strings.Cut(faults[i].File, "/")
			if dir := shown[called]; dir != "" {
				faults[i].File = filepath.Join(dir, filepath.FromSlash(rest))
			}
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
