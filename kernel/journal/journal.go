// Package journal says what the store remembers and what may be asked of it: a [Batch] of
// events with the rows projected from them, and the [Query] and [Tally] over those rows.
// It holds types only, so that the desk and the store can speak without knowing each other.
//
// Official records are the events. Rows are a projection of them, kept so that lists stay
// fast at a million matters; verify replays the events and compares.
package journal

import (
	"bytes"
	"slices"
	"strings"

	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/ground/rule"
)

// Batch is what one command changes: all of it is remembered, or nothing.
type Batch struct {
	Log      name.District
	Command  string        // the idempotency key; a batch whose command was appended before is answered with the old receipt
	Asked    ledger.Hash   // of the request that the command stands for, zero if nobody will ask: its receipt tells it
	Appends  []Append      // one per stream that changes, in order; a stream appears once
	Files    []File        // uploads that the events refer to, by hash
	Personal []Personal    // personal values that the events commit to
	Erase    []name.ID     // subjects whose key and values are destroyed, before Keys and Personal are written
	Drop     []ledger.Hash // sealed files of those subjects, which nothing opens any more
	Keys     []Key         // keys of subjects that have none; fault.ErrConflict if one has
}

// Append is one stream's part of a batch.
type Append struct {
	Stream   name.ID
	Kind     ledger.StreamKind
	Expected int64          // the stream's version before, 0 for a new stream; otherwise fault.ErrConflict
	Events   []ledger.Event // Log, Seq, Stream, Kind, Version and Number are set by the store
	Series   string         // not empty: the first event gets the next number of this series, Series + five digits from 00001
	Row      *Row           // the projection after these events; the store sets Version, Seq, and Number if the batch allots one or the row brings none
}

// Receipt tells where a batch came to stand. The chain's head commits to it.
type Receipt struct {
	Command  string
	Asked    ledger.Hash // as the batch that was carried out said
	FirstSeq int64
	LastSeq  int64
	Head     ledger.Hash // after LastSeq
	At       int64       // microseconds, of the first event
	Streams  []StreamAt  // in the order of the batch's appends
	Again    bool        // the command had been carried out before: this is what it was answered then, and nothing was appended now
}

// StreamAt is a stream's version after a batch, and the number allotted to it by that batch.
type StreamAt struct {
	Stream  name.ID
	Version int64
	Number  string
}

// Row is what lists, boards and maps know of a stream. One shape serves matters, records and goals.
type Row struct {
	Stream  name.ID
	Noun    ledger.StreamKind
	Kind    string // pack/kind, such as "works/site"; "goal" for goals
	Version int64
	Seq     int64 // of the stream's last event in the log
	Number  string
	Title   string
	State   string
	Open    bool
	Unit    name.Unit   // whose it is now
	Person  name.Person // whose it is now, empty if only the unit's
	Area    string      // division code, as long as is known
	Parent  name.ID     // what it belongs to, empty if nothing
	Opened  int64       // µs, 0 none; for records: valid from
	Closed  int64       // µs, 0 none; for records: valid to
	Due     int64       // µs, the nearest clock's, or of what is closed the one by which it had to be; 0 none
	Yellow  int64       // µs, when the first clock turns yellow; 0 none
	Wake    int64       // µs, when the scheduler must look at it next; 0 never
	Light   string      // green, yellow, red, grey or empty; where Due is set it is worked out by the question's Now, see [Row.LightAt]
	Public  bool        // may be shown without login
	Place   geo.Point   // where it is, to seven digits; the zero Point where that is not known
	Facets  []Facet     // declared by the pack; sorted by name and text, a name may repeat
	Body    []byte      // JSON object: what list columns show beyond the above
}

// Equal reports whether two rows say the same in everything.
func (r *Row) Equal(o *Row) bool {
	return r.Stream == o.Stream && r.Noun == o.Noun && r.Kind == o.Kind && r.Version == o.Version && r.Seq == o.Seq && r.Number == o.Number &&
		r.Title == o.Title && r.State == o.State && r.Open == o.Open && r.Unit == o.Unit && r.Person == o.Person && r.Area == o.Area && r.Parent == o.Parent &&
		r.Opened == o.Opened && r.Closed == o.Closed && r.Due == o.Due && r.Yellow == o.Yellow && r.Wake == o.Wake && r.Light == o.Light && r.Public == o.Public &&
		r.Place == o.Place && slices.Equal(r.Facets, o.Facets) && bytes.Equal(r.Body, o.Body)
}

// HoldsAt reports whether the record of a row is valid at an instant.
func (r *Row) HoldsAt(at int64) bool { return r.Opened <= at && (r.Closed == 0 || at < r.Closed) }

// LightAt returns the light of a row at now. An open row with a due time is red from it on, yellow from Yellow
// on and green before, so that no row has to be written because time has passed; any other row
// has the light that it was given.
func (r *Row) LightAt(now int64) string {
	switch {
	case r.Due == 0 || !r.Open:
		return r.Light
	case now >= r.Due:
		return "red"
	case r.Yellow != 0 && now >= r.Yellow:
		return "yellow"
	}
	return "green"
}

// Facet is a declared property that lists can be filtered and counted by.
type Facet struct {
	Name   string
	Text   string
	Number int64 // the value × 10⁴ where it is a number, for sums and ranges; otherwise 0
}

// The facets by which a [Scope] finds rows.
const (
	Involved   = "involved"   // each unit that has a part in it besides whoever holds it and whoever set it
	Issuer     = "issuer"     // the unit that set the task
	Supervisor = "supervisor" // each unit that set a supervision order about it
	Took       = "took"       // each person who took part
	Firm       = "firm"       // the key of the firm in whose name it was opened
	Lies       = "lies"       // the place in the tree of grids: street/community/grid, as far as is known
)

// File is an upload, kept by its hash and never served inline.
type File struct {
	Hash  ledger.Hash // SM3 of Bytes
	Name  string      // as the person named it, shown escaped, never used as a path
	Media string      // by content, not by claim
	Bytes []byte
}

// Personal is one value of one person, kept beside the log.
type Personal struct {
	Subject name.ID
	Field   string
	Suite   string   // seal.Plain, or the suite under which Value is sealed
	Salt    [16]byte // of a sealed one zero: it stands in the envelope
	Value   string   // of a sealed one the envelope in base64
	Blind   string   // keyed hash by which the same value is found again; empty where nobody looks for it
}

// Scope narrows a question to what the asker may see; it comes from ground/access. Any one reason
// to see a row is enough. The zero Scope sees nothing.
type Scope struct {
	All       bool
	Units     []name.Unit   // rows held by one of these
	Assist    []name.Unit   // rows in which one of these has a part: [Involved]
	SetBy     []name.Unit   // rows whose task one of these set: [Issuer]
	Supervise []name.Unit   // rows about which one of these set a supervision order: [Supervisor]
	Persons   []name.Person // rows held by one of these
	Took      []name.Person // rows in which one of these took part: [Took]
	Public    bool          // rows that are public
	Grids     []string      // places in the tree of grids: what There sees is seen in these and below only
	There     *Scope        // what is seen besides, in Grids; its own Grids and There are not looked at
}

// Sees reports whether a row is among what the asker may see: the slow reading of what a store does.
func (s *Scope) Sees(r *Row) bool {
	return s.sees(r) || s.There != nil && s.There.sees(r) && s.lies(r)
}

func (s *Scope) sees(r *Row) bool {
	if s.All || s.Public && r.Public || slices.Contains(s.Persons, r.Person) || slices.Contains(s.Units, r.Unit) {
		return true
	}
	return slices.ContainsFunc(r.Facets, func(f Facet) bool {
		return f.Name == Involved && slices.Contains(s.Assist, name.Unit(f.Text)) || f.Name == Issuer && slices.Contains(s.SetBy, name.Unit(f.Text)) ||
			f.Name == Supervisor && slices.Contains(s.Supervise, name.Unit(f.Text)) ||
			f.Name == Took && slices.Contains(s.Took, name.Person(f.Text))
	})
}

func (s *Scope) lies(r *Row) bool {
	return slices.ContainsFunc(r.Facets, func(f Facet) bool {
		return f.Name == Lies && slices.ContainsFunc(s.Grids, func(g string) bool { return g != "" && strings.HasPrefix(f.Text+"/", g+"/") })
	})
}

// Order is how rows are sorted; the stream id breaks ties.
type Order string

// The orders.
const (
	ByDue    Order = "due"    // nearest first, none last
	ByOpened Order = "opened" // newest first
	ByNumber Order = "number"
	ByTitle  Order = "title" // without regard to case and width, then by number
	ByWake   Order = "wake"  // earliest first; what never wakes is left out
)

// Query asks for rows. Empty fields do not narrow. Limit is at most 500; 0 means 50.
// Lights are those of [Row.LightAt] at Now; rows come back with Light set to it.
type Query struct {
	Now     int64 // µs
	Log     name.District
	Scope   Scope
	Noun    ledger.StreamKind
	Kinds   []string
	States  []string
	Open    *bool
	Units   []name.Unit
	Person  name.Person
	Unnamed bool // named to no person
	Lights  []string
	Parent  name.ID
	Area    string          // a prefix of the division code
	Where   *rule.Predicate // over the facets and state, unit, area; nil for all
	Facets  []Facet         // each must be there, by name and text
	Text    string          // part of title or number
	Box     geo.Box         // rows whose place lies in it, edges included; the zero Box does not narrow
	Streams []name.ID
	Numbers []string // whole ones
	Opened  Between
	Closed  Between
	Due     Between
	Wake    Between
	Order   Order
	Cursor  string // from Page.Next
	Limit   int
}

// Between is a half-open interval of µs, [From, Until); zero ends are open.
type Between struct{ From, Until int64 }

// Page is one page of rows; Next is empty on the last one.
type Page struct {
	Rows  []Row
	Next  string
	Found int64 // of a list that was narrowed by a text to the best of what holds it: how many hold it; otherwise 0
}

// Tally counts the rows of a query: how many, and the sum of a facet, for each value of By.
type Tally struct {
	Query Query  // Order, Cursor and Limit are ignored
	By    string // "", "state", "unit", "person", "area", "light", "kind", or the name of a facet
	Sum   string // the facet to add up, empty for none
	Most  int64  // counting stops there: the one line says Most for as many or more; only by nothing and without a sum. 0: all are counted
}

// Bucket is one line of a tally.
type Bucket struct {
	Key   string
	Count int64
	Sum   int64 // × 10⁴
}
