package notices

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"bihuan/desk"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/ground/seal"
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

// SetReach changes how the caller wants to be reached, from the next notice on.
func (r *Room) SetReach(ctx context.Context, who desk.Caller, reach Reach) error {
	if err := r.own(who); err != nil {
		return err
	}
	return r.PutReach(ctx, who.Person, reach)
}

// PutReach is [Room.SetReach] for whoever may already write to the database: the demo, and accounts that are made by import.
func (r *Room) PutReach(ctx context.Context, p name.Person, reach Reach) error {
	if err := reach.Check(); err != nil {
		return err
	}
	b, err := json.Marshal(reach)
	if err != nil {
		return err
	}
	var chance [16]byte
	r.Chance(chance[:])
	return r.Store.PutReach(ctx, r.Desk.District(), p, seal.Seal(r.key, chance, r.place(p), b))
}

func (r *Room) place(p name.Person) seal.Place {
	return seal.Place{Log: r.Desk.District(), Subject: name.ID(p), Field: "reach"}
}

func (r *Room) reachOf(ctx context.Context, p name.Person) (reach Reach, err error) {
	body, err := r.Store.Reach(ctx, r.Desk.District(), p)
	if err != nil || body == nil {
		return reach, err
	}
	b, err := seal.Open(r.key, r.place(p), body)
	if err != nil {
		return reach, fmt.Errorf("preferences of %s: %w", p, err)
	}
	return reach, json.Unmarshal(b, &reach)
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
