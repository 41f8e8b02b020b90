// Package register is 册: typed records of what exists, each valid from one day to another, with
// a source and perhaps a place. [Put] checks a record into its stored form, [Apply] adds its
// events up, and nothing is deleted: what ceases to exist is ended with a day.
package register

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// Record is one record as its events add up to it. The zero Record has not been put down.
type Record struct {
	ID       name.ID
	Register string // pack/register
	Version  int64
	Fields   map[string]string
	From     calendar.Date // valid from, the first day
	Until    calendar.Date // valid until, the first day on which it is not; 0 for open
	Source   string
}

// The types of a record's events.
const (
	PutDown = "record.put"   // 登记、变更: body Entry
	EndedOn = "record.ended" // 终止: body Entry with Until only
)

// Entry is the body of a record's events.
type Entry struct {
	Register string            `json:"register,omitempty"`
	Fields   map[string]string `json:"fields,omitempty"`
	From     calendar.Date     `json:"from,omitempty"`
	Until    calendar.Date     `json:"until,omitempty"`
	Source   string            `json:"source,omitempty"`
}

// Put returns the body of the event that puts a record down or changes it; values are brought into
// their stored form. It refuses unknown and unreadable fields, an empty key or title, and a validity
// that ends before it begins. Personal fields are refused like unknown ones: their values never stand in a body.
func Put(k *Kind, e Entry) ([]byte, error) {
	e.Register = k.Ref
	stored := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(e.Fields)) {
		f := field.Find(k.Fields, key)
		if f == nil || f.Class.IsPersonal() {
			return nil, fault.Refuse(fault.ErrInvalid, "field-not-asked", key)
		}
		v, err := f.Check(e.Fields[key])
		if err != nil {
			return nil, err
		}
		if v != "" {
			stored[key] = v
		}
	}
	for _, key := range []string{k.Key, k.Title} {
		if stored[key] == "" {
			return nil, fault.Refuse(fault.ErrInvalid, "field-missing", key)
		}
	}
	if e.Until != 0 && e.Until <= e.From {
		return nil, fault.Refuse(fault.ErrInvalid, "due-before-start", "until")
	}
	e.Fields = stored
	return json.Marshal(e)
}

// End returns the body of the event that ends a record on a day.
func (r *Record) End(until calendar.Date) ([]byte, error) {
	if r.Version == 0 {
		return nil, fault.Refuse(fault.ErrNotFound, "no-such-record", "")
	}
	if until <= r.From {
		return nil, fault.Refuse(fault.ErrInvalid, "due-before-start", "until")
	}
	return json.Marshal(Entry{Until: until})
}

// Apply returns the record after an event: total, and without changing r or the event. It reports
// an error only for a body that is not JSON, which no written event can have.
func Apply(r Record, e *ledger.Event) (Record, error) {
	var en Entry
	if err := json.Unmarshal(e.Body, &en); err != nil {
		return r, fmt.Errorf("body of event %d of record %s: %w", e.Version, e.Stream, err)
	}
	r.Version++
	switch e.Type {
	case PutDown:
		r.ID, r.Register, r.Fields = e.Stream, en.Register, maps.Clone(en.Fields)
		r.From, r.Until, r.Source = en.From, en.Until, en.Source
	case EndedOn:
		r.Until = en.Until
	}
	return r, nil
}

// Key returns the record's natural key.
func (r *Record) Key(k *Kind) string { return r.Fields[k.Key] }

// Title returns the name of the record for people.
func (r *Record) Title(k *Kind) string { return r.Fields[k.Title] }
