package egress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"bihuan/ground/fault"
	"bihuan/kernel/notice"
)

// Security is how the connection to a mail server is encrypted. There is no way without encryption.
type Security string

// The ways.
const (
	StartTLS Security = "starttls" // in the clear until the server has been asked to encrypt, mandatory; usually port 587
	Implicit Security = "tls"      // encrypted from the first byte; usually port 465
)

// MailServer is the server that mail is handed to (邮件中继).
type MailServer struct {
	Host     string
	Port     uint16
	Security Security
	User     string // empty: without signing in
	Password Secret // of the user; nil without one
	From     string // the sender's address
	Name     string // the sender's name, such as that of the district
}

// Check reports whether the server can be used as it is described. It wraps [fault.ErrInvalid].
func (m *MailServer) Check() error {
	switch {
	case !isHost(m.Host) || m.Port == 0:
		return fmt.Errorf("mail server %s port %d: %w", clip(m.Host), m.Port, fault.ErrInvalid)
	case m.Security != StartTLS && m.Security != Implicit:
		return fmt.Errorf("security of the mail server is %s, neither starttls nor tls: %w", clip(string(m.Security)), fault.ErrInvalid)
	case !notice.IsMail(m.From):
		return fmt.Errorf("the sender's address %s: %w", clip(m.From), fault.ErrInvalid)
	case m.User != "" && m.Password == nil:
		return fmt.Errorf("the password of mail user %s is missing: %w", clip(m.User), fault.ErrInvalid)
	}
	return nil
}

// Message is one mail to one person, plain text.
type Message struct {
	ID      string // under which it can be found again, ASCII letters, digits, dots and hyphens; the Message-ID is made of it
	To      string
	Subject string
	Text    string
	At      time.Time
	Bulk    bool // written by the platform for its own reasons, so that nobody's absence note answers it
}

// Mailer hands mail to one server.
type Mailer struct {
	gate   *Gate
	server MailServer
	slots  chan struct{}
}

// NewMailer returns a mailer through a gate: the server's host and port must be approved as any other place. It wraps
// [fault.ErrInvalid] for a server that is described wrongly.
func NewMailer(g *Gate, server MailServer) (*Mailer, error) {
	if err := server.Check(); err != nil {
		return nil, err
	}
	return &Mailer{g, server, make(chan struct{}, maxMails)}, nil
}

const (
	mailTimeout = 30 * time.Second // for a mail, with the wait for its turn
	maxMails    = 4                // at once, a connection each; who comes beyond that waits
	maxSubject  = 120              // characters
)

// ErrRefused says that the server will never take this message: trying again is of no use. It wraps [fault.ErrInvalid].
var ErrRefused = fmt.Errorf("the server refuses it: %w", fault.ErrInvalid)

// Send hands a mail over. It wraps [ErrRefused] where the server answered with a permanent no (5yz, RFC 5321, 4.2.1),
// [ErrClosed] where the server is not approved, and [fault.ErrUnavailable] for everything that may go well later. It says which trouble it was.
func (m *Mailer) Send(ctx context.Context, msg Message) error {
	return withTrouble(m.send(ctx, msg))
}

func (m *Mailer) send(ctx context.Context, msg Message) error {
	letter, err := m.letter(&msg)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	if err := enter(ctx, m.slots); err != nil {
		return fmt.Errorf("mail server %s: %w", m.server.Host, err)
	}
	defer func() { <-m.slots }()
	client, err := m.client(ctx)
	if err != nil {
		return fmt.Errorf("mail server %s: %w", m.server.Host, err)
	}
	if err := client.DialAndSendWithContext(ctx, letter); err != nil {
		return fmt.Errorf("mail server %s: %w", m.server.Host, judged(err))
	}
	return nil
}

// judged finds out whether it is of use to try again.
func judged(err error) error {
	if errors.Is(err, ErrClosed) {
		return err
	}
	var sent *mail.SendError
	if errors.As(err, &sent) && sent.ErrorCode() >= 500 && !sent.IsTemp() {
		return errors.Join(err, ErrRefused)
	}
	return errors.Join(err, fault.ErrUnavailable)
}

func (m *Mailer) letter(msg *Message) (*mail.Msg, error) {
	if !notice.IsMail(msg.To) || strings.Trim(msg.ID, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != "" || msg.ID == "" {
		return nil, fmt.Errorf("mail %s: %w", clip(msg.ID), ErrRefused)
	}
	l := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingB64))
	if err := l.FromFormat(notice.Line(m.server.Name, maxSubject), m.server.From); err != nil {
		return nil, errors.Join(err, ErrRefused)
	}
	if err := l.To(msg.To); err != nil {
		return nil, errors.Join(err, ErrRefused)
	}
	_, domain, _ := strings.Cut(m.server.From, "@")
	l.SetMessageIDWithValue(msg.ID + "@" + domain)
	l.SetDateWithValue(msg.At)
	l.Subject(notice.Line(msg.Subject, maxSubject))
	if msg.Bulk {
		l.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, 5
	}
	l.SetBodyString(mail.TypeTextPlain, notice.Lines(msg.Text, notice.MaxText)+"\n")
	return l, nil
}

// client returns a client for one mail. Its connection is closed when of ends: the library looks at a deadline of its own only, and begins to count anew with every step.
func (m *Mailer) client(of context.Context) (*mail.Client, error) {
	s := &m.server
	password := ""
	if s.User != "" {
		var err error
		if password, err = s.Password(); err != nil {
			return nil, errors.Join(err, fault.ErrUnavailable)
		}
	}
	place, _ := m.gate.list.Place(s.Host, s.Port)
	opts := []mail.Option{
		mail.WithPort(int(s.Port)), mail.WithTimeout(mailTimeout), mail.WithHELO("bihuan.invalid"),
		mail.WithTLSConfig(m.gate.tlsFor(&place)), mail.WithoutNoop(),
		mail.WithDialContextFunc(func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, place, err := m.gate.dial(ctx, s.Host, s.Port)
			if err == nil {
				context.AfterFunc(of, func() { c.Close() })
			}
			if err != nil || s.Security == StartTLS {
				return c, err
			}
			return m.gate.secure(ctx, c, &place)
		}),
	}
	if s.Security == Implicit {
		opts = append(opts, mail.WithSSL())
	} else {
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.User != "" {
		opts = append(opts, mail.WithSMTPAuthCustom(&signIn{user: s.User, password: password}))
	}
	return mail.NewClient(s.Host, opts...)
}

// signIn signs in at a mail server by PLAIN (RFC 4616) or, where that is not offered, LOGIN, and never without encryption.
type signIn struct {
	user, password string
	login          bool
}

// Start is the first step of [smtp.Auth].
func (a *signIn) Start(s *smtp.ServerInfo) (method string, first []byte, err error) {
	if !s.TLS {
		return "", nil, errors.New("the connection is not encrypted: no password is sent")
	}
	switch {
	case slices.Contains(s.Auth, "PLAIN"):
		return "PLAIN", []byte("\x00" + a.user + "\x00" + a.password), nil
	case slices.Contains(s.Auth, "LOGIN"):
		a.login = true
		return "LOGIN", nil, nil
	}
	return "", nil, errors.New("the server offers neither PLAIN nor LOGIN")
}

// Next answers what LOGIN asks: the name, then the password.
func (a *signIn) Next(asked []byte, more bool) ([]byte, error) {
	switch question := strings.ToLower(strings.TrimRight(string(asked), ": \x00")); {
	case !more:
		return nil, nil
	case a.login && strings.HasPrefix(question, "user"):
		return []byte(a.user), nil
	case a.login && strings.HasPrefix(question, "pass"):
		return []byte(a.password), nil
	}
	return nil, errors.New("the server asks what nobody knows")
}

// ParseMailServer reads an address such as smtp://USER@mail.example.cn:587 (STARTTLS) or smtps://USER@mail.example.cn:465; without a
// user nobody signs in. It wraps [fault.ErrInvalid].
func ParseMailServer(address string, password Secret, from, sender string) (m MailServer, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return m, fmt.Errorf("mail server: the address is not written smtp://USER@HOST:PORT: %w", fault.ErrInvalid)
	}
	m = MailServer{Host: u.Hostname(), From: from, Name: sender, Security: map[string]Security{"smtp": StartTLS, "smtps": Implicit}[u.Scheme]}
	port, err := strconv.ParseUint(cmp.Or(u.Port(), map[Security]string{StartTLS: "587", Implicit: "465"}[m.Security]), 10, 16)
	if err != nil {
		return m, fmt.Errorf("port of the mail server: %w", fault.ErrInvalid)
	}
	m.Port = uint16(port)
	if u.User != nil {
		if _, has := u.User.Password(); has {
			return m, fmt.Errorf("mail server: the password does not stand in the address: %w", fault.ErrInvalid)
		}
		m.User, m.Password = u.User.Username(), password
	}
	return m, m.Check()
}
