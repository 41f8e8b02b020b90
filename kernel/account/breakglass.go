package account

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Bounds of a broken glass, after bar A-08. Ours.
const (
	MaxGlass       = 4 * 3600 * 1_000_000 // µs that it stays broken at most
	MaxGlassWait   = 4 * 3600 * 1_000_000 // µs within which it has to be approved
	GlassApprovals = 2                    // persons who approve it
	GlassReviewIn  = 2                    // working days within which it is reviewed
	minGlassReason = 10                   // characters of a reason: a word is none
)

// Glass 应急授权 is that somebody has a role for some hours because something cannot wait: asked for with a reason, approved
// by two others, ended by itself, and reviewed by a fourth. It is a stream of its own. The zero Glass has not been asked for.
type Glass struct {
	ID       name.ID
	Version  int64
	By       Hand
	Role     name.Role
	Span     int64 // µs
	Why      string
	Asked    int64 // µs
	Approved []Hand
	Refused  int64  // µs, 0 for not
	Opened   int64  // µs: when the second approved it, 0 before
	Until    int64  // µs
	Closed   int64  // µs: given back before its time, 0 for not
	ReviewBy int64  // µs: by when it has to be reviewed, 0 before it was opened
	Reviewed int64  // µs, 0 for not
	Finding  string // what the review objects to; empty for nothing
	Late     int64  // µs: when the platform found that the review is late, 0 for not
}

// The types of a glass's events.
const (
	TypeGlassAsked    = "account.glass-asked"
	TypeGlassApproved = "account.glass-approved"
	TypeGlassOpened   = "account.glass-opened" // the second approval
	TypeGlassRefused  = "account.glass-refused"
	TypeGlassClosed   = "account.glass-closed"
	TypeGlassReviewed = "account.glass-reviewed"
	TypeGlassLate     = "account.glass-review-late"
)

// GlassChange is the body of a glass's events.
type GlassChange struct {
	Role     name.Role `json:"role,omitempty"`
	Span     int64     `json:"span,omitempty"`   // µs
	Until    int64     `json:"until,omitempty"`  // µs
	Review   int64     `json:"review,omitempty"` // µs
	Finding  string    `json:"finding,omitempty"`
	Natural  string    `json:"natural,omitempty"`
	Approver string    `json:"approver,omitempty"` // Natural of who approved
}

// GlassStep is what somebody does to a glass.
type GlassStep string

// The steps.
const (
	GlassAsk     GlassStep = "ask"     // 申请
	GlassApprove GlassStep = "approve" // 批准
	GlassRefuse  GlassStep = "refuse"  // 不予批准
	GlassClose   GlassStep = "close"   // 提前结束
	GlassReview  GlassStep = "review"  // 复查
	GlassTick    GlassStep = "tick"    // the platform finds a review late
)

// GlassCommand asks for a step.
type GlassCommand struct {
	Step   GlassStep
	By     Hand
	At     int64  // µs
	Reason string // of asking, refusing and closing; what was found, of a review that objects to nothing too
	With   GlassChange
	Most   int64 // µs: of asking, the longest that the role is had for; 0 for a role that is not had this way
	Open   bool  // of asking: another glass of the same person is open or not reviewed
	Review int64 // µs: of approving, by when it would have to be reviewed
}

// Decide returns the type and the body of the event that a step leads to. It does not change g.
//
// It refuses with [fault.ErrInvalid] what is incomplete or too long, [fault.ErrConflict] what its state does not allow,
// [fault.ErrLate] an approval after four hours, and [fault.ErrDenied] whoever would decide about their own glass.
func (g *Glass) Decide(c GlassCommand) (string, GlassChange, error) {
	if c.Step == GlassAsk {
		return g.ask(&c)
	}
	if g.Version == 0 {
		return "", GlassChange{}, fault.Refuse(fault.ErrNotFound, "not-found", "")
	}
	steps := map[GlassStep]func(*GlassCommand) (string, GlassChange, error){
		GlassApprove: g.approve, GlassRefuse: g.refuse, GlassClose: g.close, GlassReview: g.review, GlassTick: g.tick}
	step, known := steps[c.Step]
	if !known {
		return "", GlassChange{}, fault.Refuse(fault.ErrInvalid, "no-such-option", string(c.Step))
	}
	return step(&c)
}

func (g *Glass) ask(c *GlassCommand) (string, GlassChange, error) {
	w := c.With
	switch {
	case g.Version != 0:
		return "", w, fault.Refuse(fault.ErrConflict, "glass-state", "")
	case c.By.For != "":
		return "", w, fault.Refuse(fault.ErrDenied, "in-person", "")
	case c.Most == 0:
		return "", w, fault.Refuse(fault.ErrInvalid, "glass-role", "role")
	case w.Span <= 0 || w.Span > min(c.Most, MaxGlass):
		return "", w, fault.Refuse(fault.ErrInvalid, "glass-span", "hours", "hours", fmt.Sprint(min(c.Most, MaxGlass)/3_600_000_000))
	case utf8.RuneCountInString(strings.TrimSpace(c.Reason)) < minGlassReason:
		return "", w, fault.Refuse(fault.ErrInvalid, "glass-reason", "why", "least", fmt.Sprint(minGlassReason))
	case c.Open:
		return "", w, fault.Refuse(fault.ErrConflict, "glass-open", "")
	}
	return TypeGlassAsked, GlassChange{Role: w.Role, Span: w.Span, Natural: c.By.Natural}, nil
}

// waits reports why a glass does not wait for approval, nil if it does.
func (g *Glass) waits(at int64) error {
	switch {
	case g.Opened != 0 || g.Refused != 0:
		return fault.Refuse(fault.ErrConflict, "glass-state", "")
	case at > g.Asked+MaxGlassWait:
		return fault.Refuse(fault.ErrLate, "glass-stale", "")
	}
	return nil
}

// knows reports whether a hand is the asker's or one that approved it.
func (g *Glass) knows(h Hand) bool {
	return h.is(g.By.Person, g.By.Natural) || slices.ContainsFunc(g.Approved, func(a Hand) bool { return h.is(a.Person, a.Natural) })
}

func (g *Glass) approve(c *GlassCommand) (string, GlassChange, error) {
	if err := g.waits(c.At); err != nil {
		return "", GlassChange{}, err
	}
	if c.By.For != "" || g.knows(c.By) {
		return "", GlassChange{}, fault.Refuse(fault.ErrDenied, "glass-other-person", "")
	}
	if len(g.Approved)+1 < GlassApprovals {
		return TypeGlassApproved, GlassChange{Approver: c.By.Natural}, nil
	}
	return TypeGlassOpened, GlassChange{Approver: c.By.Natural, Until: c.At + g.Span, Review: c.Review}, nil
}

func (g *Glass) refuse(c *GlassCommand) (string, GlassChange, error) {
	if err := g.waits(c.At); err != nil {
		return "", GlassChange{}, err
	}
	if c.By.is(g.By.Person, g.By.Natural) {
		return "", GlassChange{}, fault.Refuse(fault.ErrDenied, "glass-other-person", "")
	}
	return TypeGlassRefused, GlassChange{}, reasonGiven(&Command{Reason: c.Reason})
}

// close is open to whoever asked, and to whoever may approve: an authority that is no longer needed can only be ended.
func (g *Glass) close(c *GlassCommand) (string, GlassChange, error) {
	if !g.InForce(c.At) {
		return "", GlassChange{}, fault.Refuse(fault.ErrConflict, "glass-state", "")
	}
	return TypeGlassClosed, GlassChange{}, nil
}

func (g *Glass) review(c *GlassCommand) (string, GlassChange, error) {
	switch {
	case g.Opened == 0 || g.InForce(c.At) || g.Reviewed != 0:
		return "", GlassChange{}, fault.Refuse(fault.ErrConflict, "glass-state", "")
	case c.By.For != "" || g.knows(c.By):
		return "", GlassChange{}, fault.Refuse(fault.ErrDenied, "glass-other-person", "")
	}
	return TypeGlassReviewed, GlassChange{Finding: strings.TrimSpace(c.With.Finding)}, reasonGiven(&Command{Reason: c.Reason})
}

func (g *Glass) tick(c *GlassCommand) (string, GlassChange, error) {
	if !c.By.IsSystem() || !g.IsLate(c.At) {
		return "", GlassChange{}, fault.Refuse(fault.ErrConflict, "glass-state", "")
	}
	return TypeGlassLate, GlassChange{}, nil
}

// InForce reports whether the role is had at an instant.
func (g *Glass) InForce(at int64) bool {
	return g.Opened != 0 && g.Closed == 0 && g.Opened <= at && at < g.Until
}

// Waits reports whether it waits for approval at an instant.
func (g *Glass) Waits(at int64) bool { return g.Version > 0 && g.waits(at) == nil }

// Unreviewed reports whether it was opened and has not been reviewed.
func (g *Glass) Unreviewed() bool { return g.Opened != 0 && g.Reviewed == 0 }

// IsLate reports whether the review is overdue and the platform has not said so yet.
func (g *Glass) IsLate(at int64) bool { return g.Unreviewed() && g.Late == 0 && at >= g.ReviewBy }

// ApplyGlass returns the glass after an event: total, and without changing g. It reports an error only for a body that is
// not JSON.
func ApplyGlass(g Glass, e *ledger.Event) (Glass, error) {
	g.Version++
	g.ID = e.Stream
	var w GlassChange
	if err := json.Unmarshal(e.Body, &w); err != nil {
		return g, fmt.Errorf("body of event %d of glass %s: %w", e.Version, e.Stream, err)
	}
	approved := append(slices.Clone(g.Approved), Hand{e.Actor, w.Approver})
	switch e.Type {
	case TypeGlassAsked:
		g.By, g.Role, g.Span, g.Why, g.Asked = Hand{e.Actor, w.Natural}, w.Role, w.Span, e.Reason, e.At
	case TypeGlassApproved:
		g.Approved = approved
	case TypeGlassOpened:
		g.Approved, g.Opened, g.Until, g.ReviewBy = approved, e.At, w.Until, w.Review
	case TypeGlassRefused:
		g.Refused = e.At
	case TypeGlassClosed:
		g.Closed = e.At
	case TypeGlassReviewed:
		g.Reviewed, g.Finding = e.At, w.Finding
	case TypeGlassLate:
		g.Late = e.At
	}
	return g, nil
}
