package extract

func (e *reader) milestones(p *paragraph, s, c span, ns []number, in []bool, m moment) {}
