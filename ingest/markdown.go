package ingest

import (
	"html"
	"regexp"
	"strings"
)

// change is one rewriting of a line.
type change struct {
	pattern *regexp.Regexp
	to      string
}

// markdownDrop are the lines that are markup alone: rules and underlines of headings,
// fences, the rule of a table, definitions of links.
var markdownDrop = regexp.MustCompile(`^\s{0,3}(?:(?:[-=_*]\s*){3,}|(?:\x60{3,}|~{3,})[^\x60]*|\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?|\[[^\]]+\]:\s*\S+.*)\s*$`)

// markdownLine strips what begins a line, once each, in this order.
var markdownLine = []change{
	{regexp.MustCompile(`^\s{0,3}(?:>\s?)+`), ""},
	{regexp.MustCompile(`^\s{0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$`), "$1"},
	{regexp.MustCompile(`^\s*[-*+]\s+(?:\[[ xX]\]\s+)?`), ""},
}

// markdownInline strips what stands within a line, outside of code.
var markdownInline = []change{
	{regexp.MustCompile(`!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])`), ""},
	{regexp.MustCompile(`\[([^\]]+)\]\([^)]*\)`), "$1"},
	{regexp.MustCompile(`\[([^\]]+)\]\[[^\]]*\]`), "$1"},
	{regexp.MustCompile(`<((?:https?|mailto):[^>\s]+)>`), "$1"},
	{regexp.MustCompile(`(?i)<br\s*/?>`), "\n"},
	{regexp.MustCompile(`(?i)</?(?:a|b|i|u|em|strong|span|font|p|div|center|sub|sup|small|mark)(?:\s[^<>]*)?/?>`), ""},
	{regexp.MustCompile(`\*\*\*([^*\s](?:[^*]*[^*\s])?)\*\*\*`), "$1"},
	{regexp.MustCompile(`\*\*([^*\s](?:[^*]*[^*\s])?)\*\*`), "$1"},
	{regexp.MustCompile(`\*([^*\s\d](?:[^*]*[^*\s])?)\*`), "$1"},
	{regexp.MustCompile(`__([^_\s](?:[^_]*[^_\s])?)__`), "$1"},
	{regexp.MustCompile(`~~([^~]+)~~`), "$1"},
}

var (
	markdownCode    = regexp.MustCompile("`+[^`]+`+")
	markdownComment = regexp.MustCompile(`(?s)<!--.*?-->`)
	markdownEscape  = regexp.MustCompile(`\\([\\!"#$%&'()*+,\-./:;<=>?@\[\]^_\x60{|}~])`)
	markdownMatter  = regexp.MustCompile(`\A---\n(?s:.*?)\n(?:---|\.\.\.)\n`)
)

// markdownText returns the words of a Markdown text, line for line. Stripped are the marks
// of headings, bullets, tasks, quotations, emphasis, code and links (their words stay,
// their addresses go), pictures, comments, front matter and inline HTML tags; a row of
// a table becomes one line with tabs. Kept as they stand are the numbers of ordered
// lists, single underscores, and a single asterisk before a digit or a blank, which are
// more often a product than emphasis.
func markdownText(text string) string {
	text = markdownMatter.ReplaceAllString(text, "")
	text = markdownComment.ReplaceAllString(text, "")
	var out strings.Builder
	out.Grow(len(text))
	for line := range strings.SplitSeq(text, "\n") {
		if markdownDrop.MatchString(line) {
			continue
		}
		for _, c := range markdownLine {
			line = c.pattern.ReplaceAllString(line, c.to)
		}
		out.WriteString(tableRow(outsideCode(line)))
		out.WriteByte('\n')
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// outsideCode strips inline marks except within code, of which only the back quotes go.
func outsideCode(line string) string {
	if !strings.ContainsAny(line, "*_~`[<\\&") {
		return line
	}
	var out strings.Builder
	last := 0
	for _, at := range markdownCode.FindAllStringIndex(line, -1) {
		out.WriteString(inlineWords(line[last:at[0]]))
		out.WriteString(strings.Trim(line[at[0]:at[1]], "`"))
		last = at[1]
	}
	out.WriteString(inlineWords(line[last:]))
	return out.String()
}

// escaped is where an escaped character waits while marks are stripped: at the end of
// the last private plane, which no text of ours uses.
const escaped = 0x10ff00

func inlineWords(s string) string {
	s = markdownEscape.ReplaceAllStringFunc(s, func(e string) string { return string(escaped + rune(e[1])) })
	for _, c := range markdownInline {
		s = c.pattern.ReplaceAllString(s, c.to)
	}
	return strings.Map(func(r rune) rune {
		if r >= escaped && r < escaped+0x80 {
			return r - escaped
		}
		return r
	}, html.UnescapeString(s))
}

// tableRow turns | a | b | into a, tab, b.
func tableRow(line string) string {
	s := strings.TrimSpace(line)
	if len(s) < 3 || s[0] != '|' || s[len(s)-1] != '|' {
		return line
	}
	cells := strings.Split(s[1:len(s)-1], "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return strings.Join(cells, "\t")
}
