package journal

import "bihuan/ground/name"

// SecurityLine 安全日志 is one line of the security log: something that happened once, or often within a short while. It is beside the
// record, not of it, and holds no value of a person: identifiers that the house gave, names of routes, and codes.
type SecurityLine struct {
	Seq         int64       // 1 and up, without gaps; given by the store
	From, Until int64       // the first and the last time, µs
	Kind        string      // a word of a closed list
	Code        string      // why, as refusals and events are called
	Person      name.Person // whose account it was, empty for nobody that is known
	Network     string      // the network it came from as a pseudonym, empty for none
	Where       string      // the route or the room
	Record      int64       // the record of the log that it stands in too, 0 for none
	Count       int64       // how often, 1 and up
}

// SecurityAsk asks for lines. The zero value of a field asks for all.
type SecurityAsk struct {
	Log    name.District
	Kind   string
	Person name.Person
	Time   Between
	Before int64 // lines of lower numbers, the newest first; 0 begins
	After  int64 // lines of higher numbers, the oldest first, where it is not 0 or Rising is set
	Rising bool
	Limit  int
}
