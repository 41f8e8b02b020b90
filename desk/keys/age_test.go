package keys

import (
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// TestSpansOfKeysAreWritten holds the spans to docs/cryptography.md: each key and secret is changed as often as it is written there.
func TestSpansOfKeysAreWritten(t *testing.T) {
	page, err := os.ReadFile("../../docs/cryptography.md")
	if err != nil {
		t.Fatal(err)
	}
	for what, row := range map[string]string{"values": "district's key of values", "accounts": "key of accounts", "log": "signing key of the log", "blind": "key of blind indexes",
		"mail": "password at the mail server", "sms": "secret of the SMS adapter", "robots": "addresses of robots", "provider": "secrets of providers"} {
		said := regexp.MustCompile(`(?m)^\|[^|]*` + row + `[^|]*\| each (two years|year)`).FindSubmatch(page)
		if said == nil {
			t.Errorf("nothing is written of the %s", row)
			continue
		}
		want := map[string]int64{"year": 365, "two years": 730}[string(said[1])]
		if Spans[what] != want {
			t.Errorf("%s: %d days, written is %s", row, Spans[what], said[1])
		}
	}
	if len(Spans) != 8 {
		t.Errorf("%d spans: does this test know all of them?", len(Spans))
	}
}

// TestHeldAt walks a secret through its span, to the microsecond.
func TestHeldAt(t *testing.T) {
	const since = 1_700_000_000_000_000
	h, notice := Since("mail", "", since), int64(Notice/time.Microsecond)
	end := since + 365*day
	for at, want := range map[int64]State{since: Fresh, end - notice - 1: Fresh, end - notice: Soon, end - 1: Soon, end: Over, end + 1000*day: Over} {
		if got := h.At(at); got != want {
			t.Errorf("%s days later: %s, not %s", strconv.FormatInt((at-since)/day, 10), got, want)
		}
	}
	if broken := (Held{What: "mail", Why: "no such file"}); broken.At(since) != Absent {
		t.Errorf("what cannot be read is %s", broken.At(since))
	}
}
