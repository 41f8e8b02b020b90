package desk_test

import (
	"errors"
	"testing"

	"bihuan/desk"
	"bihuan/ground/fault"
	"bihuan/internal/district"
)

// TestWhatIsMissingOfADecisionSaysOfWhich: of several decisions of a meeting the one without a date is named.
func TestWhatIsMissingOfADecisionSaysOfWhich(t *testing.T) {
	x := district.New(t, day)
	issuer, handler := x.As(t, "office", "issuer", 0), x.As(t, "housing", "handler", 0)
	done, err := x.Desk.Start(ctx, issuer, desk.Do{Kind: "promise/task-force", With: map[string]string{"title": "老旧小区改造专班", "unit": "housing", "leader": "p106", "rhythm": "weekly", "next-meeting": "2023-10-30"}})
	if err != nil {
		t.Fatal(err)
	}
	meeting := desk.Do{Matter: done.Matter, Act: "record-meeting", With: map[string]string{"met-on": "2023-10-16", "minutes": "研究开工问题", "next-meeting": "2023-11-06",
		"decisions": `[["第21号小区开工","housing",""],["落实资金","finance","2023-11-10"]]`}}
	_, err = x.Desk.Act(ctx, handler, meeting)
	r, ok := errors.AsType[*fault.Refusal](err)
	if !ok || r.Code != "field-missing" || r.Field != "" || r.With["title"] != "第21号小区开工" || r.With["field-zh"] == "" {
		t.Errorf("the refusal is %+v, %v", r, err)
	}
}
