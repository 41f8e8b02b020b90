package matter

import (
	"slices"

	"bihuan/ground/name"
)

// Order is a supervision order about a matter 督办件, as that matter remembers it: who set it may read what it is about.
type Order struct {
	Matter name.ID   `json:"matter"`         // the order, which is a matter of its own
	By     name.Unit `json:"by"`             // the unit that set it
	Void   bool      `json:"void,omitempty"` // it was withdrawn 撤销
}

// Ordered returns what m remembers of an order about it, and false where it remembers the order as it is. An order is a
// matter that the supervision office set and that m raised; one that was withdrawn is void, one that was struck off is not:
// it is opened again where what was called done proves untrue, and its file goes on naming m.
func Ordered(m, order *Matter, env Env) (Decision, bool) {
	if env.Supervision == "" || order.Issuer.Unit != env.Supervision || !slices.Contains(order.Linked(RaisedBy), m.ID) {
		return Decision{}, false
	}
	now := Order{Matter: order.ID, By: order.Issuer.Unit}
	i := slices.IndexFunc(m.Orders, func(o Order) bool { return o.Matter == order.ID })
	if i >= 0 {
		now = m.Orders[i]
	}
	now.Void = now.Void || order.Phase == Stopped
	if i >= 0 && now == m.Orders[i] {
		return Decision{}, false
	}
	return Decision{Type: "matter.order", Change: Change{Order: &now}}, true
}

// Supervisors returns the units with an order about the matter that was not withdrawn, each once.
func (m *Matter) Supervisors() (units []name.Unit) {
	for _, o := range m.Orders {
		if !o.Void {
			units = with(units, o.By)
		}
	}
	return units
}

// heed applies what the matter remembers of an order: the latest word on each.
func (m *Matter) heed(o *Order) {
	m.Orders = slices.Clone(m.Orders)
	if i := slices.IndexFunc(m.Orders, func(was Order) bool { return was.Matter == o.Matter }); i >= 0 {
		m.Orders[i] = *o
		return
	}
	m.Orders = append(m.Orders, *o)
}
