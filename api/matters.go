package api

import (
	"encoding/json"
	"strings"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// matterItem is a matter in a list.
type matterItem struct {
	ID      name.ID           `json:"id"`
	Number  *string           `json:"number"`
	Kind    string            `json:"kind" doc:"pack/kind"`
	Title   string            `json:"title"`
	State   string            `json:"state" doc:"the state's key in its pack; without login of those that read alike the first"`
	Words   name.Text         `json:"state_words"`
	Open    bool              `json:"open" doc:"somebody still has to do something"`
	Unit    *named            `json:"unit" doc:"whose it is"`
	Person  *named            `json:"person"`
	Area    *string           `json:"area" doc:"division code"`
	Light   *string           `json:"light" enum:"green yellow red grey" doc:"null where no clock runs, and without login"`
	Opened  *string           `json:"opened" format:"date-time"`
	Due     *string           `json:"due" format:"date-time" doc:"of the nearest clock; null without login, where one matter tells by when it is expected"`
	Closed  *string           `json:"closed" format:"date-time"`
	Version int64             `json:"version"`
	Fields  map[string]string `json:"fields" doc:"in the forms that packs store; without login those that the kind shows"`
}

// matterList is a page of matters.
type matterList struct {
	Items []matterItem `json:"items"`
	Next  *string      `json:"next"`
	Found *int64       `json:"found" doc:"with a text that more hold than the list has: how many; the list has the best 500, so narrow it. Otherwise null"`
}

// Holds reports whether the caller may do the action to any object of a type.
func (q *request) Holds(a access.Action, t access.ObjectType) bool {
	return q.s.Desk.Holds(q.Who, a, t)
}

func (s *server) matters(q *request) (answer, error) {
	jq := q.narrowed()
	if q.said("goal") != "" {
		return s.mattersFor(q, jq)
	}
	jq.Cursor = q.said("cursor")
	page, err := q.worklist(jq)
	if err != nil {
		return answer{}, err
	}
	return answer{body: matterList{q.matterItems(page.Rows), orNull(page.Next), positive(page.Found)}}, nil
}

func (q *request) worklist(jq journal.Query) (journal.Page, error) {
	if q.sees() {
		return q.s.Desk.Worklist(q.Context(), q.Who, jq)
	}
	return q.s.Desk.PublicMatters(q.Context(), jq)
}

// The two parts of a goal's matters, each with its own pages: a cursor begins with the part that it belongs to.
const (
	linkedPart  = "l."
	countedPart = "c."
)

// mattersFor answers the matters of a goal: first those that are linked to it, then those that it is counted from.
func (s *server) mattersFor(q *request, jq journal.Query) (answer, error) {
	v, err := q.goalOf(name.ID(q.said("goal")))
	if err != nil {
		return answer{}, err
	}
	counted := jq
	counts, err := s.Desk.CountedFrom(&v, &counted)
	if err != nil {
		return answer{}, err
	}
	list := matterList{Items: []matterItem{}}
	cursor, second := strings.CutPrefix(q.said("cursor"), countedPart)
	if !second {
		desk.Fulfilling(v.ID, &jq)
		jq.Cursor = strings.TrimPrefix(cursor, linkedPart)
		page, err := q.worklist(jq)
		if err != nil {
			return answer{}, err
		}
		list.Items = q.matterItems(page.Rows)
		if page.Next != "" {
			return answer{body: matterList{list.Items, orNull(linkedPart + page.Next), nil}}, nil
		}
		cursor = ""
	}
	if counted.Limit -= len(list.Items); !counts || len(jq.Kinds) > 0 && !has(jq.Kinds, counted.Kinds) {
		return answer{body: list}, nil
	}
	if counted.Limit <= 0 {
		list.Next = orNull(countedPart)
		return answer{body: list}, nil
	}
	counted.Cursor = cursor
	page, err := q.worklist(counted)
	if err != nil {
		return answer{}, err
	}
	list.Items = append(list.Items, q.matterItems(page.Rows)...)
	if page.Next != "" {
		list.Next = orNull(countedPart + page.Next)
	}
	return answer{body: list}, nil
}

func has(all, some []string) bool {
	for _, a := range all {
		for _, b := range some {
			if a == b {
				return true
			}
		}
	}
	return false
}

func (q *request) goalOf(id name.ID) (desk.GoalView, error) {
	if q.Holds(access.GoalRead, access.Goal) {
		return q.s.Desk.Goal(q.Context(), q.Who, id)
	}
	return q.s.Desk.Promise(q.Context(), id)
}

func (q *request) matterItems(rows []journal.Row) []matterItem {
	items := make([]matterItem, 0, len(rows))
	for i := range rows {
		items = append(items, q.matterItem(&rows[i]))
	}
	return items
}

func (q *request) matterItem(r *journal.Row) matterItem {
	item := matterItem{ID: r.Stream, Number: orNull(r.Number), Kind: r.Kind, Title: r.Title, State: r.State, Words: q.stateWords(r.Kind, r.State), Open: r.Open,
		Unit: q.unit(r.Unit), Person: q.person(r.Person), Area: orNull(r.Area), Light: orNull(r.Light), Opened: timeOf(r.Opened), Closed: timeOf(r.Closed),
		Version: r.Version, Fields: map[string]string{}}
	if r.Open {
		item.Due = timeOf(r.Due)
	}
	if err := json.Unmarshal(r.Body, &item.Fields); err != nil {
		q.s.Log.Error("row body", "stream", r.Stream, "error", err)
	}
	return item
}

// stateWords are the words of a state: those for the public without login.
func (q *request) stateWords(kind, state string) name.Text {
	if k, ok := q.s.Desk.Packs().Kind(kind); ok {
		if st := k.State(state); st != nil {
			if !q.Holds(access.MatterRead, access.Matter) {
				return desk.PublicWords(st)
			}
			return st.Words
		}
	}
	return name.Text{ZH: state, EN: state}
}
