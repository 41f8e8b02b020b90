package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"

	"bihuan/kernel/notice"
)

// troubled is an error of a connection or an answer that says in one word what happened.
type troubled struct {
	error
	of notice.Trouble
}

// Trouble implements [notice.Troubled].
func (t troubled) Trouble() notice.Trouble { return t.of }

func (t troubled) Unwrap() error { return t.error }

// withTrouble says of an error which trouble it is; nil stays nil.
func withTrouble(err error) error {
	if err == nil {
		return nil
	}
	if _, told := errors.AsType[notice.Troubled](err); told {
		return err
	}
	return troubled{err, troubleOf(err)}
}

// distrusted is why a server is not believed although the library would.
type distrusted string

func (d distrusted) Error() string { return string(d) }

// errLong says that an answer is longer than is read.
var errLong = errors.New("the answer is too long")

// troubleOf looks for the first of these that an error wraps: what is more particular comes first, since a timeout of the name server is also one of the network.
func troubleOf(err error) notice.Trouble {
	for _, c := range []struct {
		is func(error) bool
		of notice.Trouble
	}{
		{is(ErrClosed), notice.NotApproved},
		{is(ErrRefused), notice.NotTaken},
		{is(errLong), notice.TooLong},
		{as[*net.DNSError], notice.NoName},
		{as[distrusted], notice.Distrusted},
		{as[*tls.CertificateVerificationError], notice.Distrusted},
		{as[x509.UnknownAuthorityError], notice.Distrusted},
		{as[x509.HostnameError], notice.Distrusted},
		{as[x509.CertificateInvalidError], notice.Distrusted},
		{isSlow, notice.Slow},
		{as[tls.RecordHeaderError], notice.NotTLS},
		{as[tls.AlertError], notice.NotTLS},
		{is(syscall.ECONNREFUSED), notice.Unanswered},
		{is(syscall.ECONNRESET), notice.BrokenOff},
		{is(syscall.EPIPE), notice.BrokenOff},
		{is(io.EOF), notice.BrokenOff},
		{is(io.ErrUnexpectedEOF), notice.BrokenOff},
		{is(net.ErrClosed), notice.BrokenOff},
		{as[syscall.Errno], notice.Unreachable},
	} {
		if c.is(err) {
			return c.of
		}
	}
	return notice.Unexplained
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

func as[T error](err error) bool { _, ok := errors.AsType[T](err); return ok }

func isSlow(err error) bool {
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout() || errors.Is(err, context.DeadlineExceeded)
}
