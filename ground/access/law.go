package access

import (
	"fmt"
	"slices"
	"time"

	"bihuan/ground/name"
)

// What a role and a grant may say of grids.
const (
	gridBound = "bound"
	gridFree  = "free"
)

// byTask is what a condition may say of the purpose.
const byTask = "task"

// maxGlass is the longest that a glass stays broken 应急授权时限. Ours, after bar A-08.
const maxGlass = Span(4 * time.Hour / time.Microsecond)

// readLaws takes what holds for each action whoever does it: the declarations first, then what the file adds.
func (c *compiler) readLaws(src Source) {
	for i := range declarations {
		l := &law{Declaration: declarations[i]}
		if l.ExcludesWorker {
			l.apart = bitWorked
		}
		c.p.laws[l.Action] = l
	}
	for i, row := range src.Apart {
		path := fmt.Sprintf("$.apart[%d]", i)
		bit := bitOf(row.Who)
		if bit == 0 {
			c.fault(path+".who", "关系 %q 不存在", "there is no relation %q", row.Who)
		}
		c.knowActions(path+".not", row.Not)
		for _, a := range row.Not {
			if l := c.p.laws[a]; l != nil {
				l.apart |= bit
			}
		}
	}
	for i, a := range src.InPerson {
		if l := c.p.laws[a]; l != nil {
			l.inPerson = true
		} else {
			c.fault(fmt.Sprintf("$.in-person[%d]", i), "权限 %q 不存在", "there is no action %q", a)
		}
	}
	for i, a := range src.Nobody {
		if c.p.laws[a] == nil {
			c.fault(fmt.Sprintf("$.nobody[%d]", i), "权限 %q 不存在", "there is no action %q", a)
		}
		for r := range c.p.clearance {
			c.never[cell{role: r, action: a}] = true
		}
	}
}

func (c *compiler) readConditions(rows []ConditionRow) {
	for i, row := range rows {
		path := fmt.Sprintf("$.conditions[%d]", i)
		c.knowActions(path+".actions", row.Actions)
		if len(row.Roles) > 0 {
			c.knowRoles(path+".roles", row.Roles)
		}
		if row.Network != "" && !c.isZone(row.Network) {
			c.fault(path+".network", "网络区域 %q 不存在", "there is no zone %q", row.Network)
		}
		if row.Purpose != "" && row.Purpose != byTask {
			c.fault(path+".purpose", "用途只能写 %s", "purpose can be %s only", byTask)
		}
		if row.conditions() == (Conditions{}) {
			c.fault(path, "没有写条件", "no condition is named")
		}
	}
	c.when = rows
}

func (row *ConditionRow) conditions() Conditions {
	return Conditions{Task: row.Purpose == byTask, Duty: row.Duty, Network: row.Network, Fresh: row.Fresh}
}

// conditions gathers what a grant of an action to a role asks for.
func (c *compiler) conditions(r name.Role, a Action, grid string) Conditions {
	when := Conditions{Grid: c.p.bound[r] && grid != gridFree}
	for i := range c.when {
		row := &c.when[i]
		if slices.Contains(row.Actions, a) && (len(row.Roles) == 0 || slices.Contains(row.Roles, r)) {
			when = when.with(row.conditions())
		}
	}
	return when
}

// readTogether checks that no role can do a dangerous act alone.
func (c *compiler) readTogether(rows []TogetherRow) {
	for i, row := range rows {
		path := fmt.Sprintf("$.together[%d]", i)
		c.knowActions(path+".propose", []Action{row.Propose})
		c.knowActions(path+".approve", []Action{row.Approve})
		if row.Act == "" || row.Words.ZH == "" || row.Words.EN == "" {
			c.fault(path+".act", "危险操作缺少代码或中英文名称", "the act needs a key and words in zh and en")
		}
		for _, r := range c.p.roles {
			if c.p.may(r.Role, row.Propose) && c.p.may(r.Role, row.Approve) {
				c.fault(path, "角色 %s 一人即可完成“%s”", "role %s can do “%s” alone", r.Role, row.Act)
			}
		}
	}
	c.p.together = slices.Clone(rows)
}

// may reports whether a role has an action in any scope.
func (p *Policy) may(r name.Role, a Action) bool {
	return slices.ContainsFunc(p.grants, func(g Grant) bool { return g.Role == r && g.Action == a })
}

// Together returns the dangerous acts in the order of the file. The slice is the caller's.
func (p *Policy) Together() []TogetherRow { return slices.Clone(p.together) }

// Exclusive returns the sets of roles of which one natural person may hold one. The slices are the caller's.
func (p *Policy) Exclusive() (sets [][]name.Role) {
	for _, set := range p.exclusive {
		sets = append(sets, slices.Clone(set))
	}
	return sets
}

// Alone returns the roles beside which one natural person holds no other. The slice is the caller's.
func (p *Policy) Alone() []name.Role { return slices.Clone(p.alone) }

// Separate returns which of somebody's roles hold while the natural person behind them has others elsewhere, by other accounts say: beside a role that is held
// alone no other holds. fell reports whether any fell away. It allocates nothing where none does.
func (p *Policy) Separate(roles, elsewhere []name.Role) (hold []name.Role, fell bool) {
	if !p.anyAlone(roles) && !p.anyAlone(elsewhere) {
		return roles, false
	}
	for i, r := range roles {
		switch falls := r != Anyone && !slices.Contains(p.alone, r); {
		case falls && !fell:
			hold, fell = slices.Clone(roles[:i]), true
		case !falls && fell:
			hold = append(hold, r)
		}
	}
	if !fell {
		return roles, false
	}
	return hold, true
}

func (p *Policy) anyAlone(roles []name.Role) bool {
	for _, r := range roles {
		if slices.Contains(p.alone, r) {
			return true
		}
	}
	return false
}

// Apart returns the relations that keep somebody from an action, in the order of [Relation].
func (p *Policy) Apart(a Action) (all []Relation) {
	for _, row := range relations {
		if l := p.laws[a]; l != nil && l.apart&row.bit != 0 {
			all = append(all, row.relation)
		}
	}
	return all
}

// InPerson reports whether nobody may do an action for somebody else.
func (p *Policy) InPerson(a Action) bool { l := p.laws[a]; return l != nil && l.inPerson }

// Bound reports whether one of the roles is bound to grids, so that a subject with them needs its grids.
func (p *Policy) Bound(roles []name.Role) bool {
	return slices.ContainsFunc(roles, func(r name.Role) bool { return p.bound[r] })
}
