package personal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// Kept is what a tick of retention did.
type Kept struct {
	Looked int // subjects that it looked at
	Purged int // values that it destroyed
	Logs   int // days of logs that it dropped
}

// retainedKind is the kind of the rows of the rules that were adopted.
const retainedKind = "retention"

// atOnce is how many subjects one question asks for; mostTick how many one tick looks at, so that it ends.
const (
	atOnce   = 200
	mostTick = 20000
)

// whenHeld is how long retention leaves somebody alone whose data is held; lifting the hold calls it back at once.
const whenHeld = 30 * 24 * time.Hour

// afterFault is how long a subject is left alone that could not be looked at.
const afterFault = time.Hour

// Tick destroys every value that is due, and drops the days of logs that are. One that fails does not keep the others waiting; the first
// error is returned at the end. Its cost is that of what is due: a subject is looked at once for each time that one of its rules may
// have come.
func (r *Room) Tick(ctx context.Context) (k Kept, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.adopt(ctx); err != nil {
		return k, err
	}
	var first error
	for k.Looked < mostTick {
		keys, err := r.store.KeysDue(ctx, r.desk.District(), r.desk.Now(), atOnce)
		if err != nil {
			return k, err
		}
		if len(keys) == 0 {
			break
		}
		due := map[int64][]name.ID{}
		for i := range keys {
			n, next, err := r.visit(ctx, keys[i].Subject)
			if err != nil {
				next = r.desk.Now() + afterFault.Microseconds()
				if first == nil {
					first = fmt.Errorf("retention of %s: %w", keys[i].Subject, err)
				}
			}
			k.Looked, k.Purged = k.Looked+1, k.Purged+n
			due[next] = append(due[next], keys[i].Subject)
		}
		for next, subjects := range due {
			if err := r.store.SetDue(ctx, r.desk.District(), next, subjects...); err != nil {
				return k, err
			}
		}
	}
	if k.Purged > 0 {
		if err := r.swept(ctx); err != nil && first == nil {
			first = err
		}
	}
	if err := r.dropLogs(&k); err != nil && first == nil {
		first = err
	}
	return k, first
}

// never is a due that does not come.
const never = math.MaxInt64

// visit destroys what is due of a subject and returns how much, and when to look again.
func (r *Room) visit(ctx context.Context, id name.ID) (n int, next int64, err error) {
	s, err := r.desk.Subject(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	now := r.desk.Now()
	held, err := r.held(ctx, id)
	switch {
	case err != nil:
		return 0, 0, err
	case len(held) > 0:
		return 0, now + whenHeld.Microseconds(), nil
	case s.Open || s.Closed == 0:
		return 0, r.rules.Shortest().After(now), nil // closed at once, nothing of it is due before
	}
	due := map[*pack.RetentionRule][]string{}
	next = never
	for field, f := range s.Fields {
		rule := r.rules.Rule(s.Kind, field, f.Class)
		if at := rule.Keep.After(s.Closed); at > now {
			next = min(next, at)
		} else {
			due[rule] = append(due[rule], field)
		}
	}
	for rule, fields := range due {
		slices.Sort(fields)
		gone, err := r.desk.Erase(ctx, name.System, desk.Erasure{Subject: id, Fields: fields, Why: "retention", Rule: rule.Key})
		if err != nil {
			return n, 0, err
		}
		n += len(gone)
	}
	return n, next, nil
}

// adopt writes into the log by which rules values are destroyed from now on, when they have changed, and has every subject looked at again.
func (r *Room) adopt(ctx context.Context) error {
	if r.adopted {
		return nil
	}
	q := r.all(retainedKind)
	q.Limit = 1
	page, err := r.store.Rows(ctx, q)
	if err != nil {
		return err
	}
	if len(page.Rows) == 0 || page.Rows[0].Title != r.rules.Digest {
		b := r.desk.Begin(ctx, r.desk.NewCommand())
		id := r.desk.NewID()
		body := map[string]string{"digest": r.rules.Digest}
		own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return adoptedRow(id, body, b.At()) })
		if err := own.Add(name.System, typeAdopted, "", body); err != nil {
			return err
		}
		if _, err := b.Commit(); err != nil {
			return err
		}
		if err := r.store.SetDue(ctx, r.desk.District(), 0); err != nil {
			return err
		}
	}
	r.adopted = true
	return nil
}

// typeAdopted is the event by which rules of retention are taken into use.
const typeAdopted = "retention.adopted"

func adoptedRow(id name.ID, body map[string]string, at int64) (*journal.Row, error) {
	j, err := json.Marshal(body)
	return &journal.Row{Stream: id, Noun: ledger.Account, Kind: retainedKind, Title: body["digest"], Opened: at, Body: j}, err
}

// dropLogs drops the days of logs that have been kept long enough. The rules never say less than the law asks for, and a day is
// dropped only when all of it is older.
func (r *Room) dropLogs(k *Kept) error {
	if r.logs == nil {
		return nil
	}
	days, err := r.logs.Days()
	if err != nil {
		return err
	}
	var first error
	for _, d := range days {
		end := int64((d + 1).Start())
		if r.rules.Logs.After(end) > r.desk.Now() {
			continue
		}
		if err := r.logs.Drop(d); err != nil {
			first = errors.Join(first, err)
			continue
		}
		k.Logs++
	}
	return first
}

// Rule tells by which rule a field of a subject is kept, and until when; 0 while that is open.
func (r *Room) Rule(s *desk.Subject, field string) (rule *pack.RetentionRule, until int64) {
	rule = r.rules.Rule(s.Kind, field, s.Fields[field].Class)
	if !s.Open && s.Closed != 0 {
		until = rule.Keep.After(s.Closed)
	}
	return rule, until
}
