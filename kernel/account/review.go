package account

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Review 岗位角色复核 is that somebody looks, once in a period, at the roles that came with people's posts. It is one stream of the
// district: planned, begun some days before it is due, noted once as late, and planned anew when everybody was looked at. It ends no
// role by itself. The zero Review was never planned.
type Review struct {
	ID      name.ID
	Version int64
	Due     int64 // µs: by when everybody has to be looked at
	Opened  int64 // µs: since when one may, 0 before
	Late    int64 // µs: when it was noted that somebody is missing, 0 for not
	Seen    map[name.Person]Reviewed
}

// Reviewed is that somebody has found that a person still needs the roles of their post.
type Reviewed struct {
	Roles []name.Role // ascending
	By    name.Actor
	At    int64 // µs
}

// The types of a review's events.
const (
	TypeReviewPlanned = "account.review-planned"
	TypeReviewOpened  = "account.review-opened"
	TypeReviewLate    = "account.review-late"
	TypePostsReviewed = "account.posts-reviewed"
)

// MaxReviewed is how many persons one event may name. Ours.
const MaxReviewed = 200

// ReviewChange is the body of a review's events.
type ReviewChange struct {
	Due     int64        `json:"due,omitempty"`     // µs
	Missing int          `json:"missing,omitempty"` // persons
	Posts   []PostHolder `json:"posts,omitempty"`
}

// PostHolder is a person with the roles of their post.
type PostHolder struct {
	Person  name.Person `json:"person"`
	Roles   []name.Role `json:"roles"`
	Natural string      `json:"-"` // as in [Hand]
}

// Waits reports whether a review that has begun still waits for a person with those roles: nobody has looked since it began, or at
// fewer roles.
func (v *Review) Waits(p name.Person, roles []name.Role) bool {
	seen, known := v.Seen[p]
	return v.Opened != 0 && len(roles) > 0 &&
		(!known || seen.At < v.Opened || slices.ContainsFunc(roles, func(r name.Role) bool { return !slices.Contains(seen.Roles, r) }))
}

// Next returns what the platform notes at an instant, "" for nothing: period and notice are in µs, missing counts whom it still waits
// for and is asked only where that matters.
func (v *Review) Next(at, period, notice int64, missing func() int) (string, ReviewChange) {
	switch {
	case v.Due == 0:
		return TypeReviewPlanned, ReviewChange{Due: at + period}
	case v.Opened == 0 && at >= v.Due-notice:
		return TypeReviewOpened, ReviewChange{Due: v.Due}
	case v.Opened == 0 || at < v.Due:
		return "", ReviewChange{}
	}
	n := missing()
	switch {
	case n == 0:
		return TypeReviewPlanned, ReviewChange{Due: at + period}
	case v.Late == 0:
		return TypeReviewLate, ReviewChange{Due: v.Due, Missing: n}
	}
	return "", ReviewChange{}
}

// Confirm decides that persons still need the roles of their posts: while a review runs, and nobody for themselves.
func (v *Review) Confirm(by Hand, posts []PostHolder) (ReviewChange, error) {
	switch {
	case v.Opened == 0:
		return ReviewChange{}, fault.Refuse(fault.ErrConflict, "review-not-open", "")
	case len(posts) == 0 || len(posts) > MaxReviewed:
		return ReviewChange{}, fault.Refuse(fault.ErrInvalid, "review-nobody", "person")
	}
	posts = slices.Clone(posts)
	for i := range posts {
		if p := &posts[i]; by.is(p.Person, p.Natural) {
			return ReviewChange{}, fault.Refuse(fault.ErrDenied, "own-account", "")
		} else {
			p.Roles = slices.Sorted(slices.Values(p.Roles))
		}
	}
	return ReviewChange{Posts: posts}, nil
}

// ApplyReview returns the review after an event: total, and without changing v. It reports an error only for a body that is not
// JSON.
func ApplyReview(v Review, e *ledger.Event) (Review, error) {
	v.Version++
	v.ID = e.Stream
	var w ReviewChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return v, fmt.Errorf("body of event %d of review %s: %w", e.Version, e.Stream, err)
	}
	switch e.Type {
	case TypeReviewPlanned:
		v.Due, v.Opened, v.Late = w.Due, 0, 0
	case TypeReviewOpened:
		v.Opened = e.At
	case TypeReviewLate:
		v.Late = e.At
	case TypePostsReviewed:
		if v.Seen = maps.Clone(v.Seen); v.Seen == nil {
			v.Seen = map[name.Person]Reviewed{}
		}
		for _, p := range w.Posts {
			v.Seen[p.Person] = Reviewed{Roles: p.Roles, By: e.Actor, At: e.At}
		}
	}
	return v, nil
}
