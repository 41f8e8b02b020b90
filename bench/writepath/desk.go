package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"bihuan/desk"
	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/matter"
	"bihuan/pack"
	"bihuan/packs"
	"bihuan/store"
)

// throughDesk is the whole path in process: the access rule, the kernel's rules, the pack's forms and clocks by the
// working calendar, then the store. The case is a promise of pack promise, in eight acts by four persons.
type throughDesk struct {
	dir     string
	path    string
	round   int
	s       *store.Store
	d       *desk.Desk
	persons map[string]desk.Caller
	file    journal.File
}

func (o *throughDesk) name() string { return "desk" }
func (o *throughDesk) served() bool { return false }

func (o *throughDesk) start(ctx context.Context, _ int) (err error) {
	o.round++
	o.path = filepath.Join(o.dir, fmt.Sprintf("desk-%d.db", o.round))
	if o.s, err = store.Open(o.path, store.Options{}); err != nil {
		return err
	}
	w := desk.World{District: district, Now: func() int64 { return time.Now().UnixMicro() }, Chance: func(b []byte) { rand.Read(b) }}
	if w.Policy, err = pack.ReadPolicy(packs.FS); err != nil {
		return err
	}
	if w.Packs, err = pack.Load(packs.FS); err != nil {
		return err
	}
	if _, err = desk.InstallPacks(ctx, o.s, w, w.Packs, name.System); err != nil {
		return err
	}
	if o.d, err = desk.Open(ctx, o.s, w); err != nil {
		return err
	}
	o.d.Listen(func(a desk.Announcement) { o.d.Follow(ctx, a) })
	o.persons = map[string]desk.Caller{}
	for part, who := range map[string]struct {
		unit name.Unit
		role name.Role
		nth  int
	}{"issuer": {"office", "issuer", 0}, "handler": {"housing", "handler", 0}, "checker": {"supervision", "checker", 0}, "striker": {"office", "issuer", 1}} {
		o.persons[part], _ = o.d.Directory().Caller(o.d.Directory().Of(who.unit, who.role)[who.nth].Key, "zh")
	}
	o.file = journal.File{Name: "paper.txt", Media: "text/plain", Bytes: payload}
	h := ledger.SM3.New()
	h.Write(payload)
	h.Sum(o.file.Hash[:0])
	return nil
}

func (o *throughDesk) stop() error {
	if r, err := o.s.Verify(context.Background(), district, nil); err != nil || r.Flaw != nil {
		return fmt.Errorf("the log does not verify: %v %v", r.Flaw, err)
	}
	if err := o.s.Close(); err != nil {
		return err
	}
	return os.Remove(o.path)
}

func (o *throughDesk) lifecycle(ctx context.Context) error {
	done, err := o.d.Start(ctx, o.persons["issuer"], desk.Do{Kind: "promise/promise", With: map[string]string{"title": "改造老旧小区", "unit": "housing", "due": "2030-12-31"}})
	if err != nil {
		return err
	}
	note := map[string]string{"note": string(payload)}
	document := []matter.Evidence{{Kind: matter.Document, File: o.file.Hash.String(), Name: o.file.Name}}
	for _, step := range []struct {
		who string
		do  desk.Do
	}{
		{"handler", desk.Do{Act: "acknowledge", With: map[string]string{"person": string(o.persons["handler"].Person)}}},
		{"handler", desk.Do{Act: "report-progress", With: note}},
		{"handler", desk.Do{Act: "report-progress", With: note}},
		{"handler", desk.Do{Act: "report-progress", With: note}},
		{"handler", desk.Do{Act: "apply", With: map[string]string{"summary": "完成"}, Evidence: document, Files: []journal.File{o.file}}},
		{"checker", desk.Do{Act: "verify", With: map[string]string{"verify-note": "属实"}, Evidence: []matter.Evidence{{Kind: matter.Statement, Text: "现场核对属实"}}}},
		{"striker", desk.Do{Act: "strike-off"}},
	} {
		step.do.Matter = done.Matter
		if _, err := o.d.Act(ctx, o.persons[step.who], step.do); err != nil {
			return err
		}
	}
	return nil
}
