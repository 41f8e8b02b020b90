package access

// Route is one way into a face with the permission that it declares: what documentation lists and crawls go through.
type Route struct {
	Method, Pattern string // GET, and /matters/{id}
	Action          Action
	On              ObjectType
	Open            bool // whoever may not gets what is public instead of a refusal
	Keyed           bool // asked with a key instead of a session
	Demo            bool // only in the demo
}
