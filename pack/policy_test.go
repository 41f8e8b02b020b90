package pack_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bihuan/ground/fault"
	"bihuan/pack"
	"bihuan/packs"
)

// TestPlatformRoles holds the roles that packs may use, the platform's and those that packs add, to those that the policy
// speaks of: same keys, same words.
func TestPlatformRoles(t *testing.T) {
	policy, err := pack.ReadPolicy(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	var want []pack.Role
	for _, r := range policy.Roles() {
		if r.Glass != 0 { // nobody's: no pack gives it a part
			continue
		}
		want = append(want, pack.Role{Key: r.Role, Words: r.Words})
	}
	set, err := carried()
	if err != nil {
		t.Fatal(err)
	}
	may := slices.Clone(pack.PlatformRoles)
	for _, p := range set.Packs() {
		may = append(may, p.Roles...)
	}
	byKey := func(a, b pack.Role) int { return strings.Compare(string(a.Key), string(b.Key)) }
	slices.SortFunc(may, byKey)
	slices.SortFunc(want, byKey)
	if !slices.Equal(may, want) {
		t.Errorf("packs may use %v, the policy has %v", may, want)
	}
}

// TestPolicyRefused refuses a policy that is not there, not readable, or says what nobody understands.
func TestPolicyRefused(t *testing.T) {
	for name, text := range map[string]string{
		"an unknown key":   "roles: []\nrights: []\n",
		"no YAML":          "roles: [\n",
		"an unknown role":  "roles: [{role: head, clearance: S, words: {zh: 负责人, en: head}}]\ngrants: [{roles: [chief], actions: [read], scope: all, class: P}]\n",
		"an unknown class": "roles: [{role: head, clearance: X, words: {zh: 负责人, en: head}}]\n",
	} {
		_, err := pack.ReadPolicy(fstest.MapFS{pack.PolicyFile: {Data: []byte(text)}})
		if !errors.Is(err, fault.ErrInvalid) || !strings.Contains(err.Error(), pack.PolicyFile) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := pack.ReadPolicy(fstest.MapFS{}); err == nil {
		t.Error("no policy: no error")
	}
}
