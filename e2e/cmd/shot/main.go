// Command shot takes a picture of one page in real Chromium, to look at while building it.
//
//	cd e2e
//	go run ./cmd/shot -url http://127.0.0.1:8080/ -out /tmp/home.png              # 1280 wide, what a desk sees
//	go run ./cmd/shot -url http://127.0.0.1:8080/ -width 360 -full -out /tmp/p.png # a phone, the whole page
//	go run ./cmd/shot -url http://127.0.0.1:8080/ -nojs -out /tmp/n.png            # without script
//
// It prints the status code, the title, by how much the page is wider than the window,
// and what the console complained about, so that a broken page shows also without
// looking at the picture. -cookie NAME=VALUE signs in, -wait SELECTOR waits for an
// element, -en asks for English, -click SELECTOR clicks first.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"bihuan/e2e/browser"
)

type wishes struct {
	url, out, wait, click, cookie string
	full, english, paper          bool
	options                       browser.Options
}

func main() {
	var w wishes
	flag.StringVar(&w.url, "url", "http://127.0.0.1:8080/", "page to look at")
	flag.StringVar(&w.out, "out", "shot.png", "PNG file to write")
	flag.StringVar(&w.wait, "wait", "", "CSS selector to wait for before the picture")
	flag.StringVar(&w.click, "click", "", "CSS selector to click before the picture")
	flag.StringVar(&w.cookie, "cookie", "", "NAME=VALUE to send along")
	flag.BoolVar(&w.full, "full", false, "the whole page, not only what fits the window")
	flag.BoolVar(&w.paper, "paper", false, "as it would be printed")
	flag.BoolVar(&w.english, "en", false, "ask for the English page")
	flag.IntVar(&w.options.Width, "width", 1280, "width of the window in pixels")
	flag.IntVar(&w.options.Height, "height", 800, "height of the window in pixels")
	flag.BoolVar(&w.options.NoScript, "nojs", false, "with scripts switched off")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := shoot(w); err != nil {
		fmt.Fprintln(os.Stderr, "shot:", err)
		os.Exit(1)
	}
}

func shoot(w wishes) error {
	b, err := browser.Start(context.Background())
	if err != nil {
		return err
	}
	defer b.Close()
	if w.english {
		w.options.Language = "en"
	}
	tab, err := b.Tab(w.options)
	if err != nil {
		return err
	}
	defer tab.Close()
	status, err := arrive(tab, w)
	if err != nil {
		return err
	}
	picture, err := tab.Shot(w.full)
	if err != nil {
		return err
	}
	if err := os.WriteFile(w.out, picture, 0o644); err != nil {
		return err
	}
	return report(tab, w, status)
}

// arrive opens the page and brings it into the state to be looked at.
func arrive(tab *browser.Tab, w wishes) (status int, err error) {
	if w.cookie != "" {
		if err := tab.SetCookie(w.url, w.cookie); err != nil {
			return 0, err
		}
	}
	if status, err = tab.Visit(w.url); err != nil {
		return status, err
	}
	if w.paper {
		if err := tab.Paper(); err != nil {
			return status, err
		}
	}
	if w.click != "" {
		if err := tab.Click(w.click); err != nil {
			return status, err
		}
	}
	if w.wait != "" {
		return status, tab.Wait(w.wait)
	}
	time.Sleep(300 * time.Millisecond) // charts and maps draw after the load event
	return status, nil
}

func report(tab *browser.Tab, w wishes, status int) error {
	title, err := tab.Title()
	if err != nil {
		return err
	}
	px, culprits, err := tab.Overflow()
	if err != nil {
		return err
	}
	fmt.Printf("%s: status %d, title %q, %d px too wide %v\n", w.out, status, title, px, culprits)
	for _, line := range tab.Complaints() {
		fmt.Println("console:", line)
	}
	return nil
}
