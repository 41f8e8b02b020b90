package account

import (
	"unicode/utf8"

	"bihuan/ground/fault"
)

// FactorKind is a way of proving who one is 鉴别方式.
type FactorKind string

// The kinds of factor.
const (
	Password    FactorKind = "password"    // 口令
	TOTP        FactorKind = "totp"        // 动态口令, RFC 6238
	Recovery    FactorKind = "recovery"    // 恢复码
	Passkey     FactorKind = "passkey"     // 通行密钥, WebAuthn with user verification
	Certificate FactorKind = "certificate" // 数字证书, SM2, behind a PIN
	OIDC        FactorKind = "oidc"        // 统一身份认证, one factor elsewhere
	OIDCStrong  FactorKind = "oidc-strong" // 统一身份认证, where the provider states that it asked for two factors
	OneTimeCode FactorKind = "code"        // 短信验证码 and the like
	Vouched     FactorKind = "demo"        // 演示: the demo lets a visitor be somebody; refused everywhere else
)

// what a factor shows, as bits: something known, something had, something one is.
const (
	knows = 1 << iota
	has
	is
)

var shows = map[FactorKind]int{
	Password: knows, TOTP: has, Recovery: has, Passkey: has | is, Certificate: has | knows,
	OIDC: knows, OIDCStrong: knows | has, OneTimeCode: has,
	Vouched: knows | has,
}

// IsHeld reports whether a proof has something in it that only its person has or is: what a second look asks for.
func IsHeld(proven []FactorKind) bool {
	for _, k := range proven {
		if shows[k]&(has|is) != 0 {
			return true
		}
	}
	return false
}

// Strength returns how many different sorts of factor a proof consists of: 0 for none, 1 for a password, 2 for a password
// with a code, or for a passkey alone. Two codes are one sort.
func Strength(proven []FactorKind) (n int) {
	all := 0
	for _, k := range proven {
		all |= shows[k]
	}
	for ; all > 0; all >>= 1 {
		n += all & 1
	}
	return n
}

// Factor is one way in which a person proves who they are. Its secret lies beside the log under the same id.
type Factor struct {
	ID    string     `json:"id"`
	Kind  FactorKind `json:"kind,omitempty"`
	Label string     `json:"label,omitempty"` // in the person's words, such as 手机
	Added int64      `json:"-"`               // µs
}

// Limits of factors. Ours.
const (
	MaxFactors = 12
	maxLabel   = 40 // characters
)

func (f *Factor) check() error {
	switch {
	case shows[f.Kind] == 0:
		return fault.Refuse(fault.ErrInvalid, "no-such-option", "factor")
	case f.ID == "" || len(f.ID) > 64:
		return fault.Refuse(fault.ErrInvalid, "field-missing", "factor")
	case utf8.RuneCountInString(f.Label) > maxLabel || !utf8.ValidString(f.Label):
		return fault.Refuse(fault.ErrInvalid, "too-long", "label", "limit", "40")
	}
	return nil
}

// Has reports whether the account has a factor of a kind.
func (a *Account) Has(k FactorKind) bool {
	for _, f := range a.Factors {
		if f.Kind == k {
			return true
		}
	}
	return false
}
