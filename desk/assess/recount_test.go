package assess_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/assess"
	"bihuan/desk/boards"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/internal/district"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestADeputyRecountsTheMonth: whatever happens to cases, the on-time rate and the score of each unit and of all on the board, and the
// timeliness of each unit on the sheet, are what somebody works out who reads nothing but the events, by the rule as it is printed. The recount shares no line with what it checks: it
// knows neither rows nor measures nor how a matter is made of its events.
func TestADeputyRecountsTheMonth(t *testing.T) {
	x := district.New(t, calendar.NewDate(2023, 8, 28))
	room, sheets := boards.New(x.Desk, x.Store), assess.New(x.Desk, x.Store)
	reader := x.As(t, "supervision", "supervisor", 0)
	seed := rand.Uint64()
	h := &history{T: t, x: x, chance: rand.New(rand.NewPCG(seed, 2))}
	seen := map[string]int{}
	for round := range 4 {
		for range 30 {
			h.step()
		}
		cases, kept := h.recount()
		for _, month := range []string{"2023-08", "2023-09", "2023-10", "2023-11", "2023-12"} {
			sheet, err := room.Month(t.Context(), reader, "urban/monthly", month)
			if err != nil {
				continue // it has not begun
			}
			e, err := sheets.Month(t.Context(), reader, month)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range e.Units {
				got, want := timeliness(&u), kept[string(u.Unit)+" "+month]
				if got != want {
					t.Fatalf("seed %d, round %d, %s: %s kept %v of its times, recounted %v", seed, round, month, u.Unit, got, want)
				}
				if want[0] < want[1] {
					seen["times not kept"]++
				}
				delete(kept, string(u.Unit)+" "+month)
			}
			for of, n := range kept {
				if unit, m, _ := strings.Cut(of, " "); m == month && x.Desk.Directory().Has(name.Unit(unit)) {
					t.Fatalf("seed %d, round %d, %s: %s is not on the sheet, and had %v", seed, round, month, unit, n)
				}
			}
			rows, all := sheet.Board("unit")
			units := map[string][]*told{}
			for _, c := range cases {
				units[c.unit] = append(units[c.unit], c)
			}
			for i, row := range append(rows, all) {
				of := units[row.Under]
				if i == len(rows) {
					of = cases
				}
				want := figuresOf(of, month)
				got := figures{due: row.Counts[sheet.Card.Count("due")], inTime: row.Counts[sheet.Card.Count("in-time")], rate: said(row.Rates[0]), score: said(row.Score)}
				if got != want {
					t.Fatalf("seed %d, round %d, %s %q: shown %+v, recounted %+v", seed, round, month, row.Under, got, want)
				}
				seen["rows"]++
				if want.due > want.inTime {
					seen["late or running"]++
				}
				if want.score != "" && want.score != "100" {
					seen["scores"]++
				}
			}
		}
	}
	if seen["rows"] == 0 || seen["late or running"] == 0 || seen["scores"] == 0 || seen["times not kept"] == 0 {
		t.Errorf("seed %d: nothing was compared that could differ: %v", seed, seen)
	}
	t.Logf("compared %v, done %v", seen, h.done)
}

func said(v indicator.ScoreValue) string {
	if !v.Known {
		return ""
	}
	return v.Value.String()
}

// history is a random course of cases, each step through the desk as its people take it.
type history struct {
	*testing.T
	x      *district.District
	chance *rand.Rand
	cases  []name.ID
	done   map[string]int
}

// move is what somebody may do with a case in a state.
type move struct {
	unit   name.Unit // empty: whoever handles it
	role   name.Role
	act    string
	with   map[string]string
	photos int
	code   string
	clock  string
	units  int
	reason string
}

var conditions = []string{"E06002/E06002-1", "E05006/E05006-1", "E05001/E05001-1", "C01003/C01003-2"}

var handlers = []name.Unit{"road-maintenance", "sanitation", "housing"}

// moves are some acts of each state; one that comes twice is likelier.
var moves = map[string][]move{
	"to-file":     {{unit: "watch-centre", role: "operator", act: "file"}, {unit: "watch-centre", role: "operator", act: "file"}, {unit: "watch-centre", role: "operator", act: "file"}, {unit: "watch-centre", role: "operator", act: "decline", with: map[string]string{"answer": "不符合"}, reason: "不符合"}},
	"to-dispatch": {{unit: "command-centre", role: "dispatcher", act: "dispatch", with: map[string]string{"unit": "UNIT", "why-unit": "属主"}}, {unit: "command-centre", role: "dispatcher", act: "dispatch", with: map[string]string{"unit": "UNIT", "why-unit": "属主"}}, {unit: "watch-centre", role: "operator", act: "void", reason: "重复录入"}},
	"dispatched":  {{role: "handler", act: "sign"}, {role: "handler", act: "sign"}, {role: "handler", act: "refuse", with: map[string]string{"refusal": "不属本单位"}, reason: "不属本单位"}},
	"returned":    {{unit: "command-centre", role: "dispatcher", act: "dispatch", with: map[string]string{"unit": "UNIT", "why-unit": "改派"}}, {unit: "command-centre", role: "head", act: "arbitrate", with: map[string]string{"unit": "UNIT"}, reason: "仲裁"}, {unit: "command-centre", role: "head", act: "escalate", code: "escalate", clock: "handle", reason: "权属不清"}},
	"handling": {{role: "handler", act: "feedback", with: map[string]string{"note": "已处置"}, photos: 1}, {role: "handler", act: "feedback", with: map[string]string{"note": "已处置"}, photos: 1},
		{role: "handler", act: "fenced", with: map[string]string{"note": "已围护"}, photos: 1}, {role: "handler", act: "repaired", with: map[string]string{"note": "已抢修"}, photos: 1},
		{unit: "command-centre", role: "head", act: "hold", code: "weather", clock: "handle", reason: "大雨"}, {unit: "command-centre", role: "head", act: "extend", clock: "handle", units: 1, reason: "备料"},
		{unit: "command-centre", role: "head", act: "shelve", code: "shelve", clock: "handle", reason: "没有资金"}, {unit: "command-centre", role: "head", act: "escalate", code: "escalate", clock: "handle", reason: "难办"},
		{unit: "command-centre", role: "head", act: "postpone", code: "postpone", clock: "handle", with: map[string]string{"resume-on": "2024-03-01"}, reason: "冬季"},
		{unit: "command-centre", role: "head", act: "reassign", with: map[string]string{"unit": "UNIT", "why-unit": "改派"}, reason: "改派"}},
	"on-hold":   {{role: "handler", act: "go-on", reason: "雨停"}, {unit: "command-centre", role: "head", act: "go-on", reason: "雨停"}},
	"postponed": {{role: "handler", act: "end-postponement", reason: "到期"}},
	"shelved":   {{unit: "command-centre", role: "dispatcher", act: "unshelve", reason: "有资金"}},
	"difficult": {{unit: "command-centre", role: "head", act: "arbitrate", with: map[string]string{"unit": "UNIT"}, reason: "定了"}},
	"reported":  {{unit: "watch-centre", role: "operator", act: "send-check", with: map[string]string{"collector": "COLLECTOR"}}, {unit: "watch-centre", role: "collector", act: "pass", with: map[string]string{"check-note": "好"}, photos: 1}, {unit: "watch-centre", role: "collector", act: "redo", with: map[string]string{"check-note": "没好"}, photos: 1, reason: "没好"}},
	"verified":  {{unit: "watch-centre", role: "operator", act: "close", with: map[string]string{"answer": "已办"}}},
	"closed":    {{unit: "watch-centre", role: "operator", act: "contest", with: map[string]string{"rating": "bad", "rating-note": "没好"}}, {unit: "watch-centre", role: "operator", act: "reopen", reason: "又坏了"}, {}, {}},
	"contested": {{unit: "watch-centre", role: "operator", act: "explain", with: map[string]string{"answer": "已解释"}}, {unit: "watch-centre", role: "operator", act: "redo", with: map[string]string{"check-note": "没好"}, photos: 1, reason: "没好"}},
}

// step lets some time pass and has one thing happen to one case. What is refused did not happen.
func (h *history) step() {
	h.x.Clock.Forward(time.Duration(h.chance.IntN(12*3600)) * time.Second)
	if len(h.cases) < 40 && h.chance.IntN(4) == 0 || len(h.cases) == 0 {
		h.open()
		return
	}
	id := h.cases[h.chance.IntN(len(h.cases))]
	for range 1 + h.chance.IntN(5) {
		if !h.move(id) {
			return
		}
		h.x.Clock.Forward(time.Duration(h.chance.IntN(5*3600)) * time.Second)
	}
}

func (h *history) open() {
	h.Helper()
	class, condition := pair(conditions[h.chance.IntN(len(conditions))])
	who := h.x.As(h.T, "watch-centre", "collector", 0)
	do := desk.Do{Kind: "urban/case", Act: "collect", With: map[string]string{"title": fmt.Sprint("第", len(h.cases), "件"), "class": class, "condition": condition, "area": "220105001",
		"place": "125.35743,43.86548", "address": "东盛大街128号", "source": "collector"}}
	h.attach(&do, 1)
	done, err := h.x.Desk.Start(context.Background(), who, do)
	if err != nil {
		h.Fatal(err)
	}
	h.cases = append(h.cases, done.Matter)
}

func pair(s string) (string, string) {
	for i := range s {
		if s[i] == '/' {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func (h *history) attach(do *desk.Do, n int) {
	for range n {
		f, err := desk.Upload("evidence", "p.jpg", "image/jpeg", corpus.JPEG(h.chance.IntN(100)))
		if err != nil {
			h.Fatal(err)
		}
		do.Files, do.Evidence = append(do.Files, f), append(do.Evidence, matter.Evidence{Kind: matter.Photo, File: f.Hash.String(), Name: f.Name})
	}
}

// move takes one of the moves of a case's state and reports whether it was allowed.
func (h *history) move(id name.ID) bool {
	m, err := h.x.Desk.Matter(context.Background(), h.x.As(h.T, "watch-centre", "operator", 0), id)
	if err != nil {
		h.Fatal(err)
	}
	all := moves[m.State]
	if len(all) == 0 {
		return false
	}
	mv := all[h.chance.IntN(len(all))]
	if mv.act == "" {
		return false
	}
	if mv.unit == "" {
		mv.unit = name.Unit(m.Fields["unit"])
	}
	return h.do(id, &mv) == nil
}

// do takes a move.
func (h *history) do(id name.ID, mv *move) error {
	do := desk.Do{Matter: id, Act: mv.act, With: map[string]string{}, Code: mv.code, Clock: mv.clock, Units: mv.units, Reason: mv.reason}
	for k, v := range mv.with {
		switch v {
		case "UNIT":
			v = string(handlers[h.chance.IntN(len(handlers))])
		case "COLLECTOR":
			v = string(h.x.As(h.T, "watch-centre", "collector", 1).Person)
		}
		do.With[k] = v
	}
	h.attach(&do, mv.photos)
	n := 0
	if mv.role == "collector" {
		n = 1
	}
	_, err := h.x.Desk.Act(context.Background(), h.x.As(h.T, mv.unit, mv.role, n), do)
	return err
}

// told is what the events tell of one case.
type told struct {
	unit, state       string
	due, stopped      int64 // µs, of the time to handle
	suspended, late   bool  // late: an earlier stage was
	reworks, returned bool
	holder            string
	over              bool
	times             map[string]*limit
}

// limit is one of a case's limits as it runs: of whichever step it is.
type limit struct {
	due             int64
	ended, standing bool
}

// heard is what a deputy reads of an event: the words of its body, and nothing of the program.
type heard struct {
	Verb   string
	To     string
	Phase  string
	Holder *struct{ Unit string }
	Fields map[string]string
	Clocks []struct {
		Op, Clock string
		Due       int64
	}
}

// every is all cases that there are: where much happens at one place, the platform opens one about the cause.
func (h *history) every() (all []name.ID) {
	page, err := h.x.Store.Rows(context.Background(), journal.Query{Log: "220105", Now: h.x.Desk.Now(), Scope: journal.Scope{All: true}, Kinds: []string{"urban/case"}, Order: journal.ByOpened, Limit: 500})
	if err != nil || page.Next != "" {
		h.Fatal(err)
	}
	for i := range page.Rows {
		all = append(all, page.Rows[i].Stream)
	}
	return all
}

// recount reads the events of every case from the first on: what became of each, and how many of its times each unit kept in each
// month, of how many.
func (h *history) recount() (all []*told, kept map[string][2]int) {
	h.done, kept = map[string]int{}, map[string][2]int{}
	now := h.x.Desk.Now()
	for _, id := range h.every() {
		events, err := h.x.Store.Events(context.Background(), id, 0)
		if err != nil {
			h.Fatal(err)
		}
		c := &told{times: map[string]*limit{}}
		for i, e := range events {
			var b heard
			if err := json.Unmarshal(e.Body, &b); err != nil {
				h.Fatal(err)
			}
			if i > 0 {
				monthsEnd(c, events[i-1].At, e.At, kept)
			}
			h.done[b.Verb]++
			c.keep(&b, e.At, kept)
			c.hear(&b, e.At)
		}
		monthsEnd(c, events[len(events)-1].At, now, kept)
		c.overdue(now, monthOf(now), kept) // the month that runs is looked at now
		all = append(all, c)
	}
	return all, kept
}

// hear takes in one event.
func (c *told) hear(b *heard, at int64) {
	if b.To != "" {
		c.state = b.To
	}
	if u, ok := b.Fields["unit"]; ok {
		c.unit = u
	}
	c.reworks = c.reworks || b.Verb == "rework"
	c.returned = c.returned || b.Verb == "return"
	for _, k := range b.Clocks {
		if k.Clock != "handle" {
			continue
		}
		switch k.Op {
		case "start", "restart":
			c.due, c.stopped, c.suspended, c.late = k.Due, 0, false, false
		case "pass": // the stages of an emergency: one that was late stays so
			c.late = c.late || at >= c.due
			c.due = k.Due
		case "pause":
			c.suspended = true
		case "resume":
			c.suspended, c.due = false, k.Due
		case "extend", "recompute", "earlier":
			c.due = k.Due
		case "stop":
			c.stopped = at
		}
	}
}

// counts is the rule of the cohort: a case counts in the month in which the time to handle it, with what was granted besides, ends.
// One that is suspended counts in none, nor does one that a unit gave back and nobody has been given yet.
func (c *told) counts(month string) bool {
	if c.due == 0 || c.suspended || c.state == "returned" || c.state == "difficult" || c.state == "declined" || c.state == "void" || c.state == "merged" {
		return false
	}
	return time.UnixMicro(c.due-1).In(zone).Format("2006-01") == month
}

var zone = time.FixedZone("", 8*3600)

func monthOf(at int64) string { return time.UnixMicro(at).In(zone).Format("2006-01") }

// monthsEnd looks at a case at the end of each month between two moments.
func monthsEnd(c *told, from, to int64, kept map[string][2]int) {
	for at := time.UnixMicro(from).In(zone); ; {
		at = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, zone)
		if at.UnixMicro() > to {
			return
		}
		c.overdue(at.UnixMicro()-1, monthOf(at.UnixMicro()-1), kept)
	}
}

// overdue takes down the limits that are behind and still run: not kept by whoever has the case.
func (c *told) overdue(at int64, month string, kept map[string][2]int) {
	for _, l := range c.times {
		if !c.over && !l.ended && !l.standing && l.due <= at {
			c.count(kept, month, false)
		}
	}
}

func (c *told) count(kept map[string][2]int, month string, good bool) {
	n := kept[c.holder+" "+month]
	if n[1]++; good {
		n[0]++
	}
	kept[c.holder+" "+month] = n
}

// keep takes down the limits that an event ends, kept or not by whoever had the case until then.
func (c *told) keep(b *heard, at int64, kept map[string][2]int) {
	for _, k := range b.Clocks {
		l := c.times[k.Clock]
		switch k.Op {
		case "stop", "restart", "pass":
			if l != nil && !l.ended && !l.standing {
				c.count(kept, monthOf(at), at < l.due)
			}
		}
		switch {
		case k.Op == "start" || k.Op == "restart" || k.Op == "pass":
			c.times[k.Clock] = &limit{due: k.Due}
		case l == nil || l.ended:
		case k.Op == "stop":
			l.ended = true
		case k.Op == "pause":
			l.standing = true
		case k.Op == "resume":
			l.standing, l.due = false, k.Due
		default:
			l.due = k.Due
		}
	}
	if b.Holder != nil {
		c.holder = b.Holder.Unit
	}
	if b.Phase != "" {
		c.over = b.Phase == "closed" || b.Phase == "stopped" || b.Phase == "archived"
	}
}

// timeliness is what a unit's sheet says of the times that it kept.
func timeliness(u *assess.Unit) (kept [2]int) {
	for _, l := range u.Score.Lines {
		if l.Key == string(indicator.Timeliness) {
			fmt.Sscan(l.Part.String(), &kept[0])
			fmt.Sscan(l.Whole.String(), &kept[1])
		}
	}
	return kept
}

// figures are what is compared, values in two decimals.
type figures struct {
	due, inTime int64
	rate, score string
}

// figuresOf works out the figures: in time of due, weight 40; closed of due, 30; done again of handled, 20, less is better; sent to the
// right unit of due, 10; and the score out of those rates that there are.
func figuresOf(cases []*told, month string) (f figures) {
	var handled, closed, again, right int64
	for _, c := range cases {
		if !c.counts(month) {
			continue
		}
		f.due++
		if c.stopped != 0 {
			handled++
			if c.stopped < c.due && !c.late {
				f.inTime++
			}
			if c.reworks {
				again++
			}
		}
		if c.state == "closed" || c.state == "archived" {
			closed++
		}
		if !c.returned {
			right++
		}
	}
	sum, weights := new(big.Rat), int64(0)
	add := func(part, whole, weight int64, lower bool) string {
		if whole == 0 {
			return ""
		}
		rate := twoPlaces(big.NewRat(part*100, whole))
		v := new(big.Rat).Set(rate)
		if lower {
			v.Sub(big.NewRat(100, 1), v)
		}
		sum.Add(sum, v.Mul(v, big.NewRat(weight, 1)))
		weights += weight
		return plain(rate)
	}
	f.rate = add(f.inTime, f.due, 40, false)
	add(closed, f.due, 30, false)
	add(again, handled, 20, true)
	add(right, f.due, 10, false)
	if weights > 0 {
		f.score = plain(twoPlaces(sum.Quo(sum, big.NewRat(weights, 1))))
	}
	return f
}

// twoPlaces rounds to two decimals as one learns it at school, halves up. Nothing here is negative.
func twoPlaces(r *big.Rat) *big.Rat {
	scaled := new(big.Rat).Mul(r, big.NewRat(100, 1))
	scaled.Add(scaled, big.NewRat(1, 2))
	return new(big.Rat).SetFrac(new(big.Int).Quo(scaled.Num(), scaled.Denom()), big.NewInt(100))
}

// plain writes a value of two decimals without needless zeros.
func plain(r *big.Rat) string {
	s := r.FloatString(2)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}
