// Package reports reads a work report into drafts of goals, lets people confirm, edit, drop, split and merge
// them, and publishes what they confirmed: each goal with its promise, in one batch.
//
// Faces call [Room.Import], [Room.Report], [Room.Edit] and [Room.Publish]. What the engine found and every
// edit are events of the report's own stream, so that it can be shown for ever who made which goal out of which
// sentence. Reading the same report again proposes only what is new.
package reports

import (
	"encoding/json"
	"fmt"
	"slices"

	"bihuan/engine/extract"
	"bihuan/ground/ledger"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

// Report is a work report that was read in, as its events add up to it.
type Report struct {
	ID      name.ID
	Version int64
	Title   string
	File    string // as the person named it
	Text    ledger.Hash
	Year    int     // the year planned
	Review  int     // the year looked back on
	Length  int     // code points
	Drafts  []Draft // in order of place
	By      name.Actor
	At      int64 // µs
}

// State is how far a draft has come.
type State string

// The states.
const (
	Proposed  State = "proposed"  // 待确认: the engine's proposal
	Confirmed State = "confirmed" // 已确认: somebody has looked
	Dropped   State = "dropped"   // 已剔除: no goal
	Published State = "published" // 已下达
	Known     State = "known"     // 已有: published from an earlier reading
	Fact      State = "fact"      // 成绩: what the report says of the past; no goal, but perhaps a base
)

// States are all states in the order in which a page lists them.
var States = []State{Proposed, Confirmed, Published, Known, Dropped, Fact}

// Draft is a statement on its way to a goal.
type Draft struct {
	ID        string          `json:"id"`
	State     State           `json:"state"`
	Statement Statement       `json:"statement"`
	Terms     indicator.Terms `json:"terms"`
	Leads     []Suggestion    `json:"leads,omitempty"` // suggested lead units, the best first
	LastYear  *LastYear       `json:"last-year,omitempty"`
	Goal      name.ID         `json:"goal,omitempty"`
	From      []string        `json:"from,omitempty"` // the drafts that it was split from or merged of
	Edited    bool            `json:"edited,omitempty"`
}

// Statement is what the engine found, as far as a draft needs it.
type Statement struct {
	Type       extract.Type `json:"type"`
	Kind       extract.Kind `json:"kind"`
	Year       int          `json:"year"`
	Subject    string       `json:"subject"`
	Action     string       `json:"action,omitempty"`
	Op         string       `json:"op,omitempty"`
	Value      string       `json:"value,omitempty"`
	ValueMax   string       `json:"value-max,omitempty"`
	Unit       string       `json:"unit,omitempty"`
	Text       string       `json:"text"`
	Start      int          `json:"start"` // code points
	End        int          `json:"end"`
	Section    string       `json:"section,omitempty"`
	Rule       string       `json:"rule"`
	Confidence int          `json:"confidence"` // per cent
	Sentence   extract.Span `json:"sentence"`
}

// Suggestion is a lead unit that the duties suggest, and why.
type Suggestion struct {
	Unit  name.Unit `json:"unit"`
	Score int       `json:"score"`
	Words []string  `json:"words"` // the duties' words that were found
}

// LastYear is the fact of the year before that speaks of the same.
type LastYear struct {
	Statement string        `json:"statement"`
	Text      string        `json:"text"`
	Value     money.Decimal `json:"value"`
	Unit      string        `json:"unit"`
	IsBase    bool          `json:"is-base"` // a level of the same quantity and unit
}

// The types of a report's events.
const (
	typeRead      = "report.read"
	typeDrafts    = "report.drafts"
	typePublished = "report.published"
)

// reading is the body of the first event. What was found stands in a file, by hash.
type reading struct {
	Title    string `json:"title"`
	File     string `json:"file"`
	Text     string `json:"text"`
	Findings string `json:"findings"`
	Year     int    `json:"year"`
	Review   int    `json:"review"`
	Length   int    `json:"length"`
}

// redrafting is the body of an edit: drafts that replace those of the same id; new ones follow the first of From.
type redrafting struct {
	What   string  `json:"what"` // confirm, edit, drop, restore, split, merge; known: published from another reading
	Drafts []Draft `json:"drafts"`
}

// publishing is the body of a publication.
type publishing struct {
	Goals map[string]name.ID `json:"goals"` // by draft
}

// apply brings an event into the report. findings are the drafts of the first event.
func (r *Report) apply(e *ledger.Event, findings []Draft) (err error) {
	r.Version++
	switch e.Type {
	case typeRead:
		var b reading
		if err = json.Unmarshal(e.Body, &b); err == nil {
			r.ID, r.Title, r.File, r.Year, r.Review, r.Length, r.By, r.At = e.Stream, b.Title, b.File, b.Year, b.Review, b.Length, e.Actor, e.At
			r.Text, err = ledger.ParseHash(b.Text)
			r.Drafts = slices.Clone(findings)
		}
	case typeDrafts:
		var b redrafting
		if err = json.Unmarshal(e.Body, &b); err == nil {
			for _, d := range b.Drafts {
				r.put(d)
			}
		}
	case typePublished:
		var b publishing
		if err = json.Unmarshal(e.Body, &b); err == nil {
			for i := range r.Drafts {
				if goal, ok := b.Goals[r.Drafts[i].ID]; ok {
					r.Drafts[i].State, r.Drafts[i].Goal = Published, goal
				}
			}
		}
	}
	if err != nil {
		return fmt.Errorf("body of event %d of report %s: %w", e.Version, e.Stream, err)
	}
	return nil
}

// put replaces the draft with the same id, or inserts it behind the first draft that it comes from.
func (r *Report) put(d Draft) {
	at := len(r.Drafts)
	for i := range r.Drafts {
		if r.Drafts[i].ID == d.ID {
			r.Drafts[i] = d
			return
		}
		if len(d.From) > 0 && r.Drafts[i].ID == d.From[0] {
			at = i + 1
		}
	}
	r.Drafts = slices.Insert(r.Drafts, at, d)
}

// Draft returns the draft with the id, or nil.
func (r *Report) Draft(id string) *Draft {
	for i := range r.Drafts {
		if r.Drafts[i].ID == id {
			return &r.Drafts[i]
		}
	}
	return nil
}

// Count returns how many drafts are in a state.
func (r *Report) Count(s State) (n int) {
	for _, d := range r.Drafts {
		if d.State == s {
			n++
		}
	}
	return n
}
