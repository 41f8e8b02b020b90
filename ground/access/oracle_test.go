package access

import (
	"slices"
	"strings"

	"bihuan/ground/name"
)

// oracle is the written rule again, from the rows of the file and nothing that Compile or
// Evaluate made of them: it walks every row for every question and collects refusals.
//
//	Somebody may do something to an object if and only if
//	  1. the action exists and is done to objects of that type,
//	  2. they do not hold two roles that exclude each other,
//	  3. a row grants the action on that type to one of their roles or to everybody,
//	  4. the object lies in that row's scope,
//	  5. neither that row's class nor their clearance is below the object's class,
//	  6. and, if the action keeps the worker away, neither they, nor whom they act for, nor
//	     (where units are kept apart) their unit did the work.
func oracle(src Source, s Subject, a Action, o Object) bool {
	if !oracleFits(a, o.Type) || oracleExclusive(src, s) {
		return false
	}
	for _, row := range src.Grants {
		if oracleRow(row, s, a, o) {
			return !oracleWorked(s, a, o)
		}
	}
	return false
}

func oracleFits(a Action, t ObjectType) bool {
	for _, d := range Actions() {
		if d.Action == a {
			for _, on := range d.On {
				if on == t {
					return true
				}
			}
		}
	}
	return false
}

func oracleExclusive(src Source, s Subject) bool {
	for _, set := range src.Exclusive {
		held := map[name.Role]bool{}
		for _, in := range set {
			for _, r := range s.Roles {
				if r == in {
					held[r] = true
				}
			}
		}
		if len(held) > 1 {
			return true
		}
	}
	return false
}

func oracleRow(row GrantRow, s Subject, a Action, o Object) bool {
	hisRow := false
	for _, r := range row.Roles {
		hisRow = hisRow || r == "public" || slices.Contains(s.Roles, r)
	}
	if !hisRow || !slices.Contains(row.Actions, a) {
		return false
	}
	if len(row.On) != 0 && !slices.Contains(row.On, o.Type) {
		return false
	}
	if level(o.Class, 4) > level(row.Class, 0) || level(o.Class, 4) > level(s.Clearance, 1) {
		return false
	}
	return oracleScope(string(row.Scope), s, o)
}

// level is the rank of a class, other if it is not set.
func level(c Class, other int) int {
	if n := strings.Index("PNSH", c.String()); c != 0 && n >= 0 {
		return n + 1
	}
	return other
}

func oracleScope(scope string, s Subject, o Object) bool {
	mine := func(p name.Person) bool {
		return (s.Person != "" && p == s.Person) || (s.For != "" && p == s.For)
	}
	unitIs := func(u name.Unit) bool { return u != "" && u == s.Unit }
	if scope == "involved" {
		for _, p := range o.Involved {
			if mine(p) {
				return true
			}
		}
	}
	switch scope {
	case "all":
		return true
	case "public":
		return o.Public
	case "own-unit":
		return unitIs(o.Unit)
	case "set-by-unit":
		return unitIs(o.SetBy)
	case "assigned", "involved":
		return mine(o.Holder)
	case "unit-subtree":
		return s.UnitPath != "" && strings.HasPrefix(o.UnitPath+"/", s.UnitPath+"/")
	case "assisting":
		for _, u := range o.Assist {
			if unitIs(u) {
				return true
			}
		}
	}
	return false
}

func oracleWorked(s Subject, a Action, o Object) bool {
	keeps := map[Action]bool{"goal.confirm-figure": true, "goal.approve-change": true, "matter.extend": true, "matter.verify": true,
		"matter.strike-off": true, "assessment.decide-appeal": true, "role.grant": true}
	if !keeps[a] {
		return false
	}
	for _, p := range o.DidWork {
		if p != "" && (p == s.Person || p == s.For) {
			return true
		}
	}
	for _, u := range o.DidWorkUnits {
		if u != "" && u == s.Unit {
			return true
		}
	}
	return false
}
