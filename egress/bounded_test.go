package egress

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bihuan/ground/fault"
)

// most remembers how many were inside at once.
type most struct{ now, top atomic.Int64 }

func (m *most) enter() {
	n := m.now.Add(1)
	for top := m.top.Load(); n > top && !m.top.CompareAndSwap(top, n); top = m.top.Load() {
	}
}

func (m *most) leave() { m.now.Add(-1) }

// held is a transport whose answers come when the test says so.
type held struct {
	most
	release chan error
}

func (h *held) RoundTrip(*http.Request) (*http.Response, error) {
	h.enter()
	defer h.leave()
	if err := <-h.release; err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: 204, Body: io.NopCloser(strings.NewReader("")), Header: http.Header{}}, nil
}

// TestCallsAtOnceAreBounded has a hundred calls to a hundred places wait for their answers: as many as the document says are under way, the others wait, and
// those that have waited as long as a call may take are told so. A call is over when its answer was read, or failed.
func TestCallsAtOnceAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &held{release: make(chan error)}
		client := &http.Client{Transport: &bounded{h, make(chan struct{}, maxCalls)}, Timeout: CallTimeout}
		ends := make(chan error, 100)
		call := func() {
			res, err := client.Get("https://far.example.cn/in")
			if err == nil {
				err = res.Body.Close()
			}
			ends <- err
		}
		for range 100 {
			go call()
		}
		synctest.Wait()
		if n := h.now.Load(); n != maxCalls {
			t.Fatalf("%d calls are under way", n)
		}
		for i := range 20 {
			if h.release <- nil; i%2 == 0 {
				h.release <- errors.New("broken off")
			}
		}
		synctest.Wait()
		if n := h.now.Load(); n != maxCalls {
			t.Errorf("%d calls are under way after 30 have ended", n)
		}
		time.Sleep(CallTimeout + time.Second) // of the bubble's clock
		late := 0
		for len(ends) > 0 {
			if err := <-ends; err != nil && strings.Contains(err.Error(), "under way already") {
				late++
			}
		}
		if want := 100 - 30 - maxCalls; late != want {
			t.Errorf("%d were told that too many are under way, %d waited", late, want)
		}
		for range maxCalls { // whose callers have gone
			h.release <- nil
		}
		synctest.Wait()
		go call()
		h.release <- nil
		for err := range ends {
			if err == nil {
				break
			}
		}
		if n := h.top.Load(); n != maxCalls {
			t.Errorf("%d calls at once", n)
		}
	})
}

// TestAPlaceHasFewConnections keeps every connection to one place busy: the next call waits until its own end, and reaches nobody.
func TestAPlaceHasFewConnections(t *testing.T) {
	inside, release := make(chan struct{}, 100), make(chan struct{})
	address, place, _, names := far(t, func(http.ResponseWriter, *http.Request) { inside <- struct{}{}; <-release })
	client := NewClient(NewGate(places{place}, names, time.Now))
	var wait sync.WaitGroup
	for range maxPerPlace {
		wait.Go(func() {
			if _, err := client.Post(context.Background(), address, nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	for range maxPerPlace {
		<-inside
	}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := client.Post(ctx, address, nil, nil); !errors.Is(err, fault.ErrUnavailable) || len(inside) != 0 {
		t.Errorf("one more: %v, %d arrived", err, len(inside))
	}
	close(release)
	wait.Wait()
	if _, err := client.Post(context.Background(), address, nil, nil); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestMailsAtOnceAreBounded sends thirty mails at once: all arrive, over as many connections at a time as the document says; with none free a mail waits.
func TestMailsAtOnceAreBounded(t *testing.T) {
	office := newPostOffice(t, StartTLS)
	m, err := NewMailer(office.gate(), office.server(StartTLS))
	must(t, err)
	mail := Message{ID: "n-1", To: "li@erdao.example.cn", Subject: "s", Text: "t", At: time.Now()}
	var wait sync.WaitGroup
	for range 30 {
		wait.Go(func() {
			if err := m.Send(context.Background(), mail); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n, top := len(office.got()), office.sending.top.Load(); n != 30 || top > maxMails || top < 1 {
		t.Errorf("%d mails, %d at once", n, top)
	}
	for range maxMails {
		m.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Send(ctx, mail); !errors.Is(err, fault.ErrUnavailable) || len(office.got()) != 30 {
		t.Errorf("with none free: %v", err)
	}
	for range maxMails {
		<-m.slots
	}
	must(t, m.Send(context.Background(), mail))
}

// TestNothingTooLongIsSent: an address or headers that are longer than others take are not sent, and say so; what is as long as allowed is.
func TestNothingTooLongIsSent(t *testing.T) {
	arrived := 0
	address, place, _, names := far(t, func(http.ResponseWriter, *http.Request) { arrived++ })
	client := NewClient(NewGate(places{place}, names, time.Now))
	long := func(n int) string { return address + "?" + strings.Repeat("x", n-len(address)-1) }
	for _, c := range []struct {
		name, address string
		header        http.Header
		ok            bool
	}{
		{"a usual call", address, nil, true},
		{"the longest address", long(maxURL), nil, true},
		{"one byte more", long(maxURL + 1), nil, false},
		{"a token of a megabyte", address, http.Header{"Authorization": {strings.Repeat("x", 1<<20)}}, false},
		{"many headers", address, http.Header{"X-Y": strings.Split(strings.Repeat("z,", maxHeaders/6), ",")}, false},
	} {
		before := arrived
		_, err := client.Post(context.Background(), c.address, c.header, nil)
		if (err == nil) != c.ok || !c.ok && !errors.Is(err, fault.ErrInvalid) || (arrived != before) != c.ok {
			t.Errorf("%s: %v, %d arrived", c.name, err, arrived-before)
		}
	}
	// what libraries send by the same client
	for _, address := range []string{long(maxURL + 1), long(1 << 20)} {
		if _, err := client.HTTP().Get(address); !errors.Is(err, fault.ErrInvalid) {
			t.Errorf("an address of %d bytes: %v", len(address), err)
		}
	}
}
