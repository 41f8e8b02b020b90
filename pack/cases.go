package pack

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// Report is what [Test] found.
type Report struct {
	Pack     string
	Cases    int
	Steps    int
	Acts     map[string]int                    // how often each act was done, by kind and act: works/site plan
	Clocks   map[string]map[matter.ClockOp]int // what happened to each clock, by kind and clock, and to each stage: urban/case handle/fence
	Refusals map[string]int                    // how often each refusal was met, by its code
	Idle     []string                          // acts that no case does, in the order of the pack
	Failures []Failure
}

// Failure is one step that did not end as its case expects.
type Failure struct {
	File   string
	Line   int
	Column int // from 1, in characters
	Case   name.Text
	Step   int // from 1
	What   string
	Want   name.Text
	Got    name.Text
}

// In returns the failure in lang on two or three lines, each ended by \n.
func (f *Failure) In(lang string) string {
	if lang == "en" {
		return fmt.Sprintf("%s:%d:%d: case “%s”, step %d: %s\n      want %s\n      got  %s\n", f.File, f.Line, f.Column, f.Case.EN, f.Step, f.What, f.Want.EN, f.Got.EN)
	}
	return fmt.Sprintf("%s:%d:%d: 用例“%s”第 %d 步：%s\n      应为 %s\n      实为 %s\n", f.File, f.Line, f.Column, f.Case.ZH, f.Step, f.What, f.Want.ZH, f.Got.ZH)
}

// Test walks a pack's cases through the rules of the kernel: the calendar is that of the register
// holiday, office hours and supervision office are those of the set. It wraps [fault.ErrNotFound] for a pack
// that is not in the set. A pack without cases has an empty report.
func Test(s *Set, called string) (Report, error) {
	p, ok := s.Pack(called)
	if !ok {
		return Report{}, fmt.Errorf("pack %s: %w", called, fault.ErrNotFound)
	}
	env, err := s.env()
	if err != nil {
		return Report{}, err
	}
	r := Report{Pack: called, Acts: map[string]int{}, Clocks: map[string]map[matter.ClockOp]int{}, Refusals: map[string]int{}}
	for i := range p.cases {
		c := &p.cases[i]
		k, _ := p.kind(called + "/" + c.Matter.Text)
		t := trial{set: s, k: k, c: c, env: env, report: &r}
		t.run()
		r.Cases++
	}
	for i := range p.Kinds {
		for _, a := range p.Kinds[i].Acts {
			if key := p.Kinds[i].Ref + " " + a.Key; r.Acts[key] == 0 {
				r.Idle = append(r.Idle, key)
			}
		}
	}
	return r, nil
}

// env is the world of the cases, taken from the records that the packs start with.
func (s *Set) env() (matter.Env, error) {
	env := matter.Env{Supervision: "supervision", Staff: s.staff()}
	var days []calendar.Day
	for _, p := range s.packs {
		for _, e := range p.Records {
			switch _, register, _ := strings.Cut(e.Register, "/"); {
			case register == "holiday":
				d, err := calendar.ParseDate(e.Fields["date"])
				if err != nil {
					return env, fmt.Errorf("holidays: %w", err)
				}
				days = append(days, calendar.Day{Date: d, Name: e.Fields["name"], Off: e.Fields["off"] == "yes", Notice: e.Fields["notice"]})
			case register == "unit" && e.Fields["supervises"] == "yes":
				env.Supervision = name.Unit(e.Fields["key"])
			}
		}
	}
	var err error
	if env.Calendar, err = calendar.New(days, calendar.YearsOf(days)); err != nil {
		return env, fmt.Errorf("holidays: %w", err)
	}
	for _, p := range s.packs {
		for i := range p.Parameters {
			if q := &p.Parameters[i]; q.Key == "office-hours" {
				if env.Office, err = calendar.ParseOffice(q.Value); err != nil {
					return env, fmt.Errorf("office hours: %w", err)
				}
			}
		}
	}
	return env, nil
}

// staff is who holds which role where, by the registers named unit and person.
func (s *Set) staff() matter.Staff {
	staff := matter.Staff{}
	add := func(unit, role, person string) {
		u := name.Unit(unit)
		if staff[u] == nil {
			staff[u] = map[name.Role][]name.Person{}
		}
		staff[u][name.Role(role)] = append(staff[u][name.Role(role)], name.Person(person))
	}
	for _, called := range []string{"unit", "person"} { // leaders in charge before those who hold the role in the unit
		for _, p := range s.packs {
			for _, e := range p.Records {
				_, register, _ := strings.Cut(e.Register, "/")
				switch f := e.Fields; {
				case register != called:
				case called == "unit" && f["leader"] != "":
					add(f["key"], "leader", f["leader"])
				case called == "person":
					for _, role := range strings.Fields(f["roles"]) {
						add(f["unit"], role, f["key"])
					}
				}
			}
		}
	}
	return staff
}

// Codes returns the codes of refusals that a report met, in order.
func (r *Report) Codes() []string { return slices.Sorted(maps.Keys(r.Refusals)) }
