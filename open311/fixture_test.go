package open311_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/desk/keys"
	"bihuan/ground/calendar"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/open311"
	"bihuan/pack"
)

var ctx = context.Background()

// stand is a district with the face over it, and a key.
type stand struct {
	*testing.T
	*district.District
	doors   *doors.Room
	keys    *keys.Room
	handler http.Handler
	key     string
}

func newStand(t *testing.T) *stand {
	t.Helper()
	x := district.New(t, calendar.NewDate(2023, 10, 16))
	s := &stand{T: t, District: x, doors: doors.New(x.Desk), keys: keys.New(x.Desk, x.Store, func(b []byte) { rand.Read(b) })}
	s.handler = open311.New(open311.Config{Desk: x.Desk, Doors: s.doors, Keys: s.keys, Past: x.Store})
	s.key = s.issue("市民App", pack.Programs)
	return s
}

func (s *stand) issue(called string, a pack.Audience) string {
	s.Helper()
	_, secret, err := s.keys.IssueAs(ctx, name.System, keys.Order{Name: called, For: []pack.Audience{a}})
	if err != nil {
		s.Fatal(err)
	}
	return secret
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

func (s *stand) send(r *http.Request) answer {
	s.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return answer{w, s.T}
}

// get asks for an address below the base; one that begins with / is whole.
func (s *stand) get(address string, header ...string) answer {
	s.Helper()
	if address[0] != '/' {
		address = open311.Base + "/" + address
	}
	r := httptest.NewRequest("GET", address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return s.send(r)
}

// post sends a form as GeoReport v2 says, with the key.
func (s *stand) post(address string, fields ...string) answer {
	s.Helper()
	if address[0] != '/' {
		address = open311.Base + "/" + address
	}
	form := url.Values{"api_key": {s.key}}
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "api_key" {
			form.Set("api_key", fields[i+1])
			continue
		}
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return s.send(r)
}

// want fails unless the answer has a status and the content type of its format.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d: %.1500s", a.Code, status, a.Body)
	}
	return a
}

var contract = func() *jsonschema.Compiler {
	b, err := os.ReadFile("testdata/contract.json")
	if err != nil {
		panic(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("contract.json", doc); err != nil {
		panic(err)
	}
	return c
}()

// fits holds a JSON answer against the contract.
func (a answer) fits(shape string) answer {
	a.t.Helper()
	if got := a.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		a.t.Fatalf("content type %q", got)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.Body.Bytes()))
	if err != nil {
		a.t.Fatalf("no JSON: %v: %.500s", err, a.Body)
	}
	if err := contract.MustCompile("contract.json#/$defs/" + shape).Validate(v); err != nil {
		a.t.Fatalf("%s: %v\n%.2000s", shape, err, a.Body)
	}
	return a
}

// list reads a JSON answer.
func (a answer) list() (all []map[string]any) {
	a.t.Helper()
	if err := json.Unmarshal(a.Body.Bytes(), &all); err != nil {
		a.t.Fatalf("%v: %.500s", err, a.Body)
	}
	return all
}

// ids are the numbers of the requests of a JSON answer.
func (a answer) ids() (all []string) {
	a.t.Helper()
	for _, v := range a.list() {
		all = append(all, fmt.Sprint(v["service_request_id"]))
	}
	return all
}

// both asks for an address in both formats, holds the JSON against the contract, and the XML against the JSON: by the Spark
// convention each can be made of the other.
func (s *stand) both(address, shape, root, item string, status int) answer {
	s.Helper()
	path, query, _ := strings.Cut(address, "?")
	j := s.get(path + ".json?" + query).want(status).fits(shape)
	x := s.get(path + ".xml?" + query).want(status)
	same(s.T, j, x, root, item)
	return j
}

// same holds an XML answer against the JSON answer to the same question.
func same(t *testing.T, j, x answer, root, item string) {
	t.Helper()
	if got := x.Header().Get("Content-Type"); got != "text/xml; charset=utf-8" {
		t.Fatalf("content type %q", got)
	}
	if !strings.HasPrefix(x.Body.String(), `<?xml version="1.0" encoding="utf-8"?>`) {
		t.Fatalf("begins with %.60s", x.Body)
	}
	got := readElement(t, x.Body.Bytes())
	if got.name != root {
		t.Fatalf("the root is %s, want %s", got.name, root)
	}
	want := any(nil)
	d := json.NewDecoder(bytes.NewReader(j.Body.Bytes()))
	d.UseNumber()
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if a, b := spark(t, got, want, item), plainly(want); !reflect.DeepEqual(a, b) {
		t.Fatalf("XML says\n%v\nJSON says\n%v", a, b)
	}
}

// element is an element of XML with what is in it.
type element struct {
	name     string
	children []*element
	text     string
}

// readElement reads XML as it stands, and fails where an element has attributes or a namespace: GeoReport v2 has neither.
func readElement(t *testing.T, b []byte) *element {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(b))
	open := []*element{{}}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("no XML: %v: %.800s", err, b)
		}
		last := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if len(token.Attr) > 0 || token.Name.Space != "" {
				t.Fatalf("element %s has attributes or a namespace", token.Name.Local)
			}
			e := &element{name: token.Name.Local}
			last.children = append(last.children, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.text += string(token)
		}
	}
	if len(open) != 1 || len(open[0].children) != 1 {
		t.Fatalf("no single root: %.200s", b)
	}
	return open[0].children[0]
}

// items are what the items of a list are called in XML.
var items = map[string]string{"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format", "notes": "note"}

// spark writes an element as the Spark convention writes it in JSON, with every value as text. like tells lists from objects, as
// XML alone cannot.
func spark(t *testing.T, e *element, like any, item string) any {
	t.Helper()
	switch like := like.(type) {
	case []any:
		all := []any{}
		for i, c := range e.children {
			if c.name != item {
				t.Fatalf("%s holds a %s, want %s", e.name, c.name, item)
			}
			var one any = ""
			if i < len(like) {
				one = like[i]
			}
			all = append(all, spark(t, c, one, ""))
		}
		return all
	case map[string]any:
		o := map[string]any{}
		for _, c := range e.children {
			if _, twice := o[c.name]; twice {
				t.Fatalf("%s holds %s twice", e.name, c.name)
			}
			o[c.name] = spark(t, c, like[c.name], items[c.name])
		}
		return o
	}
	return e.text
}

// plainly writes JSON with every value as text, nothing as empty text.
func plainly(v any) any {
	switch v := v.(type) {
	case []any:
		all := []any{}
		for _, one := range v {
			all = append(all, plainly(one))
		}
		return all
	case map[string]any:
		o := map[string]any{}
		for k, one := range v {
			o[k] = plainly(one)
		}
		return o
	case nil:
		return ""
	}
	return fmt.Sprint(v)
}

// lamp is a report that tells more than it should.
var lamp = []string{"service_code", "E06002", "lat", "43.876543212", "long", "125.358", "address_string", "和顺小区3栋2单元501室门前，找周女士13812345670",
	"description", "我叫周桂芳，楼下路灯三天不亮，电话13812345670，身份证22010519600101123X", "email", "zhou@example.cn", "device_id", "tt222111", "account_id", "a-7",
	"first_name", "桂芳", "last_name", "周", "phone", "13812345670", "media_url", "http://example.org/lamp.jpg", "attribute[area]", "220105001", "attribute[wants-reply]", "yes"}

// with returns a report with some fields otherwise.
func with(base []string, changes ...string) []string {
	all := append([]string{}, base...)
	for i := 0; i+1 < len(changes); i += 2 {
		done := false
		for j := 0; j+1 < len(all); j += 2 {
			if all[j] == changes[i] {
				all[j+1], done = changes[i+1], true
			}
		}
		if !done {
			all = append(all, changes[i], changes[i+1])
		}
	}
	return all
}

// file files a report and returns its number.
func (s *stand) file(fields ...string) string {
	s.Helper()
	return s.post("requests.json", fields...).want(200).fits("created").ids()[0]
}

// bring takes the request of a number along its way, from an act to another; see [district.Case].
func (s *stand) bring(number, from, until string) {
	s.Helper()
	all, err := s.doors.Numbered(ctx, doors.Programs, []string{number})
	if err != nil || len(all) != 1 {
		s.Fatalf("%s: %d, %v", number, len(all), err)
	}
	district.Case(s.T, s.Desk, all[0].Matter, from, until, func(unit name.Unit, role name.Role) desk.Caller { return s.As(s.T, unit, role, 0) })
}
