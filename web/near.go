package web

import (
	"strconv"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// nearView is a matter that may be of the same thing, in words.
type nearView struct {
	desk.Alike
	Stream  name.ID
	Title   string
	Number  string
	State   name.Text
	Percent int // of the words alike
	Apart   string
}

func (q *request) nearViews(all []desk.Alike, public bool) (views []nearView) {
	for _, a := range all {
		v := nearView{Alike: a, Stream: a.Row.Stream, Title: a.Row.Title, Number: a.Row.Number, Percent: int(100*a.Words + 0.5), Apart: q.apart(a)}
		if k, ok := q.s.Desk.Packs().Kind(a.Row.Kind); ok {
			if s := k.State(a.Row.State); s != nil {
				if v.State = s.Words; public && !s.Public.IsZero() {
					v.State = s.Public
				}
			}
		}
		views = append(views, v)
	}
	return views
}

// apart says how far another report is in place and in time, as one would say it.
func (q *request) apart(a desk.Alike) string {
	where, when := q.Says("door.near-here"), q.Says("door.near-now")
	if a.DistanceM > 0 {
		where = q.Says("door.near-away", "m", strconv.Itoa(a.DistanceM))
	}
	if a.Hours > 0 {
		when = q.Says("door.near-ago", "h", strconv.Itoa(a.Hours))
	}
	return where + " · " + when
}

// near finds what was reported already and may be the same as a report.
func (s *server) near(q *request, f doors.Filing) ([]nearView, error) {
	all, err := s.Doors.Near(q.Context(), doors.People, f)
	return q.nearViews(all, true), err
}

// nearReports answers, while somebody fills in a report, with what was reported nearby and may be the same.
func (s *server) nearReports(q *request) error {
	if err := s.Doors.AdmitTyping(q.entrance()); err != nil {
		return err
	}
	if err := q.parseForm(); err != nil {
		return err
	}
	v := doorView{Filing: q.filing()}
	var err error
	if v.Near, err = s.near(q, v.Filing); err != nil {
		return err
	}
	return q.renderPart("door_report", "near", v)
}

// mergeView is the part of a merger's form that asks into which matter.
type mergeView struct {
	Near []nearView
	Into string
}

// mergers offers what a matter may be merged into.
func (v *actView) mergers(q *request) {
	if v.Act.Verb != matter.Merge || v.Matter == nil {
		return
	}
	v.Merge = &mergeView{Into: q.FormValue("into")}
	if all, err := q.s.Desk.Alike(q.Context(), q.Who, desk.ProbeOf(v.Matter)); err == nil { // without a proposal the number is written
		v.Merge.Near = q.nearViews(all, false)
	}
}

// nearMatters answers, while somebody opens a matter, with those nearby that may be of the same thing.
func (s *server) nearMatters(q *request) error {
	if err := q.parseForm(); err != nil {
		return err
	}
	v, err := s.opening(q, q.FormValue("kind"), q.FormValue("act"))
	if err != nil {
		return err
	}
	fields := map[string]string{}
	for i := range v.Kind.Fields {
		f := &v.Kind.Fields[i]
		fields[f.Key] = q.FormValue("f." + f.Key)
	}
	v.Merge = &mergeView{}
	all, err := s.Desk.Alike(q.Context(), q.Who, desk.ProbeOf(&desk.MatterView{Matter: matter.Matter{Kind: v.Kind.Ref, Fields: fields}, Def: v.Kind}))
	if err != nil {
		return err
	}
	v.Merge.Near = q.nearViews(all, false)
	return q.renderPart("matter_act", "near-matters", v)
}
