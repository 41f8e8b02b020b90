package matter_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/matter"
	"bihuan/pack"
	"bihuan/packs"
)

// This file draws histories: persons of units and roles do acts of the embedded packs' kinds to a matter, the clock
// moves on, and the scheduler looks from time to time. The invariants are held against what came of it.

// embedded are the kinds of all packs that the binary carries.
var embedded = sync.OnceValues(func() ([]*Kind, error) {
	set, err := pack.Load(packs.FS)
	if err != nil {
		return nil, err
	}
	return set.Kinds(), nil
})

func kinds(t testing.TB) []*Kind {
	t.Helper()
	all, err := embedded()
	if err != nil || len(all) < 5 {
		t.Fatalf("%d kinds: %v", len(all), err)
	}
	return all
}

// rules are the ways into the room that a history goes through; a planted defect replaces one of them.
type rules struct {
	decide func(*Kind, *Matter, Command, Env) (Decision, error)
	apply  func(Matter, *ledger.Event) (Matter, error)
	tick   func(*Kind, *Matter, int64, Env) []Decision
}

func sound() rules { return rules{Decide, Apply, Tick} }

// step is what was tried once, and what came of it: an event, or a refusal.
type step struct {
	before  Matter
	cmd     Command // the zero Command for what the scheduler did
	tick    int64   // when the scheduler looked, 0 for a command
	event   *ledger.Event
	change  Change
	raises  []Opening
	refused string
	after   Matter
}

// history is one matter from its opening on.
type history struct {
	k     *Kind
	env   Env
	steps []step
	rules rules
	dice  dice
	now   int64
	m     Matter
	last  map[string]int // acts done in this history
	slips bool           // whether whoever acts now makes mistakes
	seq   int64
	chain ledger.Chainer
	head  ledger.Hash
	log   []ledger.Entry
}

// dice is where a history's chance comes from: rapid, which shrinks what fails, or a seed.
type dice interface{ roll(n int) int } // 0 to n−1

func pick[T any](d dice, of []T) T { return of[d.roll(len(of))] }

func (h *history) often(percent int) bool { return h.dice.roll(100) < percent }

// errs reports whether a mistake is made here, of those who make any.
func (h *history) errs(percent int) bool { return h.slips && h.often(percent) }

// run draws a history of a kind.
func run(k *Kind, r rules, d dice, length int) (*history, error) {
	h := &history{k: k, env: world(), rules: r, dice: d, now: at("2023-03-01T09:00"), last: map[string]int{}}
	h.env.Supervision = "supervision"
	h.head = h.chain.Start("220105")
	for range length {
		h.now += h.pause()
		var err error
		if h.often(12) && h.m.Version > 0 {
			err = h.look()
		} else {
			err = h.try()
		}
		if err != nil {
			return h, err
		}
	}
	return h, nil
}

// pause draws how long nothing happens: mostly minutes to days, now and then weeks.
func (h *history) pause() int64 {
	return pick(h.dice, []int64{minute, hour, 5 * hour, 24 * hour, 24 * hour, 72 * hour, 14 * 24 * hour, 40 * 24 * hour}) + int64(h.dice.roll(50))*minute
}

// look lets the scheduler look, and applies what fires.
func (h *history) look() error {
	for _, d := range h.rules.tick(h.k, &h.m, h.now, h.env) {
		if err := h.take(step{before: h.m, tick: h.now, raises: d.Raises}, name.System, &d); err != nil {
			return err
		}
	}
	return nil
}

// try does one act, as somebody, with a form filled in more or less well.
func (h *history) try() error {
	h.slips = h.often(30)
	act := h.act()
	c := Command{ID: "c", Matter: jobID, Act: act.Key, At: h.now, Actor: h.actor(act)}
	h.fill(&c, act)
	s := step{before: h.m, cmd: c}
	d, err := h.rules.decide(h.k, &h.m, c, h.env)
	if err != nil {
		r, ok := errors.AsType[*fault.Refusal](err)
		if !ok {
			return fmt.Errorf("%s is refused with what is no refusal: %w", act.Key, err)
		}
		s.refused, s.after = r.Code, h.m
		h.steps = append(h.steps, s)
		return nil
	}
	h.last[act.Key]++
	s.raises = d.Raises
	return h.take(s, c.Actor, &d)
}

// take writes the event of a decision into the log and applies it.
func (h *history) take(s step, who name.Actor, d *Decision) error {
	body, err := json.Marshal(d.Change)
	if err != nil {
		return err
	}
	h.seq++
	e := ledger.Event{Log: "220105", Seq: h.seq, Stream: jobID, Kind: ledger.Matter, Version: h.m.Version + 1, At: h.now, Actor: who, Type: d.Type,
		Schema: 1, Suite: ledger.SM3, Reason: d.Reason, Command: "c", Body: body}
	leaf := h.chain.Leaf(&e)
	h.head = h.chain.Head(ledger.SM3, h.head, leaf)
	h.log = append(h.log, ledger.Entry{Event: e, Leaf: leaf, Head: h.head})
	if err := alike(h.m, &e, &d.Change); err != nil {
		return err
	}
	if h.m, err = h.rules.apply(h.m, &e); err != nil {
		return err
	}
	s.event, s.change, s.after = &e, d.Change, h.m
	h.steps = append(h.steps, s)
	return nil
}

// alike tells when a matter after a change is not what it is after the event that was made of the change.
func alike(m Matter, e *ledger.Event, c *Change) error {
	unread := m.After(e, c)
	read, err := Apply(m, e)
	if err != nil || reflect.DeepEqual(read, unread) {
		return err
	}
	a, err := json.Marshal(read)
	if err != nil {
		return err
	}
	if b, err := json.Marshal(unread); err != nil || !bytes.Equal(a, b) {
		return fmt.Errorf("after its event the matter is\n%s\nand after the change\n%s", a, b)
	}
	return nil
}

// act draws an act: nearly always one that leads on from here, and of those rather one that was done less often.
func (h *history) act() *Act {
	var fit []*Act
	for i := range h.k.Acts {
		a := &h.k.Acts[i]
		if h.m.Accepts(a) || h.m.Version == 0 && len(a.From) == 0 {
			fit = append(fit, a)
		}
	}
	if len(fit) == 0 || h.errs(15) {
		return &h.k.Acts[h.dice.roll(len(h.k.Acts))]
	}
	a, b := pick(h.dice, fit), pick(h.dice, fit)
	if h.last[b.Key] < h.last[a.Key] || isEnd(h.k, a) && !isEnd(h.k, b) {
		a = b
	}
	return a
}

// isEnd reports whether an act leaves little to do afterwards.
func isEnd(k *Kind, a *Act) bool {
	s := k.State(a.To)
	return s != nil && (s.Phase == Stopped || s.Phase == Archived)
}

var (
	someUnits = []name.Unit{"office", "housing", "supervision", "finance", "water"}
	someRoles = []name.Role{"handler", "head", "issuer", "checker", "supervisor", "leader"}
)

// person draws one of the few persons of a unit.
func (h *history) person(u name.Unit) name.Person {
	return name.Person(fmt.Sprintf("%s-%d", u, h.dice.roll(3)))
}

// actor draws who does the act: mostly somebody who has a part that may, sometimes anybody.
func (h *history) actor(a *Act) name.Actor {
	p := pick(h.dice, a.By)
	if h.errs(40) {
		u := pick(h.dice, someUnits)
		return name.Actor{Person: h.person(u), Unit: u, Role: pick(h.dice, someRoles)}
	}
	if p.Part == Platform {
		return name.System
	}
	who := name.Actor{Unit: h.unitOf(p.Part), Role: p.Role}
	if who.Role == "" {
		who.Role = pick(h.dice, someRoles)
	}
	if who.Person = h.person(who.Unit); p.Part == Holder && h.m.Holder.Person != "" {
		who.Person = h.m.Holder.Person
	}
	if h.errs(10) {
		who.For = h.person(pick(h.dice, someUnits))
	}
	return who
}

func (h *history) unitOf(p Part) name.Unit {
	switch opened := h.m.Version > 0; {
	case p == Holder && opened:
		return h.m.Holder.Unit
	case p == Giver && opened:
		return h.m.Giver.Unit
	case p == Issuer && opened:
		return h.m.Issuer.Unit
	case p == Involved && len(h.m.Assisting()) > 0:
		return pick(h.dice, h.m.Assisting())
	case p == Supervision:
		return h.env.Supervision
	}
	return pick(h.dice, someUnits)
}

// fill fills in the form.
func (h *history) fill(c *Command, a *Act) {
	c.With = map[string]string{}
	for _, in := range a.Form {
		f := field.Find(h.k.Fields, in.Field)
		switch {
		case !in.Required && h.often(50), h.errs(5):
		case f.Class.IsPersonal():
			c.Personal = map[string]ledger.Commitment{f.Key: ledger.Commit(ledger.SM3, [16]byte{}, jobID, f.Key, "x")}
		default:
			c.With[f.Key] = h.value(f)
		}
	}
	for _, n := range a.Evidence {
		for i := range n.Min {
			if e := (Evidence{Kind: n.Kind, Text: "seen"}); n.Kind != Statement {
				c.Evidence = append(c.Evidence, Evidence{Kind: n.Kind, File: fmt.Sprintf("%064x", i)})
			} else {
				c.Evidence = append(c.Evidence, e)
			}
		}
	}
	if len(c.Evidence) > 0 && h.errs(30) {
		c.Evidence = c.Evidence[1:]
	}
	if !h.errs(20) {
		c.Reason = "because"
	}
	if c.Actor.IsSystem() {
		c.Issuer = Hand{Unit: pick(h.dice, someUnits)}
	}
	if h.errs(3) {
		c.With["no-such-field"] = "x"
	}
	h.fillClocks(c, a)
	h.choose(c, a)
}

// choose finds the records that the act's clocks ask for: they lay down stages, one limit, or nothing, or are not in force.
func (h *history) choose(c *Command, a *Act) {
	for _, ask := range AsksFor(h.k, &h.m, h.k.Meant(a.Key, c.With), c.With) {
		if h.often(10) {
			continue
		}
		fields := map[string]string{}
		for i := range h.k.Clocks {
			l := h.k.Clocks[i].Limit
			if l == nil || h.often(10) {
				continue
			}
			if h.often(30) {
				fields[l.Length], fields[l.Basis] = pick(h.dice, []string{"1", "4", "20"}), string(pick(h.dice, calendar.Bases()))
				continue
			}
			for _, s := range l.Stages {
				if !h.often(10) {
					fields[s.Length], fields[s.Basis] = pick(h.dice, []string{"2", "8"}), string(pick(h.dice, calendar.Bases()))
				}
			}
		}
		if c.Chosen == nil {
			c.Chosen = map[string]Chosen{}
		}
		c.Chosen[ask.Field] = Chosen{Record: "220105-01890000-0000-7000-8000-000000000009", Version: 1, Key: ask.Key, Fields: fields}
	}
}

// fillClocks says for which reason a clock is paused, and by how much it is extended.
func (h *history) fillClocks(c *Command, a *Act) {
	c.Code, c.Units = "no-such-code", pick(h.dice, []int{1, 3, 5})
	if h.errs(50) {
		c.Units = pick(h.dice, []int{0, 1000})
	}
	for _, e := range a.Clocks {
		ck := h.k.Clock(e.Clock)
		if e.Op == Hold && len(ck.Pauses) > 0 && !h.errs(40) {
			c.Code = pick(h.dice, ck.Pauses).Code
		}
		if running := h.m.Clock(e.Clock); e.Op == Lengthen && running != nil && running.Stopped == 0 {
			if d, err := calendar.ParseDate(running.Until); err == nil {
				c.Until = (d + calendar.Date(pick(h.dice, []int{-3, 5, 20, 500}))).String()
			}
			if !h.errs(50) {
				c.Clock = e.Clock
			}
		}
	}
}

// value draws a value of a field, seldom one that does not fit.
func (h *history) value(f *field.Field) string {
	if h.errs(5) {
		return "\x01"
	}
	switch f.Kind {
	case field.Integer, field.Decimal, field.Money:
		return pick(h.dice, []string{"0", "1", "7", "50", "100"})
	case field.Date:
		return (calendar.Instant(h.now).Date() + calendar.Date(h.dice.roll(200))).String()
	case field.Month:
		return calendar.Instant(h.now).Time().Format("2006-01")
	case field.Instant:
		return calendar.Instant(h.now).Time().Format("2006-01-02T15:04")
	case field.Choice:
		return pick(h.dice, f.Options).Key
	case field.YesNo:
		return pick(h.dice, []string{"yes", "no"})
	case field.Unit:
		return string(pick(h.dice, someUnits))
	case field.Units:
		return string(pick(h.dice, someUnits)) + " " + string(pick(h.dice, someUnits))
	case field.Person:
		return string(h.person(cmp.Or(h.m.Holder.Unit, pick(h.dice, someUnits))))
	case field.Place:
		return "125.3,43.8"
	case field.File:
		return strings.Repeat("ab", 32)
	case field.Table:
		return h.table(f)
	case field.Text, field.LongText, field.Record:
		return pick(h.dice, []string{"one", "two", "2023-03"})
	}
	panic("no value of kind " + f.Kind)
}

// table draws a table of one or two rows.
func (h *history) table(f *field.Field) string {
	var rows [][]string
	for range 1 + h.dice.roll(2) {
		var row []string
		for i := range f.Columns {
			row = append(row, h.value(&f.Columns[i]))
		}
		rows = append(rows, row)
	}
	b, _ := json.Marshal(rows) // texts only
	return string(b)
}

// units are the hands of a matter, for messages.
func units(m *Matter) string { return fmt.Sprint(m.Issuer, m.Giver, m.Holder) }

func contains[T comparable](list []T, x T) bool { return slices.Contains(list, x) }
