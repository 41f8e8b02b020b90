package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"bihuan/api"
	"bihuan/cmd/bihuan/machine"
	"bihuan/desk"
	"bihuan/desk/reports"
	"bihuan/ground/name"
	signed "bihuan/internal/people"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

const district = name.District("220105")

// persons are the four who take a promise from issue to strike-off.
var persons = []struct {
	unit name.Unit
	role name.Role
	nth  int
}{{"office", "issuer", 0}, {"housing", "handler", 0}, {"supervision", "checker", 0}, {"office", "issuer", 1}}

// serveOurs is the API as serve has it, over a new database: session, access rule, the pack's forms and clocks,
// idempotency key, version, chain, and the figures that are counted from acts.
func serveOurs(ctx context.Context, addr, dir string, ready func(...string)) error {
	machine.SpareProcessor()
	go machine.TendHeap(ctx, time.Second)
	st, err := store.Open(filepath.Join(dir, "bihuan.db"), store.Options{})
	if err != nil {
		return err
	}
	d, err := openDesk(ctx, st)
	if err != nil {
		return err
	}
	people, err := signed.Full(ctx, d, st, nil)
	if err != nil {
		return err
	}
	methods, err := api.New(api.Config{Desk: d, Reports: reports.New(d, st), Past: st, Accounts: people, Form: pack.FormSchema, Version: "bench",
		Decode: func(context.Context, string, io.Reader) (string, error) {
			return "", errors.New("no files are read here")
		},
		Verify: func(context.Context) (api.Verdict, error) {
			return api.Verdict{}, errors.New("nothing is verified here")
		}})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	var tokens []string
	for _, p := range persons {
		who := d.Directory().Of(p.unit, p.role)[p.nth]
		token, err := signed.SignIn(ctx, people, who.Key)
		if err != nil {
			return err
		}
		tokens = append(tokens, token, string(who.Key))
	}
	ready(tokens...)
	return http.Serve(l, methods)
}

func chance(b []byte) { rand.Read(b) }

func openDesk(ctx context.Context, st *store.Store) (*desk.Desk, error) {
	w := desk.World{District: district, Now: func() int64 { return time.Now().UnixMicro() }, Chance: chance}
	var err error
	if w.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return nil, err
	}
	offered, err := pack.Load(packs.FS)
	if err != nil {
		return nil, err
	}
	w.Packs = offered
	if _, err = desk.InstallPacks(ctx, st, w, offered, name.System); err != nil {
		return nil, err
	}
	if w.Packs, err = desk.InstalledPacks(ctx, st, district, w.Now(), offered); err != nil {
		return nil, err
	}
	d, err := desk.Open(ctx, st, w)
	if err != nil {
		return nil, err
	}
	d.Listen(func(a desk.Announcement) { d.Follow(ctx, a) })
	return d, nil
}

// ourLifecycle takes a promise from issue to strike-off. tokens are token and key of each of persons.
func ourLifecycle(c *client, tokens []string) error {
	const issuer, handler, checker, striker = 0, 2, 4, 6
	done := struct{ ID string }{}
	key := func() string {
		c.n++
		return fmt.Sprintf("Idempotency-Key: %p-%d-%d\r\n", c, c.n, time.Now().UnixNano())
	}
	etag, err := c.send("POST", api.Base+"/matters", tokens[issuer], key(),
		[]byte(`{"kind":"promise/promise","with":{"title":"改造老旧小区","unit":"housing","due":"2030-12-31"}}`), &done)
	if err != nil {
		return err
	}
	text, _ := json.Marshal(note)
	document := fmt.Sprintf(`{"with":{"summary":"完成"},"evidence":[{"kind":"document","name":"paper.txt","data":%q}]}`, base64.StdEncoding.EncodeToString([]byte(note)))
	progress := fmt.Sprintf(`{"with":{"note":%s}}`, text)
	for _, act := range [steps - 1]struct {
		who       int
		act, body string
	}{
		{handler, "acknowledge", fmt.Sprintf(`{"with":{"person":%q}}`, tokens[handler+1])},
		{handler, "report-progress", progress},
		{handler, "report-progress", progress},
		{handler, "report-progress", progress},
		{handler, "apply", document},
		{checker, "verify", `{"with":{"verify-note":"属实"},"evidence":[{"kind":"statement","text":"现场核对属实"}]}`},
		{striker, "strike-off", `{}`},
	} {
		if etag, err = c.send("POST", api.Base+"/matters/"+done.ID+"/acts/"+act.act, tokens[act.who], key()+"If-Match: "+etag+"\r\n", []byte(act.body), nil); err != nil {
			return err
		}
	}
	return nil
}
