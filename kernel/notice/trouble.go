package notice

import (
	"errors"
	"net/http"
	"strings"
)

// Trouble 未送达的原因 is why something did not get through to a program of others, in a word for which the catalogue has a sentence. Beside it stand the technical words, for
// whoever mends it.
type Trouble string

// The troubles.
const (
	NotApproved Trouble = "not-approved"  // 未批准: the place is not on the list, or its name leads elsewhere
	NoName      Trouble = "no-name"       // 域名解析不到
	Unanswered  Trouble = "unanswered"    // 端口无人应答: the machine is there and takes no connection
	Unreachable Trouble = "unreachable"   // 网络不通
	BrokenOff   Trouble = "broken-off"    // 中途断开
	Slow        Trouble = "slow"          // 超时
	Distrusted  Trouble = "distrusted"    // 证书不可信
	NotTLS      Trouble = "not-tls"       // 加密连接不成
	TooLong     Trouble = "too-long"      // 应答过长
	Moved       Trouble = "moved"         // 3xx
	NotLetIn    Trouble = "not-let-in"    // 401, 403, 407
	NoSuchPath  Trouble = "no-such-path"  // 404, 405, 410
	TooOften    Trouble = "too-often"     // 429
	NotTaken    Trouble = "not-taken"     // other 4xx, and what a mail server refuses for good
	TheirFault  Trouble = "their-fault"   // 5xx
	Unexplained Trouble = "not-explained" // anything else
)

// Troubles are all of them.
var Troubles = []Trouble{NotApproved, NoName, Unanswered, Unreachable, BrokenOff, Slow, Distrusted, NotTLS, TooLong, Moved, NotLetIn, NoSuchPath, TooOften, NotTaken, TheirFault, Unexplained}

// Troubled is an error that says which trouble it is.
type Troubled interface {
	error
	Trouble() Trouble
}

// TroubleOf returns the trouble of an error, [Unexplained] of one that does not say.
func TroubleOf(err error) Trouble {
	if t, ok := errors.AsType[Troubled](err); ok {
		return t.Trouble()
	}
	return Unexplained
}

// OfStatus returns the trouble of the status of an answer by HTTP, empty for one of success.
//
// Source: RFC 9110 (2022), section 15.
func OfStatus(status int) Trouble {
	switch {
	case status >= 200 && status < 300:
		return ""
	case status >= 300 && status < 400:
		return Moved
	case status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusProxyAuthRequired:
		return NotLetIn
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusGone:
		return NoSuchPath
	case status == http.StatusRequestTimeout:
		return Slow
	case status == http.StatusTooManyRequests:
		return TooOften
	case status >= 400 && status < 500:
		return NotTaken
	case status >= 500 && status < 600:
		return TheirFault
	}
	return Unexplained
}

// Why is what is kept of an error: its trouble, and its text in one line of so many characters at most. [ReadWhy] reads it.
func Why(err error, most int) string {
	return "@" + string(TroubleOf(err)) + " " + Line(err.Error(), most)
}

// ReadWhy returns trouble and technical words of what was kept; a line that names no trouble, as those from before do, is technical words alone.
func ReadWhy(s string) (Trouble, string) {
	if rest, marked := strings.CutPrefix(s, "@"); marked {
		word, text, _ := strings.Cut(rest, " ")
		for _, t := range Troubles {
			if string(t) == word {
				return t, text
			}
		}
	}
	return Unexplained, s
}
