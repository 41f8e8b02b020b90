package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bihuan/desk/words"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// param is a parameter of the query.
type param struct {
	name   string
	kind   paramKind
	choice []string // of a choice
	many   bool     // may be repeated, or hold several values with commas between
	title  name.Text
}

type paramKind int

const (
	textParam paramKind = iota // at most 200 bytes
	keyParam                   // of a unit, a person, a kind, a state
	idParam
	yearParam
	limitParam
	yesNoParam // true or false
	choiceParam
	dayParam // YYYY-MM-DD
)

// most is the largest page.
const most = 500

var lights = []string{"green", "yellow", "red", "grey"}

var pageParams = []param{
	{name: "cursor", kind: textParam, title: name.Text{ZH: "上一页的 next", EN: "the next of the page before"}},
	{name: "limit", kind: limitParam, title: name.Text{ZH: "一页多少条，默认 50", EN: "how many to a page, 50 if not said"}},
}

var goalParams = append([]param{
	{name: "year", kind: yearParam, title: name.Text{ZH: "目标年度", EN: "the year planned"}},
	{name: "unit", kind: keyParam, title: name.Text{ZH: "牵头单位", EN: "the lead unit"}},
	{name: "light", kind: choiceParam, choice: lights, title: name.Text{ZH: "灯色", EN: "the light"}},
}, pageParams...)

var matterParams = append([]param{
	{name: "kind", kind: keyParam, many: true, title: name.Text{ZH: "种类，如 works/site", EN: "kind, such as works/site"}},
	{name: "state", kind: keyParam, many: true, title: name.Text{ZH: "状态", EN: "state"}},
	{name: "unit", kind: keyParam, many: true, title: name.Text{ZH: "承办单位", EN: "the unit that holds it"}},
	{name: "person", kind: keyParam, title: name.Text{ZH: "承办人", EN: "the person who holds it"}},
	{name: "open", kind: yesNoParam, title: name.Text{ZH: "是否在办", EN: "whether somebody still has to do something"}},
	{name: "light", kind: choiceParam, choice: lights, many: true, title: name.Text{ZH: "灯色", EN: "the light"}},
	{name: "goal", kind: idParam, title: name.Text{ZH: "目标：落实它的，和它所计数的", EN: "a goal: what fulfils it and what it is counted from"}},
	{name: "text", kind: textParam, title: name.Text{ZH: "名称或编号中的文字", EN: "part of the title or number"}},
}, pageParams...)

var fileParams = []param{
	{name: "original", kind: yesNoParam, title: name.Text{ZH: "原件（图片未经重新生成，须有核验权限）", EN: "the file as it was sent, for those who may verify the matter; pictures are made anew otherwise"}},
}

var uploadParams = []param{
	{name: "title", kind: textParam, title: name.Text{ZH: "报告名称", EN: "the report's title"}},
	{name: "year", kind: yearParam, title: name.Text{ZH: "计划年度", EN: "the year planned"}},
	{name: "name", kind: textParam, title: name.Text{ZH: "文件名", EN: "the file's name"}},
}

// maxParam is the most bytes that a parameter may have. A cursor has a few hundred.
const maxParam = 2000

// parameters reads the query: a parameter that is not declared, or not of its kind, is refused by name.
func (q *request) parameters(declared []param) error {
	q.values = map[string][]string{}
	for given, all := range q.URL.Query() {
		i := slices.IndexFunc(declared, func(p param) bool { return p.name == given })
		if i < 0 {
			return fail(http.StatusBadRequest, "parameter-unknown", "", "parameter", given)
		}
		p := &declared[i]
		for _, v := range all {
			if p.many {
				q.values[p.name] = append(q.values[p.name], strings.Split(v, ",")...)
			} else {
				q.values[p.name] = append(q.values[p.name], v)
			}
		}
		if len(q.values[p.name]) > 1 && !p.many {
			return fail(http.StatusBadRequest, "parameter-twice", "", "parameter", given)
		}
		for _, v := range q.values[p.name] {
			if !p.takes(v) {
				return fail(http.StatusBadRequest, "parameter-invalid", "", "parameter", given, "takes", p.wants(q.Lang))
			}
		}
	}
	return nil
}

func (p *param) takes(v string) bool {
	switch p.kind {
	case keyParam:
		return field.IsKey(v)
	case idParam:
		_, err := name.ParseID(v)
		return err == nil
	case yearParam:
		n, err := strconv.Atoi(v)
		return err == nil && n >= 1990 && n <= 2200
	case limitParam:
		n, err := strconv.Atoi(v)
		return err == nil && n >= 1 && n <= most
	case yesNoParam:
		return v == "true" || v == "false"
	case dayParam:
		_, err := calendar.ParseDate(v)
		return err == nil
	case choiceParam:
		return slices.Contains(p.choice, v)
	}
	return len(v) <= maxParam && utf8.ValidString(v)
}

// wants says what a parameter takes.
func (p *param) wants(lang string) string {
	switch p.kind {
	case choiceParam:
		return strings.Join(p.choice, " · ")
	case dayParam:
		return "YYYY-MM-DD"
	case yearParam:
		return "1990–2200"
	case limitParam:
		return "1–" + strconv.Itoa(most)
	case yesNoParam:
		return "true · false"
	case idParam:
		return words.Say(lang, "api.takes-id")
	case keyParam:
		return words.Say(lang, "api.takes-key")
	}
	return words.Say(lang, "api.takes-text")
}

// schema describes what a parameter takes.
func (p *param) schema() map[string]any {
	s := map[paramKind]map[string]any{
		textParam:   {"type": "string", "maxLength": maxParam},
		keyParam:    {"type": "string", "pattern": keyPattern},
		idParam:     {"type": "string", "pattern": idPattern},
		yearParam:   {"type": "integer", "minimum": 1990, "maximum": 2200},
		limitParam:  {"type": "integer", "minimum": 1, "maximum": most, "default": 50},
		yesNoParam:  {"type": "boolean"},
		choiceParam: {"type": "string", "enum": p.choice},
		dayParam:    {"type": "string", "format": "date"},
	}[p.kind]
	if p.many {
		return map[string]any{"type": "array", "items": s}
	}
	return s
}

const (
	keyPattern = `^[a-z0-9][a-z0-9./-]{0,59}$`
	idPattern  = `^[0-9]{6}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`
)

// said returns a parameter's value, empty if it was not given.
func (q *request) said(p string) string {
	if len(q.values[p]) == 0 {
		return ""
	}
	return q.values[p][0]
}

// number returns a parameter that counts, 0 if it was not given.
func (q *request) number(p string) int {
	n, _ := strconv.Atoi(q.said(p))
	return n
}

// id returns the id in the path. One that is no id is not found, whatever stands there.
func (q *request) id() (name.ID, error) {
	id, err := name.ParseID(q.PathValue("id"))
	if err != nil || id.District() != q.s.Desk.District() {
		return "", fail(http.StatusNotFound, "not-found", "")
	}
	return id, nil
}

// limit is the size of the page that is asked for.
func (q *request) limit() int {
	if n := q.number("limit"); n > 0 {
		return n
	}
	return 50
}

// narrowed reads the parameters of a list of matters, all but goal and page.
func (q *request) narrowed() journal.Query {
	jq := journal.Query{Kinds: q.values["kind"], States: q.values["state"], Lights: q.values["light"], Person: name.Person(q.said("person")), Text: q.said("text"),
		Order: journal.ByDue, Limit: q.limit()}
	for _, u := range q.values["unit"] {
		jq.Units = append(jq.Units, name.Unit(u))
	}
	if v := q.said("open"); v != "" {
		open := v == "true"
		jq.Open = &open
	}
	return jq
}
