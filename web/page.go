package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	syntax "text/template/parse"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
)

//go:embed templates
var templates embed.FS

// page is one page's templates, for each language: its own are called by its name, a slash and their name.
type page struct {
	called string
	own    map[string]bool
	byLang map[string]*template.Template
}

// shown is what a template gets: who asks, and the page's own view.
type shown struct {
	Q *request
	V any
}

// layout is the file around every page.
const layout = "layout.html"

// face is what the binary holds of the pages.
type face struct {
	assets *assets
	pages  map[string]*page
}

// embedded reads the face once, however many handlers there are.
var embedded = sync.OnceValues(func() (f face, err error) {
	if f.assets, err = readAssets(); err == nil {
		f.pages, err = parsePages(f.assets)
	}
	return f, err
})

// parsePages parses every template: templates/layout.html and templates/part_*.html are shared, each other file is a
// page that defines "title" and "body". All pages of a language are one set, in which a page's own templates go by a longer name:
// what is shared is then held once and not once for each page. What calls a template that the page defines, as the layout does, the
// page has for itself once more: it is small, and what stands around every page is in part_frame.html.
func parsePages(a *assets) (map[string]*page, error) {
	pages := map[string]*page{}
	for _, lang := range []string{"zh", "en"} {
		if err := parseLanguage(pages, lang, funcs(lang, a)); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

func parseLanguage(pages map[string]*page, lang string, fm template.FuncMap) error {
	files, err := filesOf("templates/*.html")
	if err != nil {
		return err
	}
	isShared := func(file string) bool { return file == layout || strings.HasPrefix(file, "part_") }
	shared, err := readTrees(slices.DeleteFunc(slices.Clone(files), func(f string) bool { return !isShared(f) }), fm)
	if err != nil {
		return fmt.Errorf("templates that pages share: %w", err)
	}
	set := template.New("").Funcs(fm).Option("missingkey=error")
	for as, tree := range shared {
		if _, err := set.AddParseTree(as, tree); err != nil {
			return err
		}
	}
	for _, f := range files {
		if isShared(f) {
			continue
		}
		called := strings.TrimSuffix(f, ".html")
		p := pages[called]
		if p == nil {
			p = &page{called: called, byLang: map[string]*template.Template{}}
			pages[called] = p
		}
		p.byLang[lang] = set
		if err := p.add(set, fm, shared); err != nil {
			return fmt.Errorf("template %s: %w", f, err)
		}
	}
	return nil
}

// filesOf returns the names of files without their folder.
func filesOf(pattern string) ([]string, error) {
	files, err := fs.Glob(templates, pattern)
	for i := range files {
		files[i] = path.Base(files[i])
	}
	return files, err
}

// readTrees parses files: what each defines, and itself.
func readTrees(files []string, fm template.FuncMap) (map[string]*syntax.Tree, error) {
	all := template.New("").Funcs(fm)
	for _, f := range files {
		b, err := templates.ReadFile(path.Join("templates", f))
		if err != nil {
			return nil, err
		}
		if _, err := all.New(f).Parse(string(b)); err != nil {
			return nil, err
		}
	}
	trees := map[string]*syntax.Tree{}
	for _, one := range all.Templates() {
		if one.Tree == nil {
			continue // the root, which is no file
		}
		trees[one.Name()] = one.Tree
	}
	return trees, nil
}

// add brings a page into the set of its language, with copies of what is shared and calls something of its own.
func (p *page) add(set *template.Template, fm template.FuncMap, shared map[string]*syntax.Tree) error {
	trees, err := readTrees([]string{p.called + ".html"}, fm)
	if err != nil {
		return err
	}
	p.own = map[string]bool{} // the same in each language
	for as := range trees {
		p.own[as] = true
	}
	for more := true; more; {
		more = false
		for as, tree := range shared {
			if !p.own[as] && slices.ContainsFunc(calls(tree.Root), func(c *syntax.TemplateNode) bool { return p.own[c.Name] }) {
				p.own[as], more = true, true
				trees[as] = tree.Copy()
			}
		}
	}
	for as, tree := range trees {
		for _, call := range calls(tree.Root) {
			call.Name = p.name(call.Name)
		}
		if _, err := set.AddParseTree(p.name(as), tree); err != nil {
			return err
		}
	}
	return nil
}

// calls are the places below a node where a template is called by name.
func calls(n syntax.Node) (all []*syntax.TemplateNode) {
	var lists []*syntax.ListNode
	switch n := n.(type) {
	case *syntax.ListNode:
		for i := 0; n != nil && i < len(n.Nodes); i++ {
			all = append(all, calls(n.Nodes[i])...)
		}
	case *syntax.IfNode:
		lists = []*syntax.ListNode{n.List, n.ElseList}
	case *syntax.RangeNode:
		lists = []*syntax.ListNode{n.List, n.ElseList}
	case *syntax.WithNode:
		lists = []*syntax.ListNode{n.List, n.ElseList}
	case *syntax.TemplateNode:
		return []*syntax.TemplateNode{n}
	}
	for _, l := range lists {
		all = append(all, calls(l)...)
	}
	return all
}

// name is the name in the set of what the page calls by a name.
func (p *page) name(part string) string {
	if p.own[part] {
		return p.called + "/" + part
	}
	return part
}

func (s *server) execute(w io.Writer, called string, q *request, view any) error {
	p, ok := s.pages[called]
	if !ok {
		return fmt.Errorf("there is no page %q", called)
	}
	return p.byLang[q.Lang].ExecuteTemplate(w, p.name(layout), shown{Q: q, V: view})
}

// funcs are what every template may call, in one language.
func funcs(lang string, a *assets) template.FuncMap {
	return template.FuncMap{
		"lang":     func() string { return lang },
		"t":        func(key string, with ...any) string { return words.Say(lang, key, with...) },
		"upto":     upto,
		"in":       func(t name.Text) string { return t.In(lang) },
		"asset":    a.url,
		"date":     func(d calendar.Date) string { return date(lang, d) },
		"day":      func(micros int64) string { return date(lang, calendar.Instant(micros).Date()) },
		"dueday":   func(micros int64) string { return date(lang, calendar.Instant(micros-1).Date()) },
		"due":      func(micros int64) string { return due(lang, micros) },
		"moment":   func(micros int64) string { return moment(lang, micros) },
		"quantity": func(v money.Decimal, unit string) string { return money.Quantity{Value: v, Unit: unit}.Format(lang) },
		"amount":   func(number, unit string) string { return quantityOf(number, unit, lang) },
		"unit":     func(u string) string { return unitLabel(u, lang) },
		"icon":     icon,
		"badge":    func(l any) template.HTML { return badge(lang, indicator.Light(fmt.Sprint(l))) },
		"lamp":     func(l any) template.HTML { return draw.Lamp(indicator.Light(fmt.Sprint(l))) },
		"list":     func(items ...any) []any { return items },
		"pair":     pair,
		"add":      func(a, b int) int { return a + b },
		"aside":    func(v any) string { return aside(lang, fmt.Sprint(v)) },
		"json":     inJSON,
	}
}

// aside puts words in the brackets of the language, the blank before them where it writes one.
func aside(lang, said string) string {
	if lang == "en" {
		return " (" + said + ")"
	}
	return "（" + said + "）"
}

// pair makes a map of names and values, for templates that need more than one argument.
func pair(kv ...any) (map[string]any, error) {
	if len(kv)%2 != 0 {
		return nil, fmt.Errorf("pair: %d arguments", len(kv))
	}
	m := map[string]any{}
	for i := 0; i < len(kv); i += 2 {
		k, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("pair: name %d is no text", i)
		}
		m[k] = kv[i+1]
	}
	return m, nil
}

// date writes a day as people do: 2023年10月16日, 16 Oct 2023.
func date(lang string, d calendar.Date) string { return d.In(lang) }

// moment writes an instant in µs to the minute: 2023年10月16日 09:30; nothing for 0.
func moment(lang string, micros int64) string { return calendar.Instant(micros).In(lang) }

// due tells a due time, the first instant that is late: the day that it ends, or the minute where it is not the end of one;
// nothing for 0.
func due(lang string, micros int64) string {
	if micros == 0 {
		return ""
	}
	if i := calendar.Instant(micros); i.TimeOfDay() != 0 {
		return moment(lang, micros)
	}
	return date(lang, calendar.Instant(micros-1).Date())
}

// Unit returns a unit for a template.
func (q *request) Unit(key name.Unit) desk.Unit { return q.s.Desk.Directory().Unit(key) }

// Person returns a person for a template. Whoever is not in the directory, as the three administrators of the first run are not, is called
// by the name with which they sign in.
func (q *request) Person(key name.Person) desk.Person {
	p := q.s.Desk.Directory().Person(key)
	if p.Unit == "" && strings.HasPrefix(string(key), accounts.PersonPrefix) && q.s.Accounts != nil {
		if login := (accounts.Standing{Room: q.s.Accounts}).Login(key); login != "" {
			p.Words = name.Text{ZH: login, EN: login}
		}
	}
	return p
}

// Today is the server's civil day.
func (q *request) Today() calendar.Date { return q.s.Desk.Today() }

// NowText is the server's time.
func (q *request) NowText() string { return moment(q.Lang, q.s.Desk.Now()) }

// Now is the server's time in µs.
func (q *request) Now() int64 { return q.s.Desk.Now() }

// IsDemo reports whether the demo's pages are there.
func (q *request) IsDemo() bool { return q.s.Demo != nil }

// May reports whether the caller may do an action to any object of a type: for menus and buttons.
func (q *request) May(action, on string) bool {
	return q.s.Desk.Holds(q.Who, access.Action(action), access.ObjectType(on))
}

// Command returns a new idempotency key for a form.
func (q *request) Command() string { return q.s.Desk.NewCommand() }

// sentCommand is the idempotency key that a form was sent with.
func (q *request) sentCommand() string { return q.s.Desk.FormCommand(q.FormValue("command")) }

// Here is the page's own address, for forms that come back to it.
func (q *request) Here() string { return q.URL.RequestURI() }
