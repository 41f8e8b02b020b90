package pack

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of one YAML file: far above need, and low enough that no file costs more than a moment.
const (
	maxFile   = 1 << 20
	maxTokens = 200_000
	maxDepth  = 32
	maxKeys   = 500 // of one mapping
	maxItems  = 5_000
)

// source is the text of one file.
type source struct {
	name  string
	lines []string
}

// spot is a place in a file: line and column from 1, in characters, and how many characters it takes.
type spot struct {
	src                 *source
	line, column, width int
}

func newSource(name, text string) *source {
	return &source{name: name, lines: strings.Split(text, "\n")}
}

func (s *source) line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[n-1], "\r")
}

// whole is the spot of a fault of the file as a whole.
func (s *source) whole() spot { return spot{src: s} }

// nodeKind is what a node of YAML is.
type nodeKind int

const (
	scalar nodeKind = iota
	boolean
	null
	list
	mapping
)

// node is one node of a file, with its place.
type node struct {
	kind  nodeKind
	text  string // of a scalar, as a string
	items []*node
	pairs []pair
	at    spot
}

// pair is one key of a mapping and what stands behind it.
type pair struct {
	key   string
	at    spot
	value *node
}

// parse reads a file into nodes, strictly: one document, a mapping at the top, no anchors, aliases,
// tags, merge keys or complex keys, no key twice. It returns nil where nothing can be made of the file.
func parse(c *collector, name string, data []byte) *node {
	text := strings.TrimPrefix(string(data), "\uFEFF")
	src := newSource(name, text)
	if len(data) > maxFile {
		c.add(src.whole(), "file-too-large", "limit", "1 MB")
		return nil
	}
	if !readable(c, src) {
		return nil
	}
	tokens, err := tokenize(text)
	if err == nil && !bounded(c, src, tokens) {
		return nil
	}
	var file *ast.File
	if err == nil {
		file, err = parseTokens(tokens)
	}
	if err != nil {
		c.add(syntaxSpot(src, err), "yaml", "reason", syntaxReason(err))
		return nil
	}
	return (&reader{c: c, src: src}).document(file)
}

// readable checks that every line is UTF-8 without characters that no text has.
func readable(c *collector, src *source) bool {
	for i, line := range src.lines {
		if !utf8.ValidString(line) {
			at := 1
			for rest := line; ; at++ {
				r, size := utf8.DecodeRuneInString(rest)
				if r == utf8.RuneError && size <= 1 {
					break
				}
				rest = rest[size:]
			}
			c.add(spot{src, i + 1, at, 1}, "not-utf8")
			return false
		}
		if at := strings.IndexFunc(strings.TrimSuffix(line, "\r"), func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == '\uFEFF' }); at >= 0 {
			c.add(spot{src, i + 1, utf8.RuneCountInString(line[:at]) + 1, 1}, "control-character")
			return false
		}
	}
	return true
}

// forbidden are the parts of YAML that packs do without: they hide what a file says, or let a small file grow huge.
var forbidden = map[token.Type]string{
	token.AnchorType: "&", token.AliasType: "*", token.TagType: "!", token.MergeKeyType: "<<", token.MappingKeyType: "?", token.DirectiveType: "%",
}

// bounded refuses, before the parser recurses, what is too deep or too long, and what packs do without.
func bounded(c *collector, src *source, tokens token.Tokens) bool {
	if len(tokens) > maxTokens {
		c.add(src.whole(), "file-too-large", "limit", "200000 tokens")
		return false
	}
	fine, b := true, bounds{keys: map[int]int{}}
	for i, tk := range tokens {
		at := tokenSpot(src, tk)
		if sign, bad := forbidden[tk.Type]; bad {
			c.add(at, "yaml-forbidden", "sign", sign)
			fine = false
		}
		if b.deeper(tk) > maxDepth {
			c.add(at, "too-deep", "limit", "32")
			return false
		}
		if tk.Type == token.MappingValueType && i > 0 && b.key(tokens[i-1].Position) > maxKeys {
			c.add(at, "too-many", "limit", "500")
			return false
		}
	}
	return fine
}

// bounds follows the tokens of a file. The library's parser takes time by the square of the keys of one mapping, and
// calls itself for each level: both are held small before it begins.
type bounds struct {
	line, entries int         // dashes and colons outside brackets on the line: each may open a level
	flow          []int       // keys seen in each open bracket
	keys          map[int]int // keys seen in the open block mapping at a column
}

// deeper returns how deep brackets, or dashes and colons on one line, are nested at the token.
func (b *bounds) deeper(tk *token.Token) int {
	if tk.Position.Line != b.line {
		b.line, b.entries = tk.Position.Line, 0
	}
	switch tk.Type {
	case token.SequenceStartType, token.MappingStartType:
		b.flow = append(b.flow, 0)
	case token.SequenceEndType, token.MappingEndType:
		b.flow = b.flow[:max(len(b.flow)-1, 0)]
	case token.SequenceEntryType:
		b.entries++
		b.shut(tk.Position.Column)
	case token.MappingValueType:
		if len(b.flow) == 0 {
			b.entries++
		}
	}
	return max(len(b.flow), b.entries)
}

// key counts a key in its bracket, or at its column, where it closes the mappings to the right of it.
func (b *bounds) key(at *token.Position) int {
	if n := len(b.flow); n > 0 {
		b.flow[n-1]++
		return b.flow[n-1]
	}
	b.shut(at.Column)
	b.keys[at.Column]++
	return b.keys[at.Column]
}

func (b *bounds) shut(column int) {
	for col := range b.keys {
		if col > column {
			delete(b.keys, col)
		}
	}
}

// tokenize and parseTokens are the library's; should it meet a file that it was not made for and panic, that is a
// fault of the file.
func tokenize(text string) (tokens token.Tokens, err error) {
	defer caught(&err)
	return lexer.Tokenize(text), nil
}

func parseTokens(tokens token.Tokens) (f *ast.File, err error) {
	defer caught(&err)
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func caught(err *error) {
	if recover() != nil {
		*err = errors.New("unreadable")
	}
}

func syntaxSpot(src *source, err error) spot {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return tokenSpot(src, at.GetToken())
	}
	return src.whole()
}

func syntaxReason(err error) string {
	var at yaml.Error
	if errors.As(err, &at) {
		return at.GetMessage()
	}
	return err.Error()
}

func tokenSpot(src *source, tk *token.Token) spot {
	at := spot{src: src, line: tk.Position.Line, column: max(tk.Position.Column, 1), width: 1}
	first, _, _ := strings.Cut(strings.TrimSpace(tk.Origin), "\n")
	at.width = max(1, utf8.RuneCountInString(strings.TrimSpace(first)))
	return at
}

// reader turns the library's nodes into ours.
type reader struct {
	c   *collector
	src *source
}

func (r *reader) document(file *ast.File) *node {
	var body ast.Node
	for _, d := range file.Docs {
		if d.Body == nil {
			continue
		}
		if body != nil {
			r.c.add(tokenSpot(r.src, d.Body.GetToken()), "two-documents")
			return nil
		}
		body = d.Body
	}
	if body == nil {
		r.c.add(r.src.whole(), "file-empty")
		return nil
	}
	n := r.node(body, 0)
	if n != nil && n.kind != mapping {
		r.c.add(n.at, "not-mapping")
		return nil
	}
	return n
}

func (r *reader) node(n ast.Node, depth int) *node {
	at := tokenSpot(r.src, n.GetToken())
	if depth > maxDepth {
		r.c.add(at, "too-deep", "limit", "32")
		return nil
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(n, at, depth)
	case *ast.SequenceNode:
		out := &node{kind: list, at: at}
		if len(n.Values) > maxItems {
			r.c.add(at, "too-many", "limit", "5000")
			return nil
		}
		for _, v := range n.Values {
			if item := r.node(v, depth+1); item != nil {
				out.items = append(out.items, item)
			}
		}
		return out
	case *ast.LiteralNode:
		return &node{kind: scalar, text: strings.ReplaceAll(n.Value.Value, "\r", ""), at: at}
	case *ast.NullNode:
		at.width = 1
		return &node{kind: null, at: at}
	case *ast.BoolNode:
		return &node{kind: boolean, text: n.GetToken().Value, at: at}
	case *ast.StringNode:
		return &node{kind: scalar, text: n.Value, at: at}
	case *ast.IntegerNode, *ast.FloatNode:
		return &node{kind: scalar, text: n.GetToken().Value, at: at}
	}
	r.c.add(at, "yaml", "reason", "unexpected "+n.Type().String())
	return nil
}

func (r *reader) mapping(n *ast.MappingNode, at spot, depth int) *node {
	out := &node{kind: mapping, at: at}
	if len(n.Values) > 0 && !n.IsFlowStyle {
		out.at = tokenSpot(r.src, n.Values[0].Key.GetToken())
	}
	if len(n.Values) > maxKeys {
		r.c.add(at, "too-many", "limit", "500")
		return nil
	}
	seen := map[string]bool{}
	for _, v := range n.Values {
		p := pair{key: v.Key.GetToken().Value, at: tokenSpot(r.src, v.Key.GetToken())}
		if seen[p.key] {
			r.c.add(p.at, "duplicate-key", "key", p.key)
			continue
		}
		seen[p.key] = true
		if p.value = r.node(v.Value, depth+1); p.value != nil {
			out.pairs = append(out.pairs, p)
		}
	}
	return out
}
