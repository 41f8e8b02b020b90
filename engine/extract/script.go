package extract

import "unicode"

// traditional pairs each traditional character with its simplified form, for the characters that the lexicons use. Source: common
// usage of both scripts; checked against the table of the OpenCC project. A character that the lexicons do not know stays as it is.
const traditional = "" +
	"並并亞亚佈布佔占併并來来侷局係系俬私倉仓個个們们倖幸偵侦備备傢家傳传債债僅仅價价儀仪億亿儘尽償偿優优儲储兌兑兒儿內内兩两冊册凈净別别則则剋克剛刚創创剷铲劃划劇剧劑剂勁劲動动務务勝胜勞劳勢势勵励" +
	"匯汇區区協协卽即厠厕厤历厲厉參参員员唸念問问啓启啟启喫吃單单嘗尝噸吨噹当嚐尝嚮向嚴严國国圍围園园圓圆圖图團团垻坝埰采執执堅坚報报場场塊块墊垫墻墙墾垦壓压壩坝壯壮壽寿夠够夢梦奪夺奬奖奮奋婦妇嬰婴" +
	"學学寀采實实審审寬宽將将專专對对導导屆届屢屡層层屬属峯峰島岛崗岗嵗岁師师帶带幣币幫帮幹干幾几庫库廁厕廈厦廠厂廢废廣广廳厅弔吊張张強强彆别彈弹彔录彙汇後后徑径從从復复徵征徹彻態态應应戰战戶户捨舍" +
	"捲卷掛挂採采揚扬換换揮挥搖摇搶抢摺折撈捞撥拨擁拥擊击擔担據据擬拟擴扩攝摄攬揽敎教數数斬斩斷断於于旂旗旣既昇升時时晉晋曆历曏向書书會会朮术東东査查桿杆條条棟栋棧栈業业極极榘矩榦干榮荣構构樁桩樓楼" +
	"標标樞枢樣样樹树橋桥機机檔档檢检檯台檻槛欄栏權权歐欧歲岁歷历歸归殘残殯殡氣气氾泛汎泛汙污決决沒没沖冲況况淨净減减測测準准溫温溼湿滅灭滙汇滾滚滿满漁渔漲涨潔洁潤润澆浇濃浓濕湿濟济瀏浏瀝沥灘滩災灾" +
	"為为無无煉炼熱热燒烧營营爐炉爭争爲为牀床牆墙牽牵獎奖獲获獻献現现環环產产産产畝亩畢毕當当痠酸療疗發发盞盏盡尽監监盤盘盧卢眞真眾众睏困確确碼码礎础礦矿稅税種种稱称積积穩稳穫获競竞筆笔箇个節节範范" +
	"築筑簡简簽签籃篮籌筹籤签糧粮糰团紀纪約约紅红納纳紐纽紓纾純纯紗纱紙纸級级紮扎終终組组結结絕绝絡络給给統统絶绝綑捆經经綜综綠绿綫线維维綱纲網网綿绵緊紧緑绿線线締缔緣缘編编緩缓緻致縣县縮缩縴纤總总" +
	"績绩織织繕缮繞绕繪绘繫系繳缴繼继續续纍累纔才纖纤纜缆羣群義义聯联職职肅肃脩修脫脱臨临臺台與与興兴舉举舊旧舘馆茲兹華华萬万蓆席蓋盖蔘参藍蓝處处號号蛻蜕蟬蝉衆众術术衕同衛卫衝冲裏里補补裝装裡里製制" +
	"複复覈核見见規规視视親亲覽览觀观觸触訂订計计訊讯訓训託托記记訪访設设許许診诊註注証证評评詞词試试話话誌志認认語语誠诚說说説说課课調调談谈請请論论諧谐諾诺謀谋謂谓證证識识議议護护譽誉讀读變变讓让" +
	"豬猪貝贝負负財财貢贡貧贫貨货貫贯責责貸贷費费貼贴貿贸賃赁資资賠赔質质賬账賴赖購购賽赛贈赠贍赡趕赶踰逾躋跻躍跃車车軌轨軍军較较載载輓挽輔辅輕轻輛辆輪轮輸输輻辐轉转辦办農农迴回這这連连週周進进遊游" +
	"運运過过達达違违遞递遠远適适遷迁選选遺遗邁迈還还邊边郵邮鄉乡鄰邻醫医釋释釐厘針针釦扣鈎钩鈡钟鉅巨鉤钩銀银銅铜銳锐銷销鋪铺鋭锐錄录錠锭錢钱録录錶表鍊炼鍋锅鍼针鍾钟鎊镑鎖锁鎭镇鎮镇鏈链鏟铲鐘钟鐵铁" +
	"鑑鉴鑒鉴長长門门開开閑闲閒闲間间閘闸閤合閱阅閲阅闆板闇暗關关陝陕陞升陣阵陸陆隊队階阶際际險险隻只雙双離离難难雲云電电鞏巩鞦秋韆千響响頁页頂顶頃顷項项順顺須须預预頒颁領领頭头顆颗題题額额願愿類类" +
	"顧顾顯显風风颱台飛飞飾饰養养餘余館馆饋馈馬马馳驰駐驻騰腾驗验驟骤體体髮发鬚须鬥斗鮮鲜麗丽麪面麫面麵面黃黄點点黨党齡龄齣出龍龙"

// simplified holds the pairs of traditional by their first character.
var simplified = func() map[rune]rune {
	pairs := []rune(traditional)
	m := make(map[rune]rune, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}()

// widen gives the marks of a text in half-width letters their full width where a letter of a sentence stands before them; every mark
// keeps its place. A point between digits, and what stands in names and addresses, stays.
func widen(src []rune) []rune {
	out := src
	for i := 1; i < len(src); i++ {
		c, wide := src[i], rune(0)
		switch p := src[i-1]; {
		case c > ';' || !isHan(p) && !oneOf(p, "%％”）\")"):
			continue
		case c == '.' && (i+1 == len(src) || (src[i+1] < 'a' || src[i+1] > 'z') && src[i+1] != '.'):
			wide = '。'
		case c == ',':
			wide = '，'
		case c == ':':
			wide = '：'
		case c == ';' && (i+1 == len(src) || src[i+1] != ';'):
			wide = '；'
		case c == '!':
			wide = '！'
		}
		if wide == 0 {
			continue
		}
		if &out[0] == &src[0] {
			out = append([]rune(nil), src...)
		}
		out[i] = wide
	}
	return out
}

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
