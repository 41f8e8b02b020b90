package api

import (
	"net/http"
	"slices"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
)

// figure is one recorded value of a goal: the cumulative value, level or rate at the end of its period.
type figure struct {
	Period   string             `json:"period" pattern:"^[0-9]{4}-[0-9]{2}$"`
	Value    *number            `json:"value"`
	Standing indicator.Standing `json:"standing" enum:"quick confirmed corrected"`
	Rows     *int64             `json:"rows" doc:"counted: how many rows stand behind it"`
	Note     *string            `json:"note" doc:"null for whoever works nowhere here"`
	By       *named             `json:"by" doc:"null for whoever works nowhere here"`
	Unit     *named             `json:"unit" doc:"of who recorded it; null for the platform, and for whoever works nowhere here"`
	At       string             `json:"at" format:"date-time"`
	Cause    *name.ID           `json:"cause" doc:"counted: the matter whose act moved it; null for whoever may not read that matter"`
	Evidence []string           `json:"evidence" doc:"SM3 of the files that came with it, for /goals/{id}/files/{hash}; empty for whoever may not read evidence"`
}

// figureList is every figure of a goal, those that were replaced too, in the order they were recorded.
type figureList struct {
	Items []figure `json:"items"`
}

func (q *request) figuresOf(g *indicator.Goal, all []indicator.Figure) ([]figure, error) {
	out, evidence, causes := make([]figure, 0, len(all)), q.s.Desk.MayReadEvidence(q.Who, g), map[name.ID]*name.ID{}
	for _, f := range all {
		x := figure{Period: f.Period, Value: exact(f.Value), Standing: f.Standing, At: moment(f.At), Evidence: []string{}}
		if evidence {
			x.Evidence = append(x.Evidence, f.Evidence...)
		}
		if f.Rows != 0 {
			x.Rows = &f.Rows
		}
		if !q.outside() {
			x.Note, x.By = orNull(f.Note), q.person(f.By.Person)
			if _, asked := causes[f.Cause]; !asked {
				cause, err := q.readable(f.Cause)
				if err != nil {
					return nil, err
				}
				causes[f.Cause] = cause
			}
			x.Cause = causes[f.Cause]
			if !f.By.IsSystem() {
				x.Unit = q.unit(f.By.Unit)
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// readable returns the id of a matter that the caller may read, nil for one that it may not: such a one is not named, as on the goal's page.
func (q *request) readable(id name.ID) (*name.ID, error) {
	if id == "" {
		return nil, nil
	}
	if may, err := q.s.Desk.MayReadMatter(q.Context(), q.Who, id); err != nil || !may {
		return nil, err
	}
	return &id, nil
}

func (s *server) figures(q *request) (answer, error) {
	v, err := q.view()
	if err != nil {
		return answer{}, err
	}
	all, err := q.figuresOf(&v.Goal, v.Figures)
	return answer{body: figureList{all}}, err
}

// figureRequest is a figure as somebody reports it.
type figureRequest struct {
	Period   string `json:"period,omitempty" pattern:"^[0-9]{4}-[0-9]{2}$" doc:"the month, that of today if not said"`
	Value    loose  `json:"value" doc:"a plain decimal"`
	Standing string `json:"standing,omitempty" enum:"quick confirmed corrected" doc:"quick if not said"`
	Note     string `json:"note,omitempty" doc:"the reason, for a corrected figure"`
}

// recorded tells what was recorded.
type recorded struct {
	Goal     name.ID `json:"goal"`
	Period   string  `json:"period"`
	Standing string  `json:"standing" enum:"quick confirmed corrected"`
}

var standings = []indicator.Standing{indicator.Quick, indicator.Confirmed, indicator.Corrected}

func (s *server) record(q *request) (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	in := figureRequest{}
	files, err := q.form(&in)
	if err != nil {
		return answer{}, err
	}
	if in.Standing == "" {
		in.Standing = string(indicator.Quick)
	}
	if !slices.Contains(standings, indicator.Standing(in.Standing)) {
		return answer{}, fault.Refuse(fault.ErrInvalid, "no-such-option", "standing")
	}
	at, err := q.recordOnce(id, &in, files)
	if err != nil {
		return answer{}, err
	}
	out := recorded{Goal: id, Period: in.Period, Standing: in.Standing}
	if out.Period == "" {
		out.Period = indicator.Month(calendar.Instant(at).Date())
	}
	return answer{body: out, location: Base + "/goals/" + string(id) + "/figures"}, nil
}

// recordOnce records a figure unless the request's key did so before, and returns when it was.
func (q *request) recordOnce(id name.ID, in *figureRequest, parts []upload) (at int64, err error) {
	command, err := q.command()
	if err != nil {
		return 0, err
	}
	files, evidence, err := evidenceOf(parts)
	if err != nil {
		return 0, err
	}
	r := desk.Report{Files: files, Evidence: evidence, Command: command, Goal: id, Period: in.Period, Value: string(in.Value), Standing: indicator.Standing(in.Standing), Note: in.Note}
	if command == "" {
		return q.s.Desk.Now(), q.s.Desk.Record(q.Context(), q.Who, r)
	}
	if r.Asked, err = q.asked(in, files); err != nil {
		return 0, err
	}
	if err := q.s.Desk.Record(q.Context(), q.Who, r); err != nil {
		return 0, err
	}
	receipt, _, err := q.s.Past.Receipt(q.Context(), q.s.Desk.District(), command)
	if err == nil {
		err = sameRequest(&receipt, r.Asked)
	}
	return receipt.At, err
}

// evidenceOf returns the files that came with a figure, each as a part named evidence, and their hashes.
func evidenceOf(parts []upload) (files []journal.File, hashes []string, err error) {
	for _, f := range parts {
		switch {
		case f.part != "evidence":
			return nil, nil, fail(http.StatusUnprocessableEntity, "part-unknown", "", "part", f.part, "parameter", f.part)
		case len(f.Bytes) == 0:
			return nil, nil, fail(http.StatusUnprocessableEntity, "upload-empty", "", "file", f.Name, "parameter", f.part)
		}
		files, hashes = append(files, f.File), append(hashes, f.Hash.String())
	}
	return files, hashes, nil
}

// rowList is a page of the rows behind a counted figure.
type rowList struct {
	Counts  *string      `json:"counts" doc:"the kind that is counted; null for a goal that counts nothing"`
	Formula *name.Text   `json:"formula" doc:"what is counted, in words"`
	Items   []matterItem `json:"items"`
	Next    *string      `json:"next"`
}

func (s *server) rows(q *request) (answer, error) {
	v, err := q.view()
	if err != nil {
		return answer{}, err
	}
	var page journal.Page
	if q.sees() {
		page, err = s.Desk.Behind(q.Context(), q.Who, v.ID, q.said("cursor"), q.limit())
	} else {
		page, err = s.Desk.PublicBehind(q.Context(), v.ID, q.said("cursor"), q.limit())
	}
	if err != nil {
		return answer{}, err
	}
	for i := range page.Rows {
		if err := s.Desk.Uncover(&page.Rows[i]); err != nil { // whoever reads the goal need not read each of its matters
			return answer{}, err
		}
	}
	f := q.feed(&v)
	return answer{body: rowList{f.Counts, f.Formula, q.matterItems(page.Rows), orNull(page.Next)}}, nil
}
