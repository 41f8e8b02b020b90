package accounts

import (
	"context"
	"slices"

	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// Mixed is one of the three administrators who holds another role besides, by the same account or another one: from before that was
// refused, or by a way around it. The other role is without effect.
type Mixed struct {
	Person name.Person `json:"person"` // the administrator
	Role   name.Role   `json:"role"`
	Other  name.Person `json:"other"` // the account that has the other role
	Beside name.Role   `json:"beside"`
}

// Mixed returns the administrators who hold another role besides, none where all is as the policy says. Accounts that are disabled do not count.
func (r *Room) Mixed(ctx context.Context) (all []Mixed, err error) {
	for _, role := range r.Policy.Alone() {
		held, err := r.Holding(ctx, role)
		if err != nil {
			return nil, err
		}
		for i := range held {
			if a := &held[i]; a.InUse() && a.Holds(role, r.Desk.Now()) {
				all = append(all, r.besides(a, role)...)
			}
		}
	}
	return all, nil
}

func (r *Room) besides(a *account.Account, role name.Role) (all []Mixed) {
	for _, other := range (Standing{r}).Same(a.Person) {
		if !r.isUsed(other) {
			continue
		}
		roles, _ := Standing{r}.Post(other)
		roles = append(roles, r.Desk.RolesGranted(other)...)
		slices.Sort(roles)
		for _, beside := range slices.Compact(roles) {
			if beside != role && beside != name.Visitor.Role {
				all = append(all, Mixed{a.Person, role, other, beside})
			}
		}
	}
	return all
}

// isUsed reports whether a person has an account that is not disabled.
func (r *Room) isUsed(p name.Person) bool {
	return slices.ContainsFunc(Standing{r}.of(p), func(a account.Account) bool { return a.InUse() })
}
