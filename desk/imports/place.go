package imports

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/register"
)

// File is a file of outlines or points on its way into a register.
type File struct {
	Register string            // pack/register, with a field of kind shape or place
	Name     string            // its name, which becomes the records' source
	Data     []byte            // GeoJSON
	From     geo.Datum         // in which its coordinates are
	On       calendar.Date     // the day from which it holds; 0: today
	Fields   map[string]string // the property that each field is taken from; a field that is not named: the one of its own name
	Dry      bool              // only look
}

// Outcome tells what came of an import, or would.
type Outcome struct {
	Features int
	New      int
	Changed  int // the old record ends on the day on which the new one begins, or is corrected where that is the same day
	Same     int
	Repaired map[string]int // what was put right in outlines, see [geo.NoticeClosed]
	Remarks  []Flaw
	Faults   []Flaw // not empty: nothing was taken
}

// Flaw is what is wrong, or strange, about one feature of a file.
type Flaw struct {
	Feature int // its number, 0 for the file as a whole
	Code    string
	Field   string
	With    map[string]string
}

// Refusal returns the flaw in the form that the catalogue has words for.
func (f *Flaw) Refusal() *fault.Refusal {
	return &fault.Refusal{Kind: fault.ErrInvalid, Code: f.Code, Field: f.Field, With: f.With}
}

func flawOf(feature int, r *fault.Refusal) Flaw {
	if n, err := strconv.Atoi(r.With["feature"]); err == nil {
		feature = n
	}
	return Flaw{feature, r.Code, r.Field, r.With}
}

// Places takes outlines or points into a register for a caller who may edit registers.
func (r *Room) Places(ctx context.Context, who desk.Caller, in File) (Outcome, error) {
	if err := r.desk.Allow(who, access.RegisterEdit, access.Object{Type: access.Register, Class: access.Internal}); err != nil {
		return Outcome{}, err
	}
	return r.PlacesAs(ctx, who.As(), in)
}

// PlacesAs takes outlines or points into a register: all of the file in one transaction, or nothing. Where a feature is
// wrong, Faults names each by its number. A record that is there keeps the fields that the file does not have. A record
// of the same key that holds on the day ends on it, so that what happened before keeps its outline. Imports wait for one
// another, so that two files do not put down the same key twice. The largest file that is read, [geo.MaxFeatures], keeps
// others who write waiting for some seconds.
func (r *Room) PlacesAs(ctx context.Context, by name.Actor, in File) (out Outcome, err error) {
	k, ok := r.desk.Packs().Register(in.Register)
	if !ok {
		return out, fmt.Errorf("register %q: %w", in.Register, fault.ErrNotFound)
	}
	im := importing{r: r, k: k, in: &in, shape: field.KeyOf(k.Fields, field.Shape), place: field.KeyOf(k.Fields, field.Place), out: &out, seen: map[string]int{}, keys: map[string]map[string]bool{}}
	if im.shape == "" && im.place == "" {
		return out, fault.Refuse(fault.ErrInvalid, "import-no-place", "", "register", in.Register)
	}
	r.one.Lock()
	defer r.one.Unlock()
	if in.On == 0 {
		in.On = r.desk.Today()
	}
	features, faults := geo.ReadFeatures(in.Data, in.From)
	for _, f := range faults {
		out.Faults = append(out.Faults, flawOf(0, f))
	}
	if len(faults) > 0 {
		return out, nil
	}
	out.Features = len(features)
	if err := im.readOld(ctx); err != nil {
		return out, err
	}
	for i := range features {
		if err := im.feature(ctx, &features[i]); err != nil {
			return out, err
		}
	}
	if len(out.Faults) > 0 {
		out.New, out.Changed, out.Same = 0, 0, 0
		return out, nil
	}
	im.remark(ctx)
	if in.Dry {
		return out, nil
	}
	if err := im.write(ctx, by); err != nil {
		return out, err
	}
	return out, r.desk.Reload(ctx)
}

// importing is one import on its way.
type importing struct {
	r     *Room
	k     *register.Kind
	in    *File
	shape string // the field that takes outlines, empty for none
	place string // the field that takes points
	old   map[string][]oldRecord
	seen  map[string]int             // feature by key
	keys  map[string]map[string]bool // known keys of other registers
	todo  []change
	out   *Outcome
}

// change is what one feature does to the register.
type change struct {
	desk.RecordChange
	shape   geo.Shape
	feature int
	version int64 // of the record that it corrects or ends
}

type oldRecord struct {
	id          name.ID
	version     int64
	from, until int64
	fields      map[string]string
}

func (im *importing) readOld(ctx context.Context) error {
	im.old = map[string][]oldRecord{}
	return im.r.eachRecord(ctx, im.k.Ref, func(r *journal.Row) error {
		o := oldRecord{id: r.Stream, version: r.Version, from: r.Opened, until: r.Closed, fields: map[string]string{}}
		im.old[r.Number] = append(im.old[r.Number], o)
		return json.Unmarshal(r.Body, &im.old[r.Number][len(im.old[r.Number])-1].fields)
	})
}

// wrong takes down a fault of a feature.
func (im *importing) wrong(f *geo.Feature, r *fault.Refusal) {
	if len(im.out.Faults) < geo.MaxFaults {
		im.out.Faults = append(im.out.Faults, flawOf(f.Number, r))
	}
}

// feature makes the change of one feature, or a fault.
func (im *importing) feature(ctx context.Context, f *geo.Feature) error {
	fields, bad := im.fields(f)
	if bad != nil {
		im.wrong(f, bad)
		return nil
	}
	key := fields[im.k.Key]
	if first := im.seen[key]; first != 0 {
		im.wrong(f, fault.Refuse(fault.ErrInvalid, "import-twice", im.k.Key, "key", key, "first", strconv.Itoa(first)))
		return nil
	}
	im.seen[key] = f.Number
	c := change{feature: f.Number, shape: f.Shape, RecordChange: desk.RecordChange{Entry: register.Entry{Register: im.k.Ref, From: im.in.On, Source: im.in.Name}}}
	day := int64(im.in.On.Start())
	for _, o := range im.old[key] {
		switch {
		case o.from > day:
			im.wrong(f, fault.Refuse(fault.ErrConflict, "import-later", im.k.Key, "key", key, "day", calendar.Instant(o.from).Date().String()))
			return nil
		case o.until != 0 && o.until <= day:
			continue
		case o.from == day:
			c.Correct = o.id
		default:
			c.End = o.id
		}
		c.version = o.version
		whole := maps.Clone(o.fields)
		maps.Copy(whole, fields)
		if maps.Equal(whole, o.fields) {
			im.out.Same++
			return nil
		}
		fields = whole
	}
	c.Entry.Fields = fields
	if bad, err := im.check(ctx, &c.Entry); err != nil || bad != nil {
		if bad != nil {
			im.wrong(f, bad)
		}
		return err
	}
	for _, n := range f.Notices {
		if im.out.Repaired == nil {
			im.out.Repaired = map[string]int{}
		}
		im.out.Repaired[n]++
	}
	if c.Correct != "" || c.End != "" {
		im.out.Changed++
	} else {
		im.out.New++
	}
	im.todo = append(im.todo, c)
	return nil
}

// fields takes the fields of a record from a feature, in their stored form.
func (im *importing) fields(f *geo.Feature) (map[string]string, *fault.Refusal) {
	fields := map[string]string{}
	for i := range im.k.Fields {
		fd := &im.k.Fields[i]
		if fd.Key == im.shape || fd.Key == im.place {
			continue
		}
		typed := f.Properties[cmp.Or(im.in.Fields[fd.Key], fd.Key)]
		if typed == "" && fd.Key == "schematic" && fd.Kind == field.YesNo {
			typed = "no" // what is imported is not our own drawing
		}
		v, err := fd.Check(typed)
		if err != nil {
			return nil, refusal(err)
		}
		if v != "" {
			fields[fd.Key] = v
		}
	}
	switch {
	case len(f.Shape) > 0 && im.shape != "":
		fields[im.shape] = f.Shape.String()
	case len(f.Shape) == 0 && im.place != "":
		fields[im.place] = f.Point.String()
	default:
		return nil, fault.Refuse(fault.ErrInvalid, "import-geometry", "", "register", im.k.Ref)
	}
	if fields[im.k.Key] == "" {
		return nil, fault.Refuse(fault.ErrInvalid, "import-no-key", im.k.Key, "property", cmp.Or(im.in.Fields[im.k.Key], im.k.Key))
	}
	return fields, nil
}

// check holds an entry against the rules of its register, and what it names against what there is.
func (im *importing) check(ctx context.Context, e *register.Entry) (*fault.Refusal, error) {
	if _, err := register.Put(im.k, *e); err != nil {
		return refusal(err), nil
	}
	for i := range im.k.Fields {
		f := &im.k.Fields[i]
		v := e.Fields[f.Key]
		if v == "" {
			continue
		}
		known := true
		switch f.Kind {
		case field.Unit:
			known = im.r.desk.Directory().Has(name.Unit(v))
		case field.Person:
			known = im.r.desk.Directory().Person(name.Person(v)).Unit != ""
		case field.Record:
			keys, err := im.keysOf(ctx, f.Register)
			if err != nil {
				return nil, err
			}
			known = keys[v] || f.Register == im.k.Ref && im.seen[v] != 0
		}
		if !known {
			return fault.Refuse(fault.ErrInvalid, "import-unknown", f.Key, "value", v, "field-zh", f.Words.ZH, "field-en", f.Words.EN), nil
		}
	}
	return nil, nil
}

// keysOf returns the keys of a register's records that hold on the day.
func (im *importing) keysOf(ctx context.Context, ref string) (map[string]bool, error) {
	if known := im.keys[ref]; known != nil {
		return known, nil
	}
	known, day := map[string]bool{}, int64(im.in.On.Start())
	im.keys[ref] = known
	return known, im.r.eachRecord(ctx, ref, func(r *journal.Row) error {
		if r.HoldsAt(day) {
			known[r.Number] = true
		}
		return nil
	})
}

// remark looks at what may be wrong though it can be taken: places that lie in one another, and outside of the place that
// they say they lie in, as those of another datum do.
func (im *importing) remark(ctx context.Context) {
	l := desk.Level(im.k.Ref[strings.Index(im.k.Ref, "/")+1:])
	i := slices.Index(desk.Levels, l)
	if i < 0 || im.shape == "" {
		return
	}
	shapes := make([]geo.Shape, len(im.todo))
	for i := range im.todo {
		shapes[i] = im.todo[i].shape
	}
	own := geo.NewIndex(shapes)
	for n, c := range im.todo {
		p := c.shape.Inside()
		for _, other := range own.At(p) {
			if other != n {
				im.say(c.feature, "import-overlaps", "key", im.todo[other].Entry.Fields[im.k.Key])
			}
		}
		if i+1 == len(desk.Levels) {
			continue
		}
		above := desk.Levels[i+1]
		if a, err := im.r.desk.AreaNamed(ctx, above, c.Entry.Fields[string(above)], im.in.On); err == nil && a != nil && len(a.Shape) > 0 && !a.Shape.Has(p) {
			im.say(c.feature, "import-outside", "key", a.Code)
		}
	}
}

func (im *importing) say(feature int, code string, with ...string) {
	if len(im.out.Remarks) < geo.MaxFaults {
		im.out.Remarks = append(im.out.Remarks, flawOf(feature, fault.Refuse(fault.ErrInvalid, code, "", with...)))
	}
}

// refusal is what a rule of a field or of a register said.
func refusal(err error) *fault.Refusal {
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		return r
	}
	return fault.Refuse(fault.ErrDenied, "denied", "")
}

// write appends the changes as one batch, under a key made of the file and of what it meets, so that the same file twice at
// once is one import, and the same file after others have changed something is another.
func (im *importing) write(ctx context.Context, by name.Actor) error {
	h := ledger.SM3.New()
	fmt.Fprintf(h, "%s %s %s ", im.k.Ref, im.in.On, im.in.From)
	h.Write(im.in.Data)
	for _, c := range im.todo {
		fmt.Fprintf(h, " %s%s@%d", c.Correct, c.End, c.version)
	}
	b := im.r.desk.Begin(ctx, fmt.Sprintf("import-%x", h.Sum(nil)[:16]))
	for _, c := range im.todo {
		if err := b.ChangeRecord(im.k, c.RecordChange, by); err != nil {
			return fmt.Errorf("feature %d: %w", c.feature, err)
		}
	}
	_, err := b.Commit()
	return err
}
