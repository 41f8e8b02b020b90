package demo

import (
	"fmt"

	"bihuan/ground/calendar"
	"bihuan/kernel/journal"
)

// rate is one of the report's five main growth rates, cumulated to each month's end in per cent, beside the city's.
// The figures are made up: the district ends ahead of the city, and investment comes out of the red, as the report says.
type rate struct {
	indicator, called string
	months            []int // of 2023
	own, city         []float64
}

// monthly are the months of a year for which there are figures: January goes with February.
var monthly = []int{2, 3, 4, 5, 6, 7, 8, 9}

// rates are the five.
var rates = []rate{
	{"gdp", "地区生产总值增速", []int{3, 6, 9}, []float64{6.9, 8.3, 8.1}, []float64{5.2, 6.4, 6.0}},
	{"retail", "社会消费品零售总额增速", monthly, []float64{3.1, 5.6, 8.9, 9.7, 9.2, 8.8, 8.5, 8.4}, []float64{2.4, 4.8, 7.9, 8.6, 8.0, 7.5, 7.2, 7.1}},
	{"investment", "固定资产投资增速", monthly, []float64{-12.4, -6.8, -1.5, 2.3, 4.9, 6.1, 7.4, 8.2}, []float64{1.2, 2.0, 2.6, 3.1, 3.4, 3.0, 3.6, 3.9}},
	{"industry-output", "规模以上工业产值增速", monthly, []float64{4.6, 6.2, 7.8, 8.1, 7.4, 7.0, 7.9, 8.6}, []float64{3.9, 5.1, 6.9, 7.2, 6.8, 6.1, 6.6, 7.0}},
	{"services-revenue", "规上重点服务业营业收入增速", monthly, []float64{5.2, 6.9, 8.3, 8.8, 9.1, 9.4, 9.0, 9.5}, []float64{4.4, 6.3, 7.0, 7.6, 8.2, 8.0, 7.9, 7.7}},
}

// returns plans the reporting of the five: for each period and indicator one return, asked for after the month's end.
func (b *Builder) returns() {
	for i, r := range rates {
		for j := range r.months {
			b.oneReturn(i, j)
		}
	}
}

// oneReturn is the life of one of them: quick figure, confirmed figure with the city's sheet, review by the other statistician, filing by the
// head. Some are sent back, reported late, or corrected after the filing, when the city revises what it returned.
func (b *Builder) oneReturn(i, j int) {
	r := rates[i]
	month, year := r.months[j], Opening.Year()+1
	asked, other, head := b.nth("statistics", "statistician", i%2), b.nth("statistics", "statistician", (i+1)%2), b.as("statistics", "head")
	minute := 8*60 + 40 + 7*i
	next := calendar.NewDate(year, month, 1).MonthEnd() + 1
	period := fmt.Sprintf("%d-%02d", year, month)
	sheet := func(own, city float64) []journal.File {
		return []journal.File{document("市局数据反馈单.txt", fmt.Sprintf("%s\n%d年1—%d月 二道区%s%%，全市%s%%\n\n本文件为演示材料，数字虚构。\n", r.called, year, month, round1(own), round1(city)))}
	}
	report := func(after int, own, city float64, note string) move {
		return move{after, minute + 60, "report", asked, fields("value", round1(own), "city-value", round1(city), "basis-note", note), sheet(own, city), ""}
	}
	confirm := func(minute int) move {
		return move{1, minute, "confirm", other, fields("review-note", "与市局反馈单一致"), nil, ""}
	}
	filed := move{1, minute + 30, "file", head, nil, nil, ""}
	own, city := r.own[j], r.city[j]
	quick := own + [3]float64{0.2, -0.1, 0.1}[(i+j)%3]
	moves := []move{
		{0, minute, "ask", asked, map[string]string{"title": fmt.Sprintf("%d年1—%d月%s", year, month, r.called), "indicator": r.indicator, "period": period,
			"unit": "statistics", "due": (next + 19).String()}, nil, ""},
		{2 + i%3, minute + 20, "report-quick", asked, fields("quick-value", round1(quick)), nil, ""},
	}
	switch {
	case r.indicator == "industry-output" && month == 4: // a slip of the pen
		moves = append(moves, report(4, own*10, city, ""), move{1, minute, "send-back", other, nil, nil, "小数点位置有误"},
			report(0, own, city, "更正小数点"), confirm(minute), filed)
	case r.indicator == "services-revenue" && month == 6: // a few days late
		moves = append(moves, report(11, own, city, "两户企业补报后汇总"), confirm(minute), filed)
	default:
		moves = append(moves, report(3+(i+j)%3, own, city, ""), confirm(minute), filed)
	}
	if after, why, by := b.revised(r.indicator, month); why != "" {
		moves = append(moves, move{after, minute, "correct", asked, nil, nil, why}, report(2, own+by, city+by/2, "按市局修正"), confirm(minute), filed)
	}
	b.course("economy/return", b.working(next), moves)
}

// revised says which of the confirmed figures the city revised: so many working days after their filing, why, and by how many points.
func (*Builder) revised(indicator string, month int) (after int, why string, by float64) {
	switch {
	case indicator == "investment" && month == 3:
		return 62, "市局修正一季度投资数据", 0.4
	case indicator == "gdp" && month == 6:
		return 31, "市局修正上半年核算数据", -0.2
	case indicator == "retail" && month == 8:
		return 17, "市局修正1—8月零售数据", 0.1
	}
	return 0, "", 0
}
