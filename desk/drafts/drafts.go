// Package drafts keeps forms that somebody's assistant has filled in, until the person has looked at them.
//
// A draft does nothing: [Room.Put] checks it as far as a form can be checked before it is sent and keeps it for a day,
// [Room.Get] gives it to the person it was made for and to nobody else, and the page of the form shows it for that
// person to correct and to send. Drafts are no official records; what is sent is, in the person's own name.
package drafts

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/matter"
)

// Keeper keeps small bodies until they end; the store does.
type Keeper interface {
	PutSession(ctx context.Context, owner name.ID, hash ledger.Hash, body []byte, now, until int64) error
	Session(ctx context.Context, hash ledger.Hash, now int64) (body []byte, until int64, err error)
	DeleteSession(ctx context.Context, hash ledger.Hash) error
}

// Room is the drafts of one desk.
type Room struct {
	desk   *desk.Desk
	keeper Keeper
	chance func([]byte)
}

// New returns the room. chance fills a slice with bytes that nobody can guess.
func New(d *desk.Desk, k Keeper, chance func([]byte)) *Room { return &Room{d, k, chance} }

// Life is how long a draft is kept.
const Life = 24 * time.Hour

// Draft is a form that waits for its person: of the act that opens a matter of a kind, or of an act to a matter.
type Draft struct {
	ID     string            `json:"id"`
	Person name.Person       `json:"person"`
	Kind   string            `json:"kind"`             // pack/kind
	Matter name.ID           `json:"matter,omitempty"` // empty: it opens one
	Act    string            `json:"act"`
	With   map[string]string `json:"with,omitempty"` // as typed; as stored once it is kept
	Reason string            `json:"reason,omitempty"`
	Made   int64             `json:"made"`            // µs
	Lacks  []string          `json:"lacks,omitempty"` // keys of the fields and kinds of the evidence that the form still asks for
}

// Path is the page on which the person looks at it.
func (d *Draft) Path() string {
	if d.Matter == "" {
		return "/matters/new?kind=" + d.Kind + "&act=" + d.Act + "&draft=" + d.ID
	}
	return "/matters/" + string(d.Matter) + "/acts/" + d.Act + "?draft=" + d.ID
}

// Command is the id of the command by which it is sent: once, on whichever way.
func (d *Draft) Command() string { return "assistant-" + d.ID }

// maxReason is the longest reason, in bytes.
const maxReason = ledger.MaxReason

// Put checks a draft and keeps it for the caller. An empty Act of one that opens a matter means the first that the caller
// may do. Fields are refused that the form does not ask for, that do not fit, or that hold personal values: those the person
// writes on the page, and they stand in no draft. What is missing is told in Lacks.
// It wraps [fault.ErrNotFound] for a matter or kind that the caller may not see, and refuses an act that they may not do.
func (r *Room) Put(ctx context.Context, who desk.Caller, d Draft) (Draft, error) {
	k, act, err := r.form(ctx, who, &d)
	if err != nil {
		return d, err
	}
	if len(d.Reason) > maxReason {
		return d, fault.Refuse(fault.ErrInvalid, "too-long", "reason", "limit", fmt.Sprint(maxReason))
	}
	if err := d.check(k, act); err != nil {
		return d, err
	}
	var id [20]byte
	r.chance(id[:])
	d.ID, d.Person, d.Kind, d.Act, d.Made = hex.EncodeToString(id[:]), who.Person, k.Ref, act.Key, r.desk.Now()
	body, err := json.Marshal(d)
	if err != nil {
		return d, err
	}
	return d, r.keeper.PutSession(ctx, "", hash(d.ID), body, d.Made, d.Made+Life.Microseconds())
}

// form finds the form that a draft fills in.
func (r *Room) form(ctx context.Context, who desk.Caller, d *Draft) (*matter.Kind, *matter.Act, error) {
	if who.IsNobody() {
		return nil, nil, fault.Refuse(fault.ErrDenied, "sign-in-first", "")
	}
	if d.Matter == "" {
		for _, o := range r.desk.Openings(who) {
			if o.Kind.Ref == d.Kind && (d.Act == "" || d.Act == o.Act.Key) {
				return o.Kind, o.Act, nil
			}
		}
		if _, known := r.desk.Packs().Kind(d.Kind); !known || !r.desk.Holds(who, access.MatterOpen, access.Matter) {
			return nil, nil, fmt.Errorf("kind %q: %w", d.Kind, fault.ErrNotFound)
		}
		return nil, nil, fault.Refuse(fault.ErrDenied, "not-your-part", "", "act", d.Act)
	}
	v, err := r.desk.Matter(ctx, who, d.Matter)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range v.Acts {
		if a.Act.Key != d.Act {
			continue
		}
		if a.Refused != nil {
			return nil, nil, a.Refused
		}
		return v.Def, a.Act, nil
	}
	return nil, nil, fault.Refuse(fault.ErrInvalid, "act-unknown", "act", "act", d.Act)
}

// check holds what is filled in against the form.
func (d *Draft) check(k *matter.Kind, act *matter.Act) error {
	asked := map[string]bool{}
	d.With, d.Lacks = maps.Clone(d.With), nil
	for _, in := range act.Inputs() {
		asked[in.Field] = true
		if in.Required && d.With[in.Field] == "" {
			d.Lacks = append(d.Lacks, in.Field)
		}
	}
	for key, v := range d.With {
		f := field.Find(k.Fields, key)
		if f == nil || !asked[key] {
			return fault.Refuse(fault.ErrInvalid, "field-unknown", key, "field", key)
		}
		if f.Class.IsPersonal() {
			return fault.Refuse(fault.ErrInvalid, "draft-personal", key, "field", f.Words.ZH)
		}
		stored, err := f.Check(v)
		if err != nil {
			return err
		}
		d.With[key] = stored
	}
	for _, n := range act.Evidence {
		d.Lacks = append(d.Lacks, string(n.Kind))
	}
	if k.NeedsReason(act) && d.Reason == "" {
		d.Lacks = append(d.Lacks, "reason")
	}
	return nil
}

// Get returns a draft of the caller's. It wraps [fault.ErrNotFound] for one that is over, and for somebody else's.
func (r *Room) Get(ctx context.Context, who desk.Caller, id string) (Draft, error) {
	var d Draft
	body, _, err := r.keeper.Session(ctx, hash(id), r.desk.Now())
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(body, &d); err != nil {
		return d, err
	}
	if who.IsNobody() || d.ID != id || d.Person != who.Person {
		return Draft{}, fmt.Errorf("draft: %w", fault.ErrNotFound)
	}
	return d, nil
}

// Drop forgets a draft of the caller's, which was sent or is not wanted; one that is not there is no error.
func (r *Room) Drop(ctx context.Context, who desk.Caller, id string) error {
	if _, err := r.Get(ctx, who, id); errors.Is(err, fault.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return r.keeper.DeleteSession(ctx, hash(id))
}

// hash is what the keeper knows of a draft.
func hash(id string) (h ledger.Hash) {
	sm3 := ledger.SM3.New()
	sm3.Write([]byte("bihuan/draft/1" + id))
	sm3.Sum(h[:0])
	return h
}
