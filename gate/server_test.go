package gate_test

import (
	"net"
	"testing"

	. "bihuan/gate"
)

// comers hands out connections that come from addresses, one after another.
type comers struct {
	net.Listener
	from []string
}

func (l *comers) Accept() (net.Conn, error) {
	if len(l.from) == 0 {
		return nil, net.ErrClosed
	}
	at := l.from[0]
	l.from = l.from[1:]
	a, err := net.ResolveTCPAddr("tcp", at)
	if err != nil {
		return nil, err
	}
	near, _ := net.Pipe()
	return &comer{near, a}, nil
}

type comer struct {
	net.Conn
	at net.Addr
}

func (c *comer) RemoteAddr() net.Addr { return c.at }

// TestNobodyAloneTakesAllConnections: beyond its share a network is turned away at once, others come in meanwhile, this machine is not counted, and whoever
// leaves makes room.
func TestNobodyAloneTakesAllConnections(t *testing.T) {
	in := &comers{from: []string{"192.0.2.7:1", "192.0.2.7:2", "192.0.2.7:3", "[::ffff:192.0.2.7]:4", "192.0.2.8:1", "[2001:db8::1]:1", "[2001:db8::2]:1", "[2001:db8::3]:1",
		"127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"}}
	l := Listen(in, 100, 2)
	var got []net.Conn
	for {
		c, err := l.Accept()
		if err != nil {
			break
		}
		got = append(got, c)
	}
	var at []string
	for _, c := range got {
		at = append(at, c.RemoteAddr().String())
	}
	want := []string{"192.0.2.7:1", "192.0.2.7:2", "192.0.2.8:1", "[2001:db8::1]:1", "[2001:db8::2]:1", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"}
	if len(at) != len(want) {
		t.Fatalf("taken: %v, want %v", at, want)
	}
	for i := range want {
		if at[i] != want[i] {
			t.Fatalf("taken: %v, want %v", at, want)
		}
	}
	got[0].Close()
	got[0].Close() // twice is once
	in.from = []string{"192.0.2.7:5", "192.0.2.7:6"}
	if c, err := l.Accept(); err != nil || c.RemoteAddr().String() != "192.0.2.7:5" {
		t.Errorf("after one has left: %v", err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("one more than has left is taken")
	}
}
