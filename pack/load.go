package pack

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
)

// Load reads, checks and compiles packs from their folders at the root of fsys, together with every
// pack that they need. Without names it loads every folder that has a pack.yaml. Where the policy lies beside them, in
// [PolicyFile], each act has to be one that the roles which it is for have the permission for.
// The error is a [Faults] with the faults of all files, or one of the file system's own.
func Load(fsys fs.FS, names ...string) (*Set, error) { return loadFolders(fsys, true, names) }

// LoadToRun is [Load] without the cases of the packs, which only [Test] walks, and without the policy. It takes two thirds of the time.
func LoadToRun(fsys fs.FS, names ...string) (*Set, error) { return loadFolders(fsys, false, names) }

func loadFolders(fsys fs.FS, cases bool, names []string) (*Set, error) {
	if len(names) == 0 {
		found, err := fs.Glob(fsys, "*/pack.yaml")
		if err != nil {
			return nil, fmt.Errorf("find packs: %w", err)
		}
		for _, f := range found {
			names = append(names, packOf(f))
		}
	}
	l := &loader{c: &collector{}, cases: cases, read: func(c *collector, folder string) []File { return readFolder(c, fsys, folder) }}
	if _, err := fs.Stat(fsys, PolicyFile); err == nil && cases {
		if l.policy, err = ReadPolicy(fsys); err != nil {
			return nil, err
		}
	}
	for _, n := range names {
		l.load(n, spot{src: &source{name: n}})
	}
	return l.compile()
}

// LoadBundles is [Load] from bundles by the names of their packs, as they are kept by an installation: of those named and what they need,
// or without names of all. What was checked when it was installed is not judged again: rules that came later refuse no pack that
// matters live under. Its cases are left out.
func LoadBundles(bundles map[string][]byte, names ...string) (*Set, error) {
	l := &loader{c: &collector{lenient: true}}
	l.read = func(c *collector, folder string) []File {
		b, there := bundles[folder]
		files, err := Unbundle(b)
		switch at := (spot{src: &source{name: folder}}); {
		case !there:
			c.add(at, "pack-not-found", "pack", folder)
		case err != nil:
			c.add(at, "unreadable", "reason", err.Error())
		}
		return files
	}
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(bundles))
	}
	for _, n := range names {
		l.load(n, spot{src: &source{name: n}})
	}
	return l.compile()
}

// loader reads packs and those that they need.
type loader struct {
	c      *collector
	read   func(c *collector, folder string) []File
	cases  bool           // whether cases are read too
	policy *access.Policy // what roles have permission for; nil: not asked
	units  []*unit        // each behind those that it needs
	begun  map[string]bool
}

// unit is one pack on its way.
type unit struct {
	*collector
	syntax packSyntax
	pack   *Pack
	all    *loader
	rows   map[string]map[string]bool // keys of the records by register

	mentions []mention
}

// load reads one pack and first those that it needs. needed is where it was asked for.
func (l *loader) load(called string, needed spot) {
	if l.begun == nil {
		l.begun = map[string]bool{}
	}
	if l.begun[called] {
		return
	}
	l.begun[called] = true
	if !formats["key"].pattern.MatchString(called) {
		l.c.add(needed, "bad-key", "value", called, "meant", suggestion("key", called))
		return
	}
	was := len(l.c.faults)
	files := l.read(l.c, called)
	if n := len(l.c.faults); n > was && l.c.faults[n-1].Code == "pack-not-found" && needed.line > 0 {
		l.c.faults = l.c.faults[:was] // tell it where it is needed, not as a folder that nobody named
		l.c.add(needed, "pack-not-found", "pack", called)
	}
	u := &unit{collector: l.c, all: l, rows: map[string]map[string]bool{}}
	bundle := Bundle(files)
	u.pack = &Pack{Name: called, Hash: Hash(bundle), Files: files}
	if !u.readYAML() {
		if len(l.c.faults) == was {
			l.c.add(spot{src: &source{name: called}}, "file-missing", "file", "pack.yaml")
		}
		return
	}
	for _, n := range u.syntax.Needs {
		if n.Text != "" {
			l.load(n.Text, n.At)
		}
	}
	l.units = append(l.units, u)
}

// readYAML reads pack.yaml and cases.yaml into their syntax; false if there is no pack.yaml.
func (u *unit) readYAML() bool {
	there := false
	for _, f := range u.pack.Files {
		switch f.Name {
		case "pack.yaml":
			there = true
			n := parse(u.collector, u.pack.Name+"/pack.yaml", f.Data)
			u.syntax = read[packSyntax](u.collector, n)
		case "cases.yaml":
			if !u.all.cases {
				continue
			}
			n := parse(u.collector, u.pack.Name+"/cases.yaml", f.Data)
			u.pack.cases = read[casesSyntax](u.collector, n).Cases
		}
	}
	return there
}

// compile compiles what was read: first what each pack declares, then what refers to other packs.
func (l *loader) compile() (*Set, error) {
	for _, u := range l.units {
		u.declare()
	}
	for _, u := range l.units {
		u.resolve()
	}
	l.together()
	if err := l.c.err(); err != nil {
		return nil, err
	}
	s := &Set{}
	for _, u := range l.units {
		s.packs = append(s.packs, u.pack)
	}
	return s, nil
}

// together checks what only one pack of an installation may have.
func (l *loader) together() {
	series := map[string]string{}
	assessed := ""
	for _, u := range l.units {
		for i := range u.syntax.Matters {
			m := &u.syntax.Matters[i]
			ref := u.pack.Name + "/" + m.Matter.Text
			if other := series[m.Series.Text]; other != "" && m.Series.Text != "" {
				u.add(m.Series.At, "series-taken", "series", m.Series.Text, "kind", other)
				continue
			}
			series[m.Series.Text] = ref
		}
		if u.syntax.Assessment.At.line > 0 {
			if assessed != "" {
				u.add(u.syntax.Assessment.At, "assessment-taken", "pack", assessed)
			}
			assessed = u.pack.Name
		}
	}
}

// declare compiles what needs no other pack.
func (u *unit) declare() {
	s := &u.syntax
	if s.Pack.Text != "" && s.Pack.Text != u.pack.Name {
		u.add(s.Pack.At, "name-differs", "pack", s.Pack.Text, "folder", u.pack.Name)
	}
	u.pack.Version, u.pack.Effective = s.Version.Text, date(s.Effective)
	u.pack.Source, u.pack.Words = s.Source.text(), s.Words.text()
	u.pack.Needs = plain(s.Needs)
	u.twice(s.Needs)
	u.addRoles()
	u.parameters()
	u.twice(keysOfAll(s.Registers, func(r registerSyntax) word { return r.Register }))
	for i := range s.Registers {
		u.register(&s.Registers[i])
	}
	u.twice(keysOfAll(s.Matters, func(m matterSyntax) word { return m.Matter }))
	for i := range s.Matters {
		u.matter(&s.Matters[i])
	}
	u.indicators()
	for _, c := range s.Handbook {
		u.pack.Handbook = append(u.pack.Handbook, Chapter{c.Heading.text(), c.Body.text()})
	}
}

// resolve compiles what may refer to other packs.
func (u *unit) resolve() {
	u.needs()
	for i := range u.syntax.Registers {
		u.registerRefs(&u.syntax.Registers[i])
	}
	u.mentioned()
	for i := range u.syntax.Matters {
		u.matterRefs(&u.syntax.Matters[i])
	}
	u.indicatorRefs()
	u.templates()
	u.notices()
	u.lists()
	u.scorecards()
	u.doors()
	u.assessment()
	u.cases()
}

// needs checks that a pack does not need itself.
func (u *unit) needs() {
	for _, n := range u.syntax.Needs {
		if n.Text == u.pack.Name {
			u.add(n.At, "needs-itself")
		}
	}
}

// twice reports each key that stands there a second time.
func (u *unit) twice(keys []word) {
	seen := map[string]bool{}
	for _, k := range keys {
		if seen[k.Text] && k.Text != "" {
			u.add(k.At, "twice", "key", k.Text)
		}
		seen[k.Text] = true
	}
}

func keysOfAll[T any](all []T, key func(T) word) (keys []word) {
	for _, t := range all {
		keys = append(keys, key(t))
	}
	return keys
}

func plain(ws []word) (out []string) {
	for _, w := range ws {
		if w.Text != "" {
			out = append(out, w.Text)
		}
	}
	return out
}

// date returns the day of a word, 0 for one that was left out or is none.
func date(w word) calendar.Date {
	d, err := calendar.ParseDate(w.Text)
	if err != nil {
		return 0
	}
	return d
}

// number returns the number of a word that has the format count, 0 for one that was left out.
func number(w word) int {
	n, err := strconv.Atoi(w.Text)
	if err != nil {
		return 0
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }
