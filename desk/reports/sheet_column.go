package reports

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// sheetColumn is one column that a list of goals may have.
type sheetColumn struct {
	key    string
	words  name.Text
	also   []string // what offices call it besides; compared without blanks and punctuation, in lower case
	needed bool
	read   func(r *sheetReader, t *indicator.Terms, text string) *fault.Refusal
	sample string // for the template
}

// sheetColumns are all columns in the order of the template. The other names are those that task lists of districts
// use (任务分解表, 重点工作台账, 民生实事清单).
var sheetColumns = []sheetColumn{
	{key: "title", words: name.Text{ZH: "任务", EN: "Task"}, needed: true, sample: "改造老旧小区21个",
		also: []string{"目标", "任务名称", "任务内容", "工作任务", "目标任务", "目标名称", "重点任务", "事项", "事项名称", "实事项目", "项目名称", "工作内容", "主要任务", "title", "goal", "name"},
		read: func(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			if tooLong(s, MaxTitle) {
				return fault.Refuse(fault.ErrInvalid, "too-long", "title", "limit", strconv.Itoa(MaxTitle))
			}
			t.Title = strings.Join(strings.Fields(s), " ")
			return nil
		}},
	{key: "year", words: name.Text{ZH: "年度", EN: "Year"}, also: []string{"年份", "year"}, sample: "2023", read: readYear},
	{key: "shape", words: name.Text{ZH: "目标类型", EN: "Shape"}, also: []string{"类型", "指标类型", "shape", "type"}, sample: "累计型", read: readShape},
	{key: "target", words: name.Text{ZH: "目标值", EN: "Target"}, sample: "21个",
		also: []string{"指标值", "年度目标", "年度目标值", "计划数", "计划值", "计划完成", "目标数", "指标", "量化目标", "target", "value"}, read: readTarget},
	{key: "unit", words: name.Text{ZH: "计量单位", EN: "Measure"}, also: []string{"单位", "量纲", "measure", "unit of measure"}, sample: "",
		read: func(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			if base, _ := money.SplitUnit(t.Target.Unit); base == "" && t.Target.Op != "" { // 1.5万 beside 平方米
				t.Target.Unit = strings.TrimSuffix(t.Target.Unit, scaleOf(s)) + s
			}
			return nil
		}},
	{key: "base", words: name.Text{ZH: "上年基数", EN: "Base"}, also: []string{"基数", "去年完成", "上年完成", "上年值", "上年实绩", "base"}, sample: "", read: readBase},
	{key: "start", words: name.Text{ZH: "开始时间", EN: "Start"}, also: []string{"开始", "起始时间", "启动时间", "start"}, sample: "2023-01-01",
		read: func(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			return readDate(&t.Start, s, r.yearOf(t), false, "start")
		}},
	{key: "due", words: name.Text{ZH: "完成时限", EN: "Due"}, needed: true, sample: "2023-12-31",
		also: []string{"时限", "完成时间", "办结时限", "截止时间", "截止日期", "完成期限", "计划完成时间", "时间节点", "due", "deadline"},
		read: func(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			return readDate(&t.Due, s, r.yearOf(t), true, "due")
		}},
	{key: "lead", words: name.Text{ZH: "牵头单位", EN: "Lead unit"}, needed: true, sample: "区住建局",
		also: []string{"责任单位", "主办单位", "承办单位", "牵头部门", "责任部门", "主责单位", "lead", "lead unit", "unit"}, read: readLead},
	{key: "assist", words: name.Text{ZH: "配合单位", EN: "Assisting units"}, sample: "区财政局、东盛街道",
		also: []string{"协办单位", "配合部门", "协办部门", "参与单位", "assist", "assisting"}, read: readAssist},
	{key: "leader", words: name.Text{ZH: "责任领导", EN: "Leader"}, also: []string{"分管领导", "牵头领导", "包保领导", "leader"}, sample: "",
		read: func(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			return r.person(&t.Leader, s, "leader")
		}},
	{key: "person", words: name.Text{ZH: "具体责任人", EN: "Person"}, also: []string{"责任人", "经办人", "联系人", "person"}, sample: "",
		read: func(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			return r.person(&t.Person, s, "person")
		}},
	{key: "evidence", words: name.Text{ZH: "完成凭据", EN: "Evidence"}, also: []string{"佐证材料", "证明材料", "完成标准", "evidence"}, sample: "验收材料、现场照片",
		read: func(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			t.Evidence = clip(s, 500)
			return nil
		}},
	{key: "domain", words: name.Text{ZH: "领域", EN: "Domain"}, also: []string{"类别", "板块", "所属领域", "分类", "domain"}, sample: "民生",
		read: func(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal { t.Domain = clip(s, 40); return nil }},
	{key: "weight", words: name.Text{ZH: "权重", EN: "Weight"}, also: []string{"分值", "weight"}, sample: "1",
		read: func(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || n > 100 {
				return fault.Refuse(fault.ErrInvalid, "sheet-weight", "weight")
			}
			t.Weight = n
			return nil
		}},
}

// columnOf returns the column that a heading names, nil if none.
func columnOf(heading string) *sheetColumn {
	h := plainHeading(heading)
	for i := range sheetColumns {
		c := &sheetColumns[i]
		if h == plainHeading(c.words.ZH) || h == plainHeading(c.words.EN) || slices.ContainsFunc(c.also, func(s string) bool { return h == plainHeading(s) }) {
			return c
		}
	}
	return nil
}

// columnsOf returns the column that each heading of a sheet names, nil for none. 目标 names what is to be done, and
// where another heading names that, how much of it.
func columnsOf(header []string) []*sheetColumn {
	all, named := make([]*sheetColumn, len(header)), map[string]int{}
	for i, h := range header {
		if all[i] = columnOf(h); all[i] != nil {
			named[all[i].key]++
		}
	}
	for i, h := range header {
		if plainHeading(h) == "目标" && named["title"] > 1 && named["target"] == 0 {
			all[i] = columnOf("目标值")
		}
	}
	return all
}

// plainHeading drops what does not name a column: blanks, punctuation, and what stands in brackets.
func plainHeading(h string) string {
	if i := strings.IndexAny(h, "（("); i > 0 {
		h = h[:i]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || r == '*' {
			return -1
		}
		return unicode.ToLower(r)
	}, h)
}

func (r *sheetReader) yearOf(t *indicator.Terms) int {
	if t.Year != 0 {
		return t.Year
	}
	return r.year
}

func readShape(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
	for _, sh := range indicator.Shapes {
		w := sh.Words()
		if s == string(sh) || s == w.ZH || s+"型" == w.ZH || strings.EqualFold(s, w.EN) {
			t.Shape = sh
			return nil
		}
	}
	return fault.Refuse(fault.ErrInvalid, "sheet-shape", "shape")
}

// sheetOps are the words before or behind a figure, the longer first, with the relation that they say.
var sheetOps = []struct {
	before, behind, op string
}{
	{"增长", "以上", "growth_ge"}, {"增长", "左右", "growth_approx"}, {"增长超", "", "growth_gt"}, {"增长", "", "growth"},
	{"下降", "以上", "decline_ge"}, {"下降", "左右", "decline_approx"}, {"下降", "", "decline"}, {"降低", "", "decline"},
	{"达到", "以上", "ge"}, {"达到", "", "reach"}, {"达", "", "reach"}, {"不低于", "", "ge"}, {"不少于", "", "ge"}, {"不超过", "", "le"}, {"不高于", "", "le"},
	{"控制在", "以内", "le"}, {"≥", "", "ge"}, {">=", "", "ge"}, {"≤", "", "le"}, {"<=", "", "le"}, {"超过", "", "gt"}, {"突破", "", "gt"}, {">", "", "gt"}, {"<", "", "lt"},
	{"", "以上", "ge"}, {"", "以内", "le"}, {"", "以下", "le"}, {"", "左右", "approx"}, {"", "", "eq"},
}

// readTarget reads what a cell promises: 21个, ≥60%, 增长10%以上.
func readTarget(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
	for _, o := range sheetOps {
		rest, ok := strings.CutPrefix(s, o.before)
		if !ok {
			continue
		}
		if rest, ok = strings.CutSuffix(rest, o.behind); !ok {
			continue
		}
		q, err := money.ParseQuantity(strings.TrimSpace(rest))
		if err != nil {
			continue
		}
		t.Target = indicator.Target{Op: o.op, Value: q.Value, Unit: q.Unit}
		return nil
	}
	return fault.Refuse(fault.ErrInvalid, "sheet-target", "target")
}

// scaleOf returns the scale word that a unit begins with: 万 of 万平方米.
func scaleOf(unit string) string {
	base, power := money.SplitUnit(unit)
	if power == 0 {
		return ""
	}
	return strings.TrimSuffix(unit, base)
}

func readBase(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
	q, err := money.ParseQuantity(s)
	if err != nil {
		return fault.Refuse(fault.ErrInvalid, "sheet-target", "base")
	}
	unit := q.Unit
	if unit == "" {
		unit = t.Target.Unit
	}
	t.Base = &indicator.Base{Value: q.Value, Unit: unit, Year: r.yearOf(t) - 1, From: SheetRule}
	return nil
}

func readYear(_ *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
	n, err := strconv.Atoi(strings.TrimSuffix(s, "年"))
	if err != nil || n < 1990 || n > 2200 {
		return fault.Refuse(fault.ErrInvalid, "not-year", "year")
	}
	t.Year = n
	return nil
}

// readDate reads a day as offices write it: 2023-12-31, 2023年12月31日, 20231231, 2023年12月, 12月底, 年底, and the number of the day
// that a spreadsheet keeps where nobody told it that the cell is a date. A month is meant to its end where the cell says until when,
// otherwise from its first day.
func readDate(to *calendar.Date, s string, year int, end bool, field string) *fault.Refusal {
	bad := fault.Refuse(fault.ErrInvalid, "sheet-date", field)
	s = strings.TrimSuffix(s, "T00:00")
	if strings.Trim(s, "0123456789年月日号底末前全-/. ") != "" {
		return bad
	}
	var n []int
	for _, digits := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		v, err := strconv.Atoi(digits)
		if err != nil {
			return bad
		}
		n = append(n, v)
	}
	if len(n) == 1 {
		n = dayNumber(n, s)
	}
	if len(n) == 0 || n[0] < 100 {
		if len(n) == 0 && !strings.ContainsAny(s, "底末") {
			return bad
		}
		if year == 0 {
			return fault.Refuse(fault.ErrInvalid, "sheet-date-year", field)
		}
		n = append([]int{year}, n...)
	}
	d, ok := dayOf(n, end)
	if ok {
		*to = d
		return nil
	}
	return bad
}

// dayNumber takes a cell that is one number apart: 20231231, or the days since the end of 1899 from 1990 to 2199 that spreadsheets count.
func dayNumber(n []int, cell string) []int {
	switch v := n[0]; {
	case len(cell) == 8 && strconv.Itoa(v) == cell:
		return []int{v / 10000, v / 100 % 100, v % 100}
	case len(cell) == 5 && v >= 32874 && v <= 109571:
		d := calendar.NewDate(1899, 12, 30) + calendar.Date(v)
		y, m, day := d.Civil()
		return []int{y, m, day}
	}
	return n
}

// dayOf returns the day of a year, a year and month, or a whole date.
func dayOf(n []int, end bool) (calendar.Date, bool) {
	switch {
	case len(n) == 1 && end:
		n = append(n, 12)
	case len(n) == 1:
		n = append(n, 1)
	}
	if len(n) > 3 || n[0] < 1990 || n[0] > 2200 || n[1] < 1 || n[1] > 12 {
		return 0, false
	}
	first := calendar.NewDate(n[0], n[1], 1)
	switch {
	case len(n) == 2 && end:
		return first.MonthEnd(), true
	case len(n) == 2:
		return first, true
	}
	if n[2] < 1 || n[2] > 31 {
		return 0, false
	}
	d := first + calendar.Date(n[2]-1)
	return d, d <= first.MonthEnd()
}

func readLead(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
	units := r.units(s)
	switch {
	case len(units) == 0 || units[0] == "":
		return fault.Refuse(fault.ErrInvalid, "sheet-unit", "lead", "value", clip(s, 40))
	case len(units) > 1:
		return fault.Refuse(fault.ErrInvalid, "sheet-one-lead", "lead")
	}
	t.Lead = units[0]
	return nil
}

func readAssist(r *sheetReader, t *indicator.Terms, s string) *fault.Refusal {
	for i, u := range r.units(s) {
		if u == "" {
			return fault.Refuse(fault.ErrInvalid, "sheet-unit", "assist", "value", clip(parted(s)[i], 40))
		}
		if u != t.Lead && !slices.Contains(t.Assist, u) {
			t.Assist = append(t.Assist, u)
		}
	}
	return nil
}

func parted(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) })
}

// units finds the units that a cell names, by name, short name or key; an unknown one is empty.
func (r *sheetReader) units(s string) (all []name.Unit) {
	for _, part := range parted(s) {
		all = append(all, unitNamed(r.dir, strings.TrimSpace(part)))
	}
	return all
}

func unitNamed(dir *desk.Directory, s string) name.Unit {
	for _, u := range dir.Units {
		if s == u.Words.ZH || s == u.Short.ZH || s == string(u.Key) || "区"+s == u.Short.ZH || "区"+s == u.Words.ZH || s == "区"+u.Short.ZH ||
			strings.EqualFold(s, u.Words.EN) || strings.EqualFold(s, u.Short.EN) {
			return u.Key
		}
	}
	return ""
}

// person finds the person that a cell names; a name that two persons bear is refused.
func (r *sheetReader) person(to *name.Person, s, field string) *fault.Refusal {
	var found []name.Person
	for _, p := range r.dir.Persons {
		if s == string(p.Key) || s == p.Words.ZH || strings.EqualFold(s, p.Words.EN) {
			found = append(found, p.Key)
		}
	}
	if len(found) != 1 {
		return fault.Refuse(fault.ErrInvalid, "not-key", field, "value", clip(s, 40))
	}
	*to = found[0]
	return nil
}

// SheetTemplate returns the headings and one example row of an empty list, in lang.
func SheetTemplate(lang string) (headings, example []string) {
	for _, c := range sheetColumns {
		headings = append(headings, c.words.In(lang))
		example = append(example, c.sample)
	}
	return headings, example
}
