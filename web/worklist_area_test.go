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
