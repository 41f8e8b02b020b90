package register_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	. "bihuan/kernel/register"
)

const recordID name.ID = "220105-01890000-0000-7000-8000-000000000001"

var streets = &Kind{Ref: "test/street", Key: "key", Title: "name", Fields: []field.Field{
	{Key: "key", Kind: field.Text}, {Key: "name", Kind: field.Text}, {Key: "people", Kind: field.Integer, Min: "0"}, {Key: "phone", Kind: field.Text, Class: field.S},
}}

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func code(err error) string {
	if r, ok := errors.AsType[*fault.Refusal](err); ok {
		return r.Code
	}
	if err != nil {
		return fmt.Sprint(err)
	}
	return ""
}

func put(fields ...string) Entry {
	e := Entry{Fields: map[string]string{"key": "s1", "name": "East Street"}, From: date("2020-01-01"), Source: "the register of divisions"}
	for i := 0; i < len(fields); i += 2 {
		e.Fields[fields[i]] = fields[i+1]
	}
	return e
}

func apply(t *testing.T, r Record, typ string, body []byte) Record {
	t.Helper()
	after, err := Apply(r, &ledger.Event{Stream: recordID, Kind: ledger.Record, Version: r.Version + 1, Type: typ, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	return after
}

func TestPut(t *testing.T) {
	ended := put()
	ended.Until = ended.From
	for _, c := range []struct {
		name  string
		entry Entry
		code  string
	}{
		{"as it should be", put(), ""},
		{"values come into their stored form", put("people", " １,234 "), ""},
		{"an empty value is none", put("people", ""), ""},
		{"no key", put("key", " "), "field-missing"},
		{"no name", put("name", ""), "field-missing"},
		{"a field that there is not", put("colour", "red"), "field-not-asked"},
		{"a personal value", put("phone", "13800000000"), "field-not-asked"},
		{"a value that does not fit", put("people", "-1"), "too-small"},
		{"it ends on the day it begins", ended, "due-before-start"},
	} {
		t.Run(c.name, func(t *testing.T) {
			given := fmt.Sprint(c.entry)
			body, err := Put(streets, c.entry)
			if code(err) != c.code {
				t.Fatalf("got %v, want %q", err, c.code)
			}
			if fmt.Sprint(c.entry) != given {
				t.Error("the entry was changed")
			}
			if err != nil {
				return
			}
			r := apply(t, Record{}, PutDown, body)
			if r.ID != recordID || r.Register != "test/street" || r.Key(streets) != "s1" || r.Title(streets) != "East Street" || r.Version != 1 || r.Source == "" {
				t.Errorf("%+v", r)
			}
			if v, has := r.Fields["people"]; has && v != "1234" {
				t.Errorf("people %q", v)
			}
		})
	}
}

// TestValidity: a record has its first day, and the day on which it no longer holds once it was ended.
func TestValidity(t *testing.T) {
	body, err := Put(streets, put())
	if err != nil {
		t.Fatal(err)
	}
	r := apply(t, Record{}, PutDown, body)
	if _, err := (&Record{}).End(date("2023-06-01")); code(err) != "no-such-record" {
		t.Errorf("ending what is not there: %v", err)
	}
	if _, err := r.End(r.From); code(err) != "due-before-start" {
		t.Errorf("ending it on its first day: %v", err)
	}
	body, err = r.End(date("2023-06-01"))
	if err != nil {
		t.Fatal(err)
	}
	ended := apply(t, r, EndedOn, body)
	if r.From != date("2020-01-01") || ended.From != r.From || ended.Until != date("2023-06-01") {
		t.Errorf("from %s, ended from %s until %s", r.From, ended.From, ended.Until)
	}
	if r.Until != 0 || ended.Fields["name"] != "East Street" {
		t.Error("ending it changed the earlier record, or took its fields")
	}
	again := apply(t, ended, PutDown, mustPut(t, put("name", "East Road")))
	if again.Until != 0 || again.Title(streets) != "East Road" || again.Version != 3 {
		t.Errorf("%+v", again)
	}
}

func mustPut(t *testing.T, e Entry) []byte {
	t.Helper()
	body, err := Put(streets, e)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestApplyIsTotal(t *testing.T) {
	r := apply(t, Record{}, PutDown, mustPut(t, put()))
	for _, body := range []string{`{}`, `null`, `{"mood":1}`, `{"fields":null}`} {
		if after := apply(t, r, "record.praised", []byte(body)); after.Version != 2 || !reflect.DeepEqual(after.Fields, r.Fields) {
			t.Errorf("%s: %+v", body, after)
		}
	}
	for _, body := range []string{``, `{`, `{"from":"x"}`, `{"fields":5}`} {
		if after, err := Apply(r, &ledger.Event{Type: PutDown, Body: []byte(body)}); err == nil || !reflect.DeepEqual(after, r) {
			t.Errorf("%q: %v %+v", body, err, after)
		}
	}
}

func FuzzApply(f *testing.F) {
	b, _ := json.Marshal(put())
	f.Add(PutDown, b)
	f.Add(EndedOn, []byte(`{"until":"2023-06-01"}`))
	f.Fuzz(func(t *testing.T, typ string, body []byte) {
		r, err := Apply(Record{Version: 1}, &ledger.Event{Stream: recordID, Type: typ, Body: body})
		if err == nil && r.Version != 2 || err != nil && r.Version != 1 {
			t.Fatalf("%v, version %d", err, r.Version)
		}
		r.Key(streets)
	})
}

func ExamplePut() {
	body, err := Put(streets, Entry{Fields: map[string]string{"key": "s1", "name": "East Street", "people": "１,234"}, From: date("2020-01-01")})
	fmt.Println(string(body), err)
	// Output: {"register":"test/street","fields":{"key":"s1","name":"East Street","people":"1234"},"from":"2020-01-01"} <nil>
}
