package redact

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMask(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a telephone gives way to a word":                        {"请拨打13812345678联系我", "请拨打〔电话〕联系我"},
		"of a name the surname stays":                            {"我叫周桂芳，女", "我叫周**，女"},
		"a surname of two characters stays whole":                {"联系人：欧阳春梅", "联系人：欧阳**"},
		"an identity number with a wrong check symbol is hidden": {"身份证220105198803154520", "身份证〔证件号码〕"},
		"a plate with a dot":                                     {"吉A·12B45停在盲道上", "〔车牌〕停在盲道上"},
		"a flat is hidden, the estate stays":                     {"和顺小区3栋2单元501室漏水", "和顺小区〔门牌〕漏水"},
		"the entrance of a building is a public place":           {"9栋2单元的电梯坏了", "9栋2单元的电梯坏了"},
		"a house in a street is where the pothole is":            {"东盛大街128号门前", "东盛大街128号门前"},
		"short public numbers stay":                              {"拨打12345和110", "拨打12345和110"},
		"years and sums stay":                                    {"2021年到2023年共1200000元", "2021年到2023年共1200000元"},
		"an office's own reference stays":                        {"工单编号2023101600012345", "工单编号2023101600012345"},
		"a surname with a title is no name":                      {"王主任说的", "王主任说的"},
		"nothing":                                                {"", ""},
		"broken text is not touched":                             {"\xff井盖\xfe", "\xff井盖\xfe"},
	} {
		t.Run(name, func(t *testing.T) {
			got := Mask(c.in)
			if got != c.want {
				t.Errorf("Mask(%q)\n got %q\nwant %q", c.in, got, c.want)
			}
			if again := Mask(got); again != got {
				t.Errorf("masking again changes %q to %q", got, again)
			}
		})
	}
}

func TestKeptKindsAreShown(t *testing.T) {
	in := "咨询电话0431-84601234，联系人：李建国"
	if got, want := Mask(in, Landline), "咨询电话0431-84601234，联系人：李**"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"我叫周桂芳，电话138 1234 5678", "吉A·D12345", "3栋2单元501室", "\xff一三八", "QQ：12345678 a@b.cn", "０１２３４５６７８９"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, g := range Find(s) {
			if g.Start < at || g.End <= g.Start || g.End > len(s) || !slices.Contains(Kinds, g.Kind) || g.Rule == "" {
				t.Fatalf("%+v in %q after %d", g, s, at)
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[g.Start:g.End]) {
				t.Fatalf("%+v cuts a character of %q", g, s)
			}
			at = g.End
		}
		Mask(s)
	})
}

func BenchmarkMask(b *testing.B) {
	text := strings.Repeat("您好，我叫周桂芳，家住东盛街道和顺小区3栋2单元501室，楼下井盖坏了三天没人管，请尽快处理，电话13812345670。", 10)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Mask(text)
	}
}

func ExampleMask() {
	fmt.Println(Mask("我叫周桂芳，电话13812345678"))
	// Output: 我叫周**，电话〔电话〕
}
