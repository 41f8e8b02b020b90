package password

import "strings"

// words are what people make passwords of, the most of them first in every published list of leaked ones, and what an
// office is called. Written down by us.
const words = `
password passwd passw0rd admin administrator root system sysadmin secadmin auditor manager operator guest user test demo login
welcome letmein master super secret default change changeme temp office secure security access server database oracle mysql
iloveyou princess sunshine dragon monkey football baseball shadow michael jordan superman batman pokemon computer internet
google baidu tencent alibaba huawei xiaomi weixin wechat taobao weibo alipay
qwerty qwert qwer asdf asdfgh zxcv zxcvbn qazwsx qaz wsx edc abc abcd aabb abcabc xyz
woaini woaini1314 aini 5201314 1314520 520 1314 888 666 168 mima mimashi nihao zhongguo china beijing shanghai
jilin changchun erdao erdaoqu jl ccs 0431 220105 220100 130000 130033 zhengfu zhengwu gongan minzheng jiedao shequ wangge chengguan
bihuan closedloop gov govcn government district bureau street community grid hall service
123 1234 12345 123456 1234567 12345678 123456789 1234567890 111 000 012 321 4321 54321 654321 987654321 112233 121212 123123 123321
147258369 159357 147258 789456 456789 110 119 120 12345rexian hotline
zhang wang li liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng
一二三四 密码 口令 管理员 系统 政府 二道 长春 吉林 闭环 中国 我爱你 你好 区长 办公室`

// common returns the words, longest first is not needed: all are looked for.
func common() []string { return strings.Fields(words) }
