package access

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

func loadPolicy(t testing.TB) (Source, *Policy) { return readPolicy(t, "testdata/policy.yaml") }

// district is the policy that the platform comes with.
func district(t testing.TB) (Source, *Policy) { return readPolicy(t, "../../packs/access.yaml") }

func readPolicy(t testing.TB, file string) (Source, *Policy) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var src Source
	if err := yaml.UnmarshalWithOptions(text, &src, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	p, err := Compile(src)
	if err != nil {
		t.Fatal(err)
	}
	return src, p
}

// world draws subjects and objects so few in kind that they often meet.
type world struct {
	*rand.Rand
	src     Source
	actions []Action
	types   []ObjectType
}

func newWorld(seed uint64, src Source) world {
	w := world{Rand: rand.New(rand.NewPCG(seed, 1)), src: src, types: append(ObjectTypes(), "nothing")}
	for _, d := range Actions() {
		w.actions = append(w.actions, d.Action)
	}
	w.actions = append(w.actions, "matter.burn")
	return w
}

func pick[T any](w world, from ...T) T { return from[w.IntN(len(from))] }

var (
	somebody = []name.Person{"", "an", "bo", "chen", "dai"}
	units    = []name.Unit{"", "d", "house", "house-2", "road"}
	paths    = []string{"", "d", "d/house", "d/house/2", "d/house-2", "d/road"}
	grids    = []string{"", "d1", "d1/02", "d1/02/7", "d1/02-7", "d1/03"}
	minute   = Span(time.Minute / time.Microsecond)
	instants = []int64{0, 1, int64(5 * minute), int64(15*minute) + 1, int64(15*minute) + 2, int64(60 * minute)}
	classes  = []Class{0, Public, Internal, Internal, Sensitive, Restricted}
)

func (w world) subject() Subject {
	s := Subject{Person: pick(w, somebody...), Unit: pick(w, units...), UnitPath: pick(w, paths...), Clearance: pick(w, classes...)}
	if w.IntN(4) == 0 {
		s.For = pick(w, somebody...)
	}
	s.Fell = w.IntN(8) == 0
	s.Grids, s.At, s.Proved, s.OnDuty, s.Zone = some(w, grids), pick(w, instants...), pick(w, instants...), w.IntN(3) > 0, pick(w, "", Office, Office, Internet)
	for range w.IntN(3) {
		s.Roles = append(s.Roles, pick(w, w.src.Roles...).Role)
	}
	if w.IntN(50) == 0 {
		s.Roles = append(s.Roles, "ghost")
	}
	return s
}

func (w world) object(t ObjectType) Object {
	return Object{
		Type: t, Unit: pick(w, units...), UnitPath: pick(w, paths...), Assist: some(w, units), SetBy: pick(w, units...), Supervisors: some(w, units),
		Holder: pick(w, somebody...), Involved: some(w, somebody), Public: w.IntN(3) == 0, Class: pick(w, classes...),
		Grid: pick(w, grids...), Task: w.IntN(2) == 0, DidWork: some(w, somebody), MadeBy: some(w, somebody), Concerns: some(w, somebody),
	}
}

func some[T any](w world, from []T) []T {
	var out []T
	for range w.IntN(3) {
		out = append(out, pick(w, from...))
	}
	return out
}

// action draws an action and what it is done to; every fourth is one of those that ask for more.
func (w world) action() (Action, ObjectType) {
	a := pick(w, w.actions...)
	if w.IntN(4) == 0 && len(w.src.Conditions) > 0 {
		a = pick(w, pick(w, w.src.Conditions...).Actions...)
	}
	d, ok := Lookup(a)
	if !ok || w.IntN(20) == 0 {
		return a, pick(w, w.types...)
	}
	return a, pick(w, d.On...)
}

// likely gives every third subject a role to which the action is granted, so that not all ends at once.
func (w world) likely(s Subject, src Source, a Action) Subject {
	var rows []GrantRow
	for _, g := range src.Grants {
		if slices.Contains(g.Actions, a) {
			rows = append(rows, g)
		}
	}
	if len(rows) > 0 && w.IntN(3) == 0 {
		s.Roles = []name.Role{pick(w, pick(w, rows...).Roles...)}
	}
	return s
}

// randomSource draws a policy of its own over the roles of the file.
func (w world) randomSource() Source {
	src := Source{Roles: slices.Clone(w.src.Roles), Exclusive: w.src.Exclusive}
	if w.IntN(2) == 0 {
		src.Alone = w.src.Alone
	}
	for i := range src.Roles {
		src.Roles[i].Grid = pick(w, "", gridBound)
	}
	for range 40 {
		row := ConditionRow{Actions: []Action{pick(w, Actions()...).Action}}
		switch w.IntN(4) {
		case 0:
			row.Fresh = pick(w, 5*minute, 15*minute)
		case 1:
			row.Network = pick(w, Office, Internet)
		case 2:
			row.Duty = true
		default:
			row.Purpose = byTask
		}
		if w.IntN(2) == 0 {
			row.Roles = []name.Role{pick(w, src.Roles...).Role}
		}
		if !slices.ContainsFunc(src.Conditions, func(c ConditionRow) bool {
			return c.Actions[0] == row.Actions[0] && c.Network != "" && row.Network != ""
		}) {
			src.Conditions = append(src.Conditions, row)
		}
	}
	for range 60 {
		src.Apart = append(src.Apart, ApartRow{pick(w, Worked, Worked, Made, Concerned), []Action{pick(w, Actions()...).Action}})
	}
	for range 20 {
		src.InPerson = append(src.InPerson, pick(w, Actions()...).Action)
	}
	seen := map[string]bool{}
	for range 150 {
		d := pick(w, Actions()...)
		r, sc := pick(w, w.src.Roles...).Role, pick(w, scopes...)
		key := fmt.Sprint(r, d.Action, sc)
		if seen[key] {
			continue
		}
		seen[key] = true
		row := GrantRow{Roles: []name.Role{r}, Actions: []Action{d.Action}, Scope: sc, Class: pick(w, Public, Internal, Sensitive, Restricted)}
		if w.IntN(3) == 0 {
			row.On = []ObjectType{pick(w, d.On...)}
		}
		if w.IntN(4) == 0 {
			row.Grid = gridFree
		}
		src.Grants = append(src.Grants, row)
	}
	return src
}

func without[T any](rows []T, those func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(rows), those)
}

func unbind(roles []RoleRow) {
	for i := range roles {
		roles[i].Grid = ""
	}
}

func bind(grants []GrantRow) {
	for i := range grants {
		grants[i].Grid = ""
	}
}

func changeScope(s *Source, from, to Scope) {
	for i := range s.Grants {
		if s.Grants[i].Scope == from {
			s.Grants[i].Scope = to
		}
	}
	// A cell granted twice over is a fault; drop rows that became the same.
	seen := map[string]bool{}
	s.Grants = slices.DeleteFunc(s.Grants, func(g GrantRow) bool {
		for _, a := range g.Actions {
			key := fmt.Sprint(g.Roles, a, g.On, g.Scope)
			if seen[key] {
				return true
			}
			seen[key] = true
		}
		return false
	})
}

func TestEveryActionIsDeclaredOnce(t *testing.T) {
	src, policy := district(t)
	seen := map[Action]bool{}
	granted := map[Action]bool{}
	for _, g := range policy.Grants() {
		granted[g.Action] = true
	}
	for _, d := range Actions() {
		switch {
		case seen[d.Action]:
			t.Errorf("%s is declared twice", d.Action)
		case d.Words.ZH == "" || d.Words.EN == "" || len(d.On) == 0:
			t.Errorf("%s lacks words or objects", d.Action)
		case !granted[d.Action] != slices.Contains(src.Nobody, d.Action):
			t.Errorf("%s is granted to nobody, or to somebody although nobody may have it", d.Action)
		}
		seen[d.Action] = true
	}
	for typ, a := range readers {
		if d, ok := Lookup(a); !ok || !d.Reads || !slices.Contains(d.On, typ) {
			t.Errorf("%s does not read %s", a, typ)
		}
	}
	for _, r := range src.Roles {
		if len(policy.GrantsOf(Subject{Roles: []name.Role{r.Role}})) == 0 {
			t.Errorf("role %s may do nothing", r.Role)
		}
	}
}

func TestCompileNamesEveryFault(t *testing.T) {
	ok := RoleRow{Role: "handler", Words: name.Text{ZH: "经办人", EN: "handler"}, Clearance: Internal}
	public := RoleRow{Role: Anyone, Words: name.Text{ZH: "公众", EN: "public"}, Clearance: Public}
	row := func(r name.Role, a Action, sc Scope, c Class, on ...ObjectType) GrantRow {
		return GrantRow{Roles: []name.Role{r}, Actions: []Action{a}, On: on, Scope: sc, Class: c}
	}
	for _, c := range []struct {
		name string
		src  Source
		want []string
	}{
		{"a role twice", Source{Roles: []RoleRow{ok, ok}}, []string{"$.roles[1].role"}},
		{"a role without words or clearance", Source{Roles: []RoleRow{{Role: "x"}}}, []string{"$.roles[0].words", "$.roles[0].clearance"}},
		{"an unknown role and action", Source{Roles: []RoleRow{ok}, Grants: []GrantRow{row("boss", "matter.burn", All, Public)}}, []string{"$.grants[0].roles[0]", "$.grants[0].actions[0]"}},
		{"an unknown scope and class", Source{Roles: []RoleRow{ok}, Grants: []GrantRow{row("handler", MatterRead, "near", 0)}}, []string{"$.grants[0].scope", "$.grants[0].class"}},
		{"an object that the action is not done to", Source{Roles: []RoleRow{ok}, Grants: []GrantRow{row("handler", MatterRead, All, Public, Goal)}}, []string{"$.grants[0].actions[0]"}},
		{"the same cell twice in another class", Source{Roles: []RoleRow{ok}, Grants: []GrantRow{row("handler", MatterRead, All, Public), row("handler", MatterRead, All, Internal)}}, []string{"$.grants[1].actions[0]"}},
		{"an empty row", Source{Roles: []RoleRow{ok}, Grants: []GrantRow{{Scope: All, Class: Public}}}, []string{"$.grants[0].roles", "$.grants[0].actions"}},
		{"an exclusive set of one", Source{Roles: []RoleRow{ok}, Exclusive: [][]name.Role{{"handler"}}}, []string{"$.exclusive[0]"}},
		{"an exclusive set with everybody", Source{Roles: []RoleRow{ok, public}, Exclusive: [][]name.Role{{"handler", Anyone}}}, []string{"$.exclusive[0]"}},
		{"a grant that must never be", Source{Roles: []RoleRow{ok}, Never: []NeverRow{{[]name.Role{"handler"}, []Action{LogRead}}}, Grants: []GrantRow{row("handler", LogRead, All, Public)}}, []string{"$.grants[0].actions[0]"}},
		{"an unknown relation and action", Source{Roles: []RoleRow{ok}, Apart: []ApartRow{{"friend", []Action{"matter.burn"}}}}, []string{"$.apart[0].who", "$.apart[0].not[0]"}},
		{"an unknown action that is done in person", Source{Roles: []RoleRow{ok}, InPerson: []Action{"matter.burn"}}, []string{"$.in-person[0]"}},
		{"a condition without any, and one from nowhere", Source{Roles: []RoleRow{ok}, Conditions: []ConditionRow{{Actions: []Action{LogRead}}, {Actions: []Action{LogRead}, Network: "moon", Purpose: "fun"}}}, []string{"$.conditions[0]", "$.conditions[1].network", "$.conditions[1].purpose"}},
		{"what nobody may have is granted", Source{Roles: []RoleRow{ok}, Nobody: []Action{LogPurge}, Grants: []GrantRow{row("handler", LogPurge, All, Public)}}, []string{"$.grants[0].actions[0]"}},
		{"a dangerous act that one role can do alone", Source{Roles: []RoleRow{ok}, Grants: []GrantRow{row("handler", RolePropose, All, Public), row("handler", RoleGrant, All, Public)},
			Together: []TogetherRow{{"grant", name.Text{ZH: "授权", EN: "grant"}, RolePropose, RoleGrant}}}, []string{"$.together[0]"}},
		{"a glass that stays broken", Source{Roles: []RoleRow{{Role: "x", Words: ok.Words, Clearance: Public, Glass: 300 * minute, Grid: "loose"}}}, []string{"$.roles[0].grid", "$.roles[0].glass"}},
	} {
		_, err := Compile(c.src)
		var got []string
		for _, f := range faultsOf(err) {
			got = append(got, f.Path)
			if f.What.ZH == "" || f.What.EN == "" || strings.Contains(f.What.ZH+f.What.EN, "%!") {
				t.Errorf("%s: badly worded: %+v", c.name, f)
			}
		}
		if !reflect.DeepEqual(got, c.want) || !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("%s: faults at %v, want %v (%v)", c.name, got, c.want, err)
		}
	}
}

func TestDecisionsOfTheDistrict(t *testing.T) {
	_, p := loadPolicy(t)
	who := func(person name.Person, unit name.Unit, path string, roles ...name.Role) Subject {
		return Subject{Person: person, Unit: unit, UnitPath: path, Roles: roles, Clearance: p.Clearance(roles)}
	}
	site := Object{Type: Matter, Unit: "housing", UnitPath: "220105/gov/housing", Assist: []name.Unit{"water"}, SetBy: "office",
		Holder: "li", Involved: []name.Person{"zhao"}, Class: Internal, DidWork: []name.Person{"li", "zhao"}}
	for _, c := range []struct {
		name string
		s    Subject
		a    Action
		want Code
	}{
		{"the holder works on it", who("li", "housing", "220105/gov/housing", "handler"), MatterAct, Granted},
		{"a colleague may only read it", who("wu", "housing", "220105/gov/housing", "handler"), MatterAct, OutOfScope},
		{"an assisting unit reads it", who("sun", "water", "220105/gov/water", "handler"), MatterRead, Granted},
		{"another unit does not see it", who("qian", "road", "220105/gov/road", "handler"), MatterRead, OutOfScope},
		{"the government above sees it", who("zhou", "gov", "220105/gov", "head"), MatterRead, Granted},
		{"a unit whose path merely begins alike does not", who("zhou", "house", "220105/gov/hous", "head"), MatterRead, OutOfScope},
		{"a checker verifies it", who("zheng", "check", "220105/check", "checker"), MatterVerify, Granted},
		{"a checker who worked on it does not", who("zhao", "check", "220105/check", "checker"), MatterVerify, DidTheWork},
		{"acting for the worker does not help", Subject{Person: "zheng", For: "li", Roles: []name.Role{"checker"}, Clearance: Sensitive}, MatterVerify, DidTheWork},
		{"the office that set it strikes it off", who("feng", "office", "220105/office", "issuer"), MatterStrikeOff, Granted},
		{"another office does not", who("chen", "bureau", "220105/bureau", "issuer"), MatterStrikeOff, OutOfScope},
		{"the system administrator reads no matter", who("chu", "it", "220105/it", "sysadmin"), MatterRead, NoGrant},
		{"two of the three administrators in one are refused", who("chu", "it", "220105/it", "sysadmin", "auditor"), MatterRead, RolesExclusive},
		{"a visitor reads nothing internal", Visitor, MatterRead, NoGrant},
	} {
		if d := p.Evaluate(c.s, c.a, site); d.Code != c.want || d.Allowed != (c.want == Granted) || d.Why().ZH == "" {
			t.Errorf("%s: %+v, want %s", c.name, d, c.want)
		}
	}
}

func TestCheckHidesWhatMayNotBeRead(t *testing.T) {
	_, p := loadPolicy(t)
	site := Object{Type: Matter, Unit: "housing", UnitPath: "d/housing", Holder: "li", Class: Internal, DidWork: []name.Person{"li"}}
	handler := Subject{Person: "wu", Unit: "housing", UnitPath: "d/housing", Roles: []name.Role{"handler"}, Clearance: Sensitive}
	stranger := Subject{Person: "qian", Unit: "road", UnitPath: "d/road", Roles: []name.Role{"handler"}, Clearance: Sensitive}
	worker := Subject{Person: "li", Roles: []name.Role{"checker"}, Clearance: Sensitive}
	for _, c := range []struct {
		name string
		s    Subject
		a    Action
		want error
	}{
		{"a reader who may not act is told so", handler, MatterAct, fault.ErrDenied},
		{"a stranger finds nothing to read", stranger, MatterRead, fault.ErrNotFound},
		{"nor to act on", stranger, MatterAct, fault.ErrNotFound},
		{"a role without the action is told so, whatever exists", stranger, MatterVerify, fault.ErrDenied},
		{"the worker is told why", worker, MatterVerify, fault.ErrDenied},
	} {
		err := p.Check(c.s, c.a, site)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if err := p.Check(handler, MatterRead, site); err != nil {
		t.Errorf("a colleague reads: %v", err)
	}
	if p.Holds(stranger, MatterVerify, Matter) || !p.Holds(stranger, MatterAct, Matter) {
		t.Error("Holds does not tell the role's actions")
	}
}

func TestMasks(t *testing.T) {
	_, p := loadPolicy(t)
	o := Object{Type: Matter, Unit: "housing", UnitPath: "d/housing", Holder: "li", Class: Internal}
	colleague := Subject{Person: "wu", Unit: "housing", UnitPath: "d/housing", Roles: []name.Role{"handler"}, Clearance: Sensitive}
	holder := colleague
	holder.Person = "li"
	for _, c := range []struct {
		name string
		s    Subject
		want string
	}{
		{"a colleague reads what is internal", colleague, "PN"},
		{"the holder reads what is personal too", holder, "PNS"},
		{"a visitor reads nothing of it", Visitor, ""},
	} {
		d, got := p.Evaluate(c.s, MatterRead, o), ""
		for _, class := range []Class{Public, Internal, Sensitive, Restricted} {
			if d.MayRead(class) {
				got += class.String()
			}
		}
		if got != c.want || d.MayRead(0) {
			t.Errorf("%s: %q, want %q; unset class readable: %v", c.name, got, c.want, d.MayRead(0))
		}
	}
}

func TestEvaluateAllocatesNothing(t *testing.T) {
	_, p := loadPolicy(t)
	w := newWorld(3, Source{Roles: p.Roles()})
	s, o := w.subject(), w.object(Matter)
	s.Roles = []name.Role{"handler", "checker"}
	if n := testing.AllocsPerRun(100, func() { p.Evaluate(s, MatterRead, o) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	_, p := loadPolicy(b)
	s := Subject{Person: "li", Unit: "housing", UnitPath: "d/housing", Roles: []name.Role{"handler", "checker"}, Clearance: Sensitive}
	o := Object{Type: Matter, Unit: "housing", UnitPath: "d/housing", Holder: "li", Class: Internal}
	for b.Loop() {
		p.Evaluate(s, MatterAct, o)
	}
}

func ExamplePolicy_Evaluate() {
	p, _ := Compile(Source{
		Roles:  []RoleRow{{Role: "handler", Words: name.Text{ZH: "经办人", EN: "handler"}, Clearance: Sensitive}},
		Grants: []GrantRow{{Roles: []name.Role{"handler"}, Actions: []Action{MatterAct}, Scope: Assigned, Class: Sensitive}},
	})
	li := Subject{Person: "li", Roles: []name.Role{"handler"}, Clearance: Sensitive}
	for _, holder := range []name.Person{"li", "wu"} {
		d := p.Evaluate(li, MatterAct, Object{Type: Matter, Holder: holder, Class: Internal})
		fmt.Println(d.Allowed, d.Why().ZH)
	}
	// Output:
	// true 您的角色有此权限
	// false 该对象不在您的职责范围内，请联系主办单位
}

// faultsOf returns the faults that an error of [Compile] joins.
func faultsOf(err error) []Fault {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var all []Fault
	for _, e := range joined.Unwrap() {
		if f, ok := e.(Fault); ok {
			all = append(all, f)
		}
	}
	return all
}

// TestBar_A04_AnAdministratorsOtherRolesFall: beside a role that is held alone no other holds, whether one account has both or another account of the same
// person has it; who is told why is whoever lacks an action for it, and a policy that is handed both all the same allows nothing.
func TestBar_A04_AnAdministratorsOtherRolesFall(t *testing.T) {
	_, p := district(t)
	for _, c := range []struct {
		roles, elsewhere, hold []name.Role
		fell                   bool
	}{
		{[]name.Role{"head"}, nil, []name.Role{"head"}, false},
		{[]name.Role{"head", "handler"}, []name.Role{"checker"}, []name.Role{"head", "handler"}, false},
		{[]name.Role{"sysadmin"}, nil, []name.Role{"sysadmin"}, false},
		{[]name.Role{"sysadmin"}, []name.Role{"head", "sysadmin"}, []name.Role{"sysadmin"}, false},
		{[]name.Role{"head", "sysadmin", "handler"}, nil, []name.Role{"sysadmin"}, true},
		{[]name.Role{"head"}, []name.Role{"auditor", "head"}, nil, true},
		{[]name.Role{Anyone}, []name.Role{"auditor"}, []name.Role{Anyone}, false},
		{[]name.Role{"head", Anyone}, []name.Role{"secadmin"}, []name.Role{Anyone}, true},
	} {
		was := slices.Clone(c.roles)
		hold, fell := p.Separate(c.roles, c.elsewhere)
		if !slices.Equal(hold, c.hold) || fell != c.fell || !slices.Equal(c.roles, was) {
			t.Errorf("%v beside %v: %v %v, want %v %v", c.roles, c.elsewhere, hold, fell, c.hold, c.fell)
		}
	}
	o := Object{Type: Matter, Unit: "housing", UnitPath: "220105/housing", Class: Internal}
	s := Subject{Person: "p1", Unit: "housing", UnitPath: "220105/housing", Roles: []name.Role{"head"}, Clearance: Sensitive}
	if d := p.Evaluate(s, MatterOpen, o); !d.Allowed {
		t.Fatalf("a head: %s", d.Code)
	}
	s.Roles = []name.Role{"head", "auditor"}
	if d := p.Evaluate(s, MatterOpen, o); d.Allowed || d.Code != RolesExclusive {
		t.Errorf("both roles at once: %v %s", d.Allowed, d.Code)
	}
	s.Roles, s.Fell = nil, true
	if d := p.Evaluate(s, MatterOpen, o); d.Code != RolesFell {
		t.Errorf("once the roles fell: %s", d.Code)
	}
	if code := p.Held(s, MatterOpen, Matter); code != RolesFell {
		t.Errorf("asked of a menu: %s", code)
	}
}
