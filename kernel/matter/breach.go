package matter

import "slices"

// Breach is one way in which an act breaks the physics of its verb. The compiler of packs asks for them.
type Breach struct {
	Code  string // verb-unknown, opens, does-not-open, phase-from, phase-to, phase-stays, target-missing, not-askable
	State string // the state concerned, empty if none
	Allow []Phase
}

// Breaches returns how the act breaks the physics of its verb, nothing if it does not. States that do not exist are passed over.
func (k *Kind) Breaches(a *Act) (all []Breach) {
	law := a.Verb.law()
	if law == nil {
		return []Breach{{Code: "verb-unknown"}}
	}
	switch {
	case len(a.From) == 0 && !a.Verb.opens():
		all = append(all, Breach{Code: "does-not-open"})
	case len(a.From) > 0 && a.Verb.opens():
		all = append(all, Breach{Code: "opens"})
	}
	to := k.State(a.To)
	for _, from := range a.From {
		switch s := k.State(from); {
		case s == nil:
		case law.from != nil && !slices.Contains(law.from, s.Phase):
			all = append(all, Breach{"phase-from", from, law.from})
		case a.To == "" && law.to != nil && !slices.Contains(law.to, s.Phase):
			all = append(all, Breach{"phase-stays", from, law.to})
		case to != nil && law.stays && to.Phase != s.Phase:
			all = append(all, Breach{"phase-to", a.To, []Phase{s.Phase}})
		}
	}
	if to != nil && law.to != nil && !slices.Contains(law.to, to.Phase) {
		all = append(all, Breach{"phase-to", a.To, law.to})
	}
	if law.needsTarget && a.Holder.To == Stays {
		all = append(all, Breach{Code: "target-missing"})
	}
	if a.IsAsked() && !a.Verb.IsAskable() {
		all = append(all, Breach{Code: "not-askable"})
	}
	return all
}
