package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Rule is one rule. What it leaves empty it does not ask for.
type Rule struct {
	Key       string
	Order     int // smaller ones are asked first; the key decides between equals
	Words     name.Text
	Of        string   // kind of matter, pack/kind
	Classes   []string // a class fits whose code begins with one of them
	Line      string   // what the class's own record says of whom first, such as owner-first
	Places    []string // a place fits if the code of its cell, grid, community or street begins with one of them
	Hours     []Span   // of the day
	Days      Days
	Season    Season
	To        Target
	Unit      name.Unit // of Target Named
	Basis     string    // the document or custom behind it
	Confirmed bool
	From      calendar.Date
	Until     calendar.Date // the first day on which it no longer holds; 0 for open
}

// Target says whom a rule means.
type Target string

// The targets.
const (
	Named     Target = "unit"      // 指定单位
	Owner     Target = "owner"     // 属主: the owner of the component, otherwise the unit in charge of the class
	Street    Target = "street"    // 属地街道乡镇
	Community Target = "community" // 属地社区（村）
)

// Targets are all targets.
var Targets = []Target{Owner, Street, Community, Named}

// Days are the days on which a rule holds.
type Days string

// The days; empty for all.
const (
	Working Days = "working" // 工作日
	Off     Days = "off"     // 休息日
)

// Span is part of a day in minutes from midnight, From included; one that ends before it begins goes over midnight.
type Span struct{ From, To int }

func (s Span) has(minute int) bool {
	if s.From <= s.To {
		return s.From <= minute && minute < s.To
	}
	return minute >= s.From || minute < s.To
}

// Season is part of the year, both days included; one that ends before it begins goes over the new year. The zero Season is
// the whole year.
type Season struct{ From, To MonthDay }

// MonthDay is a day of any year: month × 100 + day.
type MonthDay int

func (s Season) has(d calendar.Date) bool {
	_, month, day := d.Civil()
	at := MonthDay(int(month)*100 + day)
	switch {
	case s == Season{}:
		return true
	case s.From <= s.To:
		return s.From <= at && at <= s.To
	}
	return at >= s.From || at <= s.To
}

// ReadRule reads a rule from the fields of a register's row: code, order, name, name-en, of, classes, line, places, hours,
// days, season, to, unit, basis, confirmed. Lists have blanks, commas or 、 between their parts; hours are 17:00-08:30, a
// season 11-01~03-31. It refuses, on the field, what it cannot read, and a rule that names no unit where it has to.
func ReadRule(f map[string]string, from, until calendar.Date) (r Rule, err error) {
	r = Rule{Key: f["code"], Words: name.Text{ZH: f["name"], EN: cmp.Or(f["name-en"], f["name"])}, Of: f["of"], Classes: list(f["classes"]), Line: f["line"],
		Places: list(f["places"]), Days: Days(f["days"]), To: Target(f["to"]), Unit: name.Unit(f["unit"]), Basis: f["basis"], Confirmed: f["confirmed"] == "yes", From: from, Until: until}
	if r.Order, err = strconv.Atoi(cmp.Or(f["order"], "0")); err != nil {
		return r, fault.Refuse(fault.ErrInvalid, "not-integer", "order")
	}
	if r.Hours, err = readHours(f["hours"]); err != nil {
		return r, err
	}
	if r.Season, err = readSeason(f["season"]); err != nil {
		return r, err
	}
	switch {
	case r.Key == "":
		return r, fault.Refuse(fault.ErrInvalid, "route-field-missing", "code")
	case r.Days != "" && r.Days != Working && r.Days != Off:
		return r, fault.Refuse(fault.ErrInvalid, "no-such-option", "days", "value", string(r.Days))
	case !slices.Contains(Targets, r.To):
		return r, fault.Refuse(fault.ErrInvalid, "no-such-option", "to", "value", string(r.To))
	case r.To == Named && r.Unit == "":
		return r, fault.Refuse(fault.ErrInvalid, "route-no-unit", "unit")
	case r.To != Named && r.Unit != "":
		return r, fault.Refuse(fault.ErrInvalid, "route-unit-unused", "unit")
	}
	return r, nil
}

// list takes a text apart at blanks, commas and 、.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" 　,，、;；\n", r) })
}

func readHours(s string) (all []Span, err error) {
	for _, part := range list(s) {
		from, to, ok := strings.Cut(strings.ReplaceAll(part, "：", ":"), "-")
		a, okA := minute(from)
		b, okB := minute(to)
		if !ok || !okA || !okB || a == b {
			return nil, fault.Refuse(fault.ErrInvalid, "route-hours", "hours", "value", part)
		}
		all = append(all, Span{a, b})
	}
	return all, nil
}

// minute reads 08:30; 24:00 is the end of the day.
func minute(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	hour, errH := strconv.Atoi(h)
	min, errM := strconv.Atoi(m)
	at := hour*60 + min
	return at, ok && errH == nil && errM == nil && len(m) == 2 && hour >= 0 && min >= 0 && min < 60 && at <= 24*60
}

func readSeason(s string) (Season, error) {
	if s == "" {
		return Season{}, nil
	}
	from, to, ok := strings.Cut(strings.ReplaceAll(s, "～", "~"), "~")
	a, okA := monthDay(from)
	b, okB := monthDay(to)
	if !ok || !okA || !okB {
		return Season{}, fault.Refuse(fault.ErrInvalid, "route-season", "season", "value", s)
	}
	return Season{a, b}, nil
}

// monthDay reads 11-01; it is looked up in a leap year, so that 02-29 is a day.
func monthDay(s string) (MonthDay, bool) {
	d, err := calendar.ParseDate("2024-" + strings.TrimSpace(s))
	if err != nil || len(strings.TrimSpace(s)) != 5 {
		return 0, false
	}
	_, month, day := d.Civil()
	return MonthDay(int(month)*100 + day), true
}

// Sort puts rules into the order in which they are asked.
func Sort(rules []Rule) {
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Key, b.Key)) })
}

// String writes a span as it is read: 17:00-08:30.
func (s Span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

// String writes a season as it is read: 11-01~03-31; empty for the whole year.
func (s Season) String() string {
	if s == (Season{}) {
		return ""
	}
	return fmt.Sprintf("%02d-%02d~%02d-%02d", s.From/100, s.From%100, s.To/100, s.To%100)
}
