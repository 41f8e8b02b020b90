// Package doors is where people outside report, follow and answer: the public page, programs that speak Open311,
// and sensors with a key are to come through here; the page is the only face of it so far.
//
// [Room.Services] lists what can be reported, [Room.Suggest] guesses which of it a text means, [Room.File] takes a
// report and gives its receipt, and [Room.Follow] shows to whoever has the receipt how it stands. A receipt is 128 bits
// of chance that only the reporter has: the log knows its hash, as the key of the command that filed the report, so that
// sending the same form twice files once.
//
// What a text says about persons is masked before it becomes a title; who reports stays in personal fields. Which kinds
// have doors is said by packs, see docs/packs.md.
package doors

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"bihuan/desk"
	"bihuan/engine/classify"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/pack"
)

// Audience is for whom a door is.
type Audience = pack.Audience

// The audiences of doors, for the faces.
const (
	People   = pack.People
	Programs = pack.Programs
	Sensors  = pack.Sensors
)

// Room is the doors of one desk. It is safe for many goroutines.
type Room struct {
	desk  *desk.Desk
	limit Limiter
	shelf Shelf // nil: no photos wait

	mu     sync.Mutex
	models map[string]model // by door
}

// model guesses the service of a text; it is learnt anew when the packs change or a day has passed.
type model struct {
	packs *pack.Set
	day   int64
	guess *classify.Model
}

// New returns the doors of a desk.
func New(d *desk.Desk) *Room { return &Room{desk: d, models: map[string]model{}} }

// Service is one thing that can be reported at a door: a row of its register.
type Service struct {
	Code     string
	Words    name.Text
	Group    name.Text // what it belongs to, empty for nothing
	Keywords []string
	Text     string // what it is filed for
	Door     *pack.Door
}

// Services returns what can be reported by an audience, in the order of the doors and of their registers' keys.
func (r *Room) Services(ctx context.Context, a pack.Audience) (all []Service, err error) {
	for _, door := range r.desk.Packs().Doors(a) {
		list, err := r.services(ctx, door)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func (r *Room) services(ctx context.Context, door *pack.Door) (all []Service, err error) {
	records, err := r.desk.ValidRecords(ctx, door.Register)
	if err != nil {
		return nil, fmt.Errorf("services of door %s: %w", door.Key, err)
	}
	for i := range records {
		if s, open := r.serviceOf(door, &records[i]); open {
			all = append(all, s)
		}
	}
	return all, nil
}

// serviceOf returns the service that a row of a door's register is, and whether it can be reported there.
func (r *Room) serviceOf(door *pack.Door, rec *desk.Record) (s Service, open bool) {
	if door.About.Open != "" && rec.Fields[door.About.Open] != "yes" {
		return Service{}, false
	}
	s = Service{Code: rec.Key, Words: rec.Words, Group: r.wordsOf(door, door.About.Group, rec.Fields), Text: rec.Fields[door.About.Text], Door: door}
	if en := rec.Fields[door.About.English]; en != "" {
		s.Words.EN = en
	}
	s.Keywords = split(rec.Fields[door.About.Keywords])
	return s, true
}

// wordsOf returns a field of a register's row in words: those of its option, or the text itself.
func (r *Room) wordsOf(door *pack.Door, key string, fields map[string]string) name.Text {
	v := fields[key]
	if k, ok := r.desk.RegisterOf(door); ok && key != "" {
		if f := field.Find(k.Fields, key); f != nil {
			if o, ok := f.Option(v); ok {
				return o.Words
			}
		}
	}
	return name.Text{ZH: v, EN: v}
}

// split takes words apart that stand with 、 or commas between them.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,;；", r) })
}

// Service returns one service by its code. It wraps [fault.ErrNotFound].
func (r *Room) Service(ctx context.Context, a pack.Audience, code string) (Service, error) {
	return r.serviceAt(ctx, a, "", code)
}

// serviceAt is [Room.Service] at one door, or without its key at whichever offers the service first.
func (r *Room) serviceAt(ctx context.Context, a pack.Audience, door, code string) (Service, error) {
	for _, d := range r.desk.Packs().Doors(a) {
		if door != "" && d.Key != door {
			continue
		}
		rec, err := r.desk.ValidRecord(ctx, d.Register, code)
		if errors.Is(err, fault.ErrNotFound) {
			continue
		} else if err != nil {
			return Service{}, err
		}
		if s, open := r.serviceOf(d, &rec); open {
			return s, nil
		}
	}
	return Service{}, fmt.Errorf("service %q: %w", code, fault.ErrNotFound)
}

// Doors returns the doors of an audience, in the order of the packs.
func (r *Room) Doors(a pack.Audience) []*pack.Door { return r.desk.Packs().Doors(a) }

// Has reports whether an audience has a door of that key.
func (r *Room) Has(a pack.Audience, door string) bool {
	return slices.ContainsFunc(r.desk.Packs().Doors(a), func(d *pack.Door) bool { return d.Key == door })
}

// Suggestion is a service that a text may mean, and why.
type Suggestion struct {
	Service
	Share float64 // 0 to 1
	Why   []string
}

// Demands cuts a text that asks for several things into one piece for each, so that whoever reports may file each where it
// belongs; a text that asks for one thing is one piece.
func Demands(text string) (pieces []string) {
	for _, d := range classify.Demands(text) {
		pieces = append(pieces, strings.TrimSpace(text[d.Start:d.End]))
	}
	return pieces
}

// mostLearnt is how many matters teach a model: the newest ones of the kind.
const mostLearnt = 1000

// Suggest returns the services of a door, by its key, that a text may mean, likeliest first, at most n; without a key those of
// every door of the audience. It learns from the dictionary and from the newest matters whose class people have confirmed.
func (r *Room) Suggest(ctx context.Context, a pack.Audience, at, text string, n int) (all []Suggestion, err error) {
	for _, door := range r.Doors(a) {
		if at != "" && door.Key != at {
			continue
		}
		list, err := r.services(ctx, door)
		if err != nil {
			return nil, err
		}
		m, err := r.learnt(ctx, door, list)
		if err != nil {
			return nil, err
		}
		for _, g := range m.Rank(text, n) {
			if i := slices.IndexFunc(list, func(s Service) bool { return s.Code == g.Code }); i >= 0 {
				all = append(all, Suggestion{list[i], g.Share, g.Why})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Suggestion) int {
		switch {
		case a.Share > b.Share:
			return -1
		case a.Share < b.Share:
			return 1
		}
		return 0
	})
	return all[:min(n, len(all))], nil
}

// learnt returns the door's model, learnt once a day.
func (r *Room) learnt(ctx context.Context, door *pack.Door, list []Service) (*classify.Model, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	today := int64(r.desk.Today())
	if m, ok := r.models[door.Key]; ok && m.packs == r.desk.Packs() && m.day == today {
		return m.guess, nil
	}
	classes := make([]classify.Class, len(list))
	for i, s := range list {
		classes[i] = classify.Class{Code: s.Code, Words: append([]string{s.Words.ZH, s.Text}, s.Keywords...)}
	}
	examples, err := r.desk.Classed(ctx, door.Of, door.Says.Text, door.Services, mostLearnt)
	if err != nil {
		return nil, fmt.Errorf("learn classes of door %s: %w", door.Key, err)
	}
	m := classify.Learn(classes, examples)
	r.models[door.Key] = model{r.desk.Packs(), today, m}
	return m, nil
}

// Open returns a page of the public matters that came in at doors, narrowed by q: what anybody may read.
func (r *Room) Open(ctx context.Context, q journal.Query) (journal.Page, error) {
	q.Kinds = r.kinds()
	if len(q.Kinds) == 0 {
		return journal.Page{}, nil
	}
	return r.desk.PublicMatters(ctx, q)
}

// kinds are the kinds of matter that people or programs report.
func (r *Room) kinds() (all []string) {
	for _, a := range []pack.Audience{pack.People, pack.Programs} {
		for _, door := range r.desk.Packs().Doors(a) {
			if !slices.Contains(all, door.Of) {
				all = append(all, door.Of)
			}
		}
	}
	return all
}
