package calendar

// AddWorking returns the n-th working day after d, or before d for a negative n; d itself
// never counts, whether it works or not: 民法典 (2020) art. 201. With n = 0 it returns d.
// The answer is provisional if a day passed over awaits its notice. Constant time.
func (c *Calendar) AddWorking(d Date, n int) (due Date, provisional bool) {
	switch {
	case n > 0:
		due = c.nthDate(c.rank(d) + int64(n))
		return due, c.isProvisional(d, due)
	case n < 0:
		due = c.nthDate(c.rank(d-1) + int64(n) + 1)
		return due, c.isProvisional(due-1, d-1)
	}
	return d, false
}

// WorkingBetween returns the number of working days after from, up to and including to,
// negative if to lies before from. Constant time.
func (c *Calendar) WorkingBetween(from, to Date) int { return int(c.rank(to) - c.rank(from)) }

// NextWorking returns d if it works, otherwise the next working day.
func (c *Calendar) NextWorking(d Date) Date { return c.nthDate(c.rank(d-1) + 1) }

// LatestStart returns the latest date from which n working days still fit up to and
// including due, the start itself not counted: the latest s with AddWorking(s, n) ≤ due.
// It may be a day off: work begins on the day after. n below 1 counts as 0 and gives due.
func (c *Calendar) LatestStart(due Date, n int) (start Date, provisional bool) {
	if n < 1 {
		return due, false
	}
	start = c.nthDate(c.rank(due)-int64(n)+1) - 1
	return start, c.isProvisional(start, due)
}

// Backward plans steps in a row backwards from due (倒排工期): lengths in working days,
// first step first. It returns each step's latest start; a step must end on the date on
// which the next one starts. The result has the length of lengths.
func (c *Calendar) Backward(due Date, lengths []int) (starts []Date, provisional bool) {
	starts = make([]Date, len(lengths))
	for i := len(lengths) - 1; i >= 0; i-- {
		start, p := c.LatestStart(due, lengths[i])
		starts[i], due, provisional = start, start, provisional || p
	}
	return starts, provisional
}
