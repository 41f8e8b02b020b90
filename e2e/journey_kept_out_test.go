package e2e

import (
	"strings"
	"testing"
	"time"

	"bihuan/e2e/browser"
)

// TestJourneyKeptOut plants code and an image from elsewhere in a page, as a hole in it would: the browser runs and loads neither, and the security
// administrator finds both in the security log, with the page's pattern and without its address.
func TestJourneyKeptOut(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as(p.of("office", "issuer"))
	p.visit("/goals?q=canary")
	ran, err := browser.Ask[bool](p.Tab, `(() => {
		const s = document.createElement("script"); s.textContent = "document.title = 'ran'"; document.body.append(s)
		const i = new Image(); i.src = "https://canary.example.com/canary.png"; document.body.append(i)
		return document.title == "ran"
	})()`)
	p.must(err)
	if ran {
		t.Error("planted code ran")
	}
	p.as(p.of("services", "secadmin"))
	text := ""
	for late := time.Now().Add(20 * time.Second); time.Now().Before(late) && strings.Count(text, "浏览器拦下") < 2; {
		p.visit("/security?kind=refused")
		text = p.text("tbody")
	}
	if !strings.Contains(text, "浏览器拦下页面里夹带的代码") || !strings.Contains(text, "浏览器拦下来自别处的内容") || !strings.Contains(text, "GET /goals") || strings.Contains(text, "canary") {
		t.Errorf("the security log says %q", text)
	}
}
