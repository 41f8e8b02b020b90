// Package desk is where a request meets the store: it loads what a command concerns, asks
// access whether the caller may, lets the kernel decide, appends the batch, and announces it.
//
// Faces call [Desk.Act] and [Desk.Start] for matters, [Desk.Goals] and [Desk.Goal] for figures, and [Desk.Worklist] for
// lists. Subjects that outgrew a file have rooms of their own: desk/cockpit puts the goals together for leaders,
// desk/reports reads a work report into goals, desk/watch looks at what falls due, desk/demo makes the generated district.
//
// The desk holds no rule of the kernel and no SQL: it names what it needs of a store in
// [Store], and the door wires them.
package desk
