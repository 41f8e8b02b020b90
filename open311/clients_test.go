package open311_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bihuan/open311"
)

// What clients of other houses send and look for, each by what its source says it does; docs/open311.md names them. The requests are
// written here in our own words.
func TestClientsOfOtherHousesAreServed(t *testing.T) {
	s := newStand(t)
	for _, c := range []struct {
		name string
		send [][3]string // parts of a form
		form string      // or a form in one line
		says string      // what the text holds
	}{
		{name: "GeoReporter for Android: a list with one choice comes as attribute[x][]", form: "jurisdiction_id=220105&service_code=E06002&lat=43.87&long=125.35&description=a&attribute[area][]=220105001"},
		{name: "the same choice under both names", form: "service_code=E06002&lat=43.87&long=125.35&attribute[area]=220105001&attribute[area][]=220105001&attribute[area][]="},
		{name: "the client of the University of South Florida: parts with a type of their own, a part for the service's name", send: [][3]string{
			{"service_code", "", "E06002"}, {"service_name", "", "路灯不亮"}, {"lat", "", "43.87"}, {"long", "", "125.35"}, {"description", "", "b"}, {"media", "a.jpg", picture}}},
		{name: "FixMyStreet: two pictures by address, an attribute that is not ours", form: "service_code=E06002&lat=43.87&long=125.35&description=c&media_url=https://example.org/1.jpeg&media_url=https://example.org/2.jpeg&attribute[easting]=5",
			says: "c\nhttps://example.org/1.jpeg\nhttps://example.org/2.jpeg\neasting: 5"},
		{name: "three: only an address, empty fields", form: "service_code=E06002&address_string=东盛大街128号&description=d&lat=&long=&email=&media_url="},
		{name: "a code of the district's own only", form: "service_code=C01003&address_id=22010501003000001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := *s
			s.T = t
			var a answer
			if c.send != nil {
				media, body := parts(t, append(c.send, [3]string{"api_key", "", s.key})...)
				r := httptest.NewRequest("POST", open311.Base+"/requests.json", body)
				r.Header.Set("Content-Type", media)
				a = s.send(r)
			} else {
				v, err := url.ParseQuery(c.form + "&api_key=" + s.key)
				if err != nil {
					t.Fatal(err)
				}
				r := httptest.NewRequest("POST", open311.Base+"/requests.json", strings.NewReader(v.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
				a = s.send(r)
			}
			number := a.want(200).fits("created").ids()[0] // two of them take nothing but 200 for taken
			all, err := s.doors.Numbered(ctx, "programs", []string{number})
			if err != nil || len(all) != 1 {
				t.Fatal(number, err)
			}
			v, err := s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter)
			if err != nil || c.says != "" && v.Fields["text"] != c.says {
				t.Errorf("%q %v", v.Fields["text"], err)
			}
			if strings.Contains(c.name, "choice") && v.Fields["area"] != "220105001" {
				t.Errorf("the choice is %q", v.Fields["area"])
			}
		})
	}
}

// A key is taken wherever a client puts it.
func TestAKeyIsTakenWhereverItStands(t *testing.T) {
	s := newStand(t)
	for name, c := range map[string][3]string{
		"in the form":    {"", "api_key=" + s.key + "&", ""},
		"in the address": {"?api_key=" + s.key, "", ""},
		"in a header":    {"", "", s.key},
	} {
		r := httptest.NewRequest("POST", open311.Base+"/requests.json"+c[0], strings.NewReader(c[1]+"service_code=E06002&lat=43.87&long=125.35"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if c[2] != "" {
			r.Header.Set("X-API-Key", c[2])
		}
		if a := s.send(r); a.Code != 200 {
			t.Errorf("%s: %d %s", name, a.Code, a.Body)
		}
	}
}

// The rules that SeeClickFix's validator asks of a discovery document, in our own words.
func TestDiscoveryStandsUpToAValidator(t *testing.T) {
	s := newStand(t)
	type point struct {
		Specification string   `json:"specification" xml:"specification"`
		URL           string   `json:"url" xml:"url"`
		Changeset     string   `json:"changeset" xml:"changeset"`
		Type          string   `json:"type" xml:"type"`
		Formats       []string `json:"formats" xml:"formats>format"`
	}
	var j, x struct {
		Changeset  string  `json:"changeset" xml:"changeset"`
		Contact    string  `json:"contact" xml:"contact"`
		KeyService string  `json:"key_service" xml:"key_service"`
		Endpoints  []point `json:"endpoints" xml:"endpoints>endpoint"`
	}
	if err := json.Unmarshal(s.get("/open311/discovery.json").want(200).Body.Bytes(), &j); err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(s.get("/open311/discovery.xml").want(200).Body.Bytes(), &x); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(j) != fmt.Sprint(x) || len(j.Endpoints) != 2 || j.Contact == "" || j.KeyService == "" {
		t.Fatalf("JSON says %v\nXML says  %v", j, x)
	}
	for _, e := range j.Endpoints {
		at, err := time.Parse(time.RFC3339, e.Changeset)
		if err != nil || !at.Before(time.UnixMicro(s.Desk.Now()).Add(time.Second)) {
			t.Errorf("changeset %s: %v", e.Changeset, err)
		}
		path := strings.TrimPrefix(e.URL, "http://example.com")
		for _, format := range e.Formats { // each format that is promised is kept, below each address that is given
			ending := format[strings.IndexByte(format, '/')+1:]
			if got := s.get(path + "/services." + ending + "?jurisdiction_id=").want(200).Header().Get("Content-Type"); !strings.HasPrefix(got, format+"; charset=utf-8") {
				t.Errorf("%s/services.%s is %s", path, ending, got)
			}
		}
	}
}

// An address that stops before it names anything is told what is missing, as GeoReport v2 has it; and what is empty is as what is absent.
func TestWhatIsNotSaidIsNamed(t *testing.T) {
	s := newStand(t)
	for address, parameter := range map[string]string{"services/.json": "service_code", "requests/.json": "service_request_id", "tokens/.json": "token"} {
		if a := s.get(address).want(400).fits("errors"); !strings.HasPrefix(fmt.Sprint(a.list()[0]["description"]), parameter) {
			t.Errorf("%s: %s", address, a.Body)
		}
	}
	absent := s.get("requests.xml").want(200).Body.String()
	if empty := s.get("requests.xml?jurisdiction_id=&service_request_id=&service_code=&start_date=&end_date=&status=&page=&page_size=&lat=&long=&radius=").want(200).Body.String(); empty != absent {
		t.Errorf("empty: %s\nabsent: %s", empty, absent)
	}
}

// A picture that comes with an update is not lost: its address stands below what was said.
func TestAnUpdateMayBeAPictureAlone(t *testing.T) {
	s := newStand(t)
	number := s.file(lamp...)
	s.post("servicerequestupdates.xml", "service_request_id", number, "update_id", "7", "updated_datetime", "2023-10-16T01:30:00Z", "status", "INVESTIGATING",
		"first_name", "A", "last_name", "-", "media_url", "https://example.org/now.jpg").want(200)
	all, err := s.doors.Numbered(ctx, "programs", []string{number})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter); err != nil || v.Fields["supplement"] != "https://example.org/now.jpg" {
		t.Errorf("%q %v", v.Fields["supplement"], err)
	}
	s.post("servicerequestupdates.json", "service_request_id", number, "update_id", "8", "updated_datetime", "2023-10-16T01:30:00Z", "status", "OPEN", "media_url", "file:///etc/passwd").want(400).fits("errors")
}

// What a program sends besides is for whoever works on the request: it stands in no title, which is public, and takes nothing from the
// 4000 characters of the description.
func TestWhatComesBesidesIsInNoTitle(t *testing.T) {
	s := newStand(t)
	number := s.file("service_code", "E06002", "lat", "43.87", "long", "125.358", "description", "灯坏", "media_url", "https://example.org/face.jpg", "attribute[NOTE]", "从前的系统")
	if got := s.get("requests/" + number + ".json").want(200).list()[0]["description"]; got != "路灯不亮：荣光街道" {
		t.Errorf("everybody reads %q", got)
	}
	all, err := s.doors.Numbered(ctx, "programs", []string{number})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter); err != nil || v.Fields["text"] != "灯坏\nhttps://example.org/face.jpg\nNOTE: 从前的系统" {
		t.Errorf("who works on it reads %q %v", v.Fields["text"], err)
	}
	s.file("service_code", "E06002", "lat", "43.87", "long", "125.358", "description", strings.Repeat("长", 4000), "media_url", "https://example.org/lamp.jpg")
}

// What clients do to an address: slashes to spare, a format in capitals, a slash behind it. Nothing of it is redirected, since what is
// posted is lost on that way.
func TestAddressesAreReadAsClientsWriteThem(t *testing.T) {
	s := newStand(t)
	mux := http.NewServeMux()
	mux.Handle("/open311/", s.handler)
	s.handler = open311.Tidy(mux)
	for _, address := range []string{"/open311/v2//services.json", "//open311/v2/services.json", "/open311//v2///services.json", "/open311/v2/services.JSON", "/open311/v2/services.json/",
		"/open311/test/v2//services.Json", "/open311//v2/services//C01003.json", "/open311//discovery.JSON"} {
		r := httptest.NewRequest("GET", open311.Base, nil)
		r.URL.Path = address
		if a := s.send(r).want(200); !strings.HasPrefix(a.Header().Get("Content-Type"), "application/json") {
			t.Errorf("%s is answered in %s", address, a.Header().Get("Content-Type"))
		}
	}
	form := url.Values{"api_key": {s.key}, "service_code": {"E06002"}, "lat": {"43.87"}, "long": {"125.35"}, "description": {"a"}}
	for _, media := range []string{"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF8", `application/x-www-form-urlencoded;charset="utf-8"`} {
		r := httptest.NewRequest("POST", open311.Base, strings.NewReader(form.Encode()))
		r.URL.Path = "/open311/v2//requests.json"
		r.Header.Set("Content-Type", media)
		if a := s.send(r).want(200).fits("created"); a.list()[0]["service_request_id"] == nil {
			t.Errorf("%s: %s", media, a.Body)
		}
	}
	r := httptest.NewRequest("GET", "/else//where", nil) // what is not ours is left to whoever comes next
	if a := s.send(r); a.Code == 200 {
		t.Errorf("%d", a.Code)
	}
}

// Without a format in the address the weights of Accept decide, and XML where they are alike.
func TestAcceptDecidesWhereTheAddressDoesNot(t *testing.T) {
	s := newStand(t)
	for accept, media := range map[string]string{
		"": "text/xml", "*/*": "text/xml", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/xml",
		"application/json, text/plain, */*": "application/json", "application/json;q=0.2, text/xml": "text/xml", "text/xml;q=0.2, application/json;q=0.9": "application/json",
		"application/json, application/xml": "text/xml", "nonsense;;;": "text/xml", "application/geo+json": "application/json",
	} {
		if got := s.get("services", "Accept", accept).Header().Get("Content-Type"); !strings.HasPrefix(got, media) {
			t.Errorf("%q is answered in %s", accept, got)
		}
	}
}

// A page of another origin may send what this face reads, and read what it says besides the answer.
func TestPagesOfOtherOriginsMaySendWhatIsRead(t *testing.T) {
	s := newStand(t)
	a := s.send(httptest.NewRequest("OPTIONS", open311.Base+"/requests.json", nil)).want(204)
	for _, header := range []string{"Content-Type", "Accept-Language", "X-API-Key", "Idempotency-Key", "X-Requested-With"} {
		if !strings.Contains(a.Header().Get("Access-Control-Allow-Headers"), header) {
			t.Errorf("%s may not be sent", header)
		}
	}
	for _, header := range []string{"Location", "Retry-After", "Allow"} {
		if !strings.Contains(a.Header().Get("Access-Control-Expose-Headers"), header) {
			t.Errorf("%s may not be read", header)
		}
	}
	if a.Header().Get("Access-Control-Allow-Origin") != "*" || a.Header().Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%v", a.Header())
	}
}
