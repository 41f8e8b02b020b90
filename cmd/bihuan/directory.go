package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bihuan/desk"
	"bihuan/ground/name"
	"bihuan/kernel/register"
	"bihuan/pack"
)

// madeUp says that people of the directory are made up, empty if none are: whoever starts with the packs of the binary has the demo's district.
func (h *house) madeUp() string {
	n := h.desk.Directory().MadeUp()
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d persons of the directory are made up, as in the demo: put your own units and people in their place before anybody works here, as docs/operations.md tells", n)
}

// keepsItsPeople refuses packs with made-up persons over a directory with persons of its own: whoever has brought their own district and starts once without
// --packs would have the demo's persons in the official register, for good.
func (h *house) keepsItsPeople(ctx context.Context, district name.District, now int64, offered *pack.Set) error {
	installed, err := desk.InstalledPacks(ctx, h.store, district, now, offered)
	if err != nil || installed == nil {
		return err
	}
	made := func(yes bool) func(*register.Entry) bool {
		return func(e *register.Entry) bool {
			return strings.HasSuffix(e.Register, "/person") && (e.Fields["fictitious"] == "yes") == yes
		}
	}
	if hasRecord(installed, made(false)) && hasRecord(offered, made(true)) {
		return fmt.Errorf("the directory of %s has persons of its own, and these packs have made-up ones: give --packs with the folder of the district's packs, as before", h.config.Database)
	}
	return nil
}

// hasRecord reports whether the packs of a set bring a record of which holds is true.
func hasRecord(set *pack.Set, holds func(*register.Entry) bool) bool {
	return slices.ContainsFunc(set.Packs(), func(p *pack.Pack) bool {
		return slices.ContainsFunc(p.Records, func(e register.Entry) bool { return holds(&e) })
	})
}

// ofDistrict refuses a database of another district: whoever leaves out --district once would begin a second log in the file, under the keys of the first.
func (h *house) ofDistrict(ctx context.Context, district name.District) error {
	begun, err := h.store.Logs(ctx)
	if err != nil || len(begun) == 0 || slices.Contains(begun, district) {
		return err
	}
	return fmt.Errorf("%s is the database of district %s, not of %s: give --district %[2]s", h.config.Database, begun[0], district)
}

// asItStands has a house take its district from the database, and the packs that are installed there: a command that is told the file alone
// knows neither, and serving installs what is new.
func (h *house) asItStands(ctx context.Context) error {
	begun, err := h.store.Logs(ctx)
	if err == nil && len(begun) == 1 {
		h.config.District, h.asIs = string(begun[0]), true
	}
	return err
}
