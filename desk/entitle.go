package desk

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Rights is what somebody may at this very moment besides what the directory says. [bihuan/desk/rights] keeps it; a desk
// without it goes by the directory alone.
type Rights interface {
	// Roles returns the roles of a person now: those that came with the post, less what was revoked, with what was granted
	// and with what a broken glass gives.
	Roles(p name.Person, post []name.Role) []name.Role
	// Now returns the roles of a person of the directory now, whoever asks.
	Now(p name.Person) []name.Role
	// ActsFor returns the roles in which a person acts for another now, none if they do not.
	ActsFor(p, other name.Person) []name.Role
	// KeepOut returns who keeps out of a matter.
	KeepOut(matter name.ID) []name.Person
	// Same returns every name under which the natural person behind p has an account, p among them. It is not to be changed.
	Same(p name.Person) []name.Person
}

// Heed has the desk ask for rights from now on. It is called before requests are served.
func (d *Desk) Heed(r Rights) { d.rights = r }

// Entitled returns a caller with the roles that are theirs at this moment; acting for somebody, with the unit and the
// delegated roles of that one instead. What has ended falls away: whoever no longer acts for somebody acts for themselves.
// Faces call it for each request.
func (d *Desk) Entitled(c Caller, acting name.Person) Caller {
	if d.rights == nil || c.IsNobody() || c.Waits {
		return c
	}
	post := c.Roles
	c.Roles = d.rights.Roles(c.Person, post)
	elsewhere := d.elsewhere(c.Person, nil)
	if acting != "" && acting != c.Person {
		if roles := d.rights.ActsFor(c.Person, acting); len(roles) > 0 {
			elsewhere = d.elsewhere(acting, slices.Concat(elsewhere, c.Roles))
			c.For, c.Unit, c.Roles = acting, d.Directory().Person(acting).Unit, roles
		}
	}
	c.Roles, c.Fell = d.world.Policy.Separate(c.Roles, elsewhere)
	return c
}

// elsewhere adds to roles those that the natural person behind an account has now by any of their accounts, if there is another one.
func (d *Desk) elsewhere(p name.Person, roles []name.Role) []name.Role {
	same := d.rights.Same(p)
	if len(same) < 2 {
		return roles
	}
	for _, other := range same {
		roles = append(roles, d.rights.Now(other)...)
	}
	return roles
}

// Mandates is who acts for firms at this very moment. [bihuan/desk/firms] keeps it; a desk without it lets nobody act for one.
type Mandates interface {
	// Serving returns a caller as they act for a firm, named by [account.Firm.Key]: with the kinds of matter in which they may.
	// It wraps [fault.ErrNotFound] for whoever does not, or no longer.
	Serving(ctx context.Context, c Caller, firm name.Person) (Caller, error)
}

// Mandated has the desk ask for mandates from now on. It is called before requests are served.
func (d *Desk) Mandated(m Mandates) { d.mandates = m }

// ActingFor is [Desk.Entitled] for programs, which say whom they act for with each request, a person or a firm: where that one has
// asked for no such thing, or no longer, the request is refused with [fault.ErrDenied], and is never done in the caller's own name
// instead.
func (d *Desk) ActingFor(ctx context.Context, c Caller, other name.Person) (Caller, error) {
	if strings.HasPrefix(string(other), account.FirmPrefix) && d.mandates != nil && !c.IsNobody() {
		who, err := d.mandates.Serving(ctx, c, other)
		if errors.Is(err, fault.ErrNotFound) {
			err = fault.Refuse(fault.ErrDenied, "acting-not-yours", "")
		}
		return who, err
	}
	who := d.Entitled(c, other)
	if other != "" && other != c.Person && who.For != other {
		return who, fault.Refuse(fault.ErrDenied, "acting-not-yours", "")
	}
	return who, nil
}

// ZoneOf returns the network that an address such as 10.0.0.8:4711 lies in, as the policy draws them; what is no address is in none.
func (d *Desk) ZoneOf(address string) access.Zone {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ""
	}
	return d.world.Policy.ZoneOf(at.Addr())
}

// onDuty reports whether an instant lies in the hours of office of a working day.
func (d *Desk) onDuty(at int64) bool {
	env := d.Env()
	if env.Calendar == nil {
		return false
	}
	now := calendar.Instant(at)
	working, _ := env.Calendar.IsWorking(now.Date())
	return working && env.Office.IsOpen(now.TimeOfDay())
}

// Barred is why the caller may do the action to no object of a type at all, access.Granted if they may to some, and
// access.ProveAgain if they only have to prove who they are once more: what a face asks before it loads anything.
func (d *Desk) Barred(c Caller, a access.Action, t access.ObjectType) access.Code {
	return d.world.Policy.Held(d.subject(c), a, t)
}

// keepOut returns who keeps out of a matter, nil if nobody is known to.
func (d *Desk) keepOut(id name.ID) []name.Person {
	if d.rights == nil {
		return nil
	}
	return d.rights.KeepOut(id)
}

// Grants returns the cells of the policy that the caller has.
func (d *Desk) Grants(c Caller) []access.Grant { return d.world.Policy.GrantsOf(d.subject(c)) }

// Asker describes a caller to the policy as they stand at this moment.
func (d *Desk) Asker(c Caller) access.Subject { return d.subject(c) }

// Policy returns the rules of who may do what.
func (d *Desk) Policy() *access.Policy { return d.world.Policy }
