package web

import (
	"testing"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
)

// TestAStageIsShown: the page of an emergency tells its stage, where the limit is from, what ends the stage and nothing of the
// others, and an extension is asked for in the unit of the stage that runs.
func TestAStageIsShown(t *testing.T) {
	h := stand(t)
	photo := journal.File{Name: "现场.jpg", Media: "image/jpeg", Bytes: []byte("现场照片")}
	sum := ledger.SM3.New()
	sum.Write(photo.Bytes)
	copy(photo.Hash[:], sum.Sum(nil))
	handler := h.one("water-company", "handler")
	var id name.ID
	for _, s := range []struct {
		who name.Person
		act string
		do  desk.Do
	}{
		{h.one("watch-centre", "collector"), "collect", desk.Do{Evidence: []matter.Evidence{{Kind: matter.Photo, File: photo.Hash.String()}}, Files: []journal.File{photo},
			With: map[string]string{"title": "路面冒水", "class": "E05001", "condition": "E05001-1", "area": "220105001", "place": "125.358,43.865", "address": "东盛大街"}}},
		{h.one("watch-centre", "operator"), "file", desk.Do{}},
		{h.one("command-centre", "dispatcher"), "dispatch", desk.Do{With: map[string]string{"unit": "water-company", "why-unit": "权属单位"}}},
		{handler, "sign", desk.Do{With: map[string]string{"person": string(handler)}}},
	} {
		s.do.Act, s.do.Matter, s.do.Kind = s.act, id, "urban/case"
		run := h.desk.Act
		if id == "" {
			run = h.desk.Start
		}
		done, err := run(t.Context(), h.who(s.who), s.do)
		if err != nil {
			t.Fatalf("%s: %v", s.act, err)
		}
		id = done.Matter
	}
	page := h.page(handler, "/matters/"+string(id))
	page.Contains("aside", "处置·围护")
	page.Contains("aside", "时限取自 E05001-1：3个紧急工作时，依据：外地数字化城市管理手册")
	page.Contains("main", "围护完成")
	for _, words := range page.Links() {
		if words == "/matters/"+string(id)+"/acts/repaired" {
			t.Error("a stage that does not run can be passed")
		}
	}
	h.page(h.one("command-centre", "head"), "/matters/"+string(id)+"/acts/extend").Contains("form", "小时（昼夜连续）")
}
