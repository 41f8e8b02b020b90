package web

import (
	"html/template"
	"strconv"
	"strings"

	"bihuan/desk/cockpit"
	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// streetShown is a street's row beside the map.
type streetShown struct {
	cockpit.StreetView
	Words  string
	Badge  template.HTML
	Counts []lampCount
}

// mapView is the schematic map.
type mapView struct {
	Tab     string
	On      calendar.Date
	Picture template.HTML
	Streets []streetShown
	Leads   bool // some street leads a goal
}

// showMap shows the streets as tiles with what is open in each.
func (s *server) showMap(q *request) error {
	streets, err := s.cockpit.Streets(q.Context(), q.Who, q.Today().Year())
	if err != nil {
		return err
	}
	v := mapView{Tab: "map", On: q.Today()}
	v.Streets, v.Picture = q.streetMap(streets, func(st *cockpit.StreetView) string { return "#street-" + st.Code })
	for _, st := range streets {
		v.Leads = v.Leads || len(st.Goals) > 0
	}
	return q.render(200, "cockpit_map", v)
}

// streetMap draws the streets as tiles, each a link to what link says.
func (q *request) streetMap(streets []cockpit.StreetView, link func(*cockpit.StreetView) string) (all []streetShown, picture template.HTML) {
	var tiles []draw.Tile
	most := map[indicator.Light]int{}
	for _, st := range streets {
		most[st.Worst] = max(most[st.Worst], st.Lights[st.Worst])
	}
	for _, st := range streets {
		shown := streetShown{StreetView: st, Words: st.Words.In(q.Lang), Badge: q.LampOf(string(st.Worst))}
		tile := draw.Tile{Name: shown.Words, Light: st.Worst, Total: int(st.Open), Link: link(&st)}
		said := []string{q.Says("map.open", "n", st.Open)}
		for _, l := range indicator.Lights {
			if n := st.Lights[l]; n > 0 {
				tile.Counts = append(tile.Counts, draw.Count{Light: l, Count: n})
				shown.Counts = append(shown.Counts, lampCount{Light: l, Count: n})
				said = append(said, q.Says("clock.light-"+string(l))+" "+strconv.Itoa(n))
			}
		}
		tile.Words = shown.Words + q.Says("colon") + strings.Join(said, q.Says("comma"))
		if n := most[st.Worst]; n > 0 {
			tile.Heat = float64(st.Lights[st.Worst]) / float64(n)
		}
		tiles = append(tiles, tile)
		all = append(all, shown)
	}
	return all, draw.Map(tiles, q.Says("map.title"), q.Says("map.desc"), q.Says("map.note"))
}

// CountOf returns how many open matters of a light a street has.
func (s streetShown) CountOf(l indicator.Light) int { return s.Lights[l] }
