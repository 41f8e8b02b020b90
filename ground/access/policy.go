package access

import (
	"errors"
	"fmt"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Limits of a policy: far above need, so that a wrong file fails fast.
const (
	maxRoles  = 200
	maxGrants = 20_000
)

// Anyone is the role that everybody has, signed in or not.
const Anyone name.Role = "public"

// Source is a policy as its file writes it.
type Source struct {
	Roles []RoleRow `json:"roles" yaml:"roles"`
	// Exclusive names sets of roles of which one person may hold one: 三员分立.
	Exclusive [][]name.Role `json:"exclusive" yaml:"exclusive"`
	// Alone names roles beside which one person holds no other: an administrator does no business.
	Alone  []name.Role `json:"alone,omitempty" yaml:"alone,omitempty"`
	Grants []GrantRow  `json:"grants" yaml:"grants"`
	// Never names what must not be granted, whatever the grants say: a grant against it is a fault.
	Never []NeverRow `json:"never" yaml:"never"`
	// Conditions are what actions ask for besides, whoever does them.
	Conditions []ConditionRow `json:"conditions,omitempty" yaml:"conditions,omitempty"`
	// Apart keeps whoever has to do with an object from judging it 职责分离. What [Declaration.ExcludesWorker] says stands without a row.
	Apart []ApartRow `json:"apart,omitempty" yaml:"apart,omitempty"`
	// InPerson names what nobody does for somebody else.
	InPerson []Action `json:"in-person,omitempty" yaml:"in-person,omitempty"`
	// Nobody names what no role has, and none may get.
	Nobody []Action `json:"nobody,omitempty" yaml:"nobody,omitempty"`
	// Zones draws the networks: from which addresses a request counts as coming from where 网络区域.
	Zones []ZoneRow `json:"zones,omitempty" yaml:"zones,omitempty"`
	// Together names the dangerous acts, each of which takes two persons 双人双控.
	Together []TogetherRow `json:"together,omitempty" yaml:"together,omitempty"`
}

// RoleRow is one role: its key, its words, and the highest data class its holders are cleared for.
type RoleRow struct {
	Role      name.Role `json:"role" yaml:"role"`
	Words     name.Text `json:"words" yaml:"words"`
	Clearance Class     `json:"clearance" yaml:"clearance"`
	Grid      string    `json:"grid,omitempty" yaml:"grid,omitempty"`   // bound: every grant of the role asks for the subject's grids unless the row is free
	Glass     Span      `json:"glass,omitempty" yaml:"glass,omitempty"` // not 0: nobody holds the role, it is had for so long by breaking the glass 应急授权
}

// ConditionRow asks for something wherever one of its actions is granted; of its roles only, if it names some.
type ConditionRow struct {
	Actions []Action    `json:"actions" yaml:"actions"`
	Roles   []name.Role `json:"roles,omitempty" yaml:"roles,omitempty"`
	Fresh   Span        `json:"fresh,omitempty" yaml:"fresh,omitempty"`     // 15m
	Network Zone        `json:"network,omitempty" yaml:"network,omitempty"` // office
	Duty    bool        `json:"duty,omitempty" yaml:"duty,omitempty"`
	Purpose string      `json:"purpose,omitempty" yaml:"purpose,omitempty"` // task
}

// ApartRow keeps whoever stands in a relation to an object from doing the actions to it.
type ApartRow struct {
	Who Relation `json:"who" yaml:"who"`
	Not []Action `json:"not" yaml:"not"`
}

// TogetherRow is a dangerous act: somebody with the first action proposes it, somebody else with the second approves it.
// No role may have both.
type TogetherRow struct {
	Act     string    `json:"act" yaml:"act"`
	Words   name.Text `json:"words" yaml:"words"`
	Propose Action    `json:"propose" yaml:"propose"`
	Approve Action    `json:"approve" yaml:"approve"`
}

// GrantRow grants each of its actions to each of its roles.
type GrantRow struct {
	Roles   []name.Role  `json:"roles" yaml:"roles"`
	Actions []Action     `json:"actions" yaml:"actions"`
	On      []ObjectType `json:"on,omitempty" yaml:"on,omitempty"` // empty: all types that the action concerns
	Scope   Scope        `json:"scope" yaml:"scope"`
	Class   Class        `json:"class" yaml:"class"`                   // the highest class that is read through this grant
	Grid    string       `json:"grid,omitempty" yaml:"grid,omitempty"` // free: also outside of the grids of a role that is bound to them
}

// NeverRow forbids each of its actions to each of its roles.
type NeverRow struct {
	Roles   []name.Role `json:"roles" yaml:"roles"`
	Actions []Action    `json:"actions" yaml:"actions"`
}

// Grant is one cell of the matrix: role may do action on objects of a type within scope, up to class.
type Grant struct {
	Role   name.Role  `json:"role"`
	Action Action     `json:"action"`
	On     ObjectType `json:"on"`
	Scope  Scope      `json:"scope"`
	Class  Class      `json:"class"`
	When   Conditions `json:"when,omitzero"`
}

// Fault is one thing wrong with a Source.
type Fault struct {
	Path string    // where, as a YAML path: $.grants[3].actions[1]
	What name.Text // what is wrong
}

func (f Fault) Error() string { return f.Path + ": " + f.What.EN }

// Unwrap makes errors.Is find the kind.
func (f Fault) Unwrap() error { return fault.ErrInvalid }

// Policy is a checked policy. It does not change and may be used by many goroutines.
type Policy struct {
	roles     []RoleRow
	clearance map[name.Role]Class
	bound     map[name.Role]bool // roles that are bound to grids
	exclusive [][]name.Role
	alone     []name.Role
	grants    []Grant
	byCell    map[cell][]Grant
	laws      map[Action]*law
	together  []TogetherRow
	zones     []zoned // the narrowest first
	zoneRows  []ZoneRow
}

// law is what holds for an action whoever does it.
type law struct {
	Declaration
	apart    uint8 // bits of the relations that keep out
	inPerson bool
}

// cell is what a grant is looked up by.
type cell struct {
	role   name.Role
	action Action
	on     ObjectType
}

// Compile checks a source and returns the policy. The error joins every [Fault] found, in
// the order of the file, each wrapping [fault.ErrInvalid]; get at them with [Faults].
func Compile(src Source) (*Policy, error) {
	c := compiler{p: &Policy{clearance: map[name.Role]Class{}, bound: map[name.Role]bool{}, byCell: map[cell][]Grant{}, laws: map[Action]*law{}}, never: map[cell]bool{}}
	c.readRoles(src.Roles)
	c.readExclusive(src.Exclusive)
	c.readAlone(src.Alone)
	c.readNever(src.Never)
	c.readLaws(src)
	c.readZones(src.Zones)
	c.readConditions(src.Conditions)
	c.readGrants(src.Grants)
	c.readTogether(src.Together)
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	return c.p, nil
}

type compiler struct {
	p      *Policy
	never  map[cell]bool
	when   []ConditionRow
	faults []error
}

func (c *compiler) fault(path, zh, en string, with ...any) {
	c.faults = append(c.faults, Fault{path, name.Text{ZH: fmt.Sprintf(zh, with...), EN: fmt.Sprintf(en, with...)}})
}

func (c *compiler) readRoles(rows []RoleRow) {
	if len(rows) > maxRoles {
		c.fault("$.roles", "角色超过 %d 个", "more than %d roles", maxRoles)
		return
	}
	for i, r := range rows {
		path := fmt.Sprintf("$.roles[%d]", i)
		if _, again := c.p.clearance[r.Role]; again {
			c.fault(path+".role", "角色 %s 重复", "role %s is listed twice", r.Role)
		}
		if r.Role == "" {
			c.fault(path+".role", "缺少角色代码", "the role has no key")
		}
		if r.Words.ZH == "" || r.Words.EN == "" {
			c.fault(path+".words", "角色 %s 缺少中文或英文名称", "role %s needs words in zh and en", r.Role)
		}
		if r.Clearance < Public || r.Clearance > Restricted {
			c.fault(path+".clearance", "角色 %s 缺少数据级别 P、N、S 或 H", "role %s needs a clearance of P, N, S or H", r.Role)
		}
		if r.Grid != "" && r.Grid != gridBound {
			c.fault(path+".grid", "网格只能写 %s", "grid can be %s only", gridBound)
		}
		if r.Glass > maxGlass {
			c.fault(path+".glass", "应急授权最长 %s", "the glass is broken for %s at most", maxGlass)
		}
		c.p.bound[r.Role] = r.Grid == gridBound
		c.p.clearance[r.Role] = r.Clearance
		c.p.roles = append(c.p.roles, r)
	}
}

func (c *compiler) readExclusive(sets [][]name.Role) {
	for i, set := range sets {
		path := fmt.Sprintf("$.exclusive[%d]", i)
		if len(set) < 2 {
			c.fault(path, "互斥角色至少两个", "an exclusive set needs two roles")
		}
		c.knowRoles(path, set)
		if slices.Contains(set, Anyone) {
			c.fault(path, "%s 人人都有，不能互斥", "everybody has %s: it excludes nothing", Anyone)
		}
		c.p.exclusive = append(c.p.exclusive, slices.Clone(set))
	}
}

func (c *compiler) readAlone(roles []name.Role) {
	if len(roles) == 0 {
		return
	}
	c.knowRoles("$.alone", roles)
	if slices.Contains(roles, Anyone) {
		c.fault("$.alone", "%s 人人都有，不能独任", "everybody has %s: it cannot be held alone", Anyone)
	}
	c.p.alone = slices.Clone(roles)
}

func (c *compiler) readNever(rows []NeverRow) {
	for i, row := range rows {
		path := fmt.Sprintf("$.never[%d]", i)
		c.knowRoles(path+".roles", row.Roles)
		c.knowActions(path+".actions", row.Actions)
		for _, r := range row.Roles {
			for _, a := range row.Actions {
				c.never[cell{role: r, action: a}] = true
			}
		}
	}
}

func (c *compiler) readGrants(rows []GrantRow) {
	seen := map[Grant]bool{}
	for i, row := range rows {
		path := fmt.Sprintf("$.grants[%d]", i)
		c.knowRoles(path+".roles", row.Roles)
		c.knowActions(path+".actions", row.Actions)
		if !slices.Contains(scopes, row.Scope) {
			c.fault(path+".scope", "范围 %q 不存在", "there is no scope %q", row.Scope)
		}
		if row.Class < Public || row.Class > Restricted {
			c.fault(path+".class", "缺少数据级别 P、N、S 或 H", "the grant needs a class of P, N, S or H")
		}
		if row.Grid != "" && row.Grid != gridFree {
			c.fault(path+".grid", "网格只能写 %s", "grid can be %s only", gridFree)
		}
		for _, r := range row.Roles {
			for j, a := range row.Actions {
				c.grant(fmt.Sprintf("%s.actions[%d]", path, j), r, a, row, seen)
			}
		}
		if len(c.p.grants) > maxGrants {
			c.fault(path, "授权超过 %d 条", "more than %d grants", maxGrants)
			return
		}
	}
}

// grant adds the cells of one role and action, one per object type.
func (c *compiler) grant(path string, r name.Role, a Action, row GrantRow, seen map[Grant]bool) {
	decl, ok := declared[a]
	if !ok {
		return // already a fault
	}
	if c.never[cell{role: r, action: a}] {
		c.fault(path, "角色 %s 不得拥有 %s", "role %s must never have %s", r, a)
	}
	on := row.On
	if len(on) == 0 {
		on = decl.On
	}
	for _, t := range on {
		if !slices.Contains(decl.On, t) {
			c.fault(path, "%s 不能用于 %s", "%s is not done to %s", a, t)
			continue
		}
		g := Grant{r, a, t, row.Scope, row.Class, c.conditions(r, a, row.Grid)}
		key := g
		key.Class, key.When = 0, Conditions{} // the same cell in two classes is a mistake too
		if seen[key] {
			c.fault(path, "%s 对 %s 的 %s 重复授权", "%s has %s on %s twice in the same scope", r, a, t)
			continue
		}
		seen[key] = true
		c.p.grants = append(c.p.grants, g)
		k := cell{r, a, t}
		c.p.byCell[k] = append(c.p.byCell[k], g)
	}
}

func (c *compiler) knowRoles(path string, roles []name.Role) {
	if len(roles) == 0 {
		c.fault(path, "没有写角色", "no role is named")
	}
	for i, r := range roles {
		if _, ok := c.p.clearance[r]; !ok {
			c.fault(fmt.Sprintf("%s[%d]", path, i), "角色 %q 不存在", "there is no role %q", r)
		}
	}
}

func (c *compiler) knowActions(path string, actions []Action) {
	if len(actions) == 0 {
		c.fault(path, "没有写权限", "no action is named")
	}
	for i, a := range actions {
		if _, ok := declared[a]; !ok {
			c.fault(fmt.Sprintf("%s[%d]", path, i), "权限 %q 不存在", "there is no action %q", a)
		}
	}
}

// Roles returns the roles in the order of the file. The slice is the caller's.
func (p *Policy) Roles() []RoleRow { return slices.Clone(p.roles) }

// Grants returns every cell of the matrix in the order of the file, for documentation and tests. The slice is the caller's.
func (p *Policy) Grants() []Grant { return slices.Clone(p.grants) }

// Clearance returns the highest class that any of the roles is cleared for, at least [Public].
func (p *Policy) Clearance(roles []name.Role) Class {
	c := Public
	for _, r := range roles {
		c = max(c, p.clearance[r])
	}
	return c
}

// GrantsOf returns the cells that a subject has, for the page that shows a person what they may do: none if their roles exclude each other.
func (p *Policy) GrantsOf(s Subject) []Grant {
	if p.clash(s.Roles) {
		return nil
	}
	var mine []Grant
	for _, g := range p.grants {
		if g.Role == Anyone || slices.Contains(s.Roles, g.Role) {
			mine = append(mine, g)
		}
	}
	return mine
}
