//go:build !race

package bihuan

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// sqlText is what a part of a statement looks like: words of SQL, or a comparison that somebody continues.
var sqlText = regexp.MustCompile("\\b(SELECT|INSERT|UPDATE|DELETE|WHERE|FROM|AND|OR|ORDER BY|LIMIT|EXISTS|SET|VALUES|UNION|IN|JOIN|CREATE|DROP|PRAGMA|ATTACH|VACUUM|COALESCE|NULLIF|AS|row\\.|facet\\.|number|text)\\b|^[\"`] *(=|<>|<|>|>=|<=|\\$) *")

// sqlCalls write places of parameters ($1, $2 …), or parts that are themselves made of nothing else. b and sub are builders.
var sqlCalls = regexp.MustCompile(`^(b|sub|part)\.(arg|where|fact|finds|holds|light|value)\(|^(list|places|excluded|num|oneOrBoth|and|arm|best|wide|d)\(|^strconv\.Itoa\(|^len\(|^(l\.)?lead\(b\)|^s\.part\(b, |^s\.dialect\.Hint\(|^s\.byStream\(`)

// sqlNames are the other things that a statement is put together from, each of them written in the code: names of columns and tables
// from closed lists, and texts that were put together before under this very rule.
var sqlNames = map[string]string{
	// names of columns
	`strings.Join(columnNames, ", ")`: "rowColumns", `strings.Join(columnNames, ", row.")`: "rowColumns", `strings.Join(names, ", ")`: "rowColumns", "placedRow": "a statement of rowColumns",
	"selectRow": "a constant", "listed": "rowColumns", "columns": "listed, or stream and a column of the table of orders", "o.column": "the table of orders", "column": "named by the caller of prefix, a constant", "as": "named by the caller of facetJoin, a constant",
	`strings.Join(sets, ", ")`: "rowColumns with places", "n": "a place", "k": "a place", "who": "a place", "log": "a place", "limit": "a place", "first": "a place", "none": "a place",
	// words chosen in the code
	"s.dialect.Number": "a constant of a dialect", "o.direction()": "of two", "than": "of two", "order": "of the table of orders", "hint": "Dialect.Hint", "behind": "the two constants of its callers", "version": "a number of a migration",
	"cond": "constants of Notices", "marks": "places", `strings.Join(marks, ", ")`: "places", `fmt.Sprintf("$%d", len(args))`: "a place",
	// parts that were put together under this rule
	"fact": "builder.fact", "test": "IN with places", "join": "facetJoin", "key": "a column of tallyColumns, builder.light or by_facet.text", "sum": "a part of tally", "from": "row, or a part of statement",
	"a": "a part of and", "b": "a part of and", "there": "a part of scope", "lies": "facetLies", `strings.Join(more, " OR ")`: "reasons", `strings.Join(facets, " OR ")`: "a part of reasons", `strings.Join(sums, ", ")`: "a part of onePass", "sql": "a statement begun before", `strings.Join(arms, " UNION ALL ")`: "a part of walked", `strings.Join(all, " UNION ALL ")`: "a part of arms", "led": "a driver", "of": "the two constants of facetLies's callers",
	`rowDriver(q, func(b *builder) { b.add("cell >= 0") b.add("cell >= " + b.arg(int64(s.From))) b.add("cell < " + b.arg(int64(s.Until))) })(b)`: "a driver",
}

// TestStatementsTakeParameters looks at every text of SQL in the store that is put together: of constants, places of parameters, and
// names of a list. What a caller sends is never among them.
//
// Source: OWASP ASVS 5.0.0, 1.2.4, as read.
func TestStatementsTakeParameters(t *testing.T) {
	var all []source
	for _, s := range house(t) {
		if strings.HasPrefix(s.file, "store/") && !strings.HasPrefix(s.file, "store/storetest/") {
			all = append(all, s)
		}
	}
	looked, used := 0, map[string]bool{}
	for name, where := range builtOf(all, &looked) {
		if used[name] = true; sqlNames[name] == "" {
			t.Errorf("%s: a statement is made of %s", where, name)
		}
	}
	for name := range sqlNames {
		if !used[name] {
			t.Errorf("%s is on the list, and no statement is made of it", name)
		}
	}
	if looked < 60 {
		t.Errorf("only %d statements are put together: the test has looked at too little", looked)
	}
	n := 0
	if got := builtOf(plant(t, "store/planted.go", `package store
func f(c conn, name string) {
	c.exec("DELETE FROM row WHERE stream = '" + name + "'")
	c.exec(fmt.Sprintf("SELECT %s FROM row", name2))
	sql := "SELECT 1"
	sql += order
}`), &n); len(got) != 3 {
		t.Errorf("of three planted statements these are found: %v", got)
	}
}

// builtOf returns what texts of SQL are put together from besides constants and places of parameters, with where.
func builtOf(all []source, looked *int) map[string]string {
	found, consts := map[string]string{}, constants(all)
	note := func(exprs []ast.Expr) {
		isSQL := false
		for _, x := range exprs {
			l, ok := x.(*ast.BasicLit)
			isSQL = isSQL || ok && l.Kind == token.STRING && sqlText.MatchString(l.Value)
		}
		if !isSQL {
			return
		}
		*looked++
		for _, x := range exprs {
			if !isConstant(x, consts) && !sqlCalls.MatchString(text(x)) {
				found[text(x)] = at(x)
			}
		}
	}
	var visit func(ast.Node) bool
	visit = func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BinaryExpr:
			if x.Op == token.ADD {
				all := parts(x)
				note(all)
				for _, p := range all {
					ast.Inspect(p, visit)
				}
				return false
			}
		case *ast.CallExpr:
			if f := text(x.Fun); f == "fmt.Sprintf" {
				note(x.Args)
			} else if f == "fmt.Errorf" || strings.HasPrefix(f, "fault.") {
				return false // words for people
			}
		case *ast.AssignStmt:
			if x.Tok == token.ADD_ASSIGN && len(x.Lhs) == 1 && text(x.Lhs[0]) == "sql" {
				note(append(parts(x.Rhs[0]), &ast.BasicLit{Kind: token.STRING, Value: `"SELECT"`}))
			}
		}
		return true
	}
	for _, s := range all {
		ast.Inspect(s.tree, visit)
	}
	return found
}
