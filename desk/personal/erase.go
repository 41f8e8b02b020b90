package personal

import (
	"context"
	"slices"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/name"
)

// Against is what stands against erasing a field now.
type Against struct {
	Field string
	Code  string    // open-case 事项未办结, held 保全, kept-by-law 法定保存期限
	Law   name.Text // the article, in words
	Until int64     // µs, when it passes; 0 where nobody knows
}

// The codes of [Against].
const (
	OpenCase  = "open-case"
	IsHeld    = "held"
	KeptByLaw = "kept-by-law"
)

// Erased is what came of a wish to be erased.
type Erased struct {
	Fields  []string
	Against []Against // of the fields that stay
}

// Standing returns what stands against erasing the fields of a subject now, by field; a field without a line may go.
func (r *Room) Standing(ctx context.Context, id name.ID) (s desk.Subject, all []Against, err error) {
	if s, err = r.desk.Subject(ctx, id); err != nil {
		return s, nil, err
	}
	held, err := r.held(ctx, id)
	if err != nil {
		return s, nil, err
	}
	for _, field := range fieldsOf(&s) {
		rule := r.rules.Rule(s.Kind, field, s.Fields[field].Class)
		switch {
		case len(held) > 0:
			all = append(all, Against{field, IsHeld, name.Text{ZH: held[0].Article, EN: held[0].Article}, 0})
		case s.IsOwn(): // nobody needs it against their wish
		case s.Open || s.Closed == 0:
			all = append(all, Against{field, OpenCase, rule.Law, 0})
		default:
			if until := rule.Least.After(s.Closed); until > r.desk.Now() {
				all = append(all, Against{field, KeptByLaw, rule.Law, until})
			}
		}
	}
	return s, all, nil
}

func fieldsOf(s *desk.Subject) (fields []string) {
	for f := range s.Fields {
		fields = append(fields, f)
	}
	slices.Sort(fields)
	return fields
}

// Erase destroys what may go of the fields of a subject, none meaning all, and tells what stands against the rest. It is the data
// officer's to do, for whoever asked.
func (r *Room) Erase(ctx context.Context, who desk.Caller, id name.ID, fields []string) (e Erased, err error) {
	if err := r.mayKeep(ctx, who, access.PersonErase, id); err != nil {
		return e, err
	}
	if e, err = r.eraseAs(ctx, who.As("data-officer"), id, fields); err != nil || len(e.Fields) == 0 {
		return e, err
	}
	return e, r.swept(ctx)
}

// HoldingPhone returns the subjects that hold a telephone number, newest first, at most [desk.MostSame], of persons only their fields: for the data officer
// who answers somebody's request about all that is held of them. That they looked is recorded.
func (r *Room) HoldingPhone(ctx context.Context, who desk.Caller, number string) (all []desk.Subject, err error) {
	ids, err := r.desk.SameAs(ctx, who, "phone", number)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		s, err := r.desk.Subject(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// EraseMany is [Room.Erase] of several subjects, all their fields, with one sweep at the end: a thousand cost little more than one.
func (r *Room) EraseMany(ctx context.Context, who desk.Caller, ids []name.ID) (n int, err error) {
	for _, id := range ids {
		if err := r.mayKeep(ctx, who, access.PersonErase, id); err != nil {
			return n, err
		}
		e, err := r.eraseAs(ctx, who.As("data-officer"), id, nil)
		if err != nil {
			return n, err
		}
		n += len(e.Fields)
	}
	if n == 0 {
		return 0, nil
	}
	return n, r.swept(ctx)
}

func (r *Room) eraseAs(ctx context.Context, by name.Actor, id name.ID, fields []string) (e Erased, err error) {
	s, against, err := r.Standing(ctx, id)
	if err != nil {
		return e, err
	}
	var may []string
	for _, f := range fieldsOf(&s) {
		if len(fields) > 0 && !slices.Contains(fields, f) {
			continue
		}
		if i := slices.IndexFunc(against, func(a Against) bool { return a.Field == f }); i >= 0 {
			e.Against = append(e.Against, against[i])
			continue
		}
		may = append(may, f)
	}
	if len(may) == 0 {
		return e, nil
	}
	e.Fields, err = r.desk.Erase(ctx, by, desk.Erasure{Subject: id, Fields: may, Why: "asked"})
	return e, err
}
