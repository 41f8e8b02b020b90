package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bihuan/engine/redact"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/kernel/register"
)

// Batch gathers what one command changes on several streams, applying each event to its state as it goes, so
// that later steps of the same command see what earlier ones did. Nothing is remembered before Commit.
type Batch struct {
	d       *Desk
	ctx     context.Context
	command string
	asked   ledger.Hash // see journal.Batch
	at      int64
	parts   []*part
	where   map[name.ID]*part // the first of parts by stream, as far as find has needed it
	files   []journal.File
	people  []journal.Personal
	erase   []name.ID     // subjects whose key and values go, see Desk.Erase
	drop    []ledger.Hash // envelopes that nothing opens any more
}

// part is one stream's share of a batch: its events so far, and its state after them.
type part struct {
	stream   name.ID
	kind     ledger.StreamKind
	expected int64
	series   string
	events   []ledger.Event
	matter   *matter.Matter
	before   matter.Matter // as it was when the batch met it
	def      *matter.Kind
	goal     *indicator.Goal
	record   *register.Record
	apply    func(*ledger.Event) error // of a stream that a sub-room keeps itself
	own      func() (*journal.Row, error)
}

// Begin returns an empty batch for a command at the server's time.
func (d *Desk) Begin(ctx context.Context, command string) *Batch {
	return &Batch{d: d, ctx: ctx, command: command, at: d.world.Now()}
}

// At returns the batch's time in µs.
func (b *Batch) At() int64 { return b.at }

// fewParts is how many parts are looked through for a stream; more are looked up.
const fewParts = 32

// find returns the stream's part, nil if the batch has not met it.
func (b *Batch) find(id name.ID) *part {
	if len(b.parts) > fewParts {
		return b.lookUp(id)
	}
	for _, p := range b.parts {
		if p.stream == id {
			return p
		}
	}
	return nil
}

func (b *Batch) lookUp(id name.ID) *part {
	if b.where == nil {
		b.where = map[name.ID]*part{}
	}
	for _, p := range b.parts[len(b.where):] {
		b.where[p.stream] = p
	}
	return b.where[id]
}

func (b *Batch) matterPart(id name.ID) (*part, error) {
	if p := b.find(id); p != nil {
		return p, nil
	}
	m, err := b.d.loadMatter(b.ctx, id)
	if err != nil {
		return nil, err
	}
	def, err := b.d.kindOf(&m)
	if err != nil {
		return nil, err
	}
	p := &part{stream: id, kind: ledger.Matter, expected: m.Version, matter: &m, before: m, def: def}
	b.parts = append(b.parts, p)
	return p, nil
}

func (b *Batch) newMatter(def *matter.Kind) *part {
	p := &part{stream: b.d.NewID(), kind: ledger.Matter, matter: &matter.Matter{}, def: def, series: b.d.series(def, b.at)}
	b.parts = append(b.parts, p)
	return p
}

func (b *Batch) goalPart(id name.ID) (*part, error) {
	if p := b.find(id); p != nil {
		return p, nil
	}
	g, err := b.d.loadGoal(b.ctx, id)
	if err != nil {
		return nil, err
	}
	p := &part{stream: id, kind: ledger.Indicator, expected: g.Version, goal: &g}
	b.parts = append(b.parts, p)
	return p, nil
}

func (b *Batch) recordPart(id name.ID) (*part, error) {
	if p := b.find(id); p != nil {
		return p, nil
	}
	r, err := b.d.loadRecord(b.ctx, id)
	if err != nil {
		return nil, err
	}
	p := &part{stream: id, kind: ledger.Record, expected: r.Version, record: &r}
	b.parts = append(b.parts, p)
	return p, nil
}

// event appends an event to a part, whose state it is yet to be applied to.
func (b *Batch) event(p *part, by name.Actor, typ, reason string, body []byte) (*ledger.Event, error) {
	e := ledger.Event{Log: b.d.world.District, Stream: p.stream, Kind: p.kind, At: b.at, Actor: by, Type: typ, Schema: 1,
		Suite: ledger.SM3, Reason: reason, Command: b.command, Body: body}
	b.d.world.Chance(e.Salt[:])
	if err := e.Check(); err != nil {
		return nil, err
	}
	e.Version = p.expected + int64(len(p.events)) + 1
	p.events = append(p.events, e)
	return &p.events[len(p.events)-1], nil
}

// add appends an event to a part and applies it to the part's state.
func (b *Batch) add(p *part, by name.Actor, typ, reason string, body []byte) error {
	e, err := b.event(p, by, typ, reason, body)
	switch {
	case err != nil:
	case p.matter != nil:
		*p.matter, err = matter.Apply(*p.matter, e)
	case p.goal != nil:
		*p.goal, err = indicator.Apply(*p.goal, e)
	case p.record != nil:
		*p.record, err = register.Apply(*p.record, e)
	case p.apply != nil:
		err = p.apply(e)
	}
	return err
}

// decide adds the event of a matter's decision and everything that follows from it: the matters it raises,
// opened by the platform for whoever raised them, the figure it reports, and what those remember that it is an order about.
func (b *Batch) decide(p *part, by name.Actor, dec matter.Decision) error {
	body, err := json.Marshal(dec.Change)
	if err != nil {
		return fmt.Errorf("body of %s: %w", dec.Type, err)
	}
	e, err := b.event(p, by, dec.Type, dec.Reason, body)
	if err != nil {
		return err
	}
	was := p.matter.Phase
	*p.matter = p.matter.After(e, &dec.Change)
	if err := b.reach(p, was); err != nil {
		return err
	}
	if err := b.order(p, by); err != nil {
		return err
	}
	if err := b.leads(p, by, dec); err != nil {
		return err
	}
	for _, o := range dec.Raises {
		if err := b.raise(p, by, o); err != nil {
			return err
		}
	}
	if dec.Report != nil {
		if err := b.report(p, by, dec.Report); err != nil {
			return err
		}
	}
	return b.returned(p, by, &dec)
}

// raise opens a matter that another one asks for.
func (b *Batch) raise(from *part, by name.Actor, o matter.Opening) error {
	def, ok := b.d.Packs().Kind(o.Kind)
	if !ok {
		return fmt.Errorf("kind %s, raised by %s, is not installed: %w", o.Kind, from.matter.Kind, fault.ErrUnavailable)
	}
	opening := def.Opening()
	if len(opening) == 0 {
		return fmt.Errorf("kind %s cannot be opened: %w", o.Kind, fault.ErrInvalid)
	}
	actor := name.System
	actor.For = by.Person
	c := matter.Command{ID: b.command, Act: opening[0].Key, Actor: actor, At: b.at, With: asked(opening[0], b.titled(from, def, opening[0], o)),
		Issuer: o.Issuer, Links: []matter.Link{{Kind: o.Link, To: from.stream}}}
	p := b.newMatter(def)
	var err error
	if c.Chosen, err = b.chosen(p, c.Act, c.With); err != nil {
		return err
	}
	dec, err := matter.Decide(def, p.matter, c, b.d.Env())
	if err != nil {
		if r, ok := errors.AsType[*fault.Refusal](err); ok && o.Fields["title"] != "" {
			with := maps.Clone(r.With)
			if with == nil {
				with = map[string]string{}
			}
			with["title"] = o.Fields["title"] // one of several rows, and no field of the form that asked for it
			err = &fault.Refusal{Kind: r.Kind, Code: r.Code, With: with}
		}
		return fmt.Errorf("open %s: %w", o.Kind, err)
	}
	dec.Change.Public = dec.Change.Public && !keptBack(from)
	return b.decide(p, actor, dec)
}

// titled returns the fields of a matter that another one asks for. Where anybody will read its title and nobody outside reads that of the other, or it says
// what the matter keeps to the house, it is named by what it is about and the street: the title of a call, and that of a piece of a report, are made of the
// reporter's words. Who asked to be kept secret has asked so of every piece.
func (b *Batch) titled(from *part, def *matter.Kind, opening *matter.Act, o matter.Opening) map[string]string {
	fields := o.Fields
	if from.matter.Fields[secretField] == "yes" {
		fields = maps.Clone(fields)
		fields[secretField] = "yes"
	}
	if !opening.Publish || !slices.Contains(def.Public, "title") || slices.Contains(from.def.Public, "title") && !tellsKept(def, fields) {
		return fields
	}
	title := def.Words.ZH
	if f := pointing(from.def.Fields, "class"); f != nil && from.matter.Fields[f.Key] != "" && o.Link != matter.SplitFrom { // a piece may be of another class
		title = b.d.RecordName(b.ctx, f.Register, from.matter.Fields[f.Key]).ZH
	}
	if f := pointing(def.Fields, string(StreetIn)); f != nil && fields[f.Key] != "" {
		title += "：" + b.d.RecordName(b.ctx, f.Register, fields[f.Key]).ZH
	}
	fields = maps.Clone(fields)
	fields["title"] = title
	return fields
}

// tellsKept reports whether a title is a piece of the words that a kind keeps to the house, masked as they may be.
func tellsKept(k *matter.Kind, fields map[string]string) bool {
	text := field.KeyOf(k.Fields, field.LongText)
	if text == "" || slices.Contains(k.Public, text) {
		return false
	}
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	title := strings.TrimSuffix(line(fields["title"]), "…")
	return strings.Contains(line(fields[text]), title) || strings.Contains(line(redact.Mask(fields[text])), title)
}

// keptBack reports whether what a matter asks for is not published with it: its reporter asked to be kept secret, and the place alone may tell who that is. What
// was not published for that publishes nothing further.
func keptBack(from *part) bool {
	published := slices.ContainsFunc(from.def.Acts, func(a matter.Act) bool { return a.Publish })
	return from.matter.Fields[secretField] == "yes" || published && !from.matter.Public
}

// asked keeps the fields that the act's form asks for and that are not empty.
func asked(act *matter.Act, fields map[string]string) map[string]string {
	with := map[string]string{}
	for _, in := range act.Form {
		if v := fields[in.Field]; v != "" {
			with[in.Field] = v
		}
	}
	return with
}

// report records a figure that an act reported, as a quick one, on the goal that the matter fulfils.
// A matter that fulfils no goal reports nothing.
func (b *Batch) report(p *part, by name.Actor, f *matter.Figure) error {
	for _, id := range p.matter.Linked(matter.Fulfils) {
		g, err := b.goalPart(id)
		if err != nil {
			return err
		}
		if g.goal.Feed.Mode != indicator.Reported {
			continue // the platform counts this one itself
		}
		if err := b.record(g, by, f.Period, f.Value, indicator.Quick, "", nil); err != nil {
			return err
		}
	}
	return nil
}

// Commit appends the batch and keeps the states that it led to. A batch without events is answered with an empty receipt.
func (b *Batch) Commit() (journal.Receipt, error) {
	jb := journal.Batch{Log: b.d.world.District, Command: b.command, Asked: b.asked, Files: b.files, Personal: b.people, Erase: b.erase, Drop: b.drop}
	for _, p := range b.parts {
		if p.goal != nil && len(p.events) > 0 {
			if err := b.light(p); err != nil {
				return journal.Receipt{}, err
			}
		}
		if len(p.events) == 0 {
			continue
		}
		row, err := b.d.project(p)
		if err != nil {
			return journal.Receipt{}, err
		}
		jb.Appends = append(jb.Appends, journal.Append{Stream: p.stream, Kind: p.kind, Expected: p.expected, Events: p.events, Series: p.series, Row: row})
	}
	if len(jb.Appends) == 0 {
		return journal.Receipt{Command: b.command}, nil
	}
	if err := b.d.scan(b.ctx, b.files); err != nil {
		return journal.Receipt{}, err
	}
	unlock, err := b.d.sealed(b.ctx, &jb, b.isNew)
	if err != nil {
		return journal.Receipt{}, err
	}
	r, err := b.d.store.Append(b.ctx, jb)
	unlock()
	if err != nil {
		if errors.Is(err, fault.ErrConflict) {
			b.forget()
		}
		return r, fmt.Errorf("append command %s: %w", b.command, err)
	}
	if r.Again { // what was gathered has not happened
		b.forget()
		return r, nil
	}
	b.keep(&r)
	b.forgetGround()
	b.announce(r, &jb)
	return r, nil
}

// isNew reports whether a stream begins with this batch.
func (b *Batch) isNew(id name.ID) bool {
	p := b.find(id)
	return p != nil && p.expected == 0
}

// announce tells the listeners what was appended.
func (b *Batch) announce(r journal.Receipt, jb *journal.Batch) {
	a := Announcement{Receipt: r, Batch: jb, Moved: map[name.ID]bool{}}
	for _, p := range b.parts {
		if p.matter != nil && len(p.events) > 0 {
			a.Moved[p.stream] = p.moved()
		}
	}
	for _, f := range b.d.heard {
		f(a)
	}
}

// moved reports whether anything changed by which a matter is counted: its state, its holder's unit, or a facet.
func (p *part) moved() bool {
	if p.expected == 0 || p.matter.State != p.before.State || p.matter.Holder.Unit != p.before.Holder.Unit {
		return true
	}
	for _, key := range p.def.Facets {
		if p.matter.Fields[key] != p.before.Fields[key] {
			return true
		}
	}
	return false
}

// forget drops the states that lost a race, so that the next attempt reads them anew.
func (b *Batch) forget() {
	for _, p := range b.parts {
		b.d.matters.drop(p.stream)
		b.d.goals.drop(p.stream)
		b.d.records.drop(p.stream)
	}
}

func (b *Batch) keep(r *journal.Receipt) {
	numbers := map[name.ID]string{}
	for _, s := range r.Streams {
		numbers[s.Stream] = s.Number
	}
	for _, p := range b.parts {
		if len(p.events) == 0 {
			continue
		}
		version := p.expected + int64(len(p.events))
		switch {
		case p.matter != nil:
			if n := numbers[p.stream]; n != "" {
				p.matter.Number = n
			}
			b.d.matters.put(p.stream, version, *p.matter)
		case p.goal != nil:
			b.d.goals.put(p.stream, version, *p.goal)
		case p.record != nil:
			b.d.records.put(p.stream, version, *p.record)
			b.d.names.forget()
		}
	}
}
