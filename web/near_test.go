//go:build !race

package web

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"bihuan/desk"
	"bihuan/desk/doors"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
)

func lampForm(n byte, text string) url.Values {
	return url.Values{"receipt": {doors.NewReceipt(func(b []byte) { b[0] = n })}, "service": {"E06002"}, "text": {text}, "place": {"125.3590,43.8660"}, "address": {"东盛大街128号门前"}}
}

// TestANeighbourFollowsInstead: while a report is filled in, what was reported nearby is proposed; following it takes one press,
// and whoever has another thing in mind sends once more.
func TestANeighbourFollowsInstead(t *testing.T) {
	h := stand(t)
	h.follow(h.ask("", "zh", "POST", "/report", lampForm(1, "楼下路灯三天不亮")))
	second := lampForm(2, "门口路灯坏了")
	if w := h.ask("", "zh", "POST", "/report/near", second); w.Code != 200 || !strings.Contains(w.Body.String(), "是不是同一个问题") || strings.Contains(w.Body.String(), "0小时") || strings.Contains(w.Body.String(), "距0米") || strings.Contains(w.Body.String(), "<html") {
		t.Fatalf("while typing: %d %s", w.Code, w.Body)
	}
	if w := h.ask("", "zh", "POST", "/report/near", url.Values{"text": {"路灯坏了"}}); w.Code != 200 || strings.Contains(w.Body.String(), "fieldset") {
		t.Errorf("before a place is known: %d %s", w.Code, w.Body)
	}
	w := h.ask("", "zh", "POST", "/report", second)
	if w.Code != 422 {
		t.Fatalf("a second report is filed without a word: %d", w.Code)
	}
	p := parse(t, w)
	p.Contains("[data-near]", "路灯不亮")
	second.Set("follow", p.First(`button[name="follow"]`).Attr("value"))
	to := h.follow(h.ask("", "zh", "POST", "/report", second))
	h.page("", to).Contains(".note", "您跟踪的是别人已经反映的同一个问题")
	operator := h.one("watch-centre", "operator")
	followed := h.matters("urban/case")[0]
	h.page(operator, "/matters/"+followed).Contains(".followers", "另有1人同问跟踪") // whoever works on it sees that it matters to more
	third := lampForm(3, "另一盏路灯坏了")
	third.Set("seen", "yes")
	h.page("", h.follow(h.ask("", "zh", "POST", "/report", third))).Contains("h1", "")
	for _, id := range h.matters("urban/case") {
		if id != followed {
			h.page(operator, "/matters/"+id).Lacks(".followers")
		}
	}
}

// TestABystanderContestsAClosing: whoever follows a report, or whose own was merged into it, may say that it is not done; rating
// it is the reporter's.
func TestABystanderContestsAClosing(t *testing.T) {
	h := stand(t)
	first, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", lampForm(1, "楼下路灯三天不亮"))), "?")
	second := lampForm(2, "门口路灯坏了")
	second.Set("follow", h.matters("urban/case")[0])
	follower, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", second)), "?")
	third := lampForm(3, "路灯坏了好几天")
	third.Set("seen", "yes")
	merged, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", third)), "?")
	ids := h.matters("urban/case")
	h.follow(h.act(h.one("watch-centre", "operator"), ids[0], "merge", map[string]string{"reason": "同一盏灯", "into": ids[1]}, nil))
	h.bring(first)
	for i, receipt := range []string{follower, merged} {
		page := h.page("", receipt)
		page.Contains(`form[action$="/acts/contest"]`, "您的意见")
		if strings.Contains(page.Text("main"), "回访记录") {
			t.Error("the reporter reads the words of those who call back")
		}
		if w := h.ask("", "zh", "POST", receipt+"/acts/rate-answer", url.Values{"f.rating": {"good"}}); w.Code != 403 {
			t.Errorf("a bystander rates: %d", w.Code)
		}
		if w := h.ask("", "zh", "POST", receipt+"/acts/contest", url.Values{}); w.Code != 422 {
			t.Errorf("contested without a word: %d", w.Code)
		}
		page.Lacks(`[name="f.rating"]`)
		if w := h.ask("", "zh", "POST", receipt+"/acts/contest", url.Values{"f.rating": {"very-bad"}, "f.rating-note": {"灯还是不亮"}}); w.Code != 422 {
			t.Errorf("a bystander rates by contesting: %d", w.Code)
		}
		said := url.Values{"command": {strings.Repeat(itoa(i), 32)}, "f.rating-note": {"灯还是不亮"}}
		to := h.follow(h.ask("", "zh", "POST", receipt+"/acts/contest", said))
		if again := h.follow(h.ask("", "zh", "POST", receipt+"/acts/contest", said)); again != to {
			t.Errorf("the same form again leads to %s, not to %s", again, to)
		}
		said.Set("command", strings.Repeat(itoa(i+2), 32))
		if w := h.ask("", "zh", "POST", receipt+"/acts/contest", said); w.Code != 403 {
			t.Errorf("contested twice: %d", w.Code)
		}
		h.page("", first).Contains("main", "正在核实")
		operator := h.who(h.one("watch-centre", "operator"))
		if _, err := h.desk.Act(t.Context(), operator, desk.Do{Matter: name.ID(ids[1]), Act: "explain", With: map[string]string{"answer": "已现场核实，灯已亮"}}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAMergerProposesWhatIsNear: the form of a merger offers the matter nearby, and the reporter reads into which it went.
func TestAMergerProposesWhatIsNear(t *testing.T) {
	h := stand(t)
	h.follow(h.ask("", "zh", "POST", "/report", lampForm(1, "楼下路灯三天不亮")))
	second := lampForm(2, "门口路灯坏了")
	second.Set("seen", "yes")
	receipt := h.follow(h.ask("", "zh", "POST", "/report", second))
	operator := h.one("watch-centre", "operator")
	ids := h.matters("urban/case")
	form := h.page(operator, "/matters/"+ids[0]+"/acts/merge")
	form.Has(`input[type="radio"][name="into"][value="` + ids[1] + `"]`)
	form.Contains("details.about[open]", "门口路灯坏了") // whoever merges reads what the matter says
	bare := parse(t, h.act(operator, ids[0], "merge", map[string]string{"reason": "同一盏灯"}, nil))
	bare.Contains("#flaw-into", "请选并入哪一件")
	h.follow(h.act(operator, ids[0], "merge", map[string]string{"reason": "同一盏灯", "into": ids[1]}, nil))
	h.page("", receipt).Contains("main", "合并办理")
}

// TestAClerkSeesWhatIsNear while a matter is opened: those of the class nearby, with a link to each.
func TestAClerkSeesWhatIsNear(t *testing.T) {
	h := stand(t)
	h.follow(h.ask("", "zh", "POST", "/report", lampForm(1, "楼下路灯三天不亮")))
	collector := h.one("watch-centre", "collector")
	h.page(collector, "/matters/new?kind=urban/case&act=collect").Has(`[data-near][hx-post="/matters/near"]`)
	form := url.Values{"kind": {"urban/case"}, "act": {"collect"}, "f.title": {"路灯不亮"}, "f.class": {"E06002"}, "f.place": {"125.3591,43.8660"}}
	id := h.matters("urban/case")[0]
	if w := h.ask(collector, "zh", "POST", "/matters/near", form); w.Code != 200 || !strings.Contains(w.Body.String(), "/matters/"+id) || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	form.Set("f.place", "125.3691,43.8660")
	if w := h.ask(collector, "zh", "POST", "/matters/near", form); w.Code != 200 || strings.Contains(w.Body.String(), id) {
		t.Errorf("elsewhere: %d %s", w.Code, w.Body)
	}
}

// matters are the ids of the matters of a kind, newest first.
func (h *house) matters(kind string) (ids []string) {
	h.t.Helper()
	page, err := h.store.Rows(context.Background(), journal.Query{Log: "220105", Now: h.desk.Now(), Scope: journal.Scope{All: true}, Noun: "matter", Kinds: []string{kind}, Order: journal.ByOpened})
	h.must(err)
	for _, r := range page.Rows {
		ids = append(ids, string(r.Stream))
	}
	return ids
}

// TestTypingIsLimited: what the page asks while somebody types is answered so often and no more.
func TestTypingIsLimited(t *testing.T) {
	h := stand(t)
	ask := func(path string) int {
		return h.ask("", "zh", "POST", path, url.Values{"text": {"路灯不亮"}}).Code
	}
	for n := range 4 * doors.PerTyping.Burst {
		switch code := ask("/report/near"); {
		case code == 429 && n >= doors.PerTyping.Burst:
			if code := ask("/report/hints"); code != 429 {
				t.Errorf("classes are proposed all the same: %d", code)
			}
			return
		case code != 200:
			t.Fatalf("question %d is answered %d", n, code)
		}
	}
	t.Error("there is no end of answers")
}

// TestWhatAKindKeepsIsToldByNoTitleAndByNothingNear: a grid event keeps its address, its place and its words to the house. Its title, which is public,
// is made of none of them, and whoever is about to report is not told how far away it is, nor by a word that it holds.
func TestWhatAKindKeepsIsToldByNoTitleAndByNothingNear(t *testing.T) {
	h := stand(t)
	form := url.Values{"receipt": {doors.NewReceipt(func(b []byte) { b[0] = 1 })}, "door": {"snap"}, "service": {"G03-03"}, "text": {"欧阳卡纳里两口子天天打架，孩子在哭"},
		"place": {"125.3590,43.8660"}, "address": {"福安街锦绣家园东门"}, "seen": {"yes"}}
	to := h.follow(h.ask("", "zh", "POST", "/report", form))
	h.page("", to).Contains("main", "锦绣家园")
	id := h.matters("grid/event")[0]
	for _, path := range []string{"/open/matters", "/open/matters/" + id} {
		if text := h.page("", path).Text("main"); !strings.Contains(text, "家庭纠纷：东盛街道") || strings.Contains(text, "锦绣") || strings.Contains(text, "打架") {
			t.Errorf("%s reads %q", path, text)
		}
	}
	form.Set("receipt", doors.NewReceipt(func(b []byte) { b[0] = 2 }))
	form.Set("address", "")
	h.follow(h.ask("", "zh", "POST", "/report", form))
	if text := h.page("", "/open/matters").Text("main"); strings.Contains(text, "打架") || strings.Contains(text, "卡纳里") {
		t.Errorf("without an address the list reads %q", text)
	}
	for _, ask := range []url.Values{{"text": {"欧阳卡纳里"}}, {"text": {"家庭纠纷"}}, {"text": {"打架"}, "service": {"G03-03"}}} {
		ask.Set("door", "snap")
		ask.Set("place", "125.3590,43.8660")
		if w := h.ask("", "zh", "POST", "/report/near", ask); w.Code != 200 || strings.Contains(w.Body.String(), "fieldset") {
			t.Errorf("%v: %d %s", ask, w.Code, w.Body)
		}
	}
}

// TestWordsThatAKindKeepsFindNothingNear: a case in the street shows its place, and keeps its words: by one of them it is not found.
func TestWordsThatAKindKeepsFindNothingNear(t *testing.T) {
	h := stand(t)
	h.follow(h.ask("", "zh", "POST", "/report", lampForm(1, "欧阳卡纳里家楼下太黑")))
	for text, found := range map[string]bool{"欧阳卡纳里": false, "路灯不亮": true} {
		ask := lampForm(2, text)
		ask.Del("service")
		ask.Del("address")
		if w := h.ask("", "zh", "POST", "/report/near", ask); w.Code != 200 || strings.Contains(w.Body.String(), "fieldset") != found {
			t.Errorf("%s: %d %s", text, w.Code, w.Body)
		}
	}
}

// TestWhatIsLearntNamesNobody: what classes are guessed by was written by residents, and a guess tells by which words it came.
func TestWhatIsLearntNamesNobody(t *testing.T) {
	h := stand(t)
	to, _, _ := strings.Cut(h.follow(h.ask("", "zh", "POST", "/report", lampForm(1, "我叫周桂芳，楼下路灯三天不亮，电话13812345670"))), "?")
	h.bring(to)
	examples, err := h.desk.Classed(t.Context(), "urban/case", "text", "class", 10)
	h.must(err)
	if len(examples) != 1 || !strings.Contains(examples[0].Text, "路灯三天不亮") || strings.Contains(examples[0].Text, "桂芳") || strings.Contains(examples[0].Text, "13812345670") {
		t.Errorf("learnt from %+v", examples)
	}
}
