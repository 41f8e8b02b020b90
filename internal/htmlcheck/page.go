// Package htmlcheck asks a page for elements, text and links, so that the tests of the
// faces do not compare strings. [Parse] reads a whole page and [Fragment] a part of one;
// [Page.Sound] reports every fault that any page may have (see [Faults]).
//
//	p := htmlcheck.Parse(t, body)
//	p.Sound()
//	p.Contains("h1", "承诺")
//	p.Has(`form[action="/matters"] button`)
//
// It runs no script and applies no style sheet; what needs a browser is examined in e2e/.
package htmlcheck

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is a parsed page that reports to one test.
type Page struct {
	t     testing.TB
	root  *html.Node
	whole bool
}

// Element is one element of a page. Its zero value has no text and no attributes.
type Element struct{ node *html.Node }

// Parse reads a whole page; it ends the test when the page cannot be read.
func Parse(t testing.TB, page string) *Page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("parse page: %v", err)
	}
	return &Page{t: t, root: root, whole: true}
}

// Fragment reads a part of a page as it stands inside of a body. Of the faults it is spared
// those that only a whole page can have: title, language, main part, first heading.
func Fragment(t testing.TB, part string) *Page {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(part), body)
	if err != nil {
		t.Fatalf("parse fragment: %v", err)
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return &Page{t: t, root: body}
}

// Sound reports every fault of the page.
func (p *Page) Sound() {
	p.t.Helper()
	for _, fault := range faults(p.root, p.whole) {
		p.t.Error(fault)
	}
}

// All are the elements that match the selector, in the order of the page. Selectors are the
// plain ones of CSS: tag, #id, .class, [name], [name=value], [name^=value], [name*=value],
// [name$=value], joined without a space; a space for a descendant, > for a child, a comma
// for either. A selector that cannot be read ends the test.
func (p *Page) All(selector string) []Element {
	p.t.Helper()
	return within(p.t, p.root, selector)
}

// First is the first element that matches; it ends the test when there is none.
func (p *Page) First(selector string) Element {
	p.t.Helper()
	found := p.All(selector)
	if len(found) == 0 {
		p.t.Fatalf("the page has no %s; its text: %s", selector, brief(textOf(p.root)))
	}
	return found[0]
}

// Has reports a fault when nothing matches.
func (p *Page) Has(selector string) {
	p.t.Helper()
	if len(p.All(selector)) == 0 {
		p.t.Errorf("the page has no %s; its text: %s", selector, brief(textOf(p.root)))
	}
}

// Lacks reports a fault when something matches.
func (p *Page) Lacks(selector string) {
	p.t.Helper()
	if found := p.All(selector); len(found) > 0 {
		p.t.Errorf("the page has %d of %s and should have none; the first says: %s", len(found), selector, brief(found[0].Text()))
	}
}

// Count reports a fault unless exactly n elements match.
func (p *Page) Count(selector string, n int) {
	p.t.Helper()
	if found := p.All(selector); len(found) != n {
		p.t.Errorf("the page has %d of %s, want %d", len(found), selector, n)
	}
}

// Text is what a person reads in the first element that matches, runs of white space as one space.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	return p.First(selector).Text()
}

// Contains reports a fault unless one of the elements that match contains the words.
func (p *Page) Contains(selector, words string) {
	p.t.Helper()
	var texts []string
	for _, e := range p.All(selector) {
		if strings.Contains(e.Text(), words) {
			return
		}
		texts = append(texts, brief(e.Text()))
	}
	p.t.Errorf("no %s says %q; they say %q", selector, words, texts)
}

// Links are the targets of all links of the page, in order, repeated ones included.
func (p *Page) Links() []string {
	p.t.Helper()
	var targets []string
	for _, e := range p.All("a[href]") {
		targets = append(targets, e.Attr("href"))
	}
	return targets
}

// Link is the target of the first link whose text contains the words; it ends the test when
// there is none.
func (p *Page) Link(words string) string {
	p.t.Helper()
	for _, e := range p.All("a[href]") {
		if strings.Contains(e.Text(), words) {
			return e.Attr("href")
		}
	}
	p.t.Fatalf("no link says %q; the links: %q", words, p.Links())
	return ""
}

// Fields are the names and values that the form would send as it stands: hidden and filled
// fields, ticked boxes, chosen options. The form is the first element that matches.
func (p *Page) Fields(form string) map[string][]string {
	p.t.Helper()
	fields := map[string][]string{}
	for _, e := range within(p.t, p.First(form).node, "input[name], select[name], textarea[name]") {
		if value, sent := e.sends(); sent {
			fields[e.Attr("name")] = append(fields[e.Attr("name")], value)
		}
	}
	return fields
}

// sends is the value that a field contributes, if it does.
func (e Element) sends() (value string, sent bool) {
	if e.has("disabled") {
		return "", false
	}
	switch e.node.DataAtom {
	case atom.Textarea:
		return rawText(e.node), true
	case atom.Select:
		return chosen(e.node)
	}
	switch e.Attr("type") {
	case "submit", "button", "reset", "image", "file":
		return "", false
	case "checkbox", "radio":
		if !e.has("value") {
			return "on", e.has("checked")
		}
		return e.Attr("value"), e.has("checked")
	}
	return e.Attr("value"), true
}

// chosen is the value of the marked option, else of the first one.
func chosen(sel *html.Node) (value string, sent bool) {
	for n := range sel.Descendants() {
		if n.DataAtom != atom.Option {
			continue
		}
		option := Element{n}
		v := option.Text()
		if option.has("value") {
			v = option.Attr("value")
		}
		if option.has("selected") {
			return v, true
		}
		if !sent {
			value, sent = v, true
		}
	}
	return value, sent
}

// Text is what a person reads in the element, runs of white space as one space.
func (e Element) Text() string {
	if e.node == nil {
		return ""
	}
	return textOf(e.node)
}

// Attr is the value of an attribute, empty when the element has none of that name.
func (e Element) Attr(name string) string {
	value, _ := attr(e.node, name)
	return value
}

func (e Element) has(name string) bool {
	_, ok := attr(e.node, name)
	return ok
}

func attr(n *html.Node, name string) (value string, ok bool) {
	if n == nil {
		return "", false
	}
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name && a.Namespace == "" })
	if i < 0 {
		return "", false
	}
	return n.Attr[i].Val, true
}

// textOf is the text below n without scripts, styles and templates.
func textOf(n *html.Node) string {
	var b strings.Builder
	readable(n, func(text *html.Node) { b.WriteString(text.Data + " ") })
	return strings.Join(strings.Fields(b.String()), " ")
}

// readable calls visit for every text that a person may read below n, in order.
func readable(n *html.Node, visit func(*html.Node)) {
	switch {
	case n.Type == html.TextNode:
		visit(n)
	case n.DataAtom == atom.Script, n.DataAtom == atom.Style, n.DataAtom == atom.Template:
		return
	}
	for c := range n.ChildNodes() {
		readable(c, visit)
	}
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// brief shortens a text for a message.
func brief(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
