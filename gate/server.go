package gate

import (
	"net"
	"net/http"
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
)

// Server returns an HTTP server with the limits; TLS and the listener are the caller's.
func Server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: HeaderTimeout, ReadTimeout: ReadTimeout, WriteTimeout: WriteTimeout, IdleTimeout: IdleTimeout,
		MaxHeaderBytes: MaxHeaderBytes, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: 100, MaxReadFrameSize: 64 << 10}}
}

// Listen returns l with at most most connections open at once; whoever comes then waits until one is closed.
func Listen(l net.Listener, most int) net.Listener {
	return &listener{Listener: l, slots: make(chan struct{}, most), closed: make(chan struct{})}
}

type listener struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &conn{Conn: c, free: sync.OnceFunc(func() { <-l.slots })}, nil
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
