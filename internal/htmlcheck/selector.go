package htmlcheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// selector is one alternative of a selector list: compounds from the outermost to the one
// that the element itself has to match.
type selector []compound

// compound is what one element has to be.
type compound struct {
	tag   string // empty means any
	tests []attrTest
	child bool // the element is a child of what the compound before it matched, not only below it
}

// attrTest asks one attribute. op is 0 when it only has to be there, '=' for the whole
// value, '~' for one of its words, '^', '*' and '$' for its begin, any part and its end.
type attrTest struct {
	name, value string
	op          byte
}

var (
	tagPart  = regexp.MustCompile(`^(?:\*|[A-Za-z][A-Za-z0-9-]*)`)
	namePart = regexp.MustCompile(`^[#.][\p{L}\p{N}_-]+`)
	attrPart = regexp.MustCompile(`^\[([A-Za-z][A-Za-z0-9:_-]*)(?:([~^*$]?)=(?:"([^"]*)"|'([^']*)'|([^\]"']*)))?\]`)
	gapPart  = regexp.MustCompile(`^(?:\s*([>,])\s*|\s+)`)
)

// within are the elements below n that match.
func within(t testing.TB, n *html.Node, text string) []Element {
	t.Helper()
	list, err := parseSelector(text)
	if err != nil {
		t.Fatal(err)
	}
	var found []Element
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && slices.ContainsFunc(list, func(s selector) bool { return s.matches(d) }) {
			found = append(found, Element{d})
		}
	}
	return found
}

// parseSelector reads a selector list from left to right, one part at a time.
func parseSelector(text string) ([]selector, error) {
	rest := strings.TrimSpace(text)
	list, one, child := []selector{}, selector{}, false
	for {
		c, after := parseCompound(rest)
		if len(after) == len(rest) {
			return nil, fmt.Errorf("selector %q cannot be read from %q on", text, rest)
		}
		c.child, child = child, false
		one = append(one, c)
		if after == "" {
			return append(list, one), nil
		}
		gap := gapPart.FindStringSubmatch(after)
		if gap == nil {
			return nil, fmt.Errorf("selector %q cannot be read from %q on", text, after)
		}
		switch gap[1] {
		case ",":
			list, one = append(list, one), selector{}
		case ">":
			child = true
		}
		rest = after[len(gap[0]):]
	}
}

// parseCompound reads tag, names and attributes that stand without a space; rest is what follows.
func parseCompound(text string) (c compound, rest string) {
	if tag := tagPart.FindString(text); tag != "" {
		text = text[len(tag):]
		c.tag = strings.ToLower(strings.TrimPrefix(tag, "*"))
	}
	for {
		if name := namePart.FindString(text); name != "" {
			test := attrTest{name: "class", value: name[1:], op: '~'}
			if name[0] == '#' {
				test = attrTest{name: "id", value: name[1:], op: '='}
			}
			c.tests, text = append(c.tests, test), text[len(name):]
			continue
		}
		m := attrPart.FindStringSubmatch(text)
		if m == nil {
			return c, text
		}
		test := attrTest{name: m[1], value: m[3] + m[4] + m[5]}
		if strings.Contains(m[0], "=") {
			test.op = (m[2] + "=")[0]
		}
		c.tests, text = append(c.tests, test), text[len(m[0]):]
	}
}

// matches tells whether n is what the last compound asks for, under what the others ask for.
func (s selector) matches(n *html.Node) bool {
	last := s[len(s)-1]
	if !last.matches(n) {
		return false
	}
	if len(s) == 1 {
		return true
	}
	for above := n.Parent; above != nil; above = above.Parent {
		if s[:len(s)-1].matches(above) {
			return true
		}
		if last.child {
			return false
		}
	}
	return false
}

func (c compound) matches(n *html.Node) bool {
	if n.Type != html.ElementNode || c.tag != "" && !strings.EqualFold(c.tag, n.Data) {
		return false
	}
	return !slices.ContainsFunc(c.tests, func(a attrTest) bool { return !a.holds(n) })
}

func (a attrTest) holds(n *html.Node) bool {
	value, ok := attr(n, a.name)
	switch a.op {
	case '=':
		return ok && value == a.value
	case '~':
		return slices.Contains(strings.Fields(value), a.value)
	case '^':
		return a.value != "" && strings.HasPrefix(value, a.value)
	case '*':
		return a.value != "" && strings.Contains(value, a.value)
	case '$':
		return a.value != "" && strings.HasSuffix(value, a.value)
	}
	return ok
}
