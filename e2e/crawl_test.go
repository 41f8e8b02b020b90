package e2e

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"bihuan/e2e/browser"
)

// perShape is how many pages of one shape a crawl looks at: /goals/17 and /goals/18 are
// made by the same code, and two of them show most of what can differ.
const perShape = 2

// crawl follows links from start and examines every page it comes to at each width, at most
// limit pages. The faults stand under the address of their page. Files for taking away, other
// sites and addresses that leave are left alone.
func (p *page) crawl(start string, limit int) (faults map[string][]string, visited []string) {
	p.t.Helper()
	faults = map[string][]string{}
	queue, seen, shapes := []string{start}, map[string]bool{start: true}, map[string]int{}
	for len(queue) > 0 && len(visited) < limit {
		address := queue[0]
		queue = queue[1:]
		if shapes[shape(address)]++; shapes[shape(address)] > perShape {
			continue
		}
		visited = append(visited, address)
		status, err := p.Visit(p.base + address)
		p.must(err)
		if status >= 400 {
			faults[address] = append(faults[address], fmt.Sprintf("answers %d", status))
			p.Complaints() // the console repeats the status
			continue
		}
		for _, width := range widths {
			found, err := p.faults("page"+strings.ReplaceAll(shape(address), "/", "-"), width)
			p.must(err)
			for _, fault := range found {
				faults[address] = append(faults[address], fmt.Sprintf("at %d pixels: %s", width, fault))
			}
		}
		links, err := browser.Ask[[]string](p.Tab, `[...document.querySelectorAll("a[href]:not([download])")].map(a => typeof a.href === "string" ? a.href : new URL(a.href.baseVal, document.baseURI).href)`) // those of drawings too
		p.must(err)
		for _, link := range links {
			if next, ok := p.inside(link); ok && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return faults, visited
}

// inside is the path and query of a link that leads to another page of the same site.
func (p *page) inside(link string) (address string, ok bool) {
	rest, ok := strings.CutPrefix(link, p.base)
	if !ok {
		return "", false
	}
	u, err := url.Parse(rest)
	if err != nil || strings.HasPrefix(u.Path, "/api/") || path.Ext(u.Path) != "" {
		return "", false
	}
	u.Fragment = ""
	return u.String(), true
}

var particular = regexp.MustCompile(`[0-9][0-9A-Za-z-]*|%[0-9A-Fa-f]{2}.*`)

// shape is what the addresses of like pages have in common: their path without numbers and
// ids, and the names in their query without the values.
func shape(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	var names []string
	for _, pair := range strings.FieldsFunc(u.RawQuery, func(r rune) bool { return r == '&' }) {
		name, _, _ := strings.Cut(pair, "=")
		names = append(names, name)
	}
	return strings.Join(append([]string{particular.ReplaceAllString(u.EscapedPath(), "N")}, names...), "~")
}
