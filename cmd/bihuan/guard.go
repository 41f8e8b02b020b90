package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"bihuan/desk/doors"
	"bihuan/desk/security"
	"bihuan/egress"
	"bihuan/ground/name"
)

// turnedAway tells the security log what the gate refused, and what broke.
func (h *house) turnedAway(code string, r *http.Request) {
	kind := security.Refused
	switch code {
	case "fault":
		kind = security.System
	case "address-too-long", "too-many-headers", "too-many-parameters":
		kind = security.Limit
	}
	h.guard.Tell(security.Event{Kind: kind, Code: code, Address: doors.Address(r.RemoteAddr), Where: "gate"})
}

// notProven tells the security log of a proof that did not fit.
func (h *house) notProven(p name.Person, address, code string) {
	h.guard.Tell(security.Event{Kind: security.Failed, Code: code, Person: p, Address: address, Where: "accounts"})
}

// collectors are where the security log is handed on to.
func (c config) collectors() (all []security.Collector, err error) {
	if c.Collector != "" {
		host, _ := os.Hostname()
		s, err := egress.ParseCollector(c.Collector, c.CollectorCA, host)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if c.SecurityLog != "" {
		all = append(all, egress.Lines{Path: c.SecurityLog})
	}
	return all, nil
}

// handOn hands the security log on every so often until ctx ends. What a collector does not take waits for the next time.
func (h *house) handOn(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		h.keepWatch(ctx)
		for _, c := range h.collectors {
			if _, err := h.guard.Forward(ctx, c); err != nil && ctx.Err() == nil {
				h.log.Error("security log not handed on", "to", c.Name(), "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// keepWatch writes down what the security log was told.
func (h *house) keepWatch(ctx context.Context) {
	if err := h.guard.Flush(ctx); err != nil && ctx.Err() == nil {
		h.log.Error("security log", "error", err)
	}
}
