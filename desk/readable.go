package desk

import (
	"context"
	"errors"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// MayReadMatter reports whether the caller may read a matter: what a page asks before it names one that stands behind a figure. A
// matter that is not there is none that they may read.
func (d *Desk) MayReadMatter(ctx context.Context, who Caller, id name.ID) (bool, error) {
	m, err := d.loadMatter(ctx, id)
	if errors.Is(err, fault.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return d.allow(who, access.MatterRead, d.object(&m)) == nil, nil
}
