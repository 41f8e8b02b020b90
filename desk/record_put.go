package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/register"
)

// Put is what somebody writes into a register.
type Put struct {
	Command  string
	Register string
	Fields   map[string]string
	On       calendar.Date // from which day it holds
	End      bool          // the record of this key ends on the day, and none takes its place
	Reason   string
}

// PutRecord writes a record that holds from a day on. The record of the same key that holds on the day ends on it; one that
// begins on the very day is corrected. It refuses where a record of the key begins later.
func (d *Desk) PutRecord(ctx context.Context, who Caller, in Put) error {
	if err := d.allow(who, access.RegisterEdit, access.Object{Type: access.Register}); err != nil {
		return err
	}
	k, ok := d.Packs().Register(in.Register)
	if !ok {
		return fmt.Errorf("register %q: %w", in.Register, fault.ErrNotFound)
	}
	_, done, err := d.store.Receipt(ctx, d.world.District, in.Command)
	if err != nil || done {
		return err
	}
	key, day := in.Fields[k.Key], int64(in.On.Start())
	c := RecordChange{Entry: register.Entry{Register: k.Ref, Fields: in.Fields, From: in.On, Source: in.Reason}}
	err = d.eachRow(ctx, journal.Query{Noun: ledger.Record, Kinds: []string{k.Ref}, Facets: []journal.Facet{{Name: "key", Text: key}}, Order: journal.ByOpened}, func(r *journal.Row) error {
		switch {
		case r.Closed != 0 && r.Closed <= day:
		case r.Opened > day:
			return fault.Refuse(fault.ErrConflict, "import-later", k.Key, "key", key, "day", dayOf(r.Opened))
		case r.Opened == day:
			c.Correct = r.Stream
		default:
			c.End = r.Stream
		}
		return nil
	})
	if err != nil {
		return err
	}
	b := d.Begin(ctx, in.Command)
	by := who.as(who.Roles[0])
	if in.End {
		if c.End == "" {
			return fault.Refuse(fault.ErrNotFound, "no-such-record", k.Key)
		}
		err = b.end(c.End, in.On, by, in.Reason)
	} else {
		err = b.ChangeRecord(k, c, by)
	}
	if err != nil {
		return err
	}
	_, err = b.Commit()
	return err
}

// RecordChange puts down an entry, on the stream of the record that it corrects, after ending another.
type RecordChange struct {
	Entry   register.Entry
	Correct name.ID
	End     name.ID
}

// ChangeRecord adds a change of a register to the batch: for sub-rooms.
func (b *Batch) ChangeRecord(k *register.Kind, c RecordChange, by name.Actor) error {
	if c.End != "" {
		if err := b.end(c.End, c.Entry.From, by, ""); err != nil {
			return err
		}
	}
	return b.putRecord(k, c.Entry, c.Correct, by)
}

// end ends a record on a day.
func (b *Batch) end(id name.ID, on calendar.Date, by name.Actor, reason string) error {
	p, err := b.recordPart(id)
	if err != nil {
		return err
	}
	body, err := p.record.End(on)
	if err != nil {
		return err
	}
	return b.add(p, by, register.EndedOn, reason, body)
}

// putRecord puts a record down, changes it, or leaves it when it is there as it is.
func (b *Batch) putRecord(k *register.Kind, e register.Entry, id name.ID, by name.Actor) error {
	body, err := register.Put(k, e)
	if err != nil {
		return err
	}
	if id == "" {
		p := &part{stream: b.d.NewID(), kind: ledger.Record, record: &register.Record{}}
		b.parts = append(b.parts, p)
		return b.add(p, by, register.PutDown, "", body)
	}
	p, err := b.recordPart(id)
	if err != nil {
		return err
	}
	var stored register.Entry
	if err := json.Unmarshal(body, &stored); err != nil {
		return err
	}
	if maps.Equal(stored.Fields, p.record.Fields) && stored.Until == p.record.Until {
		return nil
	}
	return b.add(p, by, register.PutDown, "", body)
}

func dayOf(at int64) string {
	if at == 0 {
		return calendar.Date(0).String()
	}
	return calendar.Instant(at).Date().String()
}
