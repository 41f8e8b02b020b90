package web

import (
	"net/http"

	"bihuan/desk/rights"
	"bihuan/desk/words"
	"bihuan/ground/name"
	"bihuan/kernel/account"
)

// rightsAuditView is the auditor's list of every right beside the posts.
type rightsAuditView struct {
	rights.Audit
	Now  int64
	Flaw string
	acts map[string]name.Text
}

// Act returns the words of a dangerous act.
func (v rightsAuditView) Act(key string) name.Text { return v.acts[key] }

// CanReview reports whether a broken glass has ended and waits for its review.
func (v rightsAuditView) CanReview(g account.Glass) bool { return g.Unreviewed() && !g.InForce(v.Now) }

// auditRights shows grants, delegations, broken glasses and recusals.
func (s *server) auditRights(q *request) error { return s.renderRightsAudit(q, nil) }

func (s *server) renderRightsAudit(q *request, flaw error) error {
	a, err := s.Rights.Audit(q.Who)
	if err != nil {
		return err
	}
	v := rightsAuditView{Audit: a, Now: s.Desk.Now(), acts: s.dangers()}
	status := http.StatusOK
	if flaw != nil {
		v.Flaw, status = words.Of(flaw, q.Lang), statusOf(flaw)
	}
	return q.render(status, "rights_audit", v)
}

// reviewGlass writes down what the review of a broken glass found.
func (s *server) reviewGlass(q *request) error {
	_, err := s.Rights.StepGlass(q.Context(), q.Who, name.ID(q.PathValue("id")), account.GlassReview, q.FormValue("why"), q.FormValue("finding"))
	return q.after(err, "/rights/audit", s.renderRightsAudit)
}
