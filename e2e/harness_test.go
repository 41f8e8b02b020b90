package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"bihuan/e2e/browser"
)

// tiny is a site with one good page and one with a planted fault per kind, under the same
// strict policy as the house, so that the harness itself can be examined.
func tiny(t *testing.T) string {
	const head = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>小站</title>
		<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
		<link rel="stylesheet" href="/s.css"><script src="/s.js" defer></script></head><body><main>`
	pages := map[string]string{
		"/": head + `<h1>承诺</h1><p id="state">没有脚本</p><p><a href="/next">下一页</a></p>
			<form method="post" action="/say"><label>写些什么 <input name="word" id="word"></label> <button>送出</button></form></main></body></html>`,
		"/next": head + `<h1 id="second">第二页</h1><p><a href="/bad">坏页</a> <a href="/gone">没了</a> <a href="/">回去</a>
			<a href="/item/1">一</a> <a href="/item/2">二</a> <a href="/item/3">三</a> <a href="/x.csv">表</a> <a href="https://example.com/">外面</a></p></main></body></html>`,
		"/item/1": head + `<h1>一</h1></main></body></html>`,
		"/item/2": head + `<h1>二</h1></main></body></html>`,
		"/item/3": head + `<h1>三</h1></main></body></html>`,
		"/bad": head + `<h1>有毛病</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
			<p class="pale">看不清的字</p><div class="wide">很宽</div><script>document.title = "inline"</script></main></body></html>`,
		"/s.css": `main{font:16px sans-serif} .pale{color:#ddd;background:#fff} .wide{width:900px} a:focus,input:focus,button:focus{outline:2px solid #00f}`,
		"/s.js":  `const s = document.getElementById("state"); if (s) s.textContent = "有脚本"`,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /say", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, head+`<h1 id="said">%s</h1></main></body></html>`, r.PostFormValue("word"))
	})
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // asked for late, after a page without an icon
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
		if strings.HasSuffix(r.URL.Path, ".css") {
			w.Header().Set("Content-Type", "text/css")
		} else if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
		} else {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		fmt.Fprint(w, body)
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site.URL
}

func TestHarnessFindsNothingOnAGoodPage(t *testing.T) {
	p := open(t, tiny(t), browser.Options{})
	p.visit("/")
	p.looksRight("harness-good")
	if got := p.text("#state"); got != "有脚本" {
		t.Errorf("the page's script did not run: it says %q", got)
	}
}

func TestHarnessFindsWhatIsPlanted(t *testing.T) {
	p := open(t, tiny(t), browser.Options{})
	p.visit("/bad")
	faults, err := p.faults("harness-bad", 360)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(faults, "\n")
	for _, planted := range []struct{ what, sign string }{
		{"an image without a text", "image-alt"},
		{"text that is too pale", "color-contrast"},
		{"a block wider than the phone", "pixels too wide"},
		{"the block's name", "div.wide"},
		{"an inline script that the policy blocks", "Content Security Policy"},
	} {
		if !strings.Contains(all, planted.sign) {
			t.Errorf("%s was not found (%q) in:\n%s", planted.what, planted.sign, all)
		}
	}
	if status, err := p.Visit(p.base + "/missing"); err != nil || status != 404 {
		t.Errorf("a missing page: status %d, %v", status, err)
	}
}

func TestHarnessWithoutScript(t *testing.T) {
	p := open(t, tiny(t), browser.Options{NoScript: true})
	p.visit("/")
	if got := p.text("#state"); got != "没有脚本" {
		t.Errorf("the page's script ran although scripts are off: it says %q", got)
	}
	p.fill("#word", "清单")
	p.follow("button")
	if got := p.text("#said"); got != "清单" {
		t.Errorf("the form came back with %q", got)
	}
	p.looksRight("harness-noscript")
}

func TestHarnessByKeyboard(t *testing.T) {
	p := open(t, tiny(t), browser.Options{})
	p.visit("/")
	p.tabTo("#word", 3)
	p.keys("图表" + kb.Enter)
	p.waitText("#said", "图表")
	p.visit("/")
	if err := p.TabTo("#nowhere", 3); err == nil {
		t.Error("an element that is not there was reached")
	}
	p.visit("/")
	p.click("a")
	p.wait("#second")
	if n := p.count("h1"); n != 1 {
		t.Errorf("the page has %d headings of the first level", n)
	}
	if got := p.text("h1"); got != "第二页" {
		t.Errorf("the link led to %q", got)
	}
}

// TestHarnessWaitsForASlowAnswer clicks once on what answers late: a second click would do again what the first does.
func TestHarnessWaitsForASlowAnswer(t *testing.T) {
	const missed = 300 * time.Millisecond
	again := make(chan bool, 9)
	var asked atomic.Int64
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.Method == "POST" {
			if asked.Add(1) > 1 {
				again <- true
			}
			select { // a second click would come meanwhile
			case <-again:
			case <-time.After(10 * missed):
			}
		}
		fmt.Fprint(w, `<!doctype html><title>慢</title><link rel="icon" href="data:,"><form method="post"><button>做</button></form>`)
	}))
	t.Cleanup(site.Close)
	p := open(t, site.URL, browser.Options{Missed: missed})
	p.visit("/")
	p.follow("button")
	p.visit("/") // what was clicked last has arrived by now
	if n := asked.Load(); n != 1 {
		t.Errorf("the button was pressed %d times", n)
	}
}

func TestHarnessCrawls(t *testing.T) {
	p := open(t, tiny(t), browser.Options{})
	faults, visited := p.crawl("/", 50)
	want := []string{"/", "/next", "/bad", "/gone", "/item/1", "/item/2"}
	if !slices.Equal(visited, want) {
		t.Errorf("visited %q, want %q", visited, want)
	}
	if len(faults) != 2 || len(faults["/bad"]) == 0 || !slices.Equal(faults["/gone"], []string{"answers 404"}) {
		t.Errorf("the faults are %q, want those of /bad and /gone", faults)
	}
	if _, visited := p.crawl("/", 2); len(visited) != 2 {
		t.Errorf("a crawl of at most 2 pages visited %q", visited)
	}
}
