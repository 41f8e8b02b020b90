package notices

import (
	"context"
	"slices"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/kernel/notice"
)

// Reach is where and how somebody wants to be reached. The zero Reach is the inbox alone.
type Reach struct {
	Mail   string         `json:"mail,omitempty"`
	Phone  string         `json:"phone,omitempty"`
	ByMail bool           `json:"by-mail,omitempty"`
	BySMS  bool           `json:"by-sms,omitempty"` // of what is urgent only
	Daily  bool           `json:"daily,omitempty"`  // what is not urgent comes once a day
	Lang   string         `json:"lang,omitempty"`
	Mute   []notice.About `json:"mute,omitempty"` // stays in the inbox and is sent nowhere; what is urgent is always sent
}

// channels are the ways by which somebody is told of an occasion.
func (r *Reach) channels(about notice.About) (all []notice.Channel) {
	o, _ := about.Find()
	if slices.Contains(r.Mute, about) && !o.Urgent {
		return nil
	}
	if r.ByMail && r.Mail != "" {
		all = append(all, notice.Mail)
	}
	if r.BySMS && r.Phone != "" && o.Urgent {
		all = append(all, notice.SMS)
	}
	return all
}

// Check reports what is wrong with what somebody typed. It wraps [fault.ErrInvalid].
func (r *Reach) Check() error {
	switch {
	case r.Mail != "" && !notice.IsMail(r.Mail):
		return fault.Refuse(fault.ErrInvalid, "mail-malformed", "mail")
	case r.Phone != "" && !notice.IsPhone(r.Phone):
		return fault.Refuse(fault.ErrInvalid, "phone-malformed", "phone")
	case r.ByMail && r.Mail == "":
		return fault.Refuse(fault.ErrInvalid, "address-missing", "mail")
	case r.BySMS && r.Phone == "":
		return fault.Refuse(fault.ErrInvalid, "address-missing", "phone")
	}
	for _, a := range r.Mute {
		if _, known := a.Find(); !known {
			return fault.Refuse(fault.ErrInvalid, "choice-unknown", "mute")
		}
	}
	return nil
}

// Reach returns how the caller wants to be reached.
func (r *Room) Reach(ctx context.Context, who desk.Caller) (Reach, error) {
	if err := r.own(who); err != nil {
		return Reach{}, err
	}
	return r.reachOf(ctx, who.Person)
}

// own allows whoever has an inbox.
func (r *Room) own(who desk.Caller) error {
	return r.Desk.Allow(who, access.InboxRead, access.Object{Type: access.Platform, Class: access.Internal})
}

// due says when a message may go: what is urgent at once, everything else with what else comes in the meantime, and not in
// quiet hours.
func (r *Room) due(about notice.About, reach Reach, now int64) int64 {
	if o, _ := about.Find(); o.Urgent {
		return now
	}
	if reach.Daily {
		day := calendar.Instant(now).Date()
		at := int64(day.At(dailyAt))
		if at <= now {
			at = int64((day + 1).At(dailyAt))
		}
		return r.quiet().Release(at)
	}
	return r.quiet().Release(now + r.window().Microseconds())
}

// dailyAt is when the one message a day goes, in minutes since midnight; ours.
const dailyAt = 8*60 + 30

// The district's parameters.
const (
	parameterQuiet  = "quiet-hours"
	parameterWindow = "digest-minutes"
)

// quiet are the district's quiet hours. Without the parameter, or with one that cannot be read, they are the usual ones.
func (r *Room) quiet() notice.Quiet {
	if v, ok := r.Desk.Packs().Parameter(parameterQuiet, r.Desk.Today()); ok {
		if q, err := notice.ParseQuiet(v); err == nil {
			return q
		}
	}
	q, _ := notice.ParseQuiet("21:30-07:30")
	return q
}

// window is how long is waited for what else there is to say.
func (r *Room) window() time.Duration {
	if v, ok := r.Desk.Packs().Parameter(parameterWindow, r.Desk.Today()); ok {
		if d, err := time.ParseDuration(v + "m"); err == nil && d >= 0 && d <= 24*time.Hour {
			return d
		}
	}
	return 30 * time.Minute
}

// Channels are the ways that are set up.
func (r *Room) Channels() (all []notice.Channel) {
	for _, c := range notice.Channels {
		if r.Ways != nil && r.Ways.Open(c) {
			all = append(all, c)
		}
	}
	return all
}
