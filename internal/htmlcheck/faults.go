package htmlcheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// rules are what every page has to keep. The strict content security policy stands behind
// the first two: the browser would drop what they find, silently for the reader.
var rules = []struct {
	whole bool // only a whole page can break it
	find  func(*content) []string
}{
	{false, inlineCode},
	{false, inlineStyle},
	{false, rawKeys},
	{false, clumsyWords},
	{false, duplicateIDs},
	{false, danglingReferences},
	{false, unlabelledFields},
	{false, namelessControls},
	{false, imagesWithoutAlt},
	{false, headingOrder},
	{true, pageParts},
}

// Faults are all faults of a whole page, a sentence each, in a fixed order.
func Faults(page string) ([]string, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	return faults(root, true), nil
}

// content is what the rules look at: a page, and its elements in order.
type content struct {
	root     *html.Node
	elements []*html.Node
}

func faults(root *html.Node, whole bool) (all []string) {
	p := &content{root, elements(root)}
	for _, r := range rules {
		if whole || !r.whole {
			all = append(all, r.find(p)...)
		}
	}
	return all
}

// elements are the elements below root, in order.
func elements(root *html.Node) (all []*html.Node) {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

func inlineCode(p *content) (found []string) {
	for _, n := range p.elements {
		if _, ok := attr(n, "src"); n.DataAtom == atom.Script && !ok && !strings.Contains(Element{n}.Attr("type"), "json") {
			found = append(found, "a script stands in the page instead of a file: "+brief(rawText(n)))
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				found = append(found, fmt.Sprintf("%s has a handler %s=%q", show(n), a.Key, a.Val))
			}
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				found = append(found, fmt.Sprintf("%s has a script as its %s", show(n), a.Key))
			}
		}
	}
	return found
}

func inlineStyle(p *content) (found []string) {
	for _, n := range p.elements {
		if v, ok := attr(n, "style"); ok {
			found = append(found, fmt.Sprintf("%s has a style=%q", show(n), v))
		}
		if n.DataAtom == atom.Style || n.Data == "style" {
			found = append(found, "a style sheet stands in the page instead of a file: "+brief(rawText(n)))
		}
	}
	return found
}

var (
	// key is what a message catalogue's key looks like: goal.light-red.
	key = regexp.MustCompile(`^[a-z][a-z0-9_-]+(?:\.[a-z0-9_-]*[a-z][a-z0-9_-]*)+$`)
	// fileName ends like a file or a site: goals.csv, erdao.gov.cn.
	fileName = regexp.MustCompile(`\.(?:csv|json|xlsx|docx|txt|md|html?|pdf|png|svg|db|ya?ml|ics|go|zip|cn|com|org|net)$`)
	// leftover is what templates and formatting print when a value was missing or of the wrong kind.
	leftover = regexp.MustCompile(`%![a-zA-Z(]|<no value>|<nil>|ZgotmplZ|\[object Object\]|\{\{|\}\}|\bNaN\b`)
)

// leftoverIn returns what is left over in a text, or nothing. Most texts have none of the letters by which it begins.
func leftoverIn(text string) string {
	if !strings.ContainsAny(text, "%<Z[{}N") {
		return ""
	}
	return leftover.FindString(text)
}

// spoken are the attributes whose words a person reads or hears.
var spoken = []string{"title", "alt", "placeholder", "aria-label", "aria-description"}

func rawKeys(p *content) (found []string) {
	readable(p.root, func(text *html.Node) {
		if !quoted(text) {
			found = append(found, keysIn(text.Data, "text")...)
		}
	})
	for _, n := range p.elements {
		for _, a := range n.Attr {
			if slices.Contains(spoken, a.Key) {
				found = append(found, keysIn(a.Val, a.Key+" of "+show(n))...)
			} else if leftoverIn(a.Val) != "" {
				found = append(found, fmt.Sprintf("%s of %s is left over from a template: %s", a.Key, show(n), brief(a.Val)))
			}
		}
	}
	return found
}

// clumsy is what no clerk writes: a date as machines write it, a count of working days without its counter (3 工作日 for 3个工作日), brackets around
// nothing and a colon before the end.
var clumsy = regexp.MustCompile(`\b[12][0-9]{3}-[01][0-9]-[0-3][0-9]\b|[0-9] ?(?:工作日|工作小时)|（）|\(\)|“”|：[。，；]`)

// shown is what stands before an example of what to type.
var shown = regexp.MustCompile(`(?:如|例：|写成|such as|like|as) ?$`)

func clumsyWords(p *content) (found []string) {
	see := func(words, where string) {
		for _, at := range clumsy.FindAllStringIndex(words, -1) {
			if !shown.MatchString(words[:at[0]]) {
				found = append(found, fmt.Sprintf("%s says %q: %s", where, words[at[0]:at[1]], brief(strings.TrimSpace(words))))
			}
		}
	}
	readable(p.root, func(text *html.Node) {
		if !quoted(text) {
			see(text.Data, "text")
		}
	})
	for _, n := range p.elements {
		for _, a := range n.Attr {
			if slices.Contains(spoken, a.Key) && a.Key != "placeholder" { // which shows what to type
				see(a.Val, a.Key+" of "+show(n))
			}
		}
	}
	return found
}

// quoted tells whether the text shows what a machine reads, or what somebody else wrote: code, a quotation, what is not to be translated.
func quoted(text *html.Node) bool {
	for above := text.Parent; above != nil; above = above.Parent {
		switch above.DataAtom {
		case atom.Code, atom.Pre, atom.Kbd, atom.Samp, atom.Textarea, atom.Blockquote:
			return true
		}
		if v, _ := attr(above, "translate"); v == "no" {
			return true
		}
	}
	return false
}

func keysIn(words, where string) (found []string) {
	if m := leftoverIn(words); m != "" {
		found = append(found, fmt.Sprintf("%s holds %q, left over from a template: %s", where, m, brief(strings.TrimSpace(words))))
	}
	if !strings.Contains(words, ".") { // no key is without
		return found
	}
	for _, word := range strings.FieldsFunc(words, func(r rune) bool { return !strings.ContainsRune("._-", r) && (r > 127 || !isWordByte(byte(r))) }) {
		if word = strings.TrimRight(word, "."); key.MatchString(word) && !fileName.MatchString(word) {
			found = append(found, fmt.Sprintf("%s shows the key %q instead of words", where, word))
		}
	}
	return found
}

// isWordByte tells what stays in one word: also what paths and addresses have, so that
// /api/v1 and li@erdao.cn are not taken apart into what looks like keys.
func isWordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || strings.IndexByte("/@:%", b) >= 0
}

func duplicateIDs(p *content) (found []string) {
	seen := map[string]bool{}
	for _, n := range p.elements {
		id, ok := attr(n, "id")
		if ok && (seen[id] || id == "" || strings.ContainsAny(id, " \t\n")) {
			found = append(found, fmt.Sprintf("the id %q of %s is used before, empty or has a space", id, show(n)))
		}
		seen[id] = true
	}
	return found
}

// references are the attributes that name ids of the same page.
var references = []string{"for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "form", "list"}

func danglingReferences(p *content) (found []string) {
	ids := map[string]bool{}
	for _, n := range p.elements {
		ids[Element{n}.Attr("id")] = true
	}
	for _, n := range p.elements {
		for _, a := range n.Attr {
			switch {
			case slices.Contains(references, a.Key):
				for _, id := range strings.Fields(a.Val) {
					if !ids[id] {
						found = append(found, fmt.Sprintf("%s names %s=%q, and nothing has that id", show(n), a.Key, id))
					}
				}
			case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#' && a.Val != "#top" && !ids[a.Val[1:]]:
				found = append(found, fmt.Sprintf("%s leads to %s, and nothing has that id", show(n), a.Val))
			}
		}
	}
	return found
}

func unlabelledFields(p *content) (found []string) {
	labelled := map[string]bool{}
	for _, n := range p.elements {
		if n.DataAtom == atom.Label && textOf(n) != "" {
			labelled[Element{n}.Attr("for")] = true
		}
	}
	delete(labelled, "")
	for _, n := range p.elements {
		e := Element{n}
		if needsLabel(e) && !labelled[e.Attr("id")] && !inLabel(n) && e.Attr("aria-label") == "" && e.Attr("aria-labelledby") == "" && e.Attr("title") == "" {
			found = append(found, show(n)+" has no label")
		}
	}
	return found
}

func needsLabel(e Element) bool {
	switch e.node.DataAtom {
	case atom.Select, atom.Textarea:
		return true
	case atom.Input:
		return !slices.Contains([]string{"hidden", "submit", "button", "reset", "image"}, e.Attr("type"))
	}
	return false
}

func inLabel(n *html.Node) bool {
	for above := n.Parent; above != nil; above = above.Parent {
		if above.DataAtom == atom.Label {
			return textOf(above) != ""
		}
	}
	return false
}

func namelessControls(p *content) (found []string) {
	for _, n := range p.elements {
		e := Element{n}
		isLink := n.DataAtom == atom.A && e.has("href")
		isButton := n.DataAtom == atom.Button || n.DataAtom == atom.Summary
		if (isLink || isButton) && !named(n) {
			found = append(found, show(n)+" has no words that say what it does")
		}
	}
	return found
}

// named tells whether a control has words: text, a label, or a picture that has them.
func named(n *html.Node) bool {
	if textOf(n) != "" {
		return true
	}
	for _, c := range append(elements(n), n) {
		e := Element{c}
		if e.Attr("aria-label")+e.Attr("aria-labelledby")+e.Attr("title")+e.Attr("alt") != "" {
			return true
		}
	}
	return false
}

func imagesWithoutAlt(p *content) (found []string) {
	for _, n := range p.elements {
		if (n.DataAtom == atom.Img || n.DataAtom == atom.Area || n.DataAtom == atom.Input && Element{n}.Attr("type") == "image") && !(Element{n}).has("alt") {
			found = append(found, show(n)+" has no alt")
		}
	}
	return found
}

var headings = map[atom.Atom]int{atom.H1: 1, atom.H2: 2, atom.H3: 3, atom.H4: 4, atom.H5: 5, atom.H6: 6}

func headingOrder(p *content) (found []string) {
	before := 0
	for _, n := range p.elements {
		level := headings[n.DataAtom]
		if level == 0 {
			continue
		}
		if before > 0 && level > before+1 {
			found = append(found, fmt.Sprintf("heading %q of level %d follows one of level %d", brief(textOf(n)), level, before))
		}
		if textOf(n) == "" && !named(n) {
			found = append(found, show(n)+" is an empty heading")
		}
		before = level
	}
	return found
}

// pageParts are what every whole page has exactly once.
func pageParts(p *content) (found []string) {
	count := map[atom.Atom]int{}
	first := atom.Atom(0)
	for _, n := range p.elements {
		count[n.DataAtom]++
		if first == 0 && headings[n.DataAtom] > 0 {
			first = n.DataAtom
		}
		switch {
		case n.DataAtom == atom.Html && Element{n}.Attr("lang") == "":
			found = append(found, "the page does not say its language: html has no lang")
		case n.DataAtom == atom.Title && n.Namespace == "" && textOf(n) == "":
			found = append(found, "the page has an empty title")
		}
	}
	if count[atom.Title] == 0 {
		found = append(found, "the page has no title")
	}
	for _, part := range []atom.Atom{atom.H1, atom.Main} {
		if count[part] != 1 {
			found = append(found, fmt.Sprintf("the page has %d %s, want one", count[part], part))
		}
	}
	if first != 0 && first != atom.H1 {
		found = append(found, fmt.Sprintf("the first heading of the page is %s, want h1", first))
	}
	return found
}

// show names an element as a selector would.
func show(n *html.Node) string {
	e := Element{n}
	name := n.Data
	if id := e.Attr("id"); id != "" {
		return name + "#" + id
	}
	for _, by := range []string{"name", "href", "src", "class"} {
		if v := e.Attr(by); v != "" {
			return fmt.Sprintf("%s[%s=%q]", name, by, brief(v))
		}
	}
	return name
}
