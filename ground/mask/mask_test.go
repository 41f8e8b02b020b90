package mask

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWhatIsShownOfAValue(t *testing.T) {
	for name, c := range map[string]struct {
		kind     Kind
		in, want string
	}{
		"two characters keep the surname":                {Name, "张三", "张*"},
		"three characters keep the surname":              {Name, "张小三", "张**"},
		"four characters of a simple surname":            {Name, "张王小三", "张**"},
		"a compound surname is kept whole":               {Name, "欧阳修", "欧阳*"},
		"a compound surname with two behind":             {Name, "司马相如", "司马**"},
		"two characters are never a compound surname":    {Name, "司马", "司*"},
		"a name with a dot keeps its first part":         {Name, "买买提·艾力", "买买提·**"},
		"another sign for the dot":                       {Name, "古丽•阿依", "古丽·**"},
		"three parts keep the first":                     {Name, "阿·卜·杜", "阿·**"},
		"Latin letters keep the first":                   {Name, "Smith John", "S**"},
		"one character is hidden":                        {Name, "张", "*"},
		"a rare character outside of the basic plane":    {Name, "𬱖三", "𬱖*"},
		"an identity number":                             {ID, "11010519491231002X", "110****002X"},
		"an identity number in groups":                   {ID, "110105 19491231 002x", "110****002x"},
		"a short number is hidden whole":                 {ID, "1101051", "****"},
		"a mobile number":                                {Phone, "13812345678", "138****5678"},
		"a mobile number in groups and full width":       {Phone, "１３８ 1234-5678", "138****5678"},
		"with the country's code":                        {Phone, "+86 138 1234 5678", "138****5678"},
		"a fixed line keeps its last four":               {Phone, "0431-84641234", "****1234"},
		"an extension is hidden whole":                   {Phone, "8021", "****"},
		"no number at all":                               {Phone, "不详", "****"},
		"a plate":                                        {Plate, "京A12323", "京A·1**23"},
		"a plate of a new energy car":                    {Plate, "吉A·D12345", "吉A·D***45"},
		"no plate":                                       {Plate, "京A", "****"},
		"an address as far as the community":             {Address, "吉林省长春市二道区东盛街道和顺社区3栋2单元501室", "吉林省长春市二道区东盛街道和顺社区****"},
		"an address as far as the estate":                {Address, "二道区和顺小区3栋2单元501室", "二道区和顺小区****"},
		"an address with a road alone":                   {Address, "东盛大街128号", "东盛大街****"},
		"an address with a number before the road's end": {Address, "128号东盛大街", "****"},
		"an address that is a community already":         {Address, "和顺社区", "和顺社区"},
		"an address that says nothing of a community":    {Address, "3栋501", "****"},
		"a bank account":                                 {Bank, "6222 0212 3456 7890 123", "****0123"},
		"an account that is too short":                   {Bank, "1234567", "****"},
		"a mailbox":                                      {Email, "zhang.san@example.cn", "z****@example.cn"},
		"a mailbox of one letter":                        {Email, "z@example.cn", "****@example.cn"},
		"no mailbox":                                     {Email, "zhang", "****"},
		"a kind that hides all":                          {Hidden, "糖尿病", "****"},
		"a kind that nobody knows":                       {"height", "180", "****"},
		"nothing stays nothing":                          {Phone, "  ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Mask(c.kind, c.in); got != c.want {
				t.Errorf("%s of %q: got %q, want %q", c.kind, c.in, got, c.want)
			}
		})
	}
}

func TestHowAValueLooks(t *testing.T) {
	for v, want := range map[string]Kind{"13812345678": Phone, "0431-84641234": Phone, "11010519491231002X": ID, "张三": Name, "欧阳修远": Name, "买买提·艾力": Name,
		"6222021234567890123": Bank, "a@b.cn": Email, "和顺小区3栋": Hidden, "": Hidden, "不愿透露姓名的人": Hidden} {
		if got := Guess(v); got != want {
			t.Errorf("%q: got %s, want %s", v, got, want)
		}
	}
}

// Whatever is typed, the middle of a number never shows, and what a value of a kind hides is not part of what is shown.
func TestTheMiddleOfANumberNeverShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := "1" + rapid.StringMatching(`[3-9][0-9]{9}`).Draw(t, "phone")
		if got := Mask(Phone, v); got != v[:3]+"****"+v[7:] || strings.Contains(got, v) {
			t.Fatalf("%s: %s", v, got)
		}
		k := rapid.SampledFrom(Kinds).Draw(t, "kind")
		s := rapid.String().Draw(t, "text")
		got := Mask(k, s)
		if !utf8.ValidString(got) && utf8.ValidString(s) {
			t.Fatalf("%s of %q is no text: %q", k, s, got)
		}
		if k != Address && got != "" && got == strings.TrimSpace(s) && strings.Trim(s, "* ·") != "" {
			t.Fatalf("%s of %q hides nothing", k, s)
		}
	})
}

func ExampleMask() {
	fmt.Println(Mask(Name, "欧阳修"), Mask(Phone, "13812345678"), Mask(Address, "和顺小区3栋2单元501室"))
	// Output: 欧阳* 138****5678 和顺小区****
}
