package web

import (
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/kernel/matter"
)

// matterView is one matter with all that there is to know of it.
type matterView struct {
	Matter  *desk.MatterView
	State   *matter.State
	May     []*matter.Act
	MayNot  []refusedAct
	Fields  []shownField
	Lines   []matterLine
	Related []workRow
	Follow  int64             // how many people follow it instead of having reported it once more
	Links   map[string]string // words of the link to each related matter
	Pauses  map[string]string // words of a pause by clock and code
	Rungs   map[string]string
	Done    string // words of the act just done
	Whys    []whyView
	Feeds   []desk.GoalView   // that it is counted for, or that its figure moves
	Returns bool              // it reports a figure: nothing is counted when it is closed
	Seals   map[string]string // of sealed photos by file: good, bad or unchecked
	Looks   []desk.Look       // at personal data
	Unmask  unmaskView
	Asked   *askedShown // what waits for a decision
}

// refusedAct is an act that leads on from here but is not the caller's, and why.
type refusedAct struct {
	Act *matter.Act
	Why string
}

// matterPage is the page of one matter.
func (s *server) matterPage(q *request) error {
	m, err := s.Desk.Matter(q.Context(), q.Who, q.id())
	if err != nil {
		return err
	}
	v, err := s.matterOf(q, &m)
	if err != nil {
		return err
	}
	return q.render(200, "matter", v)
}

// matterOf fills in everything that the page shows.
func (s *server) matterOf(q *request, loaded *desk.MatterView) (v matterView, err error) {
	m := *loaded
	v = matterView{Matter: &m, State: m.Def.State(m.State), Fields: q.shownFields(&m), Lines: q.lines(&m), Whys: q.whys(&m), Asked: q.askedFor(&m), Links: map[string]string{}}
	for _, a := range m.Acts {
		if a.Refused == nil || a.Refused.Code == string(access.ProveAgain) {
			v.May = inOrder(v.May, m.Def, m.State, a.Act)
		} else {
			v.MayNot = append(v.MayNot, refusedAct{a.Act, strings.TrimSpace(words.Refusal(a.Refused, q.Lang) + " " + q.actorsOf(&m, a))})
		}
	}
	for _, r := range m.Related {
		v.Related = append(v.Related, q.workRow(r))
		v.Links[string(r.Stream)] = q.Says("link.other")
	}
	for _, l := range m.Links {
		v.Links[string(l.To)] = q.Says("link." + string(l.Kind))
	}
	if q.May("goal.read", "goal") {
		if v.Feeds, err = s.Desk.Feeds(q.Context(), &m); err != nil {
			return v, err
		}
		for d := range s.Desk.Packs().Indicators() {
			v.Returns = v.Returns || d.Returns != nil && d.Returns.Of == m.Def.Ref
		}
	}
	if v.Follow, err = s.Desk.Followers(q.Context(), m.ID); err != nil {
		return v, err
	}
	if v.Seals, err = s.seals(q, &m); err != nil {
		return v, err
	}
	if v.Looks, err = s.Desk.Looks(q.Context(), q.Who, m.ID); err != nil {
		return v, err
	}
	if act := m.Def.Act(q.Asked("done")); act != nil {
		v.Done = act.Words.In(q.Lang)
	}
	v.Unmask, err = s.unmasking(q, &m)
	return v, err
}

// mostChecked is how many sealed photos the page works out again; a photo of 8 MB takes some 40 ms.
const mostChecked = 12

// seals works the seals of a matter's photos out again: whether photo, place and time are what was sealed.
func (s *server) seals(q *request, m *desk.MatterView) (map[string]string, error) {
	found := map[string]string{}
	for _, e := range m.Evidence {
		if e.Capture.Seal == "" || found[e.File] == "bad" {
			continue
		}
		hash, err := ledger.ParseHash(e.File)
		if err != nil || len(found) >= mostChecked || !s.Desk.Holds(q.Who, access.EvidenceRead, access.Evidence) {
			found[e.File] = "unchecked"
			continue
		}
		f, err := s.Desk.File(q.Context(), q.Who, m.ID, hash)
		if err != nil {
			return nil, err
		}
		found[e.File] = "bad"
		if desk.Seal(f.Bytes, e.Capture.Place, e.Capture.Taken) == e.Capture.Seal {
			found[e.File] = "good"
		}
	}
	return found, nil
}

// forward are the verbs that bring a matter on, the nearest to its end first among those that usually meet; every
// other verb leads aside.
var forward = []matter.Verb{matter.Acknowledge, matter.Accept, matter.Dispatch, matter.StrikeOff, matter.Verify, matter.Resume, matter.Progress, matter.Handle, matter.Feedback, matter.Close}

// inOrder adds an act that may be done in a state of a kind behind those that come before it: acts that bring the matter on first,
// and after them those that lead aside, or back to a state that came before, as work that is given back to whoever prepared it.
func inOrder(acts []*matter.Act, k *matter.Kind, state string, a *matter.Act) []*matter.Act {
	rank := func(a *matter.Act) int {
		if i := slices.Index(forward, a.Verb); i >= 0 && !leadsBack(k, state, a) {
			return i
		}
		return len(forward)
	}
	at := len(acts)
	for at > 0 && rank(acts[at-1]) > rank(a) {
		at--
	}
	return slices.Insert(acts, at, a)
}

// leadsBack reports whether an act of work leads to a state that the kind names before the one that the matter is in.
func leadsBack(k *matter.Kind, state string, a *matter.Act) bool {
	at := func(key string) int {
		return slices.IndexFunc(k.States, func(s matter.State) bool { return s.Key == key })
	}
	return (a.Verb == matter.Progress || a.Verb == matter.Handle) && a.To != "" && at(a.To) < at(state)
}

// Running are the clocks that run or are paused; Stopped are the others, newest first.
func (v matterView) Running() (all []desk.ClockView) {
	for _, c := range v.Matter.Clocks {
		if c.Stopped == 0 {
			all = append(all, c)
		}
	}
	return all
}

// Nearest is the running clock that is due first, nil where none runs; the one on a decision is told where the decision is asked for.
func (v matterView) Nearest() (first *desk.ClockView) {
	for _, c := range v.Running() {
		if c.Due != 0 && !c.Decision && (first == nil || c.Due < first.Due) {
			first = &c
		}
	}
	return first
}

// Stopped are the clocks that have been stopped, newest first.
func (v matterView) Stopped() (all []desk.ClockView) {
	for _, c := range slices.Backward(v.Matter.Clocks) {
		if c.Stopped != 0 {
			all = append(all, c)
		}
	}
	return all
}

// PauseWords says why a clock stood still.
func (v matterView) PauseWords(c desk.ClockView, code string, lang string) string {
	if c.Def != nil {
		return c.Def.PauseWords(code).In(lang)
	}
	return code
}

// matterFile hands out an upload of a matter.
func (s *server) matterFile(q *request) error {
	hash, err := ledger.ParseHash(q.PathValue("hash"))
	if err != nil {
		return fault.Refuse(fault.ErrNotFound, "no-such-page", "")
	}
	if q.Asked("original") != "" {
		f, err := s.Desk.Original(q.Context(), q.Who, q.id(), hash)
		if err != nil {
			return err
		}
		return q.bytes(f)
	}
	f, err := s.Desk.File(q.Context(), q.Who, q.id(), hash)
	if err != nil {
		return err
	}
	return q.file(f)
}
