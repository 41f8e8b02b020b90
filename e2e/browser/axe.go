package browser

import (
	"fmt"
	"strings"
)

// Violation is one accessibility rule that a page breaks, with the elements that break it.
type Violation struct {
	Rule     string   `json:"id"`
	Impact   string   `json:"impact"` // minor, moderate, serious or critical
	Help     string   `json:"help"`   // the rule in one sentence
	Elements []string `json:"elements"`
}

// String is the violation on one line, with the first few elements.
func (v Violation) String() string {
	shown := v.Elements[:min(4, len(v.Elements))]
	return fmt.Sprintf("%s (%s): %s: %s", v.Rule, v.Impact, v.Help, strings.Join(shown, " | "))
}

// Axe runs every rule of axe-core, whose source is script, over the page as it stands. It
// also works where the page's own policy forbids scripts. The answer is empty when the page
// breaks no rule.
//
// In a tab without script it allows scripts while it runs: axe-core waits by timers, and a
// page that has loaded without its scripts does not run them late.
func (t *Tab) Axe(script string) ([]Violation, error) {
	if t.noScript {
		if err := t.allowScript(true); err != nil {
			return nil, err
		}
		defer t.allowScript(false)
	}
	there, err := Ask[bool](t, `typeof axe === "object"`) // from the last time on this page; half a megabyte is read for nothing
	if err == nil && !there {
		_, err = Ask[bool](t, script+"\n;typeof axe === 'object'")
	}
	if err != nil {
		return nil, fmt.Errorf("load axe-core: %w", err)
	}
	found, err := Ask[[]Violation](t, `axe.run(document).then(r => r.violations.map(v => ({id: v.id, impact: v.impact || "",
		help: v.help, elements: v.nodes.map(n => n.target.join(" "))})))`)
	return found, wrap("run axe-core", err)
}
