package matter

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
)

// MaxEvidence is how many pieces of evidence one act may bring, and MaxStatement how many bytes a statement has.
const (
	MaxEvidence  = 100
	MaxStatement = 60_000
)

// fields brings the form's values into their stored form; only what changes becomes part of the event.
// A field that is left out of the command keeps its value, one that comes empty is cleared.
func (d *decider) fields() error {
	if d.law.verb == Ask {
		return nil // they are those of what it asks for, and change nothing yet
	}
	public, private := map[string]bool{}, map[string]bool{}
	for _, in := range d.act.Form {
		f := field.Find(d.k.Fields, in.Field)
		if f == nil {
			continue // the compiler of packs has refused such a form
		}
		take, asked := d.typed, public
		if f.Class.IsPersonal() {
			take, asked = d.personal, private
		}
		asked[in.Field] = true
		if err := take(f, in.Required); err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.c.With)) {
		if !public[key] {
			return fault.Refuse(fault.ErrInvalid, "field-not-asked", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.c.Personal)) {
		if !private[key] {
			return fault.Refuse(fault.ErrInvalid, "field-not-asked", key)
		}
	}
	return nil
}

// typed takes a value from the form.
func (d *decider) typed(f *field.Field, required bool) error {
	typed, given := d.c.With[f.Key]
	v := d.m.Fields[f.Key]
	if given {
		var err error
		if v, err = f.Check(typed); err != nil {
			return err
		}
	}
	if required && v == "" {
		return missing(f)
	}
	d.setField(f.Key, v)
	return nil
}

// personal takes the commitment that the desk made; the value itself never comes here.
func (d *decider) personal(f *field.Field, required bool) error {
	commit, given := d.c.Personal[f.Key]
	if required && !given && d.m.Personal[f.Key] == "" {
		return missing(f)
	}
	if given {
		if d.out.Change.Personal == nil {
			d.out.Change.Personal = map[string]ledger.Commitment{}
		}
		d.out.Change.Personal[f.Key] = commit
	}
	return nil
}

func missing(f *field.Field) error {
	return fault.Refuse(fault.ErrInvalid, "field-missing", f.Key, "field-zh", f.Words.ZH, "field-en", f.Words.EN)
}

func (d *decider) setField(key, v string) {
	if v == d.m.Fields[key] {
		return
	}
	if d.out.Change.Fields == nil {
		d.out.Change.Fields = map[string]string{}
	}
	d.out.Change.Fields[key] = v
}

// value returns a field as it will be after the act.
func (d *decider) value(key string) string {
	if v, ok := d.out.Change.Fields[key]; ok {
		return v
	}
	return d.m.Fields[key]
}

// evidence checks that each need is met by what comes with the act: invariant 2. The same upload twice is one piece.
func (d *decider) evidence() error {
	if len(d.c.Evidence) > MaxEvidence {
		return fault.Refuse(fault.ErrInvalid, "evidence-unreadable", "evidence")
	}
	seen, count := map[Evidence]bool{}, map[EvidenceKind]int{}
	for _, e := range d.c.Evidence {
		if !e.isReadable() {
			return fault.Refuse(fault.ErrInvalid, "evidence-unreadable", "evidence")
		}
		if e.Name, e.Capture = "", (Capture{}); !seen[e] {
			seen[e] = true
			count[e.Kind]++
		}
	}
	for _, n := range d.act.Evidence {
		if count[n.Kind] < n.Min {
			return fault.Refuse(fault.ErrInvalid, "evidence-missing", "evidence", "need-zh", n.Words.ZH, "need-en", n.Words.EN, "min", strconv.Itoa(n.Min))
		}
	}
	d.out.Change.Evidence = d.c.Evidence
	return nil
}

// isReadable reports whether a piece is what its kind says: words for a statement, the hash of an upload for the others.
func (e Evidence) isReadable() bool {
	if e.Kind == Statement {
		return strings.TrimSpace(e.Text) != "" && len(e.Text) <= MaxStatement
	}
	return slices.Contains(EvidenceKinds, e.Kind) && isHash(e.File) && e.Capture.isReadable()
}

// isReadable reports whether a capture is none or whole.
func (c Capture) isReadable() bool {
	return c == Capture{} || isHash(c.Seal) && c.Taken != "" && len(c.Taken) <= 40 && len(c.Place) <= 60
}

func isHash(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }
