package web

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"bihuan/desk/reports"
	"bihuan/ground/name"
	"bihuan/ingest"
)

// paper is a report of ours with each shape of promise.
const paper = `政府工作报告
一、2022年工作回顾
全年改造老旧小区18个，新建口袋公园8个。供水保障率达到52%。
二、2023年工作安排
（一）改善民生
今年，改造老旧小区21个，新建口袋公园10个，改造供热管网30公里。
新增城镇就业8000人，供水保障率达到60%。
（二）发展经济
固定资产投资增长10%。
建成区疾控中心新址。
`

// readIn reads the paper in as the office's issuer and returns the report's address.
func readIn(h *house) (name.Person, string) {
	h.t.Helper()
	office := h.one("office", "issuer")
	w := h.ask(office, "zh", "POST", "/reports", url.Values{"command": {h.desk.NewCommand()}, "text": {paper}})
	return office, strings.TrimSuffix(h.follow(w), "?done=import")
}

func TestAReportBecomesGoals(t *testing.T) {
	h := stand(t)
	office, at := readIn(h)
	h.page(office, "/reports/new")
	h.page(office, "/reports").Contains("main", "政府工作报告")
	p := h.page(office, at)
	p.Contains(".paper a.mk", "21个")
	p.Contains(".paper span.mk.fact", "18个")
	p.Contains(".entries", "改造老旧小区21个")
	p.Contains(".entries", "60%")
	p.Lacks(".entries .fact")
	h.page(office, at+"?state=fact").Contains(".entries", "18个")
	h.page(office, at+"?text=口袋公园").Contains(".paper", "⋯")

	rep, _, err := h.reports.Report(t.Context(), h.who(office), name.ID(strings.TrimPrefix(at, "/reports/")))
	h.must(err)
	draft := first(rep, reports.Proposed)
	one := at + "/drafts/" + draft.ID
	h.page(office, one).Has(`input[name="title"]`)

	p.Has(`.bulk button[value="confirm"]`)
	p.Lacks(`.bulk button[value="restore"]`) // nothing was dropped
	p.Lacks(`.headline .btn-primary`)        // nothing is confirmed that could be published
	h.page(office, at+"?state=fact").Lacks(".bulk")
	w := h.ask(office, "zh", "POST", at+"/drafts", url.Values{"command": {h.desk.NewCommand()}, "do": {"confirm-all"}, "back": {at}})
	p = h.page(office, h.follow(w))
	p.Contains(".done", "已确认")
	p.Has(`.headline .btn-primary[href$="/publish"]`)
	h.page(office, at+"/publish").Contains("main", "个目标")
	w = h.ask(office, "zh", "POST", at+"/publish", url.Values{"command": {h.desk.NewCommand()}})
	done := h.page(office, h.follow(w))
	done.Contains(".done", "已下达")
	done.Has(`a.btn[href="/goals?year=2023"]`)
	done.Has(`a[href^="/goals/"]`)
	h.page(office, at+"?state=published").Lacks(".bulk")
}

func TestAReportThatOnlyLooksBackSaysSo(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	w := h.ask(office, "zh", "POST", "/reports", url.Values{"command": {h.desk.NewCommand()}, "text": {"政府工作报告\n一、2022年工作回顾\n全年改造老旧小区18个，新建口袋公园8个。\n"}})
	at := strings.TrimSuffix(h.follow(w), "?done=import")
	p := h.page(office, at)
	p.Contains(".drafts .empty", "没有识别到今年的承诺")
	p.Has(`.drafts .empty a[href="/reports/new"]`)
	p.Lacks(".bulk")
	facts := h.page(office, at+"?state=fact")
	facts.Contains(".entries h2", "改造老旧小区18个") // what was achieved, not its number alone
	facts.Contains(".entries .quote", "，新建口袋公园8个。")
	facts.Contains(".entries .quote mark", "18个")
	p = h.page(office, at+"?text=没有的词")
	p.Contains(".drafts .empty", "没有符合条件的条目")
	p.Has(`.drafts .empty a[href="` + at + `"]`)
}

func TestAFormSaysWhatIsWrongAtItsField(t *testing.T) {
	h := stand(t)
	office, at := readIn(h)
	rep, _, err := h.reports.Report(t.Context(), h.who(office), name.ID(strings.TrimPrefix(at, "/reports/")))
	h.must(err)
	draft := first(rep, reports.Proposed)
	form := url.Values{"command": {"c1"}, "title": {draft.Terms.Title}, "shape": {"accumulate"}, "op": {"eq"}, "unit": {"个"}, "lead": {"housing"}, "start": {"2023-01-01"}, "due": {"2023-12-31"}, "preset": {"line"}}
	for _, c := range []struct{ name, field, value, says string }{
		{"no title", "title", "", "请填写"},
		{"a value that is no number", "value", "许多", "数字"},
		{"a due date before the start", "due", "2022-12-31", "早于"},
		{"no unit", "lead", "", "请填写"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := url.Values{}
			for k, v := range form {
				bad[k] = v
			}
			bad.Set("value", "21")
			bad.Set(c.field, c.value)
			w := h.ask(office, "zh", "POST", at+"/drafts/"+draft.ID, bad)
			if w.Code != 422 {
				t.Fatalf("status %d, want 422", w.Code)
			}
			p := parse(t, w)
			p.Contains("#flaw-"+c.field, c.says)
			if c.field != "title" && p.First(`input[name="title"]`).Attr("value") != draft.Terms.Title {
				t.Error("what was typed is gone")
			}
		})
	}
	form.Set("value", "21")
	form.Set("do", "preset")
	form.Set("preset", "season")
	p := parse(t, h.ask(office, "zh", "POST", at+"/drafts/"+draft.ID, form))
	if got := p.First(`input[name="m.2023-10"]`).Attr("value"); got != "21" {
		t.Errorf("the building season ends at %q, want 21", got)
	}
}

func TestASheetComesInWholeOrNotAtAll(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	h.page(office, "/reports/sheet")
	bad := h.upload(office, "/reports/sheet", "清单.csv", "任务,牵头单位,完成时限,目标值\n修路,某某局,2023-12-31,3条\n栽树,区住建局,2023-13-01,许多")
	p := parse(t, bad)
	for _, cell := range []string{"B2", "C3", "D3"} {
		p.Contains("main", cell)
	}
	if rows, err := h.reports.List(t.Context(), h.who(office)); err != nil || len(rows) != 0 {
		t.Errorf("%d reports after a faulty list: %v", len(rows), err)
	}
	good := parse(t, h.upload(office, "/reports/sheet", "清单.csv", "任务,牵头单位,完成时限,目标值\n修路,区住建局,2023-12-31,3条"))
	form := url.Values{}
	for k, v := range good.Fields(`form[action="/reports/sheet"]`) {
		form[k] = v
	}
	form.Set("do", "import")
	h.page(office, h.follow(h.ask(office, "zh", "POST", "/reports/sheet", form))).Contains(".entries", "修路")
}

// upload sends a file with a form.
func (h *house) upload(p name.Person, path, called, content string) *httptest.ResponseRecorder {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", called)
	h.must(err)
	_, err = f.Write([]byte(content))
	h.must(err)
	h.must(w.WriteField("command", h.desk.NewCommand()))
	h.must(w.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return h.send(p, "zh", r)
}

// TestAReportIsASavedPage reads pages as browsers save them: with scripts, styles and a declaration of their kind. They are read and not
// kept; what the reader of reports cannot read it refuses in its own words.
func TestAReportIsASavedPage(t *testing.T) {
	h := stand(t)
	h.config.Decode = func(_ context.Context, called string, r io.Reader) (string, error) {
		d, err := ingest.Text(r, called)
		return d.Text, err
	}
	var err error
	h.pages, err = New(h.config)
	h.must(err)
	office := h.one("office", "issuer")
	w := h.upload(office, "/reports", "报告.html", "<!DOCTYPE html><html><head><script>var a</script></head><body><svg></svg><p>2023年工作安排</p><p>今年，改造老旧小区12个。</p></body></html>")
	if w.Code != 303 {
		t.Fatalf("status %d: %s", w.Code, parse(t, w).Text("#flaw-file"))
	}
	h.page(office, h.follow(w)).Contains(".entries", "改造老旧小区12个")
	w = h.upload(office, "/reports", "报告.doc", `{\rtf1 12`)
	if says := parse(t, w).Text("#flaw-file"); w.Code != 422 || !strings.Contains(says, "这是 RTF 文件") {
		t.Errorf("status %d, says %q", w.Code, says)
	}
}

func TestDraftsAreHadAsFiles(t *testing.T) {
	h := stand(t)
	office, at := readIn(h)
	for format, want := range map[string]string{"csv": "改造老旧小区21个", "json": "改造老旧小区21个", "xlsx": "PK"} {
		w := h.ask(office, "zh", "GET", at+"/goals/"+format, nil)
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: status %d, %s", format, w.Code, w.Header())
		}
	}
	if w := h.ask(office, "zh", "GET", at+"/goals/exe", nil); w.Code != 404 {
		t.Errorf("an unknown format is answered with %d", w.Code)
	}
}

func TestNobodyReadsReports(t *testing.T) {
	h := stand(t)
	_, at := readIn(h)
	for _, path := range []string{"/reports", "/reports/new", at, at + "/publish"} {
		if w := h.ask("", "zh", "GET", path, nil); w.Code != 403 {
			t.Errorf("%s without an account: %d, want 403", path, w.Code)
		}
	}
	handler := h.one("housing", "handler")
	if w := h.ask(handler, "zh", "POST", at+"/publish", url.Values{}); w.Code != 403 {
		t.Errorf("a handler publishes: %d", w.Code)
	}
}

// TestALongReportTellsHowFarItIs asks, while a long text is read, how far the reading is.
func TestALongReportTellsHowFarItIs(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	long := strings.Repeat("我们坚持稳中求进，扎实做好各项工作，让群众的日子越过越好。\n", 6_000) + "改造老旧小区21个。\n"
	done, command := make(chan int, 1), h.desk.NewCommand()
	go func() {
		w := h.ask(office, "zh", "POST", "/reports", url.Values{"command": {command}, "title": {"长文"}, "year": {"2023"}, "text": {long}})
		done <- w.Code
	}()
	told := 0
	for {
		select {
		case code := <-done:
			if code != 303 || told == 0 {
				t.Fatalf("imported with %d, told %d times how far", code, told)
			}
			if w := h.ask(office, "zh", "GET", "/reports/progress?command="+command, nil); w.Code != 204 {
				t.Errorf("after the end: %d %q", w.Code, w.Body)
			}
			return
		default:
			w := h.ask(office, "zh", "GET", "/reports/progress?command="+command, nil)
			if n, err := strconv.Atoi(w.Body.String()); w.Code == 200 && err == nil && n >= 0 && n <= 100 {
				told++
			}
		}
	}
}
