package hooks

import (
	"encoding/json"
	"fmt"
	"slices"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Order is a subscription as somebody asks for it.
type Order struct {
	Name   string   `json:"name"`
	URL    string   `json:"url"`
	Events []string `json:"events"` // such as matter.close, matter.*, *
	Kinds  []string `json:"kinds,omitempty"`
}

// Hook is one subscription as it stands.
type Hook struct {
	Order
	ID      name.ID
	Made    int64
	By      name.Actor
	Turn    int   // how often its secret was changed
	Turned  int64 // µs, when last
	Stopped int64 // µs, 0 while it runs
	Why     string
	version int64
}

// The types of a subscription's events.
const (
	typeMade    = "hook.made"
	typeRotated = "hook.rotated"
	typeStopped = "hook.stopped"
)

func (h *Hook) apply(e *ledger.Event) error {
	h.version++
	h.ID = e.Stream
	switch e.Type {
	case typeMade:
		if err := json.Unmarshal(e.Body, &h.Order); err != nil {
			return fmt.Errorf("body of event %d of subscription %s: %w", e.Version, e.Stream, err)
		}
		h.Made, h.By = e.At, e.Actor
	case typeRotated:
		h.Turn, h.Turned = h.Turn+1, e.At
	case typeStopped:
		h.Stopped, h.Why = e.At, e.Reason
	}
	return nil
}

func (h *Hook) row() (*journal.Row, error) {
	state := "active"
	if h.Stopped != 0 {
		state = "stopped"
	}
	return &journal.Row{Stream: h.ID, Noun: ledger.Account, Kind: Kind, Title: h.Name, State: state, Open: h.Stopped == 0, Opened: h.Made, Closed: h.Stopped, Body: []byte("{}")}, nil
}

const (
	maxName  = 60
	maxHooks = 50
)

// wants reports whether the subscription asks for an event.
func (h *Hook) wants(typ, kind string) bool {
	if len(h.Kinds) > 0 && !slices.Contains(h.Kinds, kind) {
		return false
	}
	return slices.Contains(h.Events, "*") || slices.Contains(h.Events, "matter.*") || slices.Contains(h.Events, typ)
}

// Keep has a replay hold the rows of subscriptions against what the log makes of them.
func Keep(r *desk.Replay) {
	r.Keep(typeMade, func() desk.Kept {
		var h Hook
		return desk.Kept{Apply: h.apply, Row: h.row}
	})
}
