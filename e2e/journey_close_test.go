package e2e

import (
	"regexp"
	"testing"

	"bihuan/e2e/browser"
)

// TestJourneyClose is a resident who signs in by a code, reports something, and closes the account again: by the pages alone, with the receipt in hand afterwards.
func TestJourneyClose(t *testing.T) {
	base := demo(t)
	p := open(t, base, browser.Options{})
	p.visit("/signin/other?to=/me")
	p.fill("#number", "13800000071")
	p.follow("form[action='/signin/code'] button")
	post := open(t, base, browser.Options{})
	post.visit("/demo/outbox")
	code := regexp.MustCompile(`验证码是 (\d{6})`).FindStringSubmatch(post.text("main"))
	if code == nil {
		t.Fatal("no code was sent")
	}
	p.fill("#code", code[1])
	p.follow("form[action='/signin/code/answer'] button")
	p.waitText("h1", "我的账号")
	p.looksRight("close-me")

	p.visit("/report")
	p.fill("#text", "小区东门口的路灯不亮，晚上出行不安全")
	p.service("E06002")
	p.fill("#address", "东盛大街与荣光路交会处向东50米")
	p.click("details:has(#name) > summary")
	p.fill("#name", "周桂芳")
	p.fill("#phone", "13977712345")
	p.follow("form[action='/report'] .btn-primary")

	p.visit("/me/close")
	p.looksRight("close")
	receipt := p.text("main table code")
	if len(receipt) < 20 {
		t.Fatalf("the receipt is not shown: %q", receipt)
	}
	p.click("input[name=erase]")
	p.click("input[name=sure]")
	p.follow("form[action='/me/close'] .btn-primary")
	p.waitText("h1", "账号已注销")
	p.waitText("main", receipt)
	p.looksRight("close-done")

	p.visit("/receipts/" + receipt)
	p.waitText("main", "路灯")
	p.visit("/receipts/" + receipt + "/data")
	p.waitText("main", "删除")
}
