package main

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"

	"bihuan/engine/extract"
	"bihuan/ground/name"

	"golang.org/x/text/width"
)

// tableColumn is a column of the list for a person, at most most cells of a terminal wide.
type tableColumn struct {
	title name.Text
	most  int
	value func(s extract.Statement, lang string) string
}

var tableColumns = []tableColumn{
	{name.Text{ZH: "类别", EN: "kind"}, 12, func(s extract.Statement, lang string) string { return s.Kind.Name().In(lang) }},
	{name.Text{ZH: "年份", EN: "year"}, 4, func(s extract.Statement, _ string) string { return yearText(s.Year) }},
	{name.Text{ZH: "事项", EN: "subject"}, 32, func(s extract.Statement, _ string) string { return s.Subject }},
	{name.Text{ZH: "关系", EN: "relation"}, 24, func(s extract.Statement, lang string) string { return relation(s, lang) }},
	{name.Text{ZH: "数值", EN: "value"}, 30, func(s extract.Statement, _ string) string { return amount(s) }},
	{name.Text{ZH: "原文", EN: "quotation"}, 36, func(s extract.Statement, _ string) string { return s.Text }},
	{name.Text{ZH: "规则", EN: "rule"}, 30, func(s extract.Statement, lang string) string { return s.Rule.Name().In(lang) }},
	{name.Text{ZH: "可信度", EN: "conf."}, 6, func(s extract.Statement, _ string) string { return confidenceText(s.Confidence) }},
}

// relation is the operator, for a milestone its type.
func relation(s extract.Statement, lang string) string {
	if s.Type == extract.Milestone {
		return s.Type.Name().In(lang)
	}
	return s.Op.Name().In(lang)
}

// amount is the value with its unit, empty for a milestone.
func amount(s extract.Statement) string {
	v := string(s.Value)
	if s.ValueMax != "" {
		v += "–" + string(s.ValueMax)
	}
	if v == "" {
		return ""
	}
	return strings.TrimSpace(v + " " + s.Unit)
}

// listTable writes one table a file, its columns aligned on a terminal, and how many statements of each kind it has.
func listTable(w io.Writer, reports iter.Seq[found], lang string) error {
	out := bufio.NewWriter(w)
	first := true
	for r := range reports {
		if !first {
			fmt.Fprintln(out)
		}
		first = false
		fmt.Fprintln(out, oneLine(r.file))
		writeTable(out, r.statements, lang)
		kinds := map[extract.Kind]int{}
		for _, s := range r.statements {
			kinds[s.Kind]++
		}
		var counts []string
		for _, k := range extract.Kinds() {
			counts = append(counts, fmt.Sprintf("%s %d", k.Name().In(lang), kinds[k]))
		}
		fmt.Fprintln(out, strings.Join(counts, " · "))
	}
	return out.Flush()
}

func writeTable(w io.Writer, statements []extract.Statement, lang string) {
	rows := make([][]string, 0, len(statements)+1)
	head := make([]string, len(tableColumns))
	for i, c := range tableColumns {
		head[i] = c.title.In(lang)
	}
	rows = append(rows, head)
	for _, s := range statements {
		row := make([]string, len(tableColumns))
		for i, c := range tableColumns {
			row[i] = shorten(oneLine(c.value(s, lang)), c.most)
		}
		rows = append(rows, row)
	}
	widest := make([]int, len(tableColumns))
	for _, row := range rows {
		for i, cell := range row {
			widest[i] = max(widest[i], cells(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widest[i]-cells(cell)+2))
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// oneLine makes every stretch of blanks one and drops what a terminal would obey.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(s), " "))
}

// cells is how many cells of a terminal s takes: two for what East Asian Width (UAX #11)
// calls wide or full-width, none for marks that combine, one for the rest.
func cells(s string) (n int) {
	for _, r := range s {
		switch k := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case k == width.EastAsianWide || k == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// shorten returns s in at most most cells, ending in … if something was cut.
func shorten(s string, most int) string {
	if cells(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += cells(string(r)); n > most-1 {
			return s[:i] + "…"
		}
	}
	return s
}
