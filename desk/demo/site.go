package demo

import (
	"fmt"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// works says how many sites of a category there are, how big they are, and how far they have come by the demo's
// start: so many accepted, one or more waiting for acceptance, the others being built or not yet begun.
type works struct {
	category string
	title    string // with the number of the site
	unit     name.Unit
	sites    int
	accepted int
	checked  int // completed and checked, waiting for acceptance
	building int
	size     string
}

// ledger is the demo's works ledger: the counts are the report's, the progress is made up.
var ledger = []works{
	{"old-estate", "第%d批老旧小区改造（演示小区%d号）", "housing", 21, 14, 1, 5, "1"},
	{"secondary-water", "二次供水改造（演示泵房%d号）", "housing", 50, 26, 2, 20, "1"},
	{"road-start", "主次道路（演示道路%d号）", "housing", 23, 4, 1, 15, "1.1"},
	{"road-open", "街路通车（演示街路%d号）", "housing", 16, 12, 1, 3, "1.6"},
	{"pocket-park", "口袋公园（演示%d号）", "landscape", 10, 9, 0, 1, "1800"},
	{"greening", "新增绿地（演示地块%d号）", "landscape", 5, 4, 0, 1, "10000"},
	{"afforestation", "绿化造林（演示地块%d号）", "agriculture", 7, 6, 0, 1, "100"},
	{"school-finish", "学校建设（演示学校%d号）", "education", 2, 1, 0, 1, "2400"},
	{"school-start", "学校开工（演示学校%d号）", "education", 3, 0, 0, 2, "1600"},
}

// sites plans the life of every site of the ledger.
func (b *Builder) sites() {
	photos := []journal.File{picture("改造前.png", false), picture("改造后.png", true)}
	report := document("竣工报告.txt", "竣工报告（演示材料，内容虚构）\n")
	n := 0
	for _, w := range ledger {
		if !b.Desk.Directory().Has(w.unit) {
			w.unit = "housing"
		}
		for i := 1; i <= w.sites; i++ {
			b.site(w, i, n, photos, report)
			n++
		}
	}
}

// titleOf names a site.
func (w works) titleOf(i int) string {
	if w.category == "old-estate" {
		return fmt.Sprintf(w.title, (i-1)/7+1, i)
	}
	return fmt.Sprintf(w.title, i)
}

func (b *Builder) site(w works, i, n int, photos []journal.File, report journal.File) {
	year := Opening.Year() + 1
	office, handler := b.nth("office", "issuer", n%2), b.as(w.unit, "handler")
	streets := b.Desk.Directory().Streets
	due := calendar.NewDate(year, 7+i%4, 10+n%18)
	if i > w.accepted {
		due = calendar.NewDate(year, 9+i%3, 5+n%22)
	}
	with := map[string]string{"title": w.titleOf(i), "category": w.category, "unit": string(w.unit), "due": due.String(), "size": w.size,
		"begin": calendar.NewDate(year, 4, 1+n%25).String()}
	if len(streets) > 0 {
		with["area"] = streets[n%len(streets)].Code
	}
	var id name.ID
	b.plan(b.working(calendar.NewDate(year, 3, 1+n%20)), 9*60, func() error {
		done, err := b.Desk.Start(b.ctx, office, desk.Do{Kind: "works/site", Act: "file", With: with})
		id = done.Matter
		return err
	})
	if i > w.accepted+w.checked+w.building { // not begun yet
		b.byTwo(w, i, office, &id)
		return
	}
	begun := b.working(calendar.NewDate(year, 4, 3+n%22))
	b.plan(begun, 9*60+30, func() error {
		return b.act(handler, id, "start", desk.Do{With: map[string]string{"begun": begun.String(), "person": string(handler.Person)},
			Evidence: evidenceOf(photos[:1]), Files: photos[:1]})
	})
	for month := 5; month <= 9; month++ {
		if i <= w.accepted && month > 6 || i <= w.accepted+w.checked && month > 7 {
			break
		}
		day, percent := b.working(calendar.NewDate(year, month, 2+n%20)), 10+(month-4)*13+n%7
		b.plan(day, 11*60, func() error {
			return b.act(handler, id, "report-progress", desk.Do{With: map[string]string{"percent": fmt.Sprint(percent), "note": notes[(n+month)%len(notes)]}})
		})
	}
	if i <= w.accepted+w.checked {
		b.complete(w, i, n, &id, due, handler, photos, report)
	}
}

// complete plans completion, the check by another unit and, unless the site is to wait for it, acceptance.
func (b *Builder) complete(w works, i, n int, id *name.ID, due calendar.Date, handler desk.Caller, photos []journal.File, report journal.File) {
	day := b.working(min(due-calendar.Date(n%9), calendar.NewDate(due.Year(), 9, 8+n%14)))
	b.plan(day, 9*60, func() error {
		all := append(photos[:2:2], report)
		return b.act(handler, *id, "complete", desk.Do{With: map[string]string{"completed": day.String(), "final-size": w.size, "percent": "100"}, Evidence: evidenceOf(all), Files: all})
	})
	checker := b.nth("supervision", "checker", n%2)
	b.plan(b.working(day+3), 10*60, func() error {
		return b.act(checker, *id, "check", desk.Do{With: map[string]string{"check-note": "到现场核验，规模属实，质量合格。"}, Evidence: evidenceOf(photos[1:2]), Files: photos[1:2]})
	})
	if i > w.accepted {
		return
	}
	b.plan(b.working(day+7), 14*60, func() error {
		return b.act(b.nth("office", "issuer", (n+1)%2), *id, "accept", desk.Do{With: map[string]string{"accept-note": "验收合格，同意办结。"}})
	})
}

// byTwo plans what takes two: of the roads that have not begun one was put off in summer, with the consent of the office's head, and one waits for a leader to
// cancel it.
func (b *Builder) byTwo(w works, i int, office desk.Caller, id *name.ID) {
	ask := func(day calendar.Date, act, reason string, with map[string]string) {
		b.plan(day, 10*60+10, func() error { return b.act(office, *id, act, desk.Do{With: with, Reason: reason}) })
	}
	switch {
	case w.category != "road-start":
	case i == w.sites-1:
		head, day := b.as("office", "head"), b.working(calendar.NewDate(Opening.Year()+1, 8, 14))
		ask(day, "ask-change-plan", "地下管线迁改晚于计划，申请顺延竣工时限。", map[string]string{"due": calendar.NewDate(day.Year(), 12, 28).String()})
		b.plan(b.working(day+1), 9*60+40, func() error {
			m, err := b.Desk.Matter(b.ctx, head, *id)
			if err != nil {
				return err
			}
			return b.act(head, *id, "change-plan", desk.Do{Version: m.Version})
		})
	case i == w.sites:
		ask(b.working(calendar.Instant(Start).Date()-4), "ask-cancel", "并入市级快速路工程一并实施，申请取消。", nil)
	}
}

// evidenceOf refers to files: pictures are photos, anything else is a document.
func evidenceOf(files []journal.File) (all []matter.Evidence) {
	for _, f := range files {
		kind := matter.Document
		if f.Media == "image/png" {
			kind = matter.Photo
		}
		all = append(all, matter.Evidence{Kind: kind, File: f.Hash.String(), Name: f.Name})
	}
	return all
}
