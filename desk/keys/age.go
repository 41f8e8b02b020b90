package keys

import "time"

// Held is a key or a secret of the house's own, with since when it is in use (口令、密钥的使用期): no value of it.
type Held struct {
	What  string // a key of [Spans], or [Certificate], which says itself when it ends
	Name  string // which one, where there are several: the key of a provider
	Since int64  // µs, when it was made, or first seen
	Ends  int64  // µs, by when it has to be changed; 0 for what cannot be read
	Why   string // what is wrong with it, for the console; empty if nothing is
}

// Certificate is what a TLS certificate is called among what is held.
const Certificate = "tls"

// Spans are for how many days each key and secret may be in use. Ours; docs/cryptography.md has the same.
//
// Source: OWASP ASVS 5.0.0, 13.3.4, as read: secrets end and are changed as it is written down.
var Spans = map[string]int64{
	"values": 365, "accounts": 365, "log": 730, "blind": 730, // the house's own keys
	"mail": 365, "sms": 365, "robots": 365, "provider": 365, // what others gave
}

// Since returns what has been in use since an instant (µs).
func Since(what, name string, since int64) Held {
	return Held{What: what, Name: name, Since: since, Ends: since + Spans[what]*day}
}

// State is how something that is held stands.
type State string

// The states.
const (
	Fresh  State = "fresh"
	Soon   State = "soon"   // to be changed within [Notice]
	Over   State = "over"   // in use for longer than it may
	Absent State = "absent" // it cannot be read
)

// At returns how it stands at an instant in µs.
func (h *Held) At(now int64) State {
	switch {
	case h.Why != "":
		return Absent
	case now >= h.Ends:
		return Over
	case now >= h.Ends-int64(Notice/time.Microsecond):
		return Soon
	}
	return Fresh
}
