package egress

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"encoding/base64"

	"github.com/emersion/go-smtp"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/internal/bar"
	"bihuan/kernel/notice"
)

// read takes a letter apart as a mail program would.
func read(t *testing.T, l letter) (subject, text string, m *mail.Message) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.data))
	must(t, err)
	subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(t, err)
	b, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	must(t, err)
	return subject, string(b), m
}

func TestMailReachesARealServer(t *testing.T) {
	for _, security := range []Security{StartTLS, Implicit} {
		t.Run(string(security), func(t *testing.T) {
			office := newPostOffice(t, security)
			m, err := NewMailer(office.gate(), office.server(security))
			must(t, err)
			at := time.Date(2023, 10, 16, 9, 0, 0, 0, time.UTC)
			must(t, m.Send(context.Background(), Message{ID: "n-1", To: "li@erdao.example.cn", Subject: "3 件事项等您办理", Text: "W22010520231016-00001 今日到期\nhttps://bihuan.example.cn/inbox", At: at, Bulk: true}))
			got := office.got()
			if len(got) != 1 || got[0].to != "li@erdao.example.cn" || got[0].from != "notice@erdao.example.cn" || got[0].user != "bihuan" {
				t.Fatalf("%v", got)
			}
			subject, text, msg := read(t, got[0])
			if subject != "3 件事项等您办理" || strings.ReplaceAll(text, "\r\n", "\n") != "W22010520231016-00001 今日到期\nhttps://bihuan.example.cn/inbox\n" {
				t.Errorf("subject %q text %q", subject, text)
			}
			if msg.Header.Get("Message-ID") != "<n-1@erdao.example.cn>" || msg.Header.Get("Auto-Submitted") != "auto-generated" {
				t.Errorf("header %v", msg.Header)
			}
			if d, err := msg.Header.Date(); err != nil || !d.Equal(at) {
				t.Errorf("date %v, %v", d, err)
			}
		})
	}
}

func TestMailThatCannotBeSent(t *testing.T) {
	office := newPostOffice(t, StartTLS)
	right := office.server(StartTLS)
	for name, c := range map[string]struct {
		change func(*MailServer, *postOffice)
		gate   func() *Gate
		want   error
		never  bool // trying again is of no use
	}{
		"a wrong password may be put right":            {change: func(m *MailServer, _ *postOffice) { m.Password = fixed("another") }, want: fault.ErrUnavailable},
		"a recipient who does not exist never gets it": {change: func(_ *MailServer, p *postOffice) { p.refuse = &smtp.SMTPError{Code: 550, Message: "no such user"} }, want: ErrRefused},
		"a full mailbox may have room later":           {change: func(_ *MailServer, p *postOffice) { p.refuse = &smtp.SMTPError{Code: 452, Message: "full"} }, want: fault.ErrUnavailable},
		"a server that is not approved is not dialled": {gate: func() *Gate { return NewGate(places{}, nil, time.Now) }, want: ErrClosed},
		"a server with another certificate gets no mail": {gate: func() *Gate {
			g := office.gate()
			_, ca := certificate(t, "mail.example.cn")
			g.list = places{{Host: "mail.example.cn", Port: office.port, Networks: loop, CA: ca}}
			return g
		}, want: fault.ErrUnavailable},
		"a server that is asked in the wrong way says so": {change: func(m *MailServer, _ *postOffice) { m.Security = Implicit }, want: fault.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			server, gate := right, office.gate()
			office.refuse = nil
			if c.change != nil {
				c.change(&server, office)
			}
			if c.gate != nil {
				gate = c.gate()
			}
			m, err := NewMailer(gate, server)
			must(t, err)
			before := len(office.got())
			err = m.Send(context.Background(), Message{ID: "n-1", To: "li@erdao.example.cn", Subject: "s", Text: "t", At: time.Now()})
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if errors.Is(err, ErrRefused) != (c.want == ErrRefused) {
				t.Errorf("whether to try again: %v", err)
			}
			if n := len(office.got()); n != before {
				t.Errorf("%d letters arrived", n-before)
			}
		})
	}
}

// TestBar_I16_NoTextForgesAHeaderOfAMail sends what people have tried for decades.
// TestAMailServerThatSaysNothingIsLeftInTime: neither one that never greets, nor one that waits at a later step, is waited for longer than the mail may take.
func TestAMailServerThatSaysNothingIsLeftInTime(t *testing.T) {
	for name, says := range map[string]string{"before it greets": "", "after it was told who calls": "220 here\r\n"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		go func() {
			c, err := l.Accept()
			if err == nil {
				io.WriteString(c, says)
				io.Copy(io.Discard, c) // until the other side leaves
				c.Close()
			}
		}()
		port := uint16(l.Addr().(*net.TCPAddr).Port)
		m, err := NewMailer(NewGate(places{{Host: "127.0.0.1", Port: port, Networks: loop}}, nil, time.Now), MailServer{Host: "127.0.0.1", Port: port, Security: StartTLS, From: "notice@erdao.example.cn"})
		must(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		begun := time.Now()
		err = m.Send(ctx, Message{ID: "n-1", To: "li@erdao.example.cn", Subject: "x", Text: "x", At: begun})
		cancel()
		if took := time.Since(begun); !errors.Is(err, fault.ErrUnavailable) || took > mailTimeout/2 {
			t.Errorf("%s: left after %v, %v", name, took, err)
		}
		l.Close()
	}
}

func TestBar_I16_NoTextForgesAHeaderOfAMail(t *testing.T) {
	office := newPostOffice(t, StartTLS)
	m, err := NewMailer(office.gate(), office.server(StartTLS))
	must(t, err)
	sent, refused := 0, 0
	for _, tail := range []string{"\r\nBcc: all@example.cn", "\nBcc: all@example.cn", "\rBcc: all@example.cn", "\r\n\r\nanother body", "\r\n.\r\nMAIL FROM:<x@example.cn>", "\u2028Bcc: all@example.cn",
		"\x00\nBcc: all@example.cn", "=?utf-8?q?=0D=0ABcc:_all@example.cn?=", "\x0bBcc: all@example.cn", "\x1b[31m\r\nX-Forged: yes", "<script>", "\u202emoc.live"} {
		for _, msg := range []Message{
			{ID: "n-1", To: "li@erdao.example.cn", Subject: "办理" + tail, Text: "正文"},
			{ID: "n-1", To: "li@erdao.example.cn", Subject: "办理", Text: "正文" + tail},
			{ID: "n-1" + tail, To: "li@erdao.example.cn", Subject: "办理", Text: "正文"},
			{ID: "n-1", To: "li@erdao.example.cn" + tail, Subject: "办理", Text: "正文"},
			{ID: "n-1", To: tail + "li@erdao.example.cn", Subject: "办理", Text: "正文"},
			{ID: "n-1", To: "li@erdao.example.cn, all@example.cn", Subject: "办理", Text: "正文"},
		} {
			before := len(office.got())
			msg.At = time.Now()
			if err := m.Send(context.Background(), msg); err != nil {
				if refused++; !errors.Is(err, ErrRefused) || len(office.got()) != before {
					t.Errorf("%+v: %v", msg, err)
				}
				continue
			}
			sent++
			l := office.got()[before]
			if l.to != "li@erdao.example.cn" || len(office.got()) != before+1 {
				t.Errorf("%+v went to %s", msg, l.to)
			}
			subject, _, parsed := read(t, l)
			if strings.ContainsAny(subject, "\r\n\x00\x1b\x0b\u2028\u202e") && !strings.Contains(msg.Subject, "=?") {
				t.Errorf("%q became the subject %q", msg.Subject, subject)
			}
			for key := range parsed.Header {
				switch key {
				case "Bcc", "Cc", "X-Forged":
					t.Errorf("%+v forged %s", msg, key)
				}
			}
			if n := len(l.headers()); n != 8 {
				t.Errorf("%+v has %d header lines: %q", msg, n, l.headers())
			}
		}
	}
	if sent == 0 || refused == 0 {
		t.Errorf("%d sent, %d refused: the test has seen one side only", sent, refused)
	}
	bar.Report(t, "I-16", "%d mails with broken lines, controls and second recipients: %d refused, %d sent as one line, 0 forged headers", sent+refused, refused, sent)
}

func TestSendGoesByTheWayThatIsOpen(t *testing.T) {
	office := newPostOffice(t, StartTLS)
	m, err := NewMailer(office.gate(), office.server(StartTLS))
	must(t, err)
	ctx := context.Background()
	code := name.Text{ZH: "验证码 123456", EN: "Code 123456"}
	p := &Post{Mailer: m, Now: time.Now, From: name.Text{ZH: "二道区", EN: "Erdao"}}
	must(t, p.Send(ctx, notice.Address{Mail: "li@erdao.example.cn", Lang: "en"}, "sign-in-code", code))
	subject, text, _ := read(t, office.got()[0])
	if subject != "Erdao" || strings.TrimSpace(text) != "Code 123456" {
		t.Errorf("%q %q", subject, text)
	}
	for name, c := range map[string]struct {
		to      notice.Address
		purpose string
		want    error
	}{
		"nobody to send to":          {notice.Address{}, "sign-in-code", fault.ErrInvalid},
		"no SMS is set up":           {notice.Address{Phone: "13900000000"}, "sign-in-code", fault.ErrUnavailable},
		"an address with two people": {notice.Address{Mail: "a@example.cn,b@example.cn"}, "sign-in-code", fault.ErrInvalid},
		"a purpose that is a text":   {notice.Address{Mail: "a@example.cn"}, "Sign in\r\n", fault.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if err := p.Send(ctx, c.to, c.purpose, code); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
