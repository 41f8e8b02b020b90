// Package goals follows a goal 目标 through its life: the parts that it is handed out in 分解, its months side by side, everything that
// happened to it, and how it stood at any instant.
//
// Faces call [Room.Divide] to see what parts come to and [Room.Decompose] to hand them out, [Room.Course] for a goal's months and
// [Room.History] for its events; [Room.At] and [Room.AllAt] return goals as the log had them at an instant, which makes editions
// that never change. Publishing goals, their figures and their light are the desk's: see [desk.Desk.Goals].
package goals

import (
	"bihuan/desk"
)

// Store is what the room asks of a store: the events of a goal, and what became of a command.
type Store = desk.Journal

// Room is where goals are followed.
type Room struct {
	desk  *desk.Desk
	store Store
}

// New returns the room over a desk and its store.
func New(d *desk.Desk, store Store) *Room { return &Room{d, store} }
