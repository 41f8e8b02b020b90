package desk

import (
	"strings"

	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// levelFields are the fields that say where a matter lies in the tree of grids, from small to large. A value that is no code
// of a division is the key of a unit: packs name a community by whoever runs it.
var levelFields = []string{string(Grid), string(Cell), string(Community), "area"}

// gridPath returns where a matter lies in the tree of grids, as far as its fields say; empty where they say nothing.
func gridPath(fields map[string]string) string {
	for _, key := range levelFields {
		if code := fields[key]; len(code) >= streetDigits && code[0] <= '9' {
			return treeOf(code)
		}
	}
	return ""
}

// The digits of the code of a street and of a community, in which the code of what lies in it begins
// (statistical division codes 统计用区划代码, twelve digits).
const (
	streetDigits    = 9
	communityDigits = 12
)

// treeOf returns a code with what it lies in before it: 220105001/220105001002/220105001002G01.
func treeOf(code string) string {
	path := make([]string, 0, 3)
	for _, n := range []int{streetDigits, communityDigits} {
		if len(code) > n {
			path = append(path, code[:n])
		}
	}
	return strings.Join(append(path, code), "/")
}

// gridsOf returns the grids that a person works in today, as places in the tree.
func (g *ground) gridsOf(p name.Person, at int64) (paths []string) {
	for _, i := range g.worked[p] {
		if a := &g.areas[Grid][i]; a.holds(at) {
			paths = append(paths, treeOf(a.Code))
		}
	}
	return paths
}

// assisting returns the units that have a part in a matter besides whoever holds it and whoever set it.
func assisting(m *matter.Matter) []name.Unit {
	units := m.Assisting()
	if m.Worker.Unit != "" && m.Worker.Unit != m.Holder.Unit {
		units = append(units[:len(units):len(units)], m.Worker.Unit)
	}
	return units
}
