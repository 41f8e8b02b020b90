package web

import (
	"html/template"
	"net/url"
	"slices"
	"strings"

	"bihuan/desk/boards"
	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/web/draw"
)

// packChartView is how a pack's matters stand.
type packChartView struct {
	packFrame
	Boards []boardShown
}

// boardShown is a board with its pictures.
type boardShown struct {
	boards.Overview
	Most   int64 // of the states, for the bars
	Trend  template.HTML
	Map    template.HTML
	Gantt  template.HTML
	Narrow template.HTML // the same chart for a phone
	Empty  bool          // the caller may see none: bars of nothing would say that there are none
}

// packChart is the face 图表.
func (s *server) packChart(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := packChartView{packFrame: packFrame{p, "chart"}}
	for i := range p.Kinds {
		b, err := s.Boards.Overview(q.Context(), q.Who, &p.Kinds[i])
		if err != nil {
			return err
		}
		v.Boards = append(v.Boards, q.boardShown(b))
	}
	return q.render(200, "pack_chart", v)
}

func (q *request) boardShown(b boards.Overview) boardShown {
	v := boardShown{Overview: b}
	for _, st := range b.States {
		v.Most = max(v.Most, st.Count)
	}
	if v.Empty = v.Most == 0 && !slices.ContainsFunc(b.Months, func(m boards.MonthCount) bool { return m.Opened+m.Closed > 0 }); v.Empty {
		return v
	}
	called := b.Kind.Words.In(q.Lang)
	v.Trend = draw.Trend(q.trend(b), q.Says("chart.trend-of", "kind", called), q.Says("chart.opened"), q.Says("chart.closed"))
	if len(b.Areas) > 0 {
		v.Map = draw.Map(q.boardTiles(b), q.Says("chart.map-of", "kind", called), "", q.Says("chart.schematic"))
	}
	if len(b.Next) > 0 {
		g := q.boardGantt(b.Next, called)
		v.Gantt = draw.Gantt(g)
		g.Width, g.From, g.To = 320, max(g.From, g.Today-60), min(g.To, g.Today+30)
		v.Narrow = draw.Gantt(g)
	}
	return v
}

func (q *request) trend(b boards.Overview) (bars []draw.TrendBar) {
	for _, m := range b.Months {
		bars = append(bars, draw.TrendBar{Label: q.Says("month." + strings.TrimPrefix(m.Month[5:], "0")), Month: m.Month, In: m.Opened, Out: m.Closed})
	}
	return bars
}

func (q *request) boardTiles(b boards.Overview) (tiles []draw.Tile) {
	for _, st := range q.s.Desk.Directory().Streets {
		tile := draw.Tile{Name: st.Words.In(q.Lang), Light: indicator.Grey}
		for _, a := range b.Areas {
			if a.Area != st.Code {
				continue
			}
			tile.Total = int(a.Open)
			for _, l := range indicator.Lights {
				if n := a.Lights[string(l)]; n > 0 {
					tile.Counts = append(tile.Counts, draw.Count{Light: l, Count: int(n)})
					if tile.Light == indicator.Grey {
						tile.Light = l
					}
				}
			}
			if q.Opens("/desk") {
				tile.Link = "/desk?tab=all&kind=" + url.QueryEscape(b.Kind.Ref) + "&area=" + url.QueryEscape(st.Code)
			}
		}
		tile.Words = tile.Name + " " + q.Says("chart.open-count", "count", tile.Total)
		tiles = append(tiles, tile)
	}
	return tiles
}

func (q *request) boardGantt(rows []journal.Row, called string) draw.GanttView {
	today := q.Today()
	v := draw.GanttView{Today: today, TodayWords: q.Says("chart.today"), Title: q.Says("chart.gantt-of", "kind", called), Width: 980, From: today - 120, To: today + 60,
		Month: func(d calendar.Date) string { _, m, _ := d.Civil(); return q.Says("month." + itoa(m)) }}
	for _, r := range rows {
		row := draw.GanttRow{Words: r.Title, Link: "/matters/" + string(r.Stream), From: calendar.Instant(r.Opened).Date(), Light: indicator.Light(r.LightAt(q.s.Desk.Now())), Title: r.Number}
		if r.Due != 0 {
			row.Due = calendar.Instant(r.Due - 1).Date()
			v.To = max(v.To, min(row.Due+7, today+400))
		}
		v.From = min(v.From, max(row.From, today-400))
		v.Rows = append(v.Rows, row)
	}
	return v
}
