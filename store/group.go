package store

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"bihuan/ground/fault"
)

// group is the jobs of one transaction: those that wait when it begins, and those that come while it carries others out.
type group struct {
	queue    <-chan *job // where they come from, nil if nobody may join
	healthy  func() error
	most     int    // jobs
	jobs     []*job // that are carried out
	ahead    *job   // the last of them, if it is not carried out yet
	goal     int    // jobs for which it is worth to wait
	patience time.Duration
	over     *time.Timer // of the patience, from when there was first nothing to do
}

// gather begins a group with a job, nil for none, that others may join.
func (w *writer) gather(first *job) *group {
	g := w.single(first)
	g.queue, g.most = w.queue, w.group
	g.goal, g.patience = w.company.expected(len(g.jobs)+len(w.queue), w.group)
	return g
}

// single is a group of one job, nil for none, that nobody joins.
func (w *writer) single(j *job) *group {
	g := &group{healthy: w.healthy}
	if j != nil && g.admit(j) {
		g.ahead = j
	}
	return g
}

// admit adds a job, unless its asker has given up or it comes after the end: then it is answered.
func (g *group) admit(j *job) bool {
	if j.err = g.healthy(); j.err == nil && j.ctx.Err() != nil {
		j.err = fmt.Errorf("%w: gave up in the queue: %w", fault.ErrUnavailable, context.Cause(j.ctx))
	}
	if j.err != nil {
		close(j.done)
		return false
	}
	g.jobs = append(g.jobs, j)
	return true
}

// begins reports whether there is something to carry out.
func (g *group) begins() bool {
	g.ahead = g.next()
	return g.ahead != nil
}

// next returns the job that is to be carried out now, nil if the transaction is to end.
func (g *group) next() *job {
	j := g.ahead
	for g.ahead = nil; j == nil && len(g.jobs) < g.most; {
		if j = g.pick(); j == nil {
			break
		}
		if !g.admit(j) {
			j = nil
		}
	}
	if j == nil && g.over != nil {
		g.over.Stop()
	}
	return j
}

// pick takes what waits, and otherwise waits itself while that is worth it.
func (g *group) pick() *job {
	if j, some := g.waiting(); some || len(g.jobs) >= g.goal {
		return j
	}
	if g.over == nil {
		g.over = time.NewTimer(g.patience)
		runtime.Gosched()
		if j, some := g.waiting(); some {
			return j
		}
	}
	select {
	case j := <-g.queue: // nil when it is closed
		return j
	case <-g.over.C:
		g.goal = 0 // no more of it
		return nil
	}
}

// waiting returns a job from the queue, if there is one or none will come any more.
func (g *group) waiting() (j *job, some bool) {
	select {
	case j = <-g.queue:
		return j, true
	default:
		return nil, false
	}
}

// company is what the writer has learnt of how many write at once, and how long a commit takes.
//
// Who has just been answered often comes back at once. A transaction that ends without them makes two that
// take turns, each with a sync of its own. So it waits for company, at most half as long as a commit takes lately,
// if, when that was last tried, it came to all who had been answered or were waiting.
type company struct {
	groups   int           // so far
	usual    int           // size that a group comes to if it waits for those who were answered
	answered int           // size of the last group
	commit   time.Duration // a mean of the last ones
}

// longCommit bounds what is taken for the usual time of a commit.
const longCommit = 2 * time.Millisecond

// expected returns for how many jobs a group of at most so many, with so many waiting, waits, and how long in all.
func (c *company) expected(waiting, most int) (goal int, patience time.Duration) {
	c.groups++
	goal = c.usual
	if c.groups%8 == 0 && c.answered > 1 {
		goal = c.answered + waiting
	}
	return min(goal, most), c.commit / 2
}

// left learns from a group that was carried out.
func (c *company) left(g *group) {
	c.answered, c.usual = len(g.jobs), max(g.goal, 1)
	if g.over != nil {
		c.usual = max(len(g.jobs), 1)
	}
}

// took learns how long a commit took.
func (c *company) took(d time.Duration) { c.commit += (min(d, longCommit) - c.commit) / 8 }
