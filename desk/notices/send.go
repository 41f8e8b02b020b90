package notices

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"bihuan/desk"
	"bihuan/desk/words"
	"bihuan/ground/access"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// mostSent is how many messages one tick sends, so that one that is slow does not keep the log waiting.
const mostSent = 50

// mostLines is how many notices one message tells; it says how many more there are.
const mostLines = 20

// send hands over the messages that are due: everything that waits for one person by one channel, and comes due within the
// window, as one.
func (r *Room) send(ctx context.Context) error {
	if r.Ways == nil {
		return nil
	}
	now := r.Desk.Now()
	due, err := r.Store.Postings(ctx, r.Desk.District(), notice.AskedPostings{States: []notice.State{notice.Waiting}, Until: now, Limit: 500})
	if err != nil || len(due) == 0 {
		return err
	}
	soon, err := r.Store.Postings(ctx, r.Desk.District(), notice.AskedPostings{States: []notice.State{notice.Waiting}, Until: now + r.window().Microseconds(), Limit: 500})
	if err != nil {
		return err
	}
	var order []bundleKey
	bundles := map[bundleKey][]notice.Posting{}
	for _, p := range due {
		key := bundleKey{p.Person, p.Channel, apart(&p)}
		if _, known := bundles[key]; !known {
			order, bundles[key] = append(order, key), nil
		}
	}
	for _, p := range soon {
		key := bundleKey{p.Person, p.Channel, apart(&p)}
		if _, isDue := bundles[key]; isDue && (p.Due <= now || p.Tries == 0) {
			bundles[key] = append(bundles[key], p)
		}
	}
	for i, key := range order {
		if i == mostSent {
			r.Heard(desk.Announcement{}) // the rest comes with the next tick
			return nil
		}
		if err := r.hand(ctx, key, bundles[key]); err != nil {
			return err
		}
		if err := r.hold(ctx); err != nil {
			return err
		}
	}
	return nil
}

// bundleKey is what goes as one message.
type bundleKey struct {
	person  name.Person
	channel notice.Channel
	apart   string
}

// apart keeps messages to people without an account apart: each is of one matter.
func apart(p *notice.Posting) string {
	if p.Person == reporterPrefix {
		return p.Notice
	}
	return ""
}

// hand claims a bundle, hands it over and writes down what came of it.
func (r *Room) hand(ctx context.Context, key bundleKey, all []notice.Posting) error {
	all, over := parted(all)
	district := r.Desk.District()
	if len(over) > 0 {
		batch := r.batch()
		if err := r.Store.Claim(ctx, district, batch, over); err != nil {
			return lost(err)
		}
		if err := r.Store.Settle(ctx, district, batch, notice.Skipped, 0, ""); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	batch := r.batch()
	if err := r.Store.Claim(ctx, district, batch, all); err != nil {
		return lost(err)
	}
	sent := r.carry(ctx, batch, key, all)
	if ctx.Err() != nil {
		return ctx.Err() // whoever comes next finds it unsure
	}
	state, due, why := verdict(sent, all[0].Tries+1, r.Desk.Now(), r.roll())
	return r.Store.Settle(ctx, district, batch, state, due, why)
}

func lost(err error) error {
	if errors.Is(err, fault.ErrConflict) {
		return errLost
	}
	return err
}

// parted takes out what was read or is over by itself: nobody has to be told of it any more.
func parted(all []notice.Posting) (left, over []notice.Posting) {
	for _, p := range all {
		if p.Of.ID == "" || p.Of.Read != 0 {
			over = append(over, p)
		} else {
			left = append(left, p)
		}
	}
	return left, over
}

// verdict says what becomes of a message after a try.
func verdict(err error, tries int, now int64, roll uint64) (state notice.State, due int64, why string) {
	switch {
	case err == nil:
		return notice.Sent, 0, ""
	case errors.Is(err, fault.ErrInvalid) || tries >= notice.MostTries:
		return notice.Failed, 0, notice.Why(err, 300)
	}
	return notice.Waiting, now + notice.Backoff(tries, roll).Microseconds(), notice.Why(err, 300)
}

// batch returns a new name of a message.
func (r *Room) batch() string {
	var b [12]byte
	r.Chance(b[:])
	return "n-" + hex.EncodeToString(b[:])
}

func (r *Room) roll() uint64 {
	var b [8]byte
	r.Chance(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

// carry hands a bundle to the way of its channel.
func (r *Room) carry(ctx context.Context, batch string, key bundleKey, all []notice.Posting) error {
	switch {
	case key.person == reporterPrefix:
		return r.answer(ctx, batch, key.channel, &all[0])
	case key.channel == notice.Robot:
		unit := name.Unit(strings.TrimPrefix(string(key.person), groupPrefix))
		return r.Ways.Say(ctx, unit, r.subject(len(all), "zh")+"\n"+r.body(all, "zh", true))
	}
	reach, err := r.reachOf(ctx, key.person)
	if err != nil {
		return err
	}
	if key.channel == notice.SMS {
		if reach.Phone == "" {
			return fmt.Errorf("no telephone number any more: %w", fault.ErrInvalid)
		}
		return r.Ways.SMS(ctx, batch, reach.Phone, r.short(all, reach.Lang), reach.Lang)
	}
	if reach.Mail == "" {
		return fmt.Errorf("no mail address any more: %w", fault.ErrInvalid)
	}
	text := r.body(all, reach.Lang, true) + "\n\n" + words.Say(reach.Lang, "notice.mail-foot")
	if r.Base != "" {
		text += "\n" + r.Base + "/me/notices"
	}
	return r.Ways.Mail(ctx, batch, reach.Mail, r.subjectOf(all, reach.Lang), text)
}

// answer tells whoever reported a matter that it was answered: by number, without anything that they wrote.
func (r *Room) answer(ctx context.Context, batch string, channel notice.Channel, p *notice.Posting) error {
	to, err := r.Desk.ReporterOf(ctx, p.Of.Stream)
	if err != nil {
		return err
	}
	text := r.Text(&p.Of, "zh")
	switch {
	case channel == notice.Mail && to.Mail != "":
		if r.Base != "" {
			text += "\n" + r.Base + "/follow"
		}
		return r.Ways.Mail(ctx, batch, to.Mail, words.Say("zh", "notice.answer-subject"), text)
	case channel == notice.SMS && to.Phone != "":
		return r.Ways.SMS(ctx, batch, to.Phone, text, "zh")
	}
	return fmt.Errorf("the reporter left no address that can be used, or it was erased: %w", fault.ErrInvalid)
}

// subject says how much there is.
func (r *Room) subject(n int, lang string) string {
	if n == 1 {
		return words.Say(lang, "notice.subject-one")
	}
	return words.Say(lang, "notice.subject-many", "n", n)
}

// subjectOf is the subject of a mail: what it is about if that is one thing.
func (r *Room) subjectOf(all []notice.Posting, lang string) string {
	if len(all) == 1 {
		return notice.Line(words.Say(lang, "brand")+" · "+r.Text(&all[0].Of, lang), 100)
	}
	return words.Say(lang, "brand") + " · " + r.subject(len(all), lang)
}

// body tells notices line by line.
func (r *Room) body(all []notice.Posting, lang string, links bool) string {
	var b strings.Builder
	for i := range all {
		if i == mostLines {
			b.WriteString(words.Say(lang, "notice.more", "n", len(all)-mostLines))
			break
		}
		b.WriteString("· " + r.Text(&all[i].Of, lang) + "\n")
		if to := all[i].Of.Page(); links && r.Base != "" && to != "" {
			b.WriteString("  " + r.Base + to + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// short is an SMS: what it is about if that is one thing, and otherwise how much there is.
func (r *Room) short(all []notice.Posting, lang string) string {
	if len(all) == 1 {
		return r.Text(&all[0].Of, lang)
	}
	return r.subject(len(all), lang)
}

// Stuck is what was not sent, for the page of the administrator.
type Stuck struct {
	Batch    string
	Channel  notice.Channel
	State    notice.State
	Notices  int
	At, Due  int64
	Tries    int
	Why      string
	Person   name.Person // empty for whoever reported a matter
	Unit     name.Unit   // of a group
	Number   string      // of the first matter
	Reporter bool
}

// Post is how the sending of messages stands.
type Post struct {
	Counts map[notice.State]int64
	Stuck  []Stuck // what failed or is unsure, and what is being tried again; at most 200 messages
	Open   []notice.Channel
}

// Post returns how the sending of messages stands. The addresses are not told.
func (r *Room) Post(ctx context.Context, who desk.Caller) (p Post, err error) {
	if err := r.manage(who); err != nil {
		return p, err
	}
	if p.Counts, err = r.Store.CountPostings(ctx, r.Desk.District()); err != nil {
		return p, err
	}
	for _, c := range notice.Channels {
		if r.Ways != nil && r.Ways.Open(c) {
			p.Open = append(p.Open, c)
		}
	}
	all, err := r.Store.Postings(ctx, r.Desk.District(), notice.AskedPostings{States: []notice.State{notice.Failed, notice.Unsure, notice.Waiting}, Limit: 500})
	if err != nil {
		return p, err
	}
	at := map[string]int{}
	for _, x := range all {
		if x.State == notice.Waiting && x.Tries == 0 {
			continue // it has its time still
		}
		if i, known := at[x.Batch]; known && x.Batch != "" {
			p.Stuck[i].Notices++
			continue
		}
		if len(p.Stuck) == 200 {
			break
		}
		at[x.Batch] = len(p.Stuck)
		s := Stuck{Batch: x.Batch, Channel: x.Channel, State: x.State, Notices: 1, At: x.At, Due: x.Due, Tries: x.Tries, Why: x.Why, Person: x.Person, Number: x.Of.Facts.Number}
		if unit, ok := strings.CutPrefix(string(x.Person), groupPrefix); ok {
			s.Person, s.Unit = "", name.Unit(unit)
		} else if x.Person == reporterPrefix {
			s.Person, s.Reporter = "", true
		}
		p.Stuck = append(p.Stuck, s)
	}
	return p, nil
}

// SendAgain has a message that failed, or of which nobody knows, go once more. It wraps [fault.ErrNotFound].
func (r *Room) SendAgain(ctx context.Context, who desk.Caller, batch string) error {
	if err := r.manage(who); err != nil {
		return err
	}
	if err := r.Store.SendAgain(ctx, r.Desk.District(), batch, r.Desk.Now()); err != nil {
		return err
	}
	r.Heard(desk.Announcement{})
	return nil
}

func (r *Room) manage(who desk.Caller) error {
	return r.Desk.Allow(who, access.OutgoingManage, access.Object{Type: access.Platform, Class: access.Internal})
}
