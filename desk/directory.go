package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// Directory is who is who in the district on a day: units, persons and streets, out of the registers named
// unit, person and street, whichever pack brings them.
type Directory struct {
	Units       []Unit   // in the office's own order
	Persons     []Person // by key
	Streets     []Street // by code
	Supervision name.Unit
	Office      calendar.Office
	Limits      indicator.Thresholds
	FewGoals    int // the smallest sample that is ranked without a remark
	unit        map[name.Unit]int
	person      map[name.Person]int
}

// Unit is a unit of the district.
type Unit struct {
	Key    name.Unit
	Words  name.Text
	Short  name.Text
	Kind   string // bureau, street, town …
	Group  string // the peer group in which it is ranked
	Parent name.Unit
	Leader name.Person // the leader in charge
	Path   string      // place in the tree, such as 220105/government/housing
	Duties []string    // words by which a statement finds its unit
}

// Person is a person of the district.
type Person struct {
	Key   name.Person
	Words name.Text
	Unit  name.Unit
	Roles []name.Role
	Post  name.Text
	// MadeUp is whether the directory says that there is no such person, as of all of the demo.
	MadeUp bool
}

// Street is a street, town or township.
type Street struct {
	Code  string
	Words name.Text
	Unit  name.Unit
}

// MadeUp returns how many persons there are not.
func (d *Directory) MadeUp() (n int) {
	for i := range d.Persons {
		if d.Persons[i].MadeUp {
			n++
		}
	}
	return n
}

// readRegister returns the fields of every record of the register named so that is valid today.
func (d *Desk) readRegister(ctx context.Context, called string) (all []map[string]string, err error) {
	all, _, err = d.readVersioned(ctx, called)
	return all, err
}

// readVersioned is readRegister with the number of events that the register has in all: it grows whenever a record of it
// is put down or changed.
func (d *Desk) readVersioned(ctx context.Context, called string) (all []map[string]string, events int64, err error) {
	ref := ""
	for _, k := range d.Packs().Registers() {
		if strings.HasSuffix(k.Ref, "/"+called) {
			ref = k.Ref
		}
	}
	if ref == "" {
		return nil, 0, nil
	}
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: "record", Kinds: []string{ref}, Order: journal.ByNumber, Limit: 500}
	for now := d.world.Now(); ; {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, 0, err
		}
		for _, r := range page.Rows {
			events += r.Version
			if r.Opened > now || r.Closed != 0 && r.Closed <= now && called != "holiday" {
				continue
			}
			fields := map[string]string{}
			if err := json.Unmarshal(r.Body, &fields); err != nil {
				return nil, 0, err
			}
			all = append(all, fields)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return all, events, nil
		}
	}
}

func (d *Desk) readDirectory(ctx context.Context) (*Directory, error) {
	dir := &Directory{unit: map[name.Unit]int{}, person: map[name.Person]int{}, FewGoals: 3, Limits: indicator.DefaultThresholds()}
	units, err := d.readRegister(ctx, "unit")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(units, func(a, b map[string]string) int { return atoi(a["order"]) - atoi(b["order"]) })
	for _, f := range units {
		u := Unit{Key: name.Unit(f["key"]), Words: name.Text{ZH: f["name"], EN: f["name-en"]}, Short: name.Text{ZH: f["short"], EN: f["short-en"]},
			Kind: f["kind"], Group: f["group"], Parent: name.Unit(f["parent"]), Leader: name.Person(f["leader"]), Duties: words(f["duties"])}
		if f["supervises"] == "yes" {
			dir.Supervision = u.Key
		}
		dir.unit[u.Key] = len(dir.Units)
		dir.Units = append(dir.Units, u)
	}
	for i := range dir.Units {
		dir.Units[i].Path = dir.path(d.world.District, dir.Units[i].Key)
	}
	persons, err := d.readRegister(ctx, "person")
	if err != nil {
		return nil, err
	}
	for _, f := range persons {
		p := Person{Key: name.Person(f["key"]), Words: name.Text{ZH: f["name"], EN: f["name-en"]}, Unit: name.Unit(f["unit"]),
			Post: name.Text{ZH: f["post"], EN: f["post-en"]}, MadeUp: f["fictitious"] == "yes"}
		for _, r := range strings.Fields(f["roles"]) {
			p.Roles = append(p.Roles, name.Role(r))
		}
		dir.person[p.Key] = len(dir.Persons)
		dir.Persons = append(dir.Persons, p)
	}
	streets, err := d.readRegister(ctx, "street")
	if err != nil {
		return nil, err
	}
	for _, f := range streets {
		dir.Streets = append(dir.Streets, Street{Code: f["code"], Words: name.Text{ZH: f["name"], EN: f["name-en"]}, Unit: name.Unit(f["unit"])})
	}
	return dir, d.readParameters(dir)
}

// readParameters takes the district's own numbers; where the pack has none the platform's defaults stay.
func (d *Desk) readParameters(dir *Directory) error {
	today := d.Today()
	if v, ok := d.Packs().Parameter("office-hours", today); ok {
		office, err := calendar.ParseOffice(v)
		if err != nil {
			return err
		}
		dir.Office = office
	}
	for key, to := range map[string]*money.Decimal{"behind-yellow": &dir.Limits.Yellow, "behind-red": &dir.Limits.Red} {
		if v, ok := d.Packs().Parameter(key, today); ok {
			n, err := money.Parse(v)
			if err != nil {
				return err
			}
			*to = n
		}
	}
	if v, ok := d.Packs().Parameter("smallest-sample", today); ok {
		dir.FewGoals = atoi(v)
	}
	return nil
}

// readCalendar builds the calendar from the register of holidays, and tells which version of it that is.
func (d *Desk) readCalendar(ctx context.Context) (*calendar.Calendar, int64, error) {
	rows, version, err := d.readVersioned(ctx, "holiday")
	if err != nil {
		return nil, 0, err
	}
	var days []calendar.Day
	for _, f := range rows {
		date, err := calendar.ParseDate(f["date"])
		if err != nil {
			return nil, 0, err
		}
		days = append(days, calendar.Day{Date: date, Name: f["name"], Off: f["off"] == "yes", Notice: f["notice"]})
	}
	cal, err := calendar.New(days, calendar.YearsOf(days))
	return cal, version, err
}

func (dir *Directory) path(district name.District, key name.Unit) string {
	path := string(key)
	for depth := 0; depth < 12; depth++ {
		i, ok := dir.unit[key]
		if !ok || dir.Units[i].Parent == "" {
			break
		}
		key = dir.Units[i].Parent
		path = string(key) + "/" + path
	}
	return string(district) + "/" + path
}

// KeyPrefix begins how the log names whoever comes in at a door with a key.
const KeyPrefix = "key-"

// public names the unit of whoever has no account.
var public = name.Text{ZH: "公众", EN: "the public"}

// Unit returns the unit with the key; an unknown one is named by its key.
func (dir *Directory) Unit(key name.Unit) Unit {
	if i, ok := dir.unit[key]; ok {
		return dir.Units[i]
	}
	if key == name.Visitor.Unit {
		return Unit{Key: key, Words: public, Short: public}
	}
	return Unit{Key: key, Words: name.Text{ZH: string(key), EN: string(key)}, Short: name.Text{ZH: string(key), EN: string(key)}}
}

// Has reports whether the unit is in the register today.
func (dir *Directory) Has(key name.Unit) bool { _, ok := dir.unit[key]; return ok }

// Person returns the person with the key; an unknown one is named by the key.
func (dir *Directory) Person(key name.Person) Person {
	if i, ok := dir.person[key]; ok {
		return dir.Persons[i]
	}
	switch {
	case key == name.System.Person:
		return Person{Key: key, Words: name.Text{ZH: "平台自动", EN: "the platform"}}
	case key == name.Visitor.Person:
		return Person{Key: key, Unit: name.Visitor.Unit, Words: name.Text{ZH: "反映人", EN: "the reporter"}}
	case strings.HasPrefix(string(key), KeyPrefix):
		return Person{Key: key, Unit: name.Visitor.Unit, Words: name.Text{ZH: "程序或设备 " + string(key), EN: "a program or device, " + string(key)}}
	}
	return Person{Key: key, Words: name.Text{ZH: string(key), EN: string(key)}}
}

// Caller returns the person as a caller.
func (dir *Directory) Caller(key name.Person, lang string) (Caller, bool) {
	i, ok := dir.person[key]
	if !ok {
		return Nobody, false
	}
	p := dir.Persons[i]
	return Caller{Person: p.Key, Unit: p.Unit, Roles: p.Roles, Lang: lang}, true
}

// Of returns the persons of a unit that have a role, in the order of their keys; an empty role is any.
func (dir *Directory) Of(unit name.Unit, role name.Role) (all []Person) {
	for _, p := range dir.Persons {
		if p.Unit == unit && (role == "" || slices.Contains(p.Roles, role)) {
			all = append(all, p)
		}
	}
	return all
}

// Path returns a unit's place in the tree, empty for an unknown unit.
func (dir *Directory) Path(key name.Unit) string {
	if i, ok := dir.unit[key]; ok {
		return dir.Units[i].Path
	}
	return ""
}

// IsBelow reports whether a unit is another one or lies below it.
func (dir *Directory) IsBelow(unit, above name.Unit) bool {
	return isBelow(dir.Path(unit), dir.Path(above))
}

// Below returns the units at or below a path.
func (dir *Directory) Below(path string) (all []name.Unit) {
	for _, u := range dir.Units {
		if isBelow(u.Path, path) {
			all = append(all, u.Key)
		}
	}
	return all
}

// words splits duties at the usual separators.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,；; \n", r) })
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// RoleWords returns a role's words, of the policy or of the pack that brings it; the key itself for an unknown one.
func (d *Desk) RoleWords(r name.Role) name.Text {
	for _, row := range d.world.Policy.Roles() {
		if row.Role == r {
			return row.Words
		}
	}
	if w, ok := d.Packs().Role(r); ok {
		return w
	}
	return name.Text{ZH: string(r), EN: string(r)}
}
