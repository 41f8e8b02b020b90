package extract

import "unicode"

// traditional pairs each traditional character with its simplified form, for the characters that the lexicons use. Source: common
// usage of both scripts; checked against the table of the OpenCC project. A character that the lexicons do not know stays as it is.
const traditional = "" +
	"並并亞亚佈布佔占併并來来係系倉仓個个們们偵侦備备傢家傳传債债僅仅價价儀仪億亿儘尽償偿優优儲储兌兑兒儿內内兩两冊册凈净別别則则剛刚創创剷铲劃划劇剧劑剂勁劲動动務务勝胜勞劳勢势勵励匯汇區区協协厠厕" +
	"厤历厲厉參参員员問问啟启單单嘗尝噸吨噹当嚴严國国圍围園园圓圆圖图團团執执堅坚報报場场塊块墊垫墻墙墾垦壓压壩坝壯壮壽寿夠够夢梦奪夺奬奖奮奋婦妇嬰婴學学實实審审寬宽將将專专對对導导屆届屢屡層层屬属" +
	"峯峰島岛崗岗師师帶带幣币幫帮幹干幾几庫库廁厕廈厦廠厂廢废廣广廳厅張张強强彈弹彔录彙汇後后徑径從从復复徵征徹彻態态應应戰战戶户捨舍捲卷掛挂採采揚扬換换揮挥搖摇搶抢撈捞撥拨擁拥擊击擔担據据擬拟擴扩" +
	"攝摄攬揽敎教數数斬斩斷断於于昇升時时晉晋書书會会東东査查桿杆條条棟栋業业極极榮荣構构樁桩樓楼標标樞枢樣样樹树橋桥機机檔档檢检檯台檻槛欄栏權权歐欧歲岁歷历歸归殘残殯殡氣气決决沒没沖冲況况淨净減减" +
	"測测準准溫温溼湿滅灭滾滚滿满漁渔漲涨潔洁潤润澆浇濃浓濕湿濟济瀏浏瀝沥灘滩災灾為为無无煉炼熱热燒烧營营爐炉爭争爲为牆墙牽牵獎奖獲获獻献現现環环產产産产畝亩畢毕當当療疗發发盞盏盡尽監监盤盘盧卢眾众" +
	"確确碼码礎础礦矿稅税種种稱称積积穩稳穫获競竞筆笔箇个節节範范築筑簡简簽签籃篮籌筹籤签糧粮糰团紀纪約约紅红納纳紐纽紓纾純纯紗纱紙纸級级終终組组結结絕绝絡络給给統统經经綜综綠绿綫线維维綱纲網网綿绵" +
	"緊紧線线締缔緣缘編编緩缓緻致縣县縮缩總总績绩織织繕缮繞绕繪绘繫系繳缴繼继續续纔才纖纤纜缆義义聯联職职肅肃脫脱臨临臺台與与興兴舉举舊旧茲兹華华萬万蓋盖藍蓝處处號号蛻蜕蟬蝉衆众術术衛卫衝冲裏里補补" +
	"裝装裡里製制複复覈核見见規规視视親亲覽览觀观觸触訂订計计訓训託托記记訪访設设許许診诊証证評评詞词試试話话認认語语誠诚說说説说課课調调談谈請请論论諧谐諾诺謀谋謂谓證证識识議议護护譽誉讀读變变讓让" +
	"豬猪貝贝負负財财貢贡貧贫貨货貫贯責责貸贷費费貼贴貿贸賃赁資资賠赔質质賬账賴赖購购賽赛贈赠贍赡趕赶躋跻躍跃車车軌轨軍军較较載载輓挽輔辅輕轻輛辆輪轮輸输輻辐轉转辦办農农迴回這这連连週周進进遊游運运" +
	"過过達达違违遞递遠远適适遷迁選选遺遗邁迈還还邊边郵邮鄉乡鄰邻醫医釋释釐厘針针釦扣鈡钟鉤钩銀银銅铜銳锐銷销鋪铺鋭锐錠锭錢钱録录錶表鍋锅鎊镑鎖锁鎮镇鏈链鏟铲鐘钟鐵铁鑑鉴鑒鉴長长門门開开閑闲閒闲間间" +
	"閘闸閱阅關关陝陕陣阵陸陆隊队階阶際际險险隻只雙双離离難难雲云電电鞏巩響响頁页頂顶頃顷項项順顺須须預预頒颁領领頭头顆颗題题額额願愿類类顧顾顯显風风飛飞飾饰養养餘余館馆饋馈馬马馳驰駐驻騰腾驗验驟骤" +
	"體体髮发鬥斗鮮鲜麗丽麵面黃黄點点黨党齡龄齣出龍龙"

// simplified holds the pairs of traditional by their first character.
var simplified = func() map[rune]rune {
	pairs := []rune(traditional)
	m := make(map[rune]rune, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}()

// inOwnWords gives subject and action of a statement the characters that its paragraph has for them.
func (e *reader) inOwnWords(p *paragraph, s *Statement) {
	if !e.doc.rewritten {
		return
	}
	if e.ownOf != p {
		e.own, e.ownOf = map[rune]rune{}, p
		for i, c := range p.r {
			if o := e.src[p.at[i]]; unicode.Is(unicode.Han, o) {
				e.own[c] = o
			}
		}
	}
	for _, w := range []*string{&s.Subject, &s.Action} {
		r := []rune(*w)
		for i, c := range r {
			if o := e.own[c]; o != 0 {
				r[i] = o
			}
		}
		*w = string(r)
	}
}

// simplify returns a report in traditional characters in simplified ones, which the lexicons are written in; every character keeps
// its place. A report in which fewer than one character of twenty is traditional is returned as it is: a name may be written so.
func simplify(src []rune) []rune {
	han, old := 0, 0
	for _, c := range src[:min(len(src), 4000)] {
		if unicode.Is(unicode.Han, c) {
			han++
			if simplified[c] != 0 {
				old++
			}
		}
	}
	if old == 0 || old*20 < han {
		return src
	}
	out := append([]rune(nil), src...)
	for i, c := range out {
		if s := simplified[c]; s != 0 {
			out[i] = s
		}
	}
	return out
}
