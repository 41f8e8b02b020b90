package notice

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

type slow struct{ error }

func (slow) Trouble() Trouble { return Slow }

func TestATroubleIsKeptWithItsWords(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Trouble
	}{{fmt.Errorf("mail: %w", slow{errors.New("i/o\ntimeout")}), Slow}, {errors.New("@slow i/o timeout"), Unexplained}, {errors.New(""), Unexplained}} {
		trouble, text := ReadWhy(Why(c.err, 300))
		if trouble != c.want || text != Line(c.err.Error(), 300) {
			t.Errorf("%q: %s %q", c.err, trouble, text)
		}
	}
	for _, s := range []string{"", "dial tcp: refused", "@", "@gone x", "status 400"} {
		if trouble, text := ReadWhy(s); trouble != Unexplained || text != s {
			t.Errorf("%q is read as %s %q", s, trouble, text)
		}
	}
}

func TestEveryStatusHasATrouble(t *testing.T) {
	for status, want := range map[int]Trouble{200: "", 204: "", 299: "", 302: Moved, 400: NotTaken, 401: NotLetIn, 403: NotLetIn, 404: NoSuchPath, 410: NoSuchPath, 408: Slow, 413: NotTaken, 429: TooOften,
		500: TheirFault, 503: TheirFault, 0: Unexplained, 100: Unexplained, 600: Unexplained} {
		if got := OfStatus(status); got != want {
			t.Errorf("%d is %q, want %q", status, got, want)
		}
	}
}

func FuzzReadWhy(f *testing.F) {
	for _, s := range []string{"", "@slow x", "@", "@slow", "x", "@@slow y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		trouble, text := ReadWhy(s)
		if trouble == "" || !strings.HasSuffix(s, text) {
			t.Errorf("%q: %q %q", s, trouble, text)
		}
	})
}
