package ingest

import (
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	for _, c := range []struct{ name, page, want string }{
		{"blocks stand on lines", "<h1>标题</h1><p>甲</p>\n<p>乙<p>丙<div>丁</div>", "标题\n甲\n乙\n丙\n丁"},
		{"inline tags join", "增长<b>10</b>%<span>以上</span>", "增长10%以上"},
		{"entities are decoded", "5&lt;6&nbsp;&amp;&#x4e2d;", "5<6 &中"},
		{"scripts, styles and titles are gone", "<title>网</title><style>p{}</style><script>if(a<b){document.write('x')}</script><noscript>开</noscript>甲", "甲"},
		{"what is hidden is gone", `<div style="color:red; display: none">密<div>密</div></div><div hidden>密</div><span>明</span>`, "明"},
		{"comments are gone", "甲<!-- 密 -->乙", "甲乙"},
		{"a source break between Chinese is none", "<p>新建\n   公园</p>", "新建公园"},
		{"a source break beside a digit is a blank", "<p>新建 12\n个</p>", "新建 12 个"},
		{"a break is a line", "甲<br>乙<br/>丙", "甲\n乙\n丙"},
		{"cells that reach over columns and rows keep the others below their heads", "<table><tr><th rowspan=2>指标<th colspan=2>2022年<th rowspan=2>目标</tr><tr><th>完成<th>增长</tr><tr><td>公园<td>3<td>5%<td>4</tr><tr><td colspan=4>注：含口袋公园</tr></table>", "指标\t2022年\t\t目标\n\t完成\t增长\n公园\t3\t5%\t4\n注：含口袋公园"},
		{"a span that is no count, and one too wide", "<table><tr><td colspan=x>甲<td>乙</tr></table><table><tr><td colspan=99999999>丙<td>丁</tr></table>", "甲\t乙\n丙" + strings.Repeat("\t", 200) + "丁"},
		{"a table goes row by row", "<table><tr><th>项目<th>目标</tr><tr><td><p>公园</p><td><p>12个</p><p>上半年</p></tr></table>后", "项目\t目标\n公园\t12个 上半年\n后"},
		{"pre keeps its lines", "<pre>甲\n乙</pre>", "甲\n乙"},
		{"a full-width indent stays", "<p>　　甲</p>", "　　甲"},
		{"XHTML", `<?xml version="1.0"?><html><p>甲</p></html>`, "甲"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := htmlText(c.page)
			if err != nil || got != c.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, c.want)
			}
		})
	}
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>甲", "<table><td>a<td>b", "<pre>\n</pre>", "<div hidden>", "<script>", "</td></tr>", "&#0;&#x110000;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		text, err := htmlText(page)
		if err == nil && strings.Contains(text, "\n\n") {
			t.Errorf("an empty line in %q", text)
		}
	})
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"headings", "# 一、工作\n## 目标 ##\n#口号", "一、工作\n目标\n#口号"},
		{"underlined headings and rules", "标题\n===\n甲\n---\n***\n乙", "标题\n甲\n乙"},
		{"lists", "- 甲\n  * 乙\n+ 丙\n1. 丁\n- [x] 戊", "甲\n乙\n丙\n1. 丁\n戊"},
		{"a negative number is no bullet", "-5%", "-5%"},
		{"quotations", "> 甲\n> > 乙", "甲\n乙"},
		{"emphasis", "**增长10%**以上，*力争*达到__12个__，~~旧~~", "增长10%以上，力争达到12个，旧"},
		{"a product is no emphasis", "3*4*5 与 7 * 8 * 9", "3*4*5 与 7 * 8 * 9"},
		{"single underscores stay", "a_b_c", "a_b_c"},
		{"links and pictures", "见[报告](https://example.org/a(1)) ![图](a.png)，[注][1]，<https://example.org>\n[1]: https://example.org", "见报告) ，注，https://example.org"},
		{"code keeps its marks", "`a*b*c` 与 *甲*", "a*b*c 与 甲"},
		{"fences go, their contents stay", "```go\n甲\n```", "甲"},
		{"tables", "| 项目 | 目标 |\n|---|:---:|\n| 公园 | 12个 |", "项目\t目标\n公园\t12个"},
		{"escapes and entities", `\*甲\* &amp; 5\%`, "*甲* & 5%"},
		{"comments, front matter, tags", "---\ntitle: x\n---\n甲<!-- 密\n密 -->乙<br>丙<b>丁</b>", "甲乙\n丙丁"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := markdownText(c.text); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"# 甲", "**a**", "| a | b |", "![a](b)", "`x`", "<!--", "---\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := "甲" + strings.Map(func(r rune) rune {
			if r > 0x4e00 && r < 0x9fff {
				return r
			}
			return -1
		}, text)
		if got := markdownText(plain); got != plain {
			t.Errorf("plain Chinese %q became %q", plain, got)
		}
		markdownText(text)
	})
}

func FuzzText(f *testing.F) {
	for _, s := range []string{sentence, "\ufeff甲", "\xff\xfe\x00\x4e", gb18030(f, sentence), "%PDF-", compoundMagic, "<html>甲", "# 甲"} {
		for _, name := range []string{"", "a.md", "a.html"} {
			f.Add([]byte(s), name)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		doc, err := Text(strings.NewReader(string(data)), name)
		if err == nil && (strings.Contains(doc.Text, "\r") || strings.TrimSpace(doc.Text) == "") {
			t.Errorf("%s text %q", doc.Format, doc.Text)
		}
		if err == nil && doc.Format == FormatText { // what it gives it reads again, unchanged
			again, err := Text(strings.NewReader("\ufeff"+doc.Text), "")
			if err != nil || again.Format == FormatText && again.Text != doc.Text {
				t.Errorf("again: %q, %v; first %q", again.Text, err, doc.Text)
			}
		}
	})
}
