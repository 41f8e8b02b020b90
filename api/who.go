package api

import (
	"context"
	"sync"

	"bihuan/ground/name"
)

// me is who is asking.
type me struct {
	Person *named      `json:"person" doc:"null without login"`
	Unit   *named      `json:"unit"`
	Roles  []name.Role `json:"roles"`
	For    *named      `json:"for" doc:"whom they act for, null for themselves; unit and roles are then that one's"`
	Now    string      `json:"now" format:"date-time" doc:"the server's clock"`
}

func (s *server) me(q *request) (answer, error) {
	return answer{body: me{q.named(q.Who.Person), q.unit(q.Who.Unit), append([]name.Role{}, q.Who.Roles...), q.named(q.Who.For), moment(s.Desk.Now())}}, nil
}

// unitList is the units of the district, in the office's own order.
type unitList struct {
	Items []unit `json:"items"`
}

type unit struct {
	ID     name.Unit  `json:"id"`
	Name   name.Text  `json:"name"`
	Short  name.Text  `json:"short"`
	Kind   string     `json:"kind"`
	Group  *string    `json:"group" doc:"the peers among which it is ranked"`
	Parent *name.Unit `json:"parent"`
}

func (s *server) units(q *request) (answer, error) {
	list := unitList{Items: []unit{}}
	for _, u := range s.Desk.Directory().Units {
		list.Items = append(list.Items, unit{u.Key, u.Words, u.Short, u.Kind, orNull(u.Group), orNull(u.Parent)})
	}
	return answer{body: list}, nil
}

// demoPerson is one of the demo's made-up persons with a token of an ordinary session.
type demoPerson struct {
	ID    name.Person `json:"id"`
	Name  string      `json:"name"`
	Unit  name.Unit   `json:"unit"`
	Roles []name.Role `json:"roles"`
	Token string      `json:"token" doc:"for Authorization: Bearer"`
}

// tokens keeps one session for each of the demo's persons, opened when somebody asks for it first.
type tokens struct {
	mu   sync.Mutex
	made map[name.Person]string
}

func (t *tokens) of(ctx context.Context, p name.Person, open func(context.Context, name.Person) (string, error)) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if secret, ok := t.made[p]; ok {
		return secret, nil
	}
	secret, err := open(ctx, p)
	if err != nil {
		return "", err
	}
	if t.made == nil {
		t.made = map[name.Person]string{}
	}
	t.made[p] = secret
	return secret, nil
}

func (s *server) persons(q *request) (answer, error) {
	all := []demoPerson{}
	for _, p := range s.Desk.Directory().Persons {
		token, err := s.tokens.of(q.Context(), p.Key, s.Demo.ActAs)
		if err != nil {
			return answer{}, err
		}
		all = append(all, demoPerson{p.Key, p.Words.In(q.Lang), p.Unit, append([]name.Role{}, p.Roles...), token})
	}
	return answer{body: all}, nil
}
