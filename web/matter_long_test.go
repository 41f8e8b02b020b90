//go:build long

package web

import (
	"net/url"
	"testing"
)

// Every kind that somebody may open has a form that can be shown, whatever its fields.
func TestEveryFormCanBeShown(t *testing.T) {
	h := stand(t)
	shown := 0
	for _, p := range h.desk.Directory().Persons {
		who := h.who(p.Key)
		for _, o := range h.desk.Openings(who) {
			if shown++; shown > 40 {
				return
			}
			h.page(p.Key, "/matters/new?kind="+url.QueryEscape(o.Kind.Ref)+"&act="+o.Act.Key)
		}
	}
	if shown == 0 {
		t.Error("nobody may open anything")
	}
}
