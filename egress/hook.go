package egress

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Hook is a call of a program of others, signed twice.
type Hook struct {
	URL     string
	ID      string
	Body    []byte
	Secrets [][]byte
	At      time.Time
}

// Caller calls programs of others. It is safe for many goroutines.
type Caller struct {
	Client  *Client
	Signers []*Signer // of signatures by SM2, the present one first; none: without
}

// Call posts a hook and returns the status of the answer, and how long the other side asks to be left alone (Retry-After in seconds,
// at most an hour). Without an answer it returns 0 and why, as [Client.Post] does.
func (c *Caller) Call(ctx context.Context, h Hook) (status int, wait time.Duration, err error) {
	header := Signed(h.ID, h.At, h.Body, h.Secrets...)
	var sigs []string
	for _, s := range c.Signers {
		sig, err := s.Sign(Content(h.ID, h.At, h.Body))
		if err != nil {
			return 0, 0, err
		}
		sigs = append(sigs, "v1,"+sig)
	}
	if len(sigs) > 0 {
		header.Set(SM2Header, strings.Join(sigs, " "))
	}
	a, err := c.Client.Post(ctx, h.URL, header, h.Body)
	if err != nil {
		return 0, 0, err
	}
	if s, err := strconv.Atoi(a.Header.Get("Retry-After")); err == nil && s > 0 {
		wait = min(time.Duration(s)*time.Second, time.Hour)
	}
	return a.Status, wait, nil
}

// CheckURL reports whether an address can be called at all. It wraps [fault.ErrInvalid].
func CheckURL(address string) error {
	_, _, err := Target(address)
	return err
}
