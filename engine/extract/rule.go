package extract

import "bihuan/ground/name"

// Rule names how a statement was found. The list is closed; see [Rules].
type Rule string

// The rules for numbers.
const (
	RulePredicate Rule = "predicate" // the number is said of a measure: 收入达到30万元
	RuleCarried   Rule = "carried"   // as predicate, the subject comes from before: …，增长5%
	RuleList      Rule = "list"      // one of several, aligned with subjects: 分别增长6%、8%
	RuleObject    Rule = "object"    // behind the noun it counts: 改造小区25个
	RuleCounted   Rule = "counted"   // before the noun it counts: 新建5所学校
	RuleAttribute Rule = "attribute" // joined to a thing by 的: 总投资23亿元的园区
	RuleShare     Rule = "share"     // a share of a group: 70%的村集体
	RuleFrom      Rule = "from"      // the level before a change: 由20个工作日…
	RuleTo        Rule = "to"        // the level after it: …压缩至30分钟
	RuleReference Rule = "reference" // distance from another's figure: 高于全市2个百分点
	RuleMultiple  Rule = "multiple"  // a multiple of another figure: 是…的1.8倍
	RuleTerm      Rule = "term"      // a duration promised or kept: 15分钟办结
	RuleMagnitude Rule = "magnitude" // a magnitude without digits: 过百亿元
	RuleTable     Rule = "table"     // a cell of a table by row and head: 粮食产量 | 万吨 | 12.5
	RuleGuess     Rule = "guess"     // no construction fits; the nearest noun is taken
)

// The rules for milestones.
const (
	RuleBringAbout Rule = "bring-about" // verb and thing: 建成疾控中心
	RuleComeAbout  Rule = "come-about"  // thing and verb: 污水处理厂建成投运
	RuleTitle      Rule = "title"       // an official title: 被命名为全国…示范区
	RuleCoverage   Rule = "coverage"    // everything or nothing left: 全覆盖, 清零, 零发生
	RuleAll        Rule = "all"         // all of them: 全部达标
	RuleStandard   Rule = "standard"    // a standard reached: 达到国家四类标准
	RuleStep       Rule = "step"        // in step with another figure: 与经济增长同步
	RuleRecord     Rule = "record"      // a record: 创历史新高
)

var ruleNames = []struct {
	rule Rule
	text name.Text
}{
	{RulePredicate, name.Text{ZH: "指标后接谓语和数值", EN: "predicate of a measure"}},
	{RuleCarried, name.Text{ZH: "承前省略主语", EN: "subject carried over"}},
	{RuleList, name.Text{ZH: "并列数值按序对应", EN: "aligned list"}},
	{RuleObject, name.Text{ZH: "名词在前、数量在后", EN: "number behind its noun"}},
	{RuleCounted, name.Text{ZH: "数量在前、名词在后", EN: "number before its noun"}},
	{RuleAttribute, name.Text{ZH: "以“的”修饰事物的数量", EN: "attribute of a thing"}},
	{RuleShare, name.Text{ZH: "群体中的比例", EN: "share of a group"}},
	{RuleFrom, name.Text{ZH: "变化前的水平（由…）", EN: "level before a change"}},
	{RuleTo, name.Text{ZH: "变化后的水平（…至）", EN: "level after a change"}},
	{RuleReference, name.Text{ZH: "与参照对象的差距", EN: "distance from a reference"}},
	{RuleMultiple, name.Text{ZH: "参照对象的倍数", EN: "multiple of a reference"}},
	{RuleTerm, name.Text{ZH: "承诺或实现的时限", EN: "term promised or kept"}},
	{RuleMagnitude, name.Text{ZH: "不带数字的量级词", EN: "magnitude without digits"}},
	{RuleTable, name.Text{ZH: "表格中按行名和表头对应", EN: "table cell by row and head"}},
	{RuleGuess, name.Text{ZH: "句式不明，取最近名词", EN: "nearest noun, construction unclear"}},
	{RuleBringAbout, name.Text{ZH: "动词加事项（建成…）", EN: "verb and thing"}},
	{RuleComeAbout, name.Text{ZH: "事项加动词（…投运）", EN: "thing and verb"}},
	{RuleTitle, name.Text{ZH: "获得或争创称号", EN: "official title"}},
	{RuleCoverage, name.Text{ZH: "全覆盖、清零、零发生", EN: "full coverage or zero"}},
	{RuleAll, name.Text{ZH: "全部完成或达标", EN: "all of them"}},
	{RuleStandard, name.Text{ZH: "达到某一标准", EN: "standard reached"}},
	{RuleStep, name.Text{ZH: "与其他指标同步", EN: "in step with another figure"}},
	{RuleRecord, name.Text{ZH: "创新高", EN: "record"}},
}

// Name returns the words for r, empty for a rule outside the list.
func (r Rule) Name() name.Text {
	for _, n := range ruleNames {
		if n.rule == r {
			return n.text
		}
	}
	return name.Text{}
}
