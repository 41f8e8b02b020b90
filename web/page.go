package web

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"strings"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
)

//go:embed templates
var templates embed.FS

// page is one page's template, parsed once for each language.
type page struct {
	byLang map[string]*template.Template
}

// shown is what a template gets: who asks, and the page's own view.
type shown struct {
	Q *request
	V any
}

// parsePages parses every template: templates/layout.html and templates/part_*.html are shared, each other file is a
// page that defines "title" and "body".
func parsePages(a *assets) (map[string]*page, error) {
	files, err := templates.ReadDir("templates")
	if err != nil {
		return nil, err
	}
	shared := map[string]*template.Template{} // read once for each language, copied for each page
	for _, lang := range []string{"zh", "en"} {
		t := template.New("layout.html").Funcs(funcs(lang, a)).Option("missingkey=error")
		if shared[lang], err = t.ParseFS(templates, "templates/layout.html", "templates/part_*.html"); err != nil {
			return nil, fmt.Errorf("templates that pages share: %w", err)
		}
	}
	pages := map[string]*page{}
	for _, f := range files {
		called := strings.TrimSuffix(f.Name(), ".html")
		if called == "layout" || strings.HasPrefix(called, "part_") {
			continue
		}
		p := &page{byLang: map[string]*template.Template{}}
		for lang, t := range shared {
			if t, err = t.Clone(); err == nil {
				t, err = t.ParseFS(templates, path.Join("templates", f.Name()))
			}
			if err != nil {
				return nil, fmt.Errorf("template %s: %w", f.Name(), err)
			}
			p.byLang[lang] = t
		}
		pages[called] = p
	}
	return pages, nil
}

func (s *server) execute(w io.Writer, called string, q *request, view any) error {
	p, ok := s.pages[called]
	if !ok {
		return fmt.Errorf("there is no page %q", called)
	}
	return p.byLang[q.Lang].Execute(w, shown{Q: q, V: view})
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
		"icon":     icon,
		"badge":    func(l any) template.HTML { return badge(lang, indicator.Light(fmt.Sprint(l))) },
		"lamp":     func(l any) template.HTML { return drawLamp(indicator.Light(fmt.Sprint(l))) },
		"list":     func(items ...any) []any { return items },
		"pair":     pair,
		"add":      func(a, b int) int { return a + b },
		"json":     inJSON,
	}
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
func date(lang string, d calendar.Date) string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Civil()
	if lang == "en" {
		return fmt.Sprintf("%d %s %d", day, []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}[m-1], y)
	}
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

func moment(lang string, micros int64) string {
	if micros == 0 {
		return ""
	}
	i := calendar.Instant(micros)
	return date(lang, i.Date()) + " " + i.Time().Format("15:04")
}

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

// Person returns a person for a template.
func (q *request) Person(key name.Person) desk.Person { return q.s.Desk.Directory().Person(key) }

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

// Here is the page's own address, for forms that come back to it.
func (q *request) Here() string { return q.URL.RequestURI() }
