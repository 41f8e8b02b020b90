package rights

import (
	"context"
	"slices"
	"strconv"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/journal"
)

// ReviewKind is the kind of the row of the review of posts.
const ReviewKind = "review"

// The parameters of reviews, in days, and what holds where no pack says anything: ours.
const (
	reviewDays, usualReview = "role-review-days", 90
	noticeDays, usualNotice = "role-review-notice-days", 14
	mostDays                = 366
	day                     = 24 * 3600 * 1_000_000 // µs
)

// days is a parameter in days as µs; what is no number from 1 to 366 is as if it were missing.
func (r *Room) days(key string, usual int64) int64 {
	if v, ok := r.desk.Packs().Parameter(key, r.desk.Today()); ok {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= 1 && n <= mostDays {
			usual = n
		}
	}
	return usual * day
}

// Period is how long a role is held before somebody has to say that it is still needed, in µs.
func (r *Room) Period() int64 { return r.days(reviewDays, usualReview) }

// Notice is how long before that somebody is told, in µs: at most half of the period.
func (r *Room) Notice() int64 { return min(r.days(noticeDays, usualNotice), r.Period()/2) }

// Review is how the review of the roles of posts stands.
type Review struct {
	Due     int64 // µs
	Opened  int64 // µs, 0 while it does not run
	Late    int64 // µs, 0 for not
	Waiting []Post
	More    int // how many more wait for the caller
	Missing int // how many wait in all, for whomever
}

// Post is a person with the roles that came with their post and were not revoked.
type Post struct {
	desk.Person
	Roles []name.Role
}

// mostPosts is how many persons are put before somebody at once.
const mostPosts = 60

// posts returns the persons for whom a review waits, in the order of the directory. Its cost is a look at the accounts of everybody.
func (r *Room) posts(v *account.Review) (all []Post) {
	if v.Opened == 0 {
		return nil
	}
	for _, p := range r.desk.Directory().Persons {
		if roles := r.postHeld(p.Key); v.Waits(p.Key, roles) {
			all = append(all, Post{p, roles})
		}
	}
	return all
}

// postHeld are the roles of a person's post that nothing beside it says anything about: what was revoked is gone, and what was
// granted has a review of its own.
func (r *Room) postHeld(p name.Person) []name.Role {
	return slices.DeleteFunc(slices.Clone(r.post(p)), func(role name.Role) bool { h := r.holding(p, role); return h.Version != 0 })
}

func (r *Room) reviewNow() account.Review {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.review
}

// Posts returns how the review of posts stands, with the persons whom the caller may look at: everybody but themselves.
func (r *Room) Posts(who desk.Caller) Review {
	v := r.reviewNow()
	out := Review{Due: v.Due, Opened: v.Opened, Late: v.Late}
	for _, p := range r.posts(&v) {
		out.Missing++
		switch {
		case !r.mayAsk(who, access.RoleReview, p.Key) || r.isSame(who.Person, p.Key):
		case len(out.Waiting) < mostPosts:
			out.Waiting = append(out.Waiting, p)
		default:
			out.More++
		}
	}
	return out
}

// isSame reports whether two names are one natural person's.
func (r *Room) isSame(a, b name.Person) bool { return slices.Contains(r.people.Same(a), b) }

// ReviewPosts says that persons still need the roles of their posts, as they stand at this moment.
func (r *Room) ReviewPosts(ctx context.Context, who desk.Caller, persons []name.Person) error {
	if len(persons) > account.MaxReviewed {
		return fault.Refuse(fault.ErrInvalid, "review-nobody", "person")
	}
	var posts []account.PostHolder
	for _, p := range persons {
		if err := r.desk.Allow(who, access.RoleReview, r.person(p)); err != nil {
			return err
		}
		roles := r.postHeld(p)
		if len(roles) == 0 {
			return fault.Refuse(fault.ErrConflict, "role-not-held", "person")
		}
		posts = append(posts, account.PostHolder{Person: p, Roles: roles, Natural: r.people.Natural(p)})
	}
	r.one.Lock()
	defer r.one.Unlock()
	v, by := r.reviewNow(), r.hand(r.actor(who, access.RoleReview))
	w, err := v.Confirm(by, posts)
	if err != nil {
		return err
	}
	return r.commit(ctx, r.reviewStep(v, by.Actor, account.TypePostsReviewed, w))
}

// tickReview notes what is due of the review of posts; false where nobody has to be told. The caller holds one.
func (r *Room) tickReview(ctx context.Context, now int64) (bool, error) {
	v := r.reviewNow()
	typ, w := v.Next(now, r.Period(), r.Notice(), func() int { return len(r.posts(&v)) })
	if typ == "" {
		return false, nil
	}
	return typ != account.TypeReviewPlanned, r.commit(ctx, r.reviewStep(v, name.System, typ, w))
}

func (r *Room) reviewStep(v account.Review, by name.Actor, typ string, w account.ReviewChange) step {
	return &change[account.Review]{kind: ReviewKind, state: v, id: v.ID, old: v.Version, by: by, typ: typ, body: w,
		apply: account.ApplyReview, row: reviewRow, put: func(v account.Review) { r.review = v }}
}

func reviewRow(v *account.Review) journal.Row {
	row := journal.Row{Title: "posts", State: "planned", Open: true, Due: v.Due, Opened: v.Due}
	if v.Opened != 0 {
		row.State, row.Opened = "running", v.Opened
	}
	if v.Late != 0 {
		row.Facets = []journal.Facet{{Name: FindingFacet, Text: "yes"}}
	}
	return row
}

// FindingFacet marks what the auditor has to look at: a glass that was reviewed late or whose review found something, a review of
// posts that is late.
const FindingFacet = "finding"

// Flagged is a right that the platform puts before the auditor.
type Flagged struct {
	Kind  string // GlassKind or ReviewKind
	ID    name.ID
	By    name.Person // who broke the glass; empty for a review
	Role  name.Role
	Since int64  // µs: since when it is late, 0 if it was in time
	Found string // what the review found, empty for nothing or none yet
	Done  bool   // it was reviewed in the end
}

// mostFlagged is how many are shown. Ours.
const mostFlagged = 100

// Flagged returns what the auditor has to look at, the newest first: it asks the rows that carry the mark.
func (r *Room) Flagged(ctx context.Context, who desk.Caller) (all []Flagged, err error) {
	if err := r.desk.Allow(who, access.FindingKeep, access.Object{Type: access.Log, Class: access.Internal}); err != nil {
		return nil, err
	}
	page, err := r.store.Rows(ctx, journal.Query{Log: r.desk.District(), Now: r.desk.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{GlassKind, ReviewKind},
		Facets: []journal.Facet{{Name: FindingFacet, Text: "yes"}}, Order: journal.ByOpened, Limit: mostFlagged})
	if err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, row := range page.Rows {
		if row.Kind == ReviewKind {
			all = append(all, Flagged{Kind: row.Kind, ID: row.Stream, Since: r.review.Late})
		} else if g, known := r.glasses[row.Stream]; known {
			all = append(all, Flagged{Kind: row.Kind, ID: g.ID, By: g.By.Person, Role: g.Role, Since: g.Late, Found: g.Finding, Done: g.Reviewed != 0})
		}
	}
	return all, nil
}
