package web

import (
	"testing"

	"bihuan/kernel/indicator"
)

// TestAQuoteIsMarkedWhereItStands: what was promised is marked in its sentence, and not the end of a longer number that looks alike.
func TestAQuoteIsMarkedWhereItStands(t *testing.T) {
	for _, c := range []struct {
		whole, quote string
		want         sentence
	}{
		{"竣工投产项目15个，开工5个以上。", "5个", sentence{"竣工投产项目15个，开工", "5个", "以上。"}},
		{"引进内资增长10%。", "10%", sentence{"引进内资增长", "10%", "。"}},
		{"5个学校。", "5个", sentence{"", "5个", "学校。"}},
		{"投资1.5亿元。", "5亿元", sentence{Quote: "5亿元"}},
		{"第2个突破10万户。", "突破10万户", sentence{"第2个", "突破10万户", "。"}},
		{"创建示范区。", "", sentence{Before: "创建示范区。"}},
		{"", "5个", sentence{Quote: "5个"}},
	} {
		g := goalShown{}
		g.Source = indicator.Source{Sentence: c.whole, Quote: c.quote}
		if got := g.Sentence(); got != c.want {
			t.Errorf("%q in %q: %+v, want %+v", c.quote, c.whole, got, c.want)
		}
	}
}
