package api

import (
	"net/http"

	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/matter"
)

// packList is the packs that are installed.
type packList struct {
	Items []packItem `json:"items"`
}

type packItem struct {
	Pack    string    `json:"pack"`
	Version string    `json:"version"`
	Hash    string    `json:"hash" doc:"content address"`
	Words   name.Text `json:"words"`
	Kinds   []string  `json:"kinds" doc:"of matter, as GET /matters?kind= takes them"`
}

// packFull is one pack's kinds of matter and indicators.
type packFull struct {
	packItem
	Source     name.Text       `json:"source"`
	Matters    []kind          `json:"matters"`
	Indicators []indicatorView `json:"indicators"`
}

type kind struct {
	Kind   string      `json:"kind"`
	Words  name.Text   `json:"words"`
	Fields []fieldView `json:"fields"`
	States []state     `json:"states"`
	Acts   []kindAct   `json:"acts"`
	Facets []string    `json:"facets" doc:"fields that figures count by"`
	Public []string    `json:"public" doc:"fields that are shown without login"`
}

type fieldView struct {
	Field string      `json:"field"`
	Kind  field.Kind  `json:"kind"`
	Class field.Class `json:"class" enum:"P N S H"`
	Words name.Text   `json:"words"`
	Unit  *string     `json:"unit"`
}

type state struct {
	State string       `json:"state"`
	Phase matter.Phase `json:"phase"`
	Words name.Text    `json:"words"`
}

type kindAct struct {
	Act      string      `json:"act"`
	Verb     matter.Verb `json:"verb"`
	Title    name.Text   `json:"title"`
	From     []string    `json:"from" doc:"states; none for an act that opens a matter"`
	To       *string     `json:"to"`
	Form     schema      `json:"form" doc:"JSON Schema of the body"`
	Evidence []need      `json:"evidence"`
}

type indicatorView struct {
	Indicator string          `json:"indicator"`
	Words     name.Text       `json:"words"`
	Unit      string          `json:"unit"`
	Mode      indicator.Mode  `json:"mode" enum:"reported counted derived"`
	Shape     indicator.Shape `json:"shape"`
	Counts    *string         `json:"counts" doc:"the kind that is counted"`
}

func (s *server) packs(q *request) (answer, error) {
	list := packList{Items: []packItem{}}
	for _, p := range s.Desk.Packs().Packs() {
		list.Items = append(list.Items, itemOf(p.Name, p.Version, p.Hash, p.Words, p.Kinds))
	}
	return answer{body: list}, nil
}

func itemOf(called, version, hash string, words name.Text, kinds []matter.Kind) packItem {
	item := packItem{Pack: called, Version: version, Hash: hash, Words: words, Kinds: []string{}}
	for i := range kinds {
		item.Kinds = append(item.Kinds, kinds[i].Ref)
	}
	return item
}

func (s *server) pack(q *request) (answer, error) {
	p, ok := s.Desk.Packs().Pack(q.PathValue("pack"))
	if !ok {
		return answer{}, fail(http.StatusNotFound, "not-found", "")
	}
	out := packFull{packItem: itemOf(p.Name, p.Version, p.Hash, p.Words, p.Kinds), Source: p.Source, Matters: []kind{}, Indicators: []indicatorView{}}
	for i := range p.Kinds {
		k, err := s.kind(&p.Kinds[i])
		if err != nil {
			return answer{}, err
		}
		out.Matters = append(out.Matters, k)
	}
	for _, d := range p.Indicators {
		v := indicatorView{Indicator: d.Ref, Words: d.Words, Unit: d.Unit, Mode: d.Mode, Shape: d.Shape}
		if d.Count != nil {
			v.Counts = orNull(d.Count.Of)
		}
		out.Indicators = append(out.Indicators, v)
	}
	return answer{body: out}, nil
}

func (s *server) kind(k *matter.Kind) (kind, error) {
	out := kind{Kind: k.Ref, Words: k.Words, Fields: []fieldView{}, States: []state{}, Acts: []kindAct{}, Facets: append([]string{}, k.Facets...), Public: append([]string{}, k.Public...)}
	for _, f := range k.Fields {
		out.Fields = append(out.Fields, fieldView{f.Key, f.Kind, f.Class, f.Words, orNull(f.Unit)})
	}
	for _, st := range k.States {
		out.States = append(out.States, state{st.Key, st.Phase, st.Words})
	}
	for i := range k.Acts {
		a := &k.Acts[i]
		form, err := s.form(k, a.Key)
		if err != nil {
			return out, err
		}
		out.Acts = append(out.Acts, kindAct{a.Key, a.Verb, a.Words, append([]string{}, a.From...), orNull(a.To), form, needsOf(a)})
	}
	return out, nil
}
