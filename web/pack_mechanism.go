package web

import (
	"html/template"
	"slices"
	"strings"

	"bihuan/ground/calendar"
	"bihuan/kernel/matter"
	"bihuan/web/draw"
)

// mechanismView is how a pack's matters move, who pushes them, and what counts.
type mechanismView struct {
	packFrame
	Kinds      []kindMechanism
	Pieces     []countedPiece
	Deductions []countedPiece
	Appeal     string
}

// kindMechanism is the mechanism of one kind.
type kindMechanism struct {
	Kind    *matter.Kind
	Flow    template.HTML
	Ladders []ladderShown
	Team    []teamMember
	Raises  []raisedShown
}

type ladderShown struct {
	Clocks  string
	Picture template.HTML
}

// teamMember is a part with what it does.
type teamMember struct {
	Who  string
	Acts []string
}

// raisedShown is a matter that another one leads to.
type raisedShown struct{ By, Kind, Link string }

// countedPiece is something that counts for assessment.
type countedPiece struct {
	Words  string
	Points int
}

// packMechanism is the face 机制.
func (s *server) packMechanism(q *request) error {
	p, err := s.pack(q)
	if err != nil {
		return err
	}
	v := mechanismView{packFrame: packFrame{p, "mechanism"}}
	for i := range p.Kinds {
		v.Kinds = append(v.Kinds, q.mechanism(&p.Kinds[i]))
	}
	if a := s.Desk.Packs().Assessment(); a != nil && len(p.Kinds) > 0 {
		for _, piece := range a.Pieces {
			v.Pieces = append(v.Pieces, countedPiece{piece.Words.In(q.Lang), piece.Weight})
		}
		for _, d := range a.Deductions {
			v.Deductions = append(v.Deductions, countedPiece{d.Words.In(q.Lang), -d.Points})
		}
		v.Appeal = q.span(a.Appeal.Length, a.Appeal.Basis)
	}
	return q.render(200, "pack_mechanism", v)
}

func (q *request) mechanism(k *matter.Kind) kindMechanism {
	m := kindMechanism{Kind: k, Flow: q.flow(k), Team: q.team(k)}
	for i := range k.Ladders {
		m.Ladders = append(m.Ladders, q.ladder(k, &k.Ladders[i]))
	}
	for i := range k.Acts {
		for _, r := range k.Acts[i].Raises {
			m.Raises = append(m.Raises, raisedShown{k.Acts[i].Words.In(q.Lang), q.countedOf(r.Kind), q.Says("link." + string(r.Link))})
		}
	}
	return m
}

// flow draws a kind's states and the acts between them.
func (q *request) flow(k *matter.Kind) template.HTML {
	var nodes []draw.FlowNode
	for i, st := range k.States {
		var stays []string
		for j := range k.Acts {
			if a := &k.Acts[j]; slices.Contains(a.From, st.Key) && (a.To == "" || a.To == st.Key) {
				stays = append(stays, a.Words.In(q.Lang))
			}
		}
		nodes = append(nodes, draw.FlowNode{Key: st.Key, Words: st.Words.In(q.Lang), Note: strings.Join(stays, q.Says("list.and")), Class: string(st.Phase), Rank: slices.Index(matter.Phases, st.Phase)*100 + i})
	}
	var edges []draw.FlowEdge
	for i := range k.Acts {
		a := &k.Acts[i]
		if len(a.From) == 0 {
			edges = append(edges, draw.FlowEdge{To: a.To, Words: a.Words.In(q.Lang), Class: string(a.Verb)})
		}
		for _, from := range a.From {
			if a.To != "" && a.To != from {
				edges = append(edges, draw.FlowEdge{From: from, To: a.To, Words: a.Words.In(q.Lang), Class: string(a.Verb)})
			}
		}
	}
	return draw.Flow(nodes, edges, q.Says("mechanism.flow-of", "kind", k.Words.In(q.Lang)), "")
}

// ladder draws a ladder, and names the clocks that climb it.
func (q *request) ladder(k *matter.Kind, l *matter.Ladder) ladderShown {
	var clocks []string
	var basis calendar.Basis
	for i := range k.Clocks {
		if c := &k.Clocks[i]; c.Ladder == l.Key {
			clocks = append(clocks, c.Words.In(q.Lang))
			basis = c.Basis
		}
	}
	var rungs []draw.LadderRung
	for _, r := range l.Rungs {
		when := q.Says("mechanism.at-due")
		switch {
		case r.Before > 0:
			when = q.Says("mechanism.before", "length", q.span(r.Before, basis))
		case r.After > 0:
			when = q.Says("mechanism.after", "length", q.span(r.After, basis))
		case r.Used > 0:
			when = q.Says("mechanism.used", "n", r.Used)
		}
		rungs = append(rungs, draw.LadderRung{Words: q.Says("clerk.ladder-" + string(r.Key)), When: when, To: q.partyWords(r.To)})
	}
	return ladderShown{strings.Join(clocks, q.Says("list.and")), draw.Ladder(rungs, q.Says("mechanism.ladder"))}
}

// team lists who does what, in the order in which they first act.
func (q *request) team(k *matter.Kind) (all []teamMember) {
	for i := range k.Acts {
		a := &k.Acts[i]
		for _, p := range a.By {
			who, words := q.partyWords(p), a.Words.In(q.Lang)
			at := slices.IndexFunc(all, func(t teamMember) bool { return t.Who == who })
			if at < 0 {
				all = append(all, teamMember{Who: who})
				at = len(all) - 1
			}
			if !slices.Contains(all[at].Acts, words) {
				all[at].Acts = append(all[at].Acts, words)
			}
		}
	}
	return all
}
