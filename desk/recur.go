package desk

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bihuan/engine/duplicate"
	"bihuan/ground/calendar"
	"bihuan/ground/field"
	"bihuan/ground/geo"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// What a pack says of recurrence (反复发生): a kind takes part whose field source has the option root-cause, and whose pack has
// both parameters.
const (
	sourceField     = "source"
	rootCause       = "root-cause"
	recurrenceTimes = "recurrence-times" // how often, this time included
	recurrenceDays  = "recurrence-days"  // within how many days
)

// recur looks, when a matter is accepted as true, whether the same has happened at the same place before: as often within so
// many days as the pack says, it raises a matter about the cause, which names them all. While such a matter is open or was
// opened after them no other is raised, so that each is counted once.
func (b *Batch) recur(p *part, by name.Actor, act *matter.Act) error {
	m := p.matter
	if act.Verb != matter.Accept || m.Fields[sourceField] == rootCause {
		return nil
	}
	times, days := b.recurrence(p.def)
	at, class := placeOf(p.def.Fields, m.Fields), pointing(p.def.Fields, "class")
	if times < 2 || at.IsZero() || class == nil || m.Fields[class.Key] == "" {
		return nil
	}
	earlier, err := b.earlier(p, at, class.Key, days)
	if err != nil || len(earlier)+1 < times {
		return err
	}
	return b.raiseCause(p, by, class, earlier, days)
}

// recurrence returns how often within how many days is too often for a kind, zeros where it takes no part.
func (b *Batch) recurrence(k *matter.Kind) (times, days int) {
	f := field.Find(k.Fields, sourceField)
	if f == nil {
		return 0, 0
	}
	if _, has := f.Option(rootCause); !has {
		return 0, 0
	}
	of, _, _ := strings.Cut(k.Ref, "/")
	read := func(key string) int {
		v, _ := b.d.Packs().Parameter(of+"/"+key, calendar.Instant(b.at).Date())
		n, _ := strconv.Atoi(v)
		return n
	}
	return read(recurrenceTimes), read(recurrenceDays)
}

// earlier returns the matters of the same class at the same place since the days began or the last matter about their cause was
// opened, newest first: those that were accepted as true and not ended without being done.
func (b *Batch) earlier(p *part, at geo.Point, class string, days int) (all []journal.Row, err error) {
	since := int64((calendar.Instant(b.at).Date() - calendar.Date(days)).Start())
	page, err := b.d.store.Rows(b.ctx, journal.Query{Log: b.d.world.District, Now: b.at, Scope: journal.Scope{All: true}, Noun: ledger.Matter, Kinds: []string{p.def.Ref},
		Box: geo.Around(at, duplicate.WithinM), Opened: journal.Between{From: since, Until: b.at + 1}, Order: journal.ByOpened, Limit: 500})
	if err != nil {
		return nil, err
	}
	for _, r := range page.Rows {
		f := map[string]string{}
		if err := json.Unmarshal(r.Body, &f); err != nil {
			return nil, fmt.Errorf("matter %s: %w", r.Stream, err)
		}
		s := p.def.State(r.State)
		if r.Stream == p.stream || f[class] != p.matter.Fields[class] || s == nil || s.Phase == matter.Stopped || at.DistanceM(placeOf(p.def.Fields, f)) > duplicate.WithinM {
			continue
		}
		if f[sourceField] == rootCause {
			break // what lies before it is counted
		}
		if s.Phase != matter.Registered {
			all = append(all, r)
		}
	}
	return all, nil
}

// mostCaused is how many of the matters a matter about their cause is linked to.
const mostCaused = 50

// raiseCause opens the matter about the cause, for the platform.
func (b *Batch) raiseCause(p *part, by name.Actor, class *field.Field, earlier []journal.Row, days int) error {
	opening := p.def.Opening()
	i := slices.IndexFunc(opening, func(a *matter.Act) bool {
		return slices.ContainsFunc(a.By, func(party matter.Party) bool { return party.Part == matter.Platform })
	})
	if i < 0 {
		return nil
	}
	fields := map[string]string{}
	for k, v := range p.matter.Fields {
		fields[k] = v
	}
	numbers := []string{}
	links := []matter.Link{{Kind: matter.RaisedBy, To: p.stream}}
	for _, r := range earlier[:min(len(earlier), mostCaused)] {
		numbers = append(numbers, r.Number)
		links = append(links, matter.Link{Kind: matter.SameAs, To: r.Stream})
	}
	what := b.d.RecordName(b.ctx, class.Register, fields[class.Key])
	said := fmt.Sprintf("同一处%d天内第%d次出现“%s”，请查清原因、从根上解决。此前的案卷：%s", days, len(earlier)+1, what.ZH, strings.Join(numbers, "、"))
	fields[sourceField] = rootCause
	fields["title"] = clipTitle("反复发生：" + what.ZH + "（" + p.matter.Title() + "）")
	if key := field.KeyOf(p.def.Fields, field.LongText); key != "" {
		fields[key] = said
	}
	actor := name.System
	actor.For = by.Person
	c := matter.Command{ID: b.command, Act: opening[i].Key, Actor: actor, At: b.at, With: asked(opening[i], fields), Links: links,
		Reasons: []matter.Reason{{Field: sourceField, Value: rootCause, Words: name.Text{ZH: said,
			EN: fmt.Sprintf("“%s” has occurred here %d times within %d days: %s", what.EN, len(earlier)+1, days, strings.Join(numbers, ", "))}}}}
	raised := b.newMatter(p.def)
	dec, err := matter.Decide(p.def, raised.matter, c, b.d.Env())
	if err != nil {
		return fmt.Errorf("open the matter about the cause: %w", err)
	}
	return b.decide(raised, actor, dec)
}

func clipTitle(s string) string {
	if r := []rune(s); len(r) > 190 {
		return string(r[:190]) + "…"
	}
	return s
}
