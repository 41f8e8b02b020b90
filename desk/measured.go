package desk

import (
	"encoding/json"
	"fmt"
	"strings"

	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// measured stands before the measures in a row's body: no field's key begins with it.
const measured = "#"

// Measured returns what rules over a scorecard's matters may speak of: the fields and measures that the row keeps, its state,
// unit and area. A verb that was not counted is “no”.
func Measured(r *journal.Row) (map[string]string, error) {
	var body map[string]string
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return nil, fmt.Errorf("row of %s: %w", r.Stream, err)
	}
	facts := map[string]string{"state": r.State, "unit": string(r.Unit), "area": r.Area, matter.MeasureInTime: "none"}
	for _, verb := range matter.Counted() {
		facts[verb] = "no"
	}
	for key, v := range body {
		facts[strings.TrimPrefix(key, measured)] = v
	}
	return facts, nil
}
