package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// aboutField is the field in which an order names what it is about: the ladders write its id there.
const aboutField = "about"

// about links an order that somebody of the supervision office opens to the matter that it names, by number or id. What is not
// there, or may not be read by whoever opens it, stays the words that were typed: nobody comes to read a matter by naming it.
func (b *Batch) about(c *matter.Command, who Caller, act *matter.Act) error {
	office := b.d.Env().Supervision
	what := strings.TrimSpace(c.With[aboutField])
	if len(act.From) > 0 || office == "" || who.Unit != office || what == "" || len(c.Links) > 0 ||
		!slices.ContainsFunc(act.By, func(p matter.Party) bool { return p.Part == matter.Supervision }) {
		return nil
	}
	m, err := b.named(who, what)
	if errors.Is(err, fault.ErrNotFound) {
		return nil
	}
	c.Links = []matter.Link{{Kind: matter.RaisedBy, To: m.ID}}
	return err
}

// order has the matters that an order is about remember it: when it is opened and when it is withdrawn, and at the next act
// to one that is older than this memory.
func (b *Batch) order(p *part, by name.Actor) error {
	env := b.d.Env()
	if p.matter.Issuer.Unit != env.Supervision {
		return nil
	}
	for _, id := range p.matter.Linked(matter.RaisedBy) {
		about, err := b.matterPart(id)
		if err != nil {
			return fmt.Errorf("what order %s is about: %w", p.stream, err)
		}
		if dec, news := matter.Ordered(about.matter, p.matter, env); news {
			if err := b.decide(about, by, dec); err != nil {
				return err
			}
		}
	}
	return nil
}
