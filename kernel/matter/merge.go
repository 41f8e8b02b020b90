package matter

import (
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// merged takes down into which matter a merged one goes (并案), where the command says so: exactly one link, to another matter.
// Whoever reported the one that ends is answered by the one that goes on.
func (d *decider) merged() error {
	if d.law.verb != Merge || len(d.c.Links) == 0 {
		return nil
	}
	l := d.c.Links[0]
	if _, err := name.ParseID(string(l.To)); err != nil || len(d.c.Links) > 1 || l.Kind != MergedInto || l.To == d.m.ID {
		return fault.Refuse(fault.ErrInvalid, "field-not-asked", "links")
	}
	d.out.Change.Links = d.c.Links
	return nil
}
