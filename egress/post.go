package egress

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// Post is the ways by which messages leave the house, those that are set up. The zero Post has none.
type Post struct {
	Mail *Mailer
	SMS  *Texter
	Now  func() time.Time
	From name.Text // who writes, for the subject of what is sent at once
}

var _ notice.Sender = (*Post)(nil)

// Send is [notice.Sender]: by mail if there is an address and a server, otherwise by SMS.
func (p *Post) Send(ctx context.Context, to notice.Address, purpose string, text name.Text) error {
	if err := to.Check(); err != nil {
		return err
	}
	if !notice.IsPurpose(purpose) || text.IsZero() {
		return fmt.Errorf("message for %s: %w", clip(purpose), fault.ErrInvalid)
	}
	id, words := purpose+"-"+rand.Text(), text.In(to.Lang)
	switch {
	case to.Mail != "" && p.Mail != nil:
		return p.Mail.Send(ctx, Message{ID: id, To: to.Mail, Subject: p.From.In(to.Lang), Text: words, At: p.Now(), Bulk: true})
	case to.Phone != "" && p.SMS != nil:
		return p.SMS.Send(ctx, id, to.Phone, words, to.Lang, p.Now())
	}
	return fmt.Errorf("no way to send a message for %s is set up: %w", purpose, fault.ErrUnavailable)
}
