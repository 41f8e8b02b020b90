package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// LookKind is the kind of the rows of looks at personal data (查看个人信息留痕).
const LookKind = "look"

// Purpose is why somebody looks at personal data. The set is closed.
type Purpose string

// The purposes.
const (
	ToCallBack Purpose = "call-back" // 回访
	ToHandle   Purpose = "handle"    // 联系反映人
	ToCompare  Purpose = "compare"   // 查同一号码的历史诉求
	ToVerify   Purpose = "verify"    // 核实身份
	ToServe    Purpose = "serve"     // 送达
	ToAnswer   Purpose = "answer"    // 答复本人的申请
)

// Purposes are the purposes for which values are shown in the clear.
var Purposes = []Purpose{ToHandle, ToCallBack, ToVerify, ToServe}

// MostLooks is how many times one person is shown personal values within an hour, unless the parameter looks-per-hour of pack
// rights says otherwise: enough for whoever calls back all day, too few for whoever copies the list. Ours.
const MostLooks = 30

// mostEarlier is how many earlier matters one number shows.
const mostEarlier = 20

// longestReason is how many characters the reason of a look has at most.
const longestReason = 200

// Unmask is what somebody wants to see in the clear, and why.
type Unmask struct {
	Matter name.ID
	Fields []string // none: all that hold something
	Why    Purpose
	Reason string // in words; needed unless the purpose is a call back
}

// lookBody is the body of the event of a look: whose data, which fields. What was seen does not stand in it.
type lookBody struct {
	Of     []name.ID   `json:"of"`
	Fields []string    `json:"fields"`
	Why    Purpose     `json:"why"`
	Reason string      `json:"reason,omitempty"`
	Second name.Person `json:"second,omitempty"` // who agreed, of a secret reporter
}

// unmasking is an Unmask that was looked into and may be done.
type unmasking struct {
	m    matter.Matter
	body lookBody
	high bool // a field of class H is among them
}

// Reveal returns personal values of a matter in the clear. It has to be under way, the caller or their unit has to have a part in it
// and the permission for it, and to say what for; that they looked is appended to the log before anything is shown. What
// is highly sensitive, reporter identity among it, takes somebody else who has agreed within a day: see [Desk.AskSecond]. Fields that hold nothing
// are left out.
//
// It refuses an unknown purpose, a missing reason, fields that are not personal, a matter that is closed, and more than [MostLooks] in an hour,
// of which the auditor is told.
func (d *Desk) Reveal(ctx context.Context, who Caller, u Unmask) (map[string]string, error) {
	un, err := d.mayUnmask(ctx, who, u)
	if err != nil {
		return nil, err
	}
	var asked *journal.Row
	if un.high {
		if asked, err = d.agreed(ctx, who, &un); err != nil {
			return nil, err
		}
	}
	d.looking.Lock()
	defer d.looking.Unlock()
	if err := d.mayLookAgain(ctx, who); err != nil {
		return nil, err
	}
	values, err := d.personalOf(ctx, u.Matter)
	if err != nil {
		return nil, err
	}
	shown := map[string]string{}
	for _, v := range values {
		if slices.Contains(un.body.Fields, v.Field) && !matter.IsOriginal(v.Field) { // an original is handed out by Unseal alone
			shown[v.Field] = v.Value
		}
	}
	if len(shown) == 0 {
		return shown, nil
	}
	return shown, d.looked(ctx, who, un.body, asked)
}

// mayUnmask holds an Unmask against everything but the budget and the second person.
func (d *Desk) mayUnmask(ctx context.Context, who Caller, u Unmask) (un unmasking, err error) {
	if un.m, err = d.loadMatter(ctx, u.Matter); err != nil {
		return un, err
	}
	k, err := d.kindOf(&un.m)
	if err != nil {
		return un, err
	}
	o := d.object(&un.m)
	if err := d.allow(who, access.MatterRead, o); err != nil {
		return un, fmt.Errorf("matter %s: %w", u.Matter, fault.ErrNotFound)
	}
	if !slices.Contains(Purposes, u.Why) {
		return un, fault.Refuse(fault.ErrInvalid, "purpose-missing", "why")
	}
	reason := strings.TrimSpace(u.Reason)
	switch {
	case reason == "" && u.Why != ToCallBack:
		return un, fault.Refuse(fault.ErrInvalid, "reason-missing", "reason")
	case utf8.RuneCountInString(reason) > longestReason:
		return un, fault.Refuse(fault.ErrInvalid, "too-long", "reason", "max", fmt.Sprint(longestReason))
	}
	un.body = lookBody{Of: []name.ID{u.Matter}, Fields: u.Fields, Why: u.Why, Reason: reason}
	if len(un.body.Fields) == 0 {
		for i := range k.Fields {
			if key := k.Fields[i].Key; un.m.Personal[key] != "" {
				un.body.Fields = append(un.body.Fields, key)
			}
		}
	}
	for _, key := range un.body.Fields {
		f := field.Find(k.Fields, key)
		if matter.IsOriginal(key) {
			f = &sealedField
		}
		if f == nil || !f.Class.IsPersonal() {
			return un, fault.Refuse(fault.ErrInvalid, "not-personal", key)
		}
		un.high = un.high || un.m.Personal[key] != "" && isHigh(&un.m, f)
	}
	if !un.m.IsOpen() {
		return un, fault.Refuse(fault.ErrDenied, "unmask-closed", "")
	}
	if restricted, err := d.IsRestricted(ctx, u.Matter); err != nil || restricted {
		return un, cmp.Or(err, error(fault.Refuse(fault.ErrDenied, "unmask-restricted", "")))
	}
	o.Class, o.Task = access.Sensitive, d.hasTask(who, &un.m)
	return un, d.allow(who, access.PersonUnmask, o)
}

// hasTask reports whether a matter under way links somebody with the persons in it: they or their unit hold it, set it, work on it or
// assist; who has broken the glass has the task for which it was broken.
func (d *Desk) hasTask(who Caller, m *matter.Matter) bool {
	if !m.IsOpen() || who.IsNobody() {
		return false
	}
	if who.Has("emergency") || m.Holder.Person == who.Person || slices.Contains(m.DidWork, who.Person) {
		return true
	}
	units := append(m.Assisting(), m.Holder.Unit, m.Issuer.Unit, m.Worker.Unit, m.Giver.Unit)
	return who.Unit != "" && slices.Contains(units, who.Unit)
}

// budget is how many looks one person has within an hour.
func (d *Desk) budget() int {
	if v, ok := d.Packs().Parameter("rights/looks-per-hour", d.Today()); ok {
		if n, err := strconv.Atoi(v); err == nil && n > 0 {
			return min(n, 500)
		}
	}
	return MostLooks
}

// mayLookAgain refuses whoever has been shown as much within the last hour as one person may be, by all of their accounts, and tells the auditor,
// once an hour. It is asked with looking held, so that looks asked for at once are counted one after the other.
func (d *Desk) mayLookAgain(ctx context.Context, who Caller) error {
	now, most, had := d.world.Now(), d.budget(), 0
	for _, p := range d.same(who.Person) {
		page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: now, Scope: journal.Scope{All: true}, Noun: ledger.Account, Kinds: []string{LookKind},
			Person: p, States: []string{string(ToCallBack), string(ToHandle), string(ToVerify), string(ToServe)}, Opened: journal.Between{From: now - time.Hour.Microseconds()}, Order: journal.ByOpened, Limit: most})
		if err != nil {
			return err
		}
		had += len(page.Rows)
	}
	if had < most {
		return nil
	}
	if err := d.alert(ctx, who, AlertBudget, nil); err != nil {
		return err
	}
	return fault.Refuse(fault.ErrUnavailable, "looks-too-many", "", "limit", fmt.Sprint(most))
}

// Earlier returns the matters that the caller may read in which somebody left the same value of a field, newest first, at
// most 20: the value is looked for by its blind index and is shown nowhere. That they looked is appended to the log.
func (d *Desk) Earlier(ctx context.Context, who Caller, key, typed string) ([]journal.Row, error) {
	if err := d.allow(who, access.MatterRead, access.Object{Type: access.Matter, Unit: who.Unit, Class: access.Sensitive}); err != nil {
		return nil, err
	}
	ids, err := d.subjectsOf(ctx, key, typed, mostEarlier)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	page, err := d.Worklist(ctx, who, journal.Query{Streams: ids, Order: journal.ByOpened, Limit: mostEarlier})
	if err != nil {
		return nil, err
	}
	var rows []journal.Row
	body := lookBody{Fields: []string{key}, Why: ToCompare}
	for i := range page.Rows {
		secret, err := d.isSecret(ctx, page.Rows[i].Stream, key)
		if err != nil {
			return nil, err
		}
		if !secret {
			rows, body.Of = append(rows, page.Rows[i]), append(body.Of, page.Rows[i].Stream)
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	return rows, d.looked(ctx, who, body, nil)
}

// isSecret reports whether a personal field of a matter is shown to two only. One that its kind no longer has is.
func (d *Desk) isSecret(ctx context.Context, id name.ID, key string) (bool, error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return true, err
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return true, err
	}
	f := field.Find(k.Fields, key)
	return f == nil || isHigh(&m, f), nil
}

// looked appends that somebody looked, as a stream of its own, named by both sides: the matters stay as they were, so that nobody who
// has a form open is overtaken by a look. asked is the agreement that it used up, if it took one.
func (d *Desk) looked(ctx context.Context, who Caller, body lookBody, asked *journal.Row) error {
	b := d.Begin(ctx, d.NewCommand())
	id := d.NewID()
	at := b.At()
	by := who.actor(who.Roles...)
	if asked != nil {
		var a askBody
		if err := json.Unmarshal(asked.Body, &a); err != nil {
			return fmt.Errorf("agreement %s: %w", asked.Stream, err)
		}
		body.Second = a.Agreed
		if err := b.move(asked, by, TypeUsed, StateUsed, &a); err != nil {
			return err
		}
	}
	own := b.Own(id, ledger.Account, 0, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return lookRow(id, by, at, &body) })
	if err := own.Add(by, TypeViewed, string(body.Why), body); err != nil {
		return err
	}
	if _, err := b.Commit(); err != nil {
		return err
	}
	return d.honey(ctx, who, body.Of)
}

// lookRow projects a look.
func lookRow(id name.ID, by name.Actor, at int64, body *lookBody) (*journal.Row, error) {
	j, err := json.Marshal(body)
	row := &journal.Row{Stream: id, Noun: ledger.Account, Kind: LookKind, State: string(body.Why), Unit: by.Unit, Person: by.Person, Opened: at, Body: j}
	for _, of := range body.Of {
		row.Facets = append(row.Facets, journal.Facet{Name: facetLink, Text: string(of)})
	}
	sortFacets(row)
	return row, err
}

// keptLook plays a look.
func keptLook() Kept {
	var row *journal.Row
	return Kept{Apply: func(e *ledger.Event) (err error) {
		var body lookBody
		if err = json.Unmarshal(e.Body, &body); err == nil && row == nil {
			row, err = lookRow(e.Stream, e.Actor, e.At, &body)
		}
		return err
	}, Row: func() (*journal.Row, error) { return row, nil }}
}

// TypeViewed is the event of a look.
const TypeViewed = "personal.viewed"
