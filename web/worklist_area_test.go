package web

import "testing"

// TestADeskSaysWhatItIsNarrowedTo: an address that narrows the list to a street and to what is open shows both in the filter, so that they stay when
// somebody filters on.
func TestADeskSaysWhatItIsNarrowedTo(t *testing.T) {
	h := stand(t)
	p := h.page(h.one("office", "issuer"), "/desk?tab=all&open=yes&area=220105001")
	p.Has(`form.filters select[name="area"] option[value="220105001"][selected]`)
	p.Has(`form.filters select[name="open"] option[value="yes"][selected]`)
	h.page(h.one("office", "issuer"), "/desk?area=220105001").Lacks(`select[name="open"]`) // of what waits everything is open
}

// TestAnEmptyListSaysWhy: a list on which nothing stands is not blamed on a filter that nobody has set.
func TestAnEmptyListSaysWhy(t *testing.T) {
	h := stand(t)
	office := h.one("office", "issuer")
	h.page(office, "/packs/works/list?list=open").Contains(".empty", "您能查看的范围内")
	h.page(office, "/packs/works/list?list=open&text=没有的词").Contains(".empty", "没有符合条件")
}
