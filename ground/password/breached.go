package password

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"bihuan/ground/fault"
)

// Breached is a set of passwords that were stolen somewhere, as they are published: text, a line for each with the SHA-1 of the
// password in hexadecimal and whatever stands behind a colon, sorted. A line may hold the first digits only, 10 at least.
// It is looked through by halves where it lies, and may have any size.
type Breached struct {
	at   io.ReaderAt
	size int64
}

const (
	leastPrefix = 10  // hexadecimal digits: one in 10^12 passwords is refused for another's sake
	maxLine     = 128 // bytes
)

// NewBreached returns the set that at has in its first size bytes. It wraps [fault.ErrInvalid] where the first line is none of such a
// set; whether it is sorted is not looked at.
func NewBreached(at io.ReaderAt, size int64) (*Breached, error) {
	b := &Breached{at, size}
	first, _, err := b.line(0)
	if err != nil {
		return nil, err
	}
	if _, bad := hex.DecodeString(first[:len(first)&^1]); bad != nil || len(first) < leastPrefix || len(first) > 2*sha1.Size {
		return nil, fmt.Errorf("set of breached passwords: its first line begins with no SHA-1 of %d digits or more: %w", leastPrefix, fault.ErrInvalid)
	}
	return b, nil
}

// Has reports whether a password is in the set. It reads some thirty lines of a set of a thousand million.
func (b *Breached) Has(password string) (bool, error) {
	sum := sha1.Sum([]byte(password))
	want := strings.ToUpper(hex.EncodeToString(sum[:]))
	lo, hi := int64(0), b.size // the line of it, if any, begins at lo or behind and before hi
	for lo < hi {
		mid := lo + (hi-lo)/2
		start, err := b.begin(mid)
		if err != nil {
			return false, err
		}
		if start >= hi { // nothing begins in the upper half
			hi = mid
			continue
		}
		got, next, err := b.line(start)
		switch {
		case err != nil:
			return false, err
		case got != "" && strings.HasPrefix(want, got):
			return true, nil
		case got < want:
			lo = next
		default:
			hi = mid
		}
	}
	return false, nil
}

// begin is where the first line begins at or behind a place.
func (b *Breached) begin(place int64) (int64, error) {
	if place == 0 {
		return 0, nil
	}
	_, next, err := b.line(place - 1)
	return next, err
}

// line returns the digits of the line from a place on, in capitals, and where the next begins.
func (b *Breached) line(place int64) (digits string, next int64, err error) {
	var buf [maxLine]byte
	n, err := b.at.ReadAt(buf[:min(int64(maxLine), b.size-place)], place)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", 0, fmt.Errorf("set of breached passwords: %w", err)
	}
	text, _, ended := bytes.Cut(buf[:n], []byte("\n"))
	next = place + int64(len(text))
	if ended {
		next++
	} else if next < b.size {
		return "", 0, fmt.Errorf("set of breached passwords: a line of more than %d bytes: %w", maxLine, fault.ErrInvalid)
	}
	text, _, _ = bytes.Cut(text, []byte(":"))
	return strings.ToUpper(strings.TrimSpace(string(text))), next, nil
}
