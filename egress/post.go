package egress

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// Post is the ways by which messages leave the house, those that are set up. The zero Post has none.
type Post struct {
	Mailer  *Mailer
	Texter  *Texter
	Chatter *Chatter
	Groups  func() (map[name.Unit]ChatRobot, error) // as they are now; nil: none
	Now     func() time.Time
	From    name.Text // who writes, for the subject of what is sent at once
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
	case to.Mail != "" && p.Mailer != nil:
		return p.Mail(ctx, id, to.Mail, p.From.In(to.Lang), words)
	case to.Phone != "" && p.Texter != nil:
		return p.SMS(ctx, id, to.Phone, words, to.Lang)
	}
	return fmt.Errorf("no way to send a message for %s is set up: %w", purpose, fault.ErrUnavailable)
}

// Open reports whether a channel is set up.
func (p *Post) Open(c notice.Channel) bool {
	switch c {
	case notice.Mail:
		return p.Mailer != nil
	case notice.SMS:
		return p.Texter != nil
	case notice.Robot:
		return len(p.Robots()) > 0
	}
	return false
}

// Robots returns the units that have a robot in a group of theirs, by key.
func (p *Post) Robots() (all []name.Unit) {
	if p.Chatter == nil {
		return nil
	}
	groups, _ := p.groups() // what is wrong with them is told where one of them should speak
	for u := range groups {
		all = append(all, u)
	}
	slices.Sort(all)
	return all
}

func (p *Post) groups() (map[name.Unit]ChatRobot, error) {
	if p.Groups == nil {
		return nil, nil
	}
	return p.Groups()
}

// errShut says that a channel is not set up.
var errShut = fmt.Errorf("this way is not set up: %w", fault.ErrUnavailable)

// Mail hands a mail over, see [Mailer.Send].
func (p *Post) Mail(ctx context.Context, id, to, subject, text string) error {
	if p.Mailer == nil {
		return errShut
	}
	return p.Mailer.Send(ctx, Message{ID: id, To: to, Subject: subject, Text: text, At: p.Now(), Bulk: true})
}

// SMS hands an SMS over, see [Texter.Send].
func (p *Post) SMS(ctx context.Context, id, to, text, lang string) error {
	if p.Texter == nil {
		return errShut
	}
	return p.Texter.Send(ctx, id, to, text, lang, p.Now())
}

// Say has the robot of a unit's group say a text, see [Chatter.Say].
func (p *Post) Say(ctx context.Context, unit name.Unit, text string) error {
	groups, err := p.groups()
	if err != nil {
		return fmt.Errorf("robots: %w", errors.Join(err, fault.ErrUnavailable))
	}
	robot, ok := groups[unit]
	if !ok || p.Chatter == nil {
		return errShut
	}
	return p.Chatter.Say(ctx, robot, text, p.Now())
}
