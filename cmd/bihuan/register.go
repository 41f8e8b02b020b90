package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bihuan/desk/imports"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/geo"
	"bihuan/ground/name"
)

const registerHelp = `usage: bihuan register import --register PACK/REGISTER [flags] FILE

Takes outlines or points out of a GeoJSON file into a register, such as place/cell, place/grid,
place/community or erdao/street: all of the file, or nothing where a feature is wrong. Each fault
is told with the number of its feature. A record of the same key ends on the day on which the
new one begins. A database that is being served is asked of the process that serves it.

  --register R   the register
  --from DATUM   in which datum the coordinates are: wgs84 (also CGCS2000), gcj02 (Amap,
                 Tencent) or bd09 (Baidu) (wgs84)
  --on DATE      the day from which they hold (today)
  --map F=P,…    take field F from property P; other fields from the property of their name
  --dry-run      tell what would come of it, and take nothing
  --lang zh|en   language of what is said (zh)
  --db FILE      the database (bihuan.db)
`

// runRegister takes outlines into a register.
func runRegister(args []string, std streams) int {
	set := flag.NewFlagSet("register", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	q := url.Values{}
	for key, otherwise := range map[string]string{"register": "", "from": "wgs84", "on": "", "map": ""} {
		set.Func(key, "", func(v string) error { q.Set(key, v); return nil })
		q.Set(key, otherwise)
	}
	db := set.String("db", defaults().Database, "")
	lang := set.String("lang", "zh", "")
	dry := set.Bool("dry-run", false, "")
	if len(args) == 0 {
		fmt.Fprint(std.err, registerHelp)
		return exitUsage
	}
	rest, err := interspersed(set, args[1:])
	if errors.Is(err, flag.ErrHelp) || slices.Contains([]string{"help", "-h", "--help", "-help"}, args[0]) {
		fmt.Fprint(std.out, registerHelp)
		return exitFine
	}
	switch {
	case err != nil:
		err = flagFault(err)
	case args[0] != "import":
		err = fmt.Errorf("there is no command %q", args[0])
	case len(rest) != 1:
		err = fmt.Errorf("import takes one file, not %d", len(rest))
	case q.Get("register") == "":
		err = errors.New("--register is missing")
	case *lang != "zh" && *lang != "en":
		err = fmt.Errorf("--lang %q: neither zh nor en", *lang)
	}
	if err != nil {
		fmt.Fprintf(std.err, "bihuan register: %v\nbihuan register -h tells how it is used.\n", err)
		return exitUsage
	}
	if *dry {
		q.Set("dry", "yes")
	}
	if rest[0], err = filepath.Abs(rest[0]); err == nil {
		q.Set("file", rest[0])
	}
	out, err := importIn(context.Background(), *db, q)
	if err != nil {
		fmt.Fprintln(std.err, "bihuan register:", words.Of(err, *lang))
		return exitBad
	}
	return tellImport(out, *lang, *dry, std)
}

// tellImport prints what came of an import.
func tellImport(out imports.Outcome, lang string, dry bool, std streams) int {
	for _, f := range append(slices.Clip(out.Faults), out.Remarks...) {
		at := ""
		if f.Feature > 0 {
			at = words.Say(lang, "import.feature", "n", f.Feature)
		}
		fmt.Fprintln(std.err, at+words.Refusal(f.Refusal(), lang))
	}
	if len(out.Faults) > 0 {
		fmt.Fprintln(std.err, words.Say(lang, "import.nothing", "n", len(out.Faults)))
		return exitBad
	}
	for _, n := range slices.Sorted(maps.Keys(out.Repaired)) {
		fmt.Fprintln(std.err, words.Say(lang, "import."+n, "n", out.Repaired[n]))
	}
	done := "import.done"
	if dry {
		done = "import.would"
	}
	fmt.Fprintln(std.out, words.Say(lang, done, "all", out.Features, "new", out.New, "changed", out.Changed, "same", out.Same))
	return exitFine
}

// importIn imports into a database, or has the process that holds it do so.
func importIn(ctx context.Context, database string, q url.Values) (imports.Outcome, error) {
	return in(ctx, database, "/import?"+q.Encode(), func(ctx context.Context, h *house) (imports.Outcome, error) { return h.importPlaces(ctx, q) })
}

// importPlaces reads the file that a call names and takes it in.
func (h *house) importPlaces(ctx context.Context, q url.Values) (out imports.Outcome, err error) {
	in := imports.File{Register: q.Get("register"), Name: filepath.Base(q.Get("file")), Dry: q.Get("dry") == "yes", Fields: map[string]string{}}
	if in.From, err = geo.ParseDatum(q.Get("from")); err != nil {
		return out, err
	}
	if on := q.Get("on"); on != "" {
		if in.On, err = calendar.ParseDate(on); err != nil {
			return out, fmt.Errorf("--on: %w", err)
		}
	}
	for _, pair := range strings.FieldsFunc(q.Get("map"), func(r rune) bool { return r == ',' }) {
		f, p, ok := strings.Cut(pair, "=")
		if !ok {
			return out, fmt.Errorf("--map %q: not FIELD=PROPERTY: %w", pair, fault.ErrInvalid)
		}
		in.Fields[f] = p
	}
	info, err := os.Stat(q.Get("file"))
	if err == nil && info.Size() > geo.MaxFile {
		return out, fault.Refuse(fault.ErrInvalid, "shape-too-large", "", "limit", fmt.Sprint(geo.MaxFile>>20))
	}
	if in.Data, err = os.ReadFile(q.Get("file")); err != nil {
		return out, err
	}
	return h.imports.PlacesAs(ctx, name.System, in)
}
