package api

import (
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/ground/name"
)

// keyList is every key that was issued, newest first.
type keyList struct {
	Items []keyView `json:"items"`
}

// keyView is a key without its secret, which nobody has but its holder.
type keyView struct {
	ID      name.ID     `json:"id"`
	As      name.Person `json:"as" doc:"how the log names whoever comes in with it"`
	Name    string      `json:"name" doc:"who holds it"`
	For     []string    `json:"for" doc:"programs, sensors or both"`
	Issued  string      `json:"issued" format:"date-time"`
	By      name.Person `json:"by"`
	Until   *string     `json:"until" format:"date-time" doc:"when it stops to open; null for one issued before keys had an end"`
	Revoked *string     `json:"revoked" format:"date-time"`
	Reason  *string     `json:"reason" doc:"why it was revoked"`
}

func viewOf(k *keys.Key) keyView {
	v := keyView{ID: k.ID, As: k.Person(), Name: k.Name, For: []string{}, Issued: moment(k.Issued), By: k.By.Person, Reason: orNull(k.Why)}
	for _, a := range k.For {
		v.For = append(v.For, string(a))
	}
	if k.Until != 0 {
		v.Until = orNull(moment(k.Until))
	}
	if k.Revoked != 0 {
		v.Revoked = orNull(moment(k.Revoked))
	}
	return v
}

// keyRequest asks for a key.
type keyRequest struct {
	Name string   `json:"name" doc:"who is to hold it"`
	For  []string `json:"for" doc:"programs, sensors or both"`
	Days int      `json:"days,omitempty" doc:"how long it opens, 365 at most and if not said"`
}

// keyIssued is a new key with its secret, which is told this once.
type keyIssued struct {
	Key    keyView `json:"key"`
	Secret string  `json:"secret" doc:"told this once; the database keeps a hash"`
}

// revokeRequest ends a key.
type revokeRequest struct {
	Reason string `json:"reason" doc:"stands in the log"`
}

func (s *server) keyList(q *request) (answer, error) {
	all, err := s.Keys.List(q.Context(), q.Who)
	if err != nil {
		return answer{}, err
	}
	list := keyList{Items: []keyView{}}
	for i := range all {
		list.Items = append(list.Items, viewOf(&all[i]))
	}
	return answer{body: list}, nil
}

func (s *server) issueKey(q *request) (answer, error) {
	var in keyRequest
	if err := q.decode(&in); err != nil {
		return answer{}, err
	}
	o := keys.Order{Name: in.Name, Days: in.Days}
	for _, a := range in.For {
		o.For = append(o.For, doors.Audience(a))
	}
	k, secret, err := s.Keys.Issue(q.Context(), q.Who, o)
	if err != nil {
		return answer{}, err
	}
	return answer{body: keyIssued{viewOf(&k), secret}, location: Base + "/keys"}, nil
}

func (s *server) revokeKey(q *request) (answer, error) {
	id, err := q.id()
	if err != nil {
		return answer{}, err
	}
	var in revokeRequest
	if err := q.decode(&in); err != nil {
		return answer{}, err
	}
	k, err := s.Keys.Revoke(q.Context(), q.Who, id, in.Reason)
	if err != nil {
		return answer{}, err
	}
	return answer{body: viewOf(&k)}, nil
}
