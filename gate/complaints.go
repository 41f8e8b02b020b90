package gate

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"sync"
	"time"
)

// complaints are the lines in which net/http tells of connections that go wrong. They bear the address of somebody's device and what it sent, and
// whoever connects makes as many as they like: what is logged is which kind of thing went wrong and how often, a line each minute.
type complaints struct {
	log *slog.Logger
	now func() time.Time

	mu   sync.Mutex
	told map[string]*complaint
}

// complaint is one kind of line.
type complaint struct {
	at    time.Time // when it was logged last
	since int       // how many came since
}

// complaintEvery is how often a kind of line is logged at most.
const complaintEvery = time.Minute

// complained are the kinds, by how net/http begins their lines (its server.go and h2_bundle.go as of Go 1.26). That no connection could be
// taken is the machine's word and nobody's address: it is told whole.
var complained = []struct {
	begins, kind string
	whole        bool
}{
	{"http: TLS handshake error", "TLS handshake", false},
	{"http2: ", "HTTP/2", false},
	{"http: Accept error", "accept", true},
	{"http: panic serving", "panic", false},
}

// Complaints returns what a server logs its connections' errors to, for [Server]; they go to l, without addresses and bounded.
func Complaints(l *slog.Logger, now func() time.Time) *log.Logger {
	return log.New(&complaints{log: l, now: now, told: map[string]*complaint{}}, "", 0)
}

// Write takes one line.
func (c *complaints) Write(line []byte) (int, error) {
	kind, what := "other", []slog.Attr(nil)
	for _, k := range complained {
		if bytes.HasPrefix(line, []byte(k.begins)) {
			kind = k.kind
			if k.whole {
				what = append(what, slog.String("what", string(bytes.TrimSpace(line))))
			}
			break
		}
	}
	if n := c.count(kind); n > 0 {
		c.log.LogAttrs(context.Background(), slog.LevelWarn, "connections went wrong", append([]slog.Attr{slog.String("at", kind), slog.Int("count", n)}, what...)...)
	}
	return len(line), nil
}

// count returns how many lines of a kind are to be told of now, 0 for later.
func (c *complaints) count(kind string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, now := c.told[kind], c.now()
	if k == nil {
		k = &complaint{}
		c.told[kind] = k
	}
	k.since++
	if !k.at.IsZero() && now.Sub(k.at) < complaintEvery {
		return 0
	}
	n := k.since
	k.at, k.since = now, 0
	return n
}
