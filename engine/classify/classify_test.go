package classify

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var dictionary = []Class{
	{Code: "01-05", Words: []string{"井盖", "井盖破损", "井盖丢失", "窨井盖缺失、塌陷"}},
	{Code: "01-12", Words: []string{"路灯", "路灯不亮", "照明设施损坏"}},
	{Code: "03-01", Words: []string{"暴露垃圾", "垃圾满溢", "垃圾无人清运、垃圾堆放"}},
	{Code: "04-02", Words: []string{"占道经营", "流动摊贩占道", "烧烤摊油烟"}},
}

func TestADictionaryAloneClassesPlainWords(t *testing.T) {
	m := Learn(dictionary, nil)
	for text, want := range map[string]string{
		"楼下的井盖丢了，晚上走路很危险":  "01-05",
		"小区门口路灯三天没亮了":      "01-12",
		"垃圾箱旁边全是垃圾，没有人来清运": "03-01",
		"烧烤摊把人行道都占了，油烟很大":  "04-02",
		"ｌｕｄｅｎｇ 路灯 LUDENG": "01-12",
	} {
		g := m.Rank(text, 4)
		if len(g) != 4 || g[0].Code != want {
			t.Errorf("%s: got %+v, want %s first", text, g, want)
			continue
		}
		sum := 0.0
		for _, x := range g {
			sum += x.Share
		}
		if math.Abs(sum-1) > 1e-9 || len(g[0].Why) == 0 {
			t.Errorf("%s: shares add up to %v, why %v", text, sum, g[0].Why)
		}
		for _, w := range g[0].Why {
			if !strings.Contains(string(normal(text)), w) {
				t.Errorf("%s: %q is no word of the text", text, w)
			}
		}
	}
}

func TestNothingKnownNothingGuessed(t *testing.T) {
	m := Learn(dictionary, nil)
	for _, text := range []string{"", "12345", "鳜鲟鳇", "\xff\xfe"} {
		if g := m.Rank(text, 3); g != nil {
			t.Errorf("%q: got %+v", text, g)
		}
	}
	if g := (&Model{}).Rank("井盖", 3); g != nil {
		t.Errorf("the zero model guesses %+v", g)
	}
	if g := Learn(nil, []Example{{"井盖", "x"}}).Rank("井盖", 3); g != nil {
		t.Errorf("a model without classes guesses %+v", g)
	}
}

func TestTheOrderOfExamplesDoesNotMatter(t *testing.T) {
	examples := []Example{{"人行道地砖松动", "01-05"}, {"晚上太黑，灯坏了", "01-12"}, {"有人乱倒垃圾", "03-01"}, {"摆摊卖菜堵路", "04-02"}, {"别的", "nowhere"}}
	a := Learn(dictionary, examples)
	slices.Reverse(examples)
	b := Learn(dictionary, examples)
	text := "灯坏了，摆摊的把路堵了"
	if x, y := a.Rank(text, 4), b.Rank(text, 4); !reflect.DeepEqual(x, y) {
		t.Errorf("got %+v and %+v", x, y)
	}
	if g := a.Rank("地砖松动", 1); g[0].Code != "01-05" {
		t.Errorf("what was taught is not known: %+v", g)
	}
}

func TestDemands(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"one demand":                      {"楼下井盖坏了，请尽快修好。", []string{"楼下井盖坏了，请尽快修好。"}},
		"counted points with a greeting":  {"您好：1、楼道灯不亮；2、垃圾没人清运；3、井盖松动。", []string{"您好：1、楼道灯不亮；", "2、垃圾没人清运；", "3、井盖松动。"}},
		"一是 and 二是":                       {"反映两个问题，一是供热温度不够，二是电梯经常停运", []string{"反映两个问题，一是供热温度不够，", "二是电梯经常停运"}},
		"a word that adds something else": {"楼下烧烤店油烟扰民。另外，小区东门的路灯也坏了好几天。", []string{"楼下烧烤店油烟扰民。", "另外，小区东门的路灯也坏了好几天。"}},
		"what is too short stays":         {"路灯不亮影响出行。另外，急。", []string{"路灯不亮影响出行。另外，急。"}},
		"a decimal is no counted point":   {"长1.5米宽2.3米的坑一直没有人修", []string{"长1.5米宽2.3米的坑一直没有人修"}},
		"a date is no counted point":      {"2023年10月1日报修，10月5日没有来人", []string{"2023年10月1日报修，10月5日没有来人"}},
		"nothing":                         {"", []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range Demands(c.text) {
				got = append(got, c.text[d.Start:d.End])
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func FuzzDemands(f *testing.F) {
	f.Add("1、楼道灯不亮；2、垃圾没人清运")
	f.Add("另外\xff。还有，再有")
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		for _, d := range Demands(s) {
			if d.Start != at || d.End < d.Start {
				t.Fatalf("%+v after %d in %q", d, at, s)
			}
			at = d.End
		}
		if at != len(s) {
			t.Fatalf("%q is covered to %d of %d", s, at, len(s))
		}
	})
}

func ExampleModel_Rank() {
	m := Learn([]Class{
		{Code: "manhole", Words: []string{"井盖", "井盖破损"}},
		{Code: "lamp", Words: []string{"路灯", "路灯不亮"}},
	}, []Example{{"晚上太黑，灯坏了", "lamp"}})
	g := m.Rank("小区的路灯坏了", 1)
	fmt.Println(g[0].Code, g[0].Why[0])
	// Output: lamp 路灯
}

func BenchmarkLearn(b *testing.B) {
	var examples []Example
	for i := range 5000 {
		examples = append(examples, Example{fmt.Sprintf("%s%c%c请尽快处理，影响居民出行已经很多天了", dictionary[i%4].Words[i%3], '一'+rune(i%3000), '一'+rune(i*7%5000)), dictionary[i%4].Code})
	}
	for b.Loop() {
		Learn(dictionary, examples)
	}
}

func BenchmarkRank(b *testing.B) {
	m := Learn(dictionary, nil)
	text := strings.Repeat("您好，我家楼下的井盖坏了三天没人管，晚上路灯也不亮，请尽快处理。", 6)
	for b.Loop() {
		m.Rank(text, 3)
	}
}

// TestReasonsAreWords: what is told as a reason is a word of the class or a short clause of the text, not the pieces of words that the model weighs.
func TestReasonsAreWords(t *testing.T) {
	m := Learn([]Class{
		{Code: "lamp", Words: []string{"路灯不亮", "路灯"}},
		{Code: "signal", Words: []string{"信号灯不亮", "信号灯"}},
		{Code: "refuse", Words: []string{"垃圾没人清", "暴露垃圾"}},
	}, []Example{{"楼下没人打扫，天天这样", "refuse"}, {"没人打扫卫生", "refuse"}})
	for _, c := range []struct {
		text, code string
		want       []string
	}{
		{"东盛大街路灯不亮三盏", "lamp", []string{"路灯不亮"}}, // and not the shorter word in it
		{"没人打扫，请管管", "refuse", []string{"没人打扫"}},
		{"路口灯不亮", "signal", []string{"路口灯不亮"}},
		{"东盛大街和吉林大路的路口灯不亮了", "signal", nil}, // 灯不亮 is a piece of two words
	} {
		told := false
		for _, g := range m.Rank(c.text, 3) {
			if g.Code != c.code {
				continue
			}
			if told = true; !slices.Equal(g.Why, c.want) {
				t.Errorf("%q is %s because of %q, want %q", c.text, c.code, g.Why, c.want)
			}
		}
		if !told {
			t.Errorf("%q is not %s", c.text, c.code)
		}
	}
}

// A word that stands in one single example is not learnt, else whoever asks a public door by a name reads out of the answer that somebody was written about.
func TestWhatOneExampleAloneSaysIsNotLearnt(t *testing.T) {
	classes := []Class{{Code: "lamp", Words: []string{"路灯"}}, {Code: "quarrel", Words: []string{"家庭纠纷"}}}
	examples := []Example{{"欧阳卡纳里家半夜吵闹", "quarrel"}, {"楼上半夜吵闹", "quarrel"}, {"巷口漆黑一片", "lamp"}}
	m := Learn(classes, examples)
	if g := m.Rank("欧阳卡纳里", 2); g != nil {
		t.Errorf("a name of one example is known: %+v", g)
	}
	if g := m.Rank("半夜吵闹", 1); len(g) != 1 || g[0].Code != "quarrel" {
		t.Errorf("what two examples say is not learnt: %+v", g)
	}
	if g := m.Rank("路灯", 1); len(g) != 1 || g[0].Code != "lamp" {
		t.Errorf("a word of the dictionary is not known: %+v", g)
	}
}
