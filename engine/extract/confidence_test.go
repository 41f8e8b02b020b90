package extract

import "testing"

// A subject that was cut at a wrong place shows it; what is read from it is less sure than the same with a subject as it should be.
func TestCutSubjectsAreLessSure(t *testing.T) {
	n := &number{unit: "家"}
	sound := confidence(Statement{Rule: RulePredicate, Subject: "规上企业", Action: "新增", Year: 2024}, n, true)
	if sound < 0.9 {
		t.Fatalf("confidence of a sound statement %.2f, want 0.9 at least", sound)
	}
	for name, s := range map[string]Statement{
		"nothing but a verb":          {Subject: "新增"},
		"an open bracket":             {Subject: "（不含新区"},
		"begins with a step":          {Subject: "跨过3个万亿元台阶"},
		"begins with a short word":    {Subject: "以城区"},
		"ends in its own predicate":   {Subject: "旅游人次和花费增长"},
		"begins with who sets a task": {Subject: "国家下达"},
	} {
		s.Rule, s.Action, s.Year = RulePredicate, "新增", 2024
		if c := confidence(s, n, true); c > 0.9 {
			t.Errorf("%s: confidence %.2f of %q, a sound one has %.2f", name, c, s.Subject, sound)
		}
	}
	if c := confidence(Statement{Rule: RuleObject, Subject: "养老金", Action: "提高", Year: 2024}, &number{unit: "次"}, true); c >= 0.9 {
		t.Errorf("so many times: confidence %.2f, want less than 0.9", c)
	}
}
