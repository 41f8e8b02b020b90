package accounts

import (
	"net/netip"
	"sync"
	"time"

	"bihuan/desk/doors"
	"bihuan/ground/fault"
)

// tries counts who was wrong, by the name that was typed and by network, in bounded memory. Names that nobody has are counted
// like others: a lock tells nothing.
type tries struct {
	limits Limits
	mu     sync.Mutex
	names  map[string]*failing
	nets   map[string]*failing
}

// failing is one row of failures.
type failing struct {
	n     int
	last  int64 // µs
	until int64 // µs: locked
}

const (
	maxNames     = 50_000
	maxNets      = 20_000
	netSpan      = 15 * minute
	forgetsAfter = 24 * 60 * minute
)

func newTries(l Limits) *tries {
	return &tries{limits: l, names: map[string]*failing{}, nets: map[string]*failing{}}
}

// admit reports how long a network has to wait because it was wrong too often, 0 if it may try.
func (t *tries) admit(network string, now int64) (wait int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.nets[network]; f != nil && f.n >= t.limits.Network && now < f.last+netSpan {
		return f.last + netSpan - now
	}
	return 0
}

// isLocked reports whether a name is locked.
func (t *tries) isLocked(login string, now int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.names[login]
	return f != nil && now < f.until
}

// failed counts a failure and returns until when that locks the name, 0 if it does not, and how many there were in a row. Without a
// name it counts for the network alone: what nobody's name stands on locks nobody.
func (t *tries) failed(login, network string, now int64) (until int64, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	net := at(t.nets, network, maxNets, now, netSpan)
	net.n, net.last = net.n+1, now
	if login == "" {
		return 0, 0
	}
	f := at(t.names, login, maxNames, now, forgetsAfter)
	f.n, f.last = f.n+1, now
	if f.n >= t.limits.Tries && now >= f.until {
		f.until = now + t.limits.Lock
		return f.until, f.n
	}
	return 0, f.n
}

// passed forgets the failures of a name and returns how many there were.
func (t *tries) passed(login string) (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.names[login]; f != nil {
		n = f.n
		delete(t.names, login)
	}
	return n
}

// at returns the row of a key. One that has been quiet for a span begins anew.
func at(all map[string]*failing, key string, most int, now, span int64) *failing {
	if f := all[key]; f != nil && now < max(f.last+span, f.until) {
		return f
	}
	if len(all) >= most {
		makeRoom(all, now, span)
	}
	f := &failing{}
	all[key] = f
	return f
}

// makeRoom drops the rows that are quiet, then those that failed once, and all if that is not enough.
func makeRoom(all map[string]*failing, now, span int64) {
	was := len(all)
	for _, goes := range []func(*failing) bool{
		func(f *failing) bool { return now >= max(f.last+span, f.until) },
		func(f *failing) bool { return f.n <= 1 },
		func(*failing) bool { return true },
	} {
		for k, f := range all {
			if goes(f) {
				delete(all, k)
			}
		}
		if len(all) < was {
			return
		}
	}
}

// networkOf is the network that an address counts as: an IPv4 address itself, an IPv6 one by its first 64 bits.
func networkOf(addr string) string {
	if p, err := netip.ParseAddrPort(addr); err == nil {
		addr = p.Addr().String()
	}
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		p, _ := a.Prefix(64)
		return p.String()
	}
	return a.String()
}

// busy is the refusal of who has to wait.
func busy(wait int64) error {
	after := time.Duration(wait) * time.Microsecond
	b := &doors.Busy{Refusal: fault.Refuse(fault.ErrUnavailable, "sign-in-busy", ""), After: after}
	return b
}
