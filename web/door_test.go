package web

import (
	"bytes"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/internal/district"
	"bihuan/internal/htmlcheck"
	"bihuan/pack"
	"bihuan/packs"
)

// report fills in the form of the public door.
func (h *house) report(with ...string) url.Values {
	h.t.Helper()
	form := url.Values{"receipt": h.page("", "/report").Fields(".door")["receipt"], "text": {"小区东门口的路灯三天不亮了，我叫周桂芳"}, "address": {"东盛大街128号门前"}}
	for i := 0; i+1 < len(with); i += 2 {
		form.Set(with[i], with[i+1])
	}
	return form
}

// Somebody without an account reports, is helped to the class, follows the receipt, and rates what was done.
func TestAResidentReportsFollowsAndRates(t *testing.T) {
	h := stand(t)
	form := h.report()
	w := h.ask("", "zh", "POST", "/report", form)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `value="E06002"`) {
		t.Fatalf("no class is proposed: %d", w.Code)
	}
	parse(t, w)
	form.Set("service", "E06002")
	to := h.follow(h.ask("", "zh", "POST", "/report", form))
	if again := h.follow(h.ask("", "zh", "POST", "/report", form)); again != to {
		t.Errorf("the form sent twice leads to %s and %s", to, again)
	}
	address, _, _ := strings.Cut(to, "?")
	h.page("", address)
	if got := h.follow(h.ask("", "zh", "GET", "/receipts?receipt="+strings.ToUpper(strings.TrimPrefix(address, "/receipts/")), nil)); got != address {
		t.Errorf("the receipt typed leads to %s", got)
	}
	if text := h.page("", "/open/matters").Text("main"); !strings.Contains(text, "路灯不亮：东盛大街128号门前") || strings.Contains(text, "周桂芳") {
		t.Errorf("the public list reads %q", text)
	}
	rate := address + "/acts/rate-answer"
	if w := h.ask("", "zh", "POST", rate, url.Values{"f.rating": {"good"}}); w.Code != http.StatusForbidden {
		t.Errorf("rated before it was closed: %d", w.Code)
	}
	h.bring(address)
	h.page("", address)
	if w := h.ask("", "zh", "POST", rate, url.Values{"f.rating": {"splendid"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a rating that is none: %d", w.Code)
	}
	if got := h.follow(h.ask("", "zh", "POST", rate, url.Values{"command": {"rate-1"}, "f.rating": {"bad"}, "f.rating-note": {"灯还是不亮"}})); got != address+"?done=yes" {
		t.Errorf("rating leads to %s", got)
	}
	h.page("", address).Contains("main", "有人提出异议，正在核实")
}

// bring takes the case of a receipt to its end.
func (h *house) bring(address string) {
	h.t.Helper()
	p, err := doors.New(h.desk).Follow(h.t.Context(), desk.Nobody, strings.TrimPrefix(address, "/receipts/"))
	h.must(err)
	district.Case(h.t, h.desk, p.Matter, "", "", func(unit name.Unit, role name.Role) desk.Caller { return h.who(h.one(unit, role)) })
}

// TestADoorAsksWhatItHasAFieldFor: what a pack's door keeps nowhere is not asked of residents.
func TestADoorAsksWhatItHasAFieldFor(t *testing.T) {
	h := stand(t)
	p := h.page("", "/report")
	for _, name := range []string{"address", "name", "phone", "place"} {
		p.Has(`.door [name="` + name + `"]`)
	}
	own, err := pack.Load(packs.FS) // other tests report at the doors of the packs that all share
	h.must(err)
	h.must(h.desk.Adopt(t.Context(), own))
	says := &own.Doors(pack.People)[0].Says
	says.Address, says.Name = "", ""
	p = h.page("", "/report")
	p.Lacks(`.door [name="address"]`)
	p.Lacks(`.door [name="name"]`)
	p.Has(`.door [name="phone"]`)
	p.Has(`.door [data-locate]`)
	says.Phone, says.Place = "", ""
	p = h.page("", "/report")
	p.Lacks(`.door [name="phone"]`)
	p.Lacks(`.door [data-locate]`)
}

// TestAnEmptyReportAsksWhatIsWrong: the words come first; without them no class can be missing.
func TestAnEmptyReportAsksWhatIsWrong(t *testing.T) {
	h := stand(t)
	w := h.ask("", "zh", "POST", "/report", h.report("text", " "))
	if w.Code != 422 {
		t.Fatalf("status %d", w.Code)
	}
	parse(t, w).Contains("main", "请写下是什么问题")
}

func TestSeveralDemandsAreToldApart(t *testing.T) {
	h := stand(t)
	w := h.ask("", "zh", "POST", "/report", h.report("text", "1、路灯不亮；2、楼下烧烤油烟太大"))
	if text := parse(t, w).Text(".note"); !strings.Contains(text, "2件事") || !strings.Contains(text, "烧烤油烟") {
		t.Errorf("the page reads %q", text)
	}
}

func TestVersionsArePagesOfTheAdministrator(t *testing.T) {
	h := stand(t)
	admin := h.one("services", "sysadmin")
	if text := h.page(admin, "/packs/works/versions").Text("main"); !strings.Contains(text, "没有需要迁移的事项") {
		t.Errorf("the page reads %q", text)
	}
	if w := h.ask(admin, "zh", "POST", "/packs/works/versions", url.Values{"reason": {" "}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("moved without a reason: %d", w.Code)
	}
	if w := h.ask(admin, "zh", "POST", "/packs/works/versions", url.Values{"reason": {"新办法施行"}}); w.Code != http.StatusOK {
		t.Errorf("nothing to be moved: %d", w.Code)
	}
	if w := h.ask(h.one("supervision", "supervisor"), "zh", "GET", "/packs/works/versions", nil); w.Code != http.StatusForbidden {
		t.Errorf("a supervisor sees versions: %d", w.Code)
	}
}

// A photo that was chosen before the class is kept, bare of where it was taken; it can be left out again, and nobody else's
// form gets it.
func TestPhotosAreChosenOnce(t *testing.T) {
	h := stand(t)
	form := h.report()
	send := func(form url.Values, files ...string) *httptest.ResponseRecorder {
		t.Helper()
		return h.send("", "zh", multipartRequest(t, "/report", form, "photos", files...))
	}
	withPlace := append(append([]byte{0xff, 0xd8}, "\xff\xe1\x00\x14Exif\x00\x00GPS 43.86N "...), jpegOf(t)[2:]...)
	w := send(form, string(withPlace), string(jpegOf(t)))
	if w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("without a class: %d", w.Code)
	}
	if n := len(parse(t, w).All(".staged input[name=drop]")); n != 1 {
		t.Errorf("%d photos are kept of two that are the same picture", n)
	}
	other := h.report()
	if w := h.ask("", "zh", "POST", "/report", other); strings.Contains(w.Body.String(), "staged") {
		t.Error("another form has the photo")
	}
	form.Set("service", "E06002")
	to, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", form)), "?")
	h.page("", to).Contains("main", "照片1张")
	p, err := doors.New(h.desk).Follow(t.Context(), desk.Nobody, strings.TrimPrefix(to, "/receipts/"))
	h.must(err)
	v, err := h.desk.Reported(t.Context(), p.Matter)
	h.must(err)
	hash, err := ledger.ParseHash(v.Evidence[0].File)
	h.must(err)
	f, err := h.store.File(t.Context(), hash)
	h.must(err)
	if strings.Contains(string(f.Bytes), "GPS") || f.Media != "image/jpeg" {
		t.Error("the photo tells where it was taken")
	}

	// One that is left out, and one that is none.
	form = h.report()
	w = send(form, string(jpegOf(t)))
	form.Set("drop", parse(t, w).First(".staged input[name=drop]").Attr("value"))
	form.Set("service", "E06002")
	to, _, _ = strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", form)), "?")
	if text := h.page("", to).Text("main"); strings.Contains(text, "照片1张") {
		t.Error("a photo that was left out is filed")
	}
	if w := send(h.report("service", "E06002"), "\xff\xd8\xff\xe0broken"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "不是完整的") {
		t.Errorf("a broken photo: %d", w.Code)
	}

	// With script the class is proposed while one writes.
	w = h.ask("", "zh", "POST", "/report/hints", url.Values{"text": {"路灯不亮"}})
	htmlcheck.Fragment(t, w.Body.String()).Has(`input[value="E06002"]`)
}

func jpegOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// multipartRequest is a form with files of one field.
func multipartRequest(t testing.TB, path string, form url.Values, field string, files ...string) *http.Request {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, values := range form {
		for _, v := range values {
			if err := m.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, f := range files {
		part, err := m.CreateFormFile(field, "照片"+itoa(i)+".jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}

// What a resident snaps is with the street that the place lies in; without a place, or with one outside of every street, nothing is
// filed. Several things in one are split by the street, each on its own way.
func TestASnapIsWithItsStreet(t *testing.T) {
	h := stand(t)
	page := h.page("", "/report?door=snap")
	page.Contains("h1", "随手拍")
	page.Contains(`.pills a[aria-current="page"]`, "随手拍")
	form := url.Values(page.Fields(".door"))
	form.Set("text", "1、二单元楼道堆满纸箱；2、楼下飞线充电")
	form.Set("address", "东盛小区三号楼")
	form.Set("service", "G02-01")
	for place, want := range map[string]string{"": "请在图上点出位置", "10.5,52.1": "不在本区任何街道"} {
		form.Set("place", place)
		if w := h.ask("", "zh", "POST", "/report", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), want) {
			t.Errorf("at %q: %d, want %s", place, w.Code, want)
		}
	}
	form.Set("place", "125.35743,43.86548")
	to := h.follow(h.ask("", "zh", "POST", "/report", form))
	h.page("", to).Contains(".standing", "东盛街道")
	street := h.one("dongsheng", "handler")
	page = h.page(street, "/desk/cases?kind=grid/event")
	page.Contains(".pane-case", "2件事")
	split := page.Fields(".pane-case .note form")
	h.follow(h.ask(street, "zh", "POST", page.First(".pane-case .note form").Attr("action"), split))
	h.page(street, "/desk/cases?kind=grid/event").Count(".case-rows li", 2)
}
