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
	"sync"

	"bihuan/desk"
	"bihuan/engine/find"
	"bihuan/ground/access"
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
	spanOfTold  = 600_000_000         // µs, how long an answer is told again
	mostTold    = 64
	renewedFrom = 480_000_000    // µs, from when on an answer is worked out anew before somebody waits for it
	renewedFor  = 43_200_000_000 // µs, for how long after somebody has asked
	mostRenewed = 4              // the answers that were asked for last
)

// told are answers that were worked out lately.
type told struct {
	mu  sync.Mutex
	all map[string]answer
}

type answer struct {
	topics Topics
	at     int64
	seq    int64
	asked  int64 // when somebody asked for it last
	work   work  // by which it is worked out anew
}

// Topics returns the words and the classes that matters which the caller may read and that were opened in a period have more
// often than those of the period before. It reads the whole index once; an answer is told again for ten minutes, or while nothing is appended. The four
// answers asked for last are worked out anew within that time by [Room.Run], for half a day after somebody has asked.
func (r *Room) Topics(ctx context.Context, who desk.Caller, ask TopicAsk) (Topics, error) {
	if ask.Limit == 0 {
		ask.Limit = defaultLimit
	}
	if ask.Limit < 0 || ask.Limit > MaxLimit || ask.Period.From <= 0 || ask.Period.Until <= ask.Period.From || ask.Period.Until-ask.Period.From > longest {
		return Topics{}, fmt.Errorf("topics of %d to %d: %w", ask.Period.From, ask.Period.Until, fault.ErrInvalid)
	}
	if _, err := r.upToDate(ctx); err != nil {
		return Topics{}, err
	}
	scope := r.desk.Scope(who, access.MatterRead, access.Matter)
	key, err := json.Marshal([]any{scope, ask})
	if err != nil {
		return Topics{}, err
	}
	now, seq := r.desk.Now(), r.seen.Load()
	if t, ok := r.told.get(string(key), now, seq); ok {
		return t, nil
	}
	where := seen(scope)
	if ask.Area != "" {
		where = append(where, []find.Want{{Trait: traitArea, Text: ask.Area, How: find.Prefix}})
	}
	var kinds []find.Want
	for _, k := range ask.Kinds {
		kinds = append(kinds, find.Want{Trait: traitKind, Text: k})
	}
	if len(kinds) > 0 {
		where = append(where, kinds)
	} else {
		where = append(where, []find.Want{{Trait: traitClass, Not: true}})
	}
	w := work{r: r, ask: ask, where: where, now: find.Period(ask.Period), before: find.Period(ask.Before())}
	t, err := w.topics(ctx)
	if err == nil {
		r.told.put(string(key), answer{t, now, seq, now, w})
	}
	return t, err
}

// Renew works topics out anew that would soon be told no more, so that nobody waits for them.
func (r *Room) Renew(ctx context.Context) error {
	now := r.desk.Now()
	for key, a := range r.told.late(now, r.seen.Load()) {
		if _, err := r.upToDate(ctx); err != nil {
			return err
		}
		seq := r.seen.Load()
		t, err := a.work.topics(ctx)
		if err != nil {
			return err
		}
		r.told.put(key, answer{t, now, seq, a.asked, a.work})
	}
	return nil
}

func (t *told) get(key string, now, seq int64) (Topics, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	a, ok := t.all[key]
	if ok {
		a.asked = now
		t.all[key] = a
	}
	return a.topics, ok && (a.seq == seq || now-a.at < spanOfTold && now >= a.at)
}

// late returns the answers that are to be worked out anew: of the last that were asked for those which are old, and before which something was appended.
func (t *told) late(now, seq int64) map[string]answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	keys := slices.Collect(maps.Keys(t.all))
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(t.all[b].asked, t.all[a].asked) })
	out := map[string]answer{}
	for _, key := range keys[:min(len(keys), mostRenewed)] {
		if a := t.all[key]; a.seq != seq && now-a.at >= renewedFrom && now-a.asked < renewedFor {
			out[key] = a
		}
	}
	return out
}

func (t *told) put(key string, a answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	old, known := t.all[key]
	if t.all == nil || !known && len(t.all) >= mostTold {
		t.all = map[string]answer{}
	}
	a.asked = max(a.asked, old.asked) // who asked while it was worked out
	t.all[key] = a
}

// work is topics being worked out.
type work struct {
	r           *Room
	ask         TopicAsk
	where       [][]find.Want
	now, before find.Period
}

func (w *work) topics(ctx context.Context) (t Topics, err error) {
	r, err := w.r.matters.Rising(ctx, w.where, w.now, w.before, traitClass, leastTopic, candidates)
	if err != nil {
		return t, err
	}
	t.Now, t.Before = r.Now, r.Before
	if t.Terms, err = w.words(ctx, r.Terms, r.Now, r.Before); err != nil {
		return t, err
	}
	t.Classes, err = w.classes(ctx, r.Texts, r.Now, r.Before)
	return t, err
}

// words makes words of terms that rise. A word that is part of one that is there already, or holds it, is the same topic.
func (w *work) words(ctx context.Context, rises []find.Rise, docsNow, docsBefore int) (all []Topic, err error) {
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
func (w *work) named(word string) bool {
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
func (w *work) grow(ctx context.Context, t find.Term) (string, error) {
	q, err := find.Parse(t.String())
	if err != nil {
		return "", err
	}
	a, err := w.r.matters.Ask(ctx, find.Ask{Query: q, Where: w.where, From: w.now.From, Until: w.now.Until, Newest: true, Limit: sampleOf})
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
func (w *work) count(ctx context.Context, word string, docsNow, docsBefore int) (Topic, error) {
	q, err := find.Parse(word)
	if err != nil {
		return Topic{}, err
	}
	now, err := w.r.matters.Ask(ctx, find.Ask{Query: q, Where: w.where, From: w.now.From, Until: w.now.Until, Count: []int{traitArea}})
	if err != nil {
		return Topic{}, err
	}
	before, err := w.r.matters.Ask(ctx, find.Ask{Query: q, Where: w.where, From: w.before.From, Until: w.before.Until})
	return Topic{Text: word, Count: now.Total, Before: before.Total, Score: find.Striking(now.Total, before.Total, docsNow, docsBefore),
		Areas: w.areas(now.Counts[0])}, err
}

// areas are the streets in which something is, most first.
func (w *work) areas(counts map[string]int) (all []AreaCount) {
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
func (w *work) classes(ctx context.Context, counts map[string][2]int, docsNow, docsBefore int) (all []Topic, err error) {
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
		where := append(slices.Clip(w.where), []find.Want{{Trait: traitClass, Text: all[i].Text}})
		a, err := w.r.matters.Ask(ctx, find.Ask{Where: where, From: w.now.From, Until: w.now.Until, Count: []int{traitArea}})
		if err != nil {
			return nil, err
		}
		all[i].Areas = w.areas(a.Counts[0])
	}
	return all, nil
}
