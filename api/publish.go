package api

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"bihuan/desk/reports"
	"bihuan/desk/words"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// publishRequest says which drafts to publish. Without a body it is those that somebody confirmed or, if nobody has
// confirmed any yet, all that could be published.
type publishRequest struct {
	Drafts []string `json:"drafts,omitempty" doc:"these, all of them or none"`
	All    bool     `json:"all,omitempty" doc:"every draft that is confirmed or proposed and can be published"`
}

// published tells which drafts became goals and which did not, and why.
type published struct {
	Goals   []publishedGoal `json:"goals"`
	Skipped []skipped       `json:"skipped"`
}

type publishedGoal struct {
	Draft string  `json:"draft"`
	ID    name.ID `json:"id"`
	Title string  `json:"title"`
}

type skipped struct {
	Draft  string `json:"draft"`
	Title  string `json:"title"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// atOnce is how many goals one command of the desk publishes.
const atOnce = 400

func (s *server) publish(q *request) (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	var in publishRequest
	if err := q.decode(&in); err != nil {
		return answer{}, err
	}
	command, err := q.command()
	if err != nil {
		return answer{}, err
	}
	rep, _, err := s.Reports.Report(q.Context(), q.Who, id)
	if err != nil {
		return answer{}, err
	}
	asked, err := q.asked(in, nil)
	if err != nil {
		return answer{}, err
	}
	if done, err := q.again(command, asked); err != nil {
		return answer{}, err
	} else if done {
		return s.publishedBefore(q, rep, command, &in)
	}
	ids, left, err := q.choose(rep, &in)
	if err != nil {
		return answer{}, err
	}
	if len(ids) == 0 {
		return answer{}, fault.Refuse(fault.ErrConflict, "nothing-to-publish", "")
	}
	all := map[string]name.ID{}
	for chunk := range slices.Chunk(ids, atOnce) {
		goals, err := s.Reports.Publish(q.Context(), q.Who, id, reports.Publication{Command: command, Drafts: chunk, Asked: asked})
		if err != nil {
			return answer{}, err
		}
		maps.Copy(all, goals)
		if command != "" {
			command += "+" // the next chunk is a command of its own
		}
	}
	return answer{body: published{publishedOf(rep, all), left}}, nil
}

// publishedOf lists goals in the order of their drafts.
func publishedOf(rep *reports.Report, goals map[string]name.ID) []publishedGoal {
	all := []publishedGoal{}
	for i := range rep.Drafts {
		if goal, ok := goals[rep.Drafts[i].ID]; ok {
			all = append(all, publishedGoal{rep.Drafts[i].ID, goal, rep.Drafts[i].Terms.Title})
		}
	}
	return all
}

// choose returns the drafts that a request means, and those that stay behind with the reason. Drafts that are named
// are published together or not at all, so that none stays behind.
func (q *request) choose(rep *reports.Report, in *publishRequest) (ids []string, left []skipped, err error) {
	if in.Drafts != nil {
		if len(in.Drafts) == 0 {
			err = fault.Refuse(fault.ErrInvalid, "nothing-chosen", "drafts")
		}
		return in.Drafts, []skipped{}, err
	}
	confirmedOnly := !in.All && rep.Count(reports.Confirmed) > 0
	stay := *rep
	stay.Drafts = slices.Clone(rep.Drafts)
	for i := range stay.Drafts {
		d := &stay.Drafts[i]
		if (d.State == reports.Confirmed || d.State == reports.Proposed && !confirmedOnly) && d.Terms.Check() == nil {
			ids = append(ids, d.ID)
			d.State = reports.Published
		}
	}
	return ids, q.behind(&stay), nil
}

// behind tells why drafts of a report are not published.
func (q *request) behind(rep *reports.Report) []skipped {
	left := []skipped{}
	for i := range rep.Drafts {
		d := &rep.Drafts[i]
		switch {
		case d.State == reports.Known:
			left = append(left, q.skip(d, fault.Refuse(fault.ErrConflict, "already-published", "", "title", d.Terms.Title)))
		case d.State != reports.Confirmed && d.State != reports.Proposed:
		case d.Terms.Check() != nil:
			left = append(left, q.skip(d, d.Terms.Check()))
		default:
			left = append(left, q.skip(d, fault.Refuse(fault.ErrConflict, "not-confirmed", "", "title", d.Terms.Title)))
		}
	}
	return left
}

func (q *request) skip(d *reports.Draft, err error) skipped {
	s := skipped{Draft: d.ID, Title: d.Terms.Title, Reason: words.Of(err, q.Lang)}
	if s.Title == "" {
		s.Title = d.Statement.Text
	}
	var r *fault.Refusal
	if errors.As(err, &r) {
		s.Code = r.Code
		if name, ok := termWords[r.Field]; ok {
			s.Reason = strings.ReplaceAll(s.Reason, "{field}", name.In(q.Lang))
		}
	}
	return s
}

// termWords names the terms of a goal that a refusal may speak of.
var termWords = map[string]name.Text{
	"title": {ZH: "目标名称", EN: "title"}, "lead": {ZH: "牵头单位", EN: "lead unit"}, "due": {ZH: "完成时限", EN: "due date"},
	"target": {ZH: "目标值", EN: "target"}, "base": {ZH: "基数", EN: "base"}, "feed": {ZH: "数据来源", EN: "source of figures"},
}

// publishedBefore answers a publication that comes again from the events that it led to.
func (s *server) publishedBefore(q *request, rep *reports.Report, command string, in *publishRequest) (answer, error) {
	goals, err := s.goalsOf(q.Context(), rep.ID, command)
	if err != nil {
		return answer{}, err
	}
	for _, d := range in.Drafts {
		if _, ok := goals[d]; !ok {
			return answer{}, reused()
		}
	}
	if len(in.Drafts) > 0 && len(in.Drafts) != len(goals) || len(goals) == 0 {
		return answer{}, reused()
	}
	left := []skipped{}
	if in.Drafts == nil {
		left = q.behind(rep)
	}
	return answer{body: published{publishedOf(rep, goals), left}}, nil
}

// goalsOf returns the goals that a publication made, by draft. The command of its first chunk begins those of the others.
func (s *server) goalsOf(ctx context.Context, report name.ID, command string) (map[string]name.ID, error) {
	events, err := s.Past.Events(ctx, report, 0)
	if err != nil {
		return nil, err
	}
	all := map[string]name.ID{}
	for _, e := range events {
		if strings.TrimRight(e.Command, "+") != command {
			continue
		}
		var body struct {
			Goals map[string]name.ID `json:"goals"`
		}
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return nil, err
		}
		for d, goal := range body.Goals {
			all[d] = goal
		}
	}
	return all, nil
}
