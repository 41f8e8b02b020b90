package reports

import (
	"testing"

	"bihuan/engine/extract"
	"bihuan/kernel/indicator"
)

// TestTitlesReadAsAClerkWrites: from sentences of reports to the titles of their goals, in the order of their words.
func TestTitlesReadAsAClerkWrites(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"完成老旧小区改造21个", "完成老旧小区改造21个"},
		{"审批事项办结时限压缩80%", "审批事项办结时限压缩80%"},
		{"涉税单笔业务由20个工作日压缩至30分钟", "涉税单笔业务压缩至30分钟"},
		{"即办事项占比提升至60%", "即办事项占比提升至60%"},
		{"城镇调查失业率控制在5.5%左右", "城镇调查失业率控制在5.5%左右"},
		{"产业投资增长10%", "产业投资增长10%"},
		{"总体拥堵指数再下降15%", "总体拥堵指数下降15%"},
		{"70%的村集体收入达到30万元", "村集体收入达标占比70%"},
		{"一般性支出压减22.3%", "一般性支出压减22.3%"},
		{"农村低保标准提高6%", "农村低保标准提高6%"},
		{"学前教育普惠率提高2个百分点", "学前教育普惠率提高2个百分点"},
		{"生产总值达到526亿元、净增160亿元", "生产总值达到526亿元"},
		{"一般公共预算收入净增5.16亿元", "一般公共预算收入净增5.16亿元"},
		{"新增普惠性养老床位2000个", "新增普惠性养老床位2,000个"},
		{"建设用地安全利用率保持100%", "建设用地安全利用率保持100%"},
	} {
		res, err := extract.Read("二、2023年工作安排\n\n2023年，"+c.text+"。", extract.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range res.Statements {
			s := statement(res.Statements[i], extract.Span{})
			if s.Op != "from" {
				got = append(got, title(&s, shape(&s), target(&s, shape(&s))))
			}
		}
		if len(got) == 0 || got[0] != c.want {
			t.Errorf("%s: %q, want first %q", c.text, got, c.want)
		}
	}
}

// TestAShareIsNotTheGrowthOfWhatItIsAShareOf: the returns on the growth of investment move no goal on a share of it.
func TestAShareIsNotTheGrowthOfWhatItIsAShareOf(t *testing.T) {
	growth := &indicator.Definition{Ref: "economy/investment-growth", Unit: "%", Shape: indicator.Growth, Mode: indicator.Reported, Subjects: []string{"固定资产投资"}}
	for _, c := range []struct {
		subject string
		shape   indicator.Shape
		fits    bool
	}{
		{"固定资产投资", indicator.Growth, true},
		{"占固定资产投资比重", indicator.Level, false},
		{"占固定资产投资比重", indicator.Growth, false},
		{"固定资产投资完成率", indicator.Level, false},
	} {
		s := &Statement{Subject: c.subject, Unit: "%"}
		if got := fitting(s, c.shape, []*indicator.Definition{growth}) != nil; got != c.fits {
			t.Errorf("%s as %s fits the rate of growth: %v", c.subject, c.shape, got)
		}
	}
}
