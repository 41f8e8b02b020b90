package identity

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"bihuan/desk/accounts"
	"bihuan/desk/doors"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/account"
	"bihuan/kernel/notice"
)

// codeTries is how often a code may be typed: five times, then it is over.
const codeTries = 5

// sent is what is remembered of a code that was sent.
type sent struct {
	Factor string `json:"factor"` // keyed hash of the number
	Number []byte `json:"number"` // sealed
	Code   string `json:"code"`   // keyed hash
	To     string `json:"to"`
}

// HasCodes reports whether codes are sent.
func (r *Room) HasCodes() bool { return r.Sender != nil }

// HasStronger reports whether a resident can sign in by something stronger than a code that was sent: a provider, a certificate, a passkey.
func (r *Room) HasStronger() bool {
	return r.Trust != nil || r.HasPasskeys() || slices.ContainsFunc(r.Providers, func(p Provider) bool { return p.Residents })
}

// SendCode sends a code of six digits to a number or a mail address, and returns the secret that the answer has to bring. Every
// address that can be one is answered alike, whether somebody has an account with it or not, and whether there is a mailbox behind it or
// none: what the other side refuses for good is told to the security log. It refuses with [*doors.Busy]
// what was asked too often of one number or from one network.
func (r *Room) SendCode(ctx context.Context, number, to, address, lang string) (secret string, err error) {
	if !r.HasCodes() {
		return "", fmt.Errorf("codes: %w", fault.ErrNotFound)
	}
	at, one, err := addressOf(number, lang)
	if err == nil && r.ByPhone && at.Mail != "" {
		err = fault.Refuse(fault.ErrInvalid, "number-phone-only", "number")
	}
	if err == nil && r.ByMail && at.Phone != "" {
		err = fault.Refuse(fault.ErrInvalid, "number-mail-only", "number")
	}
	if err != nil {
		return "", err
	}
	if err := r.Accounts.Admit(address); err != nil {
		return "", err
	}
	now := r.Accounts.Desk.Now()
	factor, err := r.Accounts.FactorID(ctx, account.OneTimeCode, one)
	if err != nil {
		return "", err
	}
	if wait := r.budget.take(factor, accounts.Network(address), now); wait > 0 {
		return "", &doors.Busy{Refusal: fault.Refuse(fault.ErrUnavailable, "code-too-often", ""), After: time.Duration(wait) * time.Microsecond}
	}
	code := r.newCode()
	hash, err := r.Accounts.FactorID(ctx, account.OneTimeCode, factor, code)
	if err != nil {
		return "", err
	}
	s := sent{Factor: factor, Number: r.Accounts.SealFor(name.ID(factor), askCode, []byte(one)), Code: hash, To: to}
	if secret, err = r.ask(ctx, askCode, nil, s); err != nil {
		return "", err
	}
	err = r.Sender.Send(ctx, at, "sign-in-code", name.Text{
		ZH: "您的登录验证码是 " + code + "，10分钟内有效，只能使用一次。工作人员不会向您索要验证码。",
		EN: "Your code to sign in is " + code + ". It holds for ten minutes and works once. Nobody who works here will ask you for it."})
	if errors.Is(err, fault.ErrInvalid) {
		r.Accounts.Undelivered(address)
		err = nil
	}
	return secret, err
}

// AnswerCode takes a code that was typed. A resident who comes for the first time becomes an account.
func (r *Room) AnswerCode(ctx context.Context, secret, typed, address, device string) (Outcome, error) {
	if !r.HasCodes() {
		return Outcome{}, fmt.Errorf("codes: %w", fault.ErrNotFound)
	}
	if err := r.Accounts.Admit(address); err != nil {
		return Outcome{}, err
	}
	if len(secret) != 64 || len(typed) > 32 {
		return Outcome{}, over()
	}
	now, log := r.Accounts.Desk.Now(), r.Accounts.Desk.District()
	c, err := r.Store.TryChallenge(ctx, log, askCode, idOf(secret), codeTries, now)
	if errors.Is(err, fault.ErrNotFound) {
		return Outcome{}, over()
	} else if err != nil {
		return Outcome{}, err
	}
	var s sent
	if err := json.Unmarshal(c.Body, &s); err != nil {
		return Outcome{}, err
	}
	if !r.Accounts.Matches(account.OneTimeCode, s.Code, s.Factor, digits(typed)) {
		return Outcome{}, r.wrong(address, fault.Refuse(fault.ErrDenied, "sent-code-wrong", "code"))
	}
	if _, err := r.Store.TakeChallenge(ctx, log, askCode, idOf(secret), now); errors.Is(err, fault.ErrNotFound) {
		return Outcome{}, over() // somebody was faster with the same code
	} else if err != nil {
		return Outcome{}, err
	}
	number, err := r.Accounts.OpenFor(name.ID(s.Factor), askCode, s.Number)
	if err != nil {
		return Outcome{}, err
	}
	a, err := r.Accounts.Newcome(ctx, account.Factor{ID: s.Factor, Kind: account.OneTimeCode, Label: masked(string(number))}, number)
	return Outcome{Proof: accounts.Proof{Account: a.ID, Proven: []account.FactorKind{account.OneTimeCode}, Device: device}, To: s.To}, err
}

// newCode returns six digits, each code as likely as any other.
func (r *Room) newCode() string {
	const codes = 1_000_000
	for {
		var b [4]byte
		r.Accounts.Chance(b[:])
		if n := binary.BigEndian.Uint32(b[:]); n < 1<<32/codes*codes {
			return fmt.Sprintf("%06d", n%codes)
		}
	}
}

// addressOf reads a mobile number or a mail address, and returns its one form besides.
func addressOf(typed, lang string) (notice.Address, string, error) {
	a := notice.Address{Lang: lang}
	typed = strings.TrimSpace(typed)
	one := ""
	if strings.Contains(typed, "@") {
		a.Mail = strings.ToLower(typed)
		one = a.Mail
	} else {
		one = digits(typed)
		if rest, ok := strings.CutPrefix(one, "86"); ok && len(rest) == 11 {
			one = rest
		}
		if len(one) != 11 || one[0] != '1' {
			return a, "", fault.Refuse(fault.ErrInvalid, "number-unreadable", "number")
		}
		a.Phone = one
	}
	if a.Check() != nil {
		return a, "", fault.Refuse(fault.ErrInvalid, "number-unreadable", "number")
	}
	return a, one, nil
}

// digits leaves the digits of what was typed, those of full width as plain ones.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, s)
}

// masked is a number as its owner recognises it: 138****5678. It stands in the log, so no more of it is told.
func masked(number string) string {
	if i := strings.IndexByte(number, '@'); i >= 0 {
		return "邮箱"
	}
	return "手机 " + number[:3] + "****"
}

// budget counts codes by number and by network, in bounded memory.
type budget struct {
	mu   sync.Mutex
	rows map[string][]int64 // µs of what was sent, the latest last
}

// The budgets, ours: one code a minute and five an hour to one number, thirty an hour from one network, where many may share
// an address.
const (
	hour       = 60 * minute
	perNumber  = 5
	perNetwork = 30
	maxBudgets = 50_000
)

func newBudget() *budget { return &budget{rows: map[string][]int64{}} }

// take counts one code, or returns how long to wait.
func (b *budget) take(number, network string, now int64) (wait int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, net := b.recent("n "+number, now), b.recent("a "+network, now)
	switch {
	case len(n) > 0 && now < n[len(n)-1]+minute:
		return n[len(n)-1] + minute - now
	case len(n) >= perNumber:
		return n[0] + hour - now
	case len(net) >= perNetwork:
		return net[0] + hour - now
	}
	if len(b.rows) >= maxBudgets {
		for k := range b.rows {
			if len(b.recent(k, now)) == 0 {
				delete(b.rows, k)
			}
		}
		if len(b.rows) >= maxBudgets {
			return minute // full of the last hour's: nobody is let through for free
		}
	}
	b.rows["n "+number], b.rows["a "+network] = append(n, now), append(net, now)
	return 0
}

// recent returns what of a row is of the last hour.
func (b *budget) recent(key string, now int64) []int64 {
	all := b.rows[key]
	for len(all) > 0 && all[0] <= now-hour {
		all = all[1:]
	}
	return all
}
