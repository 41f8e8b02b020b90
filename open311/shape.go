package open311

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"bihuan/ground/calendar"
)

// format is how an answer is written.
type format int

const (
	asXML format = iota
	asJSON
)

// media are the content types of the formats, as GeoReport v2 writes them.
var media = map[format]string{asXML: "text/xml; charset=utf-8", asJSON: "application/json; charset=utf-8"}

// formatOf is the format in which a request is answered before its address has been understood: what its address ends in, or
// what it accepts, or XML.
func formatOf(r *http.Request) format {
	if f, ok := formats[strings.ToLower(path.Ext(strings.TrimRight(r.URL.Path, "/")))]; ok {
		return f
	}
	return accepted(r.Header.Values("Accept"))
}

// formats are what an address may end in, in small letters or large ones.
var formats = map[string]format{".json": asJSON, ".xml": asXML}

// accepted is the format that a caller would rather have; XML where both are alike, or neither was named.
//
// Source: RFC 9110 (2022), 12.5.1, without its rule that the nearer range goes first: a star weighs nothing here.
func accepted(headers []string) format {
	best := map[format]float64{}
	for _, one := range strings.Split(strings.Join(headers, ","), ",") {
		media, params, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		weight := 1.0
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			weight = q
		}
		for sub, f := range map[string]format{"json": asJSON, "xml": asXML} {
			if strings.HasSuffix(media, "/"+sub) || strings.HasSuffix(media, "+"+sub) {
				best[f] = max(best[f], weight)
			}
		}
	}
	if best[asJSON] > best[asXML] {
		return asJSON
	}
	return asXML
}

// cutFormat takes the format from the end of an address. It reports false for a format that is not written here. A slash behind the
// format means nothing.
func (q *request) cutFormat(rest string) (string, bool) {
	whole := strings.TrimRight(rest, "/")
	ending := path.Ext(whole)
	if f, ok := formats[strings.ToLower(ending)]; ok {
		q.format = f
		return strings.TrimSuffix(whole, ending), true
	}
	return rest, path.Ext(rest) == ""
}

// text is words that may be missing: null in JSON, an empty element in XML, as the examples of GeoReport v2 have it.
type text string

func (t text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return marshal(string(t))
}

// number is a number in the digits that were recorded: null in JSON and an empty element in XML if it is missing.
type number string

func (n number) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return []byte(n), nil
}

// moment writes an instant as the W3C's note on dates and times does, to the second: 2023-10-16T09:00:00+08:00.
func moment(at int64) string {
	return calendar.Instant(at).Time().Format("2006-01-02T15:04:05-07:00")
}

// momentOrNone is moment, or nothing for 0.
func momentOrNone(at int64) text {
	if at == 0 {
		return ""
	}
	return text(moment(at))
}

// service is a line of the list of services. metadata says whether its definition has attributes.
type service struct {
	Code        string `json:"service_code" xml:"service_code"`
	Name        string `json:"service_name" xml:"service_name"`
	Description text   `json:"description" xml:"description"`
	Metadata    bool   `json:"metadata" xml:"metadata"`
	Type        string `json:"type" xml:"type"`
	Keywords    string `json:"keywords" xml:"keywords"` // empty, not null, when there are none: clients split and compare both unseen
	Group       string `json:"group" xml:"group"`
}

// definition is what a service asks for besides.
type definition struct {
	XMLName    xml.Name          `json:"-" xml:"service_definition"`
	Code       string            `json:"service_code" xml:"service_code"`
	Attributes listOf[attribute] `json:"attributes" xml:"attributes"`
}

type attribute struct {
	Variable    bool          `json:"variable" xml:"variable"`
	Code        string        `json:"code" xml:"code"`
	Datatype    string        `json:"datatype" xml:"datatype"`
	Required    bool          `json:"required" xml:"required"`
	Explained   text          `json:"datatype_description" xml:"datatype_description"`
	Order       int           `json:"order" xml:"order"`
	Description string        `json:"description" xml:"description"`
	Values      listOf[value] `json:"values,omitempty" xml:"values,omitempty"`
}

type value struct {
	Key  string `json:"key" xml:"key"`
	Name string `json:"name" xml:"name"`
}

// listOf is several things of one kind: a list in JSON, and in XML an element with one element for each, called as the thing says.
type listOf[T element] []T

// element is what may stand in a list. what is what it is called in XML.
type element interface{ what() string }

func (l listOf[T]) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for i := range l {
		if err := e.EncodeElement(l[i], xml.StartElement{Name: xml.Name{Local: l[i].what()}}); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// What the things of each list are called.
func (endpoint) what() string       { return "endpoint" }
func (mediaType) what() string      { return "format" }
func (service) what() string        { return "service" }
func (attribute) what() string      { return "attribute" }
func (value) what() string          { return "value" }
func (serviceRequest) what() string { return "request" }
func (saidAttribute) what() string  { return "attribute" }
func (note) what() string           { return "note" }
func (created) what() string        { return "request" }
func (resolved) what() string       { return "request" }
func (requestUpdate) what() string  { return "request_update" }
func (updateTaken) what() string    { return "request_update" }
func (oops) what() string           { return "error" }

// serviceRequest is one request as it stands.
type serviceRequest struct {
	ID          string `json:"service_request_id" xml:"service_request_id"`
	Status      string `json:"status" xml:"status"`
	StatusNotes text   `json:"status_notes" xml:"status_notes"`
	ServiceName string `json:"service_name" xml:"service_name"`
	ServiceCode string `json:"service_code" xml:"service_code"`
	Description text   `json:"description" xml:"description"`
	Agency      text   `json:"agency_responsible" xml:"agency_responsible"`
	Notice      text   `json:"service_notice" xml:"service_notice"`
	Requested   string `json:"requested_datetime" xml:"requested_datetime"`
	Updated     string `json:"updated_datetime" xml:"updated_datetime"`
	Expected    text   `json:"expected_datetime" xml:"expected_datetime"`
	Address     text   `json:"address" xml:"address"`
	AddressID   text   `json:"address_id" xml:"address_id"`
	Zipcode     text   `json:"zipcode" xml:"zipcode"`
	Lat         number `json:"lat" xml:"lat"`
	Long        number `json:"long" xml:"long"`
	MediaURL    text   `json:"media_url" xml:"media_url"`

	// Only with extensions=true.
	Attributes listOf[saidAttribute] `json:"attributes,omitempty" xml:"attributes,omitempty"`
	Extended   *extended             `json:"extended_attributes,omitempty" xml:"extended_attributes,omitempty"`
	Notes      listOf[note]          `json:"notes,omitempty" xml:"notes,omitempty"`
}

// saidAttribute is what was said of an attribute, as far as it is public.
type saidAttribute struct {
	Label string `json:"label" xml:"label"`
	Name  string `json:"name" xml:"name"`
	Value string `json:"value" xml:"value"`
	Code  string `json:"code" xml:"code"`
}

type note struct {
	At          string `json:"datetime" xml:"datetime"`
	Description string `json:"description" xml:"description"`
	Type        string `json:"type" xml:"type"`
}

// extended is what is known besides.
type extended struct {
	AgencyCode string `json:"agency_code" xml:"agency_code"`
	Closed     text   `json:"closed_datetime" xml:"closed_datetime"`
	Title      string `json:"title" xml:"title"`
	Answer     text   `json:"answer" xml:"answer"`
}

// created answers a request that was filed.
type created struct {
	ID      string `json:"service_request_id" xml:"service_request_id"`
	Notice  text   `json:"service_notice" xml:"service_notice"`
	Account text   `json:"account_id" xml:"account_id"`
}

// resolved answers a token.
type resolved struct {
	ID    string `json:"service_request_id" xml:"service_request_id"`
	Token string `json:"token" xml:"token"`
}

// requestUpdate is one step of a request's way.
type requestUpdate struct {
	ID          string `json:"update_id" xml:"update_id"`
	RequestID   string `json:"service_request_id" xml:"service_request_id"`
	Status      string `json:"status" xml:"status"`
	Updated     string `json:"updated_datetime" xml:"updated_datetime"`
	Description text   `json:"description" xml:"description"`
	MediaURL    text   `json:"media_url" xml:"media_url"`
}

// updateTaken answers an update that was added.
type updateTaken struct {
	ID string `json:"update_id" xml:"update_id"`
}

// oops is one thing that is wrong.
type oops struct {
	Code        int    `json:"code" xml:"code"`
	Description string `json:"description" xml:"description"`
}

// answer is what a method answers with: a list under its root in XML, or one thing.
type answer struct {
	status   int // 200 if not said
	root     string
	list     any // a list
	one      any // with an XMLName
	location string
}

// reply sends an answer. One that cannot be written is a fault of ours, never half an answer.
func (q *request) reply(a answer) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	var b []byte
	var err error
	if a.list != nil || a.one != nil {
		if b, err = a.bytes(q.format); err != nil {
			q.s.Log.Error("open311 answer", "error", err)
			http.Error(q.w, "", http.StatusInternalServerError)
			return
		}
		q.w.Header().Set("Content-Type", media[q.format])
		q.w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	}
	if a.location != "" {
		q.w.Header().Set("Location", a.location)
	}
	q.w.WriteHeader(a.status)
	if q.Method == http.MethodHead {
		return
	}
	if _, err := q.w.Write(b); err != nil {
		q.s.Log.Debug("answer not taken", "error", err) // the caller has gone; there is nobody to tell
	}
}

// bytes writes an answer in a format.
func (a *answer) bytes(f format) ([]byte, error) {
	if f == asJSON {
		if a.one != nil {
			return marshal(a.one)
		}
		return marshal(a.list)
	}
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n")
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	var err error
	if a.one != nil {
		err = e.Encode(a.one)
	} else {
		err = e.EncodeElement(a.list, xml.StartElement{Name: xml.Name{Local: a.root}})
	}
	b.WriteByte('\n')
	return b.Bytes(), err
}

// marshal writes JSON without escaping what only HTML must not have.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
