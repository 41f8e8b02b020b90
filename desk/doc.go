// Package desk is where a request meets the store: it loads what a command concerns, asks
// access whether the caller may, lets the kernel decide, appends the batch, and announces it.
//
// Faces call [Desk.Act] and [Desk.Start] for matters, [Desk.Goals] and [Desk.Goal] for figures, and [Desk.Worklist] for
// lists. Subjects that outgrew a file have rooms of their own: desk/goals follows a goal through its months, desk/cockpit puts
// the goals together for leaders, desk/reports reads a work report into goals, desk/watch looks at what falls due, desk/demo makes the generated district.
//
// The desk holds no rule of the kernel and no SQL: it names what it needs of a store in
// [Store], and the door wires them.
//
// Where to look:
//
//	a command      act act_named chain · batch own · load cache project replay · allow entitle caller holders
//	matters        matters worklist deadlines lists text find classes · door follow public · alike recur order finding
//	what an act    chosen place ground routing routing_trial files photos original served
//	  gathers
//	goals          goals goal_change · figures predicate returns feeds press
//	registers      directory records record_put names · install versions
//	persons        vault blind masked · look look_second look_alert looks · erase restrict
package desk
