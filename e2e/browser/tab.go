package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Options say how a tab differs from a desk's ordinary one.
type Options struct {
	Width    int    // of the viewport in CSS pixels; 0 means 1280
	Height   int    // 0 means 800
	NoScript bool   // pages run no script of their own; the tab can still be asked questions
	Language string // Accept-Language; empty means zh-CN

	Missed time.Duration // how long a click that should lead on may ask for no page until it is taken to have missed; 0 means six seconds
}

// Tab is one page with cookies of its own. Its methods wait until what they name is there,
// at most half a minute, and say in their error what they waited for. Selectors are CSS.
type Tab struct {
	ctx      context.Context
	cancel   func()
	log      *console
	noScript bool
	missed   time.Duration
	asked    atomic.Int64 // how often the tab has asked for a page, its frames' among them
}

// Tab opens a tab with empty cookies. Close it when done.
func (b *Browser) Tab(o Options) (*Tab, error) {
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t := &Tab{ctx: ctx, cancel: cancel, log: &console{}, noScript: o.NoScript, missed: cmp.Or(o.Missed, 6*time.Second)}
	if err := t.prepare(o); err != nil {
		cancel()
		return nil, fmt.Errorf("open a tab: %w", err)
	}
	return t, nil
}

func (t *Tab) prepare(o Options) error {
	if err := t.log.listen(t.ctx); err != nil {
		return err
	}
	if err := chromedp.Listen(t.ctx, t.hear); err != nil {
		return err
	}
	if o.Language == "" {
		o.Language = "zh-CN"
	}
	headers := network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": o.Language}}
	if _, err := chromedp.Call(t.ctx, network.SetExtraHTTPHeaders, headers); err != nil {
		return err
	}
	if err := t.allowScript(!o.NoScript); err != nil {
		return err
	}
	return t.Resize(o.Width, o.Height)
}

// hear counts what the tab asks for.
func (t *Tab) hear(ev any) {
	if r, ok := ev.(*network.EventRequestWillBeSent); ok && r.Type == network.ResourceTypeDocument {
		t.asked.Add(1)
	}
}

// allowScript says whether the scripts of pages that load from now on run.
func (t *Tab) allowScript(yes bool) error {
	off := emulation.SetScriptExecutionDisabledParams{Value: !yes}
	_, err := chromedp.Call(t.ctx, emulation.SetScriptExecutionDisabled, off)
	return err
}

// Close closes the tab and forgets its cookies.
func (t *Tab) Close() { t.cancel() }

// Resize sets the viewport in CSS pixels; 0 means 1280 wide or 800 high.
func (t *Tab) Resize(width, height int) error {
	if width == 0 {
		width = 1280
	}
	if height == 0 {
		height = 800
	}
	return t.do("resize", chromedp.EmulateViewport(int64(width), int64(height)))
}

// Paper shows the page as it would be printed, for pictures of it.
func (t *Tab) Paper() error {
	_, err := chromedp.Call(t.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	return wrap("show as on paper", err)
}

// Sheets prints the page on the paper that it asks for and returns how many sheets it takes.
func (t *Tab) Sheets() (int, error) {
	printed, err := t.Print()
	return len(sheet.FindAll(printed, -1)), err
}

// Print returns the page as a PDF, on the paper that it asks for.
func (t *Tab) Print() ([]byte, error) {
	yes := true
	printed, err := chromedp.Call(t.ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
	return printed.Data, wrap("print", err)
}

// sheet is where a PDF begins a page.
var sheet = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// Visit opens the address and returns the answer's status code.
func (t *Tab) Visit(url string) (status int, err error) {
	answer, err := run(t, chromedp.NavigateResponse(url))
	if err != nil && strings.Contains(err.Error(), "net::ERR_ABORTED") { // the answer to a form was still under way and came in between
		answer, err = run(t, chromedp.NavigateResponse(url))
	}
	if err != nil {
		return 0, fmt.Errorf("visit %s: %w", url, err)
	}
	if answer == nil { // the same page, another fragment
		return 0, nil
	}
	return int(answer.Status), nil
}

// Click clicks the first element that matches.
func (t *Tab) Click(sel string) error {
	return t.do("click "+sel, chromedp.Click(chromedp.CSS(sel)))
}

// errMissed ends the wait for a page that nobody asked for.
var errMissed = errors.New("the click asked for no page")

// Follow clicks the first element that matches and waits until the page it leads to has loaded. A click that
// missed is made once more, as a person would: a page that has just come to rest may still scroll to the place
// that its address names, and move the element from under the pointer. An answer that is slow is waited for.
func (t *Tab) Follow(sel string) error {
	click := func(ctx context.Context, then ...chromedp.Action[chromedp.Void]) (*network.Response, error) {
		return chromedp.RunResponse(ctx, append([]chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS(sel))}, then...)...)
	}
	_, err := wait(t, func(ctx context.Context) (*network.Response, error) {
		first, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		before := t.asked.Load()
		r, err := click(first, func(context.Context, *chromedp.Target) (none chromedp.Void, err error) { // the click was made
			time.AfterFunc(t.missed, func() {
				if t.asked.Load() == before {
					cancel(errMissed)
				}
			})
			return none, nil
		})
		if err != nil && context.Cause(first) == errMissed {
			return click(ctx)
		}
		return r, err
	})
	return wrap("follow "+sel, err)
}

// Type puts text into the field, key by key, behind what is in it.
func (t *Tab) Type(sel, text string) error {
	return t.do("type into "+sel, chromedp.SendKeys(chromedp.CSS(sel), text))
}

// Clear empties the field, a text area as well.
func (t *Tab) Clear(sel string) error { return wrap("clear", t.Choose(sel, "")) }

// Choose sets the value of a select or field in one step, as picking from a list does.
func (t *Tab) Choose(sel, value string) error {
	const js = `(() => { const e = document.querySelector(%s); e.value = %s;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); return e.value })()`
	if err := t.Wait(sel); err != nil {
		return err
	}
	got, err := Ask[string](t, fmt.Sprintf(js, quote(sel), quote(value)))
	if err == nil && got != value {
		err = fmt.Errorf("there is no choice %q", value)
	}
	return wrap("choose in "+sel, err)
}

// Upload puts files into a file field. A relative path is taken from here, not from where the browser stands.
func (t *Tab) Upload(sel string, paths ...string) error {
	whole := make([]string, len(paths))
	for i, path := range paths {
		var err error
		if whole[i], err = filepath.Abs(path); err != nil {
			return wrap("upload to "+sel, err)
		}
	}
	return t.do("upload to "+sel, chromedp.SetUploadFiles(chromedp.CSS(sel), whole))
}

// Wait waits until an element that matches can be seen.
func (t *Tab) Wait(sel string) error {
	return t.do("wait for "+sel, chromedp.WaitVisible(chromedp.CSS(sel)))
}

// WaitText waits until the element's text contains the words, also across pages that load
// in the meantime.
func (t *Tab) WaitText(sel, words string) error {
	js := fmt.Sprintf(`!!document.querySelector(%s)?.innerText.includes(%s)`, quote(sel), quote(words))
	return wrap(fmt.Sprintf("wait for %q in %s", words, sel), t.until(js))
}

// WaitURL waits until the address contains the words, as it does when a click leads on.
func (t *Tab) WaitURL(words string) error {
	return wrap("wait for address "+words, t.until(fmt.Sprintf(`location.href.includes(%s)`, quote(words))))
}

// until asks again and again whether the script's value is true. A page that goes away while
// it is asked is no answer.
func (t *Tab) until(js string) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	for {
		if yes, err := Ask[bool](t, js); err == nil && yes {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Text is what a person reads in the first element that matches, outer space trimmed.
func (t *Tab) Text(sel string) (string, error) {
	text, err := run(t, chromedp.Text(chromedp.CSS(sel)))
	return strings.TrimSpace(text), wrap("read "+sel, err)
}

// Count is the number of elements that match now; it does not wait.
func (t *Tab) Count(sel string) (int, error) {
	return Ask[int](t, fmt.Sprintf(`document.querySelectorAll(%s).length`, quote(sel)))
}

// URL is the address of the page.
func (t *Tab) URL() (string, error) { return run(t, chromedp.Location()) }

// Title is the title of the page.
func (t *Tab) Title() (string, error) { return run(t, chromedp.Title()) }

// Reload loads the page again.
func (t *Tab) Reload() error { return t.do("reload", chromedp.Reload()) }

// Keys presses keys on whatever has the focus; the constants stand in chromedp/kb.
func (t *Tab) Keys(keys string) error { return t.do("press keys", chromedp.KeyEvent(keys)) }

// Alt presses a key together with Alt, as a person does who works without a mouse. The page's script takes it, so it waits until
// that has been read.
func (t *Tab) Alt(key string) error {
	if err := t.until(`document.readyState === "complete"`); err != nil {
		return wrap("wait for the page's script", err)
	}
	return t.do("press Alt "+key, chromedp.KeyEvent(key, chromedp.KeyModifiers(chromedp.ModifierAlt)))
}

// TabTo presses the tabulator until the focus stands on an element that matches, at most
// limit times. It is the proof that a person without a mouse gets there.
func (t *Tab) TabTo(sel string, limit int) error {
	js := fmt.Sprintf(`document.activeElement.matches(%s)`, quote(sel))
	for range limit {
		if err := t.Keys(kb.Tab); err != nil {
			return err
		}
		if there, err := Ask[bool](t, js); err != nil || there {
			return err
		}
	}
	return fmt.Errorf("%s was not reached by %d presses of the tabulator", sel, limit)
}

// FocusShows tells whether the element with the focus is marked so that it can be seen:
// it has an outline or a shadow.
func (t *Tab) FocusShows() (bool, error) {
	return Ask[bool](t, `(() => { const s = getComputedStyle(document.activeElement);
		return document.activeElement !== document.body &&
			(s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none") })()`)
}

// Shot is a picture of the page as PNG: of what is in the viewport, or with full of all of it. It is made
// quickly and is larger for it.
func (t *Tab) Shot(full bool) ([]byte, error) {
	yes := true
	how := page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, FromSurface: &yes, CaptureBeyondViewport: &full, OptimizeForSpeed: &yes}
	shot, err := wait(t, func(ctx context.Context) (page.CaptureScreenshotResult, error) {
		return chromedp.Call(ctx, page.CaptureScreenshot, how)
	})
	return shot.Data, wrap("take a picture", err)
}

// Overflow is by how many pixels the page is wider than its window, 0 when it fits, with
// the elements that stick out, the first few of them.
func (t *Tab) Overflow() (px int, culprits []string, err error) {
	type answer struct {
		Px       int      `json:"px"`
		Culprits []string `json:"culprits"`
	}
	got, err := Ask[answer](t, `(() => {
		const px = Math.max(0, document.scrollingElement.scrollWidth - innerWidth), culprits = [];
		if (px) for (const e of document.body.querySelectorAll("*"))
			if (e.getBoundingClientRect().right > innerWidth + 1 && culprits.length < 5)
				culprits.push(e.tagName.toLowerCase() + (e.id && "#" + e.id) + [...e.classList].map(c => "." + c).join(""));
		return {px, culprits} })()`)
	return got.Px, got.Culprits, err
}

// Ask evaluates a script in the page and returns its value; a promise is awaited.
func Ask[T any](t *Tab, js string) (T, error) {
	return run(t, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
}

func (t *Tab) do(what string, actions ...chromedp.Action[chromedp.Void]) error {
	_, err := run(t, chromedp.Steps(actions...))
	return wrap(what, err)
}

func run[T any](t *Tab, action chromedp.Action[T]) (T, error) {
	return wait(t, func(ctx context.Context) (T, error) { return chromedp.Run(ctx, action) })
}

// wait gives one act its patience; the tab itself lives on when it runs out.
func wait[T any](t *Tab, act func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return act(ctx)
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return string(b)
}

// SetCookie gives the tab a cookie NAME=VALUE for the site of url, as a browser that has
// been there before sends it.
func (t *Tab) SetCookie(url, pair string) error {
	name, value, ok := strings.Cut(pair, "=")
	if !ok {
		return fmt.Errorf("cookie %q is not NAME=VALUE", pair)
	}
	cookie := network.SetCookieParams{Name: name, Value: value, URL: url}
	_, err := chromedp.Call(t.ctx, network.SetCookie, cookie)
	return wrap("set cookie "+name, err)
}

// Cookies are the cookies that the page's own site has set, by name, those that scripts cannot see as well.
func (t *Tab) Cookies() (map[string]string, error) {
	got, err := chromedp.Call(t.ctx, network.GetCookies, network.GetCookiesParams{})
	all := map[string]string{}
	for _, c := range got.Cookies {
		all[c.Name] = c.Value
	}
	return all, wrap("read cookies", err)
}
