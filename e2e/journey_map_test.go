package e2e

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"bihuan/e2e/browser"
)

// pointAtSomething moves over the map until something there can be clicked, and clicks it.
const pointAtSomething = `(() => {
	const canvas = document.querySelector(".maplibregl-canvas"), box = canvas.getBoundingClientRect();
	const send = (type, x, y) => canvas.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, view: window }));
	for (let y = box.top + 10; y < box.bottom; y += 8) for (let x = box.left + 10; x < box.right - 60; x += 8) {
		send("mousemove", x, y);
		if (canvas.style.cursor !== "pointer") continue;
		for (const type of ["mousedown", "mouseup", "click"]) send(type, x, y);
		return true;
	}
	return false;
})()`

// clickTheMap clicks something on the map once its tiles are there.
func (p *page) clickTheMap() {
	p.t.Helper()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		found, err := browser.Ask[bool](p.Tab, pointAtSomething)
		p.must(err)
		if found {
			return
		}
	}
	p.fail(errors.New("nothing on the map can be clicked"))
}

// TestJourneyMap moves from the map to a matter, as who has WebGL and as who has no script, and chooses a place on it.
func TestJourneyMap(t *testing.T) {
	knows(t, "demo")
	base := demo(t)
	for _, width := range widths {
		p := open(t, base, browser.Options{Width: width, Height: 800})
		p.as("p101")
		p.visit("/map")
		p.wait(".atlas-gl[data-ready]")
		p.looksRight("map")
		p.clickTheMap()
		p.wait("[data-map-list] .atlas-list a")
		p.looksRight("map-list")
		p.click("[data-map-heat]")
		title := p.text("[data-map-list] .atlas-list a")
		p.follow("[data-map-list] .atlas-list a")
		if got := p.text("h1"); !strings.Contains(got, title) {
			t.Errorf("the map leads from %q to %q", title, got)
		}
	}
	p := open(t, base, browser.Options{NoScript: true})
	p.as("p101")
	p.visit("/map")
	p.looksRight("map-noscript")
	p.follow(".draw-atlas a:has(.atlas-mark)")
	p.follow(".atlas-list a")
	p.wait("h1")

	p = open(t, base, browser.Options{NoScript: true, Width: 360, Height: 800})
	p.visit("/report")
	p.click(".pin summary")
	p.follow("input[name=pin]") // in the middle, where a click goes
	p.waitText("[data-pin-picture]", "已记下")
	p.looksRight("report-tap")
	chosen, err := browser.Ask[string](p.Tab, `document.querySelector("[data-place]").value`)
	p.must(err)
	if !strings.HasPrefix(chosen, "125.39") && !strings.HasPrefix(chosen, "125.4") {
		t.Errorf("a tap in the middle of the picture chooses %q, the middle of the district is 125.4", chosen)
	}

	p = open(t, base, browser.Options{Width: 360, Height: 800})
	p.visit("/report")
	p.click(".pin summary")
	p.wait(".pin-map[data-ready]")
	_, err = browser.Ask[bool](p.Tab, `(() => {
		const canvas = document.querySelector(".pin-map canvas"), box = canvas.getBoundingClientRect();
		for (const type of ["mousedown", "mouseup", "click"]) canvas.dispatchEvent(new MouseEvent(type, { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, bubbles: true, cancelable: true, view: window }));
		return true;
	})()`)
	p.must(err)
	p.waitText("[data-located]", "已记下图上的位置")
	place, err := browser.Ask[string](p.Tab, `document.querySelector("[data-place]").value`)
	p.must(err)
	if !strings.HasPrefix(place, "125.") || !strings.Contains(place, ",43.") {
		t.Errorf("a tap in the middle of the district chooses %q", place)
	}
	p.looksRight("report-pin")
}

// TestJourneyCasesMap moves from case to case by the map beside the list, and without script by its drawing.
func TestJourneyCasesMap(t *testing.T) {
	knows(t, "demo")
	base := demo(t)
	for _, width := range widths {
		p := open(t, base, browser.Options{Width: width, Height: 900})
		p.as(p.of("watch-centre", "operator"))
		p.visit("/desk/cases?whose=all")
		p.wait(".cases-gl[data-ready]")
		p.looksRight("cases-map")
		before := p.text(".pane-case h2")
		_, err := browser.Ask[bool](p.Tab, `(document.querySelector(".cases-gl").scrollIntoView({block: "center"}), true)`)
		p.must(err)
		p.clickTheMap()
		p.must(p.WaitURL("case="))
		p.wait(".cases-gl[data-ready]")
		if got := p.text(".case-rows .on a, .pane-case h2"); got == "" {
			t.Errorf("the map leads from %q to nothing", before)
		}
	}
	p := open(t, base, browser.Options{NoScript: true})
	p.as(p.of("watch-centre", "operator"))
	p.visit("/desk/cases?whose=all")
	free, err := browser.Ask[int](p.Tab, `[...document.querySelectorAll(".draw-cases a.case")].findIndex((a) => {
		a.scrollIntoView({ block: "center" });
		const box = a.getBoundingClientRect();
		return !a.classList.contains("on") && a.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
	})`) // the first that no other one covers
	p.must(err)
	link, err := browser.Ask[string](p.Tab, fmt.Sprintf(`document.querySelectorAll(".draw-cases a.case")[%d].getAttribute("aria-label")`, free))
	p.must(err)
	p.follow(`.draw-cases a.case[aria-label=` + quoted(link) + `]`)
	if got := p.text(".pane-case h2"); !strings.Contains(link, got) {
		t.Errorf("the drawing's %q leads to %q", link, got)
	}
}

// TestJourneyAPlaceOfAForm chooses the place of a site on the map of its form: nobody types coordinates.
func TestJourneyAPlaceOfAForm(t *testing.T) {
	knows(t, "demo")
	p := open(t, demo(t), browser.Options{})
	p.as(p.of("office", "issuer"))
	p.visit("/matters/new?kind=works/site")
	p.must(p.Click(".pin summary"))
	p.wait(".pin-map[data-ready]")
	p.must(p.Click(".pin-map canvas"))
	p.waitText("[data-located]", "位置")
	if at, err := browser.Ask[string](p.Tab, `document.querySelector('[name="f.place"]').value`); err != nil || !strings.HasPrefix(at, "125.") {
		t.Errorf("the place is %q: %v", at, err)
	}
	p.looksRight("act-pin")
}
