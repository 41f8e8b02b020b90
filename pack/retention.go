package pack

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"github.com/goccy/go-yaml"

	"bihuan/ground/fault"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
)

// RetentionFile is the one file that says how long values of persons are kept, beside the packs.
const RetentionFile = "retention.yaml"

// Retention says how long values of persons, and logs, are kept (保存期限).
type Retention struct {
	Rules  []RetentionRule // the first that fits decides
	Logs   Span            // never less than [LeastLogs]
	Digest string          // of the file: by it one tells whether the rules have changed
}

// RetentionRule is how long the values of some fields are kept after a matter was closed.
type RetentionRule struct {
	Key       string
	Of        []string // kinds of matter; none: every
	Fields    []string // none: every
	Class     string   // S or H; empty: both
	Keep      Span
	Least     Span // how long nobody's wish to be erased is met
	Words     name.Text
	Law       name.Text // what stands against erasing before Least
	Source    name.Text
	Confirmed bool
}

// Span is a length of time by the calendar.
type Span struct{ Years, Months, Days int }

// LeastLogs is the floor for logs: 网络安全法 (2016), 第二十一条第三项, as read about: no less than six months.
var LeastLogs = Span{Months: 6}

// ParseSpan reads a number with y, m or d behind it. It wraps [fault.ErrInvalid].
func ParseSpan(s string) (Span, error) {
	n := 0
	if len(s) > 1 {
		n, _ = strconv.Atoi(s[:len(s)-1])
	}
	if n < 1 || n > 40000 {
		return Span{}, fmt.Errorf("span %q: a number from 1 with y, m or d behind it is expected: %w", s, fault.ErrInvalid)
	}
	switch s[len(s)-1] {
	case 'y':
		return Span{Years: n}, nil
	case 'm':
		return Span{Months: n}, nil
	case 'd':
		return Span{Days: n}, nil
	}
	return Span{}, fmt.Errorf("span %q: y, m or d is expected behind the number: %w", s, fault.ErrInvalid)
}

// shanghai is Asia/Shanghai as ground/calendar takes it: without summer time.
var shanghai = time.FixedZone("+08:00", 8*3600)

// After returns the instant (µs) a span after another, at the same time of day in Asia/Shanghai; a day that a month lacks is its last.
func (s Span) After(at int64) int64 {
	t := time.UnixMicro(at).In(shanghai)
	first := time.Date(t.Year()+s.Years, t.Month()+time.Month(s.Months), 1, 0, 0, 0, 0, shanghai)
	day := min(t.Day(), first.AddDate(0, 1, -1).Day())
	return time.Date(first.Year(), first.Month(), day+s.Days, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), shanghai).UnixMicro()
}

// Short reports whether a span is shorter than another, counted from the same day.
func (s Span) Short(than Span) bool { return s.After(0) < than.After(0) }

// retentionSyntax is the file as it is written.
type retentionSyntax struct {
	Rules []struct {
		Rule      string    `yaml:"rule"`
		Of        []string  `yaml:"of"`
		Fields    []string  `yaml:"fields"`
		Class     string    `yaml:"class"`
		Keep      string    `yaml:"keep"`
		Least     string    `yaml:"least"`
		Words     name.Text `yaml:"words"`
		Law       name.Text `yaml:"law"`
		Source    name.Text `yaml:"source"`
		Confirmed string    `yaml:"confirmed"`
	} `yaml:"rules"`
	Logs string `yaml:"logs"`
}

// ReadRetention reads and checks the rules at the root of fsys. Unknown keys are faults; so are a rule without words, reason or source,
// a span that is none, logs below the floor of the law, and rules after which something would be kept for ever. It wraps [fault.ErrInvalid].
func ReadRetention(fsys fs.FS) (Retention, error) {
	b, err := fs.ReadFile(fsys, RetentionFile)
	if err != nil {
		return Retention{}, fmt.Errorf("read retention: %w", err)
	}
	r, err := parseRetention(b)
	if err != nil {
		return r, fmt.Errorf("%s: %w", RetentionFile, err)
	}
	return r, nil
}

func parseRetention(b []byte) (r Retention, err error) {
	var src retentionSyntax
	if err := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict()).Decode(&src); err != nil {
		return r, fmt.Errorf("%s: %w", yaml.FormatError(err, false, true), fault.ErrInvalid)
	}
	if r.Logs, err = ParseSpan(src.Logs); err != nil {
		return r, fmt.Errorf("logs: %w", err)
	}
	if r.Logs.Short(LeastLogs) {
		return r, fmt.Errorf("logs: %s is less than the six months that the law asks for: %w", src.Logs, fault.ErrInvalid)
	}
	for _, s := range src.Rules {
		c := RetentionRule{Key: s.Rule, Of: s.Of, Fields: s.Fields, Class: s.Class, Words: s.Words, Law: s.Law, Source: s.Source, Confirmed: s.Confirmed == "yes"}
		wrong := func(what string) (Retention, error) {
			return r, fmt.Errorf("rule %q: %s: %w", s.Rule, what, fault.ErrInvalid)
		}
		if c.Keep, err = ParseSpan(s.Keep); err != nil {
			return wrong("keep: " + err.Error())
		}
		if s.Least != "" {
			if c.Least, err = ParseSpan(s.Least); err != nil {
				return wrong("least: " + err.Error())
			}
		}
		switch {
		case c.Key == "" || slices.ContainsFunc(r.Rules, func(o RetentionRule) bool { return o.Key == c.Key }):
			return wrong("it has no key, or one that another has")
		case c.Words.ZH == "" || c.Words.EN == "" || c.Law.ZH == "" || c.Law.EN == "" || c.Source.ZH == "" || c.Source.EN == "":
			return wrong("words, law and source are needed in both languages")
		case c.Class != "" && c.Class != "S" && c.Class != "H":
			return wrong("class is S or H")
		case s.Confirmed != "yes" && s.Confirmed != "no":
			return wrong("confirmed is yes or no")
		case c.Keep.Short(c.Least):
			return wrong("it would be kept for less time than it must be")
		}
		r.Rules = append(r.Rules, c)
	}
	if n := len(r.Rules); n == 0 || len(r.Rules[n-1].Of)+len(r.Rules[n-1].Fields) > 0 || r.Rules[n-1].Class != "" {
		return r, fmt.Errorf("the last rule has to fit everything, or something would be kept for ever: %w", fault.ErrInvalid)
	}
	h := ledger.SM3.New()
	h.Write(b)
	r.Digest = fmt.Sprintf("%x", h.Sum(nil))
	return r, nil
}

// Rule returns the rule for a field of a matter of a kind; class is S or H. There is one for everything.
func (r *Retention) Rule(kind, field, class string) *RetentionRule {
	for i := range r.Rules {
		c := &r.Rules[i]
		if (len(c.Of) == 0 || slices.Contains(c.Of, kind)) && (len(c.Fields) == 0 || slices.Contains(c.Fields, field)) && (c.Class == "" || c.Class == class) {
			return c
		}
	}
	return nil
}

// Shortest returns the shortest span that anything is kept: before it has passed nobody has to look.
func (r *Retention) Shortest() Span {
	s := r.Rules[0].Keep
	for i := range r.Rules {
		if r.Rules[i].Keep.Short(s) {
			s = r.Rules[i].Keep
		}
	}
	return s
}
