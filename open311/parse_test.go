package open311

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"mime"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/field"
	"bihuan/kernel/journal"
)

// Whatever is sent: no panic, within the limits, and what was read as a form is UTF-8. A refusal is the caller's fault, never ours.
func FuzzForm(f *testing.F) {
	f.Add("application/x-www-form-urlencoded; charset=utf-8", "api_key=xyz&service_code=001&lat=37.76524078&long=-122.4212043&attribute[WHISPAWN]=123456&attribute[A][]=1&attribute[A][]=2")
	f.Add("application/x-www-form-urlencoded", "a=%zz&;=&%00=%ff")
	f.Add("application/x-www-form-urlencoded; charset=gb2312", "a=b")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\nk\r\n--x\r\nContent-Disposition: form-data; name=\"media\"; filename=\"../a.jpg\"\r\n\r\n\xff\xd8\xff\r\n--x--\r\n")
	f.Add("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=\r\n--x")
	f.Add("multipart/form-data", "--\r\n")
	f.Add("application/json", "{}")
	f.Add("", "description=%E7%81%AF")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		media, params, err := mime.ParseMediaType(contentType)
		if err != nil {
			media = ""
		}
		got, err := readForm(media, params, strings.NewReader(body))
		if err != nil {
			if s := statusOf(err); s < 400 || s > 499 {
				t.Fatalf("%d: %v", s, err)
			}
			if r, ok := errors.AsType[*fault.Refusal](err); !ok || r.Code == "" {
				t.Fatalf("a refusal without words: %v", err)
			}
			return
		}
		n := 0
		for name, values := range got.values {
			n += len(values)
			for _, v := range append(values, name) {
				if !utf8.ValidString(v) || len(v) > maxValue {
					t.Fatalf("%q came through", v)
				}
			}
		}
		if n > maxFields || len(got.files) > 6 {
			t.Fatalf("%d values, %d files", n, len(got.files))
		}
		got.attributes()
		got.list("service_code")
		for _, read := range []func(*form) (string, error){place, description} {
			if v, err := read(&got); err == nil && !utf8.ValidString(v) {
				t.Fatalf("%q", v)
			}
		}
		if p, err := place(&got); err == nil && p != "" {
			if lng, lat, ok := strings.Cut(p, ","); !ok || !isPlain(lng) || !isPlain(lat) {
				t.Fatalf("the place %q", p)
			}
		}
		for _, parameter := range []string{"start_date", "updated_datetime"} {
			if at, err := instant(&got, parameter); err == nil && at != 0 {
				if again, err := instant(&form{values: url.Values{"x": {moment(at)}}}, "x"); err != nil || again/1e6 != at/1e6 {
					t.Fatalf("%s reads as %d, and written again as %d, %v", got.one(parameter), at, again, err)
				}
			}
		}
	})
}

// isPlain reports whether s is digits with a sign and a point at most.
func isPlain(s string) bool { return s != "" && strings.Trim(s, "0123456789.-") == "" }

// What a form says is read as it was said, by either of the two encodings.
func TestAFormIsReadAsItWasSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := url.Values{}
		for range rapid.IntRange(0, 20).Draw(t, "fields") {
			name := rapid.StringMatching(`[a-z_]{1,10}|attribute\[[a-z-]{1,8}\](\[\])?`).Draw(t, "name")
			values.Add(name, rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 && r != utf8.RuneError && utf8.ValidRune(r) }), 0, 40, -1).Draw(t, "value"))
		}
		got, err := readForm("application/x-www-form-urlencoded", nil, strings.NewReader(values.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		for name, all := range values {
			for _, v := range all {
				body.WriteString("--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + v + "\r\n")
			}
		}
		body.WriteString("--b--\r\n")
		parts, err := readForm("multipart/form-data", map[string]string{"boundary": "b"}, &body)
		if err != nil {
			t.Fatal(err)
		}
		for name, all := range values {
			for i, v := range all {
				if got.values[name][i] != v || parts.values[name][i] != v {
					t.Fatalf("%s: said %q, read %q and %q", name, v, got.values[name][i], parts.values[name][i])
				}
			}
		}
	})
}

// A moment that is written is read again, in whichever zone it is said.
func TestMoments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(86_400, 7e9).Draw(t, "second")
		zone := time.FixedZone("", rapid.IntRange(-14*60, 14*60).Draw(t, "minutes")*60)
		for _, said := range []string{moment(at * 1e6), time.Unix(at, 0).In(zone).Format(time.RFC3339), time.Unix(at, 0).In(zone).Format("2006-01-02T15:04:05-0700")} {
			for _, typed := range []string{said, strings.Replace(said, "+", " ", 1)} {
				got, err := instant(&form{values: url.Values{"x": {typed}}}, "x")
				if err != nil || got != at*1e6 {
					t.Fatalf("%q reads as %d, want %d, %v", typed, got, at*1e6, err)
				}
			}
		}
	})
}

// Whatever is asked, a span is at most 90 days, runs forward, and holds both of its ends.
func TestSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := int64(1_697_418_000_000_000)
		some := func(name string) int64 {
			if rapid.Bool().Draw(t, name+" is said") {
				return now + rapid.Int64Range(-400, 400).Draw(t, name)*24*3600*1e6
			}
			return 0
		}
		from, until := some("from"), some("until")
		b, err := between(from, until, now)
		if err != nil {
			if from == 0 || until == 0 {
				t.Fatalf("one end alone is refused: %d %d", from, until)
			}
			if until >= from && until-from <= maxSpan.Microseconds() {
				t.Fatalf("%d days are refused", (until-from)/24/3600/1e6)
			}
			return
		}
		if b.Until <= b.From || b.Until-b.From > maxSpan.Microseconds()+2e6 {
			t.Fatalf("%+v", b)
		}
		for _, end := range []int64{from, until} {
			if end != 0 && (end < b.From || end >= b.Until) {
				t.Fatalf("%d is not in %+v", end, b)
			}
		}
		if from == 0 && until == 0 && b != (journal.Between{From: now - maxSpan.Microseconds(), Until: now + 1e6}) {
			t.Fatalf("%+v", b)
		}
	})
}

// Distances between places whose distance is known: one degree of latitude is 111.195 km on a sphere of that radius.
func TestCircles(t *testing.T) {
	for _, c := range []struct {
		name    string
		circle  circle
		place   string
		inside  bool
		radiusM float64
	}{
		{"the centre itself", circle{lat: 43.86, lng: 125.35}, "125.35,43.86", true, 0},
		{"a degree north, just inside", circle{lat: 43, lng: 125}, "125,44", true, 111_196},
		{"a degree north, just outside", circle{lat: 43, lng: 125}, "125,44", false, 111_194},
		{"a degree east at 60° north is half as far", circle{lat: 60, lng: 10}, "11,60", true, 55_600},
		{"and not less", circle{lat: 60, lng: 10}, "11,60", false, 55_590},
		{"across the date line", circle{lat: 0, lng: 179.9995}, "-179.9995,0", true, 112},
		{"no place", circle{lat: 0, lng: 0}, "", false, 1e9},
		{"what is no place", circle{lat: 0, lng: 0}, "here,there", false, 1e9},
	} {
		c.circle.radiusM = c.radiusM
		if got := c.circle.holds(c.place); got != c.inside {
			t.Errorf("%s: %t", c.name, got)
		}
	}
	if (&circle{radiusM: math.Inf(1)}).holds("1,") {
		t.Error("half a place is inside")
	}
}

// Every method declares a permission that exists, on an object that it is done to, and none that only reads for what writes.
func TestEveryMethodDeclaresItsPermission(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range routes() {
		d, ok := access.Lookup(r.action)
		if !ok || r.do == nil {
			t.Errorf("%s %s declares %s", r.method, r.resource, r.action)
		}
		if d.Reads != (r.method == "GET") && r.action != access.DoorFollow {
			t.Errorf("%s %s declares %s, which reads: %t", r.method, r.resource, r.action, d.Reads)
		}
		found := false
		for _, on := range d.On {
			found = found || on == r.on
		}
		if !found {
			t.Errorf("%s is not done to %s", r.action, r.on)
		}
		seen[r.method+r.resource] = true
	}
	if len(seen) < 7 {
		t.Errorf("%d methods", len(seen))
	}
}

// What cannot stand in XML does not break it: a sign that XML has no way to write is replaced.
func TestAnswersAreWellFormedWhateverIsInThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.String().Draw(t, "said")
		a := answer{root: "errors", list: listOf[oops]{{400, said}}}
		x, err := a.bytes(asXML)
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(x))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v: %q", err, x)
			}
		}
		j, err := a.bytes(asJSON)
		if err != nil {
			t.Fatal(err)
		}
		var back []oops
		if err := json.Unmarshal(j, &back); err != nil || len(back) != 1 || utf8.ValidString(said) && back[0].Description != said {
			t.Fatalf("%q became %s", said, j)
		}
	})
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ first, last, want string }{{"john", "smith", "john smith"}, {"桂芳", "周", "周桂芳"}, {"", "smith", "smith"}, {"john", "", "john"}, {"", "", ""}} {
		if got := fullName(c.first, c.last); got != c.want {
			t.Errorf("%q %q: %q", c.first, c.last, got)
		}
	}
}

// What programs write for a field is brought to what fields take, and each kind that a door may ask for is a type of GeoReport v2's.
func TestWhatProgramsWriteBecomesAField(t *testing.T) {
	for _, c := range []struct {
		kind            field.Kind
		said, want, typ string
	}{
		{field.YesNo, "TRUE", "yes", "singlevaluelist"},
		{field.YesNo, "0", "no", "singlevaluelist"},
		{field.Date, "2023-10-16T20:00:00Z", "2023-10-17", "datetime"},
		{field.Date, "2023-10-16", "2023-10-16", "datetime"},
		{field.Instant, "2023-10-16T01:00:00Z", "2023-10-16T09:00:00+08:00", "datetime"},
		{field.Instant, "2023-10-16T01:00:00GMT+00:00", "2023-10-16T09:00:00+08:00", "datetime"},
		{field.Instant, "2023-10-16T09:00:00.5", "2023-10-16T09:00:00+08:00", "datetime"},
		{field.Instant, "soon", "soon", "datetime"}, // refused by the field, with its own words
		{field.Integer, "3", "3", "number"},
		{field.Decimal, "1.5", "1.5", "number"},
		{field.Money, "1.5", "1.5", "number"},
		{field.Text, "true", "true", "string"},
		{field.LongText, "a\nb", "a\nb", "text"},
		{field.Choice, "a", "a", "singlevaluelist"},
		{field.Unit, "a", "a", "singlevaluelist"},
		{field.Record, "a", "a", "string"}, // a list where there are choices
	} {
		if got := stored(&field.Field{Kind: c.kind}, c.said); got != c.want || datatypes[c.kind] != c.typ {
			t.Errorf("%s %q becomes %q, a %s; want %q, a %s", c.kind, c.said, got, datatypes[c.kind], c.want, c.typ)
		}
	}
}
