package pack

import (
	"iter"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// Pack is one compiled pack.
type Pack struct {
	Name       string
	Version    string // of the people who wrote it: 1.2.0
	Hash       string // content address: what kinds, registers and indicators carry as their version
	Effective  calendar.Date
	Source     name.Text
	Words      name.Text
	Needs      []string
	Roles      []Role
	Parameters []Parameter
	Kinds      []matter.Kind
	Registers  []register.Kind
	Records    []register.Entry // what its registers start with, in the order of the files
	Indicators []indicator.Definition
	Templates  []Template
	Handbook   []Chapter
	Lists      []List
	Scorecards []indicator.Scorecard
	Doors      []Door
	Notices    []Notice
	Assessment *Assessment // nil for none
	Files      []File      // what Hash was computed from, in order of their names

	cases []caseSyntax
}

// Role is a role that the pack adds.
type Role struct {
	Key   name.Role
	Words name.Text
}

// Parameter is a number or text that somebody laid down, for a time.
type Parameter struct {
	Key       string
	Words     name.Text
	Value     string
	Unit      string
	From      calendar.Date
	Until     calendar.Date // the first day on which it no longer holds; 0 for open
	Authority name.Text
	Source    name.Text
	Confirmed bool
}

// Template is a document filled from a matter. Placeholders are {field} and those of [Placeholders].
type Template struct {
	Key   string
	Words name.Text
	For   string // pack/kind
	Body  name.Text
}

// Placeholders are those that a template may have besides the fields of its kind.
var Placeholders = []string{"number", "today", "state", "holder"}

// Chapter is a chapter of the handbook in the office's own words.
type Chapter struct{ Heading, Body name.Text }

// List is a list that the pack offers.
type List struct {
	Key     string
	Words   name.Text
	Of      string // pack/kind or pack/register
	Open    string // "yes", "no", or empty for both
	States  []string
	Where   []Fixed
	Columns []string // fields, and those of [Columns]
	Order   string   // due, opened, number, title
}

// Fixed is a facet with the value that a list fixes.
type Fixed struct{ Facet, Value string }

// Columns are those that a list of matters may have besides the fields of its kind.
var Columns = []string{"number", "title", "state", "holder", "unit", "area", "due", "light", "opened", "closed"}

// Assessment is how units are assessed, and how long they may object.
type Assessment struct {
	indicator.Sheet
	Appeal calendar.Term
}

// Set is several packs compiled together. It does not change and may be used by many goroutines.
type Set struct {
	packs []*Pack // each pack behind those that it needs, as far as they do not need each other
	older []*Pack
}

// With returns the set with older versions of packs beside it: they answer [Set.KindAt] and
// [Set.AtVersion] and nothing else.
func (s *Set) With(older ...*Pack) *Set {
	return &Set{packs: s.packs, older: append(older[:len(older):len(older)], s.older...)}
}

// Packs returns the packs, each behind those that it needs.
func (s *Set) Packs() []*Pack { return s.packs }

// Pack returns the pack with the name.
func (s *Set) Pack(called string) (*Pack, bool) {
	for _, p := range s.packs {
		if p.Name == called {
			return p, true
		}
	}
	return nil, false
}

// AtVersion returns the pack with the content address, current or older.
func (s *Set) AtVersion(hash string) (*Pack, bool) {
	for _, all := range [][]*Pack{s.packs, s.older} {
		for _, p := range all {
			if p.Hash == hash {
				return p, true
			}
		}
	}
	return nil, false
}

// Kind returns the current kind of matter pack/kind.
func (s *Set) Kind(ref string) (*matter.Kind, bool) {
	p, _ := s.Pack(packOf(ref))
	return p.kind(ref)
}

// KindAt returns the kind of matter pack/kind as the version of its pack has it: invariant 9.
func (s *Set) KindAt(ref, version string) (*matter.Kind, bool) {
	p, _ := s.AtVersion(version)
	return p.kind(ref)
}

// Versions returns the kind of matter pack/kind as every version of its pack that is at hand has it, the current one first.
func (s *Set) Versions(ref string) (all []*matter.Kind) {
	for _, packs := range [][]*Pack{s.packs, s.older} {
		for _, p := range packs {
			if k, ok := p.kind(ref); ok {
				all = append(all, k)
			}
		}
	}
	return all
}

// KindNamed returns the first kind with the key, whatever its pack.
func (s *Set) KindNamed(key string) (*matter.Kind, bool) {
	for _, p := range s.packs {
		if k, ok := p.kind(p.Name + "/" + key); ok {
			return k, true
		}
	}
	return nil, false
}

// Kinds returns all current kinds of matter in the order of the packs.
func (s *Set) Kinds() (all []*matter.Kind) {
	for _, p := range s.packs {
		for i := range p.Kinds {
			all = append(all, &p.Kinds[i])
		}
	}
	return all
}

// Register returns the register pack/register.
func (s *Set) Register(ref string) (*register.Kind, bool) {
	p, _ := s.Pack(packOf(ref))
	return p.register(ref)
}

// Registers returns all registers in the order of the packs.
func (s *Set) Registers() (all []*register.Kind) {
	for _, p := range s.packs {
		for i := range p.Registers {
			all = append(all, &p.Registers[i])
		}
	}
	return all
}

// Indicator returns the indicator pack/indicator.
func (s *Set) Indicator(ref string) (*indicator.Definition, bool) {
	p, _ := s.Pack(packOf(ref))
	return p.indicator(ref)
}

// Indicators returns all indicators in the order of the packs.
func (s *Set) Indicators() iter.Seq[*indicator.Definition] {
	return func(yield func(*indicator.Definition) bool) {
		for _, p := range s.packs {
			for i := range p.Indicators {
				if !yield(&p.Indicators[i]) {
					return
				}
			}
		}
	}
}

// Parameter returns the value of the parameter on a day; false if none holds. key is that of the first
// pack that has it, or pack/key.
func (s *Set) Parameter(key string, on calendar.Date) (string, bool) {
	in, bare, qualified := strings.Cut(key, "/")
	for _, p := range s.packs {
		if qualified && p.Name != in {
			continue
		}
		want := key
		if qualified {
			want = bare
		}
		if v, ok := p.parameter(want, on); ok {
			return v.Value, true
		}
	}
	return "", false
}

// Record returns the record of a register under its natural key among those that its pack starts with and that are valid
// on a day; false if there is none.
func (s *Set) Record(ref, key string, on calendar.Date) (register.Entry, bool) {
	p, _ := s.Pack(packOf(ref))
	k, ok := p.register(ref)
	if !ok {
		return register.Entry{}, false
	}
	for _, e := range p.Records {
		if e.Register == ref && e.Fields[k.Key] == key && e.From <= on && (e.Until == 0 || on < e.Until) {
			return e, true
		}
	}
	return register.Entry{}, false
}

// Assessment returns the assessment of the installation, nil if no pack has one.
func (s *Set) Assessment() *Assessment {
	for _, p := range s.packs {
		if p.Assessment != nil {
			return p.Assessment
		}
	}
	return nil
}

// Role returns the words of a role of the platform or of a pack.
func (s *Set) Role(key name.Role) (name.Text, bool) {
	all := PlatformRoles
	for _, p := range s.packs {
		all = append(all[:len(all):len(all)], p.Roles...)
	}
	for _, r := range all {
		if r.Key == key {
			return r.Words, true
		}
	}
	return name.Text{}, false
}

func (p *Pack) kind(ref string) (*matter.Kind, bool) {
	if p == nil {
		return nil, false
	}
	for i := range p.Kinds {
		if p.Kinds[i].Ref == ref {
			return &p.Kinds[i], true
		}
	}
	return nil, false
}

func (p *Pack) register(ref string) (*register.Kind, bool) {
	if p == nil {
		return nil, false
	}
	for i := range p.Registers {
		if p.Registers[i].Ref == ref {
			return &p.Registers[i], true
		}
	}
	return nil, false
}

func (p *Pack) indicator(ref string) (*indicator.Definition, bool) {
	if p == nil {
		return nil, false
	}
	for i := range p.Indicators {
		if p.Indicators[i].Ref == ref {
			return &p.Indicators[i], true
		}
	}
	return nil, false
}

func (p *Pack) parameter(key string, on calendar.Date) (*Parameter, bool) {
	for i := range p.Parameters {
		if q := &p.Parameters[i]; q.Key == key && q.From <= on && (q.Until == 0 || on < q.Until) {
			return q, true
		}
	}
	return nil, false
}

func packOf(ref string) string {
	p, _, _ := strings.Cut(ref, "/")
	return p
}
