package open311_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http/httptest"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/internal/corpus"
	"bihuan/open311"
	"bihuan/pack"
)

func TestEveryAnswerFitsTheContractInBothFormats(t *testing.T) {
	s := newStand(t)
	number := s.file(lamp...)
	s.file(with(lamp, "device_id", "x", "lat", "", "long", "", "attribute[area]", "")...)
	s.bring(number, "", "")
	for _, c := range []struct{ address, shape, root, item string }{
		{"/open311/discovery", "discovery", "discovery", ""},
		{open311.Base + "/discovery", "discovery", "discovery", ""},
		{"services", "services", "services", "service"},
		{"services/C01003", "definition", "service_definition", ""},
		{"services/E06002?jurisdiction_id=220105", "definition", "service_definition", ""},
		{"requests", "requests", "service_requests", "request"},
		{"requests?extensions=true", "requests", "service_requests", "request"},
		{"requests?service_request_id=none", "requests", "service_requests", "request"},
		{"requests/" + number, "requests", "service_requests", "request"},
		{"requests/" + number + "?extensions=true", "requests", "service_requests", "request"},
		{"servicerequestupdates", "updates", "service_request_updates", "request_update"},
	} {
		for _, language := range []string{"", "&locale=en"} {
			s.both(c.address+map[bool]string{true: language, false: "?" + language}[strings.Contains(c.address, "?")], c.shape, c.root, c.item, 200)
		}
	}
	for _, address := range []string{"requests/none", "services/none", "tokens/none", "requests?jurisdiction_id=city.gov", "nothing"} {
		s.both(address, "errors", "errors", "error", 404)
	}
	s.both("requests?status=lost&start_date=yesterday&lat=1", "errors", "errors", "error", 400)
}

// The order of elements is that of the tables and examples of GeoReport v2.
func TestElementsStandInTheOrderOfTheText(t *testing.T) {
	s := newStand(t)
	s.file(lamp...)
	e := readElement(t, s.get("requests.xml").want(200).Body.Bytes())
	var got []string
	for _, c := range e.children[0].children {
		got = append(got, c.name)
	}
	want := "service_request_id status status_notes service_name service_code description agency_responsible service_notice requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestAProgramFilesAndFollows(t *testing.T) {
	s := newStand(t)
	a := s.post("requests.json", lamp...).want(200).fits("created")
	x := s.post("requests.xml", lamp...).want(200)
	same(t, a, answer{x.ResponseRecorder, t}, "service_requests", "request")
	number := a.ids()[0]
	if !regexp.MustCompile(`^U22010520231016\d{5}$`).MatchString(number) || a.list()[0]["account_id"] != "a-7" {
		t.Errorf("%s", a.Body)
	}
	if to := a.Header().Get("Location"); to != "http://example.com/open311/v2/requests/"+number+".json" {
		t.Errorf("location %s", to)
	}
	r := s.get("requests/" + number + ".json").want(200).list()[0]
	for key, want := range map[string]any{"status": "open", "service_code": "E06002", "service_name": "路灯不亮", "lat": 43.8765432, "long": 125.358,
		"requested_datetime": "2023-10-16T09:00:00+08:00", "agency_responsible": s.Desk.Directory().Unit("watch-centre").Words.ZH} {
		if r[key] != want {
			t.Errorf("%s is %v, want %v", key, r[key], want)
		}
	}
	receipt := regexp.MustCompile(`[0-9a-z]{26}`).FindString(fmt.Sprint(a.list()[0]["service_notice"]))
	if got := s.both("tokens/"+receipt, "tokens", "service_requests", "request", 200).ids(); got[0] != number {
		t.Errorf("the token leads to %v", got)
	}
	p, err := s.doors.Follow(ctx, desk.Nobody, receipt)
	if err != nil || p.Number != number || !strings.Contains(p.Text, "http://example.org/lamp.jpg") {
		t.Errorf("%+v %v", p.Number, err)
	}
	s.bring(number, "", "")
	r = s.get("requests/" + number + ".json?extensions=true").want(200).fits("requests").list()[0]
	if r["status"] != "closed" || r["status_notes"] != "已办结。答复：路灯已修好，感谢反映。" || r["expected_datetime"] != nil {
		t.Errorf("%v", r)
	}
	if notes := r["notes"].([]any); len(notes) < 5 || notes[0].(map[string]any)["type"] != "submitted" || notes[len(notes)-1].(map[string]any)["type"] != "closed" {
		t.Errorf("notes %v", notes)
	}
	s.Verify(t)
}

// What anybody reads tells nothing of whoever reported, whichever way it is asked for.
func TestNothingPersonalLeaves(t *testing.T) {
	s := newStand(t)
	number := s.file(lamp...)
	s.post("servicerequestupdates.json", "service_request_id", number, "update_id", "1", "updated_datetime", "2023-10-16T09:30:00+08:00", "status", "OPEN",
		"description", "周桂芳13812345670在家").want(200).fits("updateTaken")
	for _, address := range []string{"requests.json?extensions=true", "requests.xml?extensions=true", "requests/" + number + ".json?extensions=true", "servicerequestupdates.json",
		"requests.json?updated_after=2023-10-16T00:00:00%2B08:00&extensions=true"} {
		body := s.get(address).want(200).Body.String()
		if !strings.Contains(body, number) {
			t.Errorf("%s does not show it: %s", address, body)
		}
		for _, secret := range []string{"周桂芳", "桂芳", "13812345670", "22010519600101123X", "zhou@example.cn", "tt222111", "a-7", "501", "3栋", "lamp.jpg", s.key[4:]} {
			if strings.Contains(body, secret) {
				t.Errorf("%s tells %s: %s", address, secret, body)
			}
		}
	}
}

func TestTheSameDeviceFilesTheSameOnce(t *testing.T) {
	s := newStand(t)
	first := s.post("requests.json", lamp...).want(200)
	if again := s.post("requests.json", lamp...).want(200); !bytes.Equal(first.Body.Bytes(), again.Body.Bytes()) {
		t.Errorf("first %s then %s", first.Body, again.Body)
	}
	for name, other := range map[string][]string{
		"another text":              with(lamp, "description", "灯亮了又灭"),
		"another place":             with(lamp, "lat", "43.9"),
		"another device":            with(lamp, "device_id", "tt3"),
		"another attribute":         with(lamp, "attribute[area]", "220105002"),
		"nobody's device":           with(lamp, "device_id", "", "account_id", ""),
		"another program":           with(lamp, "api_key", s.issue("别的App", pack.Programs)),
		"nobody's device once more": with(lamp, "device_id", "", "account_id", ""),
	} {
		if got := s.file(other...); got == first.ids()[0] {
			t.Errorf("%s files the same", name)
		}
	}
	s.Forward(t, 1)
	if got := s.file(lamp...); got == first.ids()[0] {
		t.Error("the next day files the same")
	}
	if got := len(s.get("requests.json").ids()); got != 9 {
		t.Errorf("%d requests, want 9", got)
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := newStand(t)
	sensor := s.issue("井盖", pack.Sensors)
	for name, c := range map[string]struct {
		fields []string
		status int
		says   []string // what begins the descriptions
	}{
		"no key":                        {with(lamp, "api_key", ""), 403, []string{"api_key"}},
		"a key that is none":            {with(lamp, "api_key", "xyz"), 403, []string{"api_key"}},
		"a sensor's key":                {with(lamp, "api_key", sensor), 403, []string{"api_key"}},
		"another jurisdiction":          {with(lamp, "jurisdiction_id", "sfgov.org"), 404, []string{"jurisdiction_id"}},
		"no service":                    {with(lamp, "service_code", " "), 400, []string{"service_code"}},
		"a service that is none":        {with(lamp, "service_code", "006"), 404, []string{"service_code"}},
		"a service for inspectors only": {with(lamp, "service_code", "C01001"), 404, []string{"service_code"}},
		"half a place":                  {with(lamp, "lat", ""), 400, []string{"lat"}},
		"a place beyond the pole":       {with(lamp, "lat", "95"), 400, []string{"lat"}},
		"a place that is no number":     {with(lamp, "long", "NaN"), 400, []string{"long"}},
		"nowhere":                       {with(lamp, "lat", "", "long", "", "address_string", ""), 400, []string{""}},
		"a code of no place":            {with(lamp, "address_id", "1"), 404, []string{"address_id"}},
		"too many words":                {with(lamp, "description", strings.Repeat("灯", 4001)), 400, []string{"description"}},
		"a novel as an attribute":       {with(lamp, "attribute[colour]", strings.Repeat("red", 1500)), 400, []string{"description"}},
		"an attribute's wrong value":    {with(lamp, "attribute[area]", "999"), 400, []string{"attribute[area]"}},
		"a list of one value":           {append(with(lamp), "attribute[area][]", "220105002"), 400, []string{"attribute[area]"}},
		"a picture nowhere":             {with(lamp, "media_url", "javascript:alert(1)"), 400, []string{"media_url"}},
		"several things at once":        {[]string{"long", "1", "media_url", "x"}, 400, []string{"lat", "media_url", "service_code"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := *s
			s.T = t
			j := s.post("requests.json", c.fields...).want(c.status).fits("errors")
			same(t, j, s.post("requests.xml", c.fields...).want(c.status), "errors", "error")
			if got := j.list(); len(got) != len(c.says) {
				t.Fatalf("%s", j.Body)
			}
			for i, want := range c.says {
				if got := fmt.Sprint(j.list()[i]["description"]); !strings.HasPrefix(got, want) {
					t.Errorf("%q does not begin with %q", got, want)
				}
			}
		})
	}
	if got := s.get("requests.json").ids(); len(got) != 0 {
		t.Errorf("something was filed: %v", got)
	}
}

// parts writes a form with files: name, file name, content; a part without a file name is a value.
func parts(t *testing.T, all ...[3]string) (media string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, p := range all {
		h := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q`, p[0])}}
		if p[1] != "" {
			h.Set("Content-Disposition", fmt.Sprintf(`form-data; name=%q; filename=%q`, p[0], p[1]))
		}
		part, err := w.CreatePart(h)
		if err == nil {
			_, err = part.Write([]byte(p[2]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	return w.FormDataContentType(), body
}

var picture = string(corpus.JPEG(1))

func TestPhotosComeAsPartsOfAForm(t *testing.T) {
	s := newStand(t)
	send := func(all ...[3]string) answer {
		media, body := parts(t, append([][3]string{{"api_key", "", s.key}, {"service_code", "", "E06002"}, {"address_string", "", "东盛大街128号"}}, all...)...)
		r := httptest.NewRequest("POST", open311.Base+"/requests.json", body)
		r.Header.Set("Content-Type", media)
		return s.send(r)
	}
	number := send([3]string{"media", "灯.jpg", picture}, [3]string{"media[]", "", ""}, [3]string{"uploads", "none", ""}).want(200).fits("created").ids()[0]
	all, err := s.doors.Numbered(ctx, doors.Programs, []string{number})
	if err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	v, err := s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter)
	if err != nil || len(v.Evidence) != 1 || v.Evidence[0].Name != "灯.jpg" {
		t.Errorf("%+v %v", v.Evidence, err)
	}
	if got := v.Fields["text"]; got != "路灯不亮" {
		t.Errorf("without a description the text is %q", got)
	}
	number = send([3]string{"attribute[colour]", "", "red"}).want(200).ids()[0]
	if all, err = s.doors.Numbered(ctx, doors.Programs, []string{number}); err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	if v, err = s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter); err != nil || v.Fields["text"] != "路灯不亮\ncolour: red" {
		t.Errorf("an attribute that the service does not have is lost: %q %v", v.Fields["text"], err)
	}
	send([3]string{"media", "x.exe", "MZ not a picture"}).want(400).fits("errors")
	many := slices.Repeat([][3]string{{"media", "a.jpg", picture}}, doors.MaxPhotos+1)
	send(many...).want(400).fits("errors")
	r := httptest.NewRequest("POST", open311.Base+"/requests.json", strings.NewReader(`{"service_code":"E06002"}`))
	r.Header.Set("Content-Type", "application/json")
	s.send(r).want(400).fits("errors")
	big := "api_key=" + s.key + "&description=" + strings.Repeat("x", 300<<10)
	r = httptest.NewRequest("POST", open311.Base+"/requests.json", strings.NewReader(big))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.send(r).want(400).fits("errors")
}

// A code of a lamp or manhole is a place.
func TestACodeOfThePlaceIsAPlace(t *testing.T) {
	s := newStand(t)
	number := s.file("service_code", "C01003", "address_id", "22010501003000001", "description", "井盖破了")
	r := s.get("requests/" + number + ".json").want(200).fits("requests").list()[0]
	if r["lat"] == nil || !strings.Contains(fmt.Sprint(r["address"]), "雨水井盖") {
		t.Errorf("%v", r)
	}
	s.post("requests.json", "service_code", "E06002", "address_id", "22010501003000001").want(404).fits("errors") // of another class
}

func TestFilters(t *testing.T) {
	s := newStand(t)
	base := with(lamp, "device_id", "", "account_id", "")
	var n []string // one a day from 16 October: a lamp, a manhole, a lamp, …
	for i := range 6 {
		f := base
		if i%2 == 1 {
			f = with(base, "service_code", "C01003", "lat", "43.9")
		}
		n = append(n, s.file(f...))
		s.Forward(t, 1)
	}
	s.bring(n[4], "", "") // closed on the 22nd
	for _, c := range []struct {
		name, query string
		want        []int
	}{
		{"everything, latest first", "", []int{5, 4, 3, 2, 1, 0}},
		{"by numbers, in their order, whatever else is said", "service_request_id=" + n[3] + "," + n[0] + "&status=closed&start_date=2001-01-01", []int{3, 0}},
		{"numbers said twice", "service_request_id=" + n[1] + "&service_request_id=" + n[2] + ",none", []int{1, 2}},
		{"one service", "service_code=C01003", []int{5, 3, 1}},
		{"services with a comma", "service_code=C01003,E06002", []int{5, 4, 3, 2, 1, 0}},
		{"open", "status=open", []int{5, 3, 2, 1, 0}},
		{"closed, in capitals", "status=CLOSED", []int{4}},
		{"both statuses", "status=open,closed", []int{5, 4, 3, 2, 1, 0}},
		{"a span, both ends in it", "start_date=2023-10-17T09:00:00%2B08:00&end_date=2023-10-19T09:00:00%2B08:00", []int{3, 2, 1}},
		{"a plus that came as a blank", "start_date=2023-10-21T09:00:00+08:00", []int{5}},
		{"in Z", "start_date=2023-10-21T01:00:00Z", []int{5}},
		{"to the minute", "end_date=2023-10-16T01:00Z", []int{0}},
		{"a day", "start_date=2023-10-21", []int{5}},
		{"as Python writes it, without a zone", "start_date=2023-10-21T09:00:00.000000", []int{5}},
		{"every filter at once", "service_code=E06002&status=open&start_date=2023-10-16&end_date=2023-10-21&lat=43.8765432&long=125.358&radius=50&updated_after=2023-10-16&page_size=1&page=2&jurisdiction_id=220105", []int{0}},
		{"from a day long ago reaches 90 days", "start_date=2023-01-01T00:00:00Z", nil},
		{"an empty argument is none", "status=&start_date=&page=&service_code=", []int{5, 4, 3, 2, 1, 0}},
		{"an argument of others is nothing", "api_key=x&foo=bar&callback=y", []int{5, 4, 3, 2, 1, 0}},
		{"a page", "page_size=2", []int{5, 4}},
		{"the third page", "page_size=2&page=3", []int{1, 0}},
		{"a page behind the last", "page_size=2&page=4", nil},
		{"around a place", "lat=43.8765432&long=125.358&radius=50", []int{2, 0}},
		{"around a place, 500 m if not said", "lat=43.8765432&long=125.359", []int{2, 0}},
		{"around a place, just too far", "lat=43.8765432&long=125.359&radius=75", nil},
		{"changed since", "updated_after=2023-10-21T12:00:00Z", []int{4}},
		{"changed before", "updated_before=2023-10-18T12:00:00Z", []int{1, 0}},
		{"changed since, a page of the open ones", "updated_after=2023-10-16T00:00:00Z&status=open&page_size=2", []int{5, 3}},
		{"changed since, of a span", "updated_after=2023-10-16T00:00:00Z&start_date=2023-10-19T00:00:00Z", []int{4, 5, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want []string
			for _, i := range c.want {
				want = append(want, n[i])
			}
			if got := s.get("requests.json?" + c.query).want(200).fits("requests").ids(); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", c.query, got, want)
			}
		})
	}
	for _, query := range []string{"status=lost", "start_date=2023-13-01T00:00:00Z", "start_date=2023-10-20&end_date=2023-10-01",
		"start_date=2023-01-01T00:00:00Z&end_date=2023-10-16T00:00:00Z", "page=0", "page=x", "page_size=1001", "page=200&page_size=1000", "lat=43.8", "lat=43.8&long=125&radius=-1",
		"lat=91&long=125", "radius=5", "updated_after=soon", "service_request_id=" + strings.Repeat("x,", 501)} {
		s.get("requests.json?" + query).want(400).fits("errors")
	}
}

func TestUpdates(t *testing.T) {
	s := newStand(t)
	number, other := s.file(lamp...), s.file(with(lamp, "device_id", "2")...)
	s.Forward(t, 1)
	s.bring(number, "", "feedback")
	got := s.get("servicerequestupdates.json?start_date=2023-10-17T00:00:00%2B08:00").want(200).fits("updates").list()
	if len(got) == 0 || got[0]["service_request_id"] != number || got[0]["status"] != "open" || got[0]["update_id"] == "" {
		t.Fatalf("%v", got)
	}
	for _, u := range got {
		if u["service_request_id"] == other {
			t.Errorf("nothing happened to the other one: %v", u)
		}
	}
	if got := s.get("servicerequestupdates.json?service_request_id=" + other).want(200).fits("updates").list(); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if got := s.get("servicerequestupdates.json?start_date=2023-10-01&end_date=2023-10-02").want(200).list(); len(got) != 0 {
		t.Errorf("%v", got)
	}
	update := []string{"service_request_id", other, "update_id", "c-9", "updated_datetime", "2023-10-17T09:10:00+08:00", "status", "OPEN", "description", "又坏了一盏"}
	first := s.post("servicerequestupdates.json", update...).want(200).fits("updateTaken")
	if again := s.post("servicerequestupdates.json", update...).want(200); !bytes.Equal(first.Body.Bytes(), again.Body.Bytes()) {
		t.Errorf("first %s then %s", first.Body, again.Body)
	}
	same(t, first, s.post("servicerequestupdates.xml", update...).want(200), "service_request_updates", "request_update")
	all, err := s.doors.Numbered(ctx, doors.Programs, []string{other})
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter)
	if err != nil || v.Fields["supplement"] != "又坏了一盏" {
		t.Errorf("%q %v", v.Fields["supplement"], err)
	}
	s.post("servicerequestupdates.json", with(update, "update_id", "c-10", "status", "CLOSED", "description", "")...).want(200)
	if v, _ = s.Desk.Matter(ctx, s.As(t, "watch-centre", "operator", 0), all[0].Matter); v.Fields["supplement"] != "（反映人称问题已解决）" || !v.IsOpen() {
		t.Errorf("%q", v.Fields["supplement"])
	}
	s.bring(other, "", "")
	if again := s.post("servicerequestupdates.json", update...).want(200); !bytes.Equal(first.Body.Bytes(), again.Body.Bytes()) {
		t.Errorf("repeated after closing: %s, first %s", again.Body, first.Body)
	}
	s.post("servicerequestupdates.json", with(update, "update_id", "c-11")...).want(400) // a new one comes too late
	foreign := s.issue("别的App", pack.Programs)
	for name, c := range map[string]struct {
		fields []string
		status int
	}{
		"another program's request":     {with(update, "api_key", foreign, "update_id", "x"), 404},
		"a request that is none":        {with(update, "service_request_id", "U1", "update_id", "x"), 404},
		"another receipt":               {with(update, "token", doors.NewReceipt(func(b []byte) {}), "update_id", "x"), 404},
		"no key":                        {with(update, "api_key", ""), 403},
		"no id":                         {with(update, "update_id", ""), 400},
		"no time":                       {with(update, "updated_datetime", ""), 400},
		"a time that is none":           {with(update, "updated_datetime", "now"), 400},
		"signs that no text holds":      {with(update, "description", "\x01", "update_id", "z"), 400},
		"nothing said":                  {with(update, "description", "", "update_id", "y"), 400},
		"more said than is read":        {with(update, "description", strings.Repeat("灯", 4001)), 400},
		"everything that is needed but": {nil, 400},
	} {
		t.Run(name, func(t *testing.T) { s.post("servicerequestupdates.json", c.fields...).want(c.status).fits("errors") })
	}
	receipt := regexp.MustCompile(`[0-9a-z]{26}`).FindString(s.post("requests.json", with(lamp, "device_id", "2")...).Body.String())
	s.Forward(t, 1)
	token := regexp.MustCompile(`[0-9a-z]{26}`).FindString(s.post("requests.json", with(lamp, "device_id", "3")...).Body.String())
	mine := s.get("tokens/" + token + ".json").want(200).ids()[0]
	s.post("servicerequestupdates.json", with(update, "service_request_id", mine, "api_key", foreign, "token", token, "update_id", "t")...).want(200)
	s.post("servicerequestupdates.json", with(update, "service_request_id", mine, "token", receipt, "update_id", "u")...).want(404)
	s.bring(number, "feedback", "")
	s.post("servicerequestupdates.json", with(update, "service_request_id", number, "update_id", "late")...).want(400).fits("errors")
}

func TestTheSandboxChecksEverythingAndRecordsNothing(t *testing.T) {
	s := newStand(t)
	before, err := s.Store.Verify(ctx, "220105", nil)
	if err != nil {
		t.Fatal(err)
	}
	s.post(open311.Test+"/requests.json", with(lamp, "attribute[area]", "999")...).want(400).fits("errors")
	s.post(open311.Test+"/requests.json", with(lamp, "api_key", "x")...).want(403).fits("errors")
	a := s.post(open311.Test+"/requests.json", lamp...).want(200).fits("created")
	number := a.ids()[0]
	if again := s.post(open311.Test+"/requests.json", lamp...).want(200); again.ids()[0] != number {
		t.Errorf("the same again is %s", again.Body)
	}
	for _, address := range []string{"requests", "requests/" + number, "requests?service_request_id=" + number} {
		r := s.both(open311.Test+"/"+address, "requests", "service_requests", "request", 200)
		if r.ids()[0] != number || strings.Contains(r.Body.String(), "13812345670") || r.list()[0]["service_code"] != "E06002" {
			t.Errorf("%s", r.Body)
		}
	}
	s.post(open311.Test+"/servicerequestupdates.json", "service_request_id", number, "update_id", "1", "updated_datetime", "2023-10-16T09:30:00Z", "status", "OPEN", "description", "x").want(200)
	if got := s.get(open311.Test + "/servicerequestupdates.json").want(200).fits("updates").list(); len(got) != 1 || got[0]["service_request_id"] != number {
		t.Errorf("%v", got)
	}
	s.get("requests/" + number + ".json").want(404)
	for i := range 220 {
		s.Clock.Forward(time.Second)
		s.post(open311.Test+"/requests.json", with(lamp, "device_id", fmt.Sprint(i))...).want(200)
	}
	if got := s.get(open311.Test + "/requests.json").want(200).ids(); len(got) != 200 {
		t.Errorf("%d tests are remembered, want 200", len(got))
	}
	s.get(open311.Test + "/requests/" + number + ".json").want(404).fits("errors")
	after, err := s.Store.Verify(ctx, "220105", nil)
	if err != nil || after.Events != before.Events {
		t.Errorf("%d events, before %d, %v", after.Events, before.Events, err)
	}
}

func TestWhoeverFilesTooOftenWaits(t *testing.T) {
	s := newStand(t)
	var a answer
	n := 0
	for a = s.post("requests.json", "service_code", "none"); a.Code != 429 && n < 300; n++ {
		a = s.post("requests.json", "service_code", "none")
	}
	if a.want(429).fits("errors"); n != doors.PerKey.Burst-1+1 || a.Header().Get("Retry-After") != "1" {
		t.Errorf("after %d, Retry-After %q", n, a.Header().Get("Retry-After"))
	}
	s.post("requests.json", with(lamp, "api_key", s.issue("别的App", pack.Programs))...).want(200)
	for range doors.PerAddress.Burst {
		s.post("requests.json", "api_key", "guess").want(403)
	}
	s.post("requests.json", "api_key", "guess").want(429).fits("errors")
	s.get("requests.json").want(200)
	s.Clock.Forward(time.Minute)
	s.post("requests.json", lamp...).want(200)
}

func TestDiscovery(t *testing.T) {
	s := newStand(t)
	for _, address := range []string{"/open311/discovery", "/open311", "/open311/", "/open311/v2", "/open311/test/v2/"} {
		if got := s.get(address).want(200).Header().Get("Content-Type"); got != "text/xml; charset=utf-8" {
			t.Errorf("%s: %s", address, got)
		}
		s.get(address, "Accept", "application/json").want(200).fits("discovery")
	}
	if body := s.get("/open311/discovery.json").want(200).Body.String(); !strings.Contains(body, `"url":"http://example.com/open311/v2"`) {
		t.Errorf("without TLS: %s", body)
	}
	body := s.get("/open311/discovery.json", "X-Forwarded-Proto", "https").want(200).Body.String()
	for _, want := range []string{`"url":"https://example.com/open311/v2"`, `"url":"https://example.com/open311/test/v2"`, `"type":"production"`, `"type":"test"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing: %s", want, body)
		}
	}
	before := regexp.MustCompile(`"changeset":"([^"]+)"`).FindStringSubmatch(body)[1]
	s.Forward(t, 3)
	if after := s.get("/open311/discovery.json").Body.String(); !strings.Contains(after, before) {
		t.Errorf("nothing changed, and yet %s became %s", before, after)
	}
}

// What browsers and proxies do besides.
func TestOtherMethods(t *testing.T) {
	s := newStand(t)
	r := httptest.NewRequest("OPTIONS", open311.Base+"/requests.json", nil)
	if a := s.send(r).want(204); !strings.Contains(a.Header().Get("Access-Control-Allow-Methods"), "POST") || a.Body.Len() != 0 {
		t.Errorf("%v", a.Header())
	}
	a := s.send(httptest.NewRequest("HEAD", open311.Base+"/services.xml", nil)).want(200)
	if a.Body.Len() != 0 || a.Header().Get("Content-Length") == "0" || a.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", a.Header())
	}
	a = s.send(httptest.NewRequest("DELETE", open311.Base+"/requests.json", nil)).want(405).fits("errors")
	if a.Header().Get("Allow") != "GET, POST" {
		t.Errorf("allow %q", a.Header().Get("Allow"))
	}
	for _, address := range []string{"services.html", "requests.json/x", "/open311/v3/services.json", "requests/a/b.json", "/open311/discovery.yaml", "tokens.json"} {
		s.get(address).want(404)
	}
	if a := s.get("requests.json?page=1&page=%ff").want(400); len(a.list()) != 1 {
		t.Errorf("%s", a.Body)
	}
}

// A receipt is a secret: the log of the server does not have it.
func TestTheServersLogHasNoReceipts(t *testing.T) {
	s := newStand(t)
	var log bytes.Buffer
	s.handler = open311.New(open311.Config{Desk: s.Desk, Doors: s.doors, Keys: s.keys, Log: slog.New(slog.NewTextHandler(&log, nil))})
	receipt := regexp.MustCompile(`[0-9a-z]{26}`).FindString(s.post("requests.json", lamp...).want(200).Body.String())
	s.get("tokens/" + receipt + ".json").want(200)
	s.get("tokens/" + receipt + "x.json").want(404)
	for _, secret := range []string{receipt, s.key, "13812345670", "周桂芳"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells %s:\n%s", secret, &log)
		}
	}
	if !strings.Contains(log.String(), "GET tokens") {
		t.Errorf("nothing was logged:\n%s", &log)
	}
}
