//go:build !race

package bihuan

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestLocksAreTakenInOneOrder reads the house for every mutex that is taken while another is held, in the same function or in one that it calls, also through an interface
// that a room of the house implements. From one lock to the next there is no way back, so that no two can wait for each other; none is taken twice; and no mutex can be
// reached from outside of its room.
//
// A function that is handed over as a value, such as a listener of the desk, may be called wherever one of its signature is called. What is not seen: values of signatures without a type
// of the house, which too many have, and waiting for channels.
//
// Source: OWASP ASVS 5.0.0, 15.4.3, as read.
func TestLocksAreTakenInOneOrder(t *testing.T) {
	all, err := typedHouse()
	if err != nil {
		t.Fatal(err)
	}
	l := newLocking(all)
	faults, orders := l.faults()
	for _, f := range faults {
		t.Error(f)
	}
	if len(l.locks) < 40 || orders < 100 || len(l.functions) < 3000 {
		t.Errorf("%d mutexes, %d orders, %d functions: does this test still read the house?", len(l.locks), orders, len(l.functions))
	}
	t.Logf("%d mutexes, %d times one is taken while another is held, no way back", len(l.locks), orders)
}

// TestLockLintFindsWhatIsPlanted gives the reader rooms with one fault each, and one without.
func TestLockLintFindsWhatIsPlanted(t *testing.T) {
	exports, err := exported()
	if err != nil {
		t.Fatal(err)
	}
	from := importer.ForCompiler(fileSet, "gc", func(p string) (io.ReadCloser, error) { return os.Open(exports[p]) })
	for _, c := range []struct{ name, text, want string }{
		{"in one order", `func (a *A) f() { a.mu.Lock(); defer a.mu.Unlock(); a.b.g() }
			func (b *B) g() { b.mu.Lock(); b.mu.Unlock() }`, ""},
		{"one after the other", `func (a *A) f() { a.mu.Lock(); a.mu.Unlock(); a.b.g() }
			func (b *B) g() { b.mu.Lock(); b.mu.Unlock(); b.a.h() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, ""},
		{"both ways, by calls", `func (a *A) f() { a.mu.Lock(); defer a.mu.Unlock(); a.b.g() }
			func (b *B) g() { b.mu.Lock(); defer b.mu.Unlock(); b.a.h() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, "wait for each other"},
		{"both ways, in place", `func f(a *A, b *B) { a.mu.Lock(); b.mu.RLock(); b.mu.RUnlock(); a.mu.Unlock() }
			func g(a *A, b *B) { b.mu.RLock(); a.mu.Lock(); a.mu.Unlock(); b.mu.RUnlock() }`, "wait for each other"},
		{"both ways, by an interface", `type doer interface { do(*A) }
			func (a *A) f(d doer) { a.mu.Lock(); defer a.mu.Unlock(); d.do(a) }
			func (b *B) do(a *A) { b.mu.Lock(); defer b.mu.Unlock(); a.h() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, "wait for each other"},
		{"both ways, by a listener", `func (a *A) f(heard []func(*A)) { a.mu.Lock(); defer a.mu.Unlock(); for _, f := range heard { f(a) } }
			func (b *B) hear(a *A) { b.mu.Lock(); defer b.mu.Unlock() }
			func (b *B) listen() { b.all = append(b.all, b.hear) }
			func (b *B) g() { b.mu.Lock(); defer b.mu.Unlock(); b.a.h() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, "wait for each other"},
		{"taken twice", `func (a *A) f() { a.mu.Lock(); defer a.mu.Unlock(); a.h() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, "while it is held"},
		{"taken again behind a branch that went on", `func (a *A) f(yes bool) { a.mu.Lock(); if yes { a.mu.Unlock(); return }; a.mu.Lock() }`, "while it is held"},
		{"given back in each branch", `func (a *A) f(yes bool) { a.mu.Lock(); if yes { a.mu.Unlock(); return }; a.mu.Unlock(); a.mu.Lock(); a.mu.Unlock() }`, ""},
		{"given back by what is returned", `func (a *A) hold() func() { a.mu.Lock(); return a.mu.Unlock }
			func (a *A) f() { free := a.hold(); free(); a.mu.Lock(); a.mu.Unlock() }`, ""},
		{"not given back before", `func (a *A) hold() func() { a.mu.Lock(); return a.mu.Unlock }
			func (a *A) f() { free := a.hold(); a.h(); free() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, "while it is held"},
		{"beside itself", `func (a *A) f() { a.mu.Lock(); defer a.mu.Unlock(); go func() { a.h() }() }
			func (a *A) h() { a.mu.Lock(); a.mu.Unlock() }`, ""},
		{"open to others", `type C struct { Mu sync.Mutex }`, "others can take"},
		{"embedded", `type C struct { sync.Mutex }`, "others can take"},
	} {
		file := "planted/" + c.name + ".go"
		tree, err := parser.ParseFile(fileSet, file, "package planted\nimport \"sync\"\ntype A struct { mu sync.Mutex; b *B }\ntype B struct { mu sync.RWMutex; a *A; all []func(*A) }\n"+c.text, 0)
		if err != nil {
			t.Fatal(err)
		}
		info, err := check(from, "planted", []source{{file, tree}})
		if err != nil {
			t.Fatal(err)
		}
		faults, _ := newLocking([]typed{{source{file, tree}, info}}).faults()
		if text := strings.Join(faults, "\n"); (c.want == "") != (text == "") || !strings.Contains(text, c.want) {
			t.Errorf("%s: found %q, not %q", c.name, text, c.want)
		}
	}
}

// faults are what is wrong, each with its place, and how often a lock is taken while another is held.
func (l *locking) faults() (faults []string, orders int) {
	l.settle()
	edges := map[string]map[string]token.Pos{}
	for _, f := range l.functions {
		for _, e := range f.edges(l) {
			if edges[e.from] == nil {
				edges[e.from] = map[string]token.Pos{}
			}
			if _, known := edges[e.from][e.to]; !known {
				orders++
				edges[e.from][e.to] = e.at
			}
		}
	}
	for from, to := range edges {
		if at, twice := to[from]; twice {
			faults = append(faults, fmt.Sprintf("%s: %s is taken while it is held", fileSet.Position(at), from))
		}
	}
	for _, ring := range rings(edges) {
		text := "these locks wait for each other:"
		for i := range ring[1:] {
			text += fmt.Sprintf(" %s before %s (%s)", ring[i], ring[i+1], fileSet.Position(edges[ring[i]][ring[i+1]]))
		}
		faults = append(faults, text)
	}
	for _, open := range l.open {
		faults = append(faults, open+": a mutex that others can take")
	}
	return faults, orders
}

// locking is what is known of the mutexes of the house.
type locking struct {
	functions map[string]*locker  // by full name
	methods   map[string][]string // full names of methods by their own
	taken     map[string][]string // functions that are handed over as values, by signature
	keeps     map[string][]string // locks that a function gives back only later, through what it returns
	locks     map[string]bool
	open      []string
}

// locker is a function with what it does in order.
type locker struct {
	steps []step
	takes map[string]bool // what it and what it calls may take
	keeps []string        // what it has taken and not given back when it returns
}

// step is one thing that a function does while it holds some locks.
type step struct {
	held  []string
	takes string   // a lock
	calls []string // functions by full name, of which one is called
	at    token.Pos
}

// edge says that a lock is taken while another is held.
type edge struct {
	from, to string
	at       token.Pos
}

func newLocking(all []typed) *locking {
	l := &locking{functions: map[string]*locker{}, methods: map[string][]string{}, taken: map[string][]string{}, keeps: map[string][]string{}, locks: map[string]bool{}}
	for _, s := range all {
		for _, d := range s.tree.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				if o, ok := s.info.Defs[f.Name].(*types.Func); ok && f.Recv != nil {
					l.methods[f.Name.Name] = append(l.methods[f.Name.Name], o.FullName())
				}
			}
		}
	}
	for _, s := range all {
		l.fields(s)
		l.values(s)
	}
	for range 2 { // the second time it is known what each function keeps
		for _, s := range all {
			for _, d := range s.tree.Decls {
				if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
					if o, ok := s.info.Defs[f.Name].(*types.Func); ok {
						l.read(s, o.FullName(), f.Body)
					}
				}
			}
		}
		for name, f := range l.functions {
			l.keeps[name] = f.keeps
		}
	}
	return l
}

// values finds the functions of a file that are used otherwise than by being called, and reads those without a name as functions of their own.
func (l *locking) values(s typed) {
	called := map[ast.Node]bool{}
	ast.Inspect(s.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[ast.Unparen(n.Fun)] = true
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				called[sel.Sel] = true
			}
		case *ast.FuncLit:
			if !called[n] {
				name := "function at " + fileSet.Position(n.Pos()).String()
				l.read(s, name, n.Body)
				l.take(s.info.TypeOf(n), name)
			}
		case *ast.Ident:
			if f, ok := s.info.Uses[n].(*types.Func); ok && !called[n] {
				l.take(f.Type(), f.Origin().FullName())
			}
		}
		return true
	})
}

func (l *locking) take(t types.Type, name string) {
	if key := signature(t); key != "" && !slices.Contains(l.taken[key], name) {
		l.taken[key] = append(l.taken[key], name)
	}
}

// signature is what a function takes and returns, without the names; empty without a type of the house.
func signature(t types.Type) string {
	s, ok := t.Underlying().(*types.Signature)
	if !ok {
		return ""
	}
	text := ""
	for _, tuple := range []*types.Tuple{s.Params(), s.Results()} {
		for v := range tuple.Variables() {
			text += v.Type().String() + ","
		}
		text += ";"
	}
	if !strings.Contains(text, "bihuan/") {
		return ""
	}
	return text
}

// fields looks at the mutexes of a file's structs.
func (l *locking) fields(s typed) {
	ast.Inspect(s.tree, func(n ast.Node) bool {
		st, ok := n.(*ast.StructType)
		if !ok {
			return true
		}
		for _, f := range st.Fields.List {
			if !isMutex(s.info.TypeOf(f.Type)) {
				continue
			}
			if len(f.Names) == 0 {
				l.open = append(l.open, fileSet.Position(f.Pos()).String())
			}
			for _, name := range f.Names {
				if name.IsExported() {
					l.open = append(l.open, fileSet.Position(name.Pos()).String())
				}
				l.locks[fileSet.Position(name.Pos()).String()] = true
			}
		}
		return true
	})
}

func isMutex(t types.Type) bool {
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.String() == "sync.Mutex" || t.String() == "sync.RWMutex"
}

// read walks a function. What it starts beside itself is a function of its own, which holds nothing.
func (l *locking) read(s typed, name string, body *ast.BlockStmt) {
	r := &lockReader{l: l, s: s, f: &locker{takes: map[string]bool{}}, name: name, gives: map[types.Object][]string{}}
	l.functions[name] = r.f
	r.f.keeps = r.block(body.List, nil)
	r.f.keeps = slices.DeleteFunc(r.f.keeps, func(lock string) bool { return slices.Contains(r.later, lock) })
}

// lockReader walks one function.
type lockReader struct {
	l     *locking
	s     typed
	f     *locker
	name  string
	later []string                  // given back when it returns
	gives map[types.Object][]string // variables that hold functions which give locks back
	lits  int
}

// block walks statements with what is held before them, and returns what is held behind them.
func (r *lockReader) block(all []ast.Stmt, held []string) []string {
	for _, s := range all {
		held = r.stmt(s, held)
	}
	return held
}

func (r *lockReader) stmt(s ast.Stmt, held []string) []string {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return r.block(s.List, held)
	case *ast.LabeledStmt:
		return r.stmt(s.Stmt, held)
	case *ast.GoStmt:
		for _, a := range s.Call.Args {
			held = r.expr(a, held)
		}
		if lit, ok := s.Call.Fun.(*ast.FuncLit); ok {
			r.lits++
			r.l.read(r.s, fmt.Sprint(r.name, " go ", r.lits), lit.Body)
		}
		return held
	case *ast.DeferStmt:
		if lock, op := r.mutex(s.Call); op == "Unlock" {
			r.later = append(r.later, lock)
			return held
		}
		if lit, ok := s.Call.Fun.(*ast.FuncLit); ok {
			r.later = append(r.later, r.unlocks(lit)...)
		}
		if back := r.givesBack(s.Call); back != nil {
			r.later = append(r.later, back...)
			return held
		}
		return r.expr(s.Call, held)
	case *ast.AssignStmt:
		for _, e := range slices.Concat(s.Rhs, s.Lhs) {
			held = r.expr(e, held)
		}
		r.bind(s)
		return held
	case *ast.IfStmt:
		held = r.parts(held, s.Init, s.Cond)
		then := r.block(s.Body.List, slices.Clone(held))
		other := slices.Clone(held)
		if s.Else != nil {
			other = r.stmt(s.Else, other)
		}
		return after(held, [2]any{s.Body, then}, [2]any{s.Else, other})
	case *ast.ForStmt:
		held = r.parts(held, s.Init, s.Cond)
		r.parts(r.block(s.Body.List, slices.Clone(held)), s.Post)
		return held
	case *ast.RangeStmt:
		held = r.expr(s.X, held)
		r.block(s.Body.List, slices.Clone(held))
		return held
	case *ast.SwitchStmt:
		held = r.parts(held, s.Init, s.Tag)
		return r.clauses(s.Body, held)
	case *ast.TypeSwitchStmt:
		held = r.parts(held, s.Init, s.Assign)
		return r.clauses(s.Body, held)
	case *ast.SelectStmt:
		return r.clauses(s.Body, held)
	}
	ast.Inspect(s, func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			held = r.expr(e, held)
			return false
		}
		return true
	})
	return held
}

func (r *lockReader) parts(held []string, all ...ast.Node) []string {
	for _, p := range all {
		switch p := p.(type) {
		case ast.Stmt:
			if p != nil {
				held = r.stmt(p, held)
			}
		case ast.Expr:
			if p != nil {
				held = r.expr(p, held)
			}
		}
	}
	return held
}

func (r *lockReader) clauses(b *ast.BlockStmt, held []string) []string {
	out := slices.Clone(held)
	for _, c := range b.List {
		var body []ast.Stmt
		in := slices.Clone(held)
		switch c := c.(type) {
		case *ast.CaseClause:
			for _, e := range c.List {
				in = r.expr(e, in)
			}
			body = c.Body
		case *ast.CommClause:
			if c.Comm != nil {
				in = r.stmt(c.Comm, in)
			}
			body = c.Body
		}
		if in = r.block(body, in); !ends(body) {
			out = union(out, in)
		}
	}
	return out
}

// after is what is held behind branches that go on.
func after(before []string, branches ...[2]any) []string {
	var out []string
	goesOn := false
	for _, b := range branches {
		switch s := b[0].(type) {
		case *ast.BlockStmt:
			if s != nil && ends(s.List) {
				continue
			}
		case ast.Stmt:
			if s, ok := s.(*ast.BlockStmt); ok && ends(s.List) {
				continue
			}
		}
		goesOn = true
		out = union(out, b[1].([]string))
	}
	if !goesOn {
		return before
	}
	return out
}

// ends reports whether statements never go on to what follows.
func ends(all []ast.Stmt) bool {
	if len(all) == 0 {
		return false
	}
	switch s := all[len(all)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	case *ast.ExprStmt:
		c, ok := s.X.(*ast.CallExpr)
		id, named := (*ast.Ident)(nil), false
		if ok {
			id, named = c.Fun.(*ast.Ident)
		}
		return named && id.Name == "panic"
	}
	return false
}

func union(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// expr walks an expression. A function that stands in it is taken for called at once, with what is held.
func (r *lockReader) expr(e ast.Expr, held []string) []string {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			r.block(n.Body.List, slices.Clone(held))
			return false
		case *ast.CallExpr:
			for _, a := range n.Args {
				held = r.expr(a, held)
			}
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
				held = r.expr(sel.X, held)
			} else if lit, ok := n.Fun.(*ast.FuncLit); ok {
				held = r.block(lit.Body.List, held)
			}
			held = r.call(n, held)
			return false
		}
		return true
	})
	return held
}

func (r *lockReader) call(c *ast.CallExpr, held []string) []string {
	switch lock, op := r.mutex(c); op {
	case "Lock":
		r.f.steps = append(r.f.steps, step{slices.Clone(held), lock, nil, c.Pos()})
		r.f.takes[lock] = true
		return union(slices.Clone(held), []string{lock})
	case "Unlock":
		return slices.DeleteFunc(slices.Clone(held), func(x string) bool { return x == lock })
	}
	if back := r.givesBack(c); back != nil {
		return slices.DeleteFunc(slices.Clone(held), func(x string) bool { return slices.Contains(back, x) })
	}
	called := r.called(c)
	if len(called) > 0 {
		r.f.steps = append(r.f.steps, step{slices.Clone(held), "", called, c.Pos()})
	}
	if len(called) == 1 {
		held = union(slices.Clone(held), r.l.keeps[called[0]])
	}
	return held
}

// bind remembers the variable that gets the function by which what a call keeps is given back.
func (r *lockReader) bind(s *ast.AssignStmt) {
	c, ok := s.Rhs[0].(*ast.CallExpr)
	if !ok || len(s.Rhs) != 1 {
		return
	}
	called := r.called(c)
	if len(called) != 1 || len(r.l.keeps[called[0]]) == 0 {
		return
	}
	for _, to := range s.Lhs {
		id, ok := to.(*ast.Ident)
		if !ok {
			continue
		}
		o := r.s.info.Defs[id]
		if o == nil {
			o = r.s.info.Uses[id]
		}
		if o != nil {
			if _, isFunc := o.Type().Underlying().(*types.Signature); isFunc {
				r.gives[o] = r.l.keeps[called[0]]
			}
		}
	}
}

// givesBack are the locks that a call gives back through a variable.
func (r *lockReader) givesBack(c *ast.CallExpr) []string {
	if id, ok := c.Fun.(*ast.Ident); ok {
		return r.gives[r.s.info.Uses[id]]
	}
	return nil
}

// mutex reports which mutex a call locks or unlocks, for reading too.
func (r *lockReader) mutex(c *ast.CallExpr) (lock, op string) {
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || !isMutex(r.s.info.TypeOf(sel.X)) {
		return "", ""
	}
	switch op = strings.TrimPrefix(sel.Sel.Name, "R"); op {
	case "Lock", "Unlock":
	default:
		return "", ""
	}
	if field, ok := sel.X.(*ast.SelectorExpr); ok {
		owner := r.s.info.TypeOf(field.X)
		if p, ok := owner.Underlying().(*types.Pointer); ok {
			owner = p.Elem()
		}
		return strings.TrimPrefix(owner.String(), "bihuan/") + "." + field.Sel.Name, op
	}
	return r.name + "." + types.ExprString(sel.X), op
}

// unlocks are the locks that a function gives back.
func (r *lockReader) unlocks(lit *ast.FuncLit) (all []string) {
	ast.Inspect(lit, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if lock, op := r.mutex(c); op == "Unlock" {
				all = append(all, lock)
			}
		}
		return true
	})
	return all
}

// called are the functions that a call may lead to: the one that it names, or of an interface every method of the house of that name that could be meant.
func (r *lockReader) called(c *ast.CallExpr) []string {
	var id *ast.Ident
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.IndexExpr:
		id, _ = f.X.(*ast.Ident)
	}
	if id == nil {
		return nil
	}
	f, ok := r.s.info.Uses[id].(*types.Func)
	if v, isVar := r.s.info.Uses[id].(*types.Var); isVar {
		return r.l.taken[signature(v.Type())]
	}
	if !ok {
		return nil
	}
	recv := f.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return []string{f.Origin().FullName()}
	}
	if f.Pkg() == nil || !strings.HasPrefix(f.Pkg().Path(), "bihuan") {
		return nil
	}
	return r.l.implementing(recv.Type(), f.Name())
}

// implementing are the methods of the house that an interface's method may be: those of the types that have every method of the interface.
func (l *locking) implementing(i types.Type, method string) (all []string) {
	want := i.Underlying().(*types.Interface)
	for _, full := range l.methods[method] {
		receiver := strings.TrimSuffix(full, "."+method)
		has := true
		for k := range want.NumMethods() {
			has = has && slices.Contains(l.methods[want.Method(k).Name()], receiver+"."+want.Method(k).Name())
		}
		if has {
			all = append(all, full)
		}
	}
	return all
}

// settle finds out what each function may take by what it calls, and what it keeps, until nothing new is found.
func (l *locking) settle() {
	for changed := true; changed; {
		changed = false
		for _, f := range l.functions {
			for _, s := range f.steps {
				for _, c := range s.calls {
					g := l.functions[c]
					if g == nil || g == f {
						continue
					}
					for lock := range g.takes {
						if !f.takes[lock] {
							f.takes[lock], changed = true, true
						}
					}
				}
			}
		}
	}
}

// edges are the orders that a function follows.
func (f *locker) edges(l *locking) (all []edge) {
	for _, s := range f.steps {
		takes := map[string]bool{}
		if s.takes != "" {
			takes[s.takes] = true
		}
		for _, c := range s.calls {
			if g := l.functions[c]; g != nil {
				maps.Copy(takes, g.takes)
			}
		}
		for _, from := range s.held {
			for to := range takes {
				all = append(all, edge{from, to, s.at})
			}
		}
	}
	return all
}

// rings are ways from a lock back to itself by others, each once.
func rings(edges map[string]map[string]token.Pos) (all [][]string) {
	state := map[string]int{} // 1 under way, 2 done
	var path []string
	var walk func(string)
	walk = func(at string) {
		state[at] = 1
		path = append(path, at)
		for _, to := range slices.Sorted(maps.Keys(edges[at])) {
			switch {
			case to == at:
			case state[to] == 1:
				all = append(all, append(slices.Clone(path[slices.Index(path, to):]), to))
			case state[to] == 0:
				walk(to)
			}
		}
		path = path[:len(path)-1]
		state[at] = 2
	}
	for _, from := range slices.Sorted(maps.Keys(edges)) {
		if state[from] == 0 {
			walk(from)
		}
	}
	return all
}
