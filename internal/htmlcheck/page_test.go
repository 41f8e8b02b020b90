package htmlcheck

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// recorder is a test that only notes what is said to it; Fatal leaves by a panic.
type recorder struct {
	testing.TB
	said []string
}

type left struct{}

func (r *recorder) Helper()                   {}
func (r *recorder) Error(a ...any)            { r.said = append(r.said, fmt.Sprint(a...)) }
func (r *recorder) Errorf(f string, a ...any) { r.said = append(r.said, fmt.Sprintf(f, a...)) }
func (r *recorder) Fatal(a ...any)            { r.Error(a...); panic(left{}) }
func (r *recorder) Fatalf(f string, a ...any) { r.Errorf(f, a...); panic(left{}) }

const list = `<!doctype html><title>t</title><main><h1>目标</h1>
<ul class="goals wide"><li class="goal" data-light="red"><a href="/goals/1">老旧小区 <b>21</b> 个</a><li class="goal"><a href="/goals/2">公园</a></ul>
<form id="f"><input name="a" value="1"><input type="checkbox" name="b" value="x"><input type="checkbox" name="b" value="y" checked>
<select name="c"><option value="1">一<option value="2" selected>二</select><select name="d"><option>三</select><textarea name="e">多
行</textarea><input name="z" value="9" disabled><input type="submit" name="s" value="送"></form></main>`

func TestSelectors(t *testing.T) {
	p := Parse(t, list)
	tests := []struct {
		selector string
		n        int
	}{
		{"li", 2}, {"LI", 2}, {"*[data-light]", 1}, {".goal", 2}, {"ul.wide.goals", 1}, {"ul.wide.narrow", 0},
		{"#f", 1}, {`li[data-light=red] a`, 1}, {`li[data-light="green"] a`, 0}, {`a[href^="/goals/"]`, 2},
		{`a[href$='/2']`, 1}, {`a[href*=goals]`, 2}, {"main li b", 1}, {"main > li", 0}, {"ul > li > a", 2},
		{"h1, b", 2}, {"li:first", -1}, {"", -1}, {"a[href", -1}, {"ul >", -1}, {"a,,b", -1},
	}
	for _, tt := range tests {
		got, err := parseSelector(tt.selector)
		if tt.n < 0 {
			if err == nil {
				t.Errorf("%q was read as %v, want an error", tt.selector, got)
			}
			continue
		}
		if err != nil {
			t.Error(err)
		} else if n := len(p.All(tt.selector)); n != tt.n {
			t.Errorf("%q matches %d elements, want %d", tt.selector, n, tt.n)
		}
	}
}

func TestQuestions(t *testing.T) {
	p := Parse(t, list)
	if got := p.Text("li.goal"); got != "老旧小区 21 个" {
		t.Errorf("the text is %q", got)
	}
	if got := p.Link("公园"); got != "/goals/2" {
		t.Errorf("the link is %q", got)
	}
	if got, want := p.Links(), []string{"/goals/1", "/goals/2"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the links are %q, want %q", got, want)
	}
	want := map[string][]string{"a": {"1"}, "b": {"y"}, "c": {"2"}, "d": {"三"}, "e": {"多\n行"}}
	if got := p.Fields("#f"); !reflect.DeepEqual(got, want) {
		t.Errorf("the form sends %q, want %q", got, want)
	}
	p.Has("li")
	p.Lacks("table")
	p.Count("li", 2)
	p.Contains("a", "公园")
}

// TestComplaints makes every question fail once.
func TestComplaints(t *testing.T) {
	tests := []struct {
		name, want string
		ask        func(p *Page)
	}{
		{"has", "the page has no table", func(p *Page) { p.Has("table") }},
		{"lacks", "should have none", func(p *Page) { p.Lacks("li") }},
		{"count", "has 2 of li, want 3", func(p *Page) { p.Count("li", 3) }},
		{"contains", `no a says "河"`, func(p *Page) { p.Contains("a", "河") }},
		{"first", "the page has no table", func(p *Page) { p.First("table") }},
		{"link", `no link says "河"`, func(p *Page) { p.Link("河") }},
		{"selector", "cannot be read", func(p *Page) { p.All("li:first") }},
		{"sound", "html has no lang", func(p *Page) { p.Sound() }},
	}
	for _, tt := range tests {
		r := &recorder{TB: t}
		func() {
			defer func() {
				if e := recover(); e != nil && e != (left{}) {
					panic(e)
				}
			}()
			tt.ask(Parse(r, list))
		}()
		if all := strings.Join(r.said, "\n"); !strings.Contains(all, tt.want) {
			t.Errorf("%s said %q, want %q", tt.name, all, tt.want)
		}
	}
}
