package packs

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/register"
	"bihuan/pack"
)

// loaded is what the binary carries, compiled once: no test changes it.
var loaded = sync.OnceValues(func() (*pack.Set, error) { return pack.Load(FS) })

func load(t *testing.T) *pack.Set {
	t.Helper()
	set, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func policy(t *testing.T) *access.Policy {
	t.Helper()
	text, err := FS.ReadFile("access.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var src access.Source
	if err := yaml.UnmarshalWithOptions(text, &src, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	p, err := access.Compile(src)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// records returns the fields of the rows of one register of a pack.
func records(t *testing.T, set *pack.Set, of, ref string) (rows []map[string]string) {
	t.Helper()
	p, ok := set.Pack(of)
	if !ok {
		t.Fatalf("no pack %s", of)
	}
	for _, e := range p.Records {
		if e.Register == ref {
			rows = append(rows, e.Fields)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("register %s has no rows", ref)
	}
	return rows
}

// TestRolesOfActs: whoever an act is for has a role that the policy knows.
func TestRolesOfActs(t *testing.T) {
	p := policy(t)
	for _, k := range load(t).Kinds() {
		for _, a := range k.Acts {
			for _, by := range a.By {
				if by.Role != "" && p.Clearance([]name.Role{by.Role}) == 0 {
					t.Errorf("%s, act %s: the policy knows no role %s", k.Ref, a.Key, by.Role)
				}
			}
		}
	}
}

// TestStaff: every person is marked as made up, stands in a unit that there is, and has roles that the policy lets one person hold.
func TestStaff(t *testing.T) {
	set, p := load(t), policy(t)
	units := records(t, set, "erdao", "erdao/unit")
	has := func(key string) bool {
		return slices.ContainsFunc(units, func(u map[string]string) bool { return u["key"] == key })
	}
	for _, f := range records(t, set, "erdao", "erdao/person") {
		if f["fictitious"] != "yes" {
			t.Errorf("person %s %s is not marked as made up", f["key"], f["name"])
		}
		if !has(f["unit"]) {
			t.Errorf("person %s stands in unit %q, which there is not", f["key"], f["unit"])
		}
		administers := 0
		for _, r := range strings.Fields(f["roles"]) {
			if p.Clearance([]name.Role{name.Role(r)}) == 0 {
				t.Errorf("person %s: the policy knows no role %s", f["key"], r)
			}
			if r == "sysadmin" || r == "secadmin" || r == "auditor" {
				administers++
			}
		}
		if administers > 0 && f["roles"] != strings.Fields(f["roles"])[0] {
			t.Errorf("person %s is an administrator and something else: %s", f["key"], f["roles"])
		}
	}
}

// TestUnits: parents and leaders are there, one unit supervises, and every unit that can be suggested has a head and a handler.
func TestUnits(t *testing.T) {
	set := load(t)
	units, staff := records(t, set, "erdao", "erdao/unit"), records(t, set, "erdao", "erdao/person")
	keys, people, supervising := map[string]bool{}, map[string]bool{}, 0
	roles := map[string]string{}
	for _, f := range staff {
		people[f["key"]] = true
		roles[f["unit"]] += " " + f["roles"] + " "
	}
	for _, u := range units {
		keys[u["key"]] = true
	}
	for _, u := range units {
		if u["parent"] != "" && !keys[u["parent"]] {
			t.Errorf("unit %s belongs to %s, which there is not", u["key"], u["parent"])
		}
		if u["leader"] != "" && !people[u["leader"]] {
			t.Errorf("unit %s has leader %s, whom there is not", u["key"], u["leader"])
		}
		if u["supervises"] == "yes" {
			supervising++
		}
		for _, r := range []string{"head", "handler"} {
			if u["duties"] != "" && !strings.Contains(roles[u["key"]], " "+r+" ") {
				t.Errorf("unit %s has duties and no %s", u["key"], r)
			}
		}
	}
	if supervising != 1 {
		t.Errorf("%d units supervise, want one", supervising)
	}
}

// TestStreets: every street of the district has its unit and a division code of the district.
func TestStreets(t *testing.T) {
	set := load(t)
	var entries []register.Entry
	p, _ := set.Pack("erdao")
	for _, e := range p.Records {
		if e.Register == "erdao/street" {
			entries = append(entries, e)
		}
	}
	if len(entries) != 12 {
		t.Errorf("%d streets, towns and townships, want 12", len(entries))
	}
	for _, e := range entries {
		if c := e.Fields["code"]; len(c) != 9 || !strings.HasPrefix(c, "220105") || e.Fields["unit"] == "" {
			t.Errorf("street %v", e.Fields)
		}
	}
}

// TestDuties: no unit claims a word so short that it says nothing, nor the same word twice.
func TestDuties(t *testing.T) {
	for _, u := range records(t, load(t), "erdao", "erdao/unit") {
		seen := map[string]bool{}
		for _, w := range strings.Split(u["duties"], "、") {
			if w != "" && (len([]rune(w)) < 2 || seen[w]) {
				t.Errorf("unit %s: duty %q is a single character or stands twice", u["key"], w)
			}
			seen[w] = true
		}
	}
}
