// Package scan asks a virus scanner about files: clamd, by its INSTREAM command.
//
// [Dial] returns the scanner at an address, tcp://HOST:PORT or unix:PATH. Each file goes over a connection of its own, in pieces,
// with a limit of time; what the scanner found is its own name for it. Whether a file may be kept or handed out is the
// desk's to decide.
//
// Source: clamd(8) of ClamAV 1.4, section COMMANDS, as read: a command that begins with z ends with NUL; INSTREAM takes chunks,
// each with its length in four bytes, the highest first, and ends with a chunk of none; the answer is "stream: OK",
// "stream: NAME FOUND" or a text that ends in ERROR.
package scan

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"bihuan/ground/fault"
)

// Limits of a question, ours: clamd looks at a file of 20 MB within a few seconds.
const (
	patience  = 30 * time.Second // for a file, with the wait for its turn
	maxAtOnce = 4                // files at once, a connection each; clamd has ten threads by its own default
	chunk     = 64 << 10
	maxAnswer = 4 << 10
)

// Scanner is a clamd. It is safe for many goroutines.
type Scanner struct {
	network, address string
	slots            chan struct{}
}

// Dial returns the scanner at an address of this machine. Nothing is asked yet. It wraps [fault.ErrInvalid] for an address that is none, and for one
// elsewhere: clamd has no TLS, and files of persons would travel in the clear.
func Dial(address string) (*Scanner, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok && path != "" {
		return &Scanner{"unix", path, make(chan struct{}, maxAtOnce)}, nil
	}
	host, ok := strings.CutPrefix(address, "tcp://")
	at, _, err := net.SplitHostPort(host)
	if !ok || err != nil {
		return nil, fmt.Errorf("scanner %q is neither tcp://HOST:PORT nor unix:PATH: %w", address, fault.ErrInvalid)
	}
	if ip := net.ParseIP(at); at != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("scanner %q is on another machine, and files would travel there in the clear: run it here, or lead a port of this machine there through a tunnel: %w", address, fault.ErrInvalid)
	}
	return &Scanner{"tcp", host, make(chan struct{}, maxAtOnce)}, nil
}

// Scan returns the name of what the scanner found in b, empty for nothing. It wraps [fault.ErrUnavailable] if the scanner did
// not answer, or answered that it could not look: what was not looked at is not clean.
func (s *Scanner) Scan(ctx context.Context, b []byte) (found string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return "", fmt.Errorf("the scanner has %d files under way: %w", maxAtOnce, fault.ErrUnavailable)
	}
	c, err := (&net.Dialer{}).DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", fmt.Errorf("reach the scanner: %w: %w", err, fault.ErrUnavailable)
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	said, err := instream(c, b)
	if err != nil {
		return "", fmt.Errorf("ask the scanner: %w: %w", err, fault.ErrUnavailable)
	}
	return read(said)
}

// instream sends a file and returns the answer. A scanner that has heard enough answers before the end, so what could not be
// sent is no fault while there is an answer.
func instream(c net.Conn, b []byte) (string, error) {
	sent := make(chan error, 1)
	go func() { sent <- send(c, b) }()
	said, err := bufio.NewReader(io.LimitReader(c, maxAnswer)).ReadString(0)
	if said == "" && err != nil {
		c.Close()
		if bad := <-sent; bad != nil {
			err = bad
		}
		return "", err
	}
	c.Close()
	<-sent
	return strings.TrimRight(said, "\x00\n"), nil
}

func send(w io.Writer, b []byte) error {
	out := bufio.NewWriterSize(w, chunk+4)
	out.WriteString("zINSTREAM\x00")
	for len(b) > 0 {
		n := min(len(b), chunk)
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(n))
		out.Write(size[:])
		out.Write(b[:n])
		b = b[n:]
	}
	out.Write([]byte{0, 0, 0, 0})
	return out.Flush()
}

// read reads an answer.
func read(said string) (found string, err error) {
	result := strings.TrimSpace(strings.TrimPrefix(said, "stream:"))
	switch name, is := strings.CutSuffix(result, " FOUND"); {
	case is && name != "":
		return name, nil
	case result == "OK":
		return "", nil
	}
	return "", fmt.Errorf("the scanner says %.100q: %w", said, fault.ErrUnavailable)
}
