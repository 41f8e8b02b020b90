package cockpit

import (
	"regexp"
	"strings"

	"bihuan/ground/name"
)

// domainThemes are what headings of work reports speak of, with the words that show it. The English name of a domain is
// made of the first two themes found, in the order of this table. The table is ours, read off the headings that district
// reports commonly use; it names domains for readers and decides nothing.
var domainThemes = []struct {
	english string
	words   []string
}{
	{"Main targets", []string{"主要预期目标", "预期目标", "主要目标"}},
	{"Projects and investment", []string{"项目", "投资"}},
	{"Attracting business", []string{"招商", "引资"}},
	{"Industry", []string{"产业", "工业", "制造", "集群", "实体经济"}},
	{"Innovation", []string{"创新", "科技", "人才"}},
	{"Reform and business environment", []string{"改革", "营商", "开放", "服务效能"}},
	{"Rural revival", []string{"乡村", "农业", "农村", "三农"}},
	{"The city", []string{"城区", "城市", "城建", "品质", "更新"}},
	{"Environment", []string{"生态", "环保", "绿色", "污染"}},
	{"Culture and tourism", []string{"文化", "旅游", "文旅"}},
	{"People's well-being", []string{"民生", "福祉", "群众", "社会事业", "幸福"}},
	{"Safety and governance", []string{"治理", "安全", "稳定", "稳区", "平安", "底线", "法治"}},
	{"Government itself", []string{"自身建设", "政府建设", "作风"}},
}

var yearHeading = regexp.MustCompile(`(\d{4})年.{0,6}(?:工作|任务|目标|安排|打算)`)

// DomainWords names a domain, which is a heading of the report or the office's own grouping, in both languages. A heading
// that speaks of nothing known keeps its own words in English, too, in quotation marks.
func DomainWords(domain string) name.Text {
	w := name.Text{ZH: domain, EN: domain}
	if domain == "" || !hasHan(domain) {
		return w
	}
	var found []string
	for _, th := range domainThemes {
		for _, word := range th.words {
			if strings.Contains(domain, word) {
				found = append(found, th.english)
				break
			}
		}
		if len(found) == 2 {
			break
		}
	}
	switch m := yearHeading.FindStringSubmatch(domain); {
	case len(found) > 0:
		w.EN = strings.Join(found, "; ")
	case m != nil:
		w.EN = "Work of " + m[1]
	default:
		w.EN = "“" + domain + "”"
	}
	return w
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}
