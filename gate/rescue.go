package gate

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"bihuan/desk/words"
)

// teller knows whether an answer has begun, and sends no cookie over TLS that may travel without or to another host.
type teller struct {
	http.ResponseWriter
	secure  bool // the caller came over TLS
	reports string
	begun   bool
}

func (t *teller) WriteHeader(status int) {
	if status >= http.StatusOK && !t.begun {
		t.begin()
	}
	t.ResponseWriter.WriteHeader(status)
}

func (t *teller) Write(b []byte) (int, error) {
	if !t.begun {
		t.begin()
	}
	return t.ResponseWriter.Write(b)
}

// ofConnections are header fields that no face may set: they are between the server and the next hop, and HTTP/2 has none of them.
// Source: RFC 9113 (2022), 8.2.2. Connection itself is the server's to read, who passes it on to nobody over HTTP/2.
var ofConnections = []string{"Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"}

func (t *teller) begin() {
	t.begun = true
	for _, name := range ofConnections {
		t.Header().Del(name)
	}
	report(t.Header(), t.reports)
	if !t.secure {
		return
	}
	cookies := t.Header()["Set-Cookie"]
	for i, c := range cookies {
		cookies[i] = hostCookie(c)
	}
}

// Unwrap is for http.ResponseController.
func (t *teller) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// rescue is the last resort (ASVS 5.0.0, 16.5.4): a panic becomes an answer 500 with a number, and a line in the log with the same
// number, the first part of the address and the stack; nothing of the request's own values. Where the answer has begun, the
// connection is broken off, so that nobody takes half an answer for a whole one.
func (g *gate) rescue(t *teller, r *http.Request, secure bool) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	id := g.number()
	g.Log.Error("panic", "id", id, "method", r.Method, "part", part(r.URL.Path), "panic", clip(fmt.Sprint(p)), "stack", string(debug.Stack()))
	g.tell("fault", r)
	if t.begun {
		panic(http.ErrAbortHandler)
	}
	h := t.Header()
	clear(h)
	carry(h, secure)
	fault(t, r, id)
}

// number is the number of a fault: 16 hexadecimal digits.
func (g *gate) number() string {
	var b [8]byte
	if g.Chance != nil {
		g.Chance(b[:])
	}
	return hex.EncodeToString(b[:])
}

// part is the first part of an address: what stands behind it may be a receipt.
func part(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + clip(first)
}

func clip(s string) string { return s[:min(len(s), 200)] }

// refusal is an answer of the gate itself.
type refusal struct {
	status int
	code   string
}

func (x *refusal) answer(w http.ResponseWriter, r *http.Request) {
	lang := langOf(r)
	write(w, r, x.status, x.code, words.Say(lang, "refusal."+x.code, "method", r.Method, "path", ""), "", lang)
}

func fault(w http.ResponseWriter, r *http.Request, id string) {
	lang := langOf(r)
	write(w, r, http.StatusInternalServerError, "ours", words.Say(lang, "gate.fault", "id", id), id, lang)
}

// langOf is the language chosen, otherwise the one that the browser prefers.
func langOf(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil && (c.Value == "en" || c.Value == "zh") {
		return c.Value
	}
	return words.Prefer(r.Header.Get("Accept-Language"))
}

// problem is what programs get (RFC 9457, 2023, §3).
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Code     string `json:"code"`
	Instance string `json:"instance,omitempty"` // the number of the fault, as a fragment
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title></head>
<body><main><h1>{{.Title}}</h1><p>{{.Says}}</p><p><a href="/">{{.Home}}</a></p></main></body></html>
`))

// write answers as the face would that was asked: a problem document, or a plain page.
func write(w http.ResponseWriter, r *http.Request, status int, code, says, id, lang string) {
	h := w.Header()
	h.Set("Content-Language", lang)
	title := words.Say(lang, "problem."+strconv.Itoa(status))
	if strings.HasPrefix(r.URL.Path, "/api/") || isProgramsDoor(r.URL.Path) || strings.HasPrefix(r.URL.Path, "/mcp") {
		p := problem{Type: "/api/v1/problems/" + code, Title: title, Status: status, Detail: says, Code: code}
		if id != "" {
			p.Instance = "#" + id
		}
		h.Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(p) // whoever has gone cannot be told
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	tag := "zh-CN"
	if lang == "en" {
		tag = "en"
	}
	page.Execute(w, struct{ Lang, Title, Says, Home string }{tag, title, says, words.Say(lang, "wrong.home")})
}
