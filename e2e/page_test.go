package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"bihuan/e2e/browser"
)

// widths are the windows that every page has to fit: a desk's and a small phone's.
var widths = []int{1280, 360}

// scratch holds what the tests build and is removed at the end.
var scratch string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "bihuan-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		scratch = dir
		code := m.Run()
		if running != nil {
			running.Close()
		}
		return code
	}())
}

// chromium is the one browser of the whole run; every page has cookies of its own in it.
var chromium = sync.OnceValues(func() (b *browser.Browser, err error) {
	running, err = browser.Start(context.Background())
	return running, err
})

// running is the browser when one was started, so that the end of the run can close it.
var running *browser.Browser

// axe is the source of axe-core as npm ci put it.
var axe = sync.OnceValues(func() (string, error) {
	b, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	return string(b), err
})

// page is a tab on one site, whose acts end the test when they do not succeed.
type page struct {
	*browser.Tab
	t    *testing.T
	base string
}

// open opens an empty tab for the site at base. Without a browser it skips the test aloud,
// with CI=true it fails it.
func open(t *testing.T, base string, o browser.Options) *page {
	t.Helper()
	b, err := chromium()
	if errors.Is(err, browser.ErrMissing) {
		lack(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	tab, err := b.Tab(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	return &page{Tab: tab, t: t, base: base}
}

// lack says what the machine lacks.
func lack(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skip(err)
}

func (p *page) must(err error) {
	p.t.Helper()
	if err != nil {
		p.fail(err)
	}
}

// fail ends the test with a picture of what the page looked like.
func (p *page) fail(err error) {
	p.t.Helper()
	name := "failed-" + filepath.Base(p.t.Name())
	if picture, e := p.Shot(true); e == nil {
		p.save(name, picture)
	}
	url, _ := p.URL()
	p.t.Fatalf("at %s: %v (picture: shots/%s.png)", url, err, name)
}

// visit opens a path of the site, which has to answer with success.
func (p *page) visit(path string) {
	p.t.Helper()
	status, err := p.Visit(p.base + path)
	p.must(err)
	if status >= 400 {
		p.fail(fmt.Errorf("%s answers %d", path, status))
	}
}

// click clicks; follow also waits for the page that the click leads to.
func (p *page) click(sel string)      { p.t.Helper(); p.must(p.Click(sel)) }
func (p *page) follow(sel string)     { p.t.Helper(); p.must(p.Follow(sel)) }
func (p *page) fill(sel, text string) { p.t.Helper(); p.must(p.Clear(sel)); p.must(p.Type(sel, text)) }
func (p *page) wait(sel string)       { p.t.Helper(); p.must(p.Wait(sel)) }
func (p *page) keys(keys string)      { p.t.Helper(); p.must(p.Keys(keys)) }

// waitText waits until the element's text contains the words.
func (p *page) waitText(sel, words string) { p.t.Helper(); p.must(p.WaitText(sel, words)) }

// text is what a person reads in the first element that matches.
func (p *page) text(sel string) string {
	p.t.Helper()
	text, err := p.Text(sel)
	p.must(err)
	return text
}

// count is how many elements match now.
func (p *page) count(sel string) int {
	p.t.Helper()
	n, err := p.Count(sel)
	p.must(err)
	return n
}

// tabTo reaches an element with the tabulator alone, in at most limit presses, and sees
// where the focus is.
func (p *page) tabTo(sel string, limit int) {
	p.t.Helper()
	p.must(p.TabTo(sel, limit))
	shows, err := p.FocusShows()
	p.must(err)
	if !shows {
		p.t.Errorf("the focus on %s cannot be seen", sel)
	}
}

// looksRight examines the page at each of the widths: it fits the window, axe-core finds
// nothing, the console is silent. The pictures go to shots/NAME-WIDTH.png.
func (p *page) looksRight(name string) {
	p.t.Helper()
	for _, width := range widths {
		faults, err := p.faults(name, width)
		p.must(err)
		for _, fault := range faults {
			p.t.Errorf("%s at %d pixels: %s", name, width, fault)
		}
	}
	p.must(p.Resize(0, 0))
}

// faults are what looksRight finds wrong at one width.
func (p *page) faults(name string, width int) (faults []string, err error) {
	if err := p.Resize(width, 0); err != nil {
		return nil, err
	}
	picture, err := p.Shot(true)
	if err != nil {
		return nil, err
	}
	p.save(fmt.Sprintf("%s-%d", name, width), picture)
	px, culprits, err := p.Overflow()
	if err != nil {
		return nil, err
	}
	if px > 0 {
		faults = append(faults, fmt.Sprintf("%d pixels too wide: %q", px, culprits))
	}
	script, err := axe()
	if err != nil {
		lack(p.t, fmt.Errorf("axe-core is missing, npm ci in e2e/ brings it: %w", err))
	}
	violations, err := p.Axe(script)
	for _, v := range violations {
		faults = append(faults, v.String())
	}
	for _, line := range p.Complaints() {
		faults = append(faults, "the console says "+line)
	}
	return faults, err
}

func (p *page) save(name string, picture []byte) {
	p.t.Helper()
	if err := os.MkdirAll("shots", 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("shots", name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
