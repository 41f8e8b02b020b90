// Package hints proposes to whoever writes something down what it may be: its class, the unit that it belongs to and why,
// the standard answers that fit, the demands that are in it, and a title that names nobody.
//
// [Room.Classes], [Room.Unit] and [Room.Answers] answer while somebody types; [Demands] and [Title] read the text alone.
// A hint is a proposal: it moves nothing, and whoever files it says so. It rests on [bihuan/engine/classify] and on the
// registers of the packs, and leaves to the desk what is written.
package hints

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"bihuan/desk"
	"bihuan/engine/classify"
	"bihuan/engine/redact"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/pack"
)

// Room is the hints of one desk. It is safe for many goroutines.
type Room struct {
	desk *desk.Desk

	mu     sync.Mutex
	models map[string]model // by kind
}

// model is what was learnt of a kind's classes; it is learnt anew when the packs change or a day has passed.
type model struct {
	packs   *pack.Set
	day     int64
	guess   *classify.Model
	records map[string]desk.Record
}

// New returns the hints of a desk.
func New(d *desk.Desk) *Room { return &Room{desk: d, models: map[string]model{}} }

// The fields by which a kind says what a matter is about, and a register of classes what people call it.
const (
	classField    = "class"
	textField     = "text"
	keywordsField = "keywords"
)

// Class is a class that a text may have, and why.
type Class struct {
	Code  string
	Words name.Text
	Share float64 // 0 to 1
	Why   []string
}

// mostLearnt is how many matters teach a model: the newest ones of the kind.
const mostLearnt = 1000

// Classes returns the classes that a text may have in a kind, likeliest first, at most n; none where the kind has no register
// of classes or no word of the text is known. It wraps [fault.ErrNotFound] for an unknown kind.
func (r *Room) Classes(ctx context.Context, kind, text string, n int) (all []Class, err error) {
	m, err := r.learnt(ctx, kind)
	if err != nil || m.guess == nil {
		return nil, err
	}
	for _, g := range m.guess.Rank(text, n) {
		all = append(all, Class{Code: g.Code, Words: m.records[g.Code].Words, Share: g.Share, Why: g.Why})
	}
	return all, nil
}

// learnt returns the kind's model, learnt once a day from its register and from the newest matters whose class is confirmed.
func (r *Room) learnt(ctx context.Context, kind string) (model, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	today := int64(r.desk.Today())
	if m, ok := r.models[kind]; ok && m.packs == r.desk.Packs() && m.day == today {
		return m, nil
	}
	k, ok := r.desk.Packs().Kind(kind)
	if !ok {
		return model{}, fmt.Errorf("kind %q: %w", kind, fault.ErrNotFound)
	}
	f := field.Find(k.Fields, classField)
	if f == nil || f.Kind != field.Record {
		return model{}, nil
	}
	records, err := r.desk.ValidRecords(ctx, f.Register)
	if err != nil {
		return model{}, fmt.Errorf("classes of %s: %w", kind, err)
	}
	examples, err := r.desk.Classed(ctx, kind, textField, classField, mostLearnt)
	if err != nil {
		return model{}, fmt.Errorf("learn classes of %s: %w", kind, err)
	}
	m := model{packs: r.desk.Packs(), day: today, records: map[string]desk.Record{}}
	classes := make([]classify.Class, len(records))
	for i, rec := range records {
		m.records[rec.Key] = rec
		classes[i] = classify.Class{Code: rec.Key, Words: append([]string{rec.Words.ZH}, split(rec.Fields[keywordsField])...)}
	}
	m.guess = classify.Learn(classes, examples)
	r.models[kind] = m
	return m, nil
}

// split takes words apart that stand with 、 or commas between them.
func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,;；", r) })
}

// Piece is one of the demands that are in a text.
type Piece struct {
	Text  string
	Title string // of what is demanded, without what was said before it and how it is counted
}

// Demands cuts a text that asks for several things (一诉多求) into one piece for each; a text that asks for one is one piece,
// an empty one none.
func Demands(text string) (pieces []Piece) {
	for _, d := range classify.Demands(text) {
		if p := strings.TrimSpace(text[d.Start:d.End]); p != "" {
			pieces = append(pieces, Piece{p, Title("", strings.TrimLeft(text[d.Body:d.End], "，,、：: "))})
		}
	}
	return pieces
}

// mostTitle is the length of a title, in characters.
const mostTitle = 40

// Title makes a title of what was said, led by the words of a class if there are any: its first sentence in one line, with
// what tells of persons masked.
func Title(class, text string) string {
	s := strings.Join(strings.Fields(redact.Mask(text)), " ")
	if i := strings.IndexAny(s, "。；;！!？?\n"); i > 0 && utf8.RuneCountInString(s[:i]) >= 4 {
		s = s[:i]
	}
	if class != "" && s != "" {
		s = class + "：" + s
	} else if s == "" {
		s = class
	}
	if r := []rune(s); len(r) > mostTitle {
		s = string(r[:mostTitle]) + "…"
	}
	return s
}
