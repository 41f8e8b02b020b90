package api

import (
	"context"
	"net/http"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// actRequest is an act's form as it was filled in.
type actRequest struct {
	With     map[string]loose  `json:"with,omitempty" doc:"the fields of the act's form, in the forms that packs store"`
	Evidence []evidenceRequest `json:"evidence,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Code     string            `json:"code,omitempty" doc:"of a pause"`
	Clock    string            `json:"clock,omitempty" doc:"of an extension"`
	Units    int               `json:"units,omitempty" doc:"of an extension"`
	Until    string            `json:"until,omitempty" format:"date" doc:"of an extension of a clock that ends with a date"`
	Into     string            `json:"into,omitempty" maxLength:"60" doc:"of a merger: the matter that goes on, by its id or number"`
}

// openRequest opens a matter of a kind.
type openRequest struct {
	Kind string  `json:"kind" doc:"pack/kind"`
	Act  string  `json:"act,omitempty" doc:"one of the acts that open the kind; the first if not said"`
	Goal name.ID `json:"goal,omitempty" doc:"that the matter is to fulfil"`
	actRequest
}

// actLike are the bodies that hold the form of an act.
type actLike interface{ isAct() }

func (actRequest) isAct() {}

// done tells what came of an act: from its receipt, so that the same request again is answered with the same.
type done struct {
	ID      name.ID `json:"id"`
	Version int64   `json:"version"`
	Number  *string `json:"number" doc:"allotted by this act"`
	Events  span    `json:"events" doc:"the places in the log"`
	Head    string  `json:"head" doc:"of the chain after them"`
	At      string  `json:"at" format:"date-time"`
}

type span struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// form is a command on its way from a request to the desk.
type form struct{ desk.Do }

func newForm(command string, in *actRequest) *form {
	do := &form{desk.Do{Command: command, With: map[string]string{}, Reason: in.Reason, Code: in.Code, Clock: in.Clock, Units: in.Units, Until: in.Until, Into: in.Into}}
	for key, v := range in.With {
		do.With[key] = string(v)
	}
	return do
}

func (s *server) act(q *request) (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	command, err := q.command()
	if err != nil {
		return answer{}, err
	}
	version, err := q.version()
	if err != nil {
		return answer{}, err
	}
	var in actRequest
	files, err := q.form(&in)
	if err != nil {
		return answer{}, err
	}
	target, err := s.Desk.ActNamed(q.Context(), q.Who, id, q.PathValue("act"))
	if err != nil && !s.wasDone(q, command) {
		return answer{}, err
	} else if err != nil { // the verb means nothing any more, because the act was done: the answer stands
		target = desk.ActTarget{Kind: &matter.Kind{}, Act: &matter.Act{}}
	}
	do := newForm(command, &in)
	do.Matter, do.Version, do.Act = id, version, target.Act.Key
	if err := do.attach(in.Evidence, files, target); err != nil {
		return answer{}, err
	}
	return q.carryOut(do, in, s.Desk.Act)
}

// wasDone reports whether a command was carried out before.
func (s *server) wasDone(q *request, command string) bool {
	_, done, err := s.Past.Receipt(q.Context(), s.Desk.District(), command)
	return err == nil && done
}

func (s *server) open(q *request) (answer, error) {
	command, err := q.command()
	if err != nil {
		return answer{}, err
	}
	var in openRequest
	files, err := q.form(&in)
	if err != nil {
		return answer{}, err
	}
	k, ok := s.Desk.Packs().Kind(in.Kind)
	if !ok {
		return answer{}, fail(http.StatusUnprocessableEntity, "kind-unknown", "/kind", "kind", in.Kind)
	}
	target, err := opening(k, in.Act)
	if err != nil {
		return answer{}, err
	}
	do := newForm(command, &in.actRequest)
	do.Kind, do.Act, do.Goal = in.Kind, target.Act.Key, in.Goal
	if in.Goal != "" {
		if _, err := q.goalOf(in.Goal); err != nil {
			return answer{}, fail(http.StatusUnprocessableEntity, "not-found", "/goal")
		}
	}
	if err := do.attach(in.Evidence, files, target); err != nil {
		return answer{}, err
	}
	a, err := q.carryOut(do, in, s.Desk.Start)
	if d, ok := a.body.(done); ok {
		a.location = Base + "/matters/" + string(d.ID)
	}
	return a, err
}

// opening returns the act that opens a kind, the first one if none is named.
func opening(k *matter.Kind, called string) (desk.ActTarget, error) {
	for _, a := range k.Opening() {
		if called == "" || called == a.Key {
			return desk.ActTarget{Kind: k, Act: a}, nil
		}
	}
	return desk.ActTarget{}, fault.Refuse(fault.ErrInvalid, "act-unknown", "act", "act", called)
}

// carryOut has a command done, with a note of the request that it stands for, and answers from its receipt.
func (q *request) carryOut(do *form, in any, how func(ctx context.Context, who desk.Caller, do desk.Do) (desk.Done, error)) (answer, error) {
	err := q.s.Pace.AdmitFiles(q.Who.Person, doors.Address(q.RemoteAddr), do.Files)
	if err != nil {
		return answer{}, err
	}
	if do.Command != "" {
		if do.Asked, err = q.asked(in, do.Files); err != nil {
			return answer{}, err
		}
	}
	d, err := how(q.Context(), q.Who, do.Do)
	if err != nil {
		return answer{}, err
	}
	if err := sameRequest(&d.Receipt, do.Asked); err != nil {
		return answer{}, err
	}
	out := done{ID: d.Matter, Version: d.Version, Number: orNull(d.Number), Events: span{d.Receipt.FirstSeq, d.Receipt.LastSeq}, Head: d.Receipt.Head.String(),
		At: moment(d.Receipt.At)}
	return answer{body: out, etag: etagOf(d.Version)}, nil
}
