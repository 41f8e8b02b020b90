package desk

import (
	"context"
	"fmt"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Stands returns a matter after at least so many events, with its kind, for what follows the log on the platform's own behalf:
// nobody is asked whether they may. Walking past all matters with it leaves the memory of the desk as it is. It wraps [fault.ErrNotFound], also for a kind that is not installed.
func (d *Desk) Stands(ctx context.Context, id name.ID, version int64) (matter.Matter, *matter.Kind, error) {
	m, err := d.glanceMatter(ctx, id, version)
	if err != nil {
		return m, nil, err
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return m, nil, fmt.Errorf("%w: %w", fault.ErrNotFound, err)
	}
	return m, k, nil
}

// Reporter is where whoever reported a matter at a door left word to be reached.
type Reporter struct{ Mail, Phone string }

// Answerable reports whether whoever reported a matter may have left an address: the kind has a door that asks for one, and the
// matter holds it.
func (d *Desk) Answerable(m *matter.Matter) bool {
	door := d.doorOf(m)
	return door != nil && (m.Personal[door.Says.Email] != "" || m.Personal[door.Says.Phone] != "")
}

// ReporterOf returns where the reporter of a matter can be reached, for the answer that the platform sends them and nothing else. An
// address that was erased is empty.
func (d *Desk) ReporterOf(ctx context.Context, id name.ID) (r Reporter, err error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil || !d.Answerable(&m) {
		return r, err
	}
	door := d.doorOf(&m)
	values, err := d.personalOf(ctx, id)
	for _, v := range values {
		switch v.Field {
		case door.Says.Email:
			r.Mail = v.Value
		case door.Says.Phone:
			r.Phone = v.Value
		}
	}
	return r, err
}

// doorOf returns the door for people of a matter's kind, nil for none.
func (d *Desk) doorOf(m *matter.Matter) *pack.Door {
	for _, door := range d.Packs().Doors(pack.People) {
		if door.Of == m.Kind {
			return door
		}
	}
	return nil
}
