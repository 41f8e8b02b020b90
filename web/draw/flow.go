package draw

import (
	"cmp"
	"html/template"
	"math"
	"slices"
)

// FlowNode is a state of a kind of matter.
type FlowNode struct {
	Key   string
	Words string
	Note  string // acts that stay in the state, or who acts there
	Class string // its phase
	Rank  int    // ties in the order of the flow are broken by it
}

// FlowEdge is an act that leads from one state to another; an empty From opens the matter.
type FlowEdge struct {
	From, To string
	Words    string
	Class    string
}

// flowRoute is an edge with where it runs: which port of which side it leaves and enters by, and in which lane.
type flowRoute struct {
	FlowEdge
	from, to int // places in the order, -1 for the beginning
	left     bool
	lane     int
	out, in  float64 // y of its ports
}

// The flow's measures.
const (
	flowNodeWide = 150.0 // of a state, at least
	flowNodeMost = 480.0 // for its name, which is never cut within reason
	flowNoteMost = 240.0 // for the note below it, which may be
	flowEdgeMost = 220.0
	flowPort     = 21.0
	flowGap      = 26.0
	flowLane     = 14.0
	flowFont     = 12.0
)

// Flow draws states one below the other in the order of the flow, and the acts between them: a step to the next
// state runs straight down, one that skips states runs along the right, one that goes back along the left. Each
// has its own port and lane, so that no two labels meet. Edges between states that are not there are left out.
func Flow(nodes []FlowNode, edges []FlowEdge, title, desc string) template.HTML {
	nodes = flowOrder(nodes, edges)
	routes := flowRoutes(nodes, edges)
	tops, heights, high := flowRows(nodes, routes)
	nodeWide := flowWide(nodes)
	leftLabel, rightLabel := labelWidths(routes, nodeWide)
	leftLanes, rightLanes := flowLanes(routes)
	x := leftLabel + float64(leftLanes)*flowLane + 16
	wide := x + nodeWide + rightLabel + float64(rightLanes)*flowLane + 16
	d := picture("draw-flow", wide, high, title, desc, false)
	for _, r := range routes {
		d.route(r, x, nodeWide, tops, heights, leftLabel, rightLabel)
	}
	for i, n := range nodes {
		d.open("g", "class", "flow-node "+n.Class)
		d.el("rect", "x", x, "y", tops[i], "width", nodeWide, "height", heights[i], "rx", 6)
		mid := tops[i] + heights[i]/2
		if n.Note != "" {
			d.text(x+nodeWide/2, mid-3, "flow-words mid", clipped(n.Words, 14, nodeWide-12))
			d.text(x+nodeWide/2, mid+14, "flow-note mid", clipped(n.Note, 11, nodeWide-12))
		} else {
			d.text(x+nodeWide/2, mid+5, "flow-words mid", clipped(n.Words, 14, nodeWide-12))
		}
		d.shut("g")
	}
	return d.done()
}

// flowWide is as wide as the longest words in a state need, within bounds.
func flowWide(nodes []FlowNode) float64 {
	wide := flowNodeWide
	for _, n := range nodes {
		wide = max(wide, min(textWidth(n.Words, 14)*1.06+24, flowNodeMost), min(textWidth(n.Note, 11)+24, flowNoteMost)) // bold is wider
	}
	return wide
}

// flowOrder sorts the states so that, loops aside, every act leads downwards, beginning with the state that a matter
// is opened into; ties go by rank, then by declaration.
func flowOrder(nodes []FlowNode, edges []FlowEdge) []FlowNode {
	at := map[string]int{}
	for i, n := range nodes {
		at[n.Key] = i
	}
	next := make([][]int, len(nodes))
	for _, e := range edges {
		from, ok1 := at[e.From]
		to, ok2 := at[e.To]
		if ok1 && ok2 && from != to && nodes[from].Rank <= nodes[to].Rank {
			next[from] = append(next[from], to)
		}
	}
	depth := make([]int, len(nodes))
	for range nodes { // longest path; a loop among equal ranks stops after as many rounds as there are states
		for from := range nodes {
			for _, to := range next[from] {
				if d := depth[from] + 1; d > depth[to] && d < len(nodes) && !(nodes[from].Rank == nodes[to].Rank && from > to) {
					depth[to] = d
				}
			}
		}
	}
	first := -1 // the state that the first act which opens a matter leads to
	for _, e := range edges {
		if to, ok := at[e.To]; ok && e.From == "" && first < 0 {
			first = to
		}
	}
	order := make([]int, len(nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if a == first || b == first {
			return map[bool]int{true: -1, false: 1}[a == first]
		}
		return cmp.Or(cmp.Compare(nodes[a].Rank, nodes[b].Rank), cmp.Compare(depth[a], depth[b]), cmp.Compare(a, b))
	})
	sorted := make([]FlowNode, len(nodes))
	for i, j := range order {
		sorted[i] = nodes[j]
	}
	return sorted
}

// flowRoutes joins acts between the same two states into one edge and decides on which side each runs.
func flowRoutes(nodes []FlowNode, edges []FlowEdge) (routes []flowRoute) {
	at := map[string]int{}
	for i, n := range nodes {
		at[n.Key] = i
	}
	for _, e := range edges {
		from, to := -1, -1
		if i, ok := at[e.From]; ok {
			from = i
		} else if e.From != "" {
			continue
		}
		if i, ok := at[e.To]; ok {
			to = i
		}
		if to < 0 || from == to {
			continue
		}
		same := slices.IndexFunc(routes, func(r flowRoute) bool { return r.from == from && r.to == to })
		if same >= 0 {
			routes[same].Words += " / " + e.Words
			continue
		}
		routes = append(routes, flowRoute{FlowEdge: e, from: from, to: to, left: from >= 0 && to < from})
	}
	for i := range routes {
		routes[i].Words = clipped(routes[i].Words, flowFont, flowEdgeMost)
	}
	return routes
}

// isStraight reports whether the edge runs down to the very next state.
func (r *flowRoute) isStraight() bool { return r.to == r.from+1 }

// flowRows places states and ports: a state is as high as the ports of its busier side.
func flowRows(nodes []FlowNode, routes []flowRoute) (tops, heights []float64, high float64) {
	tops, heights = make([]float64, len(nodes)), make([]float64, len(nodes))
	y := 12.0
	for i, n := range nodes {
		tops[i] = y
		if opensAt(routes, i) {
			tops[i] += flowGap
		}
		var count [2]int
		for j := range routes {
			r := &routes[j]
			if r.isStraight() {
				continue
			}
			side := 0
			if r.left {
				side = 1
			}
			if r.from == i {
				r.out = tops[i] + 14 + float64(count[side])*flowPort
				count[side]++
			}
			if r.to == i {
				r.in = tops[i] + 14 + float64(count[side])*flowPort
				count[side]++
			}
		}
		for j := range routes {
			if r := &routes[j]; r.from < 0 && r.to == i {
				r.out = r.in
			}
		}
		heights[i] = math.Max(34, float64(max(count[0], count[1]))*flowPort+10)
		if n.Note != "" {
			heights[i] = math.Max(44, heights[i])
		}
		y = tops[i] + heights[i] + flowGap
	}
	return tops, heights, y - flowGap + 12
}

func opensAt(routes []flowRoute, i int) bool {
	return slices.ContainsFunc(routes, func(r flowRoute) bool { return r.from < 0 && r.to == i && i == 0 })
}

func labelWidths(routes []flowRoute, nodeWide float64) (left, right float64) {
	for _, r := range routes {
		w := textWidth(r.Words, flowFont) + 14
		switch {
		case r.left:
			left = math.Max(left, w)
		case r.isStraight():
			right = math.Max(right, w-nodeWide/2)
		default:
			right = math.Max(right, w)
		}
	}
	return left, right
}

// flowLanes gives each edge that does not run straight a lane that no other edge uses over the same rows, the
// shortest nearest to the states, and returns how many lanes each side has.
func flowLanes(routes []flowRoute) (left, right int) {
	order := make([]int, 0, len(routes))
	for i := range routes {
		if !routes[i].isStraight() {
			order = append(order, i)
		}
	}
	span := func(r *flowRoute) (float64, float64) { return math.Min(r.out, r.in), math.Max(r.out, r.in) }
	slices.SortStableFunc(order, func(a, b int) int {
		la, ha := span(&routes[a])
		lb, hb := span(&routes[b])
		return cmp.Compare(ha-la, hb-lb)
	})
	var placed []int
	for _, i := range order {
		r := &routes[i]
		low, high := span(r)
		for free := false; !free; {
			free = true
			for _, j := range placed {
				o := &routes[j]
				l, h := span(o)
				if o.left == r.left && o.lane == r.lane && low <= h+6 && l <= high+6 {
					r.lane++
					free = false
				}
			}
		}
		placed = append(placed, i)
		if r.left {
			left = max(left, r.lane+1)
		} else {
			right = max(right, r.lane+1)
		}
	}
	return left, right
}

// route draws one edge with its label and arrow head.
func (d *drawing) route(r flowRoute, x, nodeWide float64, tops, heights []float64, leftLabel, rightLabel float64) {
	class := "flow-edge " + r.Class
	if r.isStraight() {
		from := tops[r.to] - flowGap + 2
		if r.from >= 0 {
			from = tops[r.from] + heights[r.from]
		}
		mid, to := x+nodeWide/2, tops[r.to]
		d.path(class, "M"+num(mid)+" "+num(from)+"V"+num(to-3))
		d.path("flow-head", "M"+num(mid-4)+" "+num(to-7)+"L"+num(mid)+" "+num(to-1)+"L"+num(mid+4)+" "+num(to-7))
		d.text(mid+7, (from+to)/2+4, "flow-label", r.Words)
		return
	}
	edge, out, dir := x+nodeWide, x+nodeWide+rightLabel+float64(r.lane)*flowLane+6, 1.0
	if r.left {
		edge, out, dir = x, x-leftLabel-float64(r.lane)*flowLane-6, -1.0
		class += " back"
	}
	if r.from < 0 { // it opens the matter: it comes from outside, not from a state
		d.path(class, "M"+num(edge+30)+" "+num(r.in)+"H"+num(edge+3))
		d.path("flow-head", "M"+num(edge+7)+" "+num(r.in-4)+"L"+num(edge+1)+" "+num(r.in)+"L"+num(edge+7)+" "+num(r.in+4))
		d.text(edge+8, r.in-4, "flow-label", r.Words)
		return
	}
	bend := 6.0
	if r.in < r.out {
		bend = -6
	}
	d.path(class, "M"+num(edge)+" "+num(r.out)+"H"+num(out-dir*6)+"q"+num(dir*6)+" 0 "+num(dir*6)+" "+num(bend)+
		"V"+num(r.in-bend)+"q0 "+num(bend)+" "+num(-dir*6)+" "+num(bend)+"H"+num(edge+dir*3))
	d.path("flow-head", "M"+num(edge+dir*7)+" "+num(r.in-4)+"L"+num(edge+dir)+" "+num(r.in)+"L"+num(edge+dir*7)+" "+num(r.in+4))
	if r.left {
		d.text(edge-8, r.out-4, "flow-label end", r.Words)
	} else {
		d.text(edge+8, r.out-4, "flow-label", r.Words)
	}
}
