package packs

import (
	"slices"
	"strings"
	"testing"

	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// TestEveryClockHasACaller: each clock of each shipped pack is started and stopped, and paused, resumed and extended where its
// kind says that it may be, by an act that somebody of the district can do; and some case does each of them.
func TestEveryClockHasACaller(t *testing.T) {
	set := load(t)
	held := roles(set)
	clocks := 0
	for _, p := range set.Packs() {
		report, err := pack.Test(set, p.Name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Kinds {
			k := &p.Kinds[i]
			for j := range k.Clocks {
				clocks++
				for op, why := range wanted(&k.Clocks[j]) {
					calls(t, k, &k.Clocks[j], op, why, held, &report)
				}
				stages(t, k, &k.Clocks[j], &report)
			}
		}
	}
	if clocks < 30 {
		t.Errorf("only %d clocks in all packs", clocks)
	}
}

// wanted are the effects that a clock needs, and why.
func wanted(c *matter.ClockKind) map[matter.ClockOp]string {
	all := map[matter.ClockOp]string{matter.Start: "a clock that nothing starts", matter.Stop: "a clock that nothing stops"}
	if len(c.Pauses) > 0 {
		all[matter.Hold], all[matter.Go] = "reasons to pause that nothing uses", "a pause without an end"
	}
	if c.Extend != nil {
		all[matter.Lengthen] = "an extension that nobody grants"
	}
	return all
}

// calls fails unless an act has the effect, somebody can do the act, and a case does it.
func calls(t *testing.T, k *matter.Kind, c *matter.ClockKind, op matter.ClockOp, why string, held map[name.Role]bool, report *pack.Report) {
	t.Helper()
	same := func(a, b matter.ClockOp) bool { return a == b || b == matter.Start && a == matter.Restart }
	somebody := false
	for _, a := range k.Acts {
		if decides(c, &a, op) || slices.ContainsFunc(a.Clocks, func(e matter.ClockEffect) bool { return e.Clock == c.Key && same(e.Op, op) }) {
			somebody = somebody || slices.ContainsFunc(a.By, func(p matter.Party) bool { return p.Part == matter.Platform || p.Role == "" || held[p.Role] })
		}
	}
	if !somebody {
		t.Errorf("%s, clock %s: %s", k.Ref, c.Key, why)
	}
	done := report.Clocks[k.Ref+" "+c.Key]
	if n := done[op]; n == 0 && !(op == matter.Start && done[matter.Restart] > 0) {
		t.Errorf("%s, clock %s: no case has the effect %s", k.Ref, c.Key, op)
	}
}

// decides reports whether an act starts a clock on decisions by asking, or stops it by deciding.
func decides(c *matter.ClockKind, a *matter.Act, op matter.ClockOp) bool {
	if op == matter.Start {
		return a.Verb == matter.Ask && slices.Contains(c.Decides, a.Of)
	}
	return slices.Contains(c.Decides, a.Key) || a.Verb == matter.Refuse && slices.Contains(c.Decides, a.Of)
}

// stages fails unless a case runs through each stage of a clock.
func stages(t *testing.T, k *matter.Kind, c *matter.ClockKind, report *pack.Report) {
	t.Helper()
	if c.Limit == nil {
		return
	}
	for i, s := range c.Limit.Stages {
		op := matter.Pass
		if i == 0 {
			op = matter.Start
		}
		if report.Clocks[k.Ref+" "+c.Key+"/"+s.Key][op] == 0 {
			t.Errorf("%s, clock %s: no case begins the stage %s", k.Ref, c.Key, s.Key)
		}
	}
}

// roles are those that somebody in the registers holds, and those of whoever has no account.
func roles(set *pack.Set) map[name.Role]bool {
	held := map[name.Role]bool{"public": true, "sensor": true}
	for _, p := range set.Packs() {
		for _, e := range p.Records {
			if e.Register == "erdao/person" {
				for _, r := range strings.Fields(e.Fields["roles"]) {
					held[name.Role(r)] = true
				}
			}
		}
	}
	return held
}
