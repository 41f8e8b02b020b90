package web

import (
	"html/template"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/ground/calendar"
	"bihuan/kernel/indicator"
)

// streetShown is a street's row beside the map.
type streetShown struct {
	desk.StreetView
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
}

// showMap shows the streets as tiles with what is open in each.
func (s *server) showMap(q *request) error {
	streets, err := s.Desk.Streets(q.Context(), q.Who, q.Today().Year())
	if err != nil {
		return err
	}
	v := mapView{Tab: "map", On: q.Today()}
	var tiles []mapTile
	for _, st := range streets {
		shown := streetShown{StreetView: st, Words: st.Words.In(q.Lang), Badge: badge(q.Lang, st.Worst)}
		tile := mapTile{Name: shown.Words, Light: st.Worst, Total: int(st.Open), Link: "#street-" + st.Code}
		said := []string{q.Says("map.open", "n", st.Open)}
		for _, l := range lightsInOrder {
			if n := st.Lights[l]; n > 0 {
				tile.Counts = append(tile.Counts, mapCount{l, n})
				shown.Counts = append(shown.Counts, lampCount{Light: l, Count: n})
				said = append(said, q.Says("light."+string(l))+" "+strconv.Itoa(n))
			}
		}
		tile.Words = shown.Words + q.Says("colon") + strings.Join(said, q.Says("comma"))
		tiles = append(tiles, tile)
		v.Streets = append(v.Streets, shown)
	}
	v.Picture = drawMap(tiles, q.Says("map.title"), q.Says("map.desc"), q.Says("map.note"))
	return q.render(200, "cockpit_map", v)
}

// CountOf returns how many open matters of a light a street has.
func (s streetShown) CountOf(l indicator.Light) int { return s.Lights[l] }
