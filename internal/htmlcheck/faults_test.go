package htmlcheck

import (
	"strings"
	"testing"
)

// good is a page without a fault; each test plants one into its body or head.
const good = `<!doctype html><html lang="zh-CN"><head><title>承诺</title><script src="/s.js"></script></head><body><main>
<h1>承诺</h1><h2 id="a">清单</h2><p>共 3 件，见 goals.csv 与 www.example.gov.cn，版本 v1.2，用时 1.5 天，e.g. 3.14。</p>
<pre>pack.name: promise.start</pre><a href="#a">到清单</a><a href="/g"><img src="/i.svg" alt="目标"></a>
<form method="post"><input type="hidden" name="v" value="1"><label>名称 <input name="n"></label>
<label for="u">单位</label><select id="u" name="u"><option value="1">一</option></select><button>保存</button></form>
<script type="application/json">{"a.b": 1}</script><!--here--></main></body></html>`

func TestFaults(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"a sound page has no fault", "", "", ""},
		{"an inline script", "<!--here-->", `<script>go()</script>`, "a script stands in the page"},
		{"a handler", "<button>", `<button onclick="go()">`, `handler onclick="go()"`},
		{"a script as a link", `href="/g"`, `href=" JavaScript:go()"`, "has a script as its href"},
		{"a style attribute", `<h2 id="a">`, `<h2 id="a" style="width:3px">`, `h2#a has a style="width:3px"`},
		{"a style element", "<!--here-->", "<style>p{color:red}</style>", "a style sheet stands in the page"},
		{"a raw key as text", "清单</h2>", "goal.light-red</h2>", `shows the key "goal.light-red"`},
		{"a raw key between Chinese words", "共 3 件", "共matter.count件", `shows the key "matter.count"`},
		{"a raw key in a label for the ear", `<a href="#a">`, `<a href="#a" aria-label="nav.to_list">`, `aria-label of a[href="#a"] shows the key "nav.to_list"`},
		{"a date as machines write it", "共 3 件", "2023-10-16 到期", `says "2023-10-16"`},
		{"a count without its counter", "共 3 件", "超期 3 工作日", `says "3 工作日"`},
		{"a count without its counter for the ear", `<a href="#a">`, `<a href="#a" aria-label="超期3工作日">`, `aria-label of a[href="#a"] says`},
		{"brackets around nothing", "共 3 件", "提醒：任务P3（），请办理", `says "（）"`},
		{"a colon before the end", "共 3 件", "已到您手上，期限：。", `says "：。"`},
		{"a count with its counter", "共 3 件", "超期3个工作日，案号220105-2023-10", ""},
		{"an example of what to type", "共 3 件", "请填写日期，如 2023-10-16。", ""},
		{"what somebody wrote", "共 3 件", `<b translate="no">2023-10-16</b><q>x</q>`, ""},
		{"a formatting fault", "共 3 件", "共 %!d(string=三) 件", `holds "%!d"`},
		{"a refused value in an attribute", `src="/i.svg"`, `src="#ZgotmplZ"`, "left over from a template"},
		{"an id used twice", "<!--here-->", `<p id="a">x</p>`, `the id "a" of p#a is used before`},
		{"a label for nothing", `for="u"`, `for="w"`, `names for="w"`},
		{"a link to nowhere in the page", `href="#a"`, `href="#b"`, "leads to #b"},
		{"a field without a label", `<label>名称 <input name="n"></label>`, `<input name="n">`, `input[name="n"] has no label`},
		{"a field in an empty label", `<label>名称 `, `<label>`, `input[name="n"] has no label`},
		{"a button without words", "<button>保存", "<button>", "button has no words"},
		{"an image without alt", ` alt="目标"`, "", `img[src="/i.svg"] has no alt`},
		{"a heading that skips a level", "<!--here-->", "<h4>x</h4>", `heading "x" of level 4 follows one of level 2`},
		{"an empty heading", "清单</h2>", "</h2>", "h2#a is an empty heading"},
		{"a page without a language", ` lang="zh-CN"`, "", "html has no lang"},
		{"a page without a title", "<title>承诺</title>", "", "no title"},
		{"a page with an empty title", "<title>承诺</title>", "<title> </title>", "empty title"},
		{"two first headings", "<!--here-->", "<h1>y</h1>", "the page has 2 h1"},
		{"a first heading of the second level", "<h1>承诺</h1>", "", "the first heading of the page is h2"},
		{"no main part", "<main>", "<div>", "the page has 0 main"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.old) {
				t.Fatalf("the good page does not hold %q", tt.old)
			}
			got, err := Faults(strings.Replace(good, tt.old, tt.new, 1))
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(got, "\n")
			if tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("got %q, want one with %q", all, tt.want)
			}
		})
	}
}

func TestFragment(t *testing.T) {
	r := &recorder{TB: t}
	Fragment(r, `<h3>只是一部分</h3><p>字</p>`).Sound()
	if len(r.said) != 0 {
		t.Errorf("a sound part of a page has faults: %q", r.said)
	}
	Fragment(r, `<p style="x">字</p>`).Sound()
	if len(r.said) != 1 {
		t.Errorf("a style in a part of a page: got %q", r.said)
	}
}
