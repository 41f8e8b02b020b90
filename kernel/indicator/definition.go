package indicator

import "bihuan/ground/name"

// Definition is one indicator, compiled from a pack: what is measured and how.
type Definition struct {
	Ref       string // pack/indicator, such as "works/old-estates"
	Version   string // content address of the pack that it was compiled from
	Words     name.Text
	Unit      string // 个, %, 元, 百分点 …
	Mode      Mode
	Shape     Shape // the shape that goals on it usually have
	Lower     bool  // lower is better
	Count     *Count
	Returns   *Returns // reported: the matters by which it is reported, nil for none
	Formula   string   // derived: CEL over other indicators of the pack, hyphens written as underscores
	Operands  []string // derived: the refs that the formula reads, in the order of their first use
	Beside    string   // ref of the indicator shown beside it, such as the city's growth
	Subjects  []string // words in a statement's subject that suggest this indicator
	Source    name.Text
	Confirmed bool
}

// Mode says where the figure comes from.
type Mode string

// The modes.
const (
	Reported Mode = "reported" // 填报: by a unit, with evidence
	Counted  Mode = "counted"  // 计数: from matters or records
	Derived  Mode = "derived"  // 推算: by a formula over indicators
)

// Modes are all modes.
var Modes = []Mode{Reported, Counted, Derived}

// Count says what is counted.
type Count struct {
	Of      string // pack/kind of matter, or pack/register
	Measure Measure
	Sum     string // for Sum: the numeric facet
	Where   string // CEL over the facets and state, unit, area; empty for all
	Of100   string // for Ratio: CEL that picks the numerator out of Where
	Cohort  Cohort
}

// Returns says by which matters an indicator is reported: each returns the figure of one period, quick first, confirmed once somebody else has
// looked, corrected when it is opened again.
type Returns struct {
	Of     string            // pack/kind of matter
	Value  string            // the decimal field of the figure
	Quick  string            // that of the quick one, empty for none
	Period string            // the field of the month or the longer period that it is of; see [field.EndMonth]
	Where  map[string]string // facets by which a return is known to be of this indicator
}

// Measure is how rows become a figure.
type Measure string

// The measures.
const (
	Number Measure = "count" // how many rows
	Sum    Measure = "sum"   // the sum of a facet
	Ratio  Measure = "ratio" // per cent of the rows that satisfy Of100; a ratio of sums, never a mean of ratios
)

// Measures are all measures.
var Measures = []Measure{Number, Sum, Ratio}

// Cohort says which moment puts a row into a period, so that a rate can be recomputed.
type Cohort string

// The cohorts.
const (
	ByOpening Cohort = "opened"   // opened in the period; for records: valid from
	ByClosing Cohort = "closed"   // closed in the period; for records: valid to
	ByDue     Cohort = "due"      // due in the period
	Existing  Cohort = "standing" // what there is at the end of the period, whenever it came
)

// Cohorts are all cohorts.
var Cohorts = []Cohort{ByOpening, ByClosing, ByDue, Existing}

// Shape is the shape of a goal, with its own pace, light and score.
type Shape string

// The shapes.
const (
	Accumulate Shape = "accumulate" // 累计: 新增21个
	Level      Shape = "level"      // 水平: 达60%
	Growth     Shape = "growth"     // 增幅: 增长10%
	Ceiling    Shape = "ceiling"    // 上限: 下降15%, 不超过
	Zero       Shape = "zero"       // 清零: 零发生
	Milestone  Shape = "milestone"  // 节点: a date
)

// Shapes are all shapes.
var Shapes = []Shape{Accumulate, Level, Growth, Ceiling, Zero, Milestone}

// Words returns the shape's words.
func (s Shape) Words() name.Text {
	return map[Shape]name.Text{
		Accumulate: {ZH: "累计型", EN: "Accumulate"},
		Level:      {ZH: "水平型", EN: "Level"},
		Growth:     {ZH: "增幅型", EN: "Growth"},
		Ceiling:    {ZH: "上限型", EN: "Ceiling"},
		Zero:       {ZH: "清零型", EN: "Zero"},
		Milestone:  {ZH: "节点型", EN: "Milestone"},
	}[s]
}
