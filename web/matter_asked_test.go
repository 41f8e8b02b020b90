package web

import (
	"strings"
	"testing"
	"time"

	"bihuan/ground/name"
)

// TestAnActIsAskedForAndDecidedOnPages: the office asks on the act's form, the leader finds it on their desk, reads what would change from what to
// what, and agrees without a field to fill in; before, the site says what it said.
func TestAnActIsAskedForAndDecidedOnPages(t *testing.T) {
	h := stand(t)
	office, id := h.openSite()
	path, head, leader := "/matters/"+id, h.one("office", "head"), h.one("government", "leader")
	h.page(office, path).Has(`a[href="` + path + `/acts/ask-change-plan"]`)
	h.page(office, path).Lacks("#asked")
	h.page(office, path+"/acts/ask-change-plan").Has("#reason")
	h.page(head, path+"/acts/change-plan").Lacks("form.card.stack") // nobody has asked for it

	asked := map[string]string{"f.due": "2024-01-31", "reason": "管线迁改推迟"}
	parse(t, h.act(office, id, "ask-change-plan", map[string]string{"reason": "管线迁改推迟"}, nil)).Contains("#flaw", "没有改动任何内容")
	h.follow(h.act(office, id, "ask-change-plan", asked, nil))
	p := h.page(office, path)
	p.Contains("#asked", "申请调整计划")
	p.Contains("#asked", "2023年12月20日 → 2024年1月31日")
	p.Contains("#asked", "管线迁改推迟")
	p.Contains(".timeline", "申请调整计划")
	p.Has(`a[href="` + path + `/acts/take-back-change-plan"]`)
	p.Lacks(`a[href="` + path + `/acts/change-plan"]`)
	p.Lacks(`a[href="` + path + `/acts/ask-cancel"]`) // one at a time
	for _, who := range []string{"/desk", "/cockpit"} {
		h.page(leader, who).Contains(".todecide", "某小区改造")
		h.page(head, who).Contains(".todecide", "申请调整计划")
		h.page(office, who).Lacks(".todecide")
	}
	if said := h.page(leader, "/desk").Text(".todecide"); strings.Contains(said, "已等") || strings.Contains(said, "已过") || !strings.Contains(said, "前审定") {
		t.Errorf("asked for today: %s", said)
	}
	h.now.Add((7 * 24 * time.Hour).Microseconds()) // a week, whatever its day: five working days
	h.secrets = map[name.Person]string{}           // and sessions have ended
	for _, who := range []string{"/desk", "/cockpit"} {
		p := h.page(leader, who)
		p.Contains(".todecide", "已等5个工作日")
		p.Contains(".todecide .late", "已过")
	}
	h.page(office, path).Contains("#asked", "已等5个工作日")
	form := h.page(leader, path+"/acts/change-plan")
	form.Contains("form", "2023年12月20日 → 2024年1月31日")
	form.Lacks(`form [name^="f."]`)
	form.Lacks("#reason")
	parse(t, h.act(leader, id, "decline-change-plan", nil, nil)).Contains("#flaw-reason", "理由")
	h.follow(h.act(leader, id, "decline-change-plan", map[string]string{"reason": "年内完工"}, nil))
	h.page(office, path).Contains(".timeline", "不同意调整计划")
	h.page(leader, "/desk").Lacks(".todecide")

	h.follow(h.act(office, id, "ask-change-plan", asked, nil))
	h.follow(h.act(leader, id, "change-plan", nil, nil))
	p = h.page(office, path)
	p.Lacks("#asked")
	p.Contains(".timeline", "同意调整计划")
	p.Contains(".sheet", "2024年1月31日")
	p.Contains(".sheet", h.desk.Directory().Person(leader).Words.ZH)
}
