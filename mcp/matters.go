package mcp

import (
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/desk/search"
	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// row is a matter in a list.
type row struct {
	ID      name.ID `json:"id"`
	Number  string  `json:"number,omitempty"`
	Title   string  `json:"title"`
	Kind    string  `json:"kind"`
	Unit    string  `json:"unit,omitempty"`
	State   string  `json:"state"`
	Open    bool    `json:"open"`
	Light   string  `json:"light,omitempty" jsonschema:"green, yellow, red or grey; none when no clock runs"`
	Due     string  `json:"due,omitempty" jsonschema:"the day by which it is due"`
	Excerpt string  `json:"excerpt,omitempty"`
	Page    string  `json:"page" jsonschema:"where the person finds it"`
}

func (c *call) row(r *journal.Row) row {
	out := row{ID: r.Stream, Number: r.Number, Title: r.Title, Kind: r.Kind, State: r.State, Open: r.Open, Light: r.Light, Page: c.page("/matters/" + string(r.Stream))}
	if r.Unit != "" {
		out.Unit = c.s.Desk.Directory().Unit(r.Unit).Words.In(c.lang)
	}
	if k, ok := c.s.Desk.Packs().Kind(r.Kind); ok {
		out.Kind = k.Words.In(c.lang)
		if st := k.State(r.State); st != nil {
			out.State = st.Words.In(c.lang)
		}
	}
	if r.Open && r.Due > 0 {
		out.Due = calendar.Instant(r.Due - 1).Date().String()
	}
	return out
}

type searchMattersIn struct {
	Text  string `json:"text" jsonschema:"what to find: two characters or more that stand together"`
	Kind  string `json:"kind,omitempty" jsonschema:"only of this kind, as pack/kind"`
	Open  *bool  `json:"open,omitempty" jsonschema:"only open ones, or only closed ones"`
	Limit int    `json:"limit,omitempty" jsonschema:"1 to 50, 20 if not said"`
}

type mattersOut struct {
	Total   int64 `json:"total" jsonschema:"how many there are in all; of what is overdue at most 1000 are counted"`
	Matters []row `json:"matters"`
}

func searchMatters(c *call, in searchMattersIn) (mattersOut, error) {
	ask := search.Ask{Text: in.Text, Open: in.Open, Limit: rows(in.Limit)}
	if in.Kind != "" {
		ask.Kinds = []string{in.Kind}
	}
	found, err := c.s.Search.Find(c, c.who, ask)
	if err != nil {
		return mattersOut{}, err
	}
	out := mattersOut{Total: found.Total, Matters: make([]row, len(found.Hits))}
	for i := range found.Hits {
		out.Matters[i] = c.row(&found.Hits[i].Row)
		out.Matters[i].Excerpt = found.Hits[i].Words.Text
	}
	return out, nil
}

type listOverdueIn struct {
	Unit  string `json:"unit,omitempty" jsonschema:"only what this unit holds: its key or its name"`
	Kind  string `json:"kind,omitempty" jsonschema:"only of this kind, as pack/kind"`
	Limit int    `json:"limit,omitempty" jsonschema:"1 to 50, 20 if not said"`
}

func listOverdue(c *call, in listOverdueIn) (mattersOut, error) {
	q := journal.Query{Limit: rows(in.Limit)}
	if in.Kind != "" {
		q.Kinds = []string{in.Kind}
	}
	if in.Unit != "" {
		unit, err := c.unit(in.Unit)
		if err != nil {
			return mattersOut{}, err
		}
		q.Units = []name.Unit{unit}
	}
	page, err := c.s.Desk.Work(c, c.who, desk.Overdue, q)
	if err != nil {
		return mattersOut{}, err
	}
	out := mattersOut{Matters: make([]row, len(page.Rows))}
	for i := range page.Rows {
		out.Matters[i] = c.row(&page.Rows[i])
	}
	out.Total, err = c.s.Desk.CountWork(c, c.who, desk.Overdue, q)
	return out, err
}

// unit reads a unit's key or its name.
func (c *call) unit(typed string) (name.Unit, error) {
	for _, u := range c.s.Desk.Directory().Units {
		if string(u.Key) == typed || u.Words.ZH == typed || strings.EqualFold(u.Words.EN, typed) {
			return u.Key, nil
		}
	}
	return "", fmt.Errorf("unit %q: %w", typed, fault.ErrNotFound)
}

// numbered asks for the matter of a number.
func numbered(number string) journal.Query {
	return journal.Query{Numbers: []string{number}, Limit: 2}
}

type readMatterIn struct {
	Matter string `json:"matter" jsonschema:"its id or its number"`
}

// matterOut is a matter as its page shows it, without personal values.
type matterOut struct {
	row
	Holder  string        `json:"holder,omitempty" jsonschema:"whose it is now"`
	Fields  []fieldOut    `json:"fields"`
	Clocks  []clockOut    `json:"clocks,omitempty"`
	History []eventOut    `json:"history"`
	Goals   []name.ID     `json:"goals,omitempty" jsonschema:"the goals that it fulfils"`
	Acts    []formOut     `json:"acts" jsonschema:"what the person may do now, for draft_reply"`
	Barred  []barredOut   `json:"barred,omitempty" jsonschema:"what leads on from here but is not the person's, and why"`
	Related []relationOut `json:"related,omitempty"`
}

type fieldOut struct {
	Key    string `json:"key,omitempty"`
	Label  string `json:"label"`
	Value  string `json:"value,omitempty"`
	Hidden bool   `json:"hidden,omitempty" jsonschema:"a personal value that is kept and not shown here"`
}

type clockOut struct {
	Clock    string `json:"clock"`
	Due      string `json:"due"`
	Light    string `json:"light,omitempty"`
	Standing string `json:"standing,omitempty"`
}

type eventOut struct {
	At     string `json:"at"`
	Unit   string `json:"unit,omitempty"`
	Act    string `json:"act"`
	Reason string `json:"reason,omitempty"`
}

type barredOut struct {
	Act string `json:"act"`
	Why string `json:"why"`
}

type relationOut struct {
	ID    name.ID `json:"id"`
	Title string  `json:"title"`
}

// mostHistory is how many of the last events are told.
const mostHistory = 50

func readMatter(c *call, in readMatterIn) (matterOut, error) {
	id, err := c.streamOf(in.Matter)
	if err != nil {
		return matterOut{}, err
	}
	v, err := c.s.Desk.Matter(c, c.who, id)
	if err != nil {
		return matterOut{}, err
	}
	dir := c.s.Desk.Directory()
	out := matterOut{row: row{ID: v.ID, Number: v.Number, Title: v.Title(), Kind: v.Def.Words.In(c.lang), State: v.State, Open: v.IsOpen(), Light: string(v.Light),
		Page: c.page("/matters/" + string(v.ID))}, Goals: v.Linked(matter.Fulfils), Fields: []fieldOut{}, History: []eventOut{}, Acts: []formOut{}}
	if st := v.Def.State(v.State); st != nil {
		out.State = st.Words.In(c.lang)
	}
	if v.Holder.Unit != "" {
		out.Unit = dir.Unit(v.Holder.Unit).Words.In(c.lang)
		out.Holder = out.Unit
		if v.Holder.Person != "" {
			out.Holder += " " + dir.Person(v.Holder.Person).Words.In(c.lang)
		}
	}
	for i := range v.Def.Fields {
		f := &v.Def.Fields[i]
		switch value, hidden := v.Fields[f.Key], v.Personal[f.Key] != ""; {
		case hidden:
			out.Fields = append(out.Fields, fieldOut{Key: f.Key, Label: f.Words.In(c.lang), Hidden: true})
		case value != "":
			out.Fields = append(out.Fields, fieldOut{Key: f.Key, Label: f.Words.In(c.lang), Value: value})
		}
	}
	for _, ck := range v.Clocks {
		if ck.Stopped == 0 {
			out.Clocks = append(out.Clocks, clockOut{ck.Words().In(c.lang), ck.DueDate.String(), string(ck.Light), ck.Standing.In(c.lang)})
		}
	}
	for _, e := range v.History[max(0, len(v.History)-mostHistory):] {
		out.History = append(out.History, c.event(v.Def, &e))
	}
	for _, a := range v.Acts {
		if a.Refused != nil {
			out.Barred = append(out.Barred, barredOut{a.Act.Words.In(c.lang), words.Refusal(a.Refused, c.lang)})
			continue
		}
		out.Acts = append(out.Acts, c.form(v.Def, a.Act))
	}
	for i := range v.Related {
		out.Related = append(out.Related, relationOut{v.Related[i].Stream, v.Related[i].Title})
	}
	return out, nil
}

func (c *call) event(k *matter.Kind, e *desk.Entry) eventOut {
	out := eventOut{At: calendar.Instant(e.At).String(), Act: e.Type, Reason: e.Reason}
	if act := k.Act(e.Change.Act); act != nil {
		out.Act = act.Words.In(c.lang)
	}
	if e.Actor.Unit != "" {
		out.Unit = c.s.Desk.Directory().Unit(e.Actor.Unit).Words.In(c.lang)
	}
	return out
}

// formOut is the form of an act.
type formOut struct {
	Act      string     `json:"act" jsonschema:"its key"`
	Label    string     `json:"label"`
	Fields   []inputOut `json:"fields"`
	Evidence []string   `json:"evidence,omitempty" jsonschema:"what the person has to attach on the page"`
	Reason   bool       `json:"reason,omitempty" jsonschema:"it must say why"`
}

type inputOut struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Kind     string   `json:"kind"`
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty" jsonschema:"the keys of the choices"`
}

func (c *call) form(k *matter.Kind, act *matter.Act) formOut {
	out := formOut{Act: act.Key, Label: act.Words.In(c.lang), Reason: k.NeedsReason(act), Fields: []inputOut{}}
	for _, in := range act.Inputs() {
		f := field.Find(k.Fields, in.Field)
		if f == nil {
			continue
		}
		input := inputOut{Key: f.Key, Label: f.Words.In(c.lang), Kind: string(f.Kind), Required: in.Required}
		for _, o := range f.Options {
			input.Options = append(input.Options, o.Key)
		}
		out.Fields = append(out.Fields, input)
	}
	for _, n := range act.Evidence {
		out.Evidence = append(out.Evidence, n.Words.In(c.lang))
	}
	return out
}
