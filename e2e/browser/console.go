package browser

import (
	"context"
	"slices"
	"sync"

	"github.com/chromedp/chromedp"
)

// console gathers what the pages of a tab complained about.
type console struct {
	mu    sync.Mutex
	lines []string
}

// listen gathers until ctx ends.
func (c *console) listen(ctx context.Context) error {
	if err := chromedp.Do(ctx); err != nil { // opens the tab, so that nothing is missed
		return err
	}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.Type == chromedp.ConsoleError || m.IsException() {
				c.add(m.String() + " (" + m.URL + ")")
			}
		}
	}()
	return nil
}

func (c *console) add(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, line)
}

// Complaints are the errors, uncaught exceptions and blocked loads that the pages of the
// tab have reported so far, a content security policy's refusals among them. The list is
// emptied by the call.
func (t *Tab) Complaints() []string {
	t.log.mu.Lock()
	defer t.log.mu.Unlock()
	lines := slices.Clone(t.log.lines)
	t.log.lines = nil
	return lines
}
