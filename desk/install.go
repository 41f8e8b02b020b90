package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"bihuan/ground/ledger"
	"bihuan/ground/name"
	"bihuan/kernel/journal"
	"bihuan/kernel/register"
	"bihuan/pack"
)

// PackKind is the kind of the rows of installed packs.
const PackKind = "pack"

// typeInstalled is the event that installs a version of a pack.
const typeInstalled = "pack.installed"

// installed is its body. The pack itself stands in a file, by its content address.
type installed struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Hash    string `json:"hash"`
}

// InstallPacks installs packs into a store as official records: each pack by content address, and the records that
// its registers start with. What is installed already stays; a record that a new version words otherwise is
// changed, none is deleted. It returns the names of the packs that were new or changed.
func InstallPacks(ctx context.Context, store Store, w World, set *pack.Set, by name.Actor) (changed []string, err error) {
	d := empty(store, w)
	d.dir = &Directory{}
	d.packs.Store(set)
	for _, p := range set.Packs() {
		done, err := d.install(ctx, p, by)
		if err != nil {
			return changed, fmt.Errorf("install pack %s: %w", p.Name, err)
		}
		if done {
			changed = append(changed, p.Name)
		}
	}
	return changed, nil
}

func (d *Desk) install(ctx context.Context, p *pack.Pack, by name.Actor) (bool, error) {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Record,
		Kinds: []string{PackKind}, Facets: []journal.Facet{{Name: "name", Text: p.Name}}, Order: journal.ByTitle, Limit: 1})
	if err != nil {
		return false, err
	}
	id, version := d.NewID(), int64(0)
	if len(page.Rows) > 0 {
		id, version = page.Rows[0].Stream, page.Rows[0].Version
		for _, f := range page.Rows[0].Facets {
			if f.Name == "hash" && f.Text == p.Hash {
				return false, nil
			}
		}
	}
	b := d.Begin(ctx, "install-"+p.Name+"-"+p.Hash)
	bundle := pack.Bundle(p.Files)
	hash, err := ledger.ParseHash(p.Hash)
	if err != nil {
		return false, err
	}
	b.Keep(journal.File{Hash: hash, Name: p.Name + ".pack", Media: "application/octet-stream", Bytes: bundle})
	own := b.Own(id, ledger.Record, version, func(*ledger.Event) error { return nil }, func() (*journal.Row, error) { return packRow(id, p, b.at) })
	if err := own.Add(by, typeInstalled, "", installed{Name: p.Name, Version: p.Version, Hash: p.Hash}); err != nil {
		return false, err
	}
	if err := b.records(p, by); err != nil {
		return false, err
	}
	_, err = b.Commit()
	return err == nil, err
}

func packRow(id name.ID, p *pack.Pack, at int64) (*journal.Row, error) {
	body, err := json.Marshal(map[string]string{"version": p.Version, "hash": p.Hash, "effective": p.Effective.String()})
	return &journal.Row{Stream: id, Noun: ledger.Record, Kind: PackKind, Title: p.Words.ZH, Open: true, Opened: at, Body: body,
		Facets: []journal.Facet{{Name: "hash", Text: p.Hash}, {Name: "name", Text: p.Name}}}, err
}

// packNext plays the row of a pack as far as events tell it.
func packNext(_ *journal.Row, e *ledger.Event) (*journal.Row, error) {
	var in installed
	if err := json.Unmarshal(e.Body, &in); err != nil {
		return nil, err
	}
	return packRow(e.Stream, &pack.Pack{Name: in.Name, Version: in.Version, Hash: in.Hash}, e.At)
}

// packUntold takes over a pack's words and its first day: they follow from its files, which the event names by their hash, and nothing follows from them here.
func packUntold(want, got *journal.Row) {
	var was, is map[string]string
	if json.Unmarshal(got.Body, &was) != nil || json.Unmarshal(want.Body, &is) != nil || was["effective"] == "" {
		return
	}
	is["effective"] = was["effective"]
	want.Title = got.Title
	want.Body, _ = json.Marshal(is)
}

// records puts down the records that a pack's registers start with.
func (b *Batch) records(p *pack.Pack, by name.Actor) error {
	there := map[string]map[string]name.ID{}
	for i := range p.Registers {
		k := &p.Registers[i]
		ids, err := b.d.keysOf(b.ctx, k)
		if err != nil {
			return err
		}
		there[k.Ref] = ids
	}
	for _, e := range p.Records {
		k, ok := b.d.Packs().Register(e.Register)
		if !ok {
			return fmt.Errorf("register %s is not in the pack", e.Register)
		}
		if err := b.putRecord(k, e, there[k.Ref][e.Fields[k.Key]+"|"+e.From.String()], by); err != nil {
			return fmt.Errorf("record %s of %s: %w", e.Fields[k.Key], k.Ref, err)
		}
	}
	return nil
}

// keysOf returns the ids of a register's records by natural key and first day.
func (d *Desk) keysOf(ctx context.Context, k *register.Kind) (map[string]name.ID, error) {
	ids := map[string]name.ID{}
	q := journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Record, Kinds: []string{k.Ref}, Order: journal.ByNumber, Limit: 500}
	for {
		page, err := d.store.Rows(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			for _, f := range r.Facets {
				if f.Name == "key" {
					ids[f.Text+"|"+dayOf(r.Opened)] = r.Stream
				}
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return ids, nil
		}
	}
}

// InstalledPacks reads the packs that a store keeps: the newest version of each, with every older one beside it
// for the matters that were opened under it. offered, which may be nil, is taken for the newest if it is made of the very
// same packs, so that a start compiles them once. It returns nil for a store without packs.
func InstalledPacks(ctx context.Context, store Store, log name.District, now int64, offered *pack.Set) (*pack.Set, error) {
	page, err := store.Rows(ctx, journal.Query{Log: log, Now: now, Scope: journal.Scope{All: true}, Noun: ledger.Record, Kinds: []string{PackKind}, Order: journal.ByTitle, Limit: 500})
	if err != nil || len(page.Rows) == 0 {
		return nil, err
	}
	history := map[string][]bundled{}
	for _, r := range page.Rows {
		events, err := store.Events(ctx, r.Stream, 0)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			called, b, err := bundleOf(ctx, store, &e)
			if err != nil {
				return nil, err
			}
			history[called] = append(history[called], b)
		}
	}
	set := offered
	if !isNewest(offered, history) {
		if set, err = pack.LoadBundles(asOf(history, math.MaxInt64)); err != nil {
			return nil, err
		}
	}
	return withOlder(set, history)
}

// bundled is a version of a pack: where in the log it was installed, its content address, and its files.
type bundled struct {
	seq    int64
	hash   string
	bundle []byte
}

// isNewest reports whether a set holds the newest version of each pack and no other pack.
func isNewest(set *pack.Set, history map[string][]bundled) bool {
	if set == nil || len(set.Packs()) != len(history) {
		return false
	}
	for _, p := range set.Packs() {
		if versions := history[p.Name]; len(versions) == 0 || versions[len(versions)-1].hash != p.Hash {
			return false
		}
	}
	return true
}

// asOf returns the packs as they were installed after an event of the log.
func asOf(history map[string][]bundled, seq int64) map[string][]byte {
	then := map[string][]byte{}
	for called, versions := range history {
		for _, v := range versions {
			if v.seq <= seq {
				then[called] = v.bundle
			}
		}
	}
	return then
}

// CatchUp adopts the packs that are installed if another process has put others down since.
func (d *Desk) CatchUp(ctx context.Context) error {
	page, err := d.store.Rows(ctx, journal.Query{Log: d.world.District, Now: d.world.Now(), Scope: journal.Scope{All: true}, Noun: ledger.Record,
		Kinds: []string{PackKind}, Order: journal.ByTitle, Limit: 500})
	if err != nil {
		return err
	}
	set := d.Packs()
	for _, r := range page.Rows {
		called, hash := "", ""
		for _, f := range r.Facets {
			switch f.Name {
			case "name":
				called = f.Text
			case "hash":
				hash = f.Text
			}
		}
		if p, ok := set.Pack(called); ok && p.Hash == hash {
			continue
		}
		if set, err = InstalledPacks(ctx, d.store, d.world.District, d.world.Now(), nil); err != nil {
			return err
		}
		return d.Adopt(ctx, set)
	}
	return nil
}

func bundleOf(ctx context.Context, store Files, e *ledger.Event) (string, bundled, error) {
	var in installed
	if err := json.Unmarshal(e.Body, &in); err != nil {
		return "", bundled{}, err
	}
	hash, err := ledger.ParseHash(in.Hash)
	if err != nil {
		return "", bundled{}, err
	}
	f, err := store.File(ctx, hash)
	return in.Name, bundled{e.Seq, in.Hash, f.Bytes}, err
}

// withOlder compiles each older version of a pack together with those that it needs, as they were then, and lays it beside the set. What
// was in force at one moment is compiled at once: the packs of a release, not each of them.
func withOlder(set *pack.Set, history map[string][]bundled) (*pack.Set, error) {
	all := moments(history)
	older := make([][]*pack.Pack, len(all))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, m := range all {
		g.Go(func() (err error) {
			older[i], err = m.compile(history)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return set.With(slices.Concat(older...)...), nil
}

// compile returns the versions of a moment.
func (m moment) compile(history map[string][]bundled) (older []*pack.Pack, err error) {
	names := make([]string, len(m.versions))
	for i, v := range m.versions {
		names[i] = v.pack
	}
	then, together := pack.LoadBundles(asOf(history, m.at), names...)
	for _, v := range m.versions {
		if together != nil {
			if then, err = inForce(history, v); err != nil {
				return nil, fmt.Errorf("pack %s, version %.8s: %w", v.pack, v.hash, err)
			}
		}
		if p, ok := then.Pack(v.pack); ok {
			older = append(older, p)
		}
	}
	return older, nil
}

// held is a version of a pack that was in force from one event of the log to another.
type held struct {
	pack, hash  string
	from, until int64
}

// moment is an event of the log, and versions that were in force then.
type moment struct {
	at       int64
	versions []held
}

// moments returns as few as there can be, so that each version that is in force no longer stands at one of them.
func moments(history map[string][]bundled) (all []moment) {
	var past []held
	for called, versions := range history {
		for i, v := range versions[:len(versions)-1] {
			past = append(past, held{called, v.hash, v.seq, versions[i+1].seq})
		}
	}
	slices.SortFunc(past, func(a, b held) int { return cmp.Compare(a.until, b.until) })
	for _, v := range past {
		if n := len(all) - 1; n >= 0 && v.from <= all[n].at {
			all[n].versions = append(all[n].versions, v)
			continue
		}
		all = append(all, moment{v.until - 1, []held{v}})
	}
	return all
}

// inForce compiles a pack as it was while a version of it was in force. An upgrade installs one pack after the other, so that at its beginning
// some are new that need what is not there yet: then an earlier moment is taken.
func inForce(history map[string][]bundled, one held) (set *pack.Set, err error) {
	moments := []int64{one.until - 1}
	for _, versions := range history {
		for _, v := range versions {
			if v.seq > one.from && v.seq < one.until {
				moments = append(moments, v.seq-1)
			}
		}
	}
	slices.SortFunc(moments, func(a, b int64) int { return cmp.Compare(b, a) })
	var first error
	for _, seq := range slices.Compact(moments) {
		if set, err = pack.LoadBundles(asOf(history, seq), one.pack); err == nil {
			return set, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}
