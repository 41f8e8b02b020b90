//go:build !race

package api_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/internal/corpus"
	"bihuan/kernel/matter"
)

// waiting returns the path of a site of a category that is in a state.
func waiting(t *testing.T, token, category, state string) string {
	t.Helper()
	for _, m := range shared.call(t, token, "GET", "/api/v1/matters?kind=works/site&state="+state+"&limit=500", "").want(t, 200).list("items") {
		if m.text("fields.category") == category {
			return "/api/v1/matters/" + m.text("id")
		}
	}
	t.Fatalf("no site of %s is %s", category, state)
	return ""
}

// keys are idempotency keys that no test has used.
var keys int

func key() string {
	keys++
	return fmt.Sprintf("test-key-%d", keys)
}

// act does an act at the version that the matter has.
func act(t *testing.T, token, at, called, body string) reply {
	t.Helper()
	etag := shared.call(t, token, "GET", at, "").want(t, 200).header.Get("ETag")
	return shared.call(t, token, "POST", at+"/acts/"+called, body, "Idempotency-Key", key(), "If-Match", etag)
}

// TestAcceptingASiteMovesTheGoal is the loop in two requests.
func TestAcceptingASiteMovesTheGoal(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 1)
	goal := "/api/v1/goals/" + findGoal(t, "二次供水")
	before := x.call(t, office, "GET", goal, "").want(t, 200)
	site := ""
	for _, m := range x.call(t, office, "GET", "/api/v1/matters?open=true&goal="+before.text("id")+"&limit=500", "").want(t, 200).list("items") {
		if m.text("state") == "checked" {
			site = "/api/v1/matters/" + m.text("id")
		}
	}
	if site == "" {
		t.Fatal("no site of the goal waits for acceptance")
	}
	done := act(t, office, site, "accept", "").want(t, 200)
	if done.header.Get("ETag") != `"`+done.text("version")+`"` {
		t.Errorf("ETag %s of version %s", done.header.Get("ETag"), done.text("version"))
	}
	after := x.call(t, office, "GET", goal, "").want(t, 200)
	if got, want := after.text("actual"), plusOne(before.text("actual")); got != want {
		t.Errorf("actual %s after the acceptance, want %s", got, want)
	}
	if m := x.call(t, office, "GET", site, "").want(t, 200); m.text("state") != "accepted" || m.at("open") != false {
		t.Errorf("the site is %s, open %v", m.text("state"), m.at("open"))
	}
}

func plusOne(n string) string {
	i := 0
	fmt.Sscan(n, &i)
	return fmt.Sprint(i + 1)
}

func TestIdempotencyAndVersions(t *testing.T) {
	x := shared
	site := waiting(t, x.as(t, "office", "issuer", 0), "road-start", "building")
	head := x.as(t, "housing", "head", 0)
	v := x.call(t, head, "GET", site, "").want(t, 200)
	etag, at, body := v.header.Get("ETag"), site+"/acts/report-progress", `{"with":{"percent":61.5,"note":"路基完成。"}}`
	t.Run("a key is required, and so is a version", func(t *testing.T) {
		x.call(t, head, "POST", at, body, "If-Match", etag).problem(t, 400, "key-missing", "Idempotency-Key")
		x.call(t, head, "POST", at, body, "Idempotency-Key", key()).problem(t, 428, "match-missing", "If-Match")
	})
	k := key()
	first := x.call(t, head, "POST", at, body, "Idempotency-Key", k, "If-Match", etag).want(t, 200)
	t.Run("the same request again has the same answer and does nothing", func(t *testing.T) {
		again := x.call(t, head, "POST", at, body, "Idempotency-Key", k, "If-Match", etag).want(t, 200)
		if !bytes.Equal(first.bytes, again.bytes) || first.header.Get("ETag") != again.header.Get("ETag") {
			t.Errorf("first %s then %s", first.bytes, again.bytes)
		}
		if got := x.call(t, head, "GET", site, "").text("version"); got != first.text("version") {
			t.Errorf("version %s after the second request, want %s", got, first.text("version"))
		}
		if got := x.call(t, head, "GET", site, "").text("fields.percent"); got != "61.5" {
			t.Errorf("percent %s, want 61.5", got)
		}
	})
	t.Run("another body under the same key is refused", func(t *testing.T) {
		x.call(t, head, "POST", at, strings.Replace(body, "61.5", "62", 1), "Idempotency-Key", k, "If-Match", etag).problem(t, 422, "key-reused", "Idempotency-Key")
	})
	t.Run("somebody else's same key is another command", func(t *testing.T) {
		x.call(t, x.as(t, "office", "issuer", 0), "POST", at, body, "Idempotency-Key", k, "If-Match", etag).want(t, 412)
	})
	t.Run("a version that has passed is refused", func(t *testing.T) {
		x.call(t, head, "POST", at, body, "Idempotency-Key", key(), "If-Match", etag).problem(t, 412, "late-version", "")
		x.call(t, head, "POST", at, body, "Idempotency-Key", key(), "If-Match", `"many"`).problem(t, 412, "late-version", "If-Match")
	})
	t.Run("a verb that means one act is enough, also when the answer is asked for again", func(t *testing.T) {
		k, now := key(), `"`+first.text("version")+`"`
		one := x.call(t, head, "POST", site+"/acts/progress", body, "Idempotency-Key", k, "If-Match", now).want(t, 200)
		two := x.call(t, head, "POST", site+"/acts/progress", body, "Idempotency-Key", k, "If-Match", now).want(t, 200)
		if !bytes.Equal(one.bytes, two.bytes) {
			t.Errorf("first %s then %s", one.bytes, two.bytes)
		}
	})
}

func TestActRefusals(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	head := x.as(t, "housing", "head", 0)
	site := waiting(t, office, "road-start", "building")
	for _, c := range []struct {
		name, token, act, body string
		status                 int
		code, about            string
	}{
		{"what the state does not allow", office, "accept", "", 409, "wrong-state", ""},
		{"what is not the caller's", office, "report-progress", `{"with":{"percent":"50","note":"x"}}`, 403, "not-your-part", ""},
		{"what nobody without a token may", "", "report-progress", `{"with":{"percent":"50","note":"x"}}`, 401, "sign-in-first", ""},
		{"a required field emptied", head, "report-progress", `{"with":{"percent":"50","note":""}}`, 422, "field-missing", "/with/note"},
		{"a field of the wrong kind", head, "report-progress", `{"with":{"percent":"half","note":"x"}}`, 422, "not-decimal", "/with/percent"},
		{"a field that is not asked for", head, "report-progress", `{"with":{"percent":"50","note":"x","budget":"1"}}`, 422, "field-not-asked", "/with/budget"},
		{"evidence left out", head, "complete", `{"with":{"completed":"2023-10-01","final-size":"1"}}`, 422, "evidence-missing", "/evidence"},
		{"a file that the matter does not have", head, "complete", `{"evidence":[{"kind":"photo","file":"` + strings.Repeat("a", 64) + `"}]}`, 422, "not-file", "/evidence/0/file"},
		{"a file that is not Base64", head, "complete", `{"evidence":[{"kind":"photo","data":"!"}]}`, 422, "not-base64", "/evidence/0/data"},
		{"an act that does not exist", head, "explode", "", 404, "act-unknown", ""},
		{"a key that is not in the contract", head, "report-progress", `{"with":{},"remark":"x"}`, 422, "json-unknown", "/remark"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x.call(t, c.token, "POST", site+"/acts/"+c.act, c.body, "Idempotency-Key", key(), "If-Match", "*").problem(t, c.status, c.code, c.about)
		})
	}
	t.Run("in English when asked", func(t *testing.T) {
		r := x.call(t, head, "POST", site+"/acts/report-progress", `{"with":{"percent":"50","note":null}}`, "Idempotency-Key", key(), "If-Match", "*", "Accept-Language", "en")
		if got := r.text("detail"); got != "Please fill in “What was done”." {
			t.Errorf("detail %q", got)
		}
	})
	t.Run("every code is explained", func(t *testing.T) {
		r := x.call(t, office, "POST", site+"/acts/accept", "", "Idempotency-Key", key(), "If-Match", "*")
		if w := x.call(t, "", "GET", r.text("type"), "").want(t, 200); w.text("words.zh") == "" || w.text("code") != "wrong-state" {
			t.Errorf("%s", w.bytes)
		}
		x.call(t, "", "GET", "/api/v1/problems/nothing", "").problem(t, 404, "not-found", "")
	})
	t.Run("what is absent and what is foreign look alike", func(t *testing.T) {
		x.call(t, office, "GET", "/api/v1/matters/220105-00000000-0000-7000-8000-000000000000", "").problem(t, 404, "not-found", "")
		x.call(t, office, "GET", "/api/v1/matters/1", "").problem(t, 404, "not-found", "")
	})
}

// TestFormsAreWhatActsTake holds the schema of an act's form against what the act then takes and refuses.
func TestFormsAreWhatActsTake(t *testing.T) {
	x := shared
	site := waiting(t, x.as(t, "office", "issuer", 0), "road-start", "building")
	head := x.as(t, "housing", "head", 0)
	m := x.call(t, head, "GET", site, "").want(t, 200)
	found := 0
	for _, a := range m.list("acts") {
		if a.at("allowed") == true == (a.at("why") != nil) {
			t.Errorf("act %s is allowed %v because of %v", a.text("act"), a.at("allowed"), a.at("why"))
		}
		if a.text("act") != "report-progress" {
			continue
		}
		found++
		c := jsonschema.NewCompiler()
		if err := c.AddResource("form.json", a.at("form")); err != nil {
			t.Fatal(err)
		}
		s, err := c.Compile("form.json")
		if err != nil {
			t.Fatal(err)
		}
		for body, fits := range map[string]bool{`{"with":{"percent":"50","note":"x"}}`: true, `{"with":{"percent":"many","note":"x"}}`: false,
			`{"with":{"percent":"50","note":"x","budget":"7"}}`: false, `{"with":{"percent":"50","note":"x"},"remark":"x"}`: false} {
			v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Validate(v) == nil; got != fits {
				t.Errorf("the schema takes %s: %t, want %t", body, got, fits)
			}
			if r := act(t, head, site, a.text("act"), body); (r.status == 200) != fits {
				t.Errorf("the act takes %s: %d, the schema %t", body, r.status, fits)
			}
		}
	}
	if found != 1 {
		t.Errorf("report-progress is offered %d times", found)
	}
}

// TestCompletingWithFiles sends files both ways: as parts of a form, and in Base64.
func TestCompletingWithFiles(t *testing.T) {
	x, head := shared, shared.as(t, "housing", "head", 0)
	office := x.as(t, "office", "issuer", 0)
	png := corpus.PNG(1)
	today := time.UnixMicro(x.desk.Now()).Format(time.DateOnly)
	t.Run("as parts of a form", func(t *testing.T) {
		site := waiting(t, office, "secondary-water", "building")
		media, body := multipartBody(t, `{"with":{"completed":"`+today+`","final-size":1},"evidence":[{"kind":"photo","file":"before"}]}`,
			file{"before", "改造前.png", png}, file{"photo", `C:\pictures\改造后.png`, append(png, '2')}, file{"document", "竣工报告.txt", []byte("竣工报告")})
		k := key()
		done := x.call(t, head, "POST", site+"/acts/complete", body, "Content-Type", media, "Idempotency-Key", k, "If-Match", "*").want(t, 200)
		m := x.call(t, head, "GET", site, "").want(t, 200)
		if got := m.list("evidence"); len(got) < 4 || got[len(got)-2].text("name") != "改造后.png" || got[len(got)-1].text("kind") != "document" {
			t.Errorf("evidence %v", m.at("evidence"))
		}
		last := m.list("evidence")[len(m.list("evidence"))-1]
		x.fetch(t, head, site+"/files/"+last.text("file"), "竣工报告", "竣工报告.txt")
		x.call(t, x.as(t, "statistics", "statistician", 0), "GET", site+"/files/"+strings.Repeat("a", 64), "").want(t, 404)
		x.call(t, "", "GET", site+"/files/"+last.text("file"), "").want(t, 401)
		media, body = multipartBody(t, `{"with":{"completed":"`+today+`","final-size":1},"evidence":[{"kind":"photo","file":"before"}]}`,
			file{"before", "改造前.png", png}, file{"photo", `C:\pictures\改造后.png`, append(png, '2')}, file{"document", "竣工报告.txt", []byte("竣工报告")})
		again := x.call(t, head, "POST", site+"/acts/complete", body, "Content-Type", media, "Idempotency-Key", k, "If-Match", "*").want(t, 200)
		if !bytes.Equal(done.bytes, again.bytes) {
			t.Errorf("first %s then %s", done.bytes, again.bytes)
		}
	})
	t.Run("in Base64", func(t *testing.T) {
		site := waiting(t, office, "secondary-water", "building")
		data, other := base64.StdEncoding.EncodeToString(png), base64.StdEncoding.EncodeToString(append(png, '3'))
		act(t, head, site, "complete", `{"with":{"completed":"`+today+`","final-size":"1"},"evidence":[{"kind":"photo","name":"a.png","data":"`+data+`"},{"kind":"photo","name":"b.png","data":"`+other+`"},{"kind":"document","name":"c.txt","data":"YQ=="}]}`).want(t, 200)
	})
	t.Run("a part that nobody asked for is refused", func(t *testing.T) {
		site := waiting(t, office, "secondary-water", "building")
		media, body := multipartBody(t, `{}`, file{"virus", "x", png})
		x.call(t, head, "POST", site+"/acts/complete", body, "Content-Type", media, "Idempotency-Key", key(), "If-Match", "*").problem(t, 422, "part-unknown", "virus")
	})
}

type file struct {
	part, name string
	bytes      []byte
}

func multipartBody(t *testing.T, request string, files ...file) (media, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	write := func(h textproto.MIMEHeader, content []byte) {
		p, err := w.CreatePart(h)
		if err == nil {
			_, err = p.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="request"`}, "Content-Type": {"application/json"}}, []byte(request))
	for _, f := range files {
		write(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q; filename=%q", f.part, f.name)}}, f.bytes)
	}
	w.Close()
	return w.FormDataContentType(), b.String()
}

func TestOpeningAMatter(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	body := `{"kind":"works/site","with":{"title":"演示新建口袋公园","category":"pocket-park","unit":"landscape","due":"2023-12-01","size":"900"}}`
	k := key()
	r := x.call(t, office, "POST", "/api/v1/matters", body, "Idempotency-Key", k).want(t, 201)
	if !strings.HasPrefix(r.text("number"), "W220105") || r.header.Get("Location") != "/api/v1/matters/"+r.text("id") {
		t.Errorf("number %s at %s", r.text("number"), r.header.Get("Location"))
	}
	if again := x.call(t, office, "POST", "/api/v1/matters", body, "Idempotency-Key", k).want(t, 201); !bytes.Equal(again.bytes, r.bytes) {
		t.Errorf("first %s then %s", r.bytes, again.bytes)
	}
	m := x.call(t, "", "GET", r.header.Get("Location"), "").want(t, 200)
	if m.text("title") != "演示新建口袋公园" || m.text("state_words.zh") != "计划中" || len(m.list("history")) != 0 {
		t.Errorf("in public it reads %s", m.bytes)
	}
	x.call(t, office, "POST", "/api/v1/matters", `{"kind":"works/castle"}`).problem(t, 422, "kind-unknown", "/kind")
	x.call(t, office, "POST", "/api/v1/matters", `{"kind":"works/site","act":"accept"}`).problem(t, 422, "act-unknown", "/act")
	x.call(t, office, "POST", "/api/v1/matters", `{"kind":"works/site"}`).problem(t, 422, "field-missing", "/with/title")
	x.call(t, x.as(t, "supervision", "checker", 0), "POST", "/api/v1/matters", body).want(t, 403)
}

func TestListsOfMatters(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	t.Run("the pages of a goal's matters hold the promise, then what it is counted from, each once", func(t *testing.T) {
		path := "/api/v1/matters?goal=" + findGoal(t, "老旧小区改造")
		whole := x.call(t, office, "GET", path+"&limit=500", "").want(t, 200).list("items")
		seen, cursor, first := map[string]bool{}, "", ""
		for page := 0; page == 0 || cursor != ""; page++ {
			r := x.call(t, office, "GET", path+"&limit=1&cursor="+cursor, "").want(t, 200)
			for _, m := range r.list("items") {
				if seen[m.text("id")] {
					t.Fatalf("%s twice", m.text("id"))
				}
				if seen[m.text("id")] = true; first == "" {
					first = m.text("kind")
				}
			}
			cursor = r.text("next")
		}
		if len(seen) != len(whole) || len(whole) < 22 || first != "promise/promise" {
			t.Errorf("%d one by one, %d at once, the first a %s", len(seen), len(whole), first)
		}
	})
	for _, c := range []struct{ name, query, parameter, code string }{
		{"a parameter that does not exist", "?colour=red", "colour", "parameter-unknown"},
		{"a page that is too large", "?limit=501", "limit", "parameter-invalid"},
		{"no page at all", "?limit=0", "limit", "parameter-invalid"},
		{"a light that is none", "?light=blue", "light", "parameter-invalid"},
		{"open twice", "?open=true&open=false", "open", "parameter-twice"},
		{"an id that is none", "?goal=7", "goal", "parameter-invalid"},
		{"a cursor that was made up", "?cursor=AAAA", "", "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x.call(t, office, "GET", "/api/v1/matters"+c.query, "").problem(t, 400, c.code, c.parameter)
		})
	}
	for _, m := range x.call(t, office, "GET", "/api/v1/matters?unit=housing,landscape&open=true&light=red,yellow&limit=100", "").want(t, 200).list("items") {
		if u := m.text("unit.id"); u != "housing" && u != "landscape" || m.text("light") == "green" || m.at("open") != true {
			t.Errorf("%s of %s is %s", m.text("id"), u, m.text("light"))
		}
	}
}

// TestTheHousesTimesAreNotThePublics: without login neither a matter nor its line in lists tells a light, a due time or an order by it, and nothing is
// found by them. One matter tells by when it is expected, as its page does.
func TestTheHousesTimesAreNotThePublics(t *testing.T) {
	x, office := shared, shared.as(t, "office", "issuer", 0)
	for _, path := range []string{"/api/v1/matters?kind=works/site&open=true&limit=500", "/api/v1/goals/" + findGoal(t, "二次供水") + "/rows?limit=100"} {
		last, some := "", false
		for _, m := range x.call(t, "", "GET", path, "").want(t, 200).list("items") {
			if m.at("light") != nil || m.at("due") != nil {
				t.Fatalf("%s: %v is due %v", path, m.at("light"), m.at("due"))
			}
			if opened := m.text("opened"); strings.Contains(path, "/matters") && last != "" && opened > last {
				t.Fatalf("%s comes after %s", opened, last)
			}
			last, some = m.text("opened"), true
		}
		if !some {
			t.Errorf("%s lists nothing", path)
		}
	}
	if n := len(x.call(t, "", "GET", "/api/v1/matters?light=red,yellow,green,grey", "").want(t, 200).list("items")); n != 0 {
		t.Errorf("the public finds %d by their light", n)
	}
	at := waiting(t, office, "road-start", "building")
	open, own := x.call(t, "", "GET", at, "").want(t, 200), x.call(t, office, "GET", at, "").want(t, 200)
	if open.at("light") != nil || open.text("expected") == "" || open.text("expected") != own.text("expected") || own.at("light") == nil {
		t.Errorf("the public: %v, expected %v; the office: %v, %v", open.at("light"), open.at("expected"), own.at("light"), own.at("expected"))
	}
}

// TestAMatterNamesNoLinkedMatterThatItsReaderMayNotRead: a part of another unit's promise is read by the unit that does the part; the promise itself, of
// which the matter's page says nothing either, is not named to it.
func TestAMatterNamesNoLinkedMatterThatItsReaderMayNotRead(t *testing.T) {
	x, who := shared, desk.Caller{}
	for i := range x.persons {
		if p := &x.persons[i]; p.Unit == "office" && slices.Contains(p.Roles, "issuer") {
			who, _ = x.desk.Directory().Caller(name.Person(p.ID), "zh")
		}
	}
	start := func(unit string, links ...matter.Link) name.ID {
		done, err := x.desk.Start(t.Context(), who, desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造小区", "unit": unit, "due": "2023-12-31"}, Links: links})
		if err != nil {
			t.Fatal(err)
		}
		return done.Matter
	}
	whole := start("housing")
	part := start("education", matter.Link{Kind: matter.ChildOf, To: whole})
	links := func(token string) []reply {
		return x.call(t, token, "GET", "/api/v1/matters/"+string(part), "").want(t, http.StatusOK).list("links")
	}
	if all := links(x.as(t, "office", "issuer", 0)); len(all) != 1 || all[0].text("to") != string(whole) {
		t.Errorf("who reads both reads the links %v", all)
	}
	head := x.as(t, "education", "head", 0)
	x.call(t, head, "GET", "/api/v1/matters/"+string(whole), "").want(t, http.StatusNotFound)
	if all := links(head); len(all) != 0 {
		t.Errorf("who reads the part alone reads the links %v", all)
	}
}
