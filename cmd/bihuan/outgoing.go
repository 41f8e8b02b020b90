package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goccy/go-yaml"

	"bihuan/desk"
	"bihuan/desk/hooks"
	"bihuan/desk/notices"
	"bihuan/desk/places"
	"bihuan/egress"
	"bihuan/ground/access"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// outgoing is everything that leaves the house.
type outgoing struct {
	places  *places.Room
	notices *notices.Room
	hooks   *hooks.Room
	client  *egress.Client
	signers atomic.Pointer[[]signing] // of calls, the present one first
	post    *egress.Post
	tray    *notices.Tray // of the demo: nothing leaves
	sender  notice.Sender // messages that wait for nothing, such as one-time codes
}

// demoRobot is the unit that has a robot in the demo.
const demoRobot name.Unit = "housing"

// wireOutgoing wires what leaves the house; in the demo messages go into a tray.
func (h *house) wireOutgoing(ctx context.Context) (err error) {
	o := &outgoing{}
	if o.places, err = places.Open(ctx, h.desk, h.store, checkPlace); err != nil {
		return err
	}
	gate := egress.NewGate(placeList{o.places}, nil, time.Now)
	o.client = egress.NewClient(gate)
	if o.post, err = h.config.post(gate, o.client); err != nil {
		return err
	}
	var ways notices.Ways = o.post
	o.sender = o.post
	if h.config.tray {
		o.tray = notices.NewTray(h.world.Now, demoRobot)
		ways, o.sender = o.tray, o.tray
	}
	base := strings.TrimRight(h.config.Public, "/")
	if base != "" {
		if err := egress.CheckURL(base + "/"); err != nil {
			return fmt.Errorf("the public address %q: %w", h.config.Public, err)
		}
	}
	holder := process(h.config.Holder)
	o.notices = notices.New(notices.Config{Desk: h.desk, Store: h.store, Ways: ways, Holder: holder, Chance: systemChance, Secret: h.world.Blind, Base: base})
	o.hooks = hooks.New(hooks.Config{Desk: h.desk, Store: h.store, Caller: hookCaller{o}, Check: egress.CheckURL,
		Holder: holder, Chance: systemChance, Secret: h.world.Blind})
	h.desk.Listen(o.notices.Heard)
	h.desk.Listen(o.hooks.Heard)
	h.out = o
	return nil
}

// signing is a signer of calls, until an instant (µs) if that is known, with its public key as PEM.
type signing struct {
	signer *egress.Signer
	until  int64
	public string
}

// take has calls signed by what follows from keys of the house.
func (o *outgoing) take(k blindKeys) error {
	var all []signing
	for _, p := range append([]hooks.Past{{Secret: k.now}}, k.past...) {
		s, err := egress.NewSigner(p.Secret)
		if err != nil {
			return err
		}
		public, err := s.PublicKey()
		if err != nil {
			return err
		}
		all = append(all, signing{s, p.Until, string(public)})
	}
	o.signers.Store(&all)
	o.hooks.Take(k.now, k.past...)
	return nil
}

// publicKey is the public key of signatures by SM2, as PEM.
func (o *outgoing) publicKey() string { return (*o.signers.Load())[0].public }

// signersAt are the signers of a call at an instant.
func (o *outgoing) signersAt(at time.Time) (all []*egress.Signer) {
	for _, s := range *o.signers.Load() {
		if s.until == 0 || at.UnixMicro() < s.until {
			all = append(all, s.signer)
		}
	}
	return all
}

// send tells, delivers and looks which places are approved until ctx ends; the function returned waits for that.
func (h *house) send(ctx context.Context) (wait func()) {
	var group sync.WaitGroup
	group.Go(func() {
		if h.config.tray {
			h.readUp(ctx)
		}
		h.out.notices.Run(ctx, h.log)
	})
	group.Go(func() { h.out.hooks.Run(ctx, h.log) })
	group.Go(func() { h.out.watch(ctx, h.log) })
	return group.Wait
}

// watch reads the list of places anew now and then, and lets go of connections when it has changed.
func (o *outgoing) watch(ctx context.Context, log *slog.Logger) {
	t := time.NewTicker(20 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			before := len(o.places.Approved())
			if err := o.places.Refresh(ctx); err != nil && ctx.Err() == nil {
				log.Error("read the places", "error", err)
			}
			if len(o.places.Approved()) != before {
				o.client.Forget()
			}
		}
	}
}

// placeList shows approved places to the gate.
type placeList struct{ room *places.Room }

// Place is that of [egress.List].
func (l placeList) Place(host string, port uint16) (egress.Place, bool) {
	for _, p := range l.room.Approved() {
		if p.Host == host && p.Port == port {
			place, err := placeOf(&p.Order)
			return place, err == nil
		}
	}
	return egress.Place{}, false
}

func placeOf(o *places.Order) (egress.Place, error) {
	p := egress.Place{Host: o.Host, Port: o.Port, CA: []byte(o.CA), Pin: o.Pin}
	for _, n := range o.Networks {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(n))
		if err != nil {
			prefix = netip.Prefix{} // which the check refuses
		}
		p.Networks = append(p.Networks, prefix)
	}
	return p, egress.CheckPlace(&p)
}

func checkPlace(o *places.Order) error {
	_, err := placeOf(o)
	return err
}

// hookCaller calls by the client of the house.
type hookCaller struct{ o *outgoing }

// Call is that of [hooks.Caller].
func (h hookCaller) Call(ctx context.Context, c hooks.Call) (int, time.Duration, error) {
	caller := egress.Caller{Client: h.o.client, Signers: h.o.signersAt(c.At)}
	return caller.Call(ctx, egress.Hook{URL: c.URL, ID: c.ID, Body: c.Body, Secrets: c.Secrets, At: c.At})
}

// The files of secrets, and the variables that are read where there is no file.
const (
	mailSecret, mailVariable = "mail-password", "BIHUAN_MAIL_PASSWORD"
	smsSecret, smsVariable   = "sms-secret", "BIHUAN_SMS_SECRET"
)

// hasUser reports whether the address of a mail server names a user, who has a password.
func hasUser(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.User != nil
}

// post returns the ways that the configuration opens. Secrets that cannot be read now are a fault; later they are read at each use.
func (c config) post(gate *egress.Gate, client *egress.Client) (*egress.Post, error) {
	p := &egress.Post{Now: time.Now, From: name.Text{ZH: "闭环平台", EN: "Bihuan"}, Chatter: egress.NewChatter(client)}
	if c.Mail != "" {
		password := c.secret(mailSecret, mailVariable)
		server, err := egress.ParseMailServer(c.Mail, password, c.From, p.From.ZH)
		if err == nil {
			p.Mailer, err = egress.NewMailer(gate, server)
		}
		if err == nil && server.User != "" {
			_, err = password()
		}
		if err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
	}
	if c.SMS != "" {
		secret := c.secret(smsSecret, smsVariable)
		text, err := secret()
		if err == nil {
			_, err = egress.ParseSecret(text)
		}
		if err == nil {
			p.Texter, err = egress.NewTexter(client, egress.Gateway{URL: c.SMS, Secret: secret})
		}
		if err != nil {
			return nil, fmt.Errorf("sms: its secret: %w", err)
		}
	}
	if c.Robots != "" {
		if _, err := c.robots(); err != nil {
			return nil, err
		}
		p.Groups = c.robots
	}
	return p, nil
}

// robot is a line of the file of robots.
type robot struct {
	Unit   string `yaml:"unit"`
	Style  string `yaml:"style"` // wecom, dingtalk, feishu
	URL    string `yaml:"url"`
	Secret string `yaml:"secret"`
}

// robots reads which units have a robot, and by which secret address.
func (c config) robots() (map[name.Unit]egress.ChatRobot, error) {
	f, err := os.Open(c.secretPath(c.Robots))
	if err != nil {
		return nil, fmt.Errorf("robots: %w", err)
	}
	defer f.Close()
	if err := isOwn(f); err != nil {
		return nil, fmt.Errorf("robots: %w", err)
	}
	groups := map[name.Unit]egress.ChatRobot{}
	var all []robot
	if err := yaml.NewDecoder(io.LimitReader(f, 1<<20), yaml.Strict()).Decode(&all); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("robots %s: %s", c.Robots, yaml.FormatError(err, false, false)) // not the source: it holds secrets
	}
	for _, r := range all {
		styles := []string{string(egress.WeCom), string(egress.DingTalk), string(egress.Feishu)}
		if err := egress.CheckURL(r.URL); err != nil || r.Unit == "" || !slices.Contains(styles, r.Style) {
			return nil, fmt.Errorf("robots %s: unit %q wants a style of %s and an https address", c.Robots, r.Unit, strings.Join(styles, ", "))
		}
		groups[name.Unit(r.Unit)] = egress.ChatRobot{Style: egress.Style(r.Style), URL: r.URL, Secret: r.Secret}
	}
	return groups, nil
}

// fillReach has the demo's persons want mail, so that its tray fills; leaders an SMS too.
func (h *house) fillReach(ctx context.Context) error {
	for _, p := range h.desk.Directory().Persons {
		reach := notices.Reach{Mail: string(p.Key) + "@erdao.example.cn", ByMail: true}
		if slices.Contains(p.Roles, "leader") {
			reach.Phone, reach.BySMS = "0000"+strings.TrimLeft(string(p.Key), "p"), true
		}
		if err := h.out.notices.PutReach(ctx, p.Key, reach); err != nil {
			return err
		}
	}
	return nil
}

// unreadYet is how many notices the demo's persons have not read when it opens: what came last.
const unreadYet = 5

// readUp has the demo's persons read what they were told before it opens.
func (h *house) readUp(ctx context.Context) {
	err := h.out.notices.Tick(ctx)
	for _, p := range h.desk.Directory().Persons {
		if err != nil {
			break
		}
		if who, ok := h.desk.Directory().Caller(p.Key, "zh"); ok && h.desk.Holds(who, access.InboxRead, access.Platform) {
			err = h.readBut(ctx, who, unreadYet)
		}
	}
	if err != nil && ctx.Err() == nil {
		h.log.Error("read up", "error", err)
	}
}

// readBut marks everything in somebody's inbox as read, except the latest few.
func (h *house) readBut(ctx context.Context, who desk.Caller, few int) error {
	var old []string
	for ask := (notices.Ask{Unread: true}); ; {
		in, err := h.out.notices.Inbox(ctx, who, ask)
		if err != nil {
			return err
		}
		for _, e := range in.Entries {
			if few--; few < 0 {
				old = append(old, e.ID)
			}
		}
		if ask.Cursor = in.Next; ask.Cursor == "" {
			break
		}
	}
	if len(old) == 0 {
		return nil
	}
	return h.out.notices.Mark(ctx, who, old, true)
}
