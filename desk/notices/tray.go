package notices

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// Letter is a message that would have left the house.
type Letter struct {
	At      int64 // µs
	Channel notice.Channel
	To      string // address, number, or key of a unit
	Subject string
	Text    string
	Purpose string // of what was sent at once; empty for notices
}

// Tray is ways that lead nowhere: it keeps the last messages in memory, for the demo's page of what would have been sent. It is safe
// for many goroutines.
type Tray struct {
	now     func() int64
	robots  []name.Unit
	mu      sync.Mutex
	letters []Letter
}

// mostLetters is how many messages a tray keeps.
const mostLetters = 300

// NewTray returns an empty tray; units are those that have a robot.
func NewTray(now func() int64, units ...name.Unit) *Tray { return &Tray{now: now, robots: units} }

var (
	_ Ways          = (*Tray)(nil)
	_ notice.Sender = (*Tray)(nil)
)

func (t *Tray) take(l Letter) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	l.At = t.now()
	t.letters = append(t.letters, l)
	if over := len(t.letters) - mostLetters; over > 0 {
		t.letters = slices.Clone(t.letters[over:])
	}
	return nil
}

// Letters returns what the tray holds, the latest first; a nil tray holds nothing.
func (t *Tray) Letters() []Letter {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	all := slices.Clone(t.letters)
	slices.Reverse(all)
	return all
}

// Open reports that every channel is.
func (t *Tray) Open(notice.Channel) bool { return true }

// Robots returns the units that have a robot.
func (t *Tray) Robots() []name.Unit { return t.robots }

// Mail keeps a mail.
func (t *Tray) Mail(_ context.Context, _, to, subject, text string) error {
	return t.take(Letter{Channel: notice.Mail, To: to, Subject: subject, Text: text})
}

// SMS keeps an SMS.
func (t *Tray) SMS(_ context.Context, _, to, text, _ string) error {
	return t.take(Letter{Channel: notice.SMS, To: to, Text: text})
}

// Say keeps what a robot would say.
func (t *Tray) Say(_ context.Context, unit name.Unit, text string) error {
	return t.take(Letter{Channel: notice.Robot, To: string(unit), Text: text})
}

// Send keeps what is sent at once; see [notice.Sender].
func (t *Tray) Send(_ context.Context, to notice.Address, purpose string, text name.Text) error {
	if err := to.Check(); err != nil {
		return err
	}
	if !notice.IsPurpose(purpose) || text.IsZero() {
		return fmt.Errorf("message for %q: %w", notice.Line(purpose, 40), fault.ErrInvalid)
	}
	l := Letter{Channel: notice.Mail, To: to.Mail, Text: text.In(to.Lang), Purpose: purpose}
	if to.Mail == "" {
		l.Channel, l.To = notice.SMS, to.Phone
	}
	return t.take(l)
}
