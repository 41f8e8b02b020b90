package search

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/engine/find"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

// Ask is what somebody looks for. Empty parts do not narrow; something must.
type Ask struct {
	Text   string // may be empty where something else narrows: then newest first
	Kinds  []string
	States []string
	Units  []name.Unit
	Area   string // a division code, also of a part of what is meant
	Class  string // as [desk.Desk.ClassOf] has it
	Open   *bool
	Opened journal.Between // to the minute
	Newest bool            // newest first instead of best first
	Cursor string          // of the page before
	Limit  int             // 1 to 500, 20 if not said
}

// Piece is a part of a text with what was found in it.
type Piece = find.Piece

// Found is one matter that was found.
type Found struct {
	Row   journal.Row
	Title Piece
	Label name.Text // of the field that the excerpt is from, zero if there is none
	Words Piece     // an excerpt of the field that was found in, otherwise of the first
}

// Results is a page of what was found.
type Results struct {
	Hits   []Found
	Total  int64            // of all pages
	Kinds  map[string]int64 // how many of each kind
	Units  map[string]int64
	States map[string]int64 // only where one kind is asked for: other kinds have other states
	Next   string           // cursor, empty on the last page
	Behind int64            // events that the index does not know yet; what they changed is found a little later
}

// Limits of a question.
const (
	MaxLimit     = 500
	MaxText      = find.MaxQuery // bytes
	defaultLimit = 20
	excerpt      = 90  // characters
	mostUnits    = 500 // of one filter
)

// Find looks for a text in the matters that the caller may read. It wraps [fault.ErrInvalid] for a text without two characters
// that stand together, and for a cursor of another question.
func (r *Room) Find(ctx context.Context, who desk.Caller, ask Ask) (Results, error) {
	return r.find(ctx, r.matters, who, r.desk.Scope(who, access.MatterRead, access.Matter), ask)
}

// FindOpen looks for a text in what anybody may read of public matters.
func (r *Room) FindOpen(ctx context.Context, ask Ask) (Results, error) {
	return r.find(ctx, r.open, desk.Nobody, r.desk.Scope(desk.Nobody, access.PublicRead, access.Matter), ask)
}

func (r *Room) find(ctx context.Context, b *Book, who desk.Caller, scope journal.Scope, ask Ask) (Results, error) {
	q, err := ask.query()
	if err != nil {
		return Results{}, err
	}
	fa, err := ask.question(q)
	if err != nil {
		return Results{}, err
	}
	fa.Where = append(fa.Where, seen(scope)...)
	var res Results
	if res.Behind, err = r.upToDate(ctx); err != nil {
		return res, err
	}
	a, err := b.Ask(ctx, fa)
	if err != nil {
		return res, err
	}
	res.Total, res.Kinds, res.Units = int64(a.Total), counts(a.Counts[0]), counts(a.Counts[1])
	if len(ask.Kinds) == 1 {
		res.States = counts(a.Counts[2])
	}
	if len(a.Hits) == fa.Limit {
		a.Hits = a.Hits[:fa.Limit-1]
		res.Next = writeCursor(&ask, q, a.Hits[len(a.Hits)-1])
	}
	streams, err := b.Streams(ctx, a.Hits)
	if err != nil {
		return res, err
	}
	rows, err := r.desk.Shown(ctx, who, ledger.Matter, streams)
	for i := range rows {
		if err == nil {
			var f Found
			f, err = r.found(ctx, b == r.open, &rows[i], q)
			res.Hits = append(res.Hits, f)
		}
	}
	return res, err
}

// found marks what was found in a matter.
func (r *Room) found(ctx context.Context, open bool, row *journal.Row, q find.Query) (Found, error) {
	f := Found{Row: *row, Title: find.Snippet(row.Title, q, 200)}
	texts, err := r.desk.TextsOf(ctx, row.Stream, row.Version)
	if err != nil {
		return f, err
	}
	t := &texts.Text
	if open {
		t = &texts.Open
	}
	for _, w := range t.Words {
		p := find.Snippet(w.Text, q, excerpt)
		if len(p.Spans) > len(f.Words.Spans) || f.Words.Text == "" && len([]rune(w.Text)) > 16 {
			f.Label, f.Words = w.Label, p
		}
	}
	return f, nil
}

// query reads the text. Without one everything is found that the rest leaves.
func (ask *Ask) query() (find.Query, error) {
	if ask.Text == "" && (len(ask.Kinds)+len(ask.States)+len(ask.Units) > 0 || ask.Area != "" || ask.Class != "" || ask.Open != nil || ask.Opened != journal.Between{}) {
		ask.Newest = true
		return find.Query{}, nil
	}
	return find.Parse(ask.Text)
}

// question makes of what is asked what a book is asked: one hit more than the page, to know whether there is another.
func (ask *Ask) question(q find.Query) (find.Ask, error) {
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	if ask.Limit < 1 || ask.Limit > MaxLimit || len(ask.Units) > mostUnits || len(ask.Kinds) > mostUnits || len(ask.States) > mostUnits {
		return find.Ask{}, fmt.Errorf("limit %d, at most %d: %w", ask.Limit, MaxLimit, fault.ErrInvalid)
	}
	fa := find.Ask{Query: q, Limit: ask.Limit + 1, Newest: ask.Newest, From: ask.Opened.From, Until: ask.Opened.Until, Count: []int{traitKind, traitUnit, traitState}}
	narrow := func(trait int, texts []string) {
		var any []find.Want
		for _, t := range texts {
			any = append(any, find.Want{Trait: trait, Text: t})
		}
		if len(any) > 0 {
			fa.Where = append(fa.Where, any)
		}
	}
	narrow(traitKind, ask.Kinds)
	narrow(traitState, ask.States)
	var units []string
	for _, u := range ask.Units {
		units = append(units, string(u))
	}
	narrow(traitUnit, units)
	if ask.Area != "" {
		fa.Where = append(fa.Where, []find.Want{{Trait: traitArea, Text: ask.Area, How: find.Prefix}})
	}
	if ask.Class != "" {
		narrow(traitClass, []string{ask.Class})
	}
	if ask.Open != nil {
		fa.Where = append(fa.Where, []find.Want{{Trait: traitFlags, Text: flagOpen, How: find.Word, Not: !*ask.Open}})
	}
	if ask.Cursor != "" {
		place, err := readCursor(ask, q)
		if err != nil {
			return fa, err
		}
		fa.After = &place
	}
	return fa, nil
}

// seen is a scope as what a document must have: any one reason is enough, and no reason is none.
func seen(s journal.Scope) [][]find.Want {
	if s.All {
		return nil
	}
	free := reasons(&s)
	if s.There == nil {
		return [][]find.Want{free}
	}
	there := slices.Clone(free)
	for _, g := range s.Grids {
		there = append(there, find.Want{Trait: traitFlags, Text: flagLies + g, How: find.Word})
	}
	if s.There.All {
		return [][]find.Want{there}
	}
	return [][]find.Want{append(slices.Clip(free), reasons(s.There)...), there}
}

// reasons are the wants of which each is enough to see a document, places aside.
func reasons(s *journal.Scope) []find.Want {
	any := []find.Want{}
	for _, u := range s.Units {
		any = append(any, find.Want{Trait: traitUnit, Text: string(u)})
	}
	for _, u := range s.Assist {
		any = append(any, find.Want{Trait: traitInvolved, Text: string(u), How: find.Word})
	}
	for _, u := range s.SetBy {
		any = append(any, find.Want{Trait: traitInvolved, Text: setBy + string(u), How: find.Word})
	}
	for _, u := range s.Supervise {
		any = append(any, find.Want{Trait: traitInvolved, Text: supervise + string(u), How: find.Word})
	}
	for _, p := range s.Persons {
		any = append(any, find.Want{Trait: traitPerson, Text: string(p)})
	}
	for _, p := range s.Took {
		any = append(any, find.Want{Text: string(p), How: find.Key})
	}
	if s.Public {
		any = append(any, find.Want{Trait: traitFlags, Text: flagPublic, How: find.Word})
	}
	return any
}

func counts(of map[string]int) map[string]int64 {
	m := make(map[string]int64, len(of))
	for k, n := range of {
		m[k] = int64(n)
	}
	return m
}

// Best serves the lists of the desk; see [desk.Finder].
func (r *Room) Best(ctx context.Context, who desk.Caller, jq journal.Query, n int) ([]name.ID, int, error) {
	fa, err := r.listed(ctx, who, &jq)
	if err != nil {
		return nil, 0, err
	}
	fa.Limit = n
	return best(ctx, r.matters, fa)
}

// Holding serves the counts of the desk; see [desk.Finder].
func (r *Room) Holding(ctx context.Context, who desk.Caller, jq journal.Query) (int, error) {
	fa, err := r.listed(ctx, who, &jq)
	if err != nil {
		return 0, err
	}
	a, err := r.matters.Ask(ctx, fa)
	return a.Total, err
}

// listed makes of a list's question one to the book, without hits.
func (r *Room) listed(ctx context.Context, who desk.Caller, jq *journal.Query) (find.Ask, error) {
	q, err := find.Parse(jq.Text)
	if err != nil {
		return find.Ask{}, err
	}
	if _, err := r.upToDate(ctx); err != nil {
		return find.Ask{}, err
	}
	ask := Ask{Kinds: jq.Kinds, States: jq.States, Units: jq.Units, Area: jq.Area, Open: jq.Open}
	fa, err := ask.question(q)
	fa.Limit, fa.Count = 0, nil
	fa.Where = append(fa.Where, seen(r.desk.Scope(who, access.MatterRead, access.Matter))...)
	return fa, err
}

// BestRecords is [Room.Best] over the records of a register.
func (r *Room) BestRecords(ctx context.Context, who desk.Caller, register, text string, n int) ([]name.ID, int, error) {
	q, err := find.Parse(text)
	if err != nil {
		return nil, 0, err
	}
	if _, err := r.upToDate(ctx); err != nil {
		return nil, 0, err
	}
	where := append(seen(r.desk.Scope(who, access.RegisterRead, access.Register)), []find.Want{{Trait: traitKind, Text: register}})
	return best(ctx, r.records, find.Ask{Query: q, Limit: n, Where: where})
}

// best are the streams that a book answers with, and how many there are.
func best(ctx context.Context, b *Book, fa find.Ask) ([]name.ID, int, error) {
	a, err := b.Ask(ctx, fa)
	if err != nil {
		return nil, 0, err
	}
	streams, err := b.Streams(ctx, a.Hits)
	return streams, a.Total, err
}

// BestOpen serves the lists that anybody may read; see [desk.Finder].
func (r *Room) BestOpen(ctx context.Context, kinds []string, text string, n int) ([]name.ID, int, error) {
	q, err := find.Parse(text)
	if err != nil {
		return nil, 0, err
	}
	if _, err := r.upToDate(ctx); err != nil {
		return nil, 0, err
	}
	fa := find.Ask{Query: q, Limit: n, Where: seen(r.desk.Scope(desk.Nobody, access.PublicRead, access.Matter))}
	var any []find.Want
	for _, k := range kinds {
		any = append(any, find.Want{Trait: traitKind, Text: k})
	}
	if len(any) > 0 {
		fa.Where = append(fa.Where, any)
	}
	return best(ctx, r.open, fa)
}

// A cursor is base64url of the place and eight bytes that tell one question from another. It gives no rights.
const cursorSize = 4 + 4 + 4 + 8

func writeCursor(ask *Ask, q find.Query, at find.Hit) string {
	b := binary.BigEndian.AppendUint32(nil, math.Float32bits(at.Score))
	b = binary.BigEndian.AppendUint32(b, uint32(at.At))
	b = binary.BigEndian.AppendUint32(b, at.Doc)
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, ask.fingerprint(q)))
}

func readCursor(ask *Ask, q find.Query) (find.Place, error) {
	b, err := base64.RawURLEncoding.DecodeString(ask.Cursor)
	if err != nil || len(b) != cursorSize || binary.BigEndian.Uint64(b[12:]) != ask.fingerprint(q) {
		return find.Place{}, fmt.Errorf("a cursor of another search: %w", fault.ErrInvalid)
	}
	return find.Place{Score: math.Float32frombits(binary.BigEndian.Uint32(b)), At: int32(binary.BigEndian.Uint32(b[4:])), Doc: binary.BigEndian.Uint32(b[8:])}, nil
}

// fingerprint tells one question from another, whatever page of it is asked for.
func (ask *Ask) fingerprint(q find.Query) uint64 {
	h := fnv.New64a()
	open := ""
	if ask.Open != nil {
		open = fmt.Sprint(*ask.Open)
	}
	fmt.Fprint(h, strings.Join([]string{q.String(), strings.Join(ask.Kinds, ","), strings.Join(ask.States, ","), fmt.Sprint(ask.Units), ask.Area, ask.Class, open,
		fmt.Sprint(ask.Opened), fmt.Sprint(ask.Newest)}, "\x00"))
	return h.Sum64()
}
