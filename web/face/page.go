package face

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	syntax "text/template/parse"
)

// page is one page's templates, for each language: its own are called by its name, a slash and their name.
type page struct {
	called string
	own    map[string]bool
	byLang map[string]*template.Template
}

// layout is the file around every page.
const layout = "layout.html"

// parsePages parses every template: templates/layout.html and templates/part_*.html are shared, each other file is a
// page that defines "title" and "body". All pages of a language are one set, in which a page's own templates go by a longer name:
// what is shared is then held once and not once for each page. What calls a template that the page defines, as the layout does, the
// page has for itself once more: it is small, and what stands around every page is in part_frame.html.
func (f *Face) parsePages(funcs func(lang string, url func(string) string) template.FuncMap) error {
	all, err := filesOf(f.files, "templates/*.html")
	if err != nil {
		return err
	}
	for _, lang := range Languages {
		if err := f.parseLanguage(lang, all, funcs(lang, f.URL)); err != nil {
			return err
		}
	}
	return nil
}

func (f *Face) parseLanguage(lang string, files []string, fm template.FuncMap) error {
	isShared := func(file string) bool { return file == layout || strings.HasPrefix(file, "part_") }
	shared, err := readTrees(f.files, slices.DeleteFunc(slices.Clone(files), func(file string) bool { return !isShared(file) }), fm)
	if err != nil {
		return fmt.Errorf("templates that pages share: %w", err)
	}
	set := template.New("").Funcs(fm).Option("missingkey=error")
	for as, tree := range shared {
		if _, err := set.AddParseTree(as, tree); err != nil {
			return err
		}
	}
	for _, file := range files {
		if isShared(file) {
			continue
		}
		called := strings.TrimSuffix(file, ".html")
		p := f.pages[called]
		if p == nil {
			p = &page{called: called, byLang: map[string]*template.Template{}}
			f.pages[called] = p
		}
		p.byLang[lang] = set
		if err := p.add(f.files, set, fm, shared); err != nil {
			return fmt.Errorf("template %s: %w", file, err)
		}
	}
	return nil
}

// filesOf returns the names of files without their folder.
func filesOf(files fs.FS, pattern string) ([]string, error) {
	all, err := fs.Glob(files, pattern)
	for i := range all {
		all[i] = path.Base(all[i])
	}
	return all, err
}

// readTrees parses files: what each defines, and itself.
func readTrees(files fs.FS, some []string, fm template.FuncMap) (map[string]*syntax.Tree, error) {
	all := template.New("").Funcs(fm)
	for _, f := range some {
		b, err := fs.ReadFile(files, path.Join("templates", f))
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
func (p *page) add(files fs.FS, set *template.Template, fm template.FuncMap, shared map[string]*syntax.Tree) error {
	trees, err := readTrees(files, []string{p.called + ".html"}, fm)
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
			if !p.own[call.Name] && shared[call.Name] == nil {
				return fmt.Errorf("%s calls %q, which is not there", as, call.Name)
			}
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
