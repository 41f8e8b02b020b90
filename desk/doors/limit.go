package doors

import (
	"fmt"
	"net/netip"
	"sync"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/name"
)

// Pace is how often somebody may come in at the doors: Burst times at once, and then once Every µs.
type Pace struct {
	Burst int
	Every int64 // µs
}

// The paces. Ours: whole neighbourhoods share one address behind a carrier's translation, so that an address may report
// thirty things at once; a program speaks for many people, a sensor reports what it sees.
var (
	PerAddress = Pace{Burst: 30, Every: 10 * time.Second.Microseconds()}
	PerKey     = Pace{Burst: 240, Every: time.Second.Microseconds() / 4}
	PerTyping  = Pace{Burst: 240, Every: time.Second.Microseconds() / 4} // what a page asks while somebody types, by address
	PerProof   = Pace{Burst: 5, Every: 6 * time.Minute.Microseconds()}   // wrong answers to what was left with a report, by the report
)

// maxCallers is how many callers a generation of the limiter remembers: two generations, some 100 bytes each.
const maxCallers = 20_000

// Limiter counts who comes in, in bounded memory: it forgets those who have not come for longest. The zero value is
// ready. It is safe for many goroutines.
//
// It is the generic cell rate algorithm: for each caller it keeps the time at which all that came would have been worked
// off at its pace.
//
// Source: ITU-T I.371 (2004), annex A, the virtual scheduling algorithm, as we know it.
type Limiter struct {
	mu       sync.Mutex
	now, old map[string]int64
}

// Take counts one arrival of a caller at now, in µs. It returns how long the caller has to wait if it came too often, 0 if
// it may come in; an arrival that has to wait is not counted. A clock that was set back lets nobody wait longer than the
// pace asks for.
func (l *Limiter) Take(caller string, p Pace, now int64) (wait time.Duration) {
	return l.TakeMany(caller, 1, p, now)
}

// TakeMany is [Limiter.Take] for n arrivals that come together: all of them, or none. n must not be more than the pace lets in at once.
func (l *Limiter) TakeMany(caller string, n int, p Pace, now int64) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	span, costs := p.Every*int64(p.Burst), p.Every*int64(n)
	free := min(max(l.of(caller), now), now+span)
	if over := free + costs - now - span; over > 0 {
		l.put(caller, free) // whoever keeps coming is not forgotten
		return time.Duration(over) * time.Microsecond
	}
	l.put(caller, free+costs)
	return 0
}

// GiveBack takes one arrival of a caller back: it turned out to be none that counts.
func (l *Limiter) GiveBack(caller string, p Pace) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(caller, l.of(caller)-p.Every)
}

// of returns when a caller's arrivals will have been worked off, 0 for one who is not remembered.
func (l *Limiter) of(caller string) int64 {
	if at, ok := l.now[caller]; ok {
		return at
	}
	return l.old[caller]
}

// put remembers a caller in the younger generation, which takes the place of the older one when it is full.
func (l *Limiter) put(caller string, at int64) {
	if _, known := l.now[caller]; !known && len(l.now) >= maxCallers {
		l.old, l.now = l.now, nil
	}
	if l.now == nil {
		l.now = map[string]int64{}
	}
	l.now[caller] = at
}

// Busy is the refusal of somebody who came too often. It wraps [fault.ErrUnavailable].
type Busy struct {
	After time.Duration // when to come again
	*fault.Refusal
}

// Seconds is After in whole seconds, at least one: what the header Retry-After says.
func (b *Busy) Seconds() int { return max(1, int((b.After+time.Second-1)/time.Second)) }

// Unwrap gives the refusal for its words.
func (b *Busy) Unwrap() error { return b.Refusal }

// Admit counts somebody who is about to report: a program or sensor by its key, anybody else by the address. It returns a
// [*Busy] if they came too often.
func (r *Room) Admit(who Entrance) error {
	caller, pace := "address "+who.Address, PerAddress
	if who.Key != "" {
		caller, pace = "key "+who.Key, PerKey
	}
	return r.take(caller, pace)
}

// AdmitTyping counts a question that a page asks while somebody fills in a report. It returns a [*Busy] if they came too often.
func (r *Room) AdmitTyping(who Entrance) error { return r.take("typing "+who.Address, PerTyping) }

func (r *Room) take(caller string, pace Pace) error {
	return r.takeSaying("too-often", "", caller, pace)
}

func (r *Room) takeSaying(code, field, caller string, pace Pace) error {
	wait := r.limit.Take(caller, pace, r.desk.Now())
	if wait == 0 {
		return nil
	}
	b := &Busy{After: wait}
	b.Refusal = fault.Refuse(fault.ErrUnavailable, code, field, "seconds", fmt.Sprint(b.Seconds()))
	return b
}

// Prove asks whether whoever shows the receipt of a report knows what was left with it, and counts what is wrong by the report, from wherever it comes:
// the page of a receipt tells a surname and seven figures of a number, and whoever found it would otherwise try out the rest. It returns a [*Busy] once
// too much was wrong, whatever the answer is.
func (r *Room) Prove(of name.ID, knows func() (bool, error)) (bool, error) {
	caller := "proof " + string(of)
	if err := r.takeSaying("proof-too-often", "proof", caller, PerProof); err != nil {
		return false, err
	}
	ok, err := knows()
	if ok || err != nil {
		r.limit.GiveBack(caller, PerProof)
	}
	return ok, err
}

// Entrance is who stands at a door, as far as a face can tell.
type Entrance struct {
	Address string // see [Address]
	Key     string // the key's name of a program or sensor, empty for a person
}

// Address returns whom a request counts for: the other end of the connection, remote as "host:port"; behind a proxy the gate has
// put the caller's own there. Addresses of IPv6 count by their first 64 bits, which one household has to itself.
func Address(remote string) string {
	host := remote
	if at, err := netip.ParseAddrPort(remote); err == nil {
		host = at.Addr().String()
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if net, err := addr.Prefix(64); err == nil {
			return net.String()
		}
	}
	return addr.String()
}
