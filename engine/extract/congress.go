package extract

// The Party's congresses and plenary sessions, which date a text that names no year of its own.

// congresses are the first years after the Party's congresses, which reports call 开局之年. Source: the dates of the congresses.
var congresses = map[string]int{"十六": 2003, "十七": 2008, "十八": 2013, "十九": 2018, "二十": 2023}

// congressVotes reads 今年是全面贯彻党的二十大精神的开局之年, which dates a text without years.
func (doc *document) congressVotes(r []rune, votes map[int]int) {
	at := index(r, "今年是")
	if at < 0 {
		return
	}
	end := at
	for end < len(r) && end < at+40 && !oneOf(r[end], "，。；") {
		end++
	}
	if !contains(r[at:end], "开局之年") && !contains(r[at:end], "开局年") {
		return
	}
	for i := at; i+4 < end; i++ {
		if y := congresses[string(r[i+2:i+4])]; y > 0 && reads(r, i, "党的") && r[i+4] == '大' {
			if doc.tellsOfHalf() {
				y++
			}
			votes[y] += 4
		}
	}
}

// plenums are the years of the plenary sessions of the Central Committee (中全会), by congress: of the first session, the second, and so on.
// Source: their published communiqués.
var plenums = map[string][]int{
	"十六": {2002, 2003, 2003, 2004, 2005, 2006},
	"十七": {2007, 2008, 2008, 2009, 2010, 2011},
	"十八": {2012, 2013, 2013, 2014, 2015, 2016},
	"十九": {2017, 2018, 2018, 2019, 2020, 2021},
	"二十": {2022, 2023, 2024, 2025},
}

// lastPlenum returns the year of the latest plenary session that the report names (十八届三中、六中全会), 0 if it names none:
// a report given in winter follows the session of the autumn before, which dates a text that has lost its date.
func (doc *document) lastPlenum() int {
	last := 0
	for k := range doc.paragraphs {
		r := doc.paragraphs[k].r
		for i := 2; i < len(r); i++ {
			if r[i] != '届' || plenums[string(r[i-2:i])] == nil {
				continue
			}
			years := plenums[string(r[i-2:i])]
			for j := i + 1; j+1 < len(r) && j < i+24 && !oneOf(r[j], "。，；"); j++ {
				if n := planNumbers[r[j]]; n > 0 && n <= len(years) && r[j+1] == '中' && !hasSuffix(r[:j], "十") {
					last = max(last, years[n-1])
				}
			}
		}
	}
	return last
}
