package doors_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"bihuan/desk/doors"
	"bihuan/ground/fault"
)

const second = int64(time.Second / time.Microsecond)

// Whatever comes and when: in no span do more come in than a burst and what the pace adds.
func TestNobodyComesInMoreOftenThanThePace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := doors.Pace{Burst: rapid.IntRange(1, 8).Draw(t, "burst"), Every: rapid.Int64Range(1, 5*second).Draw(t, "every")}
		var l doors.Limiter
		now, came := int64(1e15), []int64{}
		for range rapid.IntRange(1, 60).Draw(t, "arrivals") {
			now += rapid.Int64Range(0, 2*second).Draw(t, "later")
			wait := l.Take("x", p, now)
			if wait < 0 || wait > time.Duration(p.Every)*time.Microsecond {
				t.Fatalf("waits %s at a pace of one in %d µs", wait, p.Every)
			}
			if wait == 0 {
				came = append(came, now)
			}
		}
		for i := range came {
			for j := i; j < len(came); j++ {
				if n, most := int64(j-i+1), int64(p.Burst)+(came[j]-came[i])/p.Every; n > most {
					t.Fatalf("%d came in %d µs, at most %d may", n, came[j]-came[i], most)
				}
			}
		}
	})
}

// Whoever waits as long as was said comes in.
func TestWaitingHelps(t *testing.T) {
	var l doors.Limiter
	p, now := doors.Pace{Burst: 3, Every: 10 * second}, int64(1e15)
	for range 3 {
		if wait := l.Take("x", p, now); wait != 0 {
			t.Fatalf("one of the burst waits %s", wait)
		}
	}
	wait := l.Take("x", p, now)
	if wait != 10*time.Second {
		t.Fatalf("the fourth waits %s", wait)
	}
	if early := l.Take("x", p, now+wait.Microseconds()-1); early == 0 {
		t.Error("somebody came in too early")
	}
	if again := l.Take("x", p, now+wait.Microseconds()); again != 0 {
		t.Errorf("after waiting there are %s more", again)
	}
	if back := l.Take("x", p, now-1e12); back > 10*time.Second {
		t.Errorf("a clock set back makes somebody wait %s", back)
	}
	if other := l.Take("y", p, now); other != 0 {
		t.Errorf("somebody else waits %s", other)
	}
}

// A crowd of callers does not make the limiter forget one who keeps coming.
func TestACrowdDoesNotHideAnybody(t *testing.T) {
	var l doors.Limiter
	p, now := doors.Pace{Burst: 3, Every: 3600 * second}, int64(1e15)
	in := 0
	for i := range 100_000 {
		l.Take(fmt.Sprint("crowd ", i), p, now)
		if i%10_000 == 0 && l.Take("x", p, now) == 0 {
			in++
		}
	}
	if in != 3 {
		t.Errorf("%d came in, want 3", in)
	}
}

func TestWhomARequestCountsFor(t *testing.T) {
	for _, c := range []struct{ name, remote, want string }{
		{"a caller is its address", "203.0.113.7:4711", "203.0.113.7"},
		{"a household of IPv6 is one caller", "[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::/64"},
		{"IPv4 within IPv6 is IPv4", "[::ffff:203.0.113.7]:80", "203.0.113.7"},
		{"a socket has a name of its own", "@", "@"},
	} {
		if got := doors.Address(c.remote); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestADoorIsShutForWhoeverComesTooOften(t *testing.T) {
	_, r := room(t)
	at := doors.Entrance{Address: "203.0.113.7"}
	for range doors.PerAddress.Burst {
		if err := r.Admit(at); err != nil {
			t.Fatal(err)
		}
	}
	var busy *doors.Busy
	if err := r.Admit(at); !errors.As(err, &busy) || !errors.Is(err, fault.ErrUnavailable) || busy.Seconds() != 10 {
		t.Errorf("one too many: %v", err)
	}
	if err := r.Admit(doors.Entrance{Address: at.Address, Key: "app"}); err != nil {
		t.Errorf("a key counts apart from the address: %v", err)
	}
}
