package notice

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Channel is a way by which a message leaves the house.
type Channel string

// The channels.
const (
	Mail  Channel = "mail"  // 邮件
	SMS   Channel = "sms"   // 短信
	Robot Channel = "robot" // 企业微信、钉钉、飞书群机器人
)

// Channels are all channels, in the order of pages.
var Channels = []Channel{Mail, SMS, Robot}

// Address is where one person can be reached. An empty part is a way that is not open.
type Address struct {
	Mail  string // one plain address such as li@example.cn
	Phone string // digits, a plus may stand before them
	Lang  string // "zh" or "en": in which words the message is; anything else is Chinese
}

// Sender carries one message to one person now: by mail if there is a mail address, otherwise by SMS.
//
// purpose says what it is for in a short word of ASCII letters, digits and hyphens, such as "sign-in-code"; it stands in
// the record of what was sent, the text does not. Send returns when the next server has taken the message over. It wraps
// [fault.ErrInvalid] for an address or text that cannot be sent, and [fault.ErrUnavailable] when no way is set up or the
// server does not take it; the caller may try again then, and the person may get it twice.
type Sender interface {
	Send(ctx context.Context, to Address, purpose string, text name.Text) error
}

// Limits of what is sent.
const (
	MaxMail  = 254  // bytes of a mail address; RFC 5321, 4.5.3.1.3 allows a path of 256 with its brackets
	MaxText  = 4000 // characters of one message
	maxPhone = 15   // digits; ITU-T E.164 (2010), 6.1
	minPhone = 5
)

// Check reports whether the address can be used at all: at least one way, and each of them well-formed. It wraps [fault.ErrInvalid].
func (a Address) Check() error {
	if a.Mail == "" && a.Phone == "" {
		return fault.Refuse(fault.ErrInvalid, "address-missing", "address")
	}
	if a.Mail != "" && !IsMail(a.Mail) {
		return fault.Refuse(fault.ErrInvalid, "mail-malformed", "mail")
	}
	if a.Phone != "" && !IsPhone(a.Phone) {
		return fault.Refuse(fault.ErrInvalid, "phone-malformed", "phone")
	}
	return nil
}

// IsMail reports whether s is one plain mail address: local part, @ and a domain, of printable ASCII without quoting,
// blanks, brackets, commas and colons. That is stricter than RFC 5322 on purpose: what it lets through can be written into
// a header and into an SMTP command as it stands.
func IsMail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(s) > MaxMail || local == "" || len(local) > 64 || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(s, "..") {
		return false
	}
	for _, r := range local {
		if !isLetter(r) && !strings.ContainsRune("0123456789.!#$%&'*+-/=?^_`{|}~", r) {
			return false
		}
	}
	return isDomain(domain)
}

func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, r := range l {
			if !isLetter(r) && (r < '0' || r > '9') && r != '-' {
				return false
			}
		}
	}
	return true
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// IsPhone reports whether s is a telephone number: 5 to 15 digits, a plus may stand before them.
func IsPhone(s string) bool {
	digits := strings.TrimPrefix(s, "+")
	return len(digits) >= minPhone && len(digits) <= maxPhone && strings.Trim(digits, "0123456789") == ""
}

// IsPurpose reports whether s is a short word of lower-case ASCII letters, digits and hyphens.
func IsPurpose(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Line returns s as one line that is safe in a header, a log and a chat: controls, line and paragraph separators, and
// characters that turn the direction of writing become blanks, runs of blanks one, and what is longer than most characters is cut.
func Line(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "�"), breaks), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:max(0, most-1)]) + "…"
	}
	return s
}

// Lines returns s with each of its lines as [Line] makes it, at most most characters in all; line breaks stay.
func Lines(s string, most int) string {
	var out []string
	for line := range strings.Lines(s) {
		out = append(out, Line(strings.TrimRight(line, "\r\n"), most))
	}
	s = strings.Join(out, "\n")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:max(0, most-1)]) + "…"
	}
	return s
}

func breaks(r rune) bool {
	switch {
	case unicode.IsControl(r), unicode.IsSpace(r), r == '\u2028', r == '\u2029':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\ufeff':
		return true
	}
	return false
}
