package e2e

import (
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"bihuan/e2e/browser"
)

// TestJourneyACallByKeyboard takes a call without a mouse: number, words, a proposed class, sent on; then one with three demands.
func TestJourneyACallByKeyboard(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as("p252") // a call operator
	p.visit("/desk/calls")
	p.must(p.Alt("n"))
	p.keys("13700001234" + kb.Enter + "我们楼的暖气不热，屋里特别冷")
	p.waitText("#call-earlier", "没有历史来电")
	p.waitText(".call-hints", "供热")
	p.looksRight("work-calls-hints")
	p.must(p.Alt("1"))
	if got := p.text("input[name=class]:checked + span b"); !strings.Contains(got, "供暖") {
		t.Errorf("the first class is %q", got)
	}
	p.waitText(".call-hints", "主管")
	p.must(p.Alt("s"))
	p.waitText(".done", "已登记并转派")
	p.must(p.Alt("n"))
	p.keys("137 0000 1234" + kb.Enter + "1、路灯不亮；2、楼下烧烤油烟太大；3、停水两天没人管")
	p.waitText("#call-earlier", "来过1次")
	p.wait(".pieces")
	p.looksRight("work-calls-split")
	p.must(p.Alt("p"))
	p.waitText(".done", "已拆分")
	p.must(p.Alt("l"))
	p.wait(".call-hints")
	p.looksRight("work-calls-sort")
	p.visit("/desk/calls")
	p.must(p.Alt("b"))
	p.wait(".rating")
	p.looksRight("work-calls-back")
}

// TestJourneyACaptureIsSealed photographs on the street: the phone seals the photo, the server works the seal out again.
func TestJourneyACaptureIsSealed(t *testing.T) {
	knows(t, "demo")
	photo := filepath.Join(t.TempDir(), "photo.jpg")
	f, err := os.Create(photo)
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	p := open(t, demo(t), browser.Options{Width: 360})
	p.as("p241") // a collector
	p.visit("/collect")
	p.looksRight("work-collect")
	p.follow(".capture-acts a")
	id, err := browser.Ask[string](p.Tab, `document.querySelector("form[data-capture]").elements.command.value`)
	p.must(err)
	if len(id) != 36 || id[14] != '7' {
		t.Errorf("the phone's id of the capture is %q", id)
	}
	p.fill(`[id="f.place"]`, "125.35743,43.86548")
	p.must(p.Upload(`[id="e.0"]`, photo))
	p.waitText(".seals", "已封存")
	p.fill(`[id="f.address"]`, "东盛大街128号门前")
	p.fill(`[id="f.text"]`, "路灯不亮三盏")
	p.wait(`#class-choice input[value="E06002"]`)
	p.click(`#class-choice input[value="E06002"]`)
	p.waitText(`[id="f.condition"]`, "现场存在、影响市容或秩序")
	p.must(p.Choose(`[id="f.condition"]`, "E06002-1"))
	p.looksRight("work-collect-form")
	p.follow(".btn-wide")
	p.waitText(".done", "采集上报")
	p.as("p238") // an operator
	p.visit("/desk/cases?text=" + "东盛大街128号")
	p.follow(".done a, .case-rows a")
	p.looksRight("work-cases")
	p.follow(".facts-line a")
	p.waitText(".seal.good", "一致")
	p.waitText(".seal.good + small", "拍摄时封存")
	p.looksRight("work-sealed")
}

// TestJourneyWorkPagesInEnglish examines the pages that people work in all day as another reads them.
func TestJourneyWorkPagesInEnglish(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{Language: "en"})
	for _, at := range []struct{ person, path string }{{"p252", "/desk/calls"}, {"p238", "/desk/cases"}, {"p238", "/desk/cases?state=reported"}, {"p248", "/desk/cases"},
		{"p241", "/collect"}, {"p270", "/collect/new?kind=grid/event&act=take-on"}} {
		p.as(at.person)
		p.visit(at.path)
		p.looksRight("work-en-" + at.person + strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(at.path))
	}
}
