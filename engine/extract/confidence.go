package extract

// trust is how often a rule has been right where its gold is known; quality.txt holds the measured shares.
var trust = map[Rule]float64{
	RulePredicate: 0.95, RuleCarried: 0.9, RuleList: 0.9, RuleObject: 0.93, RuleCounted: 0.9,
	RuleAttribute: 0.88, RuleShare: 0.75, RuleFrom: 0.92, RuleTo: 0.92, RuleReference: 0.9,
	RuleMultiple: 0.8, RuleTerm: 0.65, RuleMagnitude: 0.8, RuleGuess: 0.45,
	RuleBringAbout: 0.85, RuleComeAbout: 0.85, RuleTitle: 0.85, RuleCoverage: 0.85, RuleAll: 0.85,
	RuleStandard: 0.8, RuleStep: 0.85, RuleRecord: 0.85,
}

// confidence starts from the rule and takes away for what makes it unsure.
func confidence(s Statement, n *number) float64 {
	c := trust[s.Rule]
	subject := []rune(s.Subject)
	if len(subject) < 2 || len(subject) > 24 {
		c -= 0.2
	} else if len(subject) > 16 {
		c -= 0.06
	}
	if s.Action == "" && s.Rule != RulePredicate && s.Rule != RuleAttribute && s.Rule != RuleList {
		c -= 0.05
	}
	if n != nil && (n.word || n.unit == "") {
		c -= 0.1
	}
	if s.Year == 0 {
		c -= 0.3
	}
	return float64(int(max(0.05, min(0.99, c))*100+0.5)) / 100
}
