package redact

import (
	"regexp"
	"strings"
	"time"
)

// run is a number as somebody wrote it, its digits perhaps in groups: [from, to) in runes.
type run struct {
	from, to int
	digits   string // with a closing X for an identity number
}

// findNumbers finds what is a long number: papers, telephones, cards.
func findNumbers(t *reading) (all []Found) {
	for _, r := range append(t.writtenRuns(), t.spokenRuns()...) {
		if k, rule := t.numberKind(r); k != "" {
			all = append(all, t.found(r.from, r.to, k, rule))
		}
	}
	return all
}

// writtenRuns returns the runs of digits. A blank, hyphen or dot between two groups of at least three digits does not end one.
func (t *reading) writtenRuns() (all []run) {
	for i := 0; i < len(t.plain); i++ {
		if !isDigit(t.plain[i]) {
			continue
		}
		r := run{from: i}
		var b strings.Builder
		for i < len(t.plain) {
			switch {
			case isDigit(t.plain[i]):
				b.WriteRune(t.plain[i])
			case joins(t.plain[i]) && t.group(i-1, -1) >= 3 && t.group(i+1, 1) >= 3:
			case t.plain[i] == 'X' && b.Len() == 17:
				b.WriteRune('X')
			default:
				goto end
			}
			i++
		}
	end:
		r.to, r.digits = i, b.String()
		if len(r.digits) >= 7 {
			all = append(all, r)
		}
	}
	return all
}

func joins(r rune) bool {
	return r == ' ' || r == '-' || r == '.' || r == '－' || r == '—' || r == '\u00a0'
}

// group counts the digits from i on in one direction, up to four.
func (t *reading) group(i, step int) (n int) {
	for ; n < 4 && i >= 0 && i < len(t.plain) && isDigit(t.plain[i]); i += step {
		n++
	}
	return n
}

// spokenRuns returns runs of at least seven digits written in Chinese: 一三八…, 幺三八….
func (t *reading) spokenRuns() (all []run) {
	for i := 0; i < len(t.plain); {
		r := run{from: i}
		var b strings.Builder
		for ; i < len(t.plain) && hanziDigits[t.plain[i]] != 0; i++ {
			b.WriteRune(hanziDigits[t.plain[i]])
		}
		if r.to, r.digits = i, b.String(); b.Len() >= 7 {
			all = append(all, r)
		}
		if b.Len() == 0 {
			i++
		}
	}
	return all
}

// Words before a number that say what it is. Each was met in messages of residents.
var (
	paperCue = regexp.MustCompile(`(身份证|身份号|证件|护照|通行证|残疾证|残疾人证|驾驶证|居住证|证号|证号码|证件号码)(号|号码)?(是|为)?[:：∶;,，（(【 ]*$`)
	cardCue  = regexp.MustCompile(`(银行卡|社保卡|社会保障卡|信用卡|存折|卡|账|帐|账户|帐户|户)(号|号码)(是|为)?[:：∶,， ]*$`)
	phoneCue = regexp.MustCompile(`(电话|手机|联系方式|联系号码|热线|座机|TEL|PHONE|传真|致电|拨打)(号|号码|是|为)*[:：∶;,，（(【. ]*$`)
	lineCue  = regexp.MustCompile(`(电话|座机|传真|TEL|致电|拨打|热线|咨询|号码|联系)[^。；\n]{0,12}$`)
	orderCue = regexp.MustCompile(`(订单|工单|编号|文号|批准文号|受理号|流水号|案件号|回执|信用代码|注册号|证书|许可证)(号|号码|编号)?(是|为|第)?[:：∶,， ]*$`)
)

var mobile = regexp.MustCompile(`^(86|086|0086)?1[3-9]\d{9}$`)

// numberKind says what a number is, "" for one that may be shown.
func (t *reading) numberKind(r run) (Kind, string) {
	before := t.before(r.from, 16)
	n := len(r.digits)
	switch {
	case isPaper(r.digits):
		return IDNumber, "identity number"
	case paperCue.MatchString(before) && n >= 8:
		return IDNumber, "number after the word for a paper"
	case mobile.MatchString(r.digits):
		return Phone, "mobile number"
	case n > 11 && n <= 14 && mobile.MatchString(r.digits[:11]) && phoneCue.MatchString(before):
		return Phone, "mobile number with digits too many"
	case phoneCue.MatchString(before) && n <= 13:
		return phoneOrLine(r.digits), "number after the word for a telephone"
	case orderCue.MatchString(before):
		return "", ""
	case cardCue.MatchString(before) && n >= 8:
		return Card, "number after the word for an account"
	case n >= 15 && n <= 19 && isCard(r.digits):
		return Card, "card number"
	case isLandline(r.digits) && (t.hasAreaCode(r) || lineCue.MatchString(before)):
		return Landline, "area code and number"
	}
	return "", ""
}

func phoneOrLine(digits string) Kind {
	if digits[0] == '1' && len(digits) >= 10 {
		return Phone
	}
	return Landline
}

// isPaper reports whether the digits are built like an identity number of 18 or, before 1999, 15 digits: province and
// a date of birth. The check symbol is not asked for.
func isPaper(d string) bool {
	if len(d) == 20 { // 残疾人证: the identity number, class and grade
		d = d[:18]
	}
	switch len(d) {
	case 18:
		return province(d) && isDate(d[6:14])
	case 15:
		return province(d) && isDate("19"+d[6:12])
	}
	return false
}

// province reports whether the first two digits are the code of a province (GB/T 2260) or of a residence permit (81 to 83).
func province(d string) bool { return d[0] >= '1' && d[0] <= '8' && d[1] <= '7' }

func isDate(s string) bool {
	d, err := time.Parse("20060102", s)
	return err == nil && d.Year() >= 1900 && d.Year() < 2100
}

// isCard reports whether the digits pass the check of bank cards (Luhn, ISO/IEC 7812-1) or begin like a card of UnionPay.
func isCard(d string) bool {
	if strings.HasPrefix(d, "62") {
		return true
	}
	sum := 0
	for i := range len(d) {
		v := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0 && strings.ContainsRune("3456", rune(d[0]))
}

var landline = regexp.MustCompile(`^(0(10|2\d|[3-9]\d{2})[2-9]\d{6,7}|400\d{7}|800\d{7}|[2-9]\d{6,7})$`)

func isLandline(d string) bool { return landline.MatchString(d) }

// hasAreaCode reports whether the number was written with an area code or as a free number.
func (t *reading) hasAreaCode(r run) bool {
	d := r.digits
	return len(d) >= 10 && (d[0] == '0' || d[:3] == "400" || d[:3] == "800")
}
