package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bihuan/engine/redact"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
)

// Promises returns every published goal of a year that anybody may read, in the order of the report. text narrows to
// those whose title, sentence or lead unit has it. Year 0 is the year of today.
func (d *Desk) Promises(ctx context.Context, year int, text string) (all []GoalView, err error) {
	if year == 0 {
		year = d.Today().Year()
	}
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(Nobody, access.PublicRead, access.Goal), Noun: "indicator", Kinds: []string{GoalKind},
		Facets: []journal.Facet{{Name: "year", Text: yearText(year)}}, Order: journal.ByOpened, Limit: 500}
	for {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			v, err := d.goalView(ctx, r.Stream)
			if err != nil {
				return nil, err
			}
			if v.Parent == "" && d.SpeaksOf(&v, text) { // parts of a promise are shown inside
				all = append(all, v)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			slices.SortStableFunc(all, func(a, b GoalView) int { return a.Source.Start - b.Source.Start })
			return all, nil
		}
	}
}

// SpeaksOf reports whether every word of text is in the goal's title, sentence, domain or lead unit.
func (d *Desk) SpeaksOf(v *GoalView, text string) bool {
	u := d.Directory().Unit(v.Lead)
	in := strings.ToLower(strings.Join([]string{v.Title, v.Source.Sentence, v.Domain, u.Words.ZH, u.Words.EN, u.Short.ZH, u.Short.EN}, "\n"))
	for _, w := range strings.Fields(strings.ToLower(text)) {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// Promise returns one goal that anybody may read; one that is not public is not found.
func (d *Desk) Promise(ctx context.Context, id name.ID) (GoalView, error) {
	v, err := d.goalView(ctx, id)
	if err != nil {
		return v, err
	}
	if err := d.allow(Nobody, access.PublicRead, d.goalObject(&v.Goal)); err != nil {
		return GoalView{}, fmt.Errorf("promise %s: %w", id, fault.ErrNotFound)
	}
	return v, nil
}

// PromiseMatters returns the public matters that a published goal is counted from, or that fulfil it.
func (d *Desk) PromiseMatters(ctx context.Context, v *GoalView, limit int) ([]journal.Row, error) {
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: d.Scope(Nobody, access.PublicRead, access.Matter), Noun: "matter", Order: journal.ByOpened, Limit: limit}
	if v.Definition != nil && v.Definition.Count != nil {
		where, err := d.predicate(v.Definition.Count.Of, v.Definition.Count.Where)
		if err != nil {
			return nil, err
		}
		q.Kinds, q.Where = []string{v.Definition.Count.Of}, withoutState(where)
	} else {
		q.Facets = []journal.Facet{{Name: facetLink, Text: string(v.ID)}}
	}
	page, err := d.store.Rows(ctx, q)
	if err == nil {
		err = d.openAll(page.Rows)
	}
	return page.Rows, err
}

// PublicGoals returns a page of the goals that anybody may read, and the cursor of the next one.
func (d *Desk) PublicGoals(ctx context.Context, q GoalQuery) ([]GoalView, string, error) {
	return d.goalsIn(ctx, d.Scope(Nobody, access.PublicRead, access.Goal), q)
}

// PublicMatters returns a page of the matters that anybody may read, narrowed by q, each row with the fields that its
// kind shows without login, and as [Desk.OpenRow] leaves it. Nobody finds by what a row leaves out: a question for a person, a
// light or a due time has no answer, and a text that is too short for the index of what is public none either; a state stands for
// all that read alike, and the nearest due time orders nothing.
func (d *Desk) PublicMatters(ctx context.Context, q journal.Query) (journal.Page, error) {
	q.Log, q.Now, q.Noun = d.world.District, d.world.Now(), "matter"
	q.Scope = d.Scope(Nobody, access.PublicRead, access.Matter)
	q.States = d.statesAlike(q.Kinds, q.States)
	if q.Order == journal.ByDue || q.Order == "" {
		q.Order = journal.ByOpened
	}
	more, some, err := d.found(&q, d.bestOpen(ctx))
	hidden := q.Text != "" || q.Person != "" || q.Unnamed || len(q.Lights) > 0 || q.Due != (journal.Between{}) || q.Wake != (journal.Between{})
	if err != nil || !some || hidden {
		return journal.Page{}, err
	}
	page, err := d.store.Rows(ctx, q)
	if page.Found = more; err == nil {
		err = d.openAll(page.Rows)
	}
	return page, err
}

// OpenRow leaves in a row of a matter what anybody is told of it: besides [Desk.Uncover] no light and no time by which a step of the
// house is due, since the public reads by when it may expect the answer; and of states that read alike in public words the first.
func (d *Desk) OpenRow(r *journal.Row) error {
	k, _ := d.Packs().Kind(r.Kind)
	r.Light, r.Due, r.Yellow, r.Wake, r.Facets = "", 0, 0, 0, nil
	if k == nil || !slices.Contains(k.Public, "area") {
		r.Area = ""
	}
	if k == nil || !slices.Contains(k.Public, "title") {
		r.Title = ""
	}
	r.State = publicState(k, r.State)
	return d.Uncover(r)
}

func (d *Desk) openAll(rows []journal.Row) error {
	for i := range rows {
		if err := d.OpenRow(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}

// publicState returns the first of the states of a kind that say the same to the public as one of them: whether somebody gave the
// matter back, say, is told to nobody outside.
func publicState(k *matter.Kind, key string) string {
	if k == nil {
		return key
	}
	for i := range k.States {
		if s := &k.States[i]; alike(s, k.State(key)) {
			return s.Key
		}
	}
	return key
}

func alike(s, t *matter.State) bool {
	return t != nil && PublicWords(s) == PublicWords(t) && s.Phase.IsOpen() == t.Phase.IsOpen()
}

// PublicWords returns what anybody reads of a state.
func PublicWords(s *matter.State) name.Text {
	if s.Public.IsZero() {
		return s.Words
	}
	return s.Public
}

// statesAlike adds to states of some kinds, of all for none, those that say the same to the public.
func (d *Desk) statesAlike(kinds, states []string) []string {
	if len(states) == 0 {
		return nil
	}
	all := slices.Clone(states)
	for _, k := range d.Packs().Kinds() {
		if len(kinds) > 0 && !slices.Contains(kinds, k.Ref) {
			continue
		}
		for i := range k.States {
			if s := &k.States[i]; slices.ContainsFunc(states, func(key string) bool { return alike(s, k.State(key)) }) {
				all = append(all, s.Key)
			}
		}
	}
	return with(all)
}

// PublicStreams returns the ids of a page of the matters that anybody may read, narrowed by q, and the cursor of the next one: for who
// reads each of them as [Desk.PublicMatter] anyway.
func (d *Desk) PublicStreams(ctx context.Context, q journal.Query) (ids []name.ID, next string, err error) {
	q.Log, q.Now, q.Noun = d.world.District, d.world.Now(), "matter"
	q.Scope = d.Scope(Nobody, access.PublicRead, access.Matter)
	page, err := d.store.Rows(ctx, q)
	for i := range page.Rows {
		ids = append(ids, page.Rows[i].Stream)
	}
	return ids, page.Next, err
}

// Uncover leaves in a row what anybody may read of it.
func (d *Desk) Uncover(r *journal.Row) error {
	r.Person = ""
	fields := map[string]string{}
	if err := json.Unmarshal(r.Body, &fields); err != nil {
		return fmt.Errorf("row of %s: %w", r.Stream, err)
	}
	k, _ := d.Packs().Kind(r.Kind)
	open := d.PublicFields(k, fields)
	if title, ok := open["title"]; ok {
		r.Title = title
	}
	body, err := json.Marshal(open)
	r.Body = body
	return err
}

// PublicFields returns those of a matter's fields that its kind shows without login; none for an unknown kind. What was
// written freely is masked in a kind that people report at a door: they tell more about persons than they should.
func (d *Desk) PublicFields(k *matter.Kind, fields map[string]string) map[string]string {
	open := map[string]string{}
	masked := k != nil && (d.DoorOf(k.Ref, pack.People) != nil || d.DoorOf(k.Ref, pack.Programs) != nil)
	for key, v := range fields {
		if k == nil || !slices.Contains(k.Public, key) {
			continue
		}
		if f := field.Find(k.Fields, key); masked && f != nil && (f.Kind == field.Text || f.Kind == field.LongText) {
			v = redact.Mask(v, redact.Landline) // offices print theirs
		}
		open[key] = v
	}
	return open
}

// PublicMatter returns what anybody may read of a matter: its public fields, its state and its holder's unit. One
// that is not public is not found.
func (d *Desk) PublicMatter(ctx context.Context, id name.ID) (MatterView, error) {
	m, err := d.loadMatter(ctx, id)
	if err != nil {
		return MatterView{}, err
	}
	o := d.object(&m)
	o.Class = access.Public
	if err := d.allow(Nobody, access.PublicRead, o); err != nil {
		return MatterView{}, fmt.Errorf("matter %s: %w", id, fault.ErrNotFound)
	}
	k, err := d.kindOf(&m)
	if err != nil {
		return MatterView{}, err
	}
	state, phase := publicState(k, m.State), m.Phase
	if s := k.State(state); s != nil {
		phase = s.Phase
	}
	open := matter.Matter{ID: m.ID, Kind: m.Kind, Pack: m.Pack, Version: m.Version, Number: m.Number, State: state, Phase: phase,
		Holder: matter.Hand{Unit: m.Holder.Unit}, Fields: d.PublicFields(k, m.Fields), Opened: m.Opened, Closed: m.Closed, Changed: m.Changed, Public: true}
	return MatterView{Matter: open, Def: k}, nil
}

// CountedFrom narrows a question to the matters that a counted goal is counted from, whatever their state. It
// reports false for a goal that counts nothing.
func (d *Desk) CountedFrom(v *GoalView, q *journal.Query) (bool, error) {
	if v.Definition == nil || v.Definition.Count == nil {
		return false, nil
	}
	where, err := d.predicate(v.Definition.Count.Of, v.Definition.Count.Where)
	if err != nil {
		return false, err
	}
	q.Kinds, q.Where = []string{v.Definition.Count.Of}, withoutState(where)
	return true, nil
}

// Fulfilling narrows a question to the matters that are linked to a goal.
func Fulfilling(goal name.ID, q *journal.Query) {
	q.Facets = append(q.Facets, journal.Facet{Name: facetLink, Text: string(goal)})
}

// PublicBehind is [Desk.Behind] for anybody: of a published goal, the public rows.
func (d *Desk) PublicBehind(ctx context.Context, id name.ID, cursor string, limit int) (journal.Page, error) {
	v, err := d.Promise(ctx, id)
	if err != nil || v.Definition == nil || v.Definition.Count == nil {
		return journal.Page{}, err
	}
	page, err := d.behind(ctx, &v, d.Scope(Nobody, access.PublicRead, access.Matter), cursor, limit)
	if err == nil {
		err = d.openAll(page.Rows)
	}
	return page, err
}
