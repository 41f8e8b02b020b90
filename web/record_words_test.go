package web

import (
	"strings"
	"testing"

	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

func TestTypesOfRecordsAreAskedForInWords(t *testing.T) {
	h := stand(t)
	auditor := h.one("audit", "auditor")
	h.follow(h.ask("", "zh", "POST", "/report", h.report("service", "E06002")))
	page := h.page(auditor, "/audit/search?topic=matters&type=matter.")
	page.Contains("select[name=type] option[selected]", "事项（全部）")
	page.Contains(".trail td", "登记")
	for _, o := range page.All("select[name=type] option") {
		if text := strings.TrimSpace(o.Text()); text == "" || strings.Contains(text, ".") {
			t.Errorf("a type is offered without words: %q", text)
		}
	}
	h.page(auditor, "/audit/search?type=unheard-of").Contains("select[name=type] option[selected]", "unheard-of")
}

func TestABodyIsToldInWords(t *testing.T) {
	q := &request{Lang: "zh"}
	b := q.BodyWords(`{"factor":{"id":"94ff1df4","kind":"totp"},"due":1679875200033988,"hash":"ab"}`)
	if len(b.Said) != 2 || b.Said[0] != "登录方式：动态口令（94ff1df4）" || b.Said[1] != "期限：2023年3月27日 08:00" || b.Rest != `{"hash":"ab"}` {
		t.Errorf("told are %q, left is %s", b.Said, b.Rest)
	}
	hash := strings.Repeat("82dd8c4f", 8)
	b = q.BodyWords(`{"sort":"staff","natural":"` + hash + `","for":["programs","sensors"],"approver":"not a hash"}`)
	if len(b.Said) != 3 || b.Said[0] != "账号种类：工作人员" || b.Said[1] != "供谁使用：程序（Open311）、感知设备" || b.Said[2] != "本人标识：82dd8c4f82dd…" || b.Rest != `{"approver":"not a hash"}` {
		t.Errorf("told are %q, left is %s", b.Said, b.Rest)
	}
	if b := q.BodyWords("no object"); b.Rest != "no object" || b.Said != nil {
		t.Errorf("what is no object: %+v", b)
	}
}

func TestWhatHoldsAGoalBackIsListedOnce(t *testing.T) {
	rows := func(ids ...name.ID) (all []journal.Row) {
		for _, id := range ids {
			all = append(all, journal.Row{Stream: id})
		}
		return all
	}
	if rest := without(rows("a", "b", "c"), rows("b")); len(rest) != 2 || rest[0].Stream != "a" || rest[1].Stream != "c" {
		t.Errorf("left are %v", rest)
	}
}

func TestThePhonesHeaderOpensWithoutScript(t *testing.T) {
	h := stand(t)
	page := h.page(h.one("housing", "head"), "/promises")
	page.Contains("header details.menu > summary", "菜单")
	page.Has("header nav.doors")
}

// What was refused or taken away stands in the security log by the name of its action.
func TestEveryActionOfTheSecurityLogHasWords(t *testing.T) {
	q := &request{Lang: "zh"}
	for _, d := range access.Actions() {
		if q.TypeWords(string(d.Action)) == string(d.Action) {
			t.Errorf("%s has no words", d.Action)
		}
	}
}
