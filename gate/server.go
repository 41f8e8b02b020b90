package gate

import (
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Limits of the server, ours: a phone on a bad line sends a photo of 8 MB in two minutes at 70 KB/s.
const (
	MaxHeaderBytes = 64 << 10         // of the request line and headers together
	HeaderTimeout  = 10 * time.Second // to send them
	ReadTimeout    = 2 * time.Minute  // to send the whole request
	WriteTimeout   = 2 * time.Minute  // to take the whole answer
	IdleTimeout    = 2 * time.Minute  // between two requests of a connection
	MaxConns       = 4096             // connections at once; each holds some 20 KB
	MaxConnsFrom   = 1024             // of these from one network; an office of hundreds may come from one address
)

// Server returns an HTTP server with the limits, which tells of connections that go wrong to l, see [Complaints]; TLS and the listener are the
// caller's.
func Server(h http.Handler, l *log.Logger) *http.Server {
	return &http.Server{Handler: h, ErrorLog: l, ReadHeaderTimeout: HeaderTimeout, ReadTimeout: ReadTimeout, WriteTimeout: WriteTimeout, IdleTimeout: IdleTimeout,
		MaxHeaderBytes: MaxHeaderBytes, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: 100, MaxReadFrameSize: 64 << 10}}
}

// Listen returns l with at most most connections open at once; whoever comes then waits until one is closed. From one network, an address or a /64 of IPv6, at
// most from are taken and others closed at once, so that nobody alone keeps everybody else waiting; this machine is not counted, as a proxy on it speaks for all.
func Listen(l net.Listener, most, from int) net.Listener {
	return &listener{Listener: l, slots: make(chan struct{}, most), closed: make(chan struct{}), from: from, open: map[netip.Prefix]int{}}
}

type listener struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once

	from int
	mu   sync.Mutex
	open map[netip.Prefix]int // by network
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			<-l.slots
			return nil, err
		}
		n := networkOf(c.RemoteAddr())
		if !l.enter(n) {
			c.Close()
			continue
		}
		return &conn{Conn: c, free: sync.OnceFunc(func() { l.leave(n); <-l.slots })}, nil
	}
}

// enter counts a connection of a network, and reports false for one too many.
func (l *listener) enter(n netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !n.IsValid() {
		return true
	}
	if l.open[n] >= l.from {
		return false
	}
	l.open[n]++
	return true
}

func (l *listener) leave(n netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[n]--; l.open[n] <= 0 {
		delete(l.open, n)
	}
}

// networkOf returns the network that an address is counted with, the zero one for this machine and for what is no address.
func networkOf(a net.Addr) netip.Prefix {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.IsLoopback() {
		return netip.Prefix{}
	}
	bits := 32
	if ip.Is6() {
		bits = 64
	}
	n, _ := ip.Prefix(bits)
	return n
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type conn struct {
	net.Conn
	free func()
}

func (c *conn) Close() error {
	defer c.free()
	return c.Conn.Close()
}
