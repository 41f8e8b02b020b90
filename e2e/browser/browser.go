// Package browser opens real Chromium for the journeys of the house beside and for
// looking at a page by hand. [Start] opens a browser with an empty profile, [Browser.Tab]
// a tab of its own cookies in it, and the methods of [Tab] do what a person does: visit,
// click, type, look. Nothing here knows Bihuan.
//
// It rests on chromedp 0.20 or later, whose actions return their values.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrMissing says that no Chromium is installed, and how to get one.
var ErrMissing = errors.New("no chromium found: apt-get install -y chromium fonts-noto-cjk, or name one in CHROMIUM")

// patience is how long one act in the browser may take before it counts as failed.
const patience = 30 * time.Second

// Browser is one running Chromium with a profile that is thrown away when it closes.
type Browser struct {
	ctx    context.Context
	cancel func()
}

// Start opens Chromium without a window. Call Close when done; it also closes every tab.
// It returns ErrMissing when there is no Chromium on the machine.
func Start(ctx context.Context) (*Browser, error) {
	path, err := Path()
	if err != nil {
		return nil, err
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(ctx, options(path)...)
	root, cancelRoot := chromedp.NewContext(alloc)
	b := &Browser{ctx: root, cancel: func() { cancelRoot(); cancelAlloc() }}
	if err := chromedp.Do(root); err != nil { // starts the process
		b.Close()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() { b.cancel() }

// Path finds Chromium: the one named in CHROMIUM, else the usual names on the PATH.
func Path() (string, error) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

// options are the flags of every run. The graphics flags draw maps without a graphics
// card; no-sandbox lets it run as root, as on most test machines. The pages are our own.
func options(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox,
		chromedp.Flag("use-gl", "angle"),
		chromedp.Flag("use-angle", "swiftshader"),
		chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "zh-CN"),
	)
}
