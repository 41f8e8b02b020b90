package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/money"
	"bihuan/ground/name"
	"bihuan/kernel/indicator"
	"bihuan/web/draw"
	"bihuan/web/face"
)

//go:embed templates assets style
var files embed.FS

// shown is what a template gets: who asks, and the page's own view.
type shown struct {
	Q *request
	V any
}

// embedded reads the face once, however many handlers there are.
var embedded = sync.OnceValues(func() (*face.Face, error) { return face.Read(files, funcs) })

// funcs are what every template may call, in one language.
func funcs(lang string, url func(string) string) template.FuncMap {
	return template.FuncMap{
		"lang":     func() string { return lang },
		"t":        func(key string, with ...any) string { return words.Say(lang, key, with...) },
		"upto":     upto,
		"in":       func(t name.Text) string { return t.In(lang) },
		"asset":    url,
		"date":     func(d calendar.Date) string { return date(lang, d) },
		"day":      func(micros int64) string { return date(lang, calendar.Instant(micros).Date()) },
		"dueday":   func(micros int64) string { return date(lang, calendar.Instant(micros-1).Date()) },
		"due":      func(micros int64) string { return due(lang, micros) },
		"moment":   func(micros int64) string { return moment(lang, micros) },
		"quantity": func(v money.Decimal, unit string) string { return money.Quantity{Value: v, Unit: unit}.Format(lang) },
		"amount":   func(number, unit string) string { return quantityOf(number, unit, lang) },
		"unit":     func(u string) string { return unitLabel(u, lang) },
		"icon":     draw.Icon,
		"badge":    func(l any) template.HTML { return badge(lang, indicator.Light(fmt.Sprint(l))) },
		"lamp":     func(l any) template.HTML { return draw.Lamp(indicator.Light(fmt.Sprint(l))) },
		"list":     func(items ...any) []any { return items },
		"pair":     pair,
		"add":      func(a, b int) int { return a + b },
		"aside":    func(v any) string { return aside(lang, fmt.Sprint(v)) },
		"json":     inJSON,
	}
}

// inJSON writes a value into an attribute or a script's data block.
func inJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
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

// Command returns a new idempotency key for a form, with whom it is written for: see otherHands.
func (q *request) Command() string { return q.forWhom(q.s.Desk.NewCommand()) }

// forWhom adds to the key of a form whom it is written for.
func (q *request) forWhom(key string) string {
	if q.Who.For == "" {
		return key
	}
	return key + commandFor + string(q.Who.For)
}

// commandFor parts the key of a form from the one whom it was written for.
const commandFor = "."

// sentCommand is the idempotency key that a form was sent with.
func (q *request) sentCommand() string {
	key, _, _ := strings.Cut(q.FormValue("command"), commandFor)
	return q.s.Desk.FormCommand(key)
}

// otherHands refuses a form that was written for somebody else than it is sent for: whom somebody acts for is a choice of the browser, and another tab may have changed it while the form was open.
// What was written for oneself is not done in another's name by that, nor the other way round; a report for oneself does not become a firm's.
func (q *request) otherHands() error {
	key, of, _ := strings.Cut(q.PostForm.Get("command"), commandFor)
	firm, door := q.PostForm["firm"]
	switch {
	case key != "" && q.s.Desk.FormCommand(key) == key && of != string(q.Who.For):
	case door && firm[0] != q.Firm():
	default:
		return nil
	}
	return fault.Refuse(fault.ErrConflict, "acting-changed", "")
}

// Here is the page's own address, for forms that come back to it.
func (q *request) Here() string { return q.URL.RequestURI() }
