package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"bihuan/api"
	"bihuan/desk"
	"bihuan/desk/agenda"
	"bihuan/desk/assess"
	"bihuan/desk/audit"
	"bihuan/desk/goals"
	"bihuan/desk/keys"
	"bihuan/desk/reports"
	"bihuan/gate"
	"bihuan/ingest"
	"bihuan/mcp"
	"bihuan/open311"
	"bihuan/pack"
	"bihuan/web"
)

// pages returns the handler of the pages; demo is nil outside of the demo.
func (h *house) pages(demo *web.Demo) (http.Handler, error) {
	return web.New(web.Config{Desk: h.desk, Goals: goals.New(h.desk, h.store), Reports: h.reports, Rights: h.rights, Doors: h.doors, Keys: h.keys, Public: h.config.Public, Drafts: h.drafts, Agenda: agenda.New(h.desk, h.store, systemChance),
		Assess: assess.New(h.desk, h.store), Atlas: h.atlas, Search: h.search, Boards: h.boards, Imports: h.imports, Persons: h.persons, Accounts: h.people, Ways: h.enters, Firms: h.firms, Pace: h.pace, Secure: h.config.isSecure(), Notices: h.out.notices, Outgoing: web.Outgoing{Hooks: h.out.hooks, Places: h.out.places, Key: h.out.publicKey}, Demo: demo, Security: h.guard, Log: h.log, Version: version,
		Held: func() ([]keys.Held, int64, error) {
			now := systemTime()
			all, err := h.held(now, true)
			return all, now, err
		},
		Decode: decode, Verify: h.verify, Proof: h.proof, Audit: audit.New(h.desk, h.store, h.proof),
		Methods: methodsOf(demo != nil),
		Sheet: func(_ context.Context, name string, r io.Reader) (reports.Sheet, error) {
			table, err := ingest.Sheet(r, name)
			return sheetOf(table), err
		},
	})
}

// methodsOf hands the methods of the API on as their page takes them.
func methodsOf(demo bool) (all []web.Method) {
	for _, m := range api.Methods(demo) {
		all = append(all, web.Method(m))
	}
	return all
}

// faces returns everything that the house serves, behind the gate: the pages, and the same desk over JSON beside them.
func (h *house) faces(demo *web.Demo) (http.Handler, error) {
	pages, err := h.pages(demo)
	if err != nil {
		return nil, err
	}
	methods, err := h.methods(demo)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/api/", methods)
	programs := open311.New(open311.Config{Desk: h.desk, Doors: h.doors, Keys: h.keys, Past: h.store, Pace: h.pace, Security: h.guard, Log: h.log})
	mux.Handle("/open311", programs)
	mux.Handle("/open311/", programs)
	mux.Handle(mcp.Path, mcp.New(mcp.Config{Desk: h.desk, Search: h.search, Drafts: h.drafts, Caller: h.behind, Pace: h.pace, Log: h.log, Version: version}))
	if demo != nil {
		mux.Handle("/demo/persons.json", methods)
	}
	proxies, err := gate.ParseProxies(h.config.Proxies)
	if err != nil {
		return nil, fmt.Errorf("proxies: %w", err)
	}
	return gate.New(gate.Config{Hosts: h.config.hosts(), Vouched: h.vouched(), Proxies: proxies, Chance: systemChance, Log: h.log, Reports: web.ViolationsPath, Told: h.turnedAway}, open311.Tidy(mux)), nil
}

// behind returns who is behind the secret of a session.
func (h *house) behind(ctx context.Context, secret, lang string) (desk.Caller, error) {
	who, err := h.people.Caller(ctx, secret, lang)
	return h.desk.Entitled(who, ""), err
}

// methods returns the handler of the API.
func (h *house) methods(demo *web.Demo) (http.Handler, error) {
	c := api.Config{Desk: h.desk, Search: h.search, Doors: h.doors, Keys: h.keys, Reports: h.reports, Past: h.store, Accounts: h.people, Pace: h.pace, Secure: h.config.isSecure(), Security: h.guard, Log: h.log, Version: version, Form: pack.FormSchema, Decode: decode,
		Verify: func(ctx context.Context) (api.Verdict, error) {
			f, err := h.check(ctx)
			return api.Verdict{Events: f.Events, Head: f.Head, Bad: f.Bad, Reason: f.Reason}, err
		}}
	if demo != nil {
		c.Demo = &api.Demo{ActAs: demo.ActAs}
	}
	return api.New(c)
}

// decode reads the text of a report's file.
func decode(_ context.Context, name string, r io.Reader) (string, error) {
	doc, err := ingest.Text(r, name)
	return doc.Text, err
}

// sheetOf hands a spreadsheet on as the desk takes it.
func sheetOf(t ingest.Table) reports.Sheet {
	s := reports.Sheet{Header: t.Header}
	for _, row := range t.Rows {
		cells := make([]reports.Cell, len(row))
		for i, c := range row {
			cells[i] = reports.Cell{Text: c.Text, Ref: c.Ref()}
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

// verify replays the chain and compares the rows.
func (h *house) verify(ctx context.Context) (web.Verdict, error) {
	f, err := h.check(ctx)
	return verdict(f), err
}

func verdict(f finding) web.Verdict {
	return web.Verdict{Events: f.Events, Head: f.Head, Bad: f.Bad, Reason: f.Reason, Took: time.Duration(f.Millis) * time.Millisecond}
}
