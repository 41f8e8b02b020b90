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
//	  2. they do not hold two roles that exclude each other, nor another beside one that is held alone,
//	  3. they do not do for somebody else what has to be done in person,
//	  4. a row grants the action on that type to one of their roles or to everybody,
//	  5. the object lies in that row's scope, and in their grids if the role is bound to grids and the row is not free,
//	  6. neither that row's class nor their clearance is below the object's class,
//	  7. every condition on the action, for that role, holds: task, duty, network, fresh proof,
//	  8. and they are not kept apart: neither they, nor whom they act for, nor (where units are kept
//	     apart) their unit did the work, made it, or are concerned by it, as far as the action minds.
func oracle(src Source, s Subject, a Action, o Object) bool {
	if !oracleFits(a, o.Type) || oracleExclusive(src, s) || s.For != "" && slices.Contains(src.InPerson, a) || oracleApart(src, s, a, o) {
		return false
	}
	for _, row := range src.Grants {
		for _, r := range row.Roles {
			if (r == "public" || slices.Contains(s.Roles, r)) && oracleRow(src, row, r, s, a, o) {
				return true
			}
		}
	}
	return false
}

func oracleFits(a Action, t ObjectType) bool {
	for _, d := range Actions() {
		if d.Action == a && slices.Contains(d.On, t) {
			return true
		}
	}
	return false
}

func oracleExclusive(src Source, s Subject) bool {
	for _, r := range s.Roles {
		for _, other := range s.Roles {
			if slices.Contains(src.Alone, r) && !slices.Contains(src.Alone, other) && other != "public" {
				return true
			}
		}
	}
	for _, set := range src.Exclusive {
		held := map[name.Role]bool{}
		for _, r := range s.Roles {
			if slices.Contains(set, r) {
				held[r] = true
			}
		}
		if len(held) > 1 {
			return true
		}
	}
	return false
}

func oracleRow(src Source, row GrantRow, r name.Role, s Subject, a Action, o Object) bool {
	if !slices.Contains(row.Actions, a) || len(row.On) != 0 && !slices.Contains(row.On, o.Type) {
		return false
	}
	if level(o.Class, 4) > level(row.Class, 0) || level(o.Class, 4) > level(s.Clearance, 1) {
		return false
	}
	for _, role := range src.Roles {
		if role.Role == r && role.Grid == "bound" && row.Grid != "free" && !oracleInGrids(s, o) {
			return false
		}
	}
	for _, when := range src.Conditions {
		if slices.Contains(when.Actions, a) && (len(when.Roles) == 0 || slices.Contains(when.Roles, r)) && !oracleHolds(when, s, o) {
			return false
		}
	}
	return oracleScope(string(row.Scope), s, o)
}

func oracleInGrids(s Subject, o Object) bool {
	for _, g := range s.Grids {
		if g != "" && strings.HasPrefix(o.Grid+"/", g+"/") {
			return true
		}
	}
	return false
}

func oracleHolds(when ConditionRow, s Subject, o Object) bool {
	fresh := s.Proved > 0 && s.Proved <= s.At && s.At <= s.Proved+int64(when.Fresh)
	return (when.Fresh == 0 || fresh) && (when.Network == "" || s.Zone == when.Network) && (!when.Duty || s.OnDuty) && (when.Purpose == "" || o.Task)
}

// level is the rank of a class, other if it is not set.
func level(c Class, other int) int {
	if n := strings.Index("PNSH", c.String()); c != 0 && n >= 0 {
		return n + 1
	}
	return other
}

func oracleScope(scope string, s Subject, o Object) bool {
	unitIs := func(u name.Unit) bool { return u != "" && u == s.Unit }
	switch scope {
	case "all":
		return true
	case "public":
		return o.Public
	case "own-unit":
		return unitIs(o.Unit)
	case "set-by-unit":
		return unitIs(o.SetBy)
	case "supervising":
		return s.Unit != "" && slices.Contains(o.Supervisors, s.Unit)
	case "assigned":
		return oracleMine(s, o.Holder)
	case "involved":
		return oracleMine(s, append([]name.Person{o.Holder}, o.Involved...)...)
	case "unit-subtree":
		return s.UnitPath != "" && strings.HasPrefix(o.UnitPath+"/", s.UnitPath+"/")
	case "assisting":
		return s.Unit != "" && slices.Contains(o.Assist, s.Unit)
	}
	return false
}

func oracleMine(s Subject, persons ...name.Person) bool {
	for _, p := range persons {
		if p != "" && (p == s.Person || p == s.For) {
			return true
		}
	}
	return false
}

func oracleApart(src Source, s Subject, a Action, o Object) bool {
	minds := func(who Relation) bool {
		fixed := "matter.extend matter.approve matter.verify matter.strike-off"
		return who == "worked" && slices.Contains(strings.Fields(fixed), string(a)) ||
			slices.ContainsFunc(src.Apart, func(r ApartRow) bool { return r.Who == who && slices.Contains(r.Not, a) })
	}
	return minds("worked") && (oracleMine(s, o.DidWork...) || s.Unit != "" && slices.Contains(o.DidWorkUnits, s.Unit)) ||
		minds("made") && oracleMine(s, o.MadeBy...) || minds("concerned") && oracleMine(s, o.Concerns...)
}
