package api

import (
	"errors"
	"net/http"
	"strconv"

	"bihuan/desk/search"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// searchHit is a matter that was found, with where its words stand.
type searchHit struct {
	Matter matterItem `json:"matter"`
	Title  excerpt    `json:"title"`
	Label  *name.Text `json:"label" doc:"the field that the excerpt is from"`
	Words  *excerpt   `json:"excerpt" doc:"of the field that was found in"`
}

// excerpt is a piece of a text and what was found in it.
type excerpt struct {
	Text  string      `json:"text"`
	Spans []foundSpan `json:"spans" doc:"what was found, in order"`
	Cut   bool        `json:"cut" doc:"the field is longer"`
}

// foundSpan is a piece of an excerpt, in characters (code points), the end not included.
type foundSpan struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// searchList is a page of what was found.
type searchList struct {
	Items  []searchHit      `json:"items"`
	Total  int64            `json:"total" doc:"of all pages, of what the caller may see"`
	Kinds  map[string]int64 `json:"kinds" doc:"how many of each kind"`
	Units  map[string]int64 `json:"units" doc:"how many each unit holds"`
	Behind int64            `json:"behind" doc:"records that the index does not know yet, 0 nearly always"`
	Next   *string          `json:"next"`
}

var searchParams = append([]param{
	{name: "q", kind: textParam, title: name.Text{ZH: "要查的文字，两个字起，空格隔开的词都要有", EN: "what to look for, two characters and up; words with blanks between must all be there"}},
	{name: "kind", kind: keyParam, many: true, title: name.Text{ZH: "种类，如 works/site", EN: "kind, such as works/site"}},
	{name: "state", kind: keyParam, many: true, title: name.Text{ZH: "状态", EN: "state"}},
	{name: "unit", kind: keyParam, many: true, title: name.Text{ZH: "承办单位", EN: "the unit that holds it"}},
	{name: "area", kind: keyParam, title: name.Text{ZH: "区划代码，也可以是前几位", EN: "a division code, or the beginning of one"}},
	{name: "open", kind: yesNoParam, title: name.Text{ZH: "是否在办", EN: "whether somebody still has to do something"}},
	{name: "from", kind: dayParam, title: name.Text{ZH: "登记日期，自", EN: "opened on this day or later"}},
	{name: "to", kind: dayParam, title: name.Text{ZH: "登记日期，至", EN: "opened on this day or earlier"}},
	{name: "order", kind: choiceParam, choice: []string{"best", "newest"}, title: name.Text{ZH: "排序，默认最相关的在前", EN: "best first if not said"}},
}, pageParams...)

// search looks for a text in what the caller may read: without login, in what is public.
func (s *server) search(q *request) (answer, error) {
	if q.said("q") == "" {
		return answer{}, fail(http.StatusBadRequest, "parameter-invalid", "", "parameter", "q", "takes", searchParams[0].wants(q.Lang))
	}
	jq := q.narrowed()
	ask := search.Ask{Text: q.said("q"), Kinds: jq.Kinds, States: jq.States, Units: jq.Units, Area: q.said("area"), Open: jq.Open,
		Newest: q.said("order") == "newest", Cursor: q.said("cursor"), Limit: q.limit()}
	if d, err := calendar.ParseDate(q.said("from")); err == nil {
		ask.Opened.From = int64(d.Start())
	}
	if d, err := calendar.ParseDate(q.said("to")); err == nil {
		ask.Opened.Until = int64((d + 1).Start())
	}
	var res search.Results
	var err error
	if q.sees() {
		res, err = s.Search.Find(q.Context(), q.Who, ask)
	} else {
		res, err = s.Search.FindOpen(q.Context(), ask)
	}
	if refused, ok := errors.AsType[*fault.Refusal](err); ok {
		return answer{}, fail(http.StatusBadRequest, refused.Code, "", "parameter", "q", "limit", strconv.Itoa(search.MaxText))
	}
	if err != nil {
		return answer{}, err
	}
	list := searchList{Items: []searchHit{}, Total: res.Total, Kinds: res.Kinds, Units: res.Units, Behind: res.Behind, Next: orNull(res.Next)}
	for i := range res.Hits {
		h := &res.Hits[i]
		item := searchHit{Matter: q.matterItem(&h.Row), Title: excerptOf(h.Title)}
		if h.Words.Text != "" {
			words := excerptOf(h.Words)
			item.Label, item.Words = &h.Label, &words
		}
		list.Items = append(list.Items, item)
	}
	return answer{body: list}, nil
}

// excerptOf counts in characters: a program in any language can cut by them.
func excerptOf(p search.Piece) excerpt {
	e := excerpt{Text: p.Text, Spans: []foundSpan{}, Cut: p.CutFrom || p.CutEnd}
	for _, s := range p.Spans {
		from := len([]rune(p.Text[:s.Start]))
		e.Spans = append(e.Spans, foundSpan{from, from + len([]rune(p.Text[s.Start:s.End]))})
	}
	return e
}
