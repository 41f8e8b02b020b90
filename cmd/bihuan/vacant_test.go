//go:build !race

// One goroutine does all of this: the race detector would find nothing, and take ten times as long.

package main

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"bihuan/desk"
	"bihuan/desk/accounts"
	"bihuan/desk/notices"
	"bihuan/ground/access"
	"bihuan/ground/calendar"
	"bihuan/ground/fault"
	"bihuan/ground/name"
	"bihuan/kernel/notice"
)

// TestBar_A04_TheConsoleAndOneAdministratorAreNotAllThree: who is system administrator and has the console disables the other two, and then neither invites them anew
// by their accounts nor has the console do it, before a week is over in which leaders and the three have been told; two who are left name the third at once.
func TestBar_A04_TheConsoleAndOneAdministratorAreNotAllThree(t *testing.T) {
	start := int64(calendar.NewDate(2023, 10, 16).At(9 * 60))
	dir, ctx := t.TempDir(), t.Context()
	copyInstalled(t, start, dir)
	c := defaults()
	c.Database, c.people = filepath.Join(dir, "test.db"), demoPeople()
	var now atomic.Int64
	now.Store(start)
	h, err := build(ctx, c, now.Load, demoChance(), logger(io.Discard, "error"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	if err := h.people.Import(ctx, accounts.Newcomers(h.desk.Directory())); err != nil {
		t.Fatal(err)
	}
	who := func(role name.Role) desk.Caller {
		t.Helper()
		all, err := h.people.Holding(ctx, role)
		if err != nil || len(all) == 0 {
			t.Fatalf("%s: %v, %v", role, all, err)
		}
		return desk.Caller{Person: all[0].Person, Unit: all[0].Unit, Roles: []name.Role{role}, Zone: access.Office, Proved: h.desk.Now()}
	}
	told := func(p name.Person, state string) (n int) {
		t.Helper()
		if err := h.out.notices.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		c, _ := h.desk.Directory().Caller(p, "zh")
		in, err := h.out.notices.Inbox(ctx, c, notices.Ask{About: notice.Account})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range in.Entries {
			if e.Facts.State == state {
				n++
			}
		}
		return n
	}
	sys, sec, auditor := who("sysadmin"), who("secadmin"), who("auditor")
	for _, c := range []desk.Caller{sec, auditor} {
		a, err := h.people.ByPerson(ctx, c.Person)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.people.Reset(ctx, sys, a.ID, "丢失"); !refusedAs(err, "officer-anew") {
			t.Errorf("%s is invited anew by the system administrator: %v", c.Person, err)
		}
		if err := h.people.Disable(ctx, sys, a.ID, "离职"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.people.Reset(ctx, sys, a.ID, "丢失"); !refusedAs(err, "officer-anew") {
			t.Errorf("%s, disabled, is invited anew: %v", c.Person, err)
		}
	}
	const leader = "p101"
	if n := told(leader, "officer-disabled"); n != 2 {
		t.Errorf("a leader is told %d times", n)
	}
	if n := told(sys.Person, "officer-disabled"); n != 2 {
		t.Errorf("the third is told %d times", n)
	}
	if n := told("p153", "officer-disabled"); n != 0 {
		t.Errorf("a head is told %d times", n)
	}
	if err := h.people.Ready(ctx); !refusedAs(err, "officer-missing") {
		t.Errorf("the house is ready without two of the three: %v", err)
	}
	for _, at := range []int64{start, start + accounts.Vacant - 1} {
		now.Store(at)
		lines, err := h.firstRun(ctx)
		if err != nil || len(lines) != 2 || strings.Count(strings.Join(lines, " "), "this console from 2023-10-23T") != 2 {
			t.Errorf("the console before the week is over: %q, %v", lines, err)
		}
	}
	now.Store(start + accounts.Vacant)
	lines, err := h.firstRun(ctx)
	if err != nil || len(lines) != 2 || strings.Contains(strings.Join(lines, " "), "was disabled") || strings.Count(strings.Join(lines, " "), "(until ") != 2 {
		t.Errorf("the console once the week is over: %q, %v", lines, err)
	}
	if n := told(leader, "officer-invited"); n != 2 {
		t.Errorf("a leader is told %d times that the console invites", n)
	}
	if lines, err := h.firstRun(ctx); err != nil || len(lines) != 0 {
		t.Errorf("the console once more: %q, %v", lines, err)
	}
}

func refusedAs(err error, code string) bool {
	var r *fault.Refusal
	return errors.As(err, &r) && r.Code == code
}
