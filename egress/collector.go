package egress

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"bihuan/ground/fault"
	"bihuan/kernel/journal"
)

// Syslog hands lines of the security log to the operator's collector: RFC 5424 over TLS, each with its length before it (RFC 5425,
// 2009, 4.3). It is the operator's setting that says where, not the list of approved places.
type Syslog struct {
	Address string         // host and port
	Roots   *x509.CertPool // whose certificates are believed; the system's if nil
	Host    string         // what the lines call this machine
	Wait    time.Duration  // for all of one call; collectorTimeout if zero
}

// collectorTimeout is how long a collector may take for the lines of one call, connecting included.
const collectorTimeout = 10 * time.Second

// ParseCollector reads tls://HOST:PORT, with a file of certificates to believe, PEM, or "" for the system's.
func ParseCollector(address, roots, host string) (*Syslog, error) {
	at, ok := strings.CutPrefix(address, "tls://")
	if _, _, err := net.SplitHostPort(at); !ok || err != nil {
		return nil, fmt.Errorf("collector %q is not tls://HOST:PORT: %w", address, fault.ErrInvalid)
	}
	s := &Syslog{Address: at, Host: host}
	if roots != "" {
		b, err := os.ReadFile(roots)
		if err != nil {
			return nil, err
		}
		if s.Roots = x509.NewCertPool(); !s.Roots.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("%s holds no certificate: %w", roots, fault.ErrInvalid)
		}
	}
	return s, nil
}

// Name is what its cursor is called by: another address begins at the first line.
func (s *Syslog) Name() string { return "syslog " + s.Address }

// Take sends lines and waits until the other side has closed, or for Wait: a line that was on its way when the connection broke is
// sent again.
func (s *Syslog) Take(ctx context.Context, lines []journal.SecurityLine) error {
	wait := s.Wait
	if wait == 0 {
		wait = collectorTimeout
	}
	ctx, end := context.WithTimeout(ctx, wait)
	defer end()
	d := tls.Dialer{Config: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.Roots}}
	c, err := d.DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return fmt.Errorf("collector %s: %w", s.Address, err)
	}
	defer c.Close()
	at, _ := ctx.Deadline()
	c.SetDeadline(at)
	var b bytes.Buffer
	for i := range lines {
		m := s.message(&lines[i])
		fmt.Fprintf(&b, "%d %s", len(m), m)
	}
	if _, err := c.Write(b.Bytes()); err != nil {
		return fmt.Errorf("collector %s: %w", s.Address, err)
	}
	if err := c.(*tls.Conn).CloseWrite(); err != nil {
		return fmt.Errorf("collector %s: %w", s.Address, err)
	}
	if _, err := io.Copy(io.Discard, io.LimitReader(c, 4096)); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("collector %s: %w", s.Address, err)
	}
	return nil
}

// weights are severities of syslog: 4 warning, 5 notice; other kinds are 6, informational. Source: RFC 5424 (2009), 6.2.1.
var weights = map[string]int{"failed": 4, "locked": 4, "denied": 4, "refused": 4, "limit": 4, "system": 4, "rights": 5, "account": 5, "key": 5, "place": 5, "export": 5}

// message writes a line as RFC 5424 has it: facility 10 (security), the kind as MSGID, the rest as structured data. The number behind @
// is the one for examples (RFC 5612, 2009): there is none of our own.
func (s *Syslog) message(l *journal.SecurityLine) string {
	weight, ok := weights[l.Kind]
	if !ok {
		weight = 6
	}
	host := s.Host
	if host == "" {
		host = "-"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<%d>1 %s %s bihuan - %s [security@32473 seq="%d" until="%s" code="%s"`, 10*8+weight, instant(l.From), host, l.Kind, l.Seq, instant(l.Until), param(l.Code))
	for _, p := range []struct{ name, value string }{{"person", string(l.Person)}, {"network", l.Network}, {"where", l.Where}} {
		if p.value != "" {
			fmt.Fprintf(&b, ` %s="%s"`, p.name, param(p.value))
		}
	}
	if l.Record != 0 {
		fmt.Fprintf(&b, ` record="%d"`, l.Record)
	}
	fmt.Fprintf(&b, ` count="%d"]`, l.Count)
	return b.String()
}

func instant(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// paramEscapes escape a value of structured data. Source: RFC 5424 (2009), 6.3.3.
var paramEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `]`, `\]`, "\r", " ", "\n", " ")

func param(s string) string { return paramEscapes.Replace(s) }

// Lines appends lines of the security log to a file, one JSON object for each, and has them on the disk before it says so.
type Lines struct{ Path string }

// Name is what its cursor is called by.
func (f Lines) Name() string { return "file " + f.Path }

// line is a line as JSON.
type line struct {
	Seq     int64  `json:"seq"`
	From    string `json:"from"`
	Until   string `json:"until"`
	Kind    string `json:"kind"`
	Code    string `json:"code"`
	Person  string `json:"person,omitempty"`
	Network string `json:"network,omitempty"`
	Where   string `json:"where,omitempty"`
	Record  int64  `json:"record,omitempty"`
	Count   int64  `json:"count"`
}

// Take appends lines.
func (f Lines) Take(_ context.Context, lines []journal.SecurityLine) (err error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, l := range lines {
		if err := enc.Encode(line{l.Seq, instant(l.From), instant(l.Until), l.Kind, l.Code, string(l.Person), l.Network, l.Where, l.Record, l.Count}); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(f.Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if _, err := file.Write(b.Bytes()); err != nil {
		return err
	}
	return file.Sync()
}
