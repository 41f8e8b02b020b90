package web

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bihuan/desk"
	"bihuan/desk/cockpit"
	"bihuan/desk/goals"
	"bihuan/desk/words"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

// goalShown is a goal as pages show it, in the words of one language.
type goalShown struct {
	desk.GoalView
	lang  string
	Parts []goalShown // that it was handed out in, where the page shows them
}

// shownGoals makes goals ready for a page.
func (q *request) shownGoals(goals []desk.GoalView) []goalShown {
	all := make([]goalShown, len(goals))
	for i, g := range goals {
		all[i] = goalShown{GoalView: g, lang: q.Lang}
	}
	return all
}

// shownWithParts makes goals ready for a page that shows under each the parts that it was handed out in.
func (q *request) shownWithParts(goals []desk.GoalView, parts cockpit.Parts) []goalShown {
	all := q.shownGoals(goals)
	for i := range all {
		all[i].Parts = q.shownGoals(parts[all[i].ID])
	}
	return all
}

// DomainText names the goal's domain.
func (g goalShown) DomainText() string { return cockpit.DomainWords(g.Domain).In(g.lang) }

// IsPart reports whether the goal is a part of another.
func (g goalShown) IsPart() bool { return g.Parent != "" }

func (g goalShown) say(key string, with ...any) string { return words.Say(g.lang, key, with...) }

// TargetText says what was promised: 21个, 增长10%, 零发生, 按期完成.
func (g goalShown) TargetText() string { return targetText(g.lang, g.Shape, g.Target) }

// FirstText says what was promised when the goal was published, empty if it is still the same.
func (g goalShown) FirstText() string {
	first, now := targetText(g.lang, g.First.Shape, g.First.Target), g.TargetText()
	if first == now && g.First.Due == g.Due {
		return ""
	}
	if g.First.Due != g.Due {
		first += " · " + date(g.lang, g.First.Due)
	}
	return first
}

// targetText writes a target as a clerk would.
func targetText(lang string, shape indicator.Shape, t indicator.Target) string {
	switch shape {
	case indicator.Milestone, indicator.Zero:
		return words.Say(lang, "target."+string(shape))
	}
	v := money.Quantity{Value: t.Value, Unit: t.Unit}.Format(lang)
	most := ""
	if t.Max != nil {
		most = money.Quantity{Value: *t.Max, Unit: t.Unit}.Format(lang)
	}
	key := "target." + strings.ReplaceAll(t.Op, "_", "-")
	switch {
	case shape == indicator.Ceiling && t.Op == "reach":
		key = "target.le" // 压缩至30分钟: it is not to be reached from below
	case shape == indicator.Growth && t.Op == "ge" && t.Value.Sign() == 0:
		key = "target.level" // 增速与全市同步
	case !words.Has(key):
		key = "target.eq"
	}
	return words.Say(lang, key, "v", v, "max", most)
}

// Value writes a value in the unit of the goal's figures.
func (g goalShown) Value(v money.Decimal) string {
	if g.Shape == indicator.Milestone {
		if v.Sign() > 0 {
			return g.say("goal.done")
		}
		return g.say("goal.not-done")
	}
	return money.Quantity{Value: v, Unit: g.FigureUnit()}.Format(g.lang)
}

// ActualText says how far the goal is.
func (g goalShown) ActualText() string {
	if !g.Reading.Has {
		if g.Shape == indicator.Milestone {
			return g.say("goal.not-done")
		}
		return g.say("goal.no-figure")
	}
	return g.Value(g.Reading.Actual)
}

// PlannedText says what the plan wants by now, empty where the shape has no plan.
func (g goalShown) PlannedText() string {
	if !g.Reading.HasPlan {
		return ""
	}
	return money.Quantity{Value: g.Reading.Planned.Round(1), Unit: g.FigureUnit()}.Format(g.lang)
}

// wholes are units of which there is no part: nobody finishes 0.13 of a site.
var wholes = []string{"个", "条", "处", "所", "家", "户", "项", "人", "件", "座", "名", "栋", "场", "次"}

// PaceText says what has to be done from now on to be in time: so many each working day or, of what there are no parts of, one in so many.
func (g goalShown) PaceText() string {
	per, unit := g.Reading.Required, g.FigureUnit()
	if slices.Contains(wholes, unit) && per.Cmp(money.One) < 0 {
		if days, err := money.One.Quo(per); err == nil {
			whole, _, _ := strings.Cut(days.String(), ".") // rounded down: who keeps to it is in time
			return g.say("goal.required-days", "days", whole, "v", money.Quantity{Value: money.One, Unit: unit}.Format(g.lang))
		}
	}
	return g.say("goal.required-text", "v", money.Quantity{Value: per, Unit: unit}.Format(g.lang))
}

// WhyText is the reason for the light.
func (g goalShown) WhyText() string { return g.say("why." + string(g.Reading.Why)) }

// GapText says by how much the goal is ahead of or behind plan, empty where that is not a distance.
func (g goalShown) GapText() string {
	r := g.Reading
	if !r.Has || r.Reached || r.Light == indicator.Grey || g.Shape != indicator.Accumulate && g.Shape != indicator.Level || !r.HasPlan {
		return ""
	}
	points := r.Gap.Abs().Round(1).String()
	switch r.Gap.Round(1).Sign() {
	case 1:
		return g.say("goal.ahead", "points", points)
	case -1:
		if r.Light == indicator.Green { // within what is allowed: nobody reads that it lags beside a green light
			return g.say("goal.below", "points", points)
		}
		return g.say("goal.behind", "points", points)
	}
	return g.say("goal.even")
}

// Badge is the goal's light with its word.
func (g goalShown) Badge() template.HTML { return badge(g.lang, g.Reading.Light) }

func badge(lang string, l indicator.Light) template.HTML {
	if l == "" {
		return ""
	}
	return draw.Badge(l, words.Say(lang, "light."+string(l)))
}

// Bar is the goal's progress against its plan.
func (g goalShown) Bar() template.HTML {
	s := goals.ShareOf(&g.Goal, g.Reading)
	v := draw.BarView{Actual: draw.Coordinate(s.Actual), Plan: draw.Coordinate(s.Plan), HasPlan: s.HasPlan, Empty: !s.Has, Light: g.Reading.Light}
	if g.Shape == indicator.Zero && s.Has && !g.Reading.Reached {
		v.Actual, v.HasPlan = 100, false // it has happened: the whole bar is red
	}
	v.Title = g.say("goal.bar", "actual", g.ActualText(), "target", g.TargetText())
	return draw.Bar(v)
}

// PercentText is the per cent of the target reached, empty where that says nothing.
func (g goalShown) PercentText() string {
	if !g.Reading.Has || g.Shape == indicator.Milestone || g.Shape == indicator.Zero {
		return ""
	}
	return g.Reading.Progress.Round(1).String() + "%"
}

// Link is the goal's own page.
func (g goalShown) Link() string { return "/goals/" + string(g.ID) }

// ModeText says where the figures come from.
func (g goalShown) ModeText() string { return g.say("mode." + string(g.Feed.Mode)) }

// SourceLink is the place in the report's own page, empty for a goal from elsewhere.
func (g goalShown) SourceLink() string {
	if g.Source.Report == "" {
		return ""
	}
	link := "/reports/" + string(g.Source.Report)
	if g.Source.Statement != "" {
		link += "#d-" + url.PathEscape(g.Source.Statement)
	}
	return link
}

// sentence is a sentence in three parts, the middle one being the quote that the goal was made of.
type sentence struct{ Before, Quote, After string }

// Sentence returns the goal's sentence with the quote apart. A quote that is not in the sentence stands alone.
func (g goalShown) Sentence() sentence {
	whole, quote := g.Source.Sentence, g.Source.Quote
	if quote == "" {
		return sentence{Before: whole}
	}
	for at := 0; ; at++ { // 5个 is not the end of 15个
		next := strings.Index(whole[at:], quote)
		if next < 0 {
			return sentence{Quote: quote}
		}
		if at += next; at == 0 || !strings.ContainsRune("0123456789.,", rune(whole[at-1])) || !startsWithDigit(quote) {
			return sentence{whole[:at], quote, whole[at+len(quote):]}
		}
	}
}

func startsWithDigit(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// lampCount is how many goals have a light, with the address that shows them.
type lampCount struct {
	Light indicator.Light
	Count int
	Link  string
}

// LightsInOrder returns the lights, trouble first, for choices.
func (q *request) LightsInOrder() []indicator.Light { return indicator.Lights }

// stripOf draws the lights of a group.
func (q *request) stripOf(lights map[indicator.Light]int) template.HTML {
	return draw.Strip(lights, q.lightsSaid(lights))
}

// lightsSaid says how many there are of each light.
func (q *request) lightsSaid(lights map[indicator.Light]int) string {
	var said []string
	for _, l := range indicator.Lights {
		if n := lights[l]; n > 0 {
			said = append(said, q.Says("light."+string(l))+" "+strconv.Itoa(n))
		}
	}
	return strings.Join(said, q.Says("comma"))
}

// unitShort is a unit's short name in the language of the page.
func (q *request) unitShort(u name.Unit) string { return q.Unit(u).Short.In(q.Lang) }
