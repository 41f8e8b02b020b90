package search

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/engine/find"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// TopicAsk is over which period topics are asked for, and of which matters. The period before is the one as long that ends
// where it begins.
type TopicAsk struct {
	Period journal.Between // of the time of opening; both ends must be given
	Area   string
	Kinds  []string // none for all that is filed under a class: what people report, not what the platform raises
	Limit  int      // terms and classes at most, 20 if not said
}

// Before returns the period before.
func (ask TopicAsk) Before() journal.Between {
	return journal.Between{From: 2*ask.Period.From - ask.Period.Until, Until: ask.Period.From}
}

// Topics is what is written of more than in the period before, the most striking first.
type Topics struct {
	Now, Before int // matters of the two periods
	Terms       []Topic
	Classes     []Topic
}

// Topic is a word or a class that rises.
type Topic struct {
	Text   string // the word, or the class's key
	Count  int
	Before int
	Score  float64     // in standard deviations, see [find.Striking]
	Areas  []AreaCount // where, most first
}

// AreaCount is how many matters of a topic an area has.
type AreaCount struct {
	Area  string
	Count int
}

// Limits of topics.
const (
	leastTopic  = 3   // matters that make a topic
	strikingBy  = 1.5 // standard deviations that make it hot
	candidates  = 80  // terms that are looked at
	sampleOf    = 12  // matters whose texts tell which word a term stands in
	shareOfWord = 0.75
	longest     = 400 * 86400_000_000 // µs, the longest period
	usual       = 30                  // days that are asked for where nobody says how many
	smallIndex  = 10_000              // matters in an index that is read through in some 50 ms: worked out for whoever waits
)

// Lately is what is asked for where nobody says over which period: the thirty days that end today.
func Lately(today calendar.Date) TopicAsk {
	return TopicAsk{Period: journal.Between{From: int64((today - usual + 1).Start()), Until: int64((today + 1).Start())}}
}

// Topics returns the words and the classes that matters which the caller may read and that were opened in a period have more
// often than those of the period before; an answer is told again for ten minutes, or while nothing is appended.
//
// It takes the whole index read through, for which nobody waits but where that is small. Of a large one answers are kept ready by
// [Room.Run]: [Lately] of everything, and whatever was asked for within a week of days that ended on that day, for each day anew. What is not ready
// is worked out beside the requests, all that wait in one reading, and until then ready is false, or the answer of before is told.
func (r *Room) Topics(ctx context.Context, who desk.Caller, ask TopicAsk) (t Topics, ready bool, err error) {
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	if ask.Limit < 0 || ask.Limit > MaxLimit || ask.Period.From <= 0 || ask.Period.Until <= ask.Period.From || ask.Period.Until-ask.Period.From > longest {
		return t, false, fmt.Errorf("topics of %d to %d: %w", ask.Period.From, ask.Period.Until, fault.ErrInvalid)
	}
	if _, err := r.upToDate(ctx); err != nil {
		return t, false, err
	}
	w, now, seq := newWork(r.desk.Scope(who, access.MatterRead, access.Matter), ask), r.desk.Now(), r.seen.Load()
	t, known, fresh := r.told.get(w.key(), now, seq)
	switch {
	case fresh:
		return t.first(ask.Limit), true, nil
	case r.matters.Len() > r.Small:
		r.told.want(w)
		select {
		case r.wanted <- struct{}{}:
		default:
		}
		return t.first(ask.Limit), known, nil
	}
	all, err := r.workOut(ctx, []work{w})
	if err != nil {
		return t, false, err
	}
	r.told.put(answer{all[0], now, seq, now, w})
	return all[0].first(ask.Limit), true, nil
}

// Renew works out what somebody waits for, and anew what would soon be told no more or is not there yet for this day, all in one reading.
// While the index is far behind the log, only the former.
func (r *Room) Renew(ctx context.Context) error {
	behind, err := r.upToDate(ctx)
	if err != nil {
		return err
	}
	now, seq := r.desk.Now(), r.seen.Load()
	due := r.told.due(now, seq, r.desk.Today(), behind <= atOnce)
	works := make([]work, len(due))
	for i := range due {
		works[i] = due[i].work
	}
	all, err := r.workOut(ctx, works)
	for i := range all {
		r.told.put(answer{all[i], now, seq, due[i].asked, works[i]})
	}
	return err
}

// workOut works several answers out, reading the index once. At most [find.MostSpans].
func (r *Room) workOut(ctx context.Context, works []work) ([]Topics, error) {
	if len(works) == 0 {
		return nil, nil
	}
	var spans []find.Spans
	for i := range works {
		spans = append(spans, works[i].spans())
	}
	rises, err := r.matters.Rising(ctx, spans, traitClass, leastTopic, candidates)
	if err != nil {
		return nil, err
	}
	all := make([]Topics, len(works))
	for i := range works {
		if all[i], err = works[i].topics(ctx, r, &rises[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// first leaves the first n words and classes.
func (t Topics) first(n int) Topics {
	t.Terms, t.Classes = t.Terms[:min(len(t.Terms), n):min(len(t.Terms), n)], t.Classes[:min(len(t.Classes), n):min(len(t.Classes), n)]
	return t
}

// work is topics to be worked out: of what a scope sees.
type work struct {
	scope journal.Scope
	ask   TopicAsk
}

// newWork makes work of what is asked; to ask for fewer words than usual is no other work.
func newWork(scope journal.Scope, ask TopicAsk) work {
	ask.Limit = max(ask.Limit, defaultLimit)
	return work{scope, ask}
}

// key tells one piece of work from another.
func (w *work) key() string {
	b, err := json.Marshal([]any{w.scope, w.ask})
	if err != nil {
		panic(fmt.Sprintf("a scope and a question that are no JSON: %v", err))
	}
	return string(b)
}

// endsOn reports whether the period is one of whole days that ends on a day.
func (w *work) endsOn(day calendar.Date) bool {
	return w.ask.Period.Until == int64((day+1).Start()) && w.ask.Period.From == int64(calendar.Instant(w.ask.Period.From).Date().Start())
}

// on is the same work for as many days that end on another day.
func (w *work) on(day calendar.Date) work {
	to := *w
	from, until := calendar.Instant(w.ask.Period.From).Date(), calendar.Instant(w.ask.Period.Until).Date()
	to.ask.Period = journal.Between{From: int64((from + day + 1 - until).Start()), Until: int64((day + 1).Start())}
	return to
}

// where narrows to what the work is about.
func (w *work) where() [][]find.Want {
	where := seen(w.scope)
	if w.ask.Area != "" {
		where = append(where, []find.Want{{Trait: traitArea, Text: w.ask.Area, How: find.Prefix}})
	}
	var kinds []find.Want
	for _, k := range w.ask.Kinds {
		kinds = append(kinds, find.Want{Trait: traitKind, Text: k})
	}
	if len(kinds) > 0 {
		return append(where, kinds)
	}
	return append(where, []find.Want{{Trait: traitClass, Not: true}})
}

func (w *work) spans() find.Spans {
	return find.Spans{Where: w.where(), Now: find.Period(w.ask.Period), Before: find.Period(w.ask.Before())}
}

func (w *work) topics(ctx context.Context, r *Room, rises *Rises) (t Topics, err error) {
	h := working{r: r, ask: w.ask, Spans: w.spans()}
	t.Now, t.Before = rises.Now, rises.Before
	if t.Terms, err = h.words(ctx, rises.Terms, rises.Now, rises.Before); err != nil {
		return t, err
	}
	t.Classes, err = h.classes(ctx, rises.Texts, rises.Now, rises.Before)
	return t, err
}

// working is topics being worked out.
type working struct {
	r   *Room
	ask TopicAsk
	find.Spans
}

// words makes words of terms that rise. A word that is part of one that is there already, or holds it, is the same topic.
func (w *working) words(ctx context.Context, rises []find.Rise, docsNow, docsBefore int) (all []Topic, err error) {
	if docsBefore == 0 {
		return nil, nil // nothing to compare with
	}
	done := map[string]bool{}
	for _, rise := range rises {
		if len(all) == w.ask.Limit {
			break
		}
		if rise.Score < strikingBy || covered(all, rise.Term.String()) {
			continue
		}
		word, err := w.grow(ctx, rise.Term)
		if err != nil {
			return nil, err
		}
		if done[word] || covered(all, word) || w.named(word) {
			continue
		}
		done[word] = true
		topic, err := w.count(ctx, word, docsNow, docsBefore)
		if err != nil {
			return nil, err
		}
		if topic.Count >= leastTopic && topic.Score >= strikingBy {
			all = append(all, topic)
		}
	}
	slices.SortStableFunc(all, func(a, b Topic) int { return cmp.Compare(b.Score, a.Score) })
	return all, nil
}

// named reports whether a word is, or is part of, what a unit or a street is called: where something is tells nothing of what it is.
func (w *working) named(word string) bool {
	dir := w.r.desk.Directory()
	return slices.ContainsFunc(dir.Units, func(u desk.Unit) bool {
		return strings.Contains(u.Words.ZH, word) || strings.Contains(u.Short.ZH, word)
	}) ||
		slices.ContainsFunc(dir.Streets, func(s desk.Street) bool { return strings.Contains(s.Words.ZH, word) })
}

// covered reports whether a word stands in one that is there, or one of those in it.
func covered(all []Topic, word string) bool {
	return slices.ContainsFunc(all, func(t Topic) bool { return strings.Contains(t.Text, word) || strings.Contains(word, t.Text) })
}

// grow makes of a term the word that it stands in, by the newest matters that have it.
func (w *working) grow(ctx context.Context, t find.Term) (string, error) {
	q, err := find.Parse(t.String())
	if err != nil {
		return "", err
	}
	a, err := w.r.matters.Ask(ctx, find.Ask{Query: q, Where: w.Where, From: w.Now.From, Until: w.Now.Until, Newest: true, Limit: sampleOf})
	if err != nil {
		return "", err
	}
	streams, err := w.r.matters.Streams(ctx, a.Hits)
	if err != nil {
		return "", err
	}
	var texts []string
	for _, s := range streams {
		found, err := w.r.desk.TextsOf(ctx, s, 0)
		if errors.Is(err, fault.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		whole := found.Text.Row.Title
		for _, words := range found.Text.Words {
			whole += "。" + words.Text
		}
		texts = append(texts, whole)
	}
	return find.Grow(t, texts, shareOfWord), nil
}

// count counts a word in the two periods, and by area in the first.
func (w *working) count(ctx context.Context, word string, docsNow, docsBefore int) (Topic, error) {
	q, err := find.Parse(word)
	if err != nil {
		return Topic{}, err
	}
	now, err := w.r.matters.Ask(ctx, find.Ask{Query: q, Where: w.Where, From: w.Now.From, Until: w.Now.Until, Count: []int{traitArea}})
	if err != nil {
		return Topic{}, err
	}
	before, err := w.r.matters.Ask(ctx, find.Ask{Query: q, Where: w.Where, From: w.Before.From, Until: w.Before.Until})
	return Topic{Text: word, Count: now.Total, Before: before.Total, Score: find.Striking(now.Total, before.Total, docsNow, docsBefore),
		Areas: w.areas(now.Counts[0])}, err
}

// areas are the streets in which something is, most first.
func (w *working) areas(counts map[string]int) (all []AreaCount) {
	streets := map[string]int{}
	for area, n := range counts {
		street := area
		for _, s := range w.r.desk.Directory().Streets {
			if strings.HasPrefix(area, s.Code) {
				street = s.Code
			}
		}
		streets[street] += n
	}
	for _, area := range slices.Sorted(maps.Keys(streets)) {
		if area != "" {
			all = append(all, AreaCount{area, streets[area]})
		}
	}
	slices.SortStableFunc(all, func(a, b AreaCount) int { return b.Count - a.Count })
	return all
}

// classes are the classes that rise.
func (w *working) classes(ctx context.Context, counts map[string][2]int, docsNow, docsBefore int) (all []Topic, err error) {
	for _, class := range slices.Sorted(maps.Keys(counts)) {
		n := counts[class]
		if class == "" || n[0] < leastTopic {
			continue
		}
		if score := find.Striking(n[0], n[1], docsNow, docsBefore); score > 0 {
			all = append(all, Topic{Text: class, Count: n[0], Before: n[1], Score: score})
		}
	}
	slices.SortStableFunc(all, func(a, b Topic) int { return cmp.Compare(b.Score, a.Score) })
	all = all[:min(len(all), w.ask.Limit)]
	for i := range all {
		where := append(slices.Clip(w.Where), []find.Want{{Trait: traitClass, Text: all[i].Text}})
		a, err := w.r.matters.Ask(ctx, find.Ask{Where: where, From: w.Now.From, Until: w.Now.Until, Count: []int{traitArea}})
		if err != nil {
			return nil, err
		}
		all[i].Areas = w.areas(a.Counts[0])
	}
	return all, nil
}
