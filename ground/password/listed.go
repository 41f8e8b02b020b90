package password

import (
	"strings"
	"sync"
)

// pinyin are words that Chinese speakers make passwords of. Written down by us.
const pinyin = `
xiexie gongzuo mingtian jintian zuotian shengri kuaile xinnian guonian laopo laogong baobao erzi nver mama baba jiejie didi meimei gege
yeye nainai laoshi xuesheng tongxue pengyou haoyou shouji diannao dianhua youxiang yinhang qianbao zhanghao denglu yonghu guanliyuan guanli
xitong anquan kaimen zhimakaimen wodemima wangjimima xinmima mimashi123 woaizuguo woaizhongguo woaibeijing woaidiannao tiananmen changcheng
dongbei heilongjiang liaoning neimenggu haerbin shenyang dalian tianjin shanghaishi guangzhou shenzhen chongqing chengdu wuhan nanjing hangzhou
pingan jiankang xingfu facai gongxi fuguijixiang wanshiruyi yifanfengshun tiantianxiangshang jiayou nuli fendou chenggong shunli jixiang
dangyuan gongchandang renmin renminzhengfu weirenminfuwu zhonghua gongheguo bangongshi zhuren juzhang quzhang shuji keyuan zhuanyuan chuangkou
xinfang duban shenpi banli chaxun tongji baogao huiyi tongzhi wenjian yusuan caiwu kuaiji chuna renshi danwei gongsi qiye laodong
chunjie zhongqiu duanwu qingming chongyang laohu dalong shizi xiaogou xiaomao houzi tuzi gongji pingguo xigua putao mianbao kafei
qingwen duibuqi meiguanxi zaijian wanan zaoan xiatian dongtian qiutian chuntian taiyang yueliang xingxing tiankong dahai gaoshan`

// tails are what people add so that a rule is kept.
var tails = []string{"", "1", "12", "123", "1234", "12345", "123456", "12345678", "888", "666", "520", "1314", "!", "@", "#", "123!", "@123", "#123", "!@#", "123!@#",
	"2020", "2021", "2022", "2023", "2024", "2025", "2026", "@2024", "@2025", "@2026", "2024!", "2025!", "2026!"}

// guesses are whole passwords that others try first, folded: words doubled, words with what people add before and behind, walks over
// the keyboard with the same. They follow from rules, so that nobody's list is in the house: some twenty thousand, of which
// more than 3000 are as long as a profile asks for (ASVS 5.0 6.2.4).
var guesses = sync.OnceValue(func() map[string]struct{} {
	all := map[string]struct{}{}
	add := func(s string) { all[s] = struct{}{} }
	bases := append(strings.Fields(words), strings.Fields(pinyin)...)
	for _, row := range rows {
		for n := 4; n <= len(row) && n <= 12; n++ {
			bases = append(bases, row[:n], reversed(row[:n]), reversed(row)[:n])
		}
	}
	for _, w := range bases {
		add(w + w)
		add(w + w + w)
		for _, tail := range tails {
			add(w + tail)
			add(tail + w)
			add(w + w + tail)
			add(tail + w + tail)
		}
	}
	return all
})

// isListed reports whether a password is one that others try first, however its letters are written.
func isListed(password string) bool {
	folded := strings.ToLower(password)
	for _, s := range []string{folded, likeness.Replace(folded), strings.ReplaceAll(folded, " ", "")} {
		if _, ok := guesses()[s]; ok {
			return true
		}
	}
	return false
}
