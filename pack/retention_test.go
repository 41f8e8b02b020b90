package pack

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bihuan/ground/fault"
)

func retention(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../packs/retention.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheRulesOfRetention(t *testing.T) {
	r, err := ReadRetention(fstest.MapFS{RetentionFile: {Data: []byte(retention(t))}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ kind, field, class, rule string }{
		{"hotline/call", "phone", "S", "contact"}, {"hotline/call", "phone", "H", "secret-reporter"}, {"hotline/call", "caller", "S", "with-the-case"},
		{"rights/request", "phone", "S", "rights-request"}, {"follow", "email", "S", "contact"},
	} {
		if got := r.Rule(c.kind, c.field, c.class); got.Key != c.rule {
			t.Errorf("%s of %s of class %s: rule %s, want %s", c.field, c.kind, c.class, got.Key, c.rule)
		}
	}
	if r.Shortest() != (Span{Years: 1}) || r.Logs != (Span{Months: 12}) || len(r.Digest) != 64 {
		t.Errorf("shortest %v, logs %v, digest %s", r.Shortest(), r.Logs, r.Digest)
	}
}

func TestRulesOfRetentionThatAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, new string }{
		"logs below the floor of the law":       {"logs: 12m", "logs: 5m"},
		"logs of a hundred days":                {"logs: 12m", "logs: 100d"},
		"no span":                               {"keep: 3y", "keep: three"},
		"a span of nothing":                     {"keep: 3y", "keep: 0y"},
		"a unit that nobody knows":              {"keep: 3y", "keep: 3w"},
		"a class that is not personal":          {"class: H", "class: N"},
		"an unknown key":                        {"class: H", "colour: red"},
		"kept for less than it must be":         {"keep: 1y\n    least: 60d", "keep: 59d\n    least: 60d"},
		"two rules of one key":                  {"rule: contact", "rule: rights-request"},
		"neither confirmed nor not":             {"confirmed: no", "confirmed: perhaps"},
		"no rule for the rest":                  {"rule: with-the-case", "rule: with-the-case\n    fields: [caller]"},
		"a rule without what stands against it": {"    law: {zh: 办结后6个月内可能复查、复核，须能联系反映人,", "    law: {zh: '',"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(retention(t), c.old, c.new, 1)
			if text == retention(t) {
				t.Fatal("nothing was changed")
			}
			if _, err := ReadRetention(fstest.MapFS{RetentionFile: {Data: []byte(text)}}); !errors.Is(err, fault.ErrInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestASpanAfterADay(t *testing.T) {
	at := func(s string) int64 {
		d, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		return d.UnixMicro()
	}
	for _, c := range []struct{ from, span, want string }{
		{"2023-01-31 09:30", "1m", "2023-02-28 09:30"}, {"2024-02-29 00:00", "1y", "2025-02-28 00:00"}, {"2023-12-31 23:59", "6m", "2024-06-30 23:59"},
		{"2023-03-01 08:00", "60d", "2023-04-30 08:00"}, {"2023-10-16 08:00", "10y", "2033-10-16 08:00"}, {"2023-11-30 08:00", "15m", "2025-02-28 08:00"},
	} {
		s, err := ParseSpan(c.span)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.After(at(c.from)); got != at(c.want) {
			t.Errorf("%s after %s: %s, want %s", c.span, c.from, time.UnixMicro(got).In(shanghai), c.want)
		}
	}
}
